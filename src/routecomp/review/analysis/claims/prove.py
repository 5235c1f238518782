"""Prove the claims of a program on its compiled table, and say what comes of each as a finding."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Final, NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic, error, warning
from routecomp.model.claim import KINDS, Claim
from routecomp.model.project import Entry, Program
from routecomp.review.analysis.claims.cost import prove_costs_at_most
from routecomp.review.analysis.claims.dial import prove_dial
from routecomp.review.analysis.claims.pairs import prove_alike, prove_balanced
from routecomp.review.analysis.claims.plain import prove_answered, prove_at_least
from routecomp.review.analysis.claims.reach import prove_never_reaches
from routecomp.review.analysis.claims.sample import SEED
from routecomp.review.analysis.claims.table import Proof, Request, Table
from routecomp.review.analysis.explore import Budget
from routecomp.review.diff.decisions.compiled_side import open_gates
from routecomp.table.lower import lower
from routecomp.table.table import RoutingTable
from routecomp.testing.expected import explain_line

NODES: Final = 200_000
"""How many regions the proof of one claim may visit: the same on every machine."""
_PROVERS: Final[dict[str, Callable[[Table, Claim], Proof]]] = {
    "never_reaches": prove_never_reaches,
    "at_least": prove_at_least,
    "costs_at_most": prove_costs_at_most,
    "answered": prove_answered,
    "alike": prove_alike,
    "balanced_is_no_preference": prove_balanced,
    "dial_never_lowers_quality": partial(prove_dial, served=False),
    "dial_never_lowers_served_quality": partial(prove_dial, served=True),
}
"""What proves each kind of claim; what `always` may say is a kind each."""


class Claimed(NamedTuple):
    """A claim, and what came of it. `gate` is the variable that lets requests name a preference."""

    entry: Entry[Claim]
    proof: Proof
    gate: str | None = None

    @property
    def commands(self) -> list[str]:
        """The commands that explain the counterexample; none without one."""
        example = self.proof.counterexample
        return [] if example is None else [self._command(request) for request in example.requests]

    def _command(self, request: Request) -> str:
        return explain_line(request, self.gate if "preference" in request else None)


def prove(
    program: Program, table: bytes, fallback: bytes, names: Collection[str] | None = None, nodes: int = NODES
) -> list[Claimed]:
    """Return what comes of the claims with these names, or of all, in the order of their names.

    `table` and `fallback` are what the program compiles to. The gate of the preferences counts as open: while it is
    shut, every call is answered as one without a preference.
    """
    compiled = Table(table, fallback, lambda: Budget(nodes))
    outcomes = []
    with open_gates(compiled.side):
        for slug, entry in program.claims.items():
            if names is None or slug in names:
                proof = _PROVERS[kind_of(entry.body)](compiled, entry.body)
                outcomes.append(Claimed(entry, proof, compiled.side.gate))
    return outcomes


def kind_of(claim: Claim) -> str:
    """Return what a claim says: its one key, or the word of `always`."""
    return claim.always or next(kind for kind in KINDS if getattr(claim, kind) is not None)


def prove_program(program: Program) -> tuple[RoutingTable, list[Diagnostic]]:
    """Return the table of a program, and a finding for each claim that does not hold on it or is not proven."""
    table = lower(program)
    outcomes = prove(program, table.data, table.fallback_data)
    return table, [finding for claimed in outcomes if (finding := finding_of(claimed)) is not None]


def finding_of(claimed: Claimed) -> Diagnostic | None:
    """Return the finding on a claim; None where it is proven."""
    entry, proof = claimed.entry, claimed.proof
    span = entry.span(next(kind for kind in KINDS if getattr(entry.body, kind) is not None))
    if proof.counterexample is not None:
        return error(
            "RC801",
            f"{entry.title} does not hold: a call {proof.counterexample.words}",
            span,
            " and ".join(f"`{command}`" for command in claimed.commands),
        )
    if proof.drawn:
        return warning(
            "RC802",
            f"{entry.title} is sampled, not proven: none of {proof.drawn:,} requests (seed {SEED}) breaks it",
            span,
            "narrow it with `tenants` or `features`; without `by: pick`, what is never reached is always proven",
        )
    return None
