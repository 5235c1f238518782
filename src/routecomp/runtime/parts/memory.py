"""Remember decisions for the calls that ask again; every store is bounded, and cleared when it is full."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from routecomp.runtime.parts.decide import _Decider, _new
from routecomp.runtime.parts.decision import Decision
from routecomp.runtime.parts.experiment import slot_of
from routecomp.runtime.parts.kinds import _is_text
from routecomp.runtime.parts.limits import _MAX_HINTED, _MAX_PLAIN, _MAX_VIEWS
from routecomp.runtime.parts.policy import _Policy
from routecomp.runtime.parts.ranked import _mirrors
from routecomp.runtime.parts.request import _Request
from routecomp.runtime.parts.view import _View


class _PolicyMemory:
    """The decisions of one policy for calls without hints."""

    __slots__ = ("by_feature", "by_model", "policy", "sticky")

    def __init__(self, policy: _Policy) -> None:
        self.policy = policy
        self.clear()

    def clear(self) -> None:
        """Drop everything that is remembered for the policy."""
        self.by_feature: dict[str, Decision] = {}
        self.by_model: dict[str, Decision] = {}
        # For calls with a `unit`, by public model id of an experiment: its salt with the colon, the decisions by slot,
        # the first slot of each range of slots, and one decision for each range.
        self.sticky: dict[str, tuple[bytes, dict[int, Decision], list[int], list[Decision]]] = {}


class _Memory:
    """What is remembered of the decisions of one decider. It is dropped as a whole when the files change."""

    def __init__(self, decider: _Decider) -> None:
        self.decider = decider
        table = decider.table
        self.policies = {} if table is None else {policy: _PolicyMemory(policy) for policy in table.policies.values()}
        # By tenant, None for no tenant: only tenants that ask, not all that are declared.
        self.by_tenant: dict[str | None, _PolicyMemory] = {}
        if table is not None:
            self.by_tenant[None] = self.policies[table.default]
        self.hinted: dict[Any, Decision] = {}  # by policy, feature, model and hints
        self.views: dict[Any, _View] = {}  # routes by policy, feature and model
        self._count = 0  # decisions of all policies

    def decide(self, request: _Request) -> Decision:
        """Return the decision for a request, and remember the policy of its tenant if the tenant is declared."""
        decider, table = self.decider, self.decider.table
        policy = decider.policy(request)
        if table is not None and (request.tenant is None or request.tenant in table.tenants):
            if len(self.by_tenant) >= _MAX_PLAIN:
                self.by_tenant = {None: self.policies[table.default]}
            self.by_tenant[request.tenant] = self.policies[policy]
        return decider.decide(request, policy)

    def decide_hinted(self, known: _PolicyMemory, request: _Request, key: tuple[Any, ...]) -> Decision:
        """Return the decision for a request without a preference, and remember its view by the head of the key.

        The head is policy, feature and model. A route that is not ranked, or that adds a flag, is not remembered.
        """
        decider = self.decider
        kind, name = decider.route(request)
        if decider.views is None or kind not in ("feature", "target", "logical") or request.flags:
            return decider.decide_route(kind, name, known.policy, request)
        view = decider.views.view(known.policy, kind, name)
        if len(self.views) >= _MAX_VIEWS:
            self.views = {}
        self.views[key[:3]] = view
        return decider.decide_ranked(view, request, 0)

    def keep_hinted(self, key: tuple[Any, ...], decision: Decision) -> None:
        """Remember the decision for a call with hints; a full store is cleared before."""
        if len(self.hinted) >= _MAX_HINTED:
            self.hinted = {}
        self.hinted[key] = decision

    def plain(self, known: _PolicyMemory, feature: Any, model: Any, tenant: Any) -> Decision:
        """Return the decision for a call without hints, and remember it if what the call names is declared.

        It is remembered by the policy, for its tenants alike.
        """
        request = _Request(feature, model, tenant, *(None,) * 13)
        decision, table = self.decider.decide(request, known.policy), self.decider.table
        # Names that nobody declared are not remembered: callers could make up any number of them.
        if table is not None and decision.route is not None:
            if feature is None and type(model) is str:
                self._keep(known.by_model, model, decision)
            elif model is None and type(feature) is str and (feature in table.features or feature in table.routes):
                self._keep(known.by_feature, feature, decision)
        return decision

    def personal(
        self, known: _PolicyMemory, feature: Any, model: Any, tenant: Any, unit: Any, request_id: Any
    ) -> Decision | None:
        """Return the decision for a call with `unit` or `request_id` and without hints.

        It differs from the decision without them by slot, variant and shadows alone. None if the call names both a
        feature and a model, or neither, or if an argument is not text.
        """
        if not (unit is None or _is_text(unit)) or not (request_id is None or _is_text(request_id)):
            return None
        table, views = self.decider.table, self.decider.views
        if model is None and type(feature) is str:
            plain = known.by_feature.get(feature) or self.plain(known, feature, None, tenant)
            if plain.source != "table" or plain.status != "ok" or views is None:
                return plain
            view = views.view(known.policy, "feature", feature)
            shadows = _mirrors(view, plain.model, unit if request_id is None else request_id, None)
            return plain._replace(shadows=shadows) if shadows else plain
        if feature is None and type(model) is str:
            plain = known.by_model.get(model) or self.plain(known, None, model, tenant)
            if plain.experiment is None or unit is None or table is None:
                return plain
            experiment, decide = table.experiments[model], self.decider.decide_experiment
            by_range = [decide(experiment, start, known.policy, _Request.of({})) for start in experiment.starts]
            known.sticky[model] = f"{experiment.salt}:".encode(), {}, experiment.starts, by_range
            return decide(experiment, slot_of(experiment.salt, unit), known.policy, _Request.of({}))
        return None

    def slotted(self, by_slot: dict[int, Decision], slot: int, starts: list[int], by_range: list[Decision]) -> Decision:
        """Return an experiment's decision for a slot, made of the decision of its range, and remember it."""
        of_range = by_range[bisect_right(starts, slot) - 1]
        decision = _new(Decision, (*of_range[:14], slot, *of_range[15:]))
        self._keep(by_slot, slot, decision)
        return decision

    def _keep(self, store: dict[Any, Decision], key: Any, decision: Decision) -> None:
        """Remember a decision in a store of a policy; when they are full, clear the stores of all policies together."""
        if self._count >= _MAX_PLAIN:
            self._count = 0
            for known in self.policies.values():
                known.clear()
        self._count += 1
        store[key] = decision
