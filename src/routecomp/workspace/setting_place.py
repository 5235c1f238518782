"""Find where a project's settings are written, in either of the two files that may hold them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from routecomp.parse import parse
from routecomp.parse.encoding import decode_text
from routecomp.parse.tree import Mapping
from routecomp.source.text import Span
from routecomp.workspace.load_settings import MAX_BYTES, settings_files_in
from routecomp.workspace.settings import TOML, YAML

_TABLE = re.compile(r"^(?P<head>\[tool\.routecomp(?:\.[^\]\n]*)?\])(?P<body>(?:(?!^\[).)*)", re.MULTILINE | re.DOTALL)


def setting_place(root: str, keys: Sequence[str]) -> Span | None:
    """Return where the settings have the first of these keys, or begin; None where the project has no settings."""
    yaml, toml = settings_files_in(root)
    if yaml is not None:
        parsed = parse(YAML, yaml)
        pairs = [parsed.root.pair(key) for key in keys] if isinstance(parsed.root, Mapping) else []
        return next((pair[1].span for pair in pairs if pair is not None), Span(parsed.source, 0, 0))
    if toml is None:
        return None
    place = place_in_toml(TOML, toml, keys)
    return _first_table(toml) if place is None else place


def place_in_toml(path: str, data: bytes, keys: Sequence[str]) -> Span | None:
    """Return the first line that has one of these keys, in a table of routecomp's; None where none has."""
    source = decode_text(path, data, MAX_BYTES)[0]
    key = re.compile(rf"^[ \t]*((?:{'|'.join(keys)})[ \t]*[.=].*)$", re.MULTILINE)
    matches = (key.search(source.text, *table.span("body")) for table in _TABLE.finditer(source.text))
    return next((Span(source, *match.span(1)) for match in matches if match is not None), None)


def _first_table(toml: bytes) -> Span | None:
    """Return the head of the first table of routecomp's; None where there is none."""
    source = decode_text(TOML, toml, MAX_BYTES)[0]
    table = _TABLE.search(source.text)
    return None if table is None else Span(source, *table.span("head"))
