"""Load the proofs when they are first asked for: most projects claim nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from routecomp.diagnostics.diagnostic import Diagnostic
    from routecomp.model.claim import Claim
    from routecomp.model.project import Entry, Program
    from routecomp.table.table import RoutingTable


def prove_claims(program: Program) -> tuple[RoutingTable, list[Diagnostic]]:
    """Return the table of a program, and what proofs find of its claims: see `analysis.claims.prove`."""
    # lazy: most projects claim nothing, and the resolver is the largest module there is
    from routecomp.review.analysis.claims.prove import prove_program

    return prove_program(program)


def find_given_up(
    program: Program, table: RoutingTable | None, before: Mapping[str, Entry[Claim]], where: str
) -> list[Diagnostic]:
    """Return which claims of a base are given up, and broken: see `analysis.claims.given_up`."""
    # lazy: most changes leave claims as they are
    from routecomp.review.analysis.claims import given_up

    return given_up.find_given_up(program, table, before, where)


def find_reach(program: Program, table: RoutingTable | None) -> list[Diagnostic]:
    """Return what no request reaches, and what changes no decision: see `analysis.reach.find`."""
    # lazy: it is looked for only where it is asked for
    from routecomp.review.analysis.reach import find

    return find.find_reach(program, table)
