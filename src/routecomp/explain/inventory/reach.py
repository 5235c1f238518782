"""Find the chains in which models stand, whoever asks: of every feature, target and logical model, for every tenant."""

from __future__ import annotations

import json
from typing import NamedTuple

from routecomp.explain.loaded import Loaded
from routecomp.runtime.resolver import Router


class Reach(NamedTuple):
    """A route in whose chain a model stands: its kind and name, the best place, and for which tenants at any place.

    None among the tenants stands for requests without one.
    """

    kind: str
    name: str
    position: int
    tenants: list[str | None]


def chains_with(loaded: Loaded, slugs: frozenset[str]) -> dict[str, list[Reach]]:
    """Return by model the routes in whose chain it stands, before the chain is cut: who may be served by it.

    A chain is that of a request which asks for nothing. What stands behind the models that are tried is counted too:
    it serves as soon as those before it are unavailable.
    """
    program, router = loaded.program, _uncut(loaded)
    routes = [("feature", name) for name in program.features]
    routes += [("target", name) for name in program.targets]
    routes += [("logical model", name) for name in program.logical_models]
    like: dict[object, list[str | None]] = {program.default_policy: [None]}
    for tenant in program.tenants:
        like.setdefault(program.tenant_policy(tenant), []).append(tenant)
    reaches: dict[str, list[Reach]] = {}
    for kind, name in routes:
        feature, model = (name, None) if kind == "feature" else (None, name)
        places: dict[str, tuple[int, list[str | None]]] = {}
        for tenants in like.values():
            chain = router.resolve(feature=feature, model=model, tenant=tenants[0]).chain
            for position, slug in enumerate(chain, 1):
                if slug in slugs:
                    best, whom = places.get(slug, (position, []))
                    places[slug] = (min(best, position), [*whom, *tenants])
        for slug, (position, whom) in places.items():
            reaches.setdefault(slug, []).append(Reach(kind, name, position, whom))
    return reaches


def _uncut(loaded: Loaded) -> Router:
    """Return a router over the project's table that tries as many models as there are."""
    table = json.loads(loaded.table.data)
    table["resilience"]["max_attempts"] = max(len(loaded.program.models), 1)
    return Router.from_bytes(json.dumps(table).encode(), loaded.table.fallback_data)
