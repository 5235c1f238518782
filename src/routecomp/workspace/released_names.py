"""Refuse settings that call the tables otherwise than the released migrations do."""

from __future__ import annotations

from collections.abc import Mapping

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.sql.rules.rc639_names_changed import other_names
from routecomp.workspace.project import Project
from routecomp.workspace.setting_place import setting_place

_KEYS = ("schema", "table_prefix")


def changed_names(project: Project, released: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return RC639 where the settings call tables otherwise than released migrations (path to bytes); else nothing."""
    wanted = {path: data for path, data in released.items() if path.split("/")[-2] in project.settings.dialects}
    return list(other_names(wanted, project.settings.names, setting_place(project.root, _KEYS)))
