"""List units that between them meet every pair of an owner before and an owner after a change.

Slots of an experiment are owned by its variants, slots of a logical model by the models that share its load.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from math import prod
from typing import Any

from routecomp.model.vocabulary import SLOTS
from routecomp.review.diff.decisions.compiled_side import CompiledSide
from routecomp.runtime.resolver import slot_of

_MAX_UNITS = 60_000
"""Units tried where both sides have different salts, so that a pair of variants may be rare."""
_MAX_UNITS_OF_SLOTS = 600_000
"""Units tried where pairs are known by slot: all but about one in 400 single slots are met within 60,000 units."""
_NO_VARIANT = -1


def unit_probes(before: CompiledSide, after: CompiledSide, public_id: str) -> list[str]:
    """Return units that between them get the pairs (variant before, variant after) that any unit gets, each once.

    Among the units that are tried, that is: a rare pair may be missing. A side without the experiment has no variant;
    where neither side has it, the result is empty.
    """
    old = before.content["experiments"].get(public_id)
    new = after.content["experiments"].get(public_id)
    if old is None and new is None:
        return []
    pairs = _pairs(old, new)
    most = _MAX_UNITS_OF_SLOTS if _share_slots(old, new) else _MAX_UNITS
    return _first_units(most, len(pairs), lambda unit: (_variant_of_unit(old, unit), _variant_of_unit(new, unit)))


def share_probes(before: CompiledSide, after: CompiledSide, dealt: tuple[str | None, str | None]) -> list[str]:
    """Return units that between them get the pairs (owner before, owner after) that any unit gets, each once.

    `dealt` are the logical models whose load is dealt before and after; None where none is.
    """
    sides = [
        (f"share:{logical}", [first for first, _ in side.content["shares"][logical]])
        for side, logical in zip((before, after), dealt, strict=True)
        if logical is not None
    ]
    if len({salt for salt, _ in sides}) == 1:
        starts = {first for _, firsts in sides for first in firsts}
        count, most = len(starts), _MAX_UNITS_OF_SLOTS
    else:
        count, most = len(sides) and prod(len(firsts) for _, firsts in sides), _MAX_UNITS

    def owners(unit: str) -> tuple[int, ...]:
        return tuple([bisect_right(firsts, slot_of(salt, unit)) for salt, firsts in sides])

    return _first_units(most, count, owners)


def _first_units(most: int, count: int, owners: Callable[[str], tuple[int, ...]]) -> list[str]:
    """Return the first unit of each of `count` different `owners`, among the first `most` units."""
    units: dict[tuple[int, ...], str] = {}
    for number in range(most if count else 0):
        units.setdefault(owners(f"user-{number}"), f"user-{number}")
        if len(units) == count:
            break
    return list(units.values())


def _share_slots(old: Any, new: Any) -> bool:
    """Return whether a unit has the same slot on both sides, or an experiment on one side only."""
    return old is None or new is None or old["salt"] == new["salt"]


def _pairs(old: Any, new: Any) -> set[tuple[int, int]]:
    """Return every pair of variants, by their numbers, that some unit may get; -1 stands for no experiment."""
    if _share_slots(old, new):
        return {(_variant_of_slot(old, slot), _variant_of_slot(new, slot)) for slot in _first_slots(old, new)}
    # Two salts assign slots independently of each other: any two variants may meet.
    return {(variant, other) for _, variant in old["slots"] for _, other in new["slots"]}


def _first_slots(old: Any, new: Any) -> set[int]:
    """Return the first slots of all ranges on both sides: between two of them no variant changes."""
    return {first for side in (old, new) if side is not None for first, _ in side["slots"] if first < SLOTS}


def _variant_of_unit(experiment: Any, unit: str) -> int:
    """Return the number of the variant that a unit gets; -1 without an experiment."""
    if experiment is None:
        return _NO_VARIANT
    return _variant_of_slot(experiment, slot_of(experiment["salt"], unit))


def _variant_of_slot(experiment: Any, slot: int) -> int:
    """Return the number of the variant that owns a slot; -1 without an experiment."""
    if experiment is None:
        return _NO_VARIANT
    slots = experiment["slots"]
    return int(slots[bisect_right(slots, [slot, len(experiment["variants"])]) - 1][1])
