"""Refuse settings that call the tables otherwise than the released migrations do."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.parse import parse
from routecomp.parse.encoding import decode_text
from routecomp.parse.tree import Mapping as Tree
from routecomp.source.text import Span
from routecomp.sql.rules.rc639_names_changed import other_names
from routecomp.workspace.files import read_if_there
from routecomp.workspace.project import Project
from routecomp.workspace.settings import TOML, YAML

_KEYS = ("schema", "table_prefix")
_TABLE = re.compile(r"^(?P<head>\[tool\.routecomp\])(?P<body>(?:(?!^\[).)*)", re.MULTILINE | re.DOTALL)
_MAX_BYTES = 4 * 1024 * 1024


def changed_names(project: Project, released: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return RC639 where the settings call tables otherwise than released migrations (path to bytes); else nothing."""
    wanted = {path: data for path, data in released.items() if path.split("/")[-2] in project.settings.dialects}
    return list(other_names(wanted, project.settings.names, setting_place(project.root, _KEYS)))


def setting_place(root: str, keys: Sequence[str]) -> Span | None:
    """Return where the settings have the first of these keys, or begin; None where the project has no settings."""
    data = read_if_there(os.path.join(root, YAML), _MAX_BYTES)
    if data is not None:
        parsed = parse(YAML, data)
        pairs = [parsed.root.pair(key) for key in keys] if isinstance(parsed.root, Tree) else []
        return next((pair[1].span for pair in pairs if pair is not None), Span(parsed.source, 0, 0))
    data = read_if_there(os.path.join(root, TOML), _MAX_BYTES)
    if data is None:
        return None
    source = decode_text(TOML, data, _MAX_BYTES)[0]
    table = _TABLE.search(source.text)
    if table is None:
        return None
    key = re.compile(rf"^[ \t]*(?:{'|'.join(keys)})[ \t]*=.*$", re.MULTILINE)
    match = key.search(source.text, *table.span("body"))
    return Span(source, *(match or table).span(0 if match is not None else "head"))
