"""Say why a decision did not pick a model: what dropped it, what ranked before it, or why it was no candidate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from routecomp.explain.values import names, place_of, share
from routecomp.model.project import Program

Json = dict[str, Any]


def why_not(program: Program, log: Json, story: Json, figures: Callable[[str, bool], Json], slug: str) -> Json:
    """Return why a declared model was not picked: a verdict, a sentence, and the numbers that made it.

    `log` is the resolver's, `story` the explanation of the decision without this. `figures` returns the numbers a model
    is ranked by, in the plain order or else in the penalised one.
    """
    answer = _Answer(program, log, story, figures, slug)
    verdict, because = answer.verdict()
    return {
        "model": slug,
        "at": place_of(program.models[slug]),
        "verdict": verdict,
        "because": because,
        "dropped_by": answer.dropped_by,
        "before": answer.before,
        "itself": answer.itself,
    }


class _Answer:
    """The answer for one model; what applies to it is filled in as its verdict is found."""

    def __init__(
        self, program: Program, log: Json, story: Json, figures: Callable[[str, bool], Json], slug: str
    ) -> None:
        self.program, self.log, self.story, self.figures, self.slug = program, log, story, figures, slug
        self.decision: Json = story["decision"]
        self.dropped_by: Json | None = None  # the filter, what it asks for, and what the model has
        self.before: list[Json] = []  # the models that rank before it, with their numbers
        self.itself: Json | None = None  # its own numbers

    def verdict(self) -> tuple[str, str]:
        """Return the word and the sentence for why the model was not picked."""
        route, slug = self.story["route"], self.slug
        if slug == self.decision["model"]:
            return "picked", "it is the model picked"
        if route is None:
            return "not_asked", "the request names nothing that is declared, so no model is considered"
        if self.story["rungs"] is not None:
            return self._rung()
        if self._is_dropped(self.story["filters"]):
            return self._dropped()
        if route["kind"] == "direct":
            return "no_candidate", f"the request pins `{route['name']}`, and no other model is considered"
        if route["kind"] == "experiment":
            return self._variant(self.story["experiment"])
        if slug not in self.log["candidates"]:
            return "no_candidate", self._outside(route)
        return self._ranked(route)

    def _is_dropped(self, filters: Sequence[Json]) -> bool:
        """Return whether one of these filters dropped the model, and keep which."""
        for step in filters:
            for row in step["dropped_for"]:
                if row["model"] == self.slug:
                    self.dropped_by = {
                        "group": step["group"],
                        "filter": step["filter"],
                        "asks": step["asks"],
                        "asks_at": step["at"],
                        "has": row["has"],
                        "has_at": row["at"],
                    }
                    return True
        return False

    def _dropped(self) -> tuple[str, str]:
        """Return the verdict of a model that a filter dropped."""
        step = self.dropped_by or {}
        return "dropped", f"the filter `{step['filter']}` drops it: {step['has']} (asked for: {step['asks']})"

    def _rung(self) -> tuple[str, str]:
        """Return the verdict below the registry, where each rung is one model."""
        rungs = self.story["rungs"]
        for rung in rungs:
            if rung["model"] != self.slug:
                continue
            if self._is_dropped(rung["filters"]):
                return self._dropped()
            return "ranked", f"as {rung['source']} it is asked after {self.decision['source']}, which answers"
        asked = names([f"`{rung['model']}` ({rung['source']})" for rung in rungs])
        feature = self.story["route"]["name"]
        return "no_candidate", f"feature `{feature}` has no registry rows, so only its rungs are asked: {asked}"

    def _variant(self, experiment: Json) -> tuple[str, str]:
        """Return the verdict of an experiment, in which the variant assigned is the only candidate."""
        name = experiment["experiment"]
        own = [f"`{row['variant']}`" for row in experiment["variants"] if row["model"] == self.slug]
        if self.decision["status"] == "rejected_experiment":
            return "no_candidate", f"experiment `{name}` is paused and rejects, so no model is asked"
        if not own:
            return "no_candidate", f"no variant of experiment `{name}` has it"
        slot = experiment["slot"]
        by = f" (slot {slot})" if slot is not None and experiment["status"] == "active" else ""
        assigned = self.decision["variant"]
        return "no_candidate", f"it is the model of variant {names(own)}, and this request is assigned `{assigned}`{by}"

    def _outside(self, route: Json) -> str:
        """Say why a ranked route does not have the model among its candidates."""
        program, slug, name = self.program, self.slug, route["name"]
        model = program.models[slug].body
        if route["kind"] == "logical":
            return f"it is no host of logical model `{name}`"
        if route["kind"] == "target":
            place = place_of(program.targets[name], "candidates")
            return f"it is not among the candidates of target `{name}` ({place})"
        feature = program.features[name]
        row, then = feature.body.models.get(slug), feature.body.then
        limit = self.story["limits"]["fallback_enabled"]
        if limit["value"] == "false":
            return f"fallback_enabled is false ({limit['at']}), so only the primary of feature `{name}` is tried"
        if row is not None and row.status == "retired":
            return f"it is retired in feature `{name}` ({place_of(feature, 'models', slug)})"
        if then is not None and not model.active:
            return f"it is not active ({place_of(program.models[slug], 'active')})"
        if then is not None and not model.listed:
            place = place_of(program.models[slug], "listed")
            return f"it is not listed ({place}), so it is no candidate of target `{then}`"
        status = "" if row is None else f"it is a {row.status} of feature `{name}`: "
        follows = "and nothing follows these" if then is None else f"nor is it a candidate of `then: {then}`"
        return f"{status}it is neither the primary of feature `{name}` nor one of its fallbacks, {follows}"

    def _ranked(self, route: Json) -> tuple[str, str]:
        """Return the verdict of a model that survives: what ranks before it, and by which numbers."""
        gone = {row["model"] for step in self.story["filters"] for row in step["dropped_for"]}
        order = [slug for slug in self.log["candidates"] if slug not in gone]
        plain, latency = route["kind"] != "feature", self.story["latency"]
        pick, place = self.decision["model"], order.index(self.slug)
        self.itself = self.figures(self.slug, plain)
        spread = self.story["spread"]
        stated = pick if spread is None else spread["stated"]
        if spread is not None and self.slug == stated:
            self.before = [self.figures(pick, plain)]
            dealt = f"slot {spread['slot']:,} of logical model `{spread['logical']}` belongs to `{spread['owner']}`"
            dealt += "" if spread["owner"] == pick else f"; {spread['owner_why']}, next is `{pick}`"
            return "spread", f"it ranks first, and its load is shared: {dealt}"
        if latency is not None and place < order.index(stated):
            self.before = [self.figures(pick, plain)]
            return "over_budget", self._over(latency)
        self.before = [self.figures(slug, plain) for slug in dict.fromkeys([pick, *order[:place]])]
        chain = self.decision["chain"]
        if self.slug in chain:
            return "in_chain", f"it is number {chain.index(self.slug) + 1} of the chain: {self._compared()}"
        limits = self.story["limits"]
        why = f"max_attempts is {limits['max_attempts']['value']}"
        if limits["fallback_enabled"]["value"] == "false":
            why = "fallback_enabled is false"
        return "cut", f"it passes every filter, but {self._compared()}; the chain ends before it, because {why}"

    def _over(self, latency: Json) -> str:
        """Say how a model missed the latency budget, before which it would have ranked."""
        model = self.program.models[self.slug].body
        if model.latency_ms > latency["budget_ms"]:
            return f"its {model.latency_ms} ms are over the latency budget of {latency['budget_ms']} ms"
        least = share(max(latency["least_quality_bp"], 0))
        return f"its quality {share(model.quality)} is below {least}, the least that a latency budget may cost"

    def _compared(self) -> str:
        """Say by which number the model that was picked ranks before this one."""
        pick, itself = self.before[0], self.itself or {}
        slug, spread = pick["model"], self.story["spread"]
        if spread is not None and spread["stated"] != slug:
            return f"`{spread['stated']}` ranks first, and its load is shared with `{slug}`"
        declared = [row["as"] for row in (pick, itself) if row["as"] == "primary" or row["as"].startswith("fallback")]
        if declared:
            return f"`{slug}` comes first, as {pick['as']}"
        if pick["preferred"] != itself["preferred"]:
            return f"`{slug}` is at a preferred provider"
        latency = self.story["latency"]
        if latency is not None and not latency["missed"] and latency["unconstrained"] != slug:
            return f"`{slug}` is picked for the latency budget"
        if "score" in pick and pick["score_exact"] != itself["score_exact"]:
            return f"its score is {itself['score']}, and that of `{slug}` {pick['score']}"
        equal = "the scores are equal, and " if "score" in pick else ""
        cost = "blended_cost_usd"
        if pick[cost] != itself[cost]:
            return f"{equal}its blended cost is {itself[cost]} dollars, and that of `{slug}` {pick[cost]}"
        return f"{equal}the blended costs are equal: the better quality, then the name, decides"


def models_named(program: Program, name: str) -> list[str]:
    """Return the models that a name means: the model, or the hosts of the logical model; none for another name."""
    hosts = [entry.slug for entry in program.logical_models.get(name, ())]
    return [name] if name in program.models else hosts
