"""RC411 sunset-near: no model that serves ends within 60 days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from routecomp.diagnostics.diagnostic import Cause, Diagnostic, Label, Severity, warning
from routecomp.model.ending import NEAR, days_left, ending_words
from routecomp.model.project import Declared
from routecomp.rules.references import serving
from routecomp.rules.registry import project_rule


@project_rule("RC411", "sunset-near", Severity.WARNING)
def sunset_near(declared: Declared) -> Iterator[Diagnostic]:
    """A model that serves has ended, or ends within 60 days.

    It is a primary or a fallback of a feature, serves a variant of an experiment that is not over, or stands in
    `defaults`. The places that name one model are one finding, which names a few of them; each is waived for itself.
    Days are counted from today in UTC, or from the day that `--today` names.

    Why: on the day after its `sunset` the provider refuses every call. Whoever has 60 days can mirror the successor and
    compare; whoever has none swaps blindly, during an incident.

    Fix: bring in the model's `successor`: as a shadow first, then `routecomp promote`. `routecomp show sunsets` says
    what to write at each place. Where the end was put off, correct the model's `sunset`.
    """
    ending = {
        slug: entry
        for slug, entry in declared.models.items()
        if (left := days_left(entry.body, declared.today)) is not None and left <= NEAR
    }
    if not ending:
        return
    for where, slug, span in serving(declared, ending.__contains__):
        entry = ending[slug]
        successor = entry.body.successor
        finding = warning(
            "RC411",
            f"{where} is `{slug}`, which {ending_words(entry.body, declared.today)}",
            span,
            f"bring in its successor `{successor}`" if successor else "bring in another model",
            labels=(Label(entry.span("sunset"), "its last day"),),
        )
        yield replace(finding, cause=Cause(("sunset", slug), where))
