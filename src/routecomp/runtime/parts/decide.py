"""Decide: find the route, walk the filters, build the decision."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any, Final

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.decision import Decision
from routecomp.runtime.parts.experiment import _Experiment, slot_of
from routecomp.runtime.parts.limits import _MOST_PLAIN, _MOST_VIEWS
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.policy import _NO_POLICY, _Policy
from routecomp.runtime.parts.read_file import _SEAL
from routecomp.runtime.parts.request import _Request
from routecomp.runtime.parts.route import _View
from routecomp.runtime.parts.table import _Fallback, _File, _Table
from routecomp.runtime.parts.table_fields import _is_text

# --- Deciding -----------------------------------------------------------------------------------------------


_new: Final = tuple.__new__  # makes a Decision at half the price of calling its class
_STATUS_OF: Final = {"permission": "rejected_policy", "ability": "rejected_unavailable",
                     "quality": "rejected_floor", "cost": "rejected_cost"}
_NO_ENDPOINT: Final[tuple[Any, ...]] = (None,) * 6
_UNASSIGNED: Final[tuple[Any, ...]] = (None,) * 4  # experiment, variant, version, slot


class _State:
    """All that one decision reads: table, fallback file, last resort. It changes only in what it keeps."""

    def __init__(self, table: _Table | None, fallback: _Fallback | None, last: str | _Model | None) -> None:
        self.table, self.fallback = table, fallback
        self.file: _File | None = table or fallback
        self.hash = None if table is None else table.hash
        # Policies by tenant, none first: of those who ask, not of all there are.
        self.policies: dict[str | None, _Policy] = {} if table is None else {None: table.default}
        self.hinted: dict[Any, Decision] = {}
        self.ranked: dict[Any, _View] = {}  # routes by policy, feature and model
        self.last_resort = self._find(last)
        if table is not None:
            self.serving = "routing table"
        elif fallback is not None:
            self.serving = "fallback file"
        else:
            self.serving = "nothing" if self.last_resort is None else "last resort"

    def _find(self, last: str | _Model | None) -> tuple[_Catalogue, _Model] | None:
        """The last resort, and the catalogue it is filtered in."""
        if isinstance(last, _Model):
            stacks = set() if self.file is None else {*self.file.catalogue.words.stacks}
            stacks = {word for word in stacks if not word.startswith("avoid-")}
            return _Catalogue([last], stacks if last.stack is None else {*stacks, last.stack}), last
        for file in (self.table, self.fallback):
            if file is not None and last in file.catalogue.places:
                return file.catalogue, file.catalogue[last]
        return None

    def decide(self, request: _Request, policy: _Policy | None = None, key: Any = None) -> Decision:
        """The decision for a request (of a policy, where it is known), without a look at what is remembered.

        With a `key` (of policy, feature, model and hints) the route is remembered, where it is ranked.
        """
        file, table, policy = self.file, self.table, policy or self.policy(request)
        delta = 0 if request.preference is None else self.dial(request)
        kind, name = self.route(request)
        if kind == "ladder":
            return self._ladder(policy, request)
        if kind == "direct" and file is not None:
            return self._direct(file, name, policy, request)
        if table is None or kind is None:
            return self._answer("unknown_model", None, None if table is None else "table", request)
        if kind == "experiment":
            experiment = table.experiments[name]
            slot = None if request.unit is None else slot_of(experiment.salt, request.unit)
            return self._assigned(experiment, slot, policy, request)
        view = table.view(policy, kind, name)
        if key is not None and not request.flags:  # an alias has something to say
            if len(self.ranked) >= _MOST_VIEWS:
                self.ranked = {}
            self.ranked[key[:3]] = view
        return self.decide_ranked(view, request, delta)

    def policy(self, request: _Request) -> _Policy:
        """The request's policy; says if its tenant is not declared."""
        tenant, file = request.tenant, self.file
        if file is not None and (tenant is None or tenant in file.tenants):
            policy = file.default if tenant is None else file.policies[file.tenants[tenant][:-_SEAL]]
            if self.table is not None:
                if len(self.policies) >= _MOST_PLAIN:
                    self.policies = {None: file.default}
                self.policies[tenant] = policy
            return policy
        if tenant is not None:
            request.flags.append("tenant_unknown")
        return _Policy(None, _NO_POLICY, _Catalogue([], ())) if file is None else file.undeclared

    def dial(self, request: _Request) -> int:
        """What the dial adds to the floor, in basis points; 0 unless a live, declared position is named."""
        word, preferences = request.preference, None if self.file is None else self.file.preferences
        if word is None:
            return 0
        if preferences is None or word not in preferences["dial_bp"]:
            request.flags.append("preference_unknown")
            return 0
        if word == preferences["default"]:
            return 0
        gate = preferences["gate_env"]
        if gate is None or os.environ.get(gate) != "1":
            request.flags.append("preference_inert")
            return 0
        delta: int = preferences["dial_bp"][word]
        return delta

    def route(self, request: _Request) -> tuple[str | None, str]:
        """Kind and name of the route; says if it was named by an alias."""
        if request.feature is not None:
            declared = self.table is not None and request.feature in self.table.features
            return "feature" if declared else "ladder", request.feature
        name = request.model or ""
        if self.table is None:
            held = self.file is not None and name in self.file.catalogue.places
            return "direct" if held else None, name
        kind, found = self.table.callable.get(name, (None, name))
        if kind == "alias":
            request.flags.append("alias")
        return "target" if kind == "alias" else kind, found

    def floor(self, view: _View, request: _Request, delta: int) -> tuple[int, int]:
        """The floor, and the base from which the dial moved it."""
        if request.min_quality is not None:
            return request.min_quality, request.min_quality
        base = view.base
        if delta == 0 or self.table is None:
            return base, base
        low, high = self.table.clamp
        return (max(base, min(base + delta, high)) if delta > 0 else min(base, max(base + delta, low))), base

    # - what is remembered -

    def plain(self, policy: _Policy, feature: Any, model: Any, tenant: Any) -> Decision:
        """The decision for a call without hints, kept with the policy if what it names is declared."""
        decision = self.decide(_Request(feature, model, tenant, *(None,) * 11, {}))
        # The policies live as long as the table, the last resort and what rejects in its place do not.
        if decision.source == "last_resort" or (decision.source != "table" and decision.status != "ok"):
            return decision
        # Names that nobody declared are not kept: callers could make up any number of them.
        if self.table is not None and decision.route is not None:
            if feature is None and type(model) is str:
                self._keep(policy.by_model, model, decision)
            elif (model is None and type(feature) is str
                    and (feature in self.table.features or feature in self.table.routes)):
                self._keep(policy.by_feature, feature, decision)
        return decision

    def personal(self, policy: _Policy, feature: Any, model: Any, tenant: Any, unit: Any,
                 others: dict[str, Any]) -> Decision | None:
        """The decision for a call with `unit` or `request_id` and no hints: other than without them by slot,
        variant and shadows alone. None if it gives anything else, or something that is no text."""
        request_id = others.get("request_id")
        if (len(others) != (request_id is not None) or not (unit is None or _is_text(unit))
                or not (request_id is None or _is_text(request_id))):
            return None
        if model is None and type(feature) is str:
            plain = policy.by_feature.get(feature) or self.plain(policy, feature, None, tenant)
            if plain.source != "table" or plain.status != "ok" or self.table is None:
                return plain
            view = self.table.view(policy, "feature", feature)
            shadows = self._mirrored(view, plain.model, unit if request_id is None else request_id, None)
            return plain._replace(shadows=shadows) if shadows else plain
        if feature is None and type(model) is str:
            plain = policy.by_model.get(model) or self.plain(policy, None, model, tenant)
            if plain.experiment is None or unit is None or self.table is None:
                return plain
            experiment, request = self.table.experiments[model], _Request.of({})
            by_range = [self._assigned(experiment, start, policy, _Request.of({})) for start in experiment.starts]
            policy.sticky[model] = f"{experiment.salt}:".encode(), {}, experiment.starts, by_range
            return self._assigned(experiment, slot_of(experiment.salt, unit), policy, request)
        return None

    def slotted(self, by_slot: dict[int, Decision], slot: int, starts: list[int],
                by_range: list[Decision]) -> Decision:
        """An experiment's decision for a slot: that of its range of slots, kept for the next of the slot."""
        one = by_range[bisect_right(starts, slot) - 1]
        decision = _new(Decision, (*one[:14], slot, *one[15:]))
        self._keep(by_slot, slot, decision)
        return decision

    def _keep(self, store: dict[Any, Decision], key: Any, decision: Decision) -> None:
        """Keeps a decision with its policy; of all that are kept so none is kept longer than the others."""
        table = self.table
        if table is None:
            return
        if table.kept >= _MOST_PLAIN:
            table.kept = 0
            for policy in table.policies.values():
                policy.forget()
        table.kept += 1
        store[key] = decision

    # - features, targets and logical models -

    def decide_ranked(self, view: _View, request: _Request, delta: int) -> Decision:
        """The decision of a feature, a target or a logical model; `delta` is what the dial adds to the floor."""
        floor, base = self.floor(view, request, delta)
        pick, chain = self._chain(view, request, floor)
        if pick is None and floor != base:
            pick, chain = self._chain(view, request, base)
            if pick is not None:
                floor = base
                request.flags.append("preference_relaxed")
        if pick is None:
            catalogue = view.policy.home
            steps = _steps(catalogue, view.policy, request, listed=view.listed, floor=floor)
            refused = _walk(catalogue, view.candidates, request, steps) or "rejected_policy"
            return self._answer(refused, view.kind, "table", request, floor=floor)
        shadows: tuple[str, ...] = ()
        if view.shadows:
            unit = request.unit if request.request_id is None else request.request_id
            shadows = self._mirrored(view, pick.slug, unit, request)
        cost, tokens = None, request.input_tokens
        if tokens is not None:
            cost = pick.cost(tokens, request.max_output)
        said = tuple(sorted({*request.flags})) if request.flags else ()
        model, provider, upstream, url, adapter, key = pick.endpoint  # to unpack them in place is slower
        return _new(Decision, ("ok", view.kind, "table", model, provider, upstream, url, adapter, key, tuple(chain),
                               shadows, None, None, None, None, floor, cost, said, self.hash))

    def _chain(self, view: _View, request: _Request, floor: int) -> tuple[_Model | None, list[str]]:
        """The first of the models that survive, and the slugs of all, the first's too; none if none does.

        Sought among the nearest candidates, and among all of the route's only for what is not found there.
        """
        far, attempts = view.policy.home, view.attempts
        size = far.sizes.get(floor)
        if size is None:
            size = far.size(floor)
        near = view.near[size] or view.nearest(size)
        left, maybe = near.survivors(near.quality.at_most(-floor), request)
        everything: tuple[int, int] | None = None
        pick = near.first(left, maybe, request)
        if pick is None and near.further:
            everything = far.survivors(view.open & far.quality.at_most(-floor), request)
            pick = view.best(*everything, request)
        if pick is None:
            return None, []
        if request.latency is not None and pick.latency > request.latency:
            least = view.max_loss - pick.quality
            quick = left & near.latency.at_most(request.latency) & near.quality.at_most(least)
            found = near.first(quick, maybe, request)
            if found is None and near.further:
                quick = view.open & far.quality.at_most(-floor) if everything is None else everything[0]
                quick &= far.quality.at_most(least) & far.latency.at_most(request.latency)
                if quick:
                    everything = everything or far.survivors(view.open & far.quality.at_most(-floor), request)
                    found = view.best(quick & everything[0], everything[1], request)
            if found is not None:
                pick = found
            else:
                request.flags.append("latency_budget_missed")
        chain = [pick.slug]
        if attempts > 1 and (left.bit_count() >= attempts or not near.further):
            for bit, model in near.chained:
                if left & bit and model is not pick and (not maybe & bit or request.affords(model)):
                    chain.append(model.slug)
                    if len(chain) == attempts:
                        return pick, chain
        if attempts == 1 or not near.further:
            return pick, chain
        left, maybe = everything or far.survivors(view.open & far.quality.at_most(-floor), request)
        others = view.first(left & ~(1 << pick.index), attempts - 1, view.chain, maybe, request)
        return pick, [pick.slug, *[model.slug for model in others]]

    def _mirrored(self, view: _View, pick: str | None, unit: Any, request: _Request | None) -> tuple[str, ...]:
        """The shadows this request is mirrored to, in declared order; without a request no hint bars any."""
        if unit is None:
            return ()
        return tuple([
            model.slug for model, sample, salt in view.shadows
            if model.slug != pick and slot_of(salt, unit) < sample
            and (request is None or view.policy.home.able(1 << model.index, request))])

    # - experiments and pinned models -

    def _assigned(self, experiment: _Experiment, slot: int | None, policy: _Policy,
                  request: _Request) -> Decision:
        if experiment.status == "paused" and experiment.on_pause == "reject":
            nobody = (experiment.name, None, None, slot)
            return self._answer("rejected_experiment", "experiment", "table", request, assigned=nobody)
        index, reason = experiment.assign(slot)
        if reason is not None:
            request.flags.append(reason)
        model, variant, version, key = experiment.variants[index]
        assigned = (experiment.name, variant, version, slot)
        steps = _steps(policy.home, policy, request)
        if refused := _walk(policy.home, 1 << model.index, request, steps):
            return self._answer(refused, "experiment", "table", request, assigned=assigned)
        decision = self._answer("ok", "experiment", "table", request, model, assigned=assigned)
        return decision if key is None else decision._replace(api_key_env=key)

    def _direct(self, file: _File, name: str, policy: _Policy, request: _Request) -> Decision:
        source = "table"
        if self.table is None:
            source = "default_route" if name in file.routes.values() else "default_model"
        model = file.catalogue[name]
        steps = _steps(file.catalogue, policy, request, listed=True, ability=False)
        if refused := _walk(file.catalogue, 1 << model.index, request, steps):
            return self._answer(refused, "direct", source, request)
        return self._answer("ok", "direct", source, request, model)

    # - below the registry -

    def rungs(self, feature: str) -> list[tuple[str, _Catalogue, _Model]]:
        """What stands below the registry for a feature, the highest rung first."""
        rungs: list[tuple[str, _Catalogue, _Model]] = []
        if self.file is not None:
            held, route = self.file.catalogue, self.file.routes.get(feature)
            for source, slug in (("default_route", route), ("default_model", self.file.default_model)):
                if slug in held.places:
                    rungs.append((source, held, held[slug]))
        if self.last_resort is not None:
            rungs.append(("last_resort", *self.last_resort))
        return rungs

    def _ladder(self, policy: _Policy, request: _Request) -> Decision:
        """The first rung that may and can serve, else the first that may: docs/semantics.md, section 6."""
        request.flags.append("feature_unknown")
        source: str | None = None
        permitted: tuple[str, _Model] | None = None
        for source, catalogue, model in self.rungs(request.feature or ""):
            refused = _walk(catalogue, 1 << model.index, request, _steps(catalogue, policy, request))
            if refused is None:
                return self._answer("ok", "feature", source, request, model)
            if refused != "rejected_policy" and permitted is None:
                permitted = source, model
        if permitted is not None:
            return self._answer("ok", "feature", permitted[0], request, permitted[1])
        if source is not None:
            return self._answer("rejected_policy", "feature", source, request)
        return self._answer("unknown_model", None, None, request)

    def _answer(self, status: str, route: str | None, source: str | None, request: _Request,
                pick: _Model | None = None, assigned: tuple[Any, ...] = _UNASSIGNED,
                floor: int | None = None) -> Decision:
        """A decision whose chain is its pick, if it has one."""
        cost, endpoint = None, _NO_ENDPOINT
        if pick is not None:
            endpoint = pick.endpoint
            if request.input_tokens is not None and pick.priced:
                cost = pick.cost(request.input_tokens, request.max_output)
        said = tuple(sorted({*request.flags})) if request.flags else ()
        chain = () if pick is None else (pick.slug,)
        return _new(Decision, (status, route, source, *endpoint, chain, (), *assigned, floor, cost, said, self.hash))


def _steps(catalogue: _Catalogue, policy: _Policy, request: _Request, *, listed: bool = False,
           ability: bool = True, floor: int | None = None) -> Iterator[tuple[str, str, int | None]]:
    """The filters that bind a route, in their order, as (group, name, mask); None stands for the cost filter.

    `listed` bars unlisted models; without `ability` that group does not bind, without a `floor` the demand
    group does not. A filter the caller gave nothing for is left out: it filters nothing.
    """
    if policy.rejects:
        yield "permission", "unknown_tenant", 0
    yield "permission", "active", catalogue.active
    if listed:
        yield "permission", "listed", catalogue.listed
    bans, stacks, compliance = policy.masks(catalogue)
    yield "permission", "bans", bans
    yield "permission", "stacks", stacks if request.stack is None else stacks & catalogue.stacks[request.stack]
    yield "permission", "compliance", compliance
    tokens, output = request.input_tokens, request.max_output
    if ability and request.unavailable:
        yield "ability", "available", ~catalogue.named(request.unavailable)
    if ability and request.capabilities:
        mask = catalogue.all
        for word in request.capabilities:
            mask &= catalogue.capabilities[word]
        yield "ability", "capabilities", mask
    if ability and (tokens is not None or output is not None):
        yield "ability", "context", catalogue.context.at_most(-(tokens or 0) - (output or 0))
    if ability and output is not None:
        yield "ability", "reasoning_floor", catalogue.min_output.at_most(output)
    if floor is not None:
        yield "demand", "quality", catalogue.quality.at_most(-floor)
        if request.max_cost is not None:
            yield "demand", "cost", None


def _walk(catalogue: _Catalogue, mask: int, request: _Request, steps: Iterator[tuple[str, str, int | None]],
          tell: Callable[[str, str, int, int], None] | None = None) -> str | None:
    """The status of the first filter after which nothing of a mask is left; None if something passes all.

    With `tell` every filter is walked, and told: its group and name, what came and what was left.
    """
    refused = None if mask else "rejected_policy"
    for group, name, passing in steps:
        before = mask
        mask = catalogue.affordable(mask, request) if passing is None else mask & passing
        if tell is not None:
            tell(group, name, before, mask)
        if not mask and refused is None:
            refused = _STATUS_OF.get(name) or _STATUS_OF[group]
        if refused is not None and tell is None:
            break
    return refused
