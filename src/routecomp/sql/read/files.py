"""Read migration files as scripts, in the order in which they are applied."""

from __future__ import annotations

from collections.abc import Mapping

from routecomp.parse.encoding import decode_text
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.dialects.registry import dialects
from routecomp.sql.file_names import FILE
from routecomp.sql.names import Names, written_names
from routecomp.sql.read.script import Script, Way

MAX_BYTES = 1 << 28
"""A larger file is refused."""


def dialect_of(path: str) -> Dialect | None:
    """Return the dialect after which the innermost folder of a path is named; None if no folder is named after one."""
    known = {dialect.name: dialect for dialect in dialects()}
    return next((known[part] for part in reversed(path.split("/")[:-1]) if part in known), None)


def scripts(
    files: Mapping[str, bytes], default: Dialect | None = None, baselines: Mapping[str, bytes] | None = None
) -> list[Script]:
    """Parse files (path to bytes) as scripts that know the scripts before them, in the order they are applied.

    A file in no folder of a dialect has the default dialect; without a default it is left out. Each has the names of
    the first baseline of its dialect, be it among those that are not read themselves. A file that is no text, or too
    large, is a script with `refused`.
    """
    read: list[Script] = []
    ups: dict[tuple[str, str], Script] = {}
    earlier: dict[str, list[Script]] = {dialect.name: [] for dialect in dialects()}
    names: dict[str, Names] = {}
    for path in sorted(baselines or (), key=_order):
        _learn_names(names, dialect_of(path), (baselines or {})[path])
    for path in sorted(files, key=_order):
        dialect = dialect_of(path) or default
        if dialect is None:
            continue
        _learn_names(names, dialect, files[path])
        dialect = dialect.named(names.get(dialect.name, dialect.names))
        folder, _, name = path.rpartition("/")
        match = FILE.fullmatch(name)
        way: Way = "down" if ".down." in name else "up"
        id = match["id"] if match is not None else name.removesuffix(".sql").removesuffix(f".{way}")
        source, _, findings = decode_text(path, files[path], MAX_BYTES)
        up = ups.get((folder, id)) if way == "down" else None
        script = Script(source, dialect, id, way, tuple(earlier[dialect.name]), up, tuple(findings.list()))
        read.append(script)
        if way == "up" and script.is_readable:
            ups[folder, id] = script
            earlier[dialect.name].append(script)
    return read


def _learn_names(names: dict[str, Names], dialect: Dialect | None, data: bytes) -> None:
    """Take the names of a dialect (by its name) from a file, if that is the first baseline."""
    if dialect is not None and dialect.name not in names and (written := written_names([data])) is not None:
        names[dialect.name] = written


def _order(path: str) -> tuple[str, int, str, bool]:
    """Sort by folder, then as migrations are applied, each way back behind its way there."""
    folder, _, name = path.rpartition("/")
    match = FILE.fullmatch(name)
    return folder, int(match["number"]) if match is not None else 1 << 62, name.partition(".")[0], ".down." in name
