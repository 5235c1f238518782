"""RC321 slots-partition: every slot of an experiment belongs to exactly one variant."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.experiment import Experiment
from routecomp.model.project import Declared, Entry
from routecomp.rules.registry import project_rule
from routecomp.rules.slots import Range, partition
from routecomp.source.text import Span


@project_rule("RC321", "slots-partition", follows=("RC212", "RC302", "RC313", "RC320"))
def slots_partition(declared: Declared) -> Iterator[Diagnostic]:
    """The slots of an experiment's variants leave a gap, overlap, or run backwards.

    Each of the slots 0 to 9999 belongs to exactly one variant. A range `[first, last]` includes both ends.

    Why: a user whose slot nobody owns has no variant; one whose slot has two owners is counted for both. Ranges
    that share an end (`[0, 5000]`, `[5000, 9999]`) are the usual reason.

    Fix: correct the ranges, or remove all `slots` and let the weights decide.
    """
    for entry in declared.experiments.values():
        slots = partition(entry.body)
        if slots is None or slots.sound:
            continue
        for range in slots.backwards:
            yield error(
                "RC321",
                f"slots [{range.first}, {range.last}] of variant `{range.variant}` of {entry.title} run backwards",
                _span(entry, range),
                f"write [{range.last}, {range.first}]",
            )
        for range, other in slots.overlaps:
            owners = (
                f"`{range.variant}` and to `{other.variant}`"
                if range.variant != other.variant
                else f"`{range.variant}`, twice"
            )
            yield error(
                "RC321",
                f"{_slots(entry, other.first, min(range.last, other.last))} to {owners}",
                _span(entry, other),
                "give each slot one owner",
                labels=(Label(_span(entry, range), f"slots of `{range.variant}`"),),
            )
        for first, last in slots.gaps:
            yield error(
                "RC321",
                f"{_slots(entry, first, last)} to no variant",
                entry.key_span("variants"),
                "give each slot an owner",
            )


def _slots(entry: Entry[Experiment], first: int, last: int) -> str:
    """Name slots for a message, with the verb: `slots 0 to 9 of … belong`."""
    if first == last:
        return f"slot {first} of {entry.title} belongs"
    return f"slots {first} to {last} of {entry.title} belong"


def _span(entry: Entry[Experiment], range: Range) -> Span:
    """Return the place of a range."""
    return entry.span("variants", range.variant, "slots", range.position)
