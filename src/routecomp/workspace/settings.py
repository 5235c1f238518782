"""The settings file in, `Settings` out: routecomp.yaml, or [tool.routecomp] of pyproject.toml, at the root.

Settings are part of what decides a compilation: every key does something or is refused, as in the YAML.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from routecomp.sql.dialects.registry import NOT_SUPPORTED, dialect_names, dialects, reference_dialect
from routecomp.workspace.files import FOLDERS, read_if_there
from routecomp.workspace.problem import Problem, visible

if TYPE_CHECKING:
    from routecomp.parse.tree import Node

YAML = "routecomp.yaml"
TOML = "pyproject.toml"
MAX_FILE_BYTES = 4 * 1024 * 1024
MOST_FILE_BYTES = 64 * 1024 * 1024
_FILE_LIMIT = 4 * 1024 * 1024  # of the settings file itself
# As strict as Git's own rules where it matters here: no white space, no revision syntax (`~`, `^`, `:`, `@{`).
_BRANCH = re.compile(r"[^\s~^:?*\[\\@{}\x00-\x1f\x7f./-][^\s~^:?*\[\\@{}\x00-\x1f\x7f]*")
_NAME = "[a-z_][a-z0-9_]{0,62}"
_TENANTS = re.compile(rf"(?P<table>({_NAME}\.)?{_NAME})\((?P<column>{_NAME})\)", re.ASCII)
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_FINGERPRINTS = re.compile(r"\b[0-9a-f]{16}\b")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project decides about its compilation; the defaults are those without a settings file.

    `output` is the folder `compile` writes, relative to the root; `max_file_bytes` bounds each YAML file;
    `released` are the fingerprints of texts that look like credentials and are none; `base_branch` is the branch
    changes are compared with, by default origin's own, else main, else master; `dialects` are the databases that
    migrations are written for; `tenants_table` is the company's own table of tenants and the column that holds
    their names, which `tenant_routing_policy` then refers to.
    """

    output: str = "generated"
    max_file_bytes: int = MAX_FILE_BYTES
    released: frozenset[str] = frozenset()
    base_branch: str | None = None
    dialects: tuple[str, ...] = field(default_factory=dialect_names)
    tenants_table: tuple[str, str] | None = None

    def key(self) -> str:
        """The settings as one text: two projects with equal texts have equal settings."""
        return repr(
            (
                self.output,
                self.max_file_bytes,
                sorted(self.released),
                self.base_branch,
                self.dialects,
                self.tenants_table,
            )
        )


def load_settings(root: str) -> Settings:
    """The settings of the project at `root`; a `Problem` lists everything that is wrong with them."""
    yaml = read_if_there(os.path.join(root, YAML), _FILE_LIMIT)
    toml = read_if_there(os.path.join(root, TOML), _FILE_LIMIT)
    table = None if toml is None else _tool_table(toml)
    if yaml is not None and table is not None:
        raise Problem(
            f"the project has settings twice: in {YAML} and under [tool.routecomp] in {TOML}",
            "keep one of the two",
        )
    if yaml is not None:
        return _from_yaml(yaml)
    return Settings() if table is None else _from_toml(table)


# What either file holds, as plain values: mappings by text, lists, and leaves that `_text` and `_whole` read.


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What is wrong at a path (keys and list places); `at_key` says that the key itself is what is wrong."""

    rule: str
    path: tuple[str | int, ...]
    message: str
    help: str
    at_key: bool = False


def _read(content: Mapping[str, object], wrong: list[_Wrong]) -> Settings:
    found: dict[str, object] = {}
    readers: dict[str, Callable[[object, list[_Wrong]], object]] = {
        "output": _output,
        "max_file_bytes": _max_file_bytes,
        "secrets": _released,
        "base_branch": _base_branch,
        "dialects": _dialects,
        "tenants_table": _tenants_table,
    }
    for key, value in content.items():
        reader = readers.get(key)
        if reader is None:
            wrong.append(_unknown((key,), readers))
        else:
            found["released" if key == "secrets" else key] = reader(value, wrong)
    return Settings() if wrong else Settings(**found)  # type: ignore[arg-type]  # each reader gives its field's type


def _output(value: object, wrong: list[_Wrong]) -> str:
    def refuse(message: str) -> str:
        wrong.append(
            _Wrong("RC117", ("output",), message, "name a folder inside the project, as in `output: generated`")
        )
        return ""

    text = _text(value)
    if text is None or not text.strip():
        return refuse("`output` must be the name of a folder")
    if not text.isprintable() or "\\" in text:
        return refuse("`output` holds a character that folder names here may not have")
    path = posixpath.normpath(text)
    first = path.split("/", 1)[0]
    if posixpath.isabs(path) or first == ".." or path == ".":
        return refuse(f"`output` {visible(text)} is not a folder inside the project")
    if first in FOLDERS or first.startswith("."):
        return refuse(f"`output` {visible(text)} lies in {first}/, which is not for generated files")
    return path


def _base_branch(value: object, wrong: list[_Wrong]) -> str:
    text = _text(value)
    if text is None or not _BRANCH.fullmatch(text):
        wrong.append(
            _Wrong(
                "RC117",
                ("base_branch",),
                "`base_branch` must be the name of a branch",
                "name the branch changes are merged into, as in `base_branch: main`",
            )
        )
        return ""
    return text


def _dialects(value: object, wrong: list[_Wrong]) -> tuple[str, ...]:
    """Return the dialects in our order. One has a sandbox: the state that a migration starts from is replayed there."""
    if not isinstance(value, list):
        wrong.append(
            _Wrong(
                "RC120",
                ("dialects",),
                "`dialects` must be a list of databases",
                f"write `dialects: [{', '.join(dialect_names())}]`, or `[]` for no migrations",
            )
        )
        return ()
    named = [_text(one) for one in value]
    for place, one in enumerate(named):
        if one not in dialect_names():
            wrong.append(_Wrong("RC121", ("dialects", place), *_no_dialect(one)))
    if named and reference_dialect(name for name in named if name is not None) is None:
        replayed = [dialect.name for dialect in dialects() if dialect.has_sandbox]
        wrong.append(
            _Wrong(
                "RC121",
                ("dialects",),
                f"`dialects` leaves {' and '.join(replayed)} out",
                f"add {' or '.join(replayed)}: the compiler replays its migrations to know what the next one "
                "starts from",
            )
        )
    return tuple(name for name in dialect_names() if name in named)


def _no_dialect(name: str | None) -> tuple[str, str]:
    reason = NOT_SUPPORTED.get((name or "").lower())
    if reason is not None:
        return f"{name} is not supported, because {reason}", "services there can load generated/routing_table.json"
    return (
        f"`{visible(name or '')}` is no database that migrations are written for",
        f"write {' or '.join(dialect_names())}",
    )


def _tenants_table(value: object, wrong: list[_Wrong]) -> tuple[str, str] | None:
    found = _TENANTS.fullmatch(_text(value) or "")
    if found is None:
        wrong.append(
            _Wrong(
                "RC117",
                ("tenants_table",),
                "`tenants_table` must name a table and its column",
                "write it as `tenants_table: public.tenants(slug)`",
            )
        )
        return None
    return found["table"], found["column"]


def _max_file_bytes(value: object, wrong: list[_Wrong]) -> int:
    number = _whole(value)
    if number is None or not 1024 <= number <= MOST_FILE_BYTES:
        wrong.append(
            _Wrong(
                "RC117",
                ("max_file_bytes",),
                f"`max_file_bytes` must be a whole number from 1024 to {MOST_FILE_BYTES}",
                f"the default is {MAX_FILE_BYTES}",
            )
        )
        return MAX_FILE_BYTES
    return number


def _released(value: object, wrong: list[_Wrong]) -> frozenset[str]:
    if not isinstance(value, Mapping):
        wrong.append(_Wrong("RC120", ("secrets",), "`secrets` must be a mapping", "write `secrets: {released: [...]}`"))
        return frozenset()
    wrong.extend(_unknown(("secrets", key), ("released",)) for key in value if key != "released")
    listed = value.get("released", [])
    if not isinstance(listed, list):
        wrong.append(
            _Wrong(
                "RC120",
                ("secrets", "released"),
                "`released` must be a list of fingerprints",
                "write `released: [0123456789abcdef]`",
            )
        )
        return frozenset()
    fingerprints = [_text(one) for one in listed]
    for place, one in enumerate(fingerprints):
        if one is None or not _FINGERPRINT.fullmatch(one):
            # The text is not repeated: it may be the credential itself.
            wrong.append(
                _Wrong(
                    "RC117",
                    ("secrets", "released", place),
                    "this is not a fingerprint",
                    "copy the 16 hex digits that the finding RC122 names, never the text itself",
                )
            )
    return frozenset(one for one in fingerprints if one is not None)


def _unknown(path: tuple[str, ...], known: Iterable[str]) -> _Wrong:
    from routecomp.model.suggest import suggestion

    where = f" under `{'.'.join(path[:-1])}`" if path[1:] else ""
    return _Wrong(
        "RC112", path, f"unknown setting {visible(path[-1])[:80]!r}{where}", suggestion(path[-1], known), True
    )


def _text(value: object) -> str | None:
    from routecomp.parse.scalars import is_null
    from routecomp.parse.tree import Scalar

    if isinstance(value, Scalar):
        return None if is_null(value) else value.text
    return value if isinstance(value, str) else None


def _whole(value: object) -> int | None:
    from routecomp.parse.scalars import is_number
    from routecomp.parse.tree import Scalar

    if isinstance(value, Scalar):
        return (
            int(value.text)
            if is_number(value) and value.text.isascii() and len(value.text) < 20 and "." not in value.text
            else None
        )
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _from_yaml(data: bytes) -> Settings:
    from routecomp.diagnostics.credentials.detect import fingerprint
    from routecomp.diagnostics.diagnostic import Diagnostic, error
    from routecomp.parse import parse
    from routecomp.parse.redact import redact_credentials
    from routecomp.parse.tree import Mapping as Tree
    from routecomp.parse.tree import Scalar

    def plain(node: Node) -> object:
        if isinstance(node, Scalar):
            return node
        if isinstance(node, Tree):
            return {key.text: plain(value) for key, value in node.items}
        return [plain(item) for item in node.items]

    parsed = parse(YAML, data)
    if [one.rule for one in parsed.diagnostics] == ["RC111"]:
        return Settings()  # nothing but comments
    # A fingerprint looks like a credential itself: that of each one is released.
    released = frozenset(fingerprint(word) for word in _FINGERPRINTS.findall(parsed.source.text))
    found: list[Diagnostic] = parsed.diagnostics + redact_credentials([parsed], released)
    root = parsed.root
    if isinstance(root, Tree):
        wrong: list[_Wrong] = []
        settings = _read({key.text: plain(value) for key, value in root.items}, wrong)
        found += [error(one.rule, one.message, _place(root, one).span, one.help) for one in wrong]
        if not found:
            return settings
    elif root is not None:
        found.append(error("RC120", "the settings are not a mapping", root.span, "write them as `output: generated`"))
    raise Problem(f"the settings in {YAML} are wrong", findings=found)


def _place(root: Node, wrong: _Wrong) -> Node:
    from routecomp.model.project import node_at
    from routecomp.parse.tree import Mapping as Tree

    if wrong.at_key:
        parent = node_at(root, wrong.path[:-1])
        assert isinstance(parent, Tree)
        key = parent.key(str(wrong.path[-1]))
        assert key is not None
        return key
    return node_at(root, wrong.path)


def _tool_table(data: bytes) -> Mapping[str, object] | None:
    """What [tool.routecomp] holds, or None without one."""
    if b"routecomp" not in data:
        return None  # most projects' file: not ours to judge
    import tomllib

    try:
        content = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as failure:
        reason = str(failure) if isinstance(failure, tomllib.TOMLDecodeError) else "it is not UTF-8 text"
        raise Problem(
            f"{TOML} cannot be read as TOML: {visible(reason)}",
            "repair it: it may hold the settings of the project under [tool.routecomp]",
        ) from None
    tool = content.get("tool", {})
    table = tool.get("routecomp") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise Problem(f"{TOML}: `tool.routecomp` is not a table", "write it as [tool.routecomp]")
    return table


def _from_toml(table: Mapping[str, object]) -> Settings:
    wrong: list[_Wrong] = []
    settings = _read(table, wrong)
    if wrong:
        said = [(f"{TOML}, [tool.routecomp] {'.'.join(map(str, one.path))}: {one.message}", one.help) for one in wrong]
        raise Problem(*said[0], others=said[1:])
    return settings
