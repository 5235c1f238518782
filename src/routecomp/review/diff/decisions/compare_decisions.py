"""Compare the decisions of two tables exactly, and group those that change alike.

Compared are all names a caller may send (features, targets, aliases, logical models, public model ids, models), for
all tenants, no tenant and an undeclared one, at no preference and at each preference, with the gate open. A decision
is left out only where everything that it reads is equal on both sides. The decisions are those of the resolver that
services run.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from routecomp.model.read_project import Progress
from routecomp.review.diff.decisions.callers import Callers, undeclared_feature
from routecomp.review.diff.decisions.compiled_side import PREFERENCES, CompiledSide, open_gates
from routecomp.review.diff.decisions.hint_probes import MAX_HINTS, Hints, hint_probes
from routecomp.review.diff.decisions.unit_probes import share_probes, unit_probes
from routecomp.review.diff.difference import CHANGES, RANK, Caller, Case, Decisions, Group, Severity
from routecomp.runtime.resolver import Decision

_MINOR_CHANGES = ("refusal", "said")
"""Changes that are not shown where only a hint brings them out: nobody may send that hint."""
_RANKED_KINDS = ("feature", "target", "logical", "alias")
_GroupKey = tuple[object, ...]


def compare_decisions(before: CompiledSide, after: CompiledSide, progress: Progress | None = None) -> Decisions:
    """Compare the decisions of two tables; while it runs, the gate variables of both are set in the environment."""
    with open_gates(before, after):
        return _Comparison(before, after).run(progress)


def change_of(before: Decision, after: Decision) -> str:
    """Return the key of `CHANGES` for two decisions that differ: the first that applies."""
    if before.status == "ok" and after.status != "ok":
        return "rejected"
    if after.status == "ok" and before.status != "ok":
        return "answered"
    if before.model != after.model:
        return "pick"
    if before[3:9] != after[3:9]:
        return "endpoint"
    if before.chain != after.chain:
        return "chain"
    return "refusal" if before.status != after.status else "said"


class _Comparison:
    """A comparison in progress.

    `_cases` are the changed decisions so far, by the key of their group; `_first` is the first of each group: both
    decisions, the request and the kind of route.
    """

    def __init__(self, before: CompiledSide, after: CompiledSide) -> None:
        self.before, self.after = before, after
        self.callers = Callers(before, after)
        hints = hint_probes(before, after)
        self.hints, self.hints_left_out = hints[:MAX_HINTS], max(0, len(hints) - MAX_HINTS)
        self._cases: dict[_GroupKey, list[Case]] = {}
        self._first: dict[_GroupKey, tuple[Decision, Decision, dict[str, object], str]] = {}
        self._share_units: dict[
            tuple[str | None, str | None], list[str]
        ] = {}  # by the logical models dealt before, after
        self._units: list[str] = []  # those by which an experiment of the name that is compared is probed
        self.compared = 0

    def run(self, progress: Progress | None) -> Decisions:
        """Compare everything once, and return the groups sorted; `progress` is called before each name."""
        for argument, name in self._names():
            if progress is not None:
                progress("comparing decisions", 0, 0)
            self._compare_route(argument, name)
        groups = sorted(self._groups(), key=_sort_key)
        changed = sum(
            case.caller.size for group in groups for case in group.cases if all(key == "unit" for key, _ in case.hints)
        )
        return Decisions(tuple(groups), self.compared, changed, self.hints_left_out)

    def _names(self) -> Iterator[tuple[str, str]]:
        """Yield every (argument, name) a request may give, and one undeclared feature.

        An alias of one thing on both sides is left out, and a pattern likewise.
        """
        before, after = self.before.content, self.after.content
        features = {name for side in (before, after) for name in (*side["features"], *side["defaults"]["routes"])}
        for name in (*sorted(features), undeclared_feature(self.before, self.after)):
            yield "feature", name
        old, new = self.before.aliases, self.after.aliases
        same = {name for name, route in old.items() if new.get(name) == route}
        unanswered = {name for side in (before, after) for name in side.get("unanswered", {})}
        for name in sorted({*self.before.route_kinds, *self.after.route_kinds, *unanswered} - same):
            yield "model", name

    def _compare_route(self, argument: str, name: str) -> None:
        """Compare the decisions on one name for every caller whose decision may differ.

        The decisions of the other callers are counted as compared too.
        """
        old, new = _route_kind(self.before, argument, name), _route_kind(self.after, argument, name)
        self._units = unit_probes(self.before, self.after, name) if "experiment" in (old, new) else []
        probes: list[Hints] = [(), *((("unit", unit),) for unit in self._units)]
        self.compared += self.callers.size * len(PREFERENCES) * len(probes)
        is_same_route = old == new and self._reads_same(new, name)
        is_ranked = old in _RANKED_KINDS or new in _RANKED_KINDS
        for caller, (old_policy, new_policy) in self.callers.ranked if is_ranked else self.callers.permitted:
            if is_same_route and old_policy == new_policy:
                continue
            for hints in probes:
                self._compare_preferences(argument, name, caller, hints, is_ranked)
            if is_ranked:
                self._compare_hints(argument, name, caller)

    @cached_property
    def _same_preferences(self) -> bool:
        return bool(self.before.content["preferences"] == self.after.content["preferences"])

    @cached_property
    def _same_ranking(self) -> bool:
        """Whether everything is equal that ranked routes read besides their own entry and the policy."""
        keys = ("models", "providers", "targets", "preferences", "resilience", "shares")
        return all(self.before.content[key] == self.after.content[key] for key in keys)

    def _reads_same(self, kind: str | None, name: str) -> bool:
        """Return whether a route of this kind on both sides reads equal values of both tables, apart from the policy.

        `kind` is that on both sides; `ladder`, and None for a name that leads nowhere, read the default models.
        """
        before, after = self.before.content, self.after.content
        if kind == "alias":
            old_route, new_route = self.before.leads_to(name), self.after.leads_to(name)
            return old_route is not None and old_route == new_route and self._reads_same(*old_route)
        if kind in ("target", "logical"):
            return self._same_ranking
        if kind == "feature":
            return bool(self._same_ranking and before["features"][name] == after["features"][name])
        if not self._same_preferences:
            return False
        if kind == "direct":
            return self._same_model(name)
        if kind == "experiment":
            experiment = before["experiments"][name]
            return experiment == after["experiments"][name] and all(
                self._same_model(variant["model"]) for variant in experiment["variants"]
            )
        old, new = ([side["defaults"]["routes"].get(name), side["defaults"]["model"]] for side in (before, after))
        return old == new and all(self._same_model(slug) for slug in old if slug is not None)

    def _same_model(self, slug: str) -> bool:
        """Return whether both tables have this model, and it and its provider are equal."""
        before, after = self.before.content, self.after.content
        model = before["models"].get(slug)
        return bool(
            model == after["models"].get(slug)
            and model is not None
            and before["providers"][model["provider"]] == after["providers"][model["provider"]]
        )

    def _compare_preferences(self, argument: str, name: str, caller: Caller, hints: Hints, is_ranked: bool) -> None:
        """Compare a request at every preference; where a preference cannot matter, repeat the result without one."""
        defaults = {
            None if side.content["preferences"] is None else side.content["preferences"]["default"]
            for side in (self.before, self.after)
        }
        plain_keys: list[tuple[Hints, _GroupKey]] = []
        for preference in PREFERENCES:
            case = Case(caller, preference, hints)
            # The default preference equals none, and a preference does nothing where nothing is ranked.
            is_as_plain = preference is not None and (
                defaults == {preference} or (not is_ranked and self._same_preferences)
            )
            if not is_as_plain:
                keys = self._compare_dealt(argument, name, case, is_ranked=is_ranked)
                plain_keys = keys if preference is None else plain_keys
            for more, key in plain_keys if is_as_plain else ():
                self._cases[key].append(Case(caller, preference, more))

    def _compare_dealt(self, argument: str, name: str, case: Case, *, is_ranked: bool) -> list[tuple[Hints, _GroupKey]]:
        """Compare one decision and, where its load is shared on a side, those for units that are dealt otherwise.

        Return the hints of those that changed, each with the key of its group. Only those without hints are counted.
        """
        units: list[str] = []
        if is_ranked and self._any_shares and all(key != "unit" for key, _ in case.hints):
            request = _request(argument, name, case)
            loads = self.before.load_of(request), self.after.load_of(request)
            if loads not in self._share_units:
                self._share_units[loads] = share_probes(self.before, self.after, loads)
            units = [unit for unit in self._share_units[loads] if unit not in self._units]
            self.compared += 0 if case.hints else case.caller.size * len(units)
        cases = [case, *(Case(case.caller, case.preference, (*case.hints, ("unit", unit))) for unit in units)]
        keys = [(each.hints, self._compare_case(argument, name, each)) for each in cases]
        return [(hints, key) for hints, key in keys if key is not None]

    @cached_property
    def _any_shares(self) -> bool:
        """Whether a load is shared on a side."""
        return bool(self.before.shared or self.after.shared)

    def _compare_hints(self, argument: str, name: str, caller: Caller) -> None:
        """Compare a request with each hint, without a preference, unless its decision differs without hints already."""
        if not self.hints:
            return
        request = _request(argument, name, Case(caller, None))
        if self.before.decide(request) != self.after.decide(request):
            return
        for hints in self.hints:
            self._compare_dealt(argument, name, Case(caller, None, hints), is_ranked=True)

    def _compare_case(self, argument: str, name: str, case: Case) -> _GroupKey | None:
        """Compare one decision; return the key of the group that the case joins, or None where it joins none.

        It joins none where nothing changed, or a hint brings out only a minor change.
        """
        request = _request(argument, name, case)
        before, after = self.before.decide(request), self.after.decide(request)
        if before == after:
            return None
        change = change_of(before, after)
        shown_hints = tuple((key, value) for key, value in case.hints if key != "unit")
        if shown_hints and change in _MINOR_CHANGES:
            return None
        key = argument, name, change, before.status, before.model, after.status, after.model, shown_hints
        if key not in self._cases:
            kind = _route_kind(self.after, argument, name) or _route_kind(self.before, argument, name) or "model"
            self._first[key] = before, after, request, kind
        self._cases.setdefault(key, []).append(case)
        return key

    def _groups(self) -> Iterator[Group]:
        """Yield the groups of the changed decisions, unsorted."""
        gates = tuple(sorted({side.gate for side in (self.before, self.after)} - {None}, key=str))
        for key, cases in self._cases.items():
            before, after, request, kind = self._first[key]
            change = str(key[2])
            severity = Severity.BREAKING if change == "rejected" else Severity.BEHAVIOURAL
            needed = tuple(str(gate) for gate in gates) if "preference" in request else ()
            yield Group(str(key[0]), str(key[1]), kind, change, severity, before, after, request, tuple(cases), needed)


def _route_kind(side: CompiledSide, argument: str, name: str) -> str | None:
    """Return the kind of route that a name leads to on one side; None for a model that it does not have.

    A feature that it does not have leads to the `ladder`.
    """
    if argument == "feature":
        return "feature" if name in side.content["features"] else "ladder"
    return side.route_kind(name)


def _sort_key(group: Group) -> tuple[object, ...]:
    """Sort groups by severity, those with a hint last, then by change and by name."""
    has_hints = any(key != "unit" for key, _ in group.cases[0].hints)
    return (
        RANK[group.severity],
        has_hints,
        list(CHANGES).index(group.change),
        group.argument,
        group.name,
        str(group.witness.get("tenant", "")),
    )


def _request(argument: str, name: str, case: Case) -> dict[str, Any]:
    """Return the request of a case: the keyword arguments of `resolve`, and JSON for `routecomp resolve`."""
    request: dict[str, Any] = {argument: name}
    if case.caller.tenant is not None:
        request["tenant"] = case.caller.tenant
    if case.preference is not None:
        request["preference"] = case.preference
    for key, value in case.hints:
        request[key] = list(value) if isinstance(value, tuple) else value
    return request
