"""Ask of the claims that a change takes out, or says otherwise, whether they would still hold as they were."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace

from routecomp.diagnostics.diagnostic import Diagnostic, warning
from routecomp.model.claim import Claim, NeverReaches
from routecomp.model.project import Entry, Program
from routecomp.review.analysis.claims.prove import prove
from routecomp.table.lower import lower
from routecomp.table.table import RoutingTable


def find_given_up(
    program: Program, table: RoutingTable | None, before: Mapping[str, Entry[Claim]], where: str
) -> list[Diagnostic]:
    """Return a finding for each claim of a base that the program does not declare as it was, and that is broken.

    `before` are the base's claims under the program's names. What they name and nothing declares any more is left out
    of them. `where` says where the base stands.
    """
    asked = {slug: entry for slug, entry in before.items() if not _stands(program, slug, entry)}
    narrowed = {slug: body for slug, entry in asked.items() if (body := _narrowed(entry.body, program)) is not None}
    if not narrowed:
        return []
    claims = {slug: replace(asked[slug], body=body) for slug, body in narrowed.items()}
    table = table or lower(program)
    outcomes = prove(replace(program, claims=claims), table.data, table.fallback_data)
    findings = []
    for claimed in outcomes:
        example, now = claimed.proof.counterexample, program.claims.get(claimed.entry.slug)
        if example is None:
            continue
        what = "is taken out" if now is None else "says something else now"
        message = f"{claimed.entry.title} {what}, and as it is {where} it does not hold: a call {example.words}"
        help = " and ".join(f"`{command}`" for command in claimed.commands)
        findings.append(warning("RC803", message, None if now is None else now.key.span, help))
    return findings


def _stands(program: Program, slug: str, entry: Entry[Claim]) -> bool:
    """Return whether a program claims what a base's entry does; words about it apart."""
    now = program.claims.get(slug)
    return now is not None and now.body.but(**_ABOUT) == entry.body.but(**_ABOUT)


_ABOUT = {"description": None, "owner": None}


def _narrowed(claim: Claim, program: Program) -> Claim | None:
    """Return a claim with those names alone that a program declares; None where it then says nothing."""
    for name, declared in (("tenants", program.tenants), ("features", program.features)):
        stated = getattr(claim, name)
        if stated is not None:
            kept = _kept(stated, declared)
            if not kept:
                return None
            claim = claim.but(**{name: kept})
    reached = claim.never_reaches
    if reached is None:
        return claim
    models = {*program.models, *program.logical_models}
    lists = (("stacks", program.stacks), ("providers", program.providers), ("models", models))
    narrowed: NeverReaches = reached.but(**{name: _kept(getattr(reached, name), declared) for name, declared in lists})
    if not (narrowed.stacks or narrowed.providers or narrowed.models):
        return None
    return claim.but(never_reaches=narrowed)


def _kept(names: tuple[str, ...], declared: Container[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in declared)
