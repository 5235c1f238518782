"""RC372 claim-shape: a claim says exactly one thing, and all that it needs."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.claim import KINDS, Claim
from routecomp.model.project import Declared, Entry
from routecomp.rules.registry import project_rule

_EVERY = "write one of never_reaches, at_least, costs_at_most, always"
_DIAL = ("balanced_is_no_preference", "dial_never_lowers_quality", "dial_never_lowers_served_quality")


@project_rule("RC372", "claim-shape")
def claim_shape(declared: Declared) -> Iterator[Diagnostic]:
    """A claim says nothing, several things, or something that it is not complete without.

    A claim has exactly one of `never_reaches`, `at_least`, `costs_at_most` and `always`. The first names a stack, a
    provider or a model, the second a number. `always: alike` compares two tenants or more, and what is said of the dial
    needs `preferences`.

    Why: a claim that says nothing is proven whatever the policy is, and looks like a promise. Of two things in one
    claim a reviewer could not tell which one no longer holds.

    Fix: write the key that is missing, or two claims in place of one.
    """
    for entry in declared.claims.values():
        kinds = [kind for kind in KINDS if getattr(entry.body, kind) is not None]
        if len(kinds) == 1:
            yield from _incomplete(declared, entry)
        elif kinds:
            yield error(
                "RC372",
                f"{entry.title} says {len(kinds)} things: {', '.join(kinds)}",
                entry.key_span(kinds[1]),
                "make a claim of its own of each",
                labels=(Label(entry.key_span(kinds[0]), "the first"),),
            )
        else:
            yield error("RC372", f"{entry.title} claims nothing", entry.key.span, _EVERY)


def _incomplete(declared: Declared, entry: Entry[Claim]) -> Iterator[Diagnostic]:
    """Yield the finding on a claim that lacks what it needs."""
    body = entry.body
    if (never := body.never_reaches) is not None and not (never.stacks or never.providers or never.models):
        yield error(
            "RC372",
            f"`never_reaches` of {entry.title} names nothing",
            entry.key_span("never_reaches"),
            "write stacks, providers or models in it",
        )
    if (least := body.at_least) is not None and least.providers is None and least.models is None:
        yield error(
            "RC372",
            f"`at_least` of {entry.title} has no number",
            entry.key_span("at_least"),
            "write providers or models in it, as in `at_least: {providers: 2}`",
        )
    if body.always == "alike" and len(set(body.tenants or ())) < 2:
        yield error(
            "RC372",
            f"{entry.title} compares fewer than two tenants",
            entry.span("always"),
            "name two or more in `tenants`",
        )
    if body.always in _DIAL and declared.preferences is None and declared.is_whole("preferences"):
        yield error(
            "RC372",
            f"{entry.title} is about the dial, and no file has `preferences`",
            entry.span("always"),
            "declare `preferences` in policies/, or leave the claim out",
        )
