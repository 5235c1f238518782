"""RC519 weights-frozen: a completed experiment keeps its weights and slots."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.experiment import Experiment
from routecomp.model.project import Entry
from routecomp.rules.change.change import Change
from routecomp.rules.change.moved_units import slot_owners
from routecomp.rules.lookup import share
from routecomp.rules.registry import change_rule


@change_rule("RC519", "weights-frozen")
def weights_frozen(change: Change) -> Iterator[Diagnostic]:
    """The weights or slots of an experiment change although it is completed, or as it is completed.

    While it is active or paused they may change. Slots may be written out at any time where they say what the weights
    said.

    Why: they are the record of how its units (users) were split, and what its figures are computed from.

    Fix: put the old weights and slots back.
    """
    for before, after in change.begun():
        if after.body.status == "completed":
            yield from _changed(change, before, after)


def _changed(change: Change, before: Entry[Experiment], after: Entry[Experiment]) -> Iterator[Diagnostic]:
    """Report each variant whose weight changed; where no weight did, the slots if one has another owner now."""
    when = "" if before.body.status == "completed" else " in the same change"
    same = True
    for id, was in before.body.variants.items():
        now = after.body.variants.get(id)
        if now is not None and now.weight != was.weight:
            same = False
            yield error(
                "RC519",
                f"the weight of variant `{id}` changes from {share(was.weight)} to "
                f"{share(now.weight)}, but {after.title} is completed{when}",
                after.span("variants", id, "weight"),
                "put the old weight back",
                labels=(change.label(before.span("variants", id, "weight"), share(was.weight)),),
            )
    if same and before.body.variants.keys() == after.body.variants.keys():
        owned, owns = slot_owners(before.body), slot_owners(after.body)
        if owned is not None and owns is not None and owned != owns:
            yield error(
                "RC519",
                f"the slots of {after.title} change hands, but it is completed{when}",
                after.key_span("variants"),
                "put the old slots, and the old order of the variants, back",
                labels=(change.label(before.key_span("variants"), "the old ones"),),
            )
