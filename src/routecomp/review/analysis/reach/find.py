"""Find what no request reaches, and what changes no decision, in a program: `routecomp check --reach`."""

from __future__ import annotations

from typing import Final

from routecomp.diagnostics.diagnostic import Diagnostic, warning
from routecomp.model.project import Program
from routecomp.review.analysis.claims.table import Table
from routecomp.review.analysis.explore import Budget, OverBudgetError
from routecomp.review.analysis.reach.idle_bans import idle_bans
from routecomp.review.analysis.reach.idle_floors import idle_dial, idle_floors
from routecomp.review.analysis.reach.models import unreached_models
from routecomp.review.analysis.reach.outages import sole_providers
from routecomp.review.analysis.reach.views import Views
from routecomp.review.diff.decisions.compiled_side import open_gates
from routecomp.table.lower import lower
from routecomp.table.table import RoutingTable

VIEWS: Final = 200_000
"""How many views (policy × route) are looked at: the same on every machine."""


def find_reach(program: Program, table: RoutingTable | None = None, views: int = VIEWS) -> list[Diagnostic]:
    """Return what no request reaches and what changes no decision, each proven; one finding where nothing is.

    `table` is what the program compiles to. The gate of the preferences counts as open.
    """
    table = table or lower(program)
    compiled = Table(table.data, table.fallback_data)
    with open_gates(compiled.side):
        try:
            everything = Views(program, compiled, Budget(views))
        except OverBudgetError:
            return [_nothing_proven(program, views)]
        return [
            *unreached_models(everything),
            *sole_providers(everything),
            *idle_bans(everything),
            *idle_floors(everything),
            *idle_dial(everything),
        ]


def _nothing_proven(program: Program, views: int) -> Diagnostic:
    """Say that a program is over the bound."""
    assert program.defaults is not None
    return warning(
        "RC836",
        f"nothing is proven of what requests reach: there are more than {views:,} views (policy × route)",
        program.defaults.span(),
        "the bound is one of memory and time; leave `--reach` out",
    )
