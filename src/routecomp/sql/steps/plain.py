"""See that migrations make the schema that is wanted without reading their statements, which takes longer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pkgutil import get_data

from routecomp.sql.file_names import FILE
from routecomp.sql.names import DEFAULT, Names, written_names
from routecomp.sql.script_text import statements

_CHANGES = ("CREATE ", "ALTER ", "DROP ", "REVOKE ")
_KINDS = "TABLE|INDEX|ON|VIEW|FUNCTION|TRIGGER"
_NAMES = re.compile(rf"\b(?:{_KINDS}) (?:CONCURRENTLY )?(?:IF (?:NOT )?EXISTS )?(?:ONLY )?(?:\w+\.)?([a-z_]\w*)")


def differing(present: Iterable[str], wanted: Iterable[str]) -> set[str]:
    """Return the names that stand in the statements that one of two schemas has alone; none where they are the same.

    Comments, the order, the space between words, and BETWEEN written as two comparisons make no difference. Where a
    statement cannot be told by its names, the empty one is among them, which stands everywhere.
    """
    here, there = ({text for text in texts if text.startswith(_CHANGES)} for texts in (present, wanted))
    if here == there:
        return set()
    names: set[str] = set()
    for text in _plain(here - there) ^ _plain(there - here):
        names |= set(_NAMES.findall(text)) or {""}
    return names


def with_default_names(texts: Iterable[str], names: Names) -> list[str]:
    """Return the statements that change a schema as they would be with the default names.

    A text that is no name may lose letters as well, so that what differs then may be the same all the same.
    """
    return [names.taken_off(text) for text in texts if text.startswith(_CHANGES)]


def mentioning(texts: Iterable[str], names: Collection[str]) -> list[str]:
    """Return the statements in which one of these names stands, be it as a part of another one."""
    pattern = re.compile("|".join(map(re.escape, names)))
    return [text for text in texts if pattern.search(text)]


def are_current(migrations: Mapping[str, bytes], dialects: Iterable[str]) -> bool:
    """Return whether the migrations of each dialect that has some plainly make the schema that is wanted.

    `migrations` is path (`.../<dialect>/0001_baseline.up.sql`) to bytes. Where it is not plain, they may make it all
    the same.
    """
    for dialect in dialects:
        ups = [
            data
            for path, data in migrations.items()
            if f"/{path}".endswith(".up.sql")
            and f"/{dialect}/" in f"/{path}"
            and FILE.fullmatch(path.rpartition("/")[2])
        ]
        if ups and not _makes(ups, dialect):
            return False
    return True


def _makes(ups: Sequence[bytes], dialect: str) -> bool:
    """Return whether up files plainly make the schema that is kept for a dialect; False where none is."""
    try:
        kept = get_data("routecomp.sql", f"ddl/{dialect}.sql") or b""
    except OSError:
        return False
    present = (text for up in ups for text in statements(up.decode("utf-8", "replace")))
    names = written_names(ups) or DEFAULT
    return not differing(
        present if names == DEFAULT else with_default_names(present, names), statements(kept.decode("utf-8"))
    )


def _plain(texts: Iterable[str]) -> set[str]:
    """Return statements with one space between words, and without BETWEEN."""
    return {_two_comparisons(" ".join(text.split())) for text in texts}


def _two_comparisons(text: str) -> str:
    """Return a statement with each `x BETWEEN 1 AND 2` written as `x >= 1 AND x <= 2`."""
    first, *others = text.split(" BETWEEN ")
    written = first
    for other in others:
        name = written[written.rfind(" ") + 1 :].lstrip("(")
        low, _, rest = other.partition(" AND ")
        written += f" >= {low} AND {name} <= {rest}"
    return written
