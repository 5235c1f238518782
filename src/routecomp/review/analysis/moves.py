"""Find every move between two sides: the requests that are answered otherwise, grouped by what they are answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from routecomp.model.vocabulary import SLOTS
from routecomp.review.analysis.answer import Answer
from routecomp.review.analysis.axes import State, base_at
from routecomp.review.analysis.cases import Case, Slots
from routecomp.review.analysis.costs import Price
from routecomp.review.analysis.explore import GIVEN, Region, Walk
from routecomp.review.analysis.side import Side
from routecomp.runtime.resolver import Decision


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

    def __init__(self, endpoints: Endpoints, attempts: int | None = None) -> None:
        """Ask for moves; `attempts` is how many models of a chain matter, None as many as the policy tries."""
        self.attempts, self.endpoints = attempts, endpoints
        self._same_order: dict[int, bool] = {}
        self._changed, self._changed_from = 0, list[int]()

    def begin(self, walk: Walk, state: State) -> bool:
        """Compare what the two lenses of a walk have in common; return whether that settles all requests."""
        old, new = walk.lenses
        self._same_order, self._changed_from = {}, []
        self._same_context = old.context == new.context and walk.kept[0] == walk.kept[1]
        changed = self.endpoints.mask | _figures(old.side, new.side, cost=walk.filters.space.cost)
        self._base_at = base_at(walk.count)
        self._changed = changed | changed << walk.count | changed << 2 * walk.count | changed << self._base_at
        for place in range(walk.count):
            if old.load_of(place) != new.load_of(place):
                self._changed |= 1 << place | 1 << self._base_at + place
            if old.mirror_of(place) != new.mirror_of(place):
                self._changed |= 1 << walk.count + place
        if old.floors != new.floors:  # the axis of the floor says which models stand between them
            return False
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
        mask = (old | old >> self._base_at) & walk.candidates
        same = self._same_order.get(mask)
        if same is None:
            before, after = walk.lenses
            same = self._same_order[mask] = before.order_of(mask) == after.order_of(mask)
        return same

    def report(self, walk: Walk, state: State, cell: int) -> dict[Any, Region]:
        """Return the moves of the requests that leave a state."""
        moves: dict[Any, Region] = {}
        streamed = bool(state[0] > 0 and state[0] & walk.filters.streams)
        for case in walk.cases.of(state):
            before, after = case.answers
            differ = before.pick is not None and before.pick == after.pick
            differ = differ and self.endpoints.differ(before, after, streamed=streamed)
            if before == after and not differ:
                continue
            move = move_between(before, after, walk.lenses[0].side.slugs, elsewhere=differ)
            if move is None:
                continue
            if move.change == "mirrors":
                if not walk.filters.space.units or any(slots.first is None for slots in case.slots):
                    continue  # without an id nothing is mirrored
                case = case._replace(slots=(*case.slots, *_mirrored_once(before, after)))
            moves[move] = _joined(moves.get(move), case)
        return moves


def move_between(before: Answer, after: Answer, slugs: Sequence[str], *, elsewhere: bool) -> Move | None:
    """Return the move between two answers, the first change that applies; None if there is none.

    `elsewhere` says that both pick one model, and call it at different endpoints.
    """

    def name(answer: Answer) -> str:
        return answer.status if answer.pick is None else slugs[answer.pick]

    pair = name(before), name(after)
    if before.pick is None or after.pick is None:
        if before.pick is not None or after.pick is not None:
            return Move("answered" if before.pick is None else "rejected", *pair)
        if before.status != after.status:
            return Move("refusal", *pair)
    elif before.pick != after.pick:
        return Move("pick", *pair)
    elif elsewhere:
        return Move("endpoint", *pair)
    elif before.chain != after.chain:
        old, new = {*before.chain}, {*after.chain}
        return Move("chain", *pair, *[tuple(sorted(slugs[p] for p in only)) for only in (old - new, new - old)])
    elif before.mirrors != after.mirrors:
        rows = [tuple([m for m in a.mirrors if m not in b.mirrors]) for a, b in ((before, after), (after, before))]
        return Move("mirrors", *pair, *[tuple(sorted(slugs[m.place] for m in row)) for row in rows])
    words = [{*answer.reasons, *map(str, answer.assigned), str(answer.source)} for answer in (before, after)]
    only = [tuple(sorted(a - b)) for a, b in (words, words[::-1])]
    return Move("said", *pair, *only) if only[0] or only[1] else None


def _mirrored_once(before: Answer, after: Answer) -> tuple[Slots, ...]:
    """Return slots of units that one of two answers mirrors to a model, and the other does not."""
    ranges = [{mirror.place: mirror for mirror in answer.mirrors} for answer in (before, after)]
    for place in sorted({*ranges[0], *ranges[1]}):
        rows = [row.get(place) for row in ranges]
        if rows[0] == rows[1]:
            continue
        pair = [row for row in rows if row is not None]
        if len(pair) == 1:
            return (Slots(pair[0].salt, 0, pair[0].sample - 1),)
        inner, outer = sorted(pair, key=lambda row: row.sample)
        if inner.salt == outer.salt:
            return (Slots(inner.salt, inner.sample, outer.sample - 1),)
        return Slots(outer.salt, 0, outer.sample - 1), Slots(inner.salt, inner.sample, SLOTS - 1)
    raise AssertionError("the shadows are the same")


def _joined(known: Region | None, case: Case) -> Region:
    """Add a case to where a move was met: the first budget counts, and no budget before any."""
    first, last = case.budgets
    weight = GIVEN if first else 0
    ranges = [slots.last - slots.first + 1 for slots in case.slots if slots.first is not None]
    if ranges:
        weight += GIVEN + min(GIVEN - 1, sum((SLOTS // length).bit_length() for length in ranges))
    spans = ((1 << last + 1) - (1 << first),)
    path = first, case.slots
    if known is None:
        return Region(weight, path, spans)
    spans = (known.spans[0] | spans[0],)
    return Region(weight, path, spans) if weight < known.weight else known._replace(spans=spans)


def _figures(old: Side, new: Side, *, cost: bool) -> int:
    """Return the models that a report tells apart: on one side only, or with another quality or latency.

    With `cost`, those of another price too.
    """
    changed = 0
    for place in range(len(old.slugs)):
        models = old.models.get(place), new.models.get(place)
        old_figures, new_figures = [
            None if model is None else (model.quality, model.latency, Price.of(model) if cost else None)
            for model in models
        ]
        if old_figures is None or old_figures != new_figures:
            changed |= 1 << place
    return changed


def move_of_decisions(before: Decision, after: Decision) -> Move | None:
    """Return the move between two decisions on one request; None if there is none."""
    pair = str(before.model or before.status), str(after.model or after.status)
    old, new = {*before.chain}, {*after.chain}
    if before.status != "ok" or after.status != "ok":
        if before.status != after.status:
            is_answered, was_answered = after.status == "ok", before.status == "ok"
            return Move("answered" if is_answered else "rejected" if was_answered else "refusal", *pair)
    elif before.model != after.model:
        return Move("pick", *pair)
    elif before[3:9] != after[3:9]:
        return Move("endpoint", *pair)
    elif before.chain != after.chain:
        return Move("chain", *pair, tuple(sorted(old - new)), tuple(sorted(new - old)))
    elif before.shadows != after.shadows:
        only = {*before.shadows} - {*after.shadows}, {*after.shadows} - {*before.shadows}
        return Move("mirrors", *pair, *[tuple(sorted(names)) for names in only])
    words = [{*d.reasons, str(d.source), *map(str, (d.experiment, d.variant, d.version))} for d in (before, after)]
    if words[0] == words[1]:
        return None
    return Move("said", *pair, tuple(sorted(words[0] - words[1])), tuple(sorted(words[1] - words[0])))


class Endpoints:
    """The models of both sides that are called otherwise: at another address, streamed elsewhere, by another key."""

    def __init__(self, old: Side, new: Side) -> None:
        pairs = {place: (model, new.models[place]) for place, model in old.models.items() if place in new.models}
        self.addresses = {place for place, (a, b) in pairs.items() if a.endpoint[:5] != b.endpoint[:5]}
        self.streams = {place for place, (a, b) in pairs.items() if a.streamed[:5] != b.streamed[:5]} - self.addresses
        self.keys = {place: (a.endpoint[5], b.endpoint[5]) for place, (a, b) in pairs.items()}
        changed = {place for place, (old_key, new_key) in self.keys.items() if old_key != new_key}
        self.mask = sum(1 << place for place in self.addresses | self.streams | changed)

    def differ(self, before: Answer, after: Answer, *, streamed: bool) -> bool:
        """Return whether two answers with one pick call it otherwise; `streamed` says that the request streams."""
        place = before.pick
        assert place is not None
        old_key, new_key = self.keys[place]
        if (before.key or old_key) != (after.key or new_key):
            return True
        return place in self.addresses or (streamed and place in self.streams)
