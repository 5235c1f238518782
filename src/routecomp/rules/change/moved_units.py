"""Count the units that change their variant or their model, and find the slots that move the fewest.

A unit has a slot, a slot has an owner (docs/semantics.md, section 5): units move as their slots change hands. Owners
are the variants of an experiment, or the models that share the load of a logical model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from routecomp.model.experiment import Experiment
from routecomp.model.vocabulary import SLOTS

Ranges = list[tuple[int, int]]


class Moved(NamedTuple):
    """How many of the 10,000 slots change hands, and the fewest that the change of weights needs."""

    slots: int
    least: int


def moved(before: Experiment, after: Experiment) -> Moved | None:
    """Count the slots that a change moves; None if `slot_owners` of a side is None."""
    was, now = slot_owners(before), slot_owners(after)
    if was is None or now is None:
        return None
    least = sum(max(0, variant.weight - _weight(before, id)) for id, variant in after.variants.items())
    return Moved(sum(old != new for old, new in zip(was, now, strict=True)), least)


def slot_owners(experiment: Experiment) -> list[str] | None:
    """Return the variant that owns each slot, from 0; None if the slots are no partition in proportion to the weights.

    A variant without `slots` owns as many as its weight, behind those of the variants before it.
    """
    owners: list[str | None] = [None] * SLOTS
    start = 0
    for id, variant in experiment.variants.items():
        ranges = variant.slots if variant.slots is not None else ((start, start + variant.weight - 1),)
        start += variant.weight
        if sum(last - first + 1 for first, last in ranges) != variant.weight:
            return None
        for first, last in ranges:
            if first > last or last >= SLOTS:
                return None
            owners[first : last + 1] = [id] * (last - first + 1)
    # As many slots as there are, and none without an owner: so none was given away twice.
    known = [owner for owner in owners if owner is not None]
    return known if start == SLOTS and len(known) == SLOTS else None


def least_moving(before: Experiment, weights: Mapping[str, int]) -> dict[str, Ranges] | None:
    """Return slots by variant for new weights (basis points, in all 10,000), such that the fewest slots change hands.

    A variant that shrinks gives up its highest slots; one that grows or is new gets free slots, lowest first, in the
    order of `weights`. None if the slots of `before` are no partition.
    """
    owners = slot_owners(before)
    if owners is None:
        return None
    kept: dict[str, list[int]] = {id: [] for id in weights}
    free: list[int] = []
    for slot, owner in enumerate(owners):
        if owner in kept and len(kept[owner]) < weights[owner]:
            kept[owner].append(slot)
        else:
            free.append(slot)
    given = iter(free)
    return {
        id: _ranges(sorted([*slots, *(next(given) for _ in range(weights[id] - len(slots)))]))
        for id, slots in kept.items()
    }


def moved_shares(before: Sequence[tuple[int, str]], after: Sequence[tuple[int, str]]) -> Moved:
    """Count the slots that another model owns, and those that the shares had to move; sides are as `share_slots` says.

    Contiguous ranges shift where a share before them changes: more slots may move than the shares differ by.
    """
    was, now = share_sizes(before), share_sizes(after)
    owners = ([slug for slug, size in sizes.items() for _ in range(size)] for sizes in (was, now))
    slots = sum(old != new for old, new in zip(*owners, strict=False))
    return Moved(slots, sum(max(0, size - was.get(slug, 0)) for slug, size in now.items()))


def share_sizes(slots: Sequence[tuple[int, str]]) -> dict[str, int]:
    """Return the number of slots of each model that shares a load; `slots` are (first slot, model), in order."""
    ends = [*(first for first, _ in slots[1:]), SLOTS]
    return {slug: end - first for (first, slug), end in zip(slots, ends, strict=False)}


def _ranges(slots: list[int]) -> Ranges:
    """Join adjacent slots to ranges."""
    ranges: Ranges = []
    for slot in slots:
        if ranges and ranges[-1][1] == slot - 1:
            ranges[-1] = (ranges[-1][0], slot)
        else:
            ranges.append((slot, slot))
    return ranges


def _weight(experiment: Experiment, id: str) -> int:
    """Return the weight of a variant, 0 if the experiment has no such variant."""
    variant = experiment.variants.get(id)
    return 0 if variant is None else variant.weight
