"""Explain how a request is decided, as plain JSON values.

The resolver's own log says what was decided, and by which filter. This module adds where it comes from: every
number as its author wrote it, with the file and line (docs/semantics.md, section 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from routecomp.explain.dropped import needed_capabilities, shortfall
from routecomp.explain.inventory.shares import shared_load
from routecomp.explain.loaded import Loaded
from routecomp.explain.notes import notes, objective_note
from routecomp.explain.policy import policy_rows
from routecomp.explain.request import count, plain, texts
from routecomp.explain.values import decimal, dollars, figure_texts, names, place_of, ranking_figures, share
from routecomp.explain.why_not import why_not
from routecomp.model.numbers import ONE
from routecomp.model.project import Entry, Program
from routecomp.model.route import Model, blended_cost
from routecomp.table.rank import exact_score, measure

Json = dict[str, Any]


def explain_decision(loaded: Loaded, request: Mapping[str, Any], models: Iterable[str] = ()) -> Json:
    """Return the decision for a request and everything that led to it, as plain JSON values.

    Parts that do not apply to the request's route are None or empty. `why_not` has an answer for each of `models`,
    which are declared.
    """
    log: Json = {**loaded.router.explain_request({**request})}
    explanation = _Explanation(loaded.program, request, log)
    story = explanation.document()
    answers = [why_not(loaded.program, log, story, explanation.figures, slug) for slug in models]
    return {**story, "why_not": answers}


class _Explanation:
    """The explanation of a decision, from the resolver's log of it."""

    def __init__(self, program: Program, request: Mapping[str, Any], log: Json) -> None:
        self.program = program
        self.request = request
        self.log = log
        self.decision: Json = log["decision"]
        self.tenant: str | None = log["tenant"] if log["tenant"] in program.tenants else None
        self.policy = program.default_policy if self.tenant is None else program.tenant_policy(self.tenant)
        self.rows = {row.field: row for row in policy_rows(program, self.tenant)}

    def document(self) -> Json:
        """Return the whole explanation, with the keys in the order in which it is read."""
        log = self.log
        return {
            "decision": self.decision,
            "notes": self.notes(),
            "request": {key: plain(value) for key, value in self.request.items()},
            "route": self.route(),
            "policy": {
                "tenant": self.tenant,
                "name": log.get("policy"),
                "fields": [row.plain() for row in self.rows.values()],
            },
            "floor": self.floor(),
            "chain": [self.figures(slug, first=slug == self.decision["model"]) for slug in self.decision["chain"]],
            "further": [self.figures(slug, first=False) for slug in self.further()],
            "filters": self.filters(log.get("filters", ())),
            "cost": self.cost(),
            "latency": log.get("latency"),
            "spread": self.spread(),
            "experiment": self.experiment(),
            "shadows": self.shadows(),
            "rungs": self.rungs(),
            "limits": self.limits(),
            "scoring": self.scoring(),
        }

    def notes(self) -> list[str]:
        """Return the sentences that explain the decision's reasons, and what its objective does not decide."""
        sentences, route = notes(self.program, self.request, self.decision), self.log.get("route")
        if route is not None and route["kind"] == "feature" and route["name"] in self.program.features:
            sentences += [note for note in [objective_note(self.program, route["name"], self.policy)] if note]
        return sentences

    def route(self) -> Json | None:
        """Return what the request asks for, and where that is declared; None where its `model` names nothing."""
        route: Json | None = self.log.get("route")
        if route is None:
            return None
        entry = self.entry(route)
        description = None if entry is None else entry.body.description
        owner = None if entry is None else entry.body.owner
        return {**route, "at": place_of(entry), "description": description, "owner": owner}

    def entry(self, route: Json) -> Entry[Any] | None:
        """Return the body a route is declared by; None for a logical model, and a feature that is not declared."""
        program, name = self.program, route["name"]
        if route["kind"] == "experiment":
            return program.experiments[self.decision["experiment"]]
        if route["kind"] == "logical":
            return None
        if route["kind"] == "feature":
            return program.features.get(name)
        return program.targets.get(name) if route["kind"] == "target" else program.models.get(name)

    # - floor -

    def floor(self) -> Json | None:
        """Return the steps from what is declared to the floor that was applied; None for a route without a floor."""
        floor: Json | None = self.log.get("floor")
        if floor is None:
            return None
        program = self.program
        preferences = None if program.preferences is None else program.preferences.body
        steps = [*self.bases()]
        if floor["from"] == "explicit":
            steps = [{"what": "min_quality of the request, which stands before all others", "value": None, "at": None}]
        elif not steps and preferences is not None:
            steps.append(
                {
                    "what": "floors.good, since nothing else declares one",
                    "value": share(preferences.floors["good"]),
                    "at": place_of(program.preferences, "floors", "good"),
                }
            )
        elif not steps:
            steps.append({"what": "nothing declares a floor", "value": share(0), "at": None})
        if floor["dial_bp"] and preferences is not None:
            word = self.request["preference"]
            steps.append(
                {
                    "what": f"preference `{word}`",
                    "value": _signed(floor["dial_bp"]),
                    "at": place_of(program.preferences, "dial", word),
                }
            )
            for side, name in zip(("lower", "upper"), preferences.clamp, strict=True):
                steps.append(
                    {
                        "what": f"{side} clamp `{name}`",
                        "value": share(preferences.floors[name]),
                        "at": place_of(program.preferences, "floors", name),
                    }
                )
        return {**floor, "steps": steps, "base": _floor(floor["base_bp"]), "result": _floor(floor["result_bp"])}

    def bases(self) -> Iterable[Json]:
        """Yield the declared floors, the policy's and the route's; the higher one is the base."""
        row = self.rows["min_quality"]
        if row.text != "none":
            title = "the default policy" if self.tenant is None else f"tenant `{self.tenant}`"
            yield {"what": f"min_quality of {title}", "value": row.text, "at": row.place or row.source}
        route = self.log["route"]
        entry = self.entry(route)
        if entry is not None and entry.body.min_quality is not None:
            yield {
                "what": f"min_quality of {entry.title}",
                "value": share(entry.body.min_quality),
                "at": place_of(entry, "min_quality"),
            }

    # - filters -

    def filters(self, log: Iterable[Json]) -> list[Json]:
        """Return the resolver's log of filters, each with what it asks for, who says so, and what it dropped."""
        return [
            {
                **step,
                **dict(zip(("asks", "at"), self.filter_demand(step["filter"]), strict=True)),
                "dropped_for": [self.dropped(step["filter"], slug) for slug in step["dropped"]],
            }
            for step in log
        ]

    def dropped(self, filter: str, slug: str) -> Json:
        """Return a model that a filter dropped, with what it has of what is asked for, and where that is declared."""
        has, place = shortfall(self.program, self.policy, self.request, filter, slug)
        return {"model": slug, "has": has, "at": place}

    def filter_demand(self, filter: str) -> tuple[str, str | None]:
        """Return what a filter asks for, in words, and the place that says so; None where no file says it."""
        rows, request = self.rows, self.request
        if filter == "unknown_tenant":
            return "nobody: unknown_tenant is reject", place_of(self.program.defaults, "unknown_tenant")
        if filter == "bans":
            banned = [
                (rows[field].text, rows[field].place)
                for field in ("banned_providers", "banned_models")
                if rows[field].text != "none"
            ]
            return (
                " and ".join(f"not {text}" for text, _ in banned) or "nothing banned",
                next((place for _, place in banned), None),
            )
        if filter == "stacks":
            row = rows["stacks"]
            regions = [] if row.text == "all" else [row.text]
            if request.get("stack") is not None:
                regions.append(str(request["stack"]))
            return "; ".join(regions) or "all", row.place
        if filter == "compliance":
            row = rows["compliance_veto_threshold"]
            return f"at least {row.text}", row.place or row.source
        if filter == "quality":
            return f"at least {_floor(self.log['floor']['result_bp'])}", None
        tokens = (count(request.get("input_tokens")) or 0) + (count(request.get("max_output_tokens")) or 0)
        demands = {
            "active": "active",
            "listed": "listed",
            "available": f"not {names(texts(request.get('unavailable')))}",
            "capabilities": names(needed_capabilities(request)),
            "context": f"{tokens} tokens",
            "output_ceiling": f"{request.get('max_output_tokens')} tokens of answer",
            "reasoning_floor": f"at most {request.get('max_output_tokens')} tokens of answer",
            "cost": f"at most {request.get('max_cost_usd')} dollars",
        }
        return demands[filter], None

    # - models -

    def further(self) -> list[str]:
        """Return the survivors that the chain has no room for, in the pick's order; none for a route without ranks."""
        dropped = {slug for step in self.log.get("filters", ()) for slug in step["dropped"]}
        chain = self.decision["chain"]
        return [slug for slug in self.log.get("candidates", ()) if slug not in dropped and slug not in chain]

    def figures(self, slug: str, first: bool) -> Json:
        """Return a model with the numbers it is ranked by, and where each is declared.

        The score of all but the `first`, the decision's model, has the penalty of fallbacks; only a policy that weighs
        has scores.
        """
        entry = self.program.models.get(slug)
        if entry is None:
            return {"model": slug, "as": "last resort"}
        model, scoring = entry.body, self.program.sure_scoring
        document: Json = {
            "model": slug,
            "as": self.role(slug),
            "at": place_of(entry),
            "provider": model.provider,
            "figures": [
                {"figure": name, "value": value, "at": place_of(entry, *path)}
                for name, value, path in figure_texts(ranking_figures(), slug, model)
            ],
            "blended_cost_usd": dollars(blended_cost(model), 10),
        }
        if self.policy.objective == "weighted":
            measured = measure(slug, model, scoring)
            exact = exact_score(measured, self.policy, scoring, penalised=not first)
            document["score"] = decimal(exact)
            document["score_exact"] = f"{exact.numerator}/{exact.denominator}"
            document["score_parts"] = self.parts(model, penalised=not first)
        document["preferred"] = model.provider in self.policy.preferred_providers
        return document

    def parts(self, model: Model, *, penalised: bool) -> list[Json]:
        """Return the three products of weight and figure whose sum is a score; `penalised` makes the cost higher."""
        scoring = self.program.sure_scoring
        cost = Fraction(blended_cost(model), 10**10)
        if penalised:
            cost *= 1 + Fraction(self.policy.fallback_cost_penalty_pct, ONE)
        shares = [Fraction(model.quality, ONE)]
        for value, best, worst in (
            (Fraction(model.latency_ms), Fraction(scoring.latency_ms.best), Fraction(scoring.latency_ms.worst)),
            (cost, Fraction(scoring.cost.best, 10**6), Fraction(scoring.cost.worst, 10**6)),
        ):
            shares.append(1 - min(max((value - best) / (worst - best), Fraction(0)), Fraction(1)))
        return [
            {
                "part": part,
                "weight": share(weight),
                "of": decimal(figure),
                "product": decimal(Fraction(weight, ONE) * figure),
            }
            for part, weight, figure in zip(("quality", "latency", "cost"), self.policy.weights, shares, strict=True)
        ]

    def scoring(self) -> list[Json]:
        """Return the scales that scores are measured on: the best and the worst of cost, in dollars, and of latency."""
        scoring, entry = self.program.sure_scoring, self.program.scoring
        return [
            {
                "scale": "cost",
                "best": dollars(scoring.cost.best, 6),
                "worst": dollars(scoring.cost.worst, 6),
                "at": place_of(entry, "cost", "worst"),
            },
            {
                "scale": "latency_ms",
                "best": str(scoring.latency_ms.best),
                "worst": str(scoring.latency_ms.worst),
                "at": place_of(entry, "latency_ms", "worst"),
            },
        ]

    def role(self, slug: str) -> str:
        """Return how a model came into the chain, in words."""
        route = self.log.get("route") or {}
        if self.log.get("rungs") is not None:
            return str(self.decision["source"])
        if route.get("kind") == "experiment":
            return f"variant `{self.decision['variant']}`"
        if route.get("kind") == "direct":
            return "as named"
        if route.get("kind") != "feature":
            return "pick" if slug == self.decision["model"] else "ranked"
        feature = self.program.features[route["name"]].body
        row = feature.models.get(slug)
        if row is not None and row.status == "primary":
            return "primary"
        if slug in feature.fallback:
            return f"fallback {feature.fallback.index(slug) + 1}"
        return f"then `{feature.then}`"

    def cost(self) -> Json | None:
        """Return the estimated cost and what it was computed from; None where there is no estimate."""
        pico = self.decision["estimated_cost_pusd"]
        if pico is None:
            return None
        entry = self.program.models.get(self.decision["model"])
        return {
            "estimated_cost_usd": dollars(pico, 12),
            "input_tokens": plain(self.request["input_tokens"]),
            "max_output_tokens": plain(self.request.get("max_output_tokens")),
            "model_max_output_tokens": None if entry is None else entry.body.max_output_tokens,
        }

    # - the rest -

    def experiment(self) -> Json | None:
        """Return the experiment that decides, with its variants and where they are declared; None for other routes.

        The model and version of a variant are those that serve, its last.
        """
        experiment: Json | None = self.log.get("experiment")
        if experiment is None:
            return None
        entry = self.program.experiments[experiment["experiment"]]
        variants = [
            {
                "variant": id,
                "label": variant.label,
                "weight": share(variant.weight),
                "at": place_of(entry, "variants", id, "weight"),
                "model": variant.versions[-1].model,
                "version": variant.versions[-1].version,
                "model_at": place_of(entry, "variants", id, "versions", len(variant.versions) - 1, "model"),
            }
            for id, variant in entry.body.variants.items()
        ]
        return {**experiment, "at": place_of(entry), "salt": entry.body.salt or entry.slug, "variants": variants}

    def spread(self) -> Json | None:
        """Return how the load of the pick's logical model is dealt, and where each share is declared.

        None where the pick states no share.
        """
        spread: Json | None = self.log.get("spread")
        if spread is None:
            return None
        dropped = {slug for step in self.log["filters"] for slug in step["dropped"]}
        models = []
        for row in shared_load(self.program, spread["logical"]):
            slug, why = row["model"], None
            if slug not in self.log["candidates"]:
                why = "not in this chain"
            elif slug not in spread["members"]:
                why = "barred" if slug in dropped else "beyond the latency budget"
            models.append({**row, "member": slug in spread["members"], "why": why})
        reasons = {row["model"]: row["why"] for row in models}
        why = reasons.get(spread["owner"])
        return {**spread, "owner_why": why, "salt": f"share:{spread['logical']}", "models": models}

    def shadows(self) -> list[Json]:
        """Return the shadows of the feature, and whether the request is mirrored to them; empty for other routes."""
        shadows: list[Json] = self.log.get("shadows", [])
        if not shadows:
            return []
        entry = self.program.features[self.log["route"]["name"]]
        return [
            {**shadow, "sample": share(shadow["sample_bp"]), "at": place_of(entry, "models", shadow["model"], "sample")}
            for shadow in shadows
        ]

    def rungs(self) -> list[Json] | None:
        """Return the rungs below the registry (config route, default model), each with its filters and its place.

        None where the registry answers, and for routes that are no feature.
        """
        rungs: list[Json] | None = self.log.get("rungs")
        if rungs is None:
            return None
        feature = self.log["route"]["name"]
        places = {"default_route": ("routes", feature), "default_model": ("model",)}
        return [
            {
                **rung,
                "filters": self.filters(rung.get("filters", ())),
                "at": place_of(self.program.defaults, *places[rung["source"]]),
            }
            for rung in rungs
        ]

    def limits(self) -> Json:
        """Return what cuts the chain: `max_attempts` and `fallback_enabled`, each with its place."""
        entry = self.program.resilience
        fallback = self.rows["fallback_enabled"]
        return {
            "max_attempts": {"value": self.program.sure_resilience.max_attempts, "at": place_of(entry, "max_attempts")},
            "fallback_enabled": {"value": fallback.text, "at": fallback.place or fallback.source},
        }


def _floor(basis_points: int) -> str:
    """Write a floor, which a request may put just outside 0..1."""
    return f"-{share(-basis_points)}" if basis_points < 0 else share(basis_points)


def _signed(basis_points: int) -> str:
    """Write basis points, which are not 0, as a share of 1 with its sign."""
    return f"+{share(basis_points)}" if basis_points > 0 else f"-{share(-basis_points)}"
