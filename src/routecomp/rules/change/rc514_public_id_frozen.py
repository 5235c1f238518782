"""RC514 public-id-frozen: an experiment that was started keeps its public model id."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.rules.change.change import Change
from routecomp.rules.registry import change_rule


@change_rule("RC514", "public-id-frozen")
def public_id_frozen(change: Change) -> Iterator[Diagnostic]:
    """The `public_model_id` of an experiment changes although it is no draft any more.

    The public id is what callers send.

    Why: under another one the experiment would measure other callers, and those it had would get `unknown_model`.

    Fix: put the old id back; start a new experiment for the new one.
    """
    for before, after in change.begun():
        if before.body.public_model_id != after.body.public_model_id:
            yield error(
                "RC514",
                f"{after.title} is {before.body.status} {change.where}: its public model id cannot "
                f"change from `{before.body.public_model_id}`",
                after.span("public_model_id"),
                "put it back; start a new experiment for the new id",
                labels=(change.label(before.span("public_model_id"), "the id"),),
            )
