"""Filter the models that are left of each side, along one argument of a request after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, TypeAlias

from routecomp.review.analysis.lens import FLOOR, POLICY, UNAVAILABLE, Lens
from routecomp.review.analysis.side import Side
from routecomp.review.analysis.space import (
    NOT_GIVEN,
    Atom,
    Space,
    capability_words,
    feasible,
    floor_atoms,
    joined_ranges,
    latency_atoms,
    output_atoms,
    stack_atoms,
    total_atoms,
)

State: TypeAlias = tuple[int, ...]
"""Of each side the mask of models that are left, or one of the codes above.

`Lens` says what its bits are; the highest one says that the dial gave way.
"""
Children: TypeAlias = dict[tuple[State, int], tuple[int, int]]
"""Each state below an axis, and what it hands down, to the number of its first atom and a mask of all its atoms."""


def base_at(count: int) -> int:
    """Return the first bit of the models that reach the floor's base, in a state that does not say yet which counts."""
    return 3 * count + 2


def joined(keys: Sequence[Any]) -> list[tuple[Any, int, int]]:
    """Return each key with the number of its first place and a mask of the numbers of all its places."""
    classes: dict[Any, tuple[int, int]] = {}
    for number, key in enumerate(keys):
        first, members = classes.get(key, (number, 0))
        classes[key] = first, members | 1 << number
    return [(key, *numbers) for key, numbers in classes.items()]


class Filter:
    """One filter over all models of some sides: its atoms, and of each side the models that pass at each of them.

    `differs` are the models that it treats otherwise on one side than on another.
    """

    def __init__(
        self, name: str, code: int, atoms: Sequence[Atom], sides: Sequence[Side], passing: Callable[[Side, Atom], int]
    ) -> None:
        self.name, self.code, self.atoms = name, code, atoms
        self.count = len(sides[0].slugs)
        self.group = "permission" if code == POLICY else "ability"
        self.masks = [[passing(side, atom) for atom in atoms] for side in sides]
        self.differs = 0
        for row in self.masks[1:]:
            for mask, first in zip(row, self.masks[0], strict=True):
                self.differs |= mask ^ first


class Axis:
    """A filter as a route sees it: its atoms, joined to classes that leave the same candidates of every side."""

    def __init__(self, filter_: Filter, lenses: Sequence[Lens], streams: int = 0) -> None:
        self.name, self.code, self.atoms, self.differs = filter_.name, filter_.code, filter_.atoms, filter_.differs
        count = filter_.count
        everything = (1 << count) - 1
        self._needed = [lens.needed for lens in lenses]
        rows = []
        for masks, lens in zip(filter_.masks, lenses, strict=True):
            # Shadows are filtered alike; above them is what permission alone filters.
            kept = 0 if filter_.group in lens.binds else everything
            above = 0 if filter_.group == "permission" else everything << 2 * count
            permission = filter_.group == "permission"
            row = []
            for atom, mask in zip(self.atoms, masks, strict=True):
                streamed = 0 if atom.word is None and filter_.name == "streaming" else streams
                passing = mask | kept | mask << count | (mask << 2 * count if permission else above)
                row.append(passing & lens.opened | streamed)
            rows.append(row)
        self.classes = joined(list(zip(*rows, strict=True)))

    def narrowed(self, state: State, masks: State) -> State:
        """Return what masks leave of a state."""
        left = []
        for old, mask, needed in zip(state, masks, self._needed, strict=True):
            new = old
            if old > 0:
                new = old & mask
                if needed and not new & needed:
                    new = self.code
            left.append(new)
        return tuple(left)

    def children(self, state: State, cell: int) -> Children:
        """Return each state that the filter leaves."""
        children: Children = {}
        for masks, first, members in self.classes:
            child = self.narrowed(state, masks), cell
            known = children.get(child)
            children[child] = (first, members) if known is None else (min(known[0], first), known[1] | members)
        return children


class Filters:
    """All filters of some sides over a space of requests, in their order; every route and policy shares them."""

    def __init__(self, sides: Sequence[Side], space: Space, *, streams: bool = False) -> None:
        """Cut a space into atoms; with `streams` a state tells whether the request streams, in the bit `streams`."""
        self.sides, self.space = tuple(sides), space
        self.streams = 1 << 3 * len(sides[0].slugs) + 1 if streams else 0
        self.plain = _plain_filters(sides, space)
        self.output = Filter(
            "output",
            UNAVAILABLE,
            output_atoms(space, sides),
            sides,
            lambda s, a: s.all if a.low is None else s.answering(a.low),
        )
        self.total = Filter(
            "total", UNAVAILABLE, total_atoms(space, sides), sides, lambda s, a: s.within_context(a.low or 0)
        )
        self.floors = floor_atoms(space, sides)
        self.of_quality = [
            {atom.low: side.of_quality(atom.low) for atom in self.floors if atom.low is not None} for side in sides
        ]
        self.budgets = latency_atoms(space, sides)
        self.afforded: dict[object, list[Any]] = {}  # what the caps of cost of all walks remember
        self.differs = 0
        for filter_ in (*self.plain, self.output, self.total):
            self.differs |= filter_.differs
        for masks in self.of_quality[1:]:
            for floor, mask in masks.items():
                self.differs |= mask ^ self.reaching(0, floor)

    def reaching(self, side: int, floor: int) -> int:
        """Return the models of a side that reach a floor."""
        masks = self.of_quality[side]
        if floor not in masks:
            masks[floor] = self.sides[side].of_quality(floor)
        return masks[floor]


def _plain_filters(sides: Sequence[Side], space: Space) -> list[Filter]:
    """Return the filters of stacks, outages and capabilities, in their order."""

    def axis(name: str, code: int, atoms: list[Atom], passing: Callable[[Side, Atom], int]) -> Filter:
        return Filter(name, code, atoms, sides, passing)

    axes = [
        axis("stack", POLICY, stack_atoms(space, sides), lambda s, a: s.all if a.word is None else s.on_stack(a.word))
    ]
    if space.outages:
        outages = [NOT_GIVEN, *(Atom(word=name) for name in space.outages)]
        axes.append(
            axis("unavailable", UNAVAILABLE, outages, lambda s, a: s.all if a.word is None else s.without(a.word))
        )
    for word in capability_words(space, sides):
        asked = [NOT_GIVEN, Atom(word=word)]
        axes.append(
            axis(
                "streaming" if word == "streaming" else "capability",
                UNAVAILABLE,
                asked,
                lambda s, a: s.all if a.word is None else s.with_capability(a.word),
            )
        )
    return axes


class OutputAxis(Axis):
    """The filters of `max_output_tokens`. It hands down which totals of tokens are feasible with an atom."""

    handed_down: list[int]
    keeps_classes = False
    """Whether the number of the class is handed down, in place of which totals are feasible."""

    def children(self, state: State, cell: int) -> Children:
        """Return each state that the filters leave, with the number of its class."""
        children: Children = {}
        for number, (masks, first, members) in enumerate(self.classes):
            child = self.narrowed(state, masks), number if self.keeps_classes else self.handed_down[number]
            known = children.get(child)
            children[child] = (first, members) if known is None else (min(known[0], first), known[1] | members)
        return children

    def members(self, number: int) -> list[int]:
        """Return the numbers of all atoms in the class of an atom."""
        mask = next(members for _, _, members in self.classes if members >> number & 1)
        return [place for place in range(mask.bit_length()) if mask >> place & 1]


class TotalAxis(Axis):
    """The filter of the context window, by the tokens in and out together."""

    def __init__(self, filters: Filters, lenses: Sequence[Lens], output: OutputAxis) -> None:
        super().__init__(filters.total, lenses, filters.streams)
        atoms, space = self.atoms, filters.space
        self._feasible: list[list[tuple[State, int, int]]] = []
        numbers: dict[tuple[int, ...], int] = {}
        output.handed_down = []
        output.keeps_classes = self._keeps = space.cost
        self.trim: Callable[[State], State] = lambda state: state
        self.cells: list[list[tuple[Atom, Atom]]] = []
        self._cell_of: dict[tuple[int, int], int] = {}
        self._output, self._space = output, space
        for _, _, members in output.classes:
            outputs = [atom for number, atom in enumerate(output.atoms) if members >> number & 1]
            fitting = tuple(
                [
                    sum(
                        1 << n
                        for n, a in enumerate(atoms)
                        if within >> n & 1 and any(feasible(o, a, space) for o in outputs)
                    )
                    for _, _, within in self.classes
                ]
            )
            if fitting not in numbers:
                numbers[fitting] = len(self._feasible)
                self._feasible.append(
                    [
                        (masks, (mask & -mask).bit_length() - 1, mask)
                        for (masks, _, _), mask in zip(self.classes, fitting, strict=True)
                        if mask
                    ]
                )
            output.handed_down.append(numbers[fitting])

    def children(self, state: State, cell: int) -> Children:
        """Return each state that the filter leaves, of the totals that are feasible."""
        children: Children = {}
        fitting = self._feasible[self._output.handed_down[cell] if self._keeps else cell]
        for masks, first, members in fitting:
            child = self.trim(self.narrowed(state, masks)), 0
            known = children.get(child)
            children[child] = (first, members) if known is None else (min(known[0], first), known[1] | members)
        if not self._keeps:
            return children
        return {(left, self._cell(cell, totals[1])): totals for (left, _), totals in children.items()}

    def _cell(self, output: int, members: int) -> int:
        """Return the number of the tokens in a class of outputs and some totals; `cells` has their ranges."""
        known = self._cell_of.get((output, members))
        if known is None:
            known = self._cell_of[output, members] = len(self.cells)
            within = self._output.classes[output][2]
            outputs = [atom for number, atom in enumerate(self._output.atoms) if within >> number & 1]
            totals = [atom for number, atom in enumerate(self.atoms) if members >> number & 1]
            pairs = product(joined_ranges(outputs), joined_ranges(totals))
            self.cells.append([(o, t) for o, t in pairs if feasible(o, t, self._space)])
        return known


class FloorAxis:
    """The filter of quality, with the dial: a floor that it moved gives way to its base where nothing reaches it."""

    name = "floor"

    def __init__(self, filters: Filters, lenses: Sequence[Lens]) -> None:
        self.atoms, self.differs = filters.floors, 0
        count = filters.total.count
        self._relaxed, self._base_at = 1 << 3 * count, base_at(count)
        self._keeps_base = filters.space.cost
        self._needed = [lens.needed for lens in lenses]
        others = ((1 << 2 * count) - 1) << count
        keys: list[tuple[tuple[int, int], ...]] = []
        for atom in self.atoms:
            pairs = []
            for side, lens in enumerate(lenses):
                if "demand" not in lens.binds:
                    pairs.append((lens.opened | filters.streams, 0))
                    continue
                floor, base = (atom.low, atom.low) if atom.low is not None else lens.floor(atom.word)
                above, below = [
                    (filters.reaching(side, bound) | others) & lens.opened | filters.streams for bound in (floor, base)
                ]
                pairs.append((above, 0 if base == floor else below))
            for pair in pairs[1:]:
                self.differs |= (pair[0] ^ pairs[0][0]) | (pair[1] ^ pairs[0][1])
            keys.append(tuple(pairs))
        self.classes: list[tuple[Any, int, int]] = joined(keys)

    def children(self, state: State, cell: int) -> Children:
        """Return each state that the floor leaves."""
        children: Children = {}
        for pairs, first, members in self.classes:
            left = []
            for old, (above, base), needed in zip(state, pairs, self._needed, strict=True):
                new = old
                if old > 0:
                    new = old & above
                    if self._keeps_base and base:  # whether the dial gives way depends on what the rest costs
                        below = old & base & needed
                        new = new | below << self._base_at if below or new & needed else FLOOR
                    elif needed and not new & needed:
                        new = old & base
                        new = new | self._relaxed if new & needed else FLOOR
                left.append(new)
            child = tuple(left), cell
            known = children.get(child)
            children[child] = (first, members) if known is None else (min(known[0], first), known[1] | members)
        return children
