"""Decide a request: find its route, apply the filters, build the decision. No decision is remembered here."""

from __future__ import annotations

import os
from typing import Any, Final, Literal

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.decision import Decision, DecisionSource, DecisionStatus, RouteKind
from routecomp.runtime.parts.experiment import _Experiment, slot_of
from routecomp.runtime.parts.filters import _Candidacy, _refusal
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.policy import _NO_POLICY, _Policy
from routecomp.runtime.parts.ranked import _choose, _mirrors
from routecomp.runtime.parts.request import _Request
from routecomp.runtime.parts.table import _Fallback, _File, _Table
from routecomp.runtime.parts.view import _View, _Views

_new: Final = tuple.__new__  # makes a Decision at half the price of calling its class
_NO_ENDPOINT: Final[tuple[Any, ...]] = (None,) * 6
_UNASSIGNED: Final[tuple[Any, ...]] = (None,) * 4  # experiment, variant, version, slot


class _Decider:
    """Makes every decision of one state of the files: a table, a fallback file, a last resort."""

    def __init__(self, table: _Table | None, fallback: _Fallback | None, last_resort: str | _Model | None) -> None:
        self.table, self.fallback = table, fallback
        self.file: _File | None = table or fallback
        self.hash = None if table is None else table.hash
        preferences = None if self.file is None else self.file.preferences
        self.gate: str | None = None if preferences is None else preferences["gate_env"]
        self.views = None if table is None else _Views(table)
        self.last_resort: tuple[_Catalogue, _Model] | None = self._find_last_resort(last_resort)
        self.serving: Literal["routing table", "fallback file", "last resort", "nothing"]
        if table is not None:
            self.serving = "routing table"
        elif fallback is not None:
            self.serving = "fallback file"
        else:
            self.serving = "nothing" if self.last_resort is None else "last resort"

    def _find_last_resort(self, last_resort: str | _Model | None) -> tuple[_Catalogue, _Model] | None:
        """Return the catalogue in which the last resort is filtered, and its model; None if there is none.

        A slug is sought in the table, then in the fallback file; there is no last resort if neither has it.
        """
        if isinstance(last_resort, _Model):
            stacks = set() if self.file is None else {*self.file.catalogue.vocabulary.stacks}
            stacks = {word for word in stacks if not word.startswith("avoid-")}
            if last_resort.stack is not None:
                stacks.add(last_resort.stack)
            return _Catalogue([last_resort], stacks), last_resort
        for file in (self.table, self.fallback):
            if file is not None and last_resort in file.catalogue.places:
                return file.catalogue, file.catalogue[last_resort]
        return None

    def decide(self, request: _Request) -> Decision:
        """Return the decision for a request."""
        policy = self.policy(request)
        delta = 0 if request.preference is None else self.dial(request)
        kind, name = self.route(request)
        return self.decide_route(kind, name, policy, request, delta)

    def decide_route(
        self,
        kind: RouteKind | Literal["ladder"] | None,
        name: str,
        policy: _Policy,
        request: _Request,
        delta: int = 0,
    ) -> Decision:
        """Return the decision for a request whose route was found; `delta` is what the dial adds to the floor.

        The kind None is answered with `unknown_model`. Only features, targets and logical models have a floor.
        """
        file, views = self.file, self.views
        if kind == "ladder":
            return self._ladder(name, policy, request)
        if kind == "direct" and file is not None:
            return self._direct(file, name, policy, request)
        if kind is None or kind == "direct" or views is None:
            return self._answer("unknown_model", None, None, None if views is None else "table", request)
        if kind == "experiment":
            experiment = views.table.experiments[name]
            slot = None if request.unit is None else slot_of(experiment.salt, request.unit)
            return self.decide_experiment(experiment, slot, policy, request)
        return self.decide_ranked(views.view(policy, kind, name), request, delta)

    def policy(self, request: _Request) -> _Policy:
        """Return the policy of the request's tenant; add a flag if the tenant is not declared.

        Without a tenant it is the default policy. Without a file it is one that permits everything.
        """
        tenant, file = request.tenant, self.file
        if file is not None and tenant in file.tenants:
            return file.policies[file.tenants[tenant]]
        if tenant is not None or request.stranger:
            request.flags.append("tenant_unknown")
        elif file is not None:
            return file.default
        return _Policy(None, _NO_POLICY, _Catalogue([], ())) if file is None else file.undeclared

    def dial(self, request: _Request) -> int:
        """Return what the preference adds to the floor, in basis points: 0 for the default one, and for none.

        A preference that is unknown, or whose gate is not open in the environment, adds 0 and a flag.
        """
        if request.preference is None:
            return 0
        delta, flags = self.dial_to(request.preference, live=self.is_live())
        request.flags += flags
        return delta

    def is_live(self) -> bool:
        """Return whether the gate of the preferences is open now."""
        return self.gate is not None and os.environ.get(self.gate) == "1"

    def dial_to(self, word: str, *, live: bool) -> tuple[int, tuple[str, ...]]:
        """Return what a preference adds to the floor, and the flags it brings; `live` says that the gate is open."""
        preferences = None if self.file is None else self.file.preferences
        if preferences is None or word not in preferences["dial_bp"]:
            return 0, ("preference_unknown",)
        if word == preferences["default"]:
            return 0, ()
        return (preferences["dial_bp"][word], ()) if live else (0, ("preference_inert",))

    def route(self, request: _Request) -> tuple[RouteKind | Literal["ladder"] | None, str]:
        """Return kind and name of the request's route, None for the kind of an unknown one.

        If both a feature and a model are named, the feature counts. A feature that is not declared goes down the
        ladder. A route that is named by an alias adds a flag.
        """
        if request.feature is not None:
            declared = self.table is not None and request.feature in self.table.features
            return "feature" if declared else "ladder", request.feature
        name = request.model
        if name is None:
            return None, ""
        if self.table is None:
            known = self.file is not None and name in self.file.catalogue.places
            return "direct" if known else None, name
        kind, target, is_alias = self.table.named(name)
        if is_alias:
            request.flags.append("alias")
        if kind == "feature" and target not in self.table.features:
            return "ladder", target
        return kind, target

    def floor(self, view: _View, request: _Request, delta: int) -> tuple[int, int]:
        """Return the quality floor, and the base from which the dial moved it, in basis points.

        A `min_quality` of the request is both. The dial moves the floor no further than the clamp.
        """
        if request.min_quality is not None:
            return request.min_quality, request.min_quality
        base = view.base
        if delta == 0 or self.table is None:
            return base, base
        low, high = self.table.clamp
        return (max(base, min(base + delta, high)) if delta > 0 else min(base, max(base + delta, low))), base

    def decide_ranked(self, view: _View, request: _Request, delta: int) -> Decision:
        """Return the decision of a feature, a target or a logical model.

        If no model survives a floor that the dial moved, the base is tried and, if it helps, a flag is added.
        """
        floor = base = request.min_quality
        if floor is None or base is None:
            floor, base = self.floor(view, request, delta)
        pick, chain = _choose(view, request, floor)
        if pick is None and floor != base:
            pick, chain = _choose(view, request, base)
            if pick is not None:
                floor = base
                request.flags.append("preference_relaxed")
        if pick is None:
            candidacy = _Candidacy(view.policy.home, view.policy, request, view.listed, floor=floor)
            status = _refusal(candidacy, view.candidates) or "rejected_policy"
            return self._answer(status, view.kind, view.name, "table", request, floor=floor)
        shadows: tuple[str, ...] = ()
        if view.shadows:
            unit = request.unit if request.request_id is None else request.request_id
            shadows = _mirrors(view, pick.slug, unit, request)
        cost, tokens = None, request.input_tokens
        if tokens is not None:
            cost = pick.cost(tokens, request.max_output)
        reasons = tuple(sorted({*request.flags})) if request.flags else ()
        # unpacking them in place is slower
        model, provider, upstream, url, adapter, key = pick.streamed if request.stream else pick.endpoint
        # fmt: off
        return _new(Decision, ("ok", view.kind, "table", model, provider, upstream, url, adapter, key, tuple(chain),
                               shadows, None, None, None, None, floor, cost, reasons, self.hash, view.name))
        # fmt: on

    def decide_experiment(
        self, experiment: _Experiment, slot: int | None, policy: _Policy, request: _Request
    ) -> Decision:
        """Return the decision of an experiment for a slot; None is the slot of a request without a unit.

        The variant's model is filtered by permission and ability; if it is refused, no other variant serves, unless the
        experiment says that the first one does where ability is all that bars it. The variant's own key stands in for
        the provider's.
        """
        if experiment.status == "paused" and experiment.on_pause == "reject":
            unassigned = (experiment.name, None, None, slot)
            return self._answer(
                "rejected_experiment", "experiment", experiment.public_id, "table", request, assigned=unassigned
            )
        index, reason = experiment.assign(slot)
        if reason is not None:
            request.flags.append(reason)
        model, variant, version, key = experiment.variants[index]
        candidacy = _Candidacy(policy.home, policy, request)
        refused = _refusal(candidacy, 1 << model.index)
        if refused == "rejected_unavailable" and experiment.on_unavailable == "control":
            control = experiment.variants[0]
            if _refusal(candidacy, 1 << control.model.index) is None:
                model, variant, version, key = control
                refused = None
                request.flags.append("variant_unavailable")
        assigned = (experiment.name, variant, version, slot)
        if refused is not None:
            return self._answer(refused, "experiment", experiment.public_id, "table", request, assigned=assigned)
        decision = self._answer("ok", "experiment", experiment.public_id, "table", request, model, assigned=assigned)
        return decision if key is None else decision._replace(api_key_env=key)

    def _direct(self, file: _File, name: str, policy: _Policy, request: _Request) -> Decision:
        """Return the decision of a pinned model, which is not filtered by ability or demand."""
        source: DecisionSource = "table"
        if self.table is None:
            source = "default_route" if name in file.routes.values() else "default_model"
        model = file.catalogue[name]
        candidacy = _Candidacy(file.catalogue, policy, request, listed=True, ability=False)
        if refused := _refusal(candidacy, 1 << model.index):
            return self._answer(refused, "direct", name, source, request)
        return self._answer("ok", "direct", name, source, request, model)

    def rungs(self, feature: str) -> list[tuple[DecisionSource, _Catalogue, _Model]]:
        """Return the rungs below the registry for a feature, the highest first: source, catalogue, model.

        A rung whose model is in no file is left out.
        """
        rungs: list[tuple[DecisionSource, _Catalogue, _Model]] = []
        if self.file is not None:
            catalogue = self.file.catalogue
            if (route := self.file.routes.get(feature)) in catalogue.places:
                rungs.append(("default_route", catalogue, catalogue[str(route)]))
            if self.file.default_model in catalogue.places:
                rungs.append(("default_model", catalogue, catalogue[self.file.default_model]))
        if self.last_resort is not None:
            rungs.append(("last_resort", *self.last_resort))
        return rungs

    def estimated(self, decision: Decision) -> _Model | None:
        """Return the model whose cost a decision estimates if the request has `input_tokens`; None if it has none."""
        if decision.model is None or self.file is None:
            return None
        if decision.source == "last_resort" and self.last_resort is not None:
            model = self.last_resort[1]
        else:
            model = self.file.catalogue[decision.model]
        return model if model.priced else None

    def _ladder(self, feature: str, policy: _Policy, request: _Request) -> Decision:
        """Return the decision of the first rung that may and can serve, or else of the first that may.

        If the policy permits none, the decision is `rejected_policy`; without any rung it is `unknown_model`. See
        docs/semantics.md, section 6.
        """
        request.flags.append("feature_unknown")
        source: DecisionSource | None = None
        permitted: tuple[DecisionSource, _Model] | None = None
        for source, catalogue, model in self.rungs(feature):
            refused = _refusal(_Candidacy(catalogue, policy, request), 1 << model.index)
            if refused is None:
                return self._answer("ok", "feature", feature, source, request, model)
            if refused != "rejected_policy" and permitted is None:
                permitted = source, model
        if permitted is not None:
            return self._answer("ok", "feature", feature, permitted[0], request, permitted[1])
        if source is not None:
            return self._answer("rejected_policy", "feature", feature, source, request)
        return self._answer("unknown_model", None, None, None, request)

    def _answer(
        self,
        status: DecisionStatus,
        route: RouteKind | None,
        name: str | None,
        source: DecisionSource | None,
        request: _Request,
        pick: _Model | None = None,
        assigned: tuple[Any, ...] = _UNASSIGNED,
        floor: int | None = None,
    ) -> Decision:
        """Return a decision that calls `pick` alone; without a pick its chain is empty and it has no endpoint."""
        cost, endpoint = None, _NO_ENDPOINT
        if pick is not None:
            endpoint = pick.streamed if request.stream else pick.endpoint
            if request.input_tokens is not None and pick.priced:
                cost = pick.cost(request.input_tokens, request.max_output)
        reasons = tuple(sorted({*request.flags})) if request.flags else ()
        chain = () if pick is None else (pick.slug,)
        # fmt: off
        return _new(Decision, (status, route, source, *endpoint, chain, (), *assigned, floor, cost, reasons, self.hash,
                               name))
        # fmt: on
