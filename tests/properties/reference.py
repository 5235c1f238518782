"""Decide a request from the program itself, as docs/semantics.md says: the slow and obvious twin of the resolver.

Written from that page alone, one candidate at a time, in `Fraction`s, sharing nothing with resolver, ranking
and lowering; comments quote its sentences (section 4 unless they name another). Quantities are whole numbers
as the model keeps them: basis points, micro-dollars per million tokens (= pico-dollars a token), ms, tokens.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from routecomp.model.experiment import Experiment
from routecomp.model.project import Program
from routecomp.model.route import Feature, Model, Target
from tests.properties.reference_request import Request, read, read_line
from tests.properties.reference_wire import call

Decision = dict[str, Any]

# "Filters, in this order"; `unknown_tenant` is "a permission filter that nothing passes".
STATUS = {
    "unknown_tenant": "rejected_policy",
    "active": "rejected_policy",
    "listed": "rejected_policy",
    "bans": "rejected_policy",
    "stacks": "rejected_policy",
    "compliance": "rejected_policy",
    "available": "rejected_unavailable",
    "capabilities": "rejected_unavailable",
    "context": "rejected_unavailable",
    "output_ceiling": "rejected_unavailable",
    "reasoning_floor": "rejected_unavailable",
    "quality": "rejected_floor",
    "cost": "rejected_cost",
}
ORDER = (*STATUS,)

# Section 2: "five names, built in with these bodies", and a tenant's fields with their defaults.
BUILT_IN: dict[str, dict[str, Any]] = {
    "balanced": {"weights": (4000, 3000, 3000)},
    "cost_first": {"weights": (2000, 2000, 6000)},
    "quality_first": {"weights": (7000, 1500, 1500)},
    "latency_first": {"weights": (2000, 6000, 2000)},
    "strict_no_fallback": {"weights": (4000, 3000, 3000), "fallback_enabled": False},
}
POLICY_DEFAULTS: dict[str, Any] = {
    "objective": "weighted",
    "weights": None,
    "min_quality": None,
    "fallback_enabled": True,
    "fallback_cost_penalty_pct": 500,
    "compliance_veto_threshold": 5000,
    "max_quality_loss": 1000,
    "banned_providers": (),
    "banned_models": (),
    "preferred_providers": (),
    "stacks": None,
}


def decide(program: Program, request: Request, env: Mapping[str, str], has_table: bool = True) -> Decision:
    """Return the decision for one request: every key of section 4's table but `ruleset_hash`."""
    return Twin(program).decide(request, env, has_table)


def slot(salt: str, unit: str) -> int:
    """Section 5: "first 8 bytes, big-endian, of SHA-256(utf-8(salt) + ":" + utf-8(unit)), × 10000 >> 64"."""
    return int.from_bytes(hashlib.sha256(f"{salt}:{unit}".encode()).digest()[:8], "big") * 10_000 >> 64


class Twin:
    """One program; the two orders are worked out once per policy."""

    def __init__(self, program: Program) -> None:
        self.program, self.defaults = program, program.sure_defaults
        self.models: dict[str, Model] = {slug: entry.body for slug, entry in program.models.items()}
        self._orders: dict[str, tuple[list[str], list[str]]] = {}

    def decide(
        self, request: Request, env: Mapping[str, str], has_table: bool = True, last_resort: str | None = None
    ) -> Decision:
        """Return the decision for one request; `last_resort` is the slug of a model."""
        given, flags = read(request)
        decision = Attempt(self, given, flags, env, has_table, last_resort).decide()
        return {**decision, "reasons": sorted(flags)}

    def decide_line(self, line: str, env: Mapping[str, str], has_table: bool = True) -> Decision:
        """One JSON line; one "that is no JSON object …, is `unknown_model` with `ignored:request`"."""
        request = read_line(line)
        if request is not None:
            return self.decide(request, env, has_table)
        return {**self.decide({}, env, has_table), "reasons": ["ignored:request"]}

    def policy(self, tenant: str | None) -> dict[str, Any]:
        """Return a request's effective policy (section 1): its tenant's fields, its preset's, the defaults below."""
        tenants = self.program.tenants  # defaults.policy: "a request with no tenant, or an undeclared one"
        own: Any = tenants[tenant].body if tenant is not None and tenant in tenants else self.defaults.policy
        preset, result = self.program.presets.get(own.preset), {}
        for field, default in POLICY_DEFAULTS.items():
            value = getattr(own, field)  # "a value here replaces the preset's whole value"
            if value is None and preset is not None:
                value = getattr(preset.body, field)  # "declare one to change fields of it, the others stay"
            if value is None:
                value = BUILT_IN[own.preset].get(field, default)
            if field == "weights" and not isinstance(value, tuple):
                value = (value.quality, value.latency, value.cost)
            result[field] = value
        return result

    def endpoint(self, slug: str) -> dict[str, Any]:
        """Return how a model is called (section 2, "Wire contracts")."""
        model = self.models[slug]
        return call(slug, model, self.program.providers[model.provider].body)

    def orders(self, policy: dict[str, Any]) -> tuple[list[str], list[str]]:
        """All models in the plain and in the penalised order of a policy."""
        key = repr(policy)
        if key not in self._orders:
            # "in the penalised order … the blended cost … counts 1 + fallback_cost_penalty_pct/100 times"
            penalty = 1 + Fraction(policy["fallback_cost_penalty_pct"], 100) / 100
            self._orders[key] = (
                sorted(self.models, key=lambda slug: self.rank(slug, policy, Fraction(1))),
                sorted(self.models, key=lambda slug: self.rank(slug, policy, penalty)),
            )
        return self._orders[key]

    def rank(self, slug: str, policy: dict[str, Any], penalty: Fraction) -> tuple[Any, ...]:
        """Return the sort key of a model, best first."""
        model, scoring = self.models[slug], self.program.sure_scoring
        # "Blended cost = input price + output_ratio · output price", here in micro-dollars per million tokens
        cost = model.price.input + Fraction(model.output_ratio, 10_000) * model.price.output
        ties = (cost, -model.quality, slug)  # "blended cost ascending, quality descending, slug ascending"
        group = 0 if model.provider in policy["preferred_providers"] else 1  # "preferred providers first"
        if policy["objective"] == "cheapest":
            return (group, *ties)  # "blended cost ascending" ("under `cheapest` both orders are the same")
        # "score = wq·quality + wl·(1 − norm(latency)) + wc·(1 − norm(blended cost))"
        quality, latency, money = (Fraction(weight, 10_000) for weight in policy["weights"])
        score = (
            quality * Fraction(model.quality, 10_000)
            + latency * (1 - norm(Fraction(model.latency_ms), scoring.latency_ms))
            + money * (1 - norm(cost * penalty, scoring.cost))
        )
        return (group, -score, *ties)


class Attempt:
    """One request on its way to its decision; `given` holds normalised arguments only."""

    def __init__(
        self,
        twin: Twin,
        given: dict[str, Any],
        flags: set[str],
        env: Mapping[str, str],
        has_table: bool,
        last_resort: str | None,
    ) -> None:
        self.twin, self.program, self.models = twin, twin.program, twin.models
        self.given, self.flags, self.has_table, self.last_resort = given, flags, has_table, last_resort
        tenant = given.get("tenant")
        self.policy = twin.policy(tenant)
        stranger = tenant is not None and tenant not in self.program.tenants
        flags.update({"tenant_unknown"} if stranger else ())
        self.nobody = stranger and twin.defaults.unknown_tenant == "reject"
        self.delta = self.dial(env)

    def decide(self) -> Decision:
        """Which route."""
        if "feature" in self.given:  # "With both `feature` and `model` the feature wins"
            feature = self.program.features.get(self.given["feature"])
            if feature is not None and self.has_table:
                return self.feature(feature.slug, feature.body)
            return self.ladder(self.given["feature"])
        if "model" not in self.given:  # "neither `feature` nor `model` is `unknown_model`"
            return self.blank("unknown_model", None, "table" if self.has_table else None)
        name = self.given["model"]
        if not self.has_table:
            return self.without_table(name)
        for slug, target in self.program.targets.items():  # "a target or its alias → automatic"
            if name == slug or (name in target.body.aliases and not name.endswith("*")):
                return self.target(slug, name != slug)
        for feature in self.program.features.values():  # "an alias of a feature → that feature's chain"
            if name in feature.body.aliases:
                self.flags.add("alias")
                return self.feature(feature.slug, feature.body)
        # "a public model id whose experiment is active or paused, or completed with a `winner`, and not
        # archived"; section 5: "An unarchived active or paused experiment hides a completed one"
        mine = [
            one
            for one in self.program.experiments.values()
            if one.body.public_model_id == name and not one.body.archived
        ]
        running = [one for one in mine if one.body.status in ("active", "paused")]
        won = [one for one in mine if one.body.status == "completed" and one.body.winner is not None]
        for one in running + won:
            return self.experiment(one.slug, one.body)
        # "a model slug, or an alias of a model → pinned (direct), untouched, no scoring, no substitution"
        for slug, model in self.models.items():
            if name == slug or name in model.aliases:
                self.flags |= {"alias"} if name != slug else set()
                return self.direct(slug, "table")
        hosts = [slug for slug, model in self.models.items() if model.logical_slug == name]
        if hosts:  # "a logical slug → its hosts, ranked like a target"
            return self.automatic("logical", name, hosts, None)
        # "a name that is no target, alias, public model id, model or logical slug … → the target of the longest pattern
        # it begins with"
        if name not in {entry.body.public_model_id for entry in self.program.experiments.values()}:
            begun = [
                (len(alias), slug)
                for slug, target in self.program.targets.items()
                for alias in target.body.aliases
                if alias[-1] == "*" and name[: len(alias) - 1] == alias[:-1]
            ]
            if begun:
                return self.target(max(begun)[1], True)
        return self.blank("unknown_model", None)  # "Anything else …: no stealth substitution"

    def target(self, slug: str, by_alias: bool) -> Decision:
        """Return a target, named by its slug or an alias (section 4: "the name was an alias … or matched")."""
        self.flags |= {"alias"} if by_alias else set()
        body = self.program.targets[slug].body
        return self.automatic("target", slug, self.candidates(body), body.min_quality)

    def failure(self, slug: str, listed: bool, ability: bool, floor: int | None = None) -> str | None:
        """Return the first filter a model does not pass, or None; there is demand where there is a floor."""
        model, given, policy = self.models[slug], self.given, self.policy
        stack = self.program.providers[model.provider].body.stack
        passes = {
            "unknown_tenant": not self.nobody,
            "active": model.active,
            "listed": model.listed or not listed,  # "target, logical and direct routes"
            "bans": model.provider not in policy["banned_providers"]
            and not {slug, model.logical_slug} & set(policy["banned_models"]),
            "stacks": (policy["stacks"] is None or stack in policy["stacks"])
            and ("stack" not in given or self.stack_passes(given["stack"][0], stack)),  # "the caller's `stack`"
            "compliance": model.compliance >= policy["compliance_veto_threshold"],
        }
        if ability:
            # "`stream` needs `streaming`, `tools` needs `tools`, and those named"
            needed = given.get("capabilities", set()) | {
                word for word, wanted in (("streaming", given.get("stream")), ("tools", given.get("tools"))) if wanted
            }
            out = given.get("max_output_tokens")
            passes["available"] = not given.get("unavailable", set()) & {slug, model.provider}
            passes["capabilities"] = needed <= set(model.capabilities)
            # "input_tokens + max_output_tokens ≤ context_window, a missing one counts 0"
            passes["context"] = given.get("input_tokens", 0) + (out or 0) <= model.context_window
            # "`max_output_tokens ≤` the model's, where both are given"
            ceiling = model.max_output_tokens
            passes["output_ceiling"] = out is None or ceiling is None or out <= ceiling
            passes["reasoning_floor"] = out is None or out >= model.min_output_tokens
        if floor is not None:
            cost, most = self.estimate(slug), given.get("max_cost_usd")
            passes["quality"] = model.quality >= floor
            passes["cost"] = most is None or cost is None or cost <= most
        return next((name for name in ORDER if not passes.get(name, True)), None)

    def stack_passes(self, wanted: object, stack: str) -> bool:
        """ "the caller's `stack: eu` or `avoid-china`"."""
        # one "that is not text or names a stack (plain or `avoid-`) that no provider declares passes nothing"
        named = wanted.removeprefix("avoid-") if isinstance(wanted, str) else None
        if named not in {entry.body.stack for entry in self.program.providers.values()}:
            return False
        return stack == named if named == wanted else stack != named

    def estimate(self, slug: str) -> int | None:
        """ "input_tokens · input price + min(input_tokens · output_ratio, max_output_tokens, …) · output …"."""
        if "input_tokens" not in self.given:
            return None
        model, tokens = self.models[slug], self.given["input_tokens"]
        out = tokens * Fraction(model.output_ratio, 10_000)
        if "max_output_tokens" in self.given:
            out = min(out, self.given["max_output_tokens"])
        if model.max_output_tokens is not None:  # "the model's own ceiling"
            out = min(out, model.max_output_tokens)
        # "computed exactly, rounded up once to a pico-dollar"
        return math.ceil(Fraction(tokens * model.price.input + out * model.price.output))

    def dial(self, env: Mapping[str, str]) -> int:
        """How far the caller's preference moves a floor, in basis points."""
        wanted, preferences = self.given.get("preference"), self.program.preferences
        if wanted is None:
            return 0
        if preferences is None or wanted not in ("quality", "balanced", "cost"):
            self.flags.add("preference_unknown")  # "An unknown preference is the default"
            return 0
        if wanted == preferences.body.default:
            return 0  # "the default preference leaves it untouched, clamp included"
        gate = preferences.body.gate_env  # "inert until it is "1"; absent: always shut" (section 2)
        if gate is None or env.get(gate) != "1":
            self.flags.add("preference_inert")
            return 0
        return int(getattr(preferences.body.dial, wanted))

    def floors(self, own: int | None) -> tuple[int, int]:
        """Return the floor of the request and the base the dial moved it from, in basis points."""
        if "min_quality" in self.given:  # "Explicit `min_quality` wins, always, whatever the dial says"
            return self.given["min_quality"], self.given["min_quality"]
        # "base = the higher of the effective policy's and the feature's or target's `min_quality`; if neither
        # has one, `floors.good` (without `preferences`: 0)"
        preferences = self.program.preferences
        declared = [value for value in (self.policy["min_quality"], own) if value is not None]
        if preferences is None:
            return max(declared, default=0), max(declared, default=0)
        base = max(declared) if declared else preferences.body.floors["good"]
        low, high = (preferences.body.floors[name] for name in preferences.body.clamp)
        if self.delta > 0:  # "δ > 0: max(base, min(base+δ, clamp.hi))"
            return max(base, min(base + self.delta, high)), base
        # "δ < 0: min(base, max(base+δ, clamp.lo))"
        return (min(base, max(base + self.delta, low)) if self.delta < 0 else base), base

    def candidates(self, target: Target) -> list[str]:
        """Section 2: "all | {models: […]} | {stacks: […]} | {logical: slug}: …; active, listed ones only"."""
        chosen = target.candidates
        return [
            slug
            for slug, model in self.models.items()
            if model.active
            and model.listed
            and (
                chosen.all
                or slug in (chosen.models or ())
                or self.program.providers[model.provider].body.stack in (chosen.stacks or ())
                or (chosen.logical is not None and model.logical_slug == chosen.logical)
            )
        ]

    def automatic(self, route: str, name: str, candidates: list[str], own: int | None) -> Decision:
        """ "the pick is the first survivor of the plain order, the rest follow in the penalised one"."""
        orders = self.twin.orders(self.policy)
        plain, penalised = ([slug for slug in order if slug in candidates] for order in orders)
        return {**self.demanding(route, plain, penalised, own, listed=True), "route_name": name}

    def feature(self, slug: str, body: Feature) -> Decision:
        """ "A feature's chain = primary, declared `fallback` in declared order, then `then`'s …"."""
        chain = [model for model, row in body.models.items() if row.status == "primary"]
        if self.policy["fallback_enabled"]:  # "for a feature only the primary is ever tried"
            chain += body.fallback
            more = [] if body.then is None else self.candidates(self.program.targets[body.then].body)
            # "penalised order (the feature's retired models left out), each model once: one fixed order"
            retired = {model for model, row in body.models.items() if row.status == "retired"}
            order = self.twin.orders(self.policy)[1]
            chain += [model for model in order if model in more and model not in retired]
        chain = list(dict.fromkeys(chain))
        decision = self.demanding("feature", chain, chain, body.min_quality, listed=False) | {"route_name": slug}
        if decision["status"] == "ok":
            decision["shadows"] = [
                model
                for model, row in body.models.items()
                if row.sample is not None and self.mirrored(slug, model, row.sample, decision["model"])
            ]
        return decision

    def mirrored(self, feature: str, model: str, sample: int, picked: str) -> bool:
        """Whether a shadow is mirrored (section 5)."""
        unit = self.given.get("request_id", self.given.get("unit"))  # "neither: not mirrored"
        features, models = self.program.features, self.program.models
        return (
            unit is not None
            and model != picked  # "never when it is the model picked"
            and slot(f"shadow:{was(features, feature)}:{was(models, model)}", unit) < sample  # "below `sample`·10000"
            and self.failure(model, listed=False, ability=True) is None
        )

    def demanding(
        self, route: str, pick_order: list[str], chain_order: list[str], own: int | None, listed: bool
    ) -> Decision:
        """Return a feature, target or logical model: filters, floor, latency budget, chain."""
        floor, base = self.floors(own)
        failures = {slug: self.failure(slug, listed, True, floor) for slug in pick_order}
        survivors = [slug for slug in pick_order if failures[slug] is None]
        if not survivors and floor != base:
            # "If the dial had moved the floor and with the base something survives, the base is used and the
            # decision says `preference_relaxed`; otherwise status and floor are the dialled request's"
            survivors = [slug for slug in pick_order if self.failure(slug, listed, True, base) is None]
            if survivors:
                self.flags.add("preference_relaxed")
                floor = base
        if not survivors:  # "named after the first filter, in the order above, after which nothing was left"
            last = max((ORDER.index(name) for name in failures.values() if name), default=0)
            return {**self.blank(STATUS[ORDER[last]], route), "floor_bp": floor}
        pick = survivors[0]
        if "latency_budget_ms" in self.given:
            # "among survivors whose latency ≤ budget and whose quality ≥ (unconstrained pick's quality −
            # `max_quality_loss`), the first in the pick's order; … none, the unconstrained pick stays"
            least = self.models[pick].quality - self.policy["max_quality_loss"]
            quick = [
                slug
                for slug in survivors
                if self.models[slug].quality >= least
                and self.models[slug].latency_ms <= self.given["latency_budget_ms"]
            ]
            self.flags |= set() if quick else {"latency_budget_missed"}
            pick = (quick or survivors)[0]
        if route != "feature" or self.policy["fallback_enabled"]:  # "a feature, of which only the primary is tried, …"
            pick = self.spread(pick, survivors)
        chain = [pick] + [slug for slug in chain_order if slug in survivors and slug != pick]
        # "The surviving chain is cut to `max_attempts` models. `fallback_enabled: false` cuts it to its pick"
        most = self.program.sure_resilience.max_attempts if self.policy["fallback_enabled"] else 1
        return {**self.answer(route, chain[:most]), "floor_bp": floor}

    def spread(self, pick: str, survivors: list[str]) -> str:
        """ "comes last, and binds the pick only. Let P be the pick after the latency budget"."""
        logical, budget = self.models[pick].logical_slug, self.given.get("latency_budget_ms")
        if self.models[pick].share is None:  # "If P states a `share`"
            return pick
        unit = self.given.get("request_id", self.given.get("unit"))
        if unit is None:  # "Neither id: P stays, and the decision says `no_unit` (even of one member)"
            self.flags.add("no_unit")
            return pick
        # "All sharing models of the logical slug, survivors or not, own the slots (salt `share:` + logical slug …) of
        # their shares, contiguous ranges in slug order"
        sharing = sorted(
            (slug for slug, model in self.models.items() if model.logical_slug == logical and model.share is not None),
            key=lambda slug: was(self.program.models, slug),
        )
        dealt = [slug for slug in sharing for _ in range(self.models[slug].share or 0)]
        # "its *members* are the survivors of this route …; if a latency budget was given and P is within it, only
        # those within it"
        members = [slug for slug in survivors if slug in sharing]
        if budget is not None and self.models[pick].latency_ms <= budget:
            members = [slug for slug in members if self.models[slug].latency_ms <= budget]
        # "the owner of the request's slot if it is a member, else the next member in slug order, wrapping"
        first = sharing.index(dealt[slot(f"share:{logical}", unit)])
        return next(slug for slug in sharing[first:] + sharing[:first] if slug in members)

    def experiment(self, slug: str, body: Experiment) -> Decision:
        """Return the variant of an experiment (section 5)."""
        unit, said = self.given.get("unit"), Decision(experiment=slug, route_name=body.public_model_id)
        if unit is not None:
            said["slot"] = slot(slug if body.salt is None else body.salt, unit)
        chosen = next(iter(body.variants))
        if body.status == "completed":
            chosen = str(body.winner)  # "the variant that then serves everyone" (section 2)
        elif body.status == "paused":
            if body.on_pause == "reject":
                return {**self.blank("rejected_experiment", "experiment"), **said}
            self.flags.add("paused_control")  # "control (the first declared variant, whatever its id)"
        elif unit is None:
            self.flags.add("no_unit")  # "no assignment is guessed; the first variant serves"
        else:
            chosen = owner(body, said["slot"])
        version = body.variants[chosen].versions[-1]  # "a list of versions, the last serves" (section 1)
        # "A variant or pinned model that does not pass is rejected, never swapped for another, but for an experiment
        # that says `on_unavailable: control`: where the variant that would serve (assigned, or winner) would be
        # `rejected_unavailable`, the first declared variant is tried; if its model passes permission and ability, it
        # serves (`variant` and `version` are then its …); else the first rejection stands"
        failed = self.failure(version.model, listed=False, ability=True)
        if body.on_unavailable == "control" and failed and STATUS[failed] == "rejected_unavailable":
            first = next(iter(body.variants))
            if self.failure(body.variants[first].versions[-1].model, listed=False, ability=True) is None:
                chosen, failed, version = first, None, body.variants[first].versions[-1]
                self.flags.add("variant_unavailable")
        said |= {"variant": chosen, "version": version.version}
        if failed:
            return {**self.blank(STATUS[failed], "experiment"), **said}
        decision = {**self.answer("experiment", [version.model]), **said}
        # "api_key_env (optional) overrides the model's and the provider's" (section 2)
        return {**decision, "api_key_env": version.api_key_env or decision["api_key_env"]}

    def direct(self, name: str, source: str) -> Decision:
        """Return a pinned model: permission only."""
        if self.failure(name, listed=True, ability=False) is not None:
            return {**self.blank("rejected_policy", "direct", source), "route_name": name}
        return {**self.answer("direct", [name], source), "route_name": name}

    def ladder(self, feature: str) -> Decision:
        """Section 6: "`defaults.routes[feature]` → `defaults.model` → the last resort given … in code"."""
        self.flags.add("feature_unknown")  # "said whichever rung answers"
        rungs = [
            ("default_route", self.twin.defaults.routes.get(feature)),
            ("default_model", self.twin.defaults.model),
            ("last_resort", self.last_resort),
        ]
        # "A rung is taken if its model passes permission and ability; if none does, the first that passes
        # permission"; "demand and latency budget do not apply on a rung"
        for ability in (True, False):
            for source, model in rungs:
                if model is not None and self.failure(model, listed=False, ability=ability) is None:
                    # "of an undeclared feature the text given"
                    return {**self.answer("feature", [model], source), "route_name": feature}
        # "if none does, `rejected_policy` with the last rung tried as `source`"
        lowest = "last_resort" if self.last_resort else "default_model"
        return {**self.blank("rejected_policy", "feature", lowest), "route_name": feature}

    def without_table(self, name: str) -> Decision:
        """Section 6: "Without a table `model=` answers only what is in `fallback.json`, as a direct call"."""
        if name in self.twin.defaults.routes.values():
            return self.direct(name, "default_route")
        if name == self.twin.defaults.model:
            return self.direct(name, "default_model")
        return self.blank("unknown_model", None, None)

    def blank(self, status: str, route: str | None, source: str | None = "table") -> Decision:
        """Return a decision without a pick: "`null` or `[]` where there is nothing to say"."""
        nothing = (
            "model",
            "provider",
            "upstream_model",
            "url",
            "adapter",
            "api_key_env",
            "experiment",
            "variant",
            "version",
            "slot",
            "floor_bp",
            "estimated_cost_pusd",
            "route_name",
        )
        return {
            "status": status,
            "route": route,
            "source": source,
            **dict.fromkeys(nothing),
            "chain": [],
            "shadows": [],
        }

    def answer(self, route: str, chain: list[str], source: str = "table") -> Decision:
        """Return a decision with a pick, the first of the chain."""
        endpoint = self.twin.endpoint(chain[0])
        # "the stream URL when the request says `stream`, else the chat URL"
        url = endpoint["stream_url" if self.given.get("stream") is True else "url"]
        keys = ("model", "provider", "upstream_model", "adapter", "api_key_env")
        return {
            **self.blank("ok", route, source),
            **{key: endpoint[key] for key in keys},
            "url": url,
            "chain": chain,
            "estimated_cost_pusd": self.estimate(chain[0]),
        }


def was(entries: Mapping[str, Any], slug: str) -> str:
    """Section 2: "while `was` stands, the old slug is what is hashed and what orders the shares"."""
    return str(entries[slug].body.was or slug)


def owner(body: Experiment, number: int) -> str:
    """Return the variant that owns a slot (section 5)."""
    start = 0
    for name, variant in body.variants.items():
        # "contiguous ranges in declared order, unless the variants say `slots: [[0, 4999], …]`"
        ranges = variant.slots or ((start, start + variant.weight - 1),)
        if any(first <= number <= last for first, last in ranges):
            return name
        start += variant.weight
    raise AssertionError("the slots leave a gap")


def norm(value: Fraction, scale: Any) -> Fraction:
    """ "norm linear on the declared scale and clamped to 0..1"."""
    return min(max(Fraction(value - scale.best, scale.worst - scale.best), Fraction(0)), Fraction(1))
