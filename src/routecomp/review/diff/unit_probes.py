"""Two tables and a public model id in, units out whose slots meet every pair of variants before and after."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from routecomp.model.vocabulary import SLOTS
from routecomp.review.diff.compiled import Side
from routecomp.runtime.resolver import slot_of

_MOST_TRIED = 60_000
"""A slot of its own is met within so many units but in one of 400 cases; then the unit is sought further."""
_MOST_EVER = 600_000


def telling_units(before: Side, after: Side, public_id: str) -> list[str]:
    """Units that between them are given every pair (variant before, variant after) that some unit is given."""
    was = before.content["experiments"].get(public_id)
    now = after.content["experiments"].get(public_id)
    if was is None and now is None:
        return []
    wanted = _pairs(was, now)
    alone = was is None or now is None or was["salt"] == now["salt"]
    found: dict[tuple[int, int], str] = {}
    for number in range(_MOST_EVER if alone else _MOST_TRIED):
        unit = f"user-{number}"
        pair = _owner(was, unit), _owner(now, unit)
        if pair not in found:
            found[pair] = unit
            if len(found) == len(wanted):
                break
    return list(found.values())


def _pairs(was: Any, now: Any) -> set[tuple[int, int]]:
    if was is None or now is None or was["salt"] == now["salt"]:
        return {(_at(was, slot), _at(now, slot)) for slot in _starts(was, now)}
    # Other salts deal anew: any two may meet.
    return {(one, other) for _, one in was["slots"] for _, other in now["slots"]}


def _starts(was: Any, now: Any) -> set[int]:
    return {first for side in (was, now) if side is not None for first, _ in side["slots"] if first < SLOTS}


def _owner(experiment: Any, unit: str) -> int:
    return -1 if experiment is None else _at(experiment, slot_of(experiment["salt"], unit))


def _at(experiment: Any, slot: int) -> int:
    if experiment is None:
        return -1
    slots = experiment["slots"]
    return int(slots[bisect_right(slots, [slot, len(experiment["variants"])]) - 1][1])
