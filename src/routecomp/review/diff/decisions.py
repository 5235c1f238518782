"""Two tables in, every decision that differs between them out, grouped by equal change.

Compared are all names a caller may send (features, targets, aliases, logical models, public model ids, models)
x all tenants, no tenant and an undeclared one x all positions of the dial with the gate open. That is exact: what
is left out is equal on both sides, because all that it reads is. The decisions are the shipped resolver's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from routecomp.review.diff.callers import Callers, undeclared_feature
from routecomp.review.diff.compiled import PREFERENCES, Side, open_gates
from routecomp.review.diff.difference import CHANGES, RANK, Caller, Case, Decisions, Group, Severity
from routecomp.review.diff.probes import MOST, Hints, telling_hints
from routecomp.review.diff.unit_probes import telling_units
from routecomp.runtime.resolver import Decision

_FAINT = ("refusal", "said")
"""What is no reason to tell of a hint that nobody may send."""
_RANKED = ("feature", "target", "logical", "alias")
Tell = Callable[[str, int, int], None]
Requests = tuple[str, str]
"""The argument and the name it gives: `feature` or `model`, and one of their names."""


def compare_decisions(before: Side, after: Side, tell: Tell | None = None) -> Decisions:
    """Compare the decisions of two tables."""
    with open_gates(before, after):
        return _Comparison(before, after).run(tell or (lambda what, done, total: None))


class _Comparison:
    """One comparison under way; `_cases` are the changed decisions found so far, by what groups them."""

    def __init__(self, before: Side, after: Side) -> None:
        self.before, self.after = before, after
        self.callers = Callers(before, after)
        hints = telling_hints(before, after)
        self.hints, self.left_out = hints[:MOST], max(0, len(hints) - MOST)
        self._cases: dict[tuple[object, ...], list[Case]] = {}
        self._first: dict[tuple[object, ...], tuple[Decision, Decision, dict[str, object], str]] = {}
        self.compared = 0

    def run(self, tell: Tell) -> Decisions:
        for argument, name in self._names():
            tell("comparing decisions", 0, 0)
            before, after = self._kind(self.before, argument, name), self._kind(self.after, argument, name)
            units = telling_units(self.before, self.after, name) if "experiment" in (before, after) else []
            own: list[Hints] = [(), *((("unit", unit),) for unit in units)]
            self.compared += self.callers.size * len(PREFERENCES) * len(own)
            same = before == after and self._same(after, name)
            ranked = before in _RANKED or after in _RANKED
            members = self.callers.ranked if ranked else self.callers.permitted
            for caller, (was, now) in members:
                if same and was == now:
                    continue
                for hints in own:
                    self._positions(argument, name, caller, hints, ranked)
                if ranked:
                    self._hinted(argument, name, caller)
        groups = sorted(self._groups(), key=_weight)
        plain = sum(
            case.caller.size for group in groups for case in group.cases if all(key == "unit" for key, _ in case.hints)
        )
        return Decisions(tuple(groups), self.compared, plain, self.left_out)

    def _names(self) -> Iterator[Requests]:
        """Every name a request may give. An alias of the same target on both sides is that target."""
        sides = self.before.content, self.after.content
        features = {name for side in sides for name in (*side["features"], *side["defaults"]["routes"])}
        for name in (*sorted(features), undeclared_feature(self.before, self.after)):
            yield "feature", name
        one, other = (side["aliases"] for side in sides)
        same = {name for name, target in one.items() if other.get(name) == target}
        for name in sorted({*self.before.kinds, *self.after.kinds} - same):
            yield "model", name

    @staticmethod
    def _kind(side: Side, argument: str, name: str) -> str | None:
        if argument == "feature":
            return "feature" if name in side.content["features"] else "ladder"
        return side.kinds.get(name)

    @cached_property
    def _same_preferences(self) -> bool:
        return bool(self.before.content["preferences"] == self.after.content["preferences"])

    @cached_property
    def _same_ranking(self) -> bool:
        """Whether all is equal that ranked routes read besides their own entry and the policy."""
        one, other = self.before.content, self.after.content
        keys = ("models", "providers", "targets", "preferences", "resilience")
        return all(one[key] == other[key] for key in keys)

    def _same(self, kind: str | None, name: str) -> bool:
        """Whether a route of this kind on both sides reads the same of both tables, the policy apart."""
        one, other = self.before.content, self.after.content
        if kind == "alias":
            return bool(self._same_ranking and one["aliases"][name] == other["aliases"][name])
        if kind in ("target", "logical"):
            return self._same_ranking
        if kind == "feature":
            return bool(self._same_ranking and one["features"][name] == other["features"][name])
        if not self._same_preferences:
            return False
        if kind == "direct":
            return self._same_model(name)
        if kind == "experiment":
            entry = one["experiments"][name]
            return entry == other["experiments"][name] and all(
                self._same_model(variant["model"]) for variant in entry["variants"]
            )
        was, now = ([side["defaults"]["routes"].get(name), side["defaults"]["model"]] for side in (one, other))
        return was == now and all(self._same_model(slug) for slug in was if slug is not None)

    def _same_model(self, slug: str) -> bool:
        one, other = self.before.content, self.after.content
        model = one["models"].get(slug)
        return bool(
            model == other["models"].get(slug)
            and model is not None
            and one["providers"][model["provider"]] == other["providers"][model["provider"]]
        )

    def _positions(self, argument: str, name: str, caller: Caller, hints: Hints, ranked: bool) -> None:
        """Compare one request at every position of the dial; those that cannot differ are not asked twice."""
        defaults = {
            None if side.content["preferences"] is None else side.content["preferences"]["default"]
            for side in (self.before, self.after)
        }
        plain: tuple[object, ...] | None = None
        for preference in PREFERENCES:
            case = Case(caller, preference, hints)
            # A default is no preference at all; and where nothing is ranked, the dial has nothing to move.
            known = preference is not None and (defaults == {preference} or (not ranked and self._same_preferences))
            if not known:
                key = self._ask(argument, name, case)
                plain = key if preference is None else plain
            elif plain is not None:
                self._cases[plain].append(case)

    def _hinted(self, argument: str, name: str, caller: Caller) -> None:
        """Compare a request with the hints that a change makes telling, unless it differs without them."""
        if not self.hints or self._differs(argument, name, caller):
            return
        for hints in self.hints:
            self._ask(argument, name, Case(caller, None, hints))

    def _differs(self, argument: str, name: str, caller: Caller) -> bool:
        request = _request(argument, name, Case(caller, None))
        return self.before.decide(request) != self.after.decide(request)

    def _ask(self, argument: str, name: str, case: Case) -> tuple[object, ...] | None:
        """Compare one decision; the key of the group it joins, or None where it did not change."""
        request = _request(argument, name, case)
        was, now = self.before.decide(request), self.after.decide(request)
        if was == now:
            return None
        change = change_of(was, now)
        shown = tuple((key, value) for key, value in case.hints if key != "unit")
        if shown and change in _FAINT:
            return None
        key = argument, name, change, was.status, was.model, now.status, now.model, shown
        if key not in self._cases:
            kind = self._kind(self.after, argument, name) or self._kind(self.before, argument, name) or "model"
            self._first[key] = was, now, request, kind
        self._cases.setdefault(key, []).append(case)
        return key

    def _groups(self) -> Iterator[Group]:
        gates = tuple(sorted({side.gate for side in (self.before, self.after)} - {None}, key=str))
        for key, cases in self._cases.items():
            was, now, request, kind = self._first[key]
            change = str(key[2])
            severity = Severity.BREAKING if change == "rejected" else Severity.BEHAVIOURAL
            opened = tuple(str(gate) for gate in gates) if "preference" in request else ()
            yield Group(str(key[0]), str(key[1]), kind, change, severity, was, now, request, tuple(cases), opened)


def _weight(group: Group) -> tuple[object, ...]:
    """Where a group stands among all: the heaviest first, then what every caller notices."""
    hinted = any(key != "unit" for key, _ in group.cases[0].hints)
    return (
        RANK[group.severity],
        hinted,
        list(CHANGES).index(group.change),
        group.argument,
        group.name,
        str(group.witness.get("tenant", "")),
    )


def change_of(was: Decision, now: Decision) -> str:
    """Which of `CHANGES` it is, of two decisions that differ."""
    if was.status == "ok" and now.status != "ok":
        return "rejected"
    if now.status == "ok" and was.status != "ok":
        return "answered"
    if was.model != now.model:
        return "pick"
    if was[3:9] != now[3:9]:
        return "endpoint"
    if was.chain != now.chain:
        return "chain"
    return "refusal" if was.status != now.status else "said"


def _request(argument: str, name: str, case: Case) -> dict[str, Any]:
    """The request of a case: keywords of `resolve`, and JSON for the command of that name."""
    request: dict[str, Any] = {argument: name}
    if case.caller.tenant is not None:
        request["tenant"] = case.caller.tenant
    if case.preference is not None:
        request["preference"] = case.preference
    for key, value in case.hints:
        request[key] = list(value) if isinstance(value, tuple) else value
    return request
