"""RC411 sunset-near: no model that serves ends within 60 days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from routecomp.diagnostics.diagnostic import Cause, Diagnostic, Label, Severity, warning
from routecomp.model.ending import NEAR, days_left, ending_words
from routecomp.model.project import Declared
from routecomp.rules.references import Serving, serving
from routecomp.rules.registry import project_rule
from routecomp.rules.succession import after_winner, fallback_remedy, route_remedy, successor_remedy


@project_rule("RC411", "sunset-near", Severity.WARNING)
def sunset_near(declared: Declared) -> Iterator[Diagnostic]:
    """A model that serves has ended, or ends within 60 days.

    It is a primary or a fallback of a feature, serves a variant of an experiment that is not over, or stands in
    `defaults`. The places that name one model are one finding, which names a few of them; each is waived for itself.
    Days are counted from today in UTC, or from the day that `--today` names.

    Why: on the day after its `sunset` the provider refuses every call. Whoever has 60 days can mirror the successor and
    compare; whoever has none swaps blindly, during an incident.

    Fix: bring in the model's `successor`: as a shadow first, then `routecomp promote`. Where the successor has ended,
    ends before, or may not serve there, the finding names the first on the way from successor to successor that can.
    A completed experiment takes no further version: archive it, and begin another one of its public model id.
    `routecomp show sunsets` says what to write at each place. Where the end was put off, correct the model's `sunset`.
    """
    ending = {
        slug: entry
        for slug, entry in declared.models.items()
        if (left := days_left(entry.body, declared.today)) is not None and left <= NEAR
    }
    if not ending:
        return
    for place in serving(declared, ending.__contains__):
        entry = ending[place.slug]
        finding = warning(
            "RC411",
            f"{place.where} is `{place.slug}`, which {ending_words(entry.body, declared.today)}",
            place.span,
            _remedy(declared, place),
            labels=(Label(entry.span("sunset"), "its last day"),),
        )
        yield replace(finding, cause=Cause(("sunset", place.slug), place.where))


def _remedy(declared: Declared, place: Serving) -> str:
    """Say what to write at a place whose model ends."""
    if place.role == "fallback":
        return fallback_remedy(declared, place.slug, declared.features[place.name])
    if place.role == "route":
        return route_remedy(declared, place.slug, place.name)
    if place.role == "winner":
        return successor_remedy(declared, place.slug, verb=after_winner(declared.experiments[place.name]))
    return successor_remedy(
        declared, place.slug, declared.features.get(place.name) if place.role == "primary" else None
    )
