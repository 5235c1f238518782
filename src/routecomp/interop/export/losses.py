"""Say what no gateway asks that routecomp asks at each call: dials, tenants, budgets, units, abilities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from routecomp.interop.export.fields import Fields, Path
from routecomp.interop.export.routes import Route, Routes
from routecomp.model.policy import Dial
from routecomp.model.project import Entry
from routecomp.model.route import Model

DECIDED = "it had its say in the order that is written"
_NOT_SERVED = "no call reaches it under this policy, so nothing is written of it"

BECOMES: Mapping[str, str] = {
    "providers.stack": "the policy's stacks decided which models are written",
    "providers.allow_http": "the address is written as it is",
    "models.quality": DECIDED,
    "models.latency_ms": DECIDED,
    "models.output_ratio": DECIDED,
    "models.compliance": "the policy's threshold decided which models are written",
    "models.active": "models that are not active are not written",
    "models.listed": "models that are not listed have no name of their own",
    "models.logical_slug": "the logical model is a name like any other",
    "models.aliases": "each is a name like any other",
    "models.share": "the weight of a host",
    "models.sunset": "it is checked here, before anything is written",
    "models.successor": "it is checked here, before anything is written",
    "models.was": "what a thing was called decides nothing in another router",
    "features.models": "the primary is called first; what is retired, or a shadow without a sample, is not called",
    "features.fallback": "the models that follow, in this order",
    "features.then": "the models that follow, in the order of this policy",
    "features.min_quality": "models below the floor are left out of the chain",
    "features.aliases": "each is a name like any other",
    "targets.candidates": "the models of the chain",
    "targets.min_quality": "models below the floor are left out of the chain",
    "targets.aliases": "each is a name like any other",
    "tenants": "the file is written for one policy, and decided by it",
    "presets": DECIDED,
    "scoring": DECIDED,
    "defaults.policy": "the file is written for one policy, and decided by it",
    "defaults.unknown_tenant": "the file is written for one policy: it asks no call for its tenant",
    "defaults.model": "callers of a gateway name what is written, so no feature is undeclared",
    "defaults.routes": "a name, where the feature has no rows of its own",
    "expectations": "they are asked here, before anything is written",
    "preferences": "a call that names no preference is answered so",
    "experiments": "the variants and their weights, as far as units have them",
    "resilience.max_attempts": "chains are cut to it",
}
"""What fields become whichever the gateway, by section and key; the longest name counts."""


def becomes(own: Mapping[str, str], routes: Routes) -> Callable[[Entry[Any], Path], str]:
    """Return what says of a field what it becomes: in the words of one gateway, else in those of all."""
    words = {**BECOMES, **own}
    served = set(routes.models)
    providers = {routes.program.models[slug].body.provider for slug in served}

    def word(entry: Entry[Any], path: Path) -> str:
        if entry.section == "models" and entry.slug not in served:
            return _NOT_SERVED
        if entry.section == "providers" and entry.slug not in providers:
            return _NOT_SERVED
        if path[0] in ("description", "owner"):
            return "labels decide nothing: they stay here"
        key = f"{entry.section}.{path[0]}"
        return words.get(f"{key}.{path[-1]}") or words.get(key) or words[entry.section]

    return word


def lose_common(fields: Fields, routes: Routes, gateway: str, target: str) -> None:
    """Note what every gateway loses; `gateway` is its name for people, `target` that of the command."""
    program = routes.program
    preferences = program.preferences
    if preferences is not None and _moves(preferences.body.dial):
        fields.lose(
            preferences,
            ("dial",),
            f"{gateway} has no dial: every call gets the default preference",
            "export a tenant with another floor, and give callers the two files' names",
        )
    _lose_tenants(fields, routes, gateway, target)
    _lose_features(fields, routes, gateway)
    _lose_experiments(fields, routes, gateway)
    _lose_refusals(fields, routes, gateway)
    _lose_abilities(fields, routes, gateway)


def lose_context(fields: Fields, routes: Routes, gateway: str) -> None:
    """Note that a gateway does not ask whether a request fits into a model's context window."""
    for route, models in _chains(routes):
        widest = max(model.context_window for model in models.values())
        for slug, model in models.items():
            if model.context_window < widest:
                _lose_ability(fields, routes, slug, "context_window", "that does not fit into it", gateway, route)


def _lose_tenants(fields: Fields, routes: Routes, gateway: str, target: str) -> None:
    """Note the tenants that a file of the default policy does not tell apart, and the budget of the one it is for."""
    program = routes.program
    for slug, tenant in program.tenants.items():
        if routes.tenant is None and program.tenant_policy(slug) != program.default_policy:
            fields.lose(
                tenant,
                (),
                "a file for the default policy does not ask who calls: it answers this tenant like everybody",
                f"`routecomp export {target} --tenant {slug}` writes a file for its policy",
            )
        elif slug == routes.tenant or routes.tenant is None:
            for key in ("daily_usd", "monthly_usd"):
                if getattr(tenant.body.budget, key) is not None:
                    fields.lose(
                        tenant,
                        ("budget", key),
                        f"{gateway} does not know what this tenant has spent",
                        f"set a budget on the keys that {gateway} gives to this tenant",
                    )


def _lose_features(fields: Fields, routes: Routes, gateway: str) -> None:
    """Note the features that nobody can name, and the shadows that are not mirrored."""
    for feature in routes.nameless:
        fields.lose(
            feature,
            (),
            "callers of a gateway name everything as `model`, and its slug is the name of something else",
            "give it an alias",
        )
    for feature in routes.program.features.values():
        for slug, row in feature.body.models.items():
            if row.sample is not None:
                fields.lose(
                    feature,
                    ("models", slug),
                    f"{gateway} mirrors no share of a route's calls",
                    "mirror them in your service",
                )


def _lose_experiments(fields: Fields, routes: Routes, gateway: str) -> None:
    """Note the experiments whose units do not keep their variant, and those that refuse some of them."""
    for route in routes.served:
        if route.kind != "experiment":
            continue
        if len(route.picks) > 1:
            fields.lose(
                route.entry,
                ("status",),
                f"{gateway} deals each call anew: a unit does not keep its variant",
                "complete it with a winner, or let your service choose the variant",
            )
        if route.refused:
            fields.lose(
                route.entry,
                ("variants",),
                f"{route.refused} of 10,000 units are refused under this policy; {gateway} answers them too",
                "permit the models of every variant, or pause the experiment",
            )


def _lose_refusals(fields: Fields, routes: Routes, gateway: str) -> None:
    """Note the names that are refused here, and that a pattern would take there."""
    patterns = [text for route in routes.served for text in route.patterns]
    refused = [(name, route.entry) for route in routes.routes if not route.is_served for name in route.exact_names]
    unanswered: Mapping[str, str] = routes.table.get("unanswered", {})
    refused += [(name, routes.program.experiments[slug]) for name, slug in unanswered.items()]
    for name, entry in refused:
        taken = [text for text in patterns if name.startswith(text[:-1])]
        if taken:
            longest = max(taken, key=len)
            fields.lose(
                entry,
                (),
                f"a call of `{name}` is refused under this policy; in {gateway} the pattern `{longest}` takes it",
                "leave the pattern out, or permit what the name stands for",
            )


def _lose_abilities(fields: Fields, routes: Routes, gateway: str) -> None:
    """Note the models of a chain that a request may pass over here for what it asks."""
    for route, models in _chains(routes):
        able = {word for model in models.values() for word in model.capabilities}
        ceilings = [model.max_output_tokens for model in models.values()]
        highest = None if None in ceilings else max(ceiling for ceiling in ceilings if ceiling is not None)
        fewest = min(model.min_output_tokens for model in models.values())
        for slug, model in models.items():
            missing = sorted(able - set(model.capabilities))
            if missing:
                words = ", ".join(f"`{word}`" for word in missing)
                _lose_ability(fields, routes, slug, "capabilities", f"that needs {words}", gateway, route)
            if model.max_output_tokens not in (None, highest):
                _lose_ability(fields, routes, slug, "max_output_tokens", "for a longer answer", gateway, route)
            if model.min_output_tokens > fewest:
                _lose_ability(fields, routes, slug, "min_output_tokens", "for a shorter answer", gateway, route)


def _lose_ability(
    fields: Fields, routes: Routes, slug: str, key: str, request: str, gateway: str, route: Route
) -> None:
    """Note, once for each figure of a model, that a request is not kept from a model that cannot answer it."""
    model = routes.program.models[slug]
    if fields.has(model, (key,)):
        return
    fields.lose(
        model,
        (key,),
        f"a request {request} passes over it here; {gateway} tries it, as in `{route.names[0]}`",
        "give such requests a feature or a target of their own",
    )


def _moves(dial: Dial) -> bool:
    """Return whether a preference other than the default moves a floor."""
    return any((dial.quality, dial.balanced, dial.cost))


def _chains(routes: Routes) -> Iterable[tuple[Route, dict[str, Model]]]:
    """Return the routes of more than one model that asks what a model can do, with their models."""
    return [
        (route, {slug: routes.program.models[slug].body for slug in route.models})
        for route in routes.served
        if len(route.models) > 1 and route.kind != "experiment"
    ]
