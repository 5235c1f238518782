"""Log how a decision comes about: one filter after the other, over all candidates, without any short cut."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.decide import _Decider
from routecomp.runtime.parts.decision import DecisionStatus
from routecomp.runtime.parts.experiment import _Experiment, slot_of
from routecomp.runtime.parts.explanation import ExperimentLog, Explanation, FilterLog, ShadowLog, SpreadLog
from routecomp.runtime.parts.feature import _Shadow
from routecomp.runtime.parts.filters import _Candidacy, _Filter, _refusal
from routecomp.runtime.parts.limits import _SLOTS
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.ranked import _sharing, _spread
from routecomp.runtime.parts.request import _Request
from routecomp.runtime.parts.table import _Table
from routecomp.runtime.parts.view import _View


class _Log:
    """The log of one request."""

    def __init__(self, decider: _Decider, request: _Request) -> None:
        self.decider, self.request = decider, request
        self.delta, self.policy = decider.dial(request), decider.policy(request)

    def write(self, explanation: Explanation) -> None:
        """Add the log to an explanation: the keys that apply to the request's route."""
        decider, request = self.decider, self.request
        kind, name = decider.route(request)
        explanation["tenant"] = request.tenant
        explanation["policy"] = self.policy.name
        if kind is None or (kind != "ladder" and decider.file is None):
            return
        explanation["route"] = {"kind": "feature" if kind == "ladder" else kind, "name": name}
        if kind == "ladder":
            explanation["rungs"] = [
                {"source": source, "model": model.slug, "refused": refused, "filters": filters}
                for source, catalogue, model in decider.rungs(name)
                for refused, filters in [self._filter_one(catalogue, model)]
            ]
        elif kind == "direct" and decider.file is not None:
            catalogue = decider.file.catalogue
            explanation["filters"] = self._filter_one(catalogue, catalogue[name], listed=True, ability=False)[1]
        elif kind == "experiment" and decider.table is not None:
            self._write_experiment(explanation, decider.table.experiments[name])
        elif kind != "direct" and kind != "experiment" and decider.views is not None:
            self._write_ranked(explanation, decider.views.table, decider.views.view(self.policy, kind, name))

    def _filter(
        self, candidacy: _Candidacy, mask: int, first: Callable[[int], list[_Model]]
    ) -> tuple[DecisionStatus | None, int, list[FilterLog]]:
        """Return the status, None if a model passes, the mask that the filters leave, and the log of each that binds.

        `first` returns the first three models of a mask by rank.
        """
        filters: list[FilterLog] = []
        left = mask

        def log(filter_: _Filter, before: int, after: int) -> None:
            nonlocal left
            left = after
            filters.append(
                {
                    "group": filter_.group,
                    "filter": filter_.name,
                    "survivors": after.bit_count(),
                    "first": [model.slug for model in first(after)],
                    "dropped": sorted([model.slug for model in candidacy.catalogue.members(before & ~after)]),
                }
            )

        return _refusal(candidacy, mask, log), left, filters

    def _filter_one(
        self, catalogue: _Catalogue, model: _Model, *, listed: bool = False, ability: bool = True
    ) -> tuple[DecisionStatus | None, list[FilterLog]]:
        """Return the status, None if the model passes, and the log of each filter that binds."""
        candidacy = _Candidacy(catalogue, self.policy, self.request, listed, ability)
        refused, _, filters = self._filter(candidacy, 1 << model.index, catalogue.members)
        return refused, filters

    def _write_ranked(self, explanation: Explanation, table: _Table, view: _View) -> None:
        """Add the log of a feature, a target or a logical model; latency and shadows only if a model survives."""
        request, catalogue = self.request, table.catalogue
        dialled = request.min_quality is None and self.delta != 0
        floor, base = self.decider.floor(view, request, self.delta)

        def first(mask: int) -> list[_Model]:
            return view.first(mask, 3, view.pick)

        candidacy = _Candidacy(catalogue, self.policy, request, view.listed, floor=floor)
        refused, left, filters = self._filter(candidacy, view.candidates, first)
        relaxed = False
        if refused is not None and floor != base:
            again = self._filter(candidacy._replace(floor=base), view.candidates, first)
            if again[0] is None:
                relaxed, (refused, left, filters) = True, again
        explanation["orders"] = {"pick": view.pick.name, "chain": view.chain.name}
        explanation["floor"] = {
            "base_bp": base,
            "from": view.base_from if request.min_quality is None else "explicit",
            "dial_bp": self.delta if dialled else 0,
            "clamp_bp": [*table.clamp] if dialled else None,
            "result_bp": base if relaxed else floor,
            "relaxed": relaxed,
        }
        every = view.first(view.candidates, len(catalogue.models), view.pick)
        explanation["candidates"] = [model.slug for model in every]
        explanation["filters"] = filters
        if refused is not None:
            return
        pick = first(left)[0]
        if request.latency is not None:
            least = pick.quality - view.max_loss
            quick = left & catalogue.latency.at_most(request.latency) & catalogue.quality.at_most(-least)
            chosen = first(quick)[0] if quick else pick
            explanation["latency"] = {
                "budget_ms": request.latency,
                "unconstrained": pick.slug,
                "least_quality_bp": least,
                "survivors": quick.bit_count(),
                "pick": chosen.slug,
                "missed": not quick,
            }
            pick = chosen
        if pick.slug in view.shares:
            explanation["spread"], pick = self._spread(view, explanation["floor"]["result_bp"], pick)
        if view.kind == "feature":
            shadows = table.features[view.name].shadows
            explanation["shadows"] = [self._shadow(catalogue, shadow, pick) for shadow in shadows]

    def _spread(self, view: _View, floor: int, pick: _Model) -> tuple[SpreadLog, _Model]:
        """Return the log of how a load is dealt, and the model that serves in place of `pick`."""
        shares, unit = view.shares[pick.slug], self.request.unit
        unit = unit if self.request.request_id is None else self.request.request_id
        members = _sharing(view, self.request, floor, pick)
        log: SpreadLog = {
            "logical": shares.logical,
            "stated": pick.slug,
            "slot": None,
            "range": None,
            "owner": None,
            "members": [model.slug for model in shares.models if members >> model.index & 1],
            "pick": pick.slug,
        }
        if unit is not None:
            slot, owner = slot_of(shares.salt, unit), shares.owner(unit)
            log["slot"], log["owner"] = slot, shares.models[owner].slug
            log["range"] = [shares.starts[owner], [*shares.starts, _SLOTS][owner + 1] - 1]
            pick = _spread(view, self.request, floor, pick)
            log["pick"] = pick.slug
        return log, pick

    def _shadow(self, catalogue: _Catalogue, shadow: _Shadow, pick: _Model) -> ShadowLog:
        """Return the log of one shadow; `pick` is the model that serves, which is never mirrored to."""
        unit = self.request.unit if self.request.request_id is None else self.request.request_id
        slot = None if unit is None else slot_of(shadow.salt, unit)
        allowed = self._filter_one(catalogue, shadow.model)[0] is None
        return {
            "model": shadow.model.slug,
            "slot": slot,
            "sample_bp": shadow.sample,
            "allowed": allowed,
            "mirrored": slot is not None and slot < shadow.sample and allowed and shadow.model is not pick,
        }

    def _write_experiment(self, explanation: Explanation, experiment: _Experiment) -> None:
        """Add the log of an experiment; it has no filters if the experiment is paused and rejects."""
        slot = None if self.request.unit is None else slot_of(experiment.salt, self.request.unit)
        log: ExperimentLog = {
            "experiment": experiment.name,
            "status": experiment.status,
            "slot": slot,
            "range": None,
            "owner": None,
            "unavailable": None,
        }
        if slot is not None:
            following = bisect_right(experiment.starts, slot)
            log["range"] = [experiment.starts[following - 1], [*experiment.starts, _SLOTS][following] - 1]
            log["owner"] = experiment.variants[experiment.owners[following - 1]].id
        explanation["experiment"] = log
        if experiment.status == "paused" and experiment.on_pause == "reject":
            return
        assigned = experiment.variants[experiment.assign(slot)[0]]
        explanation["filters"] = self._filter_one(self.policy.home, assigned.model)[1]
        if "variant_unavailable" in explanation["decision"]["reasons"]:
            log["unavailable"] = assigned.id
