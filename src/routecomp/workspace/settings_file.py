"""Parse settings: the text of routecomp.yaml, or of [tool.routecomp] in pyproject.toml.

Either file becomes plain values: mappings by text, lists, and leaves that `_text` and `_whole_number` read.
"""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Callable, Mapping

from routecomp.diagnostics.credentials.detect import fingerprint
from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.key_names import DEFAULT_KEY_NAMES, pattern_fault
from routecomp.model.project import node_at
from routecomp.model.slug_texts import EACH, parted
from routecomp.parse import parse
from routecomp.parse.redact import redact_credentials
from routecomp.parse.tree import Mapping as Tree
from routecomp.parse.tree import Node, Scalar
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import NOT_SUPPORTED, dialect, dialects, reference_dialect
from routecomp.sql.names import prefix_fault
from routecomp.workspace.files import FOLDERS
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.required_version import is_specifier
from routecomp.workspace.setting_guards import read_guards
from routecomp.workspace.setting_values import Fault, text_of, unknown, whole_number
from routecomp.workspace.settings import MAX_FILE_BYTES, MOST_FILE_BYTES, TOML, YAML, Settings

# As strict as Git's own rules where it matters here: no white space, no revision syntax (`~`, `^`, `:`, `@{`).
_BRANCH = re.compile(r"[^\s~^:?*\[\\@{}\x00-\x1f\x7f./-][^\s~^:?*\[\\@{}\x00-\x1f\x7f]*")
_NAME = "[a-z_][a-z0-9_]{0,62}"
_TENANTS = re.compile(rf"(?P<table>({_NAME}\.)?{_NAME})\((?P<column>{_NAME})\)", re.ASCII)
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")
_FINGERPRINTS = re.compile(r"\b[0-9a-f]{16}\b")


def parse_settings(yaml: bytes | None, toml: bytes | None) -> Settings:
    """Parse the bytes of either file, None where there is none; return the defaults where neither has settings.

    Raises a `Problem` that lists every fault, and one where both files have settings.
    """
    table = None if toml is None else _parse_toml(toml)
    if yaml is not None and table is not None:
        raise Problem(
            f"the project has settings twice: in {YAML} and under [tool.routecomp] in {TOML}",
            "keep one of the two",
        )
    if yaml is not None:
        return _parse_yaml(yaml)
    return Settings() if table is None else _read_table(table)


def has_settings(toml: bytes) -> bool:
    """Return whether a pyproject.toml has a table [tool.routecomp]; raise a `Problem` where it cannot be read."""
    return b"routecomp" in toml and _parse_toml(toml) is not None


def is_branch_name(text: str) -> bool:
    """Return whether a text can be the name of a branch in the settings."""
    return _BRANCH.fullmatch(text) is not None


def _parse_yaml(data: bytes) -> Settings:
    """Parse the settings in the bytes of a YAML file; return the defaults where it holds nothing but comments.

    Raises a `Problem` with a diagnostic for each fault: of the YAML, of a key, and for each credential.
    """

    def plain(node: Node) -> object:
        if isinstance(node, Scalar):
            return node
        if isinstance(node, Tree):
            return {key.text: plain(value) for key, value in node.items}
        return [plain(item) for item in node.items]

    parsed = parse(YAML, data)
    if [diagnostic.rule for diagnostic in parsed.diagnostics] == ["RC111"]:
        return Settings()  # nothing but comments
    # A fingerprint looks like a credential itself: that of each one is released.
    released = frozenset(fingerprint(word) for word in _FINGERPRINTS.findall(parsed.source.text))
    secrets = redact_credentials([parsed], released)
    diagnostics: list[Diagnostic] = parsed.diagnostics + secrets
    root = parsed.root
    if isinstance(root, Tree):
        faults: list[Fault] = []
        settings = _read({key.text: plain(value) for key, value in root.items}, faults)
        diagnostics += [error(fault.rule, fault.message, _node_at(root, fault).span, fault.help) for fault in faults]
        if not diagnostics:
            return settings
    elif root is not None:
        message = "the settings are not a mapping"
        diagnostics.append(error("RC120", message, root.span, "write them as `output: generated`"))
    raise Problem(f"the settings in {YAML} are wrong", findings=diagnostics)


def _parse_toml(data: bytes) -> Mapping[str, object] | None:
    """Parse the bytes of a TOML file; return its table [tool.routecomp], None where it has none.

    Raises a `Problem` where the file is no TOML, or `tool.routecomp` is no table.
    """
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


def _read_table(table: Mapping[str, object]) -> Settings:
    """Read the settings in a table [tool.routecomp]; raise a `Problem` that lists every fault."""
    faults: list[Fault] = []
    settings = _read(table, faults)
    if faults:
        facts = [
            (f"{TOML}, [tool.routecomp] {'.'.join(map(str, fault.path))}: {fault.message}", fault.help)
            for fault in faults
        ]
        raise Problem(*facts[0], others=facts[1:])
    return settings


def _read(content: Mapping[str, object], faults: list[Fault]) -> Settings:
    """Read every key; where any of them is wrong, add each fault to `faults` and return the defaults for all keys."""
    values: dict[str, object] = {}
    for key, value in content.items():
        reader = READERS.get(key)
        if reader is None:
            faults.append(unknown((key,), READERS))
        else:
            values["released" if key == "secrets" else key] = reader(value, faults)
    if faults:
        return Settings()
    settings = Settings(**values)  # type: ignore[arg-type]  # each reader gives its field's type
    if "schema" in values and not any(dialect(name).has_search_path for name in settings.dialects):
        fact = "`schema` means nothing here: none of the `dialects` has schemas"
        faults.append(Fault("RC117", ("schema",), fact, "leave it out, or use `table_prefix`", True))
    return settings


def _output(value: object, faults: list[Fault]) -> str:
    """Read `output`, the folder as a normal relative path; add a fault and return an empty text where it is wrong."""

    def refuse(message: str) -> str:
        faults.append(
            Fault("RC117", ("output",), message, "name a folder inside the project, as in `output: generated`")
        )
        return ""

    text = text_of(value)
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


def _base_branch(value: object, faults: list[Fault]) -> str:
    """Read `base_branch`; add a fault and return an empty text where it is no name of a branch."""
    text = text_of(value)
    if text is None or not is_branch_name(text):
        faults.append(
            Fault(
                "RC117",
                ("base_branch",),
                "`base_branch` must be the name of a branch",
                "name the branch changes are merged into, as in `base_branch: main`",
            )
        )
        return ""
    return text


def _dialects(value: object, faults: list[Fault]) -> tuple[str, ...]:
    """Read the dialects, in the order of `dialect_names`; add a fault for each name that is unknown.

    An empty list is allowed. Any other must have a dialect with a sandbox, in which migrations are replayed.
    """
    if not isinstance(value, list):
        faults.append(
            Fault(
                "RC120",
                ("dialects",),
                "`dialects` must be a list of databases",
                f"write `dialects: [{', '.join(dialect_names())}]`, or `[]` for no migrations",
            )
        )
        return ()
    names = [text_of(item) for item in value]
    unknown = [place for place, name in enumerate(names) if name not in dialect_names()]
    for place in unknown:
        faults.append(Fault("RC121", ("dialects", place), *_no_dialect(names[place])))
    if names and not unknown and reference_dialect(name for name in names if name is not None) is None:
        replayed = [dialect.name for dialect in dialects() if dialect.has_sandbox]
        faults.append(
            Fault(
                "RC121",
                ("dialects",),
                f"`dialects` leaves {' and '.join(replayed)} out",
                f"add {' or '.join(replayed)}: the compiler replays its migrations to know what the next one "
                "starts from",
            )
        )
    return tuple(name for name in dialect_names() if name in names)


def _no_dialect(name: str | None) -> tuple[str, str]:
    """Return the message and the help for a name that is no dialect; None is the name of what is no text."""
    several = parted(name or "")
    if len(several) > 1 and set(several) <= {*dialect_names()}:
        return f"`{visible(name or '')}` is no database", EACH + ", ".join(several)
    reason = NOT_SUPPORTED.get((name or "").lower())
    if reason is not None:
        return f"{name} is not supported, because {reason}", "services there can load generated/routing_table.json"
    return (
        f"`{visible(name or '')}` is no database that migrations are written for",
        f"write {' or '.join(dialect_names())}",
    )


def _tenants_table(value: object, faults: list[Fault]) -> tuple[str, str] | None:
    """Read `tenants_table` as table and column; add a fault and return None where it is wrong."""
    match = _TENANTS.fullmatch(text_of(value) or "")
    if match is None:
        faults.append(
            Fault(
                "RC117",
                ("tenants_table",),
                "`tenants_table` must name a table and its column",
                "write it as `tenants_table: public.tenants(slug)`",
            )
        )
        return None
    return match["table"], match["column"]


def _requires_routecomp(value: object, faults: list[Fault]) -> str | None:
    """Read `requires_routecomp`; add a fault and return None where it is no specifier of versions."""
    text = (text_of(value) or "").strip()
    if is_specifier(text):
        return text
    version = text if re.fullmatch(r"[0-9]+(\.[0-9]+)+", text, re.ASCII) and is_specifier(f"~={text}") else "0.2"
    faults.append(
        Fault(
            "RC117",
            ("requires_routecomp",),
            "`requires_routecomp` must say versions as PEP 440 does",
            f'write it as `requires_routecomp: "~={version}"`, in quotes',
        )
    )
    return None


def _schema(value: object, faults: list[Fault]) -> str:
    """Read `schema`; add a fault where it is no name of a schema in a dialect that has schemas."""

    def fault_of(name: str) -> tuple[str, str] | None:
        wrong = (dialect.schema_fault(name) for dialect in dialects() if dialect.has_search_path)
        return next((fault for fault in wrong if fault is not None), None)

    return _plain_name("schema", value, fault_of, faults)


def _table_prefix(value: object, faults: list[Fault]) -> str:
    """Read `table_prefix`; add a fault where no name may begin with it."""
    reserved = [prefix for dialect in dialects() for prefix in dialect.reserved_prefixes]
    return _plain_name("table_prefix", value, lambda text: prefix_fault(text, reserved) if text else None, faults)


def _key_names(value: object, faults: list[Fault]) -> tuple[str, ...]:
    """Read `key_names`, sorted, each pattern once; add a fault for each that is no pattern, or allows nothing."""
    if not isinstance(value, list):
        remedy = f"write `key_names: [{', '.join(map(json.dumps, DEFAULT_KEY_NAMES))}]`, in quotes"
        faults.append(Fault("RC120", ("key_names",), "`key_names` must be a list of patterns", remedy))
        return ()
    patterns = [text_of(item) or "" for item in value]
    for place, pattern in enumerate(patterns):
        fault = pattern_fault(pattern)
        if fault is not None:
            # The text is not repeated: it may be the key itself.
            remedy = 'name the variable, or write a pattern such as "*_API_KEY"'
            faults.append(Fault("RC117", ("key_names", place), f"this {fault}", remedy))
    return tuple(sorted(set(patterns)))


def _plain_name(key: str, value: object, fault_of: Callable[[str], tuple[str, str] | None], faults: list[Fault]) -> str:
    """Read a name that stands in SQL without quotes; add a fault and return an empty text where it is wrong."""
    text = text_of(value)
    fault = ("it is no text", "write a name") if text is None else fault_of(text)
    if text is None or fault is not None:
        assert fault is not None
        shown = "" if text is None else f" {visible(text)[:80]!r}"
        faults.append(Fault("RC117", (key,), f"`{key}`{shown} cannot be used: {fault[0]}", fault[1]))
        return ""
    return text


def _max_file_bytes(value: object, faults: list[Fault]) -> int:
    """Read `max_file_bytes`; add a fault and return the default where it is wrong."""
    number = whole_number(value)
    if number is None or not 1024 <= number <= MOST_FILE_BYTES:
        faults.append(
            Fault(
                "RC117",
                ("max_file_bytes",),
                f"`max_file_bytes` must be a whole number from 1024 to {MOST_FILE_BYTES}",
                f"the default is {MAX_FILE_BYTES}",
            )
        )
        return MAX_FILE_BYTES
    return number


def _released(value: object, faults: list[Fault]) -> frozenset[str]:
    """Read the fingerprints under `secrets.released`; add a fault for each that is none, and for other keys."""
    if not isinstance(value, Mapping):
        faults.append(Fault("RC120", ("secrets",), "`secrets` must be a mapping", "write `secrets: {released: [...]}`"))
        return frozenset()
    faults.extend(unknown(("secrets", key), ("released",)) for key in value if key != "released")
    listed = value.get("released", [])
    if not isinstance(listed, list):
        faults.append(
            Fault(
                "RC120",
                ("secrets", "released"),
                "`released` must be a list of fingerprints",
                "write `released: [0123456789abcdef]`",
            )
        )
        return frozenset()
    fingerprints = [text_of(item) for item in listed]
    for place, word in enumerate(fingerprints):
        if word is None or not _FINGERPRINT.fullmatch(word):
            # The text is not repeated: it may be the credential itself.
            faults.append(
                Fault(
                    "RC117",
                    ("secrets", "released", place),
                    "this is not a fingerprint",
                    "copy the 16 hex digits that the finding RC122 names, never the text itself",
                )
            )
    return frozenset(word for word in fingerprints if word is not None)


def _node_at(root: Node, fault: Fault) -> Node:
    """Return the node a fault is at: a value, or with `at_key` the key."""
    if fault.at_key:
        parent = node_at(root, fault.path[:-1])
        assert isinstance(parent, Tree)
        key = parent.key(str(fault.path[-1]))
        assert key is not None
        return key
    return node_at(root, fault.path)


READERS: Mapping[str, Callable[[object, list[Fault]], object]] = {
    "output": _output,
    "max_file_bytes": _max_file_bytes,
    "secrets": _released,
    "base_branch": _base_branch,
    "dialects": _dialects,
    "tenants_table": _tenants_table,
    "requires_routecomp": _requires_routecomp,
    "schema": _schema,
    "table_prefix": _table_prefix,
    "key_names": _key_names,
    "guards": read_guards,
}
"""Every setting, and what reads it."""
