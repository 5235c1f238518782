"""RC515 salt-frozen: an experiment that was started keeps its salt."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.experiment import Experiment
from routecomp.model.project import Entry
from routecomp.rules.change.change import Change
from routecomp.rules.registry import change_rule


@change_rule("RC515", "salt-frozen")
def salt_frozen(change: Change) -> Iterator[Diagnostic]:
    """The salt of an experiment changes although it is no draft any more.

    The salt decides which unit (user) gets which variant. Without `salt` the experiment's name is its salt, so writing
    that name out changes nothing.

    Why: another salt deals all units anew. Users change sides in the middle of the test, and its figures mean
    nothing.

    Fix: put the old salt back.
    """
    for before, after in change.begun():
        if salt(before) != salt(after):
            yield error(
                "RC515",
                f"{after.title} is {before.body.status} {change.where}: its salt cannot change from "
                f"`{salt(before)}` to `{salt(after)}`",
                after.span("salt") if after.has("salt") else after.key.span,
                f"put it back: `salt: {salt(before)}`",
                labels=(change.label(before.span("salt") if before.has("salt") else before.key.span, "the salt"),),
            )


def salt(entry: Entry[Experiment]) -> str:
    """Return the effective salt of an experiment: the declared one, else its slug."""
    return entry.slug if entry.body.salt is None else entry.body.salt
