"""RC504 incumbent-retired: who was primary had better become shadow than retired (a warning)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, warning
from routecomp.rules.change.change import Change, status_span
from routecomp.rules.registry import change_rule


@change_rule("RC504", "incumbent-retired", Severity.WARNING)
def incumbent_retired(change: Change) -> Iterator[Diagnostic]:
    """A promotion retires the former primary in the same step.

    It is allowed; `shadow` is what is usual.

    Why: there is no quick way back. A retired model never becomes primary directly, so a rollback takes two
    changes instead of one.

    Fix: make it `shadow` and retire it once its successor has proven itself; or waive this where it is meant,
    for instance because the provider shuts the model down.
    """
    for swap in change.swaps():
        for model in swap.incumbents:
            row = swap.after.body.models.get(model)
            if row is not None and row.status == "retired":
                yield warning(
                    "RC504",
                    f"model `{model}`, so far primary of {swap.after.title}, is retired in the same step: "
                    "a rollback would take two changes",
                    status_span(swap.after, model),
                    "make it shadow, and retire it once its successor has proven itself",
                    labels=(change.label(status_span(swap.before, model), "primary"),),
                )
