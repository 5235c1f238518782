"""RC321 slots-partition: every slot of an experiment belongs to exactly one variant."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.experiment import Experiment
from routecomp.model.project import Declared, Entry
from routecomp.rules.registry import project_rule
from routecomp.rules.slots import Range, partition
from routecomp.source.text import Span


@project_rule("RC321", "slots-partition")
def slots_partition(declared: Declared) -> Iterator[Diagnostic]:
    """The slots of an experiment's variants leave a gap, overlap, or run backwards.

    Each of the slots 0 to 9999 belongs to exactly one variant. A range `[first, last]` includes both ends.

    Why: a user whose slot nobody owns has no variant; one whose slot has two owners is counted for both. Ranges
    that share an end (`[0, 5000]`, `[5000, 9999]`) are the usual reason.

    Fix: correct the ranges, or remove all `slots` and let the weights decide.
    """
    for entry in declared.experiments.values():
        found = partition(entry.body)
        if found is None or found.sound:
            continue
        for one in found.backwards:
            yield error(
                "RC321",
                f"slots [{one.first}, {one.last}] of variant `{one.variant}` of {entry.title} run backwards",
                _span(entry, one),
                f"write [{one.last}, {one.first}]",
            )
        for one, other in found.overlaps:
            owners = (
                f"`{one.variant}` and to `{other.variant}`"
                if one.variant != other.variant
                else f"`{one.variant}`, twice"
            )
            yield error(
                "RC321",
                f"{_slots(entry, other.first, min(one.last, other.last))} to {owners}",
                _span(entry, other),
                "give each slot one owner",
                labels=(Label(_span(entry, one), f"slots of `{one.variant}`"),),
            )
        for first, last in found.gaps:
            yield error(
                "RC321",
                f"{_slots(entry, first, last)} to no variant",
                entry.key_span("variants"),
                "give each slot an owner",
            )


def _slots(entry: Entry[Experiment], first: int, last: int) -> str:
    if first == last:
        return f"slot {first} of {entry.title} belongs"
    return f"slots {first} to {last} of {entry.title} belong"


def _span(entry: Entry[Experiment], one: Range) -> Span:
    return entry.span("variants", one.variant, "slots", one.at)
