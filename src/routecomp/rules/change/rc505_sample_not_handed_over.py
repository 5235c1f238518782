"""RC505 sample-not-handed-over: the former primary takes over its challenger's sample and cap."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.numbers import format_decimal
from routecomp.model.route import Row
from routecomp.parse.edit import replace_scalar
from routecomp.parse.tree import Scalar
from routecomp.rules.change.change import Change, Swap, status_span
from routecomp.rules.lookup import share
from routecomp.rules.registry import change_rule
from routecomp.source.edits import Fix
from routecomp.source.text import Span


@change_rule("RC505", "sample-not-handed-over")
def sample_not_handed_over(change: Change) -> Iterator[Diagnostic]:
    """A promotion does not hand the challenger's `sample` and `max_daily_usd` to the former primary.

    The two change places: the former primary becomes the shadow that is watched, with the same share of mirrored
    traffic and the same bound on its cost. A challenger that was a bare shadow leaves a bare shadow behind.
    Of several promotions in one change each hands on what it found: the first incumbent takes over from the first
    challenger, that one from the second, and so on to the model that is primary in the end.

    Why: what is spent on mirroring stays what it was, and a rollback is the exact inverse.

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
        if not _handed_on(swap, challenger, incumbent):
            yield _finding(change, swap, challenger, incumbent)


def _handed_on(swap: Swap, challenger: str, incumbent: str) -> bool:
    """Return whether a chain of promotions leads from the incumbent to the challenger.

    Each step leads from a model to the shadow whose figures the model has now. One promotion is a chain of one step.
    """
    had = {model: _figures(row) for model, row in swap.before.body.models.items() if row.status == "shadow"}
    has = {model: _figures(row) for model, row in swap.after.body.models.items() if row.status == "shadow"}
    left, seen = [incumbent], {incumbent}
    while left:
        figures = has[left.pop()]
        givers = {model for model, was in had.items() if was == figures} - seen
        if challenger in givers:
            return True
        seen |= givers
        left += [model for model in givers if model in has]
    return False


def _figures(row: Row) -> tuple[int | None, int | None]:
    """Return the sample in basis points and the cap in cents a day of a row; None where it has none."""
    return row.sample, row.max_daily_usd


def _finding(change: Change, swap: Swap, challenger: str, incumbent: str) -> Diagnostic:
    """Report the former primary's row; fix it where it is a bare `shadow`."""
    given, taken = swap.before.body.models[challenger], swap.after.body.models[incumbent]
    node, row = swap.after.node_at("models", incumbent), _written(swap, challenger)
    had = "sample" if swap.before.has("models", challenger, "sample") else "status"
    return error(
        "RC505",
        f"model `{incumbent}`, so far primary of {swap.after.title}, {_words(taken, 'has')}; "
        f"its challenger `{challenger}` {_words(given, 'had')}",
        node.span if isinstance(node, Scalar) else _differs(swap, given, taken, incumbent),
        f"write `{incumbent}: {row}`",
        labels=(
            change.label(
                status_span(swap.before, challenger)
                if had == "status"
                else swap.before.span("models", challenger, had),
                _words(given, "had"),
            ),
        ),
        # Only a bare `shadow` is completed by machine: other figures may be meant, and are then for a person.
        fix=Fix(f"write `{row}`", (replace_scalar(node, row),)) if isinstance(node, Scalar) else None,
    )


def _differs(swap: Swap, given: Row, taken: Row, model: str) -> Span:
    """Return the place of the first figure of a long row that differs: the sample, else the cap, else the status."""
    for field in ("sample", "max_daily_usd"):
        if getattr(given, field) != getattr(taken, field) and swap.after.has("models", model, field):
            return swap.after.span("models", model, field)
    return status_span(swap.after, model)


def _words(row: Row, verb: str) -> str:
    """Describe the sample and the cap of a row behind a verb (`has`, `had`)."""
    if row.sample is None:
        return f"{verb} no sample"
    cap = "" if row.max_daily_usd is None else f" and a cap of {format_decimal(row.max_daily_usd, 2)} dollars a day"
    return f"{verb} a sample of {share(row.sample)}{cap}"


def _written(swap: Swap, model: str) -> str:
    """Write the row that a model has in the base, with the figures as its author wrote them; `shadow` without any."""
    fields = [field for field in ("sample", "max_daily_usd") if swap.before.has("models", model, field)]
    if not fields:
        return "shadow"
    figures = ", ".join(f"{field}: {swap.before.span('models', model, field).text}" for field in fields)
    return f"{{status: shadow, {figures}}}"
