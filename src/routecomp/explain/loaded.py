"""Hold a project without errors in every form that `explain` and `show` read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routecomp.model.project import Program
    from routecomp.runtime.resolver import Router
    from routecomp.table.table import RoutingTable
    from routecomp.workspace.project import Project


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project without errors: as its files say it, as compiled, and ready to answer."""

    project: Project
    program: Program
    table: RoutingTable
    router: Router
