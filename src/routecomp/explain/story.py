"""A project and a request in, the whole story of its decision out, as plain JSON values.

What was decided, and by which filter, is the resolver's own log. What stands here is where it comes from:
every number as its author wrote it, with the file and line (docs/semantics.md, section 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from routecomp.explain.origins import at, decimal, dollars, names, ranked_by, share
from routecomp.explain.policy import policy_rows
from routecomp.explain.reasons import notes

if TYPE_CHECKING:
    from routecomp.explain.loaded import Loaded
    from routecomp.model.project import Entry, Program
    from routecomp.model.route import Model

Json = dict[str, Any]
_DIGITS = 20


def explained(loaded: Loaded, request: Mapping[str, Any]) -> Json:
    """The decision for a request and everything that led to it."""
    log: Json = {**loaded.router.explain_request({**request})}
    return _Story(loaded.program, request, log).told()


class _Story:
    def __init__(self, program: Program, request: Mapping[str, Any], log: Json) -> None:
        self.program = program
        self.request = request
        self.log = log
        self.decision: Json = log["decision"]
        tenant = request.get("tenant")
        self.tenant = tenant if isinstance(tenant, str) and tenant in program.tenants else None
        self.policy = program.default_policy if self.tenant is None else program.tenant_policy(self.tenant)
        self.rows = {row.field: row for row in policy_rows(program, self.tenant)}

    def told(self) -> Json:
        log = self.log
        return {
            "decision": self.decision,
            "notes": notes(self.program, self.request, self.decision),
            "request": {key: _plain(value) for key, value in self.request.items()},
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
            "experiment": self.experiment(),
            "shadows": self.shadows(),
            "rungs": self.rungs(),
            "limits": self.limits(),
            "scoring": self.scoring(),
        }

    def route(self) -> Json | None:
        """What was asked for, and where it is declared."""
        route: Json | None = self.log.get("route")
        if route is None:
            return None
        entry = self.entry(route)
        said = None if entry is None else entry.body.description
        return {**route, "at": at(entry), "description": said, "owner": None if entry is None else entry.body.owner}

    def entry(self, route: Json) -> Entry[Any] | None:
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
        """The steps from what is declared to the floor that was applied."""
        found: Json | None = self.log.get("floor")
        if found is None:
            return None
        program = self.program
        preferences = None if program.preferences is None else program.preferences.body
        steps = [*self.bases()]
        if found["from"] == "explicit":
            steps = [{"what": "min_quality of the request, which stands before all others", "value": None, "at": None}]
        elif not steps and preferences is not None:
            steps.append(
                {
                    "what": "floors.good, since nothing else declares one",
                    "value": share(preferences.floors["good"]),
                    "at": at(program.preferences, "floors", "good"),
                }
            )
        elif not steps:
            steps.append({"what": "nothing declares a floor", "value": share(0), "at": None})
        if found["dial_bp"] and preferences is not None:
            word = self.request["preference"]
            steps.append(
                {
                    "what": f"preference `{word}`",
                    "value": _signed(found["dial_bp"]),
                    "at": at(program.preferences, "dial", word),
                }
            )
            for side, name in zip(("lower", "upper"), preferences.clamp, strict=True):
                steps.append(
                    {
                        "what": f"{side} clamp `{name}`",
                        "value": share(preferences.floors[name]),
                        "at": at(program.preferences, "floors", name),
                    }
                )
        return {**found, "steps": steps, "base": _floor(found["base_bp"]), "result": _floor(found["result_bp"])}

    def bases(self) -> Iterable[Json]:
        """The declared floors; the higher one is the base."""
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
                "at": at(entry, "min_quality"),
            }

    # - filters -

    def filters(self, log: Iterable[Json]) -> list[Json]:
        """The resolver's log, each filter with what it asks for and who says so."""
        return [{**one, **dict(zip(("asks", "at"), self.asked(one["filter"]), strict=True))} for one in log]

    def asked(self, filter: str) -> tuple[str, str | None]:
        rows, given = self.rows, self.request
        if filter == "unknown_tenant":
            return "nobody: unknown_tenant is reject", at(self.program.defaults, "unknown_tenant")
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
            if given.get("stack") is not None:
                regions.append(str(given["stack"]))
            return "; ".join(regions) or "all", row.place
        if filter == "compliance":
            row = rows["compliance_veto_threshold"]
            return f"at least {row.text}", row.place or row.source
        if filter == "quality":
            return f"at least {_floor(self.log['floor']['result_bp'])}", None
        asked = {
            "active": "active",
            "listed": "listed",
            "available": f"not {names(_listed(given.get('unavailable')))}",
            "capabilities": names(
                [word for word, key in (("streaming", "stream"), ("tools", "tools")) if given.get(key) is True]
                + _listed(given.get("capabilities"))
            ),
            "context": f"{_whole(given.get('input_tokens')) + _whole(given.get('max_output_tokens'))} tokens",
            "reasoning_floor": f"at most {given.get('max_output_tokens')} tokens of answer",
            "cost": f"at most {given.get('max_cost_usd')} dollars",
        }
        return asked.get(filter, ""), None

    # - models -

    def further(self) -> list[str]:
        """Survivors that the chain has no room for, in the pick's order."""
        dropped = {slug for one in self.log.get("filters", ()) for slug in one["dropped"]}
        chain = self.decision["chain"]
        return [slug for slug in self.log.get("candidates", ()) if slug not in dropped and slug not in chain]

    def figures(self, slug: str, first: bool) -> Json:
        """A model with the numbers it is ranked by, and where each is declared."""
        from routecomp.table.rank import blended_cost, exact_score, measure

        entry = self.program.models.get(slug)
        if entry is None:
            return {"model": slug, "as": "last resort"}
        model, scoring = entry.body, self.program.sure_scoring
        found: Json = {
            "model": slug,
            "as": self.role(slug),
            "at": at(entry),
            "provider": model.provider,
            "figures": [
                {"figure": name, "value": value, "at": at(entry, *path)} for name, value, path in ranked_by(model)
            ],
            "blended_cost_usd": dollars(blended_cost(model), 10),
        }
        if self.policy.objective == "weighted":
            measured = measure(slug, model, scoring)
            exact = exact_score(measured, self.policy, scoring, penalised=not first)
            found["score"] = decimal(exact)
            found["score_exact"] = f"{exact.numerator}/{exact.denominator}"
            found["score_parts"] = self.parts(model, penalised=not first)
        found["preferred"] = model.provider in self.policy.preferred_providers
        return found

    def parts(self, model: Model, *, penalised: bool) -> list[Json]:
        """The three products a score is the sum of."""
        from fractions import Fraction

        from routecomp.table.rank import blended_cost

        scoring = self.program.sure_scoring
        cost = Fraction(blended_cost(model), 10**10)
        if penalised:
            cost *= 1 + Fraction(self.policy.fallback_cost_penalty, 10_000)
        shares = [Fraction(model.quality, 10_000)]
        for value, best, worst in (
            (Fraction(model.latency_ms), Fraction(scoring.latency_ms.best), Fraction(scoring.latency_ms.worst)),
            (cost, Fraction(scoring.cost.best, 10**6), Fraction(scoring.cost.worst, 10**6)),
        ):
            shares.append(1 - min(max((value - best) / (worst - best), Fraction(0)), Fraction(1)))
        return [
            {
                "part": part,
                "weight": share(weight),
                "of": decimal(one),
                "product": decimal(Fraction(weight, 10_000) * one),
            }
            for part, weight, one in zip(("quality", "latency", "cost"), self.policy.weights, shares, strict=True)
        ]

    def scoring(self) -> list[Json]:
        """The scales that scores are measured on."""
        scoring, entry = self.program.sure_scoring, self.program.scoring
        return [
            {
                "scale": "cost",
                "best": dollars(scoring.cost.best, 6),
                "worst": dollars(scoring.cost.worst, 6),
                "at": at(entry, "cost", "worst"),
            },
            {
                "scale": "latency_ms",
                "best": str(scoring.latency_ms.best),
                "worst": str(scoring.latency_ms.worst),
                "at": at(entry, "latency_ms", "worst"),
            },
        ]

    def role(self, slug: str) -> str:
        """How a model came into the chain."""
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
        """How the estimated cost was computed."""
        pico = self.decision["estimated_cost_pusd"]
        if pico is None:
            return None
        return {
            "estimated_cost_usd": dollars(pico, 12),
            "input_tokens": _plain(self.request["input_tokens"]),
            "max_output_tokens": _plain(self.request.get("max_output_tokens")),
        }

    # - the rest -

    def experiment(self) -> Json | None:
        found: Json | None = self.log.get("experiment")
        if found is None:
            return None
        entry = self.program.experiments[found["experiment"]]
        variants = [
            {
                "variant": id,
                "label": variant.label,
                "weight": share(variant.weight),
                "at": at(entry, "variants", id, "weight"),
                "model": variant.versions[-1].model,
                "version": variant.versions[-1].version,
                "model_at": at(entry, "variants", id, "versions", len(variant.versions) - 1, "model"),
            }
            for id, variant in entry.body.variants.items()
        ]
        return {**found, "at": at(entry), "salt": entry.body.salt or entry.slug, "variants": variants}

    def shadows(self) -> list[Json]:
        found: list[Json] = self.log.get("shadows", [])
        if not found:
            return []
        entry = self.program.features[self.log["route"]["name"]]
        return [
            {**one, "sample": share(one["sample_bp"]), "at": at(entry, "models", one["model"], "sample")}
            for one in found
        ]

    def rungs(self) -> list[Json] | None:
        found: list[Json] | None = self.log.get("rungs")
        if found is None:
            return None
        feature = self.log["route"]["name"]
        places = {"default_route": ("routes", feature), "default_model": ("model",)}
        return [
            {
                **one,
                "filters": self.filters(one.get("filters", ())),
                "at": at(self.program.defaults, *places[one["source"]]),
            }
            for one in found
        ]

    def limits(self) -> Json:
        """What cuts the chain."""
        entry = self.program.resilience
        fallback = self.rows["fallback_enabled"]
        return {
            "max_attempts": {"value": self.program.sure_resilience.max_attempts, "at": at(entry, "max_attempts")},
            "fallback_enabled": {"value": fallback.text, "at": fallback.place or fallback.source},
        }


def _plain(value: Any) -> Any:
    """A request's value as JSON: decimals as they were written."""
    from decimal import Decimal

    if isinstance(value, Decimal):
        # A large exponent stays as it is written: as digits it could fill the memory.
        short = value.is_finite() and value.adjusted() < _DIGITS and value == value.to_integral_value()
        return int(value) if short else str(value)
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _listed(value: Any) -> list[str]:
    """A list of a request, which may hold anything."""
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _whole(value: Any) -> int:
    """A count of a request, which may be of any kind."""
    from decimal import Decimal

    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= 10**_DIGITS:
        return 0
    return int(value)


def _floor(basis_points: int) -> str:
    """A floor, which a request may put just outside 0..1."""
    return f"-{share(-basis_points)}" if basis_points < 0 else share(basis_points)


def _signed(basis_points: int) -> str:
    return f"+{share(basis_points)}" if basis_points > 0 else f"-{share(-basis_points)}"
