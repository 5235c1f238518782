"""Ask routecomp what may answer a name: the model itself, another, or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routecomp.runtime.resolver import Decision, Router
from routecomp_litellm.groups import Groups
from routecomp_litellm.names import HIDDEN

_WHO = ("tenant", "unit", "request_id")
_STATUS = {"rejected_policy": 403, "rejected_experiment": 403, "rejected_unavailable": 503, "unknown_model": 404}


class Rejected(Exception):
    """The policy answers a call with no model; the proxy answers its caller with `status_code`."""

    def __init__(self, decision: Decision, name: str | None = None) -> None:
        """Tell of a decision without a model or, with `name`, of a model that its caller may not have by that name."""
        self.decision = decision
        status = decision.status if name is None else "rejected_policy"
        self.status_code = _STATUS.get(status, 422)
        reasons = f" ({', '.join(decision.reasons)})" if decision.reasons else ""
        super().__init__(f"{status}: no model of `{name or decision.route_name}` may answer this request{reasons}")


class Policy:
    """The policy over the names of one request.

    A caller's hints and its feature count for the model that it asks for. Of any other name only is asked whether this
    tenant may have it.
    """

    def __init__(self, router: Router, request: Mapping[str, Any], groups: Groups) -> None:
        self._router = router
        self._request = request
        self._who = {name: request[name] for name in _WHO if name in request}
        self._groups = groups

    def asked(self) -> Decision:
        """Return what routecomp answers the request with."""
        return self._resolve(self._request)

    def decision(self, name: str) -> Decision:
        """Return what routecomp answers a name with."""
        return self._resolve({**self._who, "model": name})

    def _resolve(self, request: Mapping[str, Any]) -> Decision:
        """Return the decision of a request, whose `model` may be a feature as well: an export makes groups of both."""
        decision = self._router.resolve_request(dict(request))
        name = request.get("model")
        if decision.status == "unknown_model" and isinstance(name, str):
            others = {key: value for key, value in request.items() if key != "model"}
            by_feature = self._router.resolve_request({**others, "feature": name})
            if "feature_unknown" not in by_feature.reasons:
                return by_feature
        return decision

    def refusal(self, name: str) -> Rejected | None:
        """Return why the group of a name may not be called as it is, and None where it may."""
        decision = self.decision(name)
        if name.startswith(HIDDEN):
            return Rejected(decision, name)
        if decision.status == "unknown_model":
            return None
        if decision.model is None:
            return Rejected(decision)
        return Rejected(decision, name) if self.is_other_model(name, decision) else None

    def refusal_within(self, name: str, deployment: Any) -> Rejected | None:
        """Return why a deployment of a group may not be called that has a target's name, an alias or the like.

        Such a group was made for one tenant; of the models in it this one may be refused to another.
        """
        if not self._is_target(name):
            return None
        slugs = [group.removeprefix(HIDDEN) for group in self._groups.alike(deployment)]
        chain = self.decision(name).chain
        refusals = [None if slug in chain else self.refusal(slug) for slug in slugs if self._is_model(slug)]
        return None if None in refusals else next(iter(refusals), None)

    def _is_target(self, name: str) -> bool:
        """Whether a name is known that is no model's own: a target, an alias, a public model id or the like."""
        return not self._is_model(name) and self.decision(name).status != "unknown_model"

    def _is_model(self, name: str) -> bool:
        return self._router.facts.model(name) is not None

    def is_other_model(self, name: str, decision: Decision) -> bool:
        """Whether a name is a model's own slug, and the decision is not for that model."""
        return name not in decision.chain and self._is_model(name)

    def look(self, name: str) -> str:
        """Return a name, or raise Rejected where it may not be called as it is, whatever LiteLLM calls the group."""
        if (refusal := self.refusal(name)) is not None:
            raise refusal
        behind = self._groups.behind(name)
        groups = [group for group in behind if not self._is_target(group)] or behind
        refusals = [self.refusal(group) for group in groups]
        if None not in refusals:
            for refusal in filter(None, refusals):
                raise refusal
        return name

    def stand_in(self, name: str) -> str:
        """Return the group to call for a name, the name itself where only LiteLLM knows it; raise Rejected."""
        decision = self.decision(name)
        if decision.model is not None and not name.startswith(HIDDEN):
            groups = self.groups_of(decision)
            if groups:
                return groups[0]
        return self.look(name)

    def groups_of(self, decision: Decision) -> list[str]:
        """Return the groups of LiteLLM for a decision's chain, without the models that have none."""
        return [name for slug in decision.chain if (name := self._groups.of(slug)) is not None]
