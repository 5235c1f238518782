"""Find every move between two sides: the requests that are answered otherwise, grouped by what they are answered."""

from __future__ import annotations

from typing import Any, NamedTuple

from routecomp.review.analysis.answer import Answer
from routecomp.review.analysis.axes import State
from routecomp.review.analysis.cases import Case
from routecomp.review.analysis.explore import Found, Walk
from routecomp.review.analysis.side import Side

CHANGES = ("rejected", "answered", "pick", "endpoint", "chain", "refusal", "mirrors", "said")
"""Every way a decision changes; a move is the first that applies."""


class Move(NamedTuple):
    """What a region of requests is answered before, and after.

    `before` and `after` are the model that is picked, or the status of a rejection; where the pick stays, `left` and
    `entered` are the models that only one of the chains has, and the reasons that only one side gives.
    """

    change: str
    before: str
    after: str
    left: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()


class Moves:
    """The question which requests two sides answer otherwise."""

    def __init__(self, endpoints: frozenset[int], attempts: int | None = None) -> None:
        """Ask for moves; `endpoints` are the places of models that both sides have at different endpoints."""
        self.attempts, self.endpoints = attempts, endpoints
        self._mask = sum(1 << place for place in endpoints)
        self._same_order: dict[int, bool] = {}
        self._changed, self._changed_from = 0, list[int]()

    def begin(self, walk: Walk, state: State) -> bool:
        """Compare what the two lenses of a walk have in common; return whether that settles all requests."""
        old, new = walk.lenses
        self._same_order, self._changed_from = {}, []
        self._same_context = old.context == new.context and walk.kept[0] == walk.kept[1]
        changed = self._mask | _figures(old.side, new.side)
        self._changed = changed | changed << walk.count | changed << 2 * walk.count
        differs = walk.filters.differs
        everywhere = differs | differs << walk.count | differs << 2 * walk.count
        return self._is_same(walk, state, self._changed | everywhere)

    def settled(self, walk: Walk, step: int, state: State) -> bool:
        """Return whether no request below this state is answered otherwise."""
        if not self._changed_from:  # of each step the models that some later step tells apart
            differs = [axis.differs | axis.differs << walk.count | axis.differs << 2 * walk.count for axis in walk.axes]
            self._changed_from = [self._changed] * (len(differs) + 1)
            for number in range(len(differs) - 1, -1, -1):
                self._changed_from[number] = self._changed_from[number + 1] | differs[number]
        return self._is_same(walk, state, self._changed_from[step])

    def _is_same(self, walk: Walk, state: State, changed: int) -> bool:
        """Return whether what is left of both sides is the same models, in the same orders, none of them changed."""
        old, new = state
        if old != new:
            return False
        if old < 0:
            return True
        if not self._same_context or old & changed:
            return False
        mask = old & walk.candidates
        same = self._same_order.get(mask)
        if same is None:
            before, after = walk.lenses
            same = self._same_order[mask] = before.order_of(mask) == after.order_of(mask)
        return same

    def report(self, walk: Walk, state: State, cell: int) -> dict[Any, Found]:
        """Return the moves of the requests that leave a state."""
        moves: dict[Any, Found] = {}
        for case in walk.cases.of(state):
            before, after = case.answers
            if before == after and before.pick not in self.endpoints:
                continue
            move = self._move(walk, before, after)
            if move is None:
                continue
            moves[move] = _joined(moves.get(move), case)
        return moves

    def _move(self, walk: Walk, before: Answer, after: Answer) -> Move | None:
        """Return the move between two answers; None if there is none."""
        slugs = walk.lenses[0].side.slugs

        def name(answer: Answer) -> str:
            return answer.status if answer.pick is None else slugs[answer.pick]

        pair = name(before), name(after)
        if before.pick is None or after.pick is None:
            if before.pick is None and after.pick is None:
                return Move("refusal", *pair)
            return Move("answered" if before.pick is None else "rejected", *pair)
        if before.pick != after.pick:
            return Move("pick", *pair)
        if before.pick in self.endpoints:
            return Move("endpoint", *pair)
        if before.chain != after.chain:
            return Move("chain", *pair, *_only(before.chain, after.chain, slugs))
        if before.mirrors != after.mirrors:
            rows = [tuple([m for m in a.mirrors if m not in b.mirrors]) for a, b in ((before, after), (after, before))]
            return Move("mirrors", *pair, *[tuple(sorted(slugs[m.place] for m in row)) for row in rows])
        said = [tuple(sorted({*a.reasons} - {*b.reasons})) for a, b in ((before, after), (after, before))]
        return Move("said", *pair, *said) if said[0] or said[1] else None


def _only(before: tuple[int, ...], after: tuple[int, ...], slugs: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the models that only one of two chains has, sorted."""
    old, new = {*before}, {*after}
    return tuple(sorted(slugs[place] for place in old - new)), tuple(sorted(slugs[place] for place in new - old))


def _joined(known: Found | None, case: Case) -> Found:
    """Add a case to where a move was met: the first budget counts, and no budget before any."""
    first, last = case.budgets
    weight = (1 if first else 0) + sum(1 for slots in case.slots if slots.first is not None)
    spans = ((1 << last + 1) - (1 << first),)
    path = first, case.slots
    if known is None:
        return Found(weight, path, spans)
    spans = (known.spans[0] | spans[0],)
    return Found(weight, path, spans) if weight < known.weight else known._replace(spans=spans)


def _figures(old: Side, new: Side) -> int:
    """Return the models that a report tells apart: on one side only, or with another quality or latency."""
    changed = 0
    for place in range(len(old.slugs)):
        models = old.models.get(place), new.models.get(place)
        if models[0] is None or models[1] is None:
            changed |= 1 << place
        elif any(getattr(models[0], figure) != getattr(models[1], figure) for figure in ("quality", "latency")):
            changed |= 1 << place
    return changed


def changed_endpoints(old: Side, new: Side) -> frozenset[int]:
    """Return the places of models that both sides have, at different endpoints."""
    return frozenset(
        place
        for place, model in old.models.items()
        if place in new.models
        and (model.endpoint, model.streamed) != (new.models[place].endpoint, new.models[place].streamed)
    )
