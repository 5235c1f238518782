"""Ask the resolver what every call name comes to under one policy, for a request that says nothing else."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any, NamedTuple

from routecomp.model.project import Entry, Program
from routecomp.runtime.resolver import Decision, Endpoint, Router, slot_of
from routecomp.table.table import RoutingTable

SLOTS = 10_000
"""How many slots share a load."""


class Pick(NamedTuple):
    """A model that is called first, for `weight` of 10,000 slots; `endpoint` is how it is called."""

    model: str
    weight: int
    endpoint: Endpoint
    variant: str | None = None


@dataclass(frozen=True)
class Route:
    """What the calls of some names come to.

    `entry` is the body that answers (of a logical model its first host), `names` what callers send as `model`, the slug
    first; names that end in `*` are patterns. `picks` are called first; `chain` follows after them, in this order, and
    may name a pick again, where another pick is called first. `refused` is the number of slots that are answered with
    no model.
    """

    kind: str
    slug: str
    entry: Entry[Any]
    names: tuple[str, ...]
    picks: tuple[Pick, ...] = ()
    chain: tuple[str, ...] = ()
    refused: int = 0
    is_dealt: bool = False
    """Whether the first model depends on an id that the caller gives."""

    @property
    def is_served(self) -> bool:
        """Whether any model answers."""
        return bool(self.picks)

    @property
    def exact_names(self) -> tuple[str, ...]:
        """The names that are no patterns."""
        return tuple(name for name in self.names if not name.endswith("*"))

    @property
    def patterns(self) -> tuple[str, ...]:
        """The names that stand for all that begin so."""
        return tuple(name for name in self.names if name.endswith("*"))

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that may be called, once, the picks first."""
        return tuple(dict.fromkeys([*(pick.model for pick in self.picks), *self.chain]))


@dataclass(frozen=True)
class Routes:
    """All routes of a program under one policy, in the order of their names; `tenant` None is the default policy.

    `nameless` are features for which no name is free.
    """

    program: Program
    table: Mapping[str, Any]
    tenant: str | None
    routes: tuple[Route, ...]
    nameless: tuple[Entry[Any], ...]

    @cached_property
    def served(self) -> tuple[Route, ...]:
        """The routes that a model answers."""
        return tuple(route for route in self.routes if route.is_served)

    @cached_property
    def pinned(self) -> Mapping[str, Route]:
        """The routes of models that callers may name, by slug."""
        return {route.slug: route for route in self.served if route.kind == "direct"}

    @cached_property
    def models(self) -> tuple[str, ...]:
        """Every model that may be called, sorted."""
        return tuple(sorted({slug for route in self.served for slug in route.models}))


def key_of(program: Program, slug: str) -> str | None:
    """Return the variable that holds a model's key, its own or its provider's."""
    model = program.models[slug].body
    return model.api_key_env or program.providers[model.provider].body.api_key_env


def routes_of(program: Program, compiled: RoutingTable, tenant: str | None) -> Routes:
    """Return what every call name comes to for a declared tenant, or without one under the default policy.

    `compiled` is the table of the program.
    """
    router = Router.from_bytes(compiled.data, compiled.fallback_data)
    table: Mapping[str, Any] = compiled.content
    made: list[Route] = []
    for slug, model in program.models.items():
        made.append(_asked(router, table, tenant, "direct", slug, model, (slug, *model.body.aliases)))
    for slug, target in program.targets.items():
        made.append(_asked(router, table, tenant, "target", slug, target, (slug, *target.body.aliases)))
    for slug, models in program.logical_models.items():
        made.append(_asked(router, table, tenant, "logical", slug, models[0], (slug,)))
    for public_id in table["experiments"]:
        experiment = program.experiments[table["experiments"][public_id]["experiment"]]
        made.append(_asked(router, table, tenant, "experiment", public_id, experiment, (public_id,)))
    taken = {name for route in made for name in route.names}
    taken |= {alias for feature in program.features.values() for alias in feature.body.aliases}
    nameless = []
    for slug, feature in program.features.items():
        names = (*([] if slug in taken else [slug]), *feature.body.aliases)
        if names:
            made.append(_asked(router, table, tenant, "feature", slug, feature, names))
        else:
            nameless.append(feature)
    defaults = program.defaults
    for slug in program.sure_defaults.routes:
        if defaults is not None and slug not in program.features and slug not in taken:
            made.append(_asked(router, table, tenant, "feature", slug, defaults, (slug,)))
    return Routes(program, table, tenant, tuple(sorted(made, key=lambda route: route.names)), tuple(nameless))


def _asked(
    router: Router,
    table: Mapping[str, Any],
    tenant: str | None,
    kind: str,
    slug: str,
    entry: Entry[Any],
    names: tuple[str, ...],
) -> Route:
    """Return the route of a name, as the resolver answers for each slot of its load."""
    call: dict[str, Any] = {"feature" if kind == "feature" else "model": slug, "tenant": tenant}
    plain = router.resolve_request(call)
    dealt = _dealt(table, kind, slug, plain)
    if dealt is None:
        answers = [(SLOTS, plain)]
    else:
        salt, key, starts = dealt
        ends = [*starts[1:], SLOTS]
        units = _units(salt, starts)
        answers = [
            (end - start, router.resolve_request({**call, key: unit}))
            for start, end, unit in zip(starts, ends, units, strict=True)
        ]
    weights: dict[tuple[str, str | None], int] = {}
    endpoints: dict[tuple[str, str | None], Endpoint] = {}
    refused = 0
    for width, decision in answers:
        endpoint = router.endpoint(decision, decision.model)
        if decision.model is None or endpoint is None:
            refused += width
            continue
        pick = (decision.model, decision.variant)
        weights[pick] = weights.get(pick, 0) + width
        endpoints[pick] = endpoint
    picks = tuple(
        Pick(model, weight, endpoints[model, variant], variant) for (model, variant), weight in weights.items()
    )
    is_alone = len(picks) == 1
    follows = any(len(decision.chain) > 1 for _, decision in answers)
    chain = () if not follows else plain.chain[1:] if is_alone and plain.model == picks[0].model else plain.chain
    return Route(
        kind,
        slug,
        entry,
        names,
        picks,
        chain,
        refused,
        is_dealt=dealt is not None and len(answers) > 1,
    )


def _dealt(table: Mapping[str, Any], kind: str, slug: str, plain: Decision) -> tuple[str, str, list[int]] | None:
    """Return salt, argument and first slots of the ranges by which a route's load is dealt; None where it is not."""
    if kind == "experiment":
        experiment = table["experiments"][slug]
        if experiment["status"] != "active":
            return None
        return experiment["salt"], "unit", [start for start, _ in experiment["slots"]]
    if "no_unit" not in plain.reasons or plain.model is None:
        return None
    logical = table["models"][plain.model]["logical"]
    return f"share:{logical}", "request_id", [start for start, _ in table["shares"][logical]]


def _units(salt: str, starts: list[int]) -> Iterator[str]:
    """Yield for each range of slots an id that falls into it."""
    found_ids: dict[int, str] = {}
    for number in count():
        if len(found_ids) == len(starts):
            break
        unit = str(number)
        found_ids.setdefault(bisect_right(starts, slot_of(salt, unit)) - 1, unit)
    return iter([found_ids[index] for index in range(len(starts))])
