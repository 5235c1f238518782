"""Hold a compiled project in the forms that `explain` and `show` read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routecomp.model.project import Program
    from routecomp.runtime.resolver import Router
    from routecomp.table.table import RoutingTable


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project without errors: what its files declare, its table, and a router over that table."""

    program: Program
    table: RoutingTable
    router: Router
