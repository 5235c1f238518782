"""RC511 experiment-transition: an experiment's status takes the steps of its life, in order."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.rules.change.change import Change
from routecomp.rules.registry import change_rule

STEPS: dict[str, tuple[str, ...]] = {
    "draft": ("active",),
    "active": ("paused", "completed"),
    "paused": ("active", "completed"),
    "completed": (),
}
"""Each status and those that may follow it (docs/semantics.md, section 3)."""

_REMEDY = {
    "draft": "leave it a draft, or start it: active comes next",
    "active": "leave it active, pause it, or complete it",
    "paused": "leave it paused, resume it (active), or complete it",
    "completed": "completed is final: put it back, and start a new experiment under another name",
}


@change_rule("RC511", "experiment-transition")
def experiment_transition(change: Change) -> Iterator[Diagnostic]:
    """An experiment's status takes a step that does not exist.

    The steps are: draft to active, active to paused and back, active or paused to completed. An experiment that is
    new may start in any status.

    Why: nothing goes back to draft, because units (users) have been assigned. Nothing leaves completed, because
    its result has been read and used. A draft served nobody: there is nothing to pause or to complete.

    Fix: take the step that exists, or start a new experiment under another name.
    """
    for before, after in change.experiments():
        was, now = before.body.status, after.body.status
        if now != was and now not in STEPS[was]:
            yield error(
                "RC511",
                f"{after.title} cannot go from {was} to {now}",
                after.span("status"),
                _REMEDY[was],
                labels=(change.label(before.span("status"), was),),
            )
