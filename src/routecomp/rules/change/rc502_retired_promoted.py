"""RC502 retired-promoted: a retired model does not become primary directly."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.rules.change.change import Change, status_span
from routecomp.rules.registry import change_rule


@change_rule("RC502", "retired-promoted")
def retired_promoted(change: Change) -> Iterator[Diagnostic]:
    """A retired model becomes primary of its feature directly.

    The way back leads through `shadow`, like every other way to `primary`.

    Why: someone retired it for a reason, and nobody has looked at it since.

    Fix: declare it `shadow` in this change and promote it in the next one.
    """
    for swap in change.swaps():
        for model in swap.challengers:
            if swap.was(model) == "retired":
                yield error(
                    "RC502",
                    f"model `{model}` becomes primary of {swap.after.title} straight from retired",
                    status_span(swap.after, model),
                    "declare it as shadow now and promote it in a later change",
                    labels=(change.label(status_span(swap.before, model), "retired"),),
                )
