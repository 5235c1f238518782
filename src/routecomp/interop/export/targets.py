"""List the routers that a project can be exported to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from routecomp.interop.export.envoy import export_envoy
from routecomp.interop.export.export import Export
from routecomp.interop.export.litellm import export_litellm
from routecomp.interop.export.routes import Routes, routes_of
from routecomp.interop.export.tensorzero import export_tensorzero
from routecomp.model.project import Program
from routecomp.table.table import RoutingTable

TARGETS: Mapping[str, Callable[[Routes], Export]] = {
    "litellm": export_litellm,
    "envoy-ai-gateway": export_envoy,
    "tensorzero": export_tensorzero,
}
"""What writes the file of each router, by the word of the command."""


def export(program: Program, table: RoutingTable, target: str, tenant: str | None) -> Export:
    """Return the file of a router for a declared tenant, or for the default policy; nothing is written."""
    return TARGETS[target](routes_of(program, table, tenant))
