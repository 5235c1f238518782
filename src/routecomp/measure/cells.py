"""Gather the calls of an experiment by slot and variant, and set aside those that no comparison may have."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from routecomp.measure.outcome import Outcome

APART: Final = ("no_unit", "paused_control", "variant_unavailable")
"""The reasons of a decision that say that who answered was not drawn."""


@dataclass(slots=True)
class Cell:
    """The calls of one slot that one variant served: how many, what came of them, and what they took.

    `squares` are those of each call's cost.
    """

    calls: int = 0
    failed: int = 0
    latencies: array[int] = field(default_factory=lambda: array("Q"))
    costs: int = 0
    cost: int = 0
    squares: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count a call."""
        self.calls += 1
        self.failed += outcome.outcome == "failed"
        if outcome.is_answered and outcome.latency_ms is not None:
            self.latencies.append(min(outcome.latency_ms, 2**63))
        if outcome.cost_pusd is not None:
            self.costs += 1
            self.cost += outcome.cost_pusd
            self.squares += outcome.cost_pusd**2


@dataclass(slots=True)
class VersionCells:
    """The calls that one version of a variant served."""

    calls: int = 0
    failed: int = 0
    first: str = ""
    last: str = ""


@dataclass
class Cells:
    """The calls of an experiment: who had which slot, what is compared, and what is counted apart.

    `owners` is the variant of each slot, as the YAML has it. `moved` are slots that another variant had, and on which
    day it last did; `strays` are those of them that another variant still had on the last day. `drawn`
    counts all calls of a slot that were drawn, whatever came of them.
    """

    owners: Sequence[str]
    variants: Sequence[str]
    cells: dict[tuple[int, str], Cell] = field(default_factory=dict)
    versions: dict[tuple[str, int], VersionCells] = field(default_factory=dict)
    apart: Counter[str] = field(default_factory=Counter)
    by_variant: Counter[tuple[str, str]] = field(default_factory=Counter)
    drawn: Counter[int] = field(default_factory=Counter)
    moved: dict[int, str] = field(default_factory=dict)
    days: set[str] = field(default_factory=set)
    calls: int = 0
    first: str = ""
    last: str = ""

    @property
    def strays(self) -> list[int]:
        """The slots that on the last day another variant had than the YAML says."""
        latest = max(self.days, default="")
        return sorted(slot for slot, day in self.moved.items() if day == latest)

    def add(self, outcome: Outcome) -> None:
        """Count a call of the experiment."""
        self.calls += 1
        self.days.add(outcome.day)
        self.first = min(self.first or outcome.begun_at, outcome.begun_at)
        self.last = max(self.last, outcome.begun_at)
        slot, variant = outcome.slot, outcome.variant
        reason = next((reason for reason in APART if reason in outcome.reasons), None)
        if reason in ("no_unit", "paused_control"):
            self.apart[reason] += 1
            return
        if variant is None or slot is None:
            self.apart["unassigned"] += 1
            return
        if variant not in self.variants:
            self.apart["unknown_variant"] += 1
            return
        self.drawn[slot] += 1
        if reason is not None:
            self.apart[reason] += 1
            self.by_variant[self.owners[slot], reason] += 1
            return
        if self.owners[slot] != variant:
            self.moved[slot] = max(self.moved.get(slot, ""), outcome.day)
        if outcome.outcome in ("rejected", "cancelled"):
            self.apart[outcome.outcome] += 1
            self.by_variant[variant, outcome.outcome] += 1
            return
        self.cells.setdefault((slot, variant), Cell()).add(outcome)
        if outcome.version is not None:
            version = self.versions.setdefault((variant, outcome.version), VersionCells())
            version.calls += 1
            version.failed += outcome.outcome == "failed"
            version.first = min(version.first or outcome.day, outcome.day)
            version.last = max(version.last, outcome.day)

    def aside(self) -> set[int]:
        """Return the slots that are compared by nobody: those that moved, and those between them.

        Of a range that moved some slots called only before or after it, which are other users than those who did both.
        """
        aside: set[int] = set()
        for slots in self._ranges() if self.moved else ():
            moved = [slot for slot in slots if slot in self.moved]
            if moved:
                aside.update(range(moved[0], moved[-1] + 1))
        return aside

    def compared(self, variant: str, aside: Collection[int]) -> dict[int, Cell]:
        """Return the cells of a variant by slot, but for those `aside`, in the order of the slots.

        So what is summed up does not depend on the order in which the calls were read.
        """
        own = sorted(slot for slot, owner in self.cells if owner == variant and slot not in aside)
        return {slot: self.cells[slot, variant] for slot in own}

    def _ranges(self) -> Iterator[range]:
        """Yield the ranges of slots that one variant owns."""
        first = 0
        for slot, owner in enumerate(self.owners, start=1):
            if slot == len(self.owners) or self.owners[slot] != owner:
                yield range(first, slot)
                first = slot


def until_completed(
    outcomes: Iterable[Outcome], owners: Sequence[str], winner: str | None
) -> tuple[list[Outcome], int]:
    """Return the calls before a winner served everyone, and how many came from then on.

    It did from the first day on which a slot of another variant got it, without a reason to.
    """
    calls = list(outcomes)
    if winner is None:
        return calls, 0
    foreign = (
        call.day
        for call in calls
        if call.variant == winner
        and call.slot is not None
        and owners[call.slot] != winner
        and not {*APART} & {*call.reasons}
    )
    day = min(foreign, default=None)
    if day is None:
        return calls, 0
    before = [call for call in calls if call.day < day]
    return before, len(calls) - len(before)
