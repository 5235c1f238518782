"""Log how a decision comes about, filter by filter."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from routecomp.runtime.parts.catalogue import _Catalogue
from routecomp.runtime.parts.decide import _State, _steps, _walk
from routecomp.runtime.parts.experiment import _Experiment, slot_of
from routecomp.runtime.parts.feature import _Shadow
from routecomp.runtime.parts.limits import _SLOTS
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.request import _Request
from routecomp.runtime.parts.route import _View
from routecomp.runtime.parts.table import _Table

# --- Explaining ---------------------------------------------------------------------------------------------


class _Log:
    """How a decision comes about: one filter after the other, over all candidates."""

    def __init__(self, state: _State, request: _Request) -> None:
        self.state, self.request = state, request
        self.delta, self.policy = state.dial(request), state.policy(request)

    def told(self) -> dict[str, Any]:
        """The log; its keys are those of `Router.explain`."""
        state, request = self.state, self.request
        kind, name = state.route(request)
        log: dict[str, Any] = {"tenant": request.tenant, "policy": self.policy.name}
        if kind is None or (kind != "ladder" and state.file is None):
            return log
        log["route"] = {"kind": "feature" if kind == "ladder" else kind, "name": name}
        if kind == "ladder":
            log["rungs"] = [{"source": source, "model": model.slug, "refused": refused, "filters": filters}
                            for source, catalogue, model in state.rungs(name)
                            for refused, filters in [self._one(catalogue, model)]]
        elif kind == "direct" and state.file is not None:
            catalogue = state.file.catalogue
            log["filters"] = self._one(catalogue, catalogue[name], listed=True, ability=False)[1]
        elif kind == "experiment" and state.table is not None:
            log |= self._experiment(state.table.experiments[name])
        elif state.table is not None:
            log |= self._ranked(state.table, state.table.view(self.policy, kind, name))
        return log

    def _filters(self, catalogue: _Catalogue, mask: int, first: Callable[[int], list[_Model]],
                 **bounds: Any) -> tuple[str | None, int, list[dict[str, Any]]]:
        """The status if the filters leave nothing; what they leave; and each of them."""
        filters: list[dict[str, Any]] = []
        left = mask

        def tell(group: str, name: str, before: int, after: int) -> None:
            nonlocal left
            left = after
            filters.append({"group": group, "filter": name, "survivors": after.bit_count(),
                            "first": [model.slug for model in first(after)],
                            "dropped": sorted([model.slug for model in catalogue.of(before & ~after)])})

        steps = _steps(catalogue, self.policy, self.request, **bounds)
        return _walk(catalogue, mask, self.request, steps, tell), left, filters

    def _one(self, catalogue: _Catalogue, model: _Model, **bounds: Any) -> tuple[str | None, list[dict[str, Any]]]:
        refused, _, filters = self._filters(catalogue, 1 << model.index, catalogue.of, **bounds)
        return refused, filters

    def _ranked(self, table: _Table, view: _View) -> dict[str, Any]:
        request, catalogue = self.request, table.catalogue
        dialled = request.min_quality is None and self.delta != 0
        floor, base = self.state.floor(view, request, self.delta)

        def first(mask: int) -> list[_Model]:
            return view.first(mask, 3, view.pick)

        refused, left, filters = self._filters(catalogue, view.candidates, first, listed=view.listed, floor=floor)
        relaxed = False
        if refused is not None and floor != base:
            again = self._filters(catalogue, view.candidates, first, listed=view.listed, floor=base)
            if again[0] is None:
                relaxed, (refused, left, filters) = True, again
        every = view.first(view.candidates, len(catalogue.models), view.pick)
        log: dict[str, Any] = {
            "orders": {"pick": view.pick.name, "chain": view.chain.name},
            "floor": {"base_bp": base, "from": view.base_from if request.min_quality is None else "explicit",
                      "dial_bp": self.delta if dialled else 0, "clamp_bp": [*table.clamp] if dialled else None,
                      "result_bp": base if relaxed else floor, "relaxed": relaxed},
            "candidates": [model.slug for model in every],
            "filters": filters}
        if refused is not None:
            return log
        pick = first(left)[0]
        if request.latency is not None:
            least = pick.quality - view.max_loss
            quick = left & catalogue.latency.at_most(request.latency) & catalogue.quality.at_most(-least)
            chosen = first(quick)[0] if quick else pick
            log["latency"] = {"budget_ms": request.latency, "unconstrained": pick.slug,
                              "least_quality_bp": least, "survivors": quick.bit_count(), "pick": chosen.slug,
                              "missed": not quick}
            pick = chosen
        if view.kind == "feature":
            log["shadows"] = [self._shadow(catalogue, shadow, pick)
                              for shadow in table.features[view.name].shadows]
        return log

    def _shadow(self, catalogue: _Catalogue, shadow: _Shadow, pick: _Model) -> dict[str, Any]:
        unit = self.request.unit if self.request.request_id is None else self.request.request_id
        slot = None if unit is None else slot_of(shadow.salt, unit)
        allowed = self._one(catalogue, shadow.model)[0] is None
        return {"model": shadow.model.slug, "slot": slot, "sample_bp": shadow.sample, "allowed": allowed,
                "mirrored": slot is not None and slot < shadow.sample and allowed and shadow.model is not pick}

    def _experiment(self, experiment: _Experiment) -> dict[str, Any]:
        slot = None if self.request.unit is None else slot_of(experiment.salt, self.request.unit)
        log: dict[str, Any] = {"experiment": experiment.name, "status": experiment.status, "slot": slot,
                               "range": None, "owner": None}
        if slot is not None:
            at = bisect_right(experiment.starts, slot)
            log["range"] = [experiment.starts[at - 1], [*experiment.starts, _SLOTS][at] - 1]
            log["owner"] = experiment.variants[experiment.owners[at - 1]].id
        if experiment.status == "paused" and experiment.on_pause == "reject":
            return {"experiment": log}
        model = experiment.variants[experiment.assign(slot)[0]].model
        return {"experiment": log, "filters": self._one(self.policy.home, model)[1]}
