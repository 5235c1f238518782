"""RC503 incumbent-removed: who was primary stays in the feature, as shadow or retired."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.rules.change.change import Change, status_span
from routecomp.rules.registry import change_rule


@change_rule("RC503", "incumbent-removed")
def incumbent_removed(change: Change) -> Iterator[Diagnostic]:
    """A promotion takes the former primary out of its feature.

    The former primary becomes `shadow`, or, with a warning, `retired`.

    Why: it is what a rollback goes back to, and only a shadow can be promoted. Without a row the way back is two
    changes long, on the day it has to be short.

    Fix: add the row, as in `gpt-5-5: shadow`; take it out in a later change if it has to go.
    """
    for swap in change.swaps():
        for model in swap.incumbents:
            if model not in swap.after.body.models:
                yield error(
                    "RC503",
                    f"model `{model}`, so far primary of {swap.after.title}, has no row in it any more",
                    status_span(swap.after, swap.challengers[0]),
                    f"add `{model}: shadow` to its models",
                    note="takes its place",
                    labels=(change.label(status_span(swap.before, model), "primary"),),
                )
