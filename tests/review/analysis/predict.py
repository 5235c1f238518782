"""Find the region of a request, step by step as a walk goes, and what it predicts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from typing import Any, NamedTuple

from routecomp.review.analysis.answer import Answer
from routecomp.review.analysis.axes import Filters, State
from routecomp.review.analysis.cases import Slots
from routecomp.review.analysis.cost_axis import CostAxis
from routecomp.review.analysis.explore import Budget, Region, Walk
from routecomp.review.analysis.routes import Called, Ways, lens_of
from routecomp.review.analysis.side import UNDECLARED, Side
from routecomp.review.analysis.space import Atom, Space
from routecomp.runtime.resolver import Decision, slot_of

FLAGS = frozenset({"alias", "tenant_unknown", "preference_inert", "preference_unknown"})
"""The reasons that a name, a tenant and a preference bring along, whatever else is asked."""


class Whole:
    """The question for everything: nothing is left out."""

    attempts: int | None = None

    def begin(self, walk: Walk, state: State) -> bool:
        """Keep where the walk begins, and walk nothing."""
        self.state = state
        return True

    def settled(self, walk: Walk, step: int, state: State) -> bool:
        """Settle nothing."""
        return False

    def report(self, walk: Walk, state: State, cell: int) -> dict[Any, Region]:
        """Report nothing: the states are looked at by themselves."""
        return {}


class Predicted(NamedTuple):
    """What a region says of each request in it."""

    status: str
    model: str | None
    chain: tuple[str, ...]
    shadows: tuple[str, ...]
    reasons: frozenset[str]
    assigned: tuple[object, ...]


class Partition:
    """The regions of all requests to one table."""

    def __init__(self, side: Side, space: Space) -> None:
        self.side, self.filters, self.ways = side, Filters((side,), space), Ways((side,))
        self.capabilities = {"streaming", *side.capabilities}
        self._walk = cache(self._begun)
        self._children = cache(self._left)
        self._cases = cache(lambda number, state: list(self.walks[number].cases.of(state)))
        self.walks: list[Walk] = []

    def predicts(self, request: Mapping[str, Any]) -> Predicted:
        """Return what the region of a request says of it."""
        argument = "feature" if "feature" in request else "model"
        tenant = request.get("tenant")
        if tenant is not None and tenant not in self.side.table.tenants:
            tenant = UNDECLARED
        number, state = self._walk(self.ways.of(argument, request[argument]), tenant)
        walk, cell = self.walks[number], 0
        for step, axis in enumerate(walk.axes):
            if step >= walk.trim_at:
                state = walk._trimmed_at(step, state)
            if isinstance(axis, CostAxis):
                capped = _capped(axis, state, request)
                if "max_cost_usd" in request:  # else all is left, and what caps would leave need not be known
                    children = self._children(number, step, state, cell)
                    assert (capped, 0) in children, (request, "a cap leaves what the walk does not know of")
                state = capped
                continue
            children = self._children(number, step, state, cell)
            place = _place(axis.name, axis.atoms, request, self.capabilities)
            state, cell = next(key for key, (_, members) in children.items() if members >> place & 1)
        state = walk._trimmed_at(len(walk.axes), state)
        return self._said(self._answer(number, state, request), request)

    def _begun(self, way: Called, tenant: str | None) -> tuple[int, State]:
        question = Whole()
        walk = Walk(self.filters, [lens_of(self.side, tenant, way.routes[0])], question, Budget())
        assert walk.run() == {}
        walk._prepare()
        self.walks.append(walk)
        return len(self.walks) - 1, question.state

    def _left(self, number: int, step: int, state: State, cell: int) -> Mapping[tuple[State, int], tuple[int, int]]:
        return self.walks[number].axes[step].children(state, cell)

    def _answer(self, number: int, state: State, request: Mapping[str, Any]) -> Answer:
        budget = _number(self.filters.budgets, request.get("latency_budget_ms"))
        unit = _unit(request)
        answers = [
            case.answers[0]
            for case in self._cases(number, state)
            if case.budgets[0] <= budget <= case.budgets[1] and all(_is_met(each, unit) for each in case.slots)
        ]
        assert len(answers) == 1, (request, answers)
        return answers[0]

    def _said(self, answer: Answer, request: Mapping[str, Any]) -> Predicted:
        slugs, unit = self.side.slugs, _unit(request)
        shadows = [
            slugs[mirror.place]
            for mirror in answer.mirrors
            if unit is not None and (not mirror.salt or slot_of(mirror.salt, unit) < mirror.sample)
        ]
        return Predicted(
            answer.status,
            None if answer.pick is None else slugs[answer.pick],
            tuple([slugs[place] for place in answer.chain]),
            tuple(shadows),
            frozenset(answer.reasons),
            answer.assigned,
        )


def decided(decision: Decision) -> Predicted:
    """Return what a resolver decided, in the words of a region."""
    assigned = (decision.experiment, decision.variant, decision.version)
    return Predicted(
        decision.status,
        decision.model if decision.status == "ok" else None,
        decision.chain,
        decision.shadows,
        frozenset(decision.reasons) - FLAGS,
        assigned if decision.experiment is not None else (),
    )


def _unit(request: Mapping[str, Any]) -> str | None:
    unit: str | None = request.get("unit", request.get("request_id"))
    return unit


def _is_met(slots: Slots, unit: str | None) -> bool:
    if unit is None or slots.first is None:
        return unit is None and slots.first is None
    return slots.first <= slot_of(slots.salt, unit) <= slots.last


def _place(name: str, atoms: Sequence[Atom], request: Mapping[str, Any], capabilities: Collection[str]) -> int:
    """Return the number of the atom in which a request has the argument of a filter; `capabilities` are known."""
    match name:
        case "stack":
            return _named(atoms, [request[name]] if name in request else [])
        case "unavailable":
            known = [atom.word for atom in atoms]
            return _named(atoms, [provider for provider in request.get(name, ()) if provider in known])
        case "capability" | "streaming":
            asked = {*request.get("capabilities", ())}
            asked |= {word for word, argument in (("streaming", "stream"), ("tools", "tools")) if request.get(argument)}
            return int(atoms[1].word in asked or (atoms[1].word == UNDECLARED and not asked.issubset(capabilities)))
        case "output":
            return _number(atoms, request.get("max_output_tokens"))
        case "total":
            return _number(atoms, request.get("input_tokens", 0) + request.get("max_output_tokens", 0))
    assert name == "floor"
    if "min_quality" in request:
        bp = int((request["min_quality"] * 10_000).to_integral_value(ROUND_CEILING))
        return _number(atoms, min(max(bp, -1), 10_001))
    return _named(atoms, [request["preference"]] if "preference" in request else [])


def _named(atoms: Sequence[Atom], names: Iterable[str]) -> int:
    words = [atom.word for atom in atoms]
    return next((words.index(name) if name in words else words.index(UNDECLARED) for name in names), 0)


def _number(atoms: Sequence[Atom], value: int | None) -> int:
    if value is None:
        return 0
    return next(
        number
        for number, atom in enumerate(atoms)
        if atom.low is not None and atom.high is not None and atom.low <= value <= atom.high
    )


def _capped(axis: CostAxis, state: State, request: Mapping[str, Any]) -> State:
    cap: Decimal | None = request.get("max_cost_usd")
    if cap is None:
        return axis._left(state, None)
    tokens, output = request["input_tokens"], request.get("max_output_tokens")
    most = int(cap.scaleb(12).to_integral_value(ROUND_FLOOR))
    prices = {price for prices in axis._prices for price in prices.values()}
    return axis._left(state, frozenset(price for price in prices if price.cost(tokens, output) <= most))
