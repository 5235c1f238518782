"""RC505 sample-not-handed-over: the former primary takes over its challenger's sample and cap."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.check.change import Change, Swap, status_span
from routecomp.check.registry import change_rule
from routecomp.diagnostics.diagnostic import Diagnostic, Edit, Fix, error
from routecomp.model.fields import written
from routecomp.model.route import Row
from routecomp.source import Span


@change_rule("RC505", "sample-not-handed-over")
def sample_not_handed_over(change: Change) -> Iterator[Diagnostic]:
    """A promotion does not hand the challenger's `sample` and `max_daily_usd` to the former primary.

    The two change places: the former primary becomes the shadow that is watched, with the same share of
    mirrored traffic and the same bound on its cost. So what is spent on mirroring stays what it was, and a
    rollback is the exact inverse. A challenger that was a bare shadow leaves a bare shadow behind.

    Fix: write the challenger's `sample` and `max_daily_usd` on the former primary's row; change them in a
    later change if they have to change.
    """
    for swap in change.swaps():
        if len(swap.challengers) != 1 or len(swap.incumbents) != 1:
            continue  # who takes over from whom is open: one side does not have exactly one primary
        challenger, incumbent = swap.challengers[0], swap.incumbents[0]
        given = swap.before.body.models.get(challenger)
        taken = swap.after.body.models.get(incumbent)
        if given is None or given.status != "shadow" or taken is None or taken.status != "shadow":
            continue
        if (taken.sample, taken.max_daily_usd) != (given.sample, given.max_daily_usd):
            yield _finding(change, swap, challenger, incumbent)


def _finding(change: Change, swap: Swap, challenger: str, incumbent: str) -> Diagnostic:
    given, taken = swap.before.body.models[challenger], swap.after.body.models[incumbent]
    at = swap.after.span("models", incumbent)
    bare = swap.after.at("models", incumbent) is swap.after.at("models", incumbent, "status")
    row = _written(given)
    return error(
        "RC505",
        f"model `{incumbent}`, so far primary of {swap.after.title}, does not take over what its challenger "
        f"`{challenger}` had: {_words(given)}, not {_words(taken)}",
        at if bare else _span(swap, incumbent),
        f"write `{incumbent}: {row}`",
        labels=(change.label(_before(swap, challenger), _words(given)),),
        # Only a bare `shadow` is completed by machine: other figures may be meant, and are then for a person.
        fix=Fix(f"hand over {_words(given)}", (Edit(at, row),)) if bare else None,
    )


def _span(swap: Swap, model: str) -> Span:
    """The smallest place of what is wrong in a long row: the sample, else the cap, else the status."""
    given, taken = swap.before.body.models[swap.challengers[0]], swap.after.body.models[model]
    for field in ("sample", "max_daily_usd"):
        if getattr(given, field) != getattr(taken, field) and swap.after.has("models", model, field):
            return swap.after.span("models", model, field)
    return status_span(swap.after, model)


def _before(swap: Swap, model: str) -> Span:
    return (
        swap.before.span("models", model, "sample")
        if swap.before.has("models", model, "sample")
        else status_span(swap.before, model)
    )


def _words(row: Row) -> str:
    if row.sample is None:
        return "no sample"
    words = f"sample {written(row.sample, 4)}"
    return (
        words if row.max_daily_usd is None else f"{words} up to {written(row.max_daily_usd, 2)} dollars a day"
    )


def _written(row: Row) -> str:
    if row.sample is None:
        return "shadow"
    cap = "" if row.max_daily_usd is None else f", max_daily_usd: {written(row.max_daily_usd, 2)}"
    return f"{{status: shadow, sample: {written(row.sample, 4)}{cap}}}"
