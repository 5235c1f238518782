"""Tell on which features and targets a policy leaves no model, quickly for many policies.

A set of models is an integer with a bit for each. What a filter bars is worked out once for each value it can have,
so that a policy costs a few operations for each route.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from routecomp.model.policy import EffectivePolicy
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Feature, Model
from routecomp.rules.lookup import primaries, ranks

FIELDS = {
    "bans": ("banned_providers", "banned_models"),
    "stacks": ("stacks",),
    "compliance": ("compliance_veto_threshold",),
    "quality": ("min_quality",),
    "fallback_enabled": ("fallback_enabled",),
}
"""The filters of a policy in the order in which they take models, and the fields that each reads."""


class Filters(NamedTuple):
    """The fields of a policy that bar models."""

    banned_providers: tuple[str, ...]
    banned_models: tuple[str, ...]
    stacks: tuple[str, ...] | None
    compliance_veto_threshold: int
    min_quality: int | None
    fallback_enabled: bool

    @classmethod
    def of(cls, policy: EffectivePolicy) -> Filters:
        """Return those of an effective policy."""
        return cls(*(getattr(policy, field) for field in cls._fields))


class Emptied(NamedTuple):
    """A route on which nothing is left: its name for messages, and how many models each filter took.

    `too_low` are the models that quality alone took, as bits. `is_own_floor` says that the route's own floor took them.
    """

    title: str
    taken: dict[str, int]
    too_low: int
    is_own_floor: bool

    @property
    def reason(self) -> str:
        """What each filter took, in words."""
        return ", ".join(f"{name} {count}" for name, count in self.taken.items())


class _Route(NamedTuple):
    """A feature or target: its active models, those tried without fallbacks, and its own floor."""

    title: str
    models: int
    first: int
    floor: int | None


class Survivors:
    """The routes of a project, ready to be filtered by many policies.

    INVARIANT: `permission.is_clear` holds. Routes that their own floor leaves empty are left out: what is wrong with
    them is no policy's doing. Of a project with an error elsewhere (an unknown target, stack or model)
    they may be wrong: RC404 is then silent.
    """

    def __init__(self, declared: Declared) -> None:
        self._declared = declared
        self._bits: dict[str, int] = {}
        self._active = 0
        self._masks: dict[tuple[str, object], int] = {}
        for place, (slug, model) in enumerate(declared.models.items()):
            bit = self._bits[slug] = 1 << place
            self._active |= bit if model.body.active else 0
            for name in _names(slug, model.body, declared.providers[model.body.provider].body.stack):
                self._masks[name] = self._masks.get(name, 0) | bit
        preferences = declared.preferences
        self._good = 0 if preferences is None else preferences.body.floors.get("good", 0)
        self._causes: dict[int, tuple[object, ...]] = {0: ()}
        self._known: dict[tuple[int | None, bool], tuple[list[int], list[int]]] = {}

    @cached_property
    def below_good(self) -> list[str]:
        """The routes on which nothing clears `floors.good`, the floor where neither they nor the policy have one."""
        good = self._at_least("quality", self._good)
        return [route.title for route in self._routes if route.floor is None and not route.models & good]

    def emptied(self, policy: Filters) -> list[Emptied]:
        """Return the routes on which a policy leaves nothing; without those `below_good` if it has no floor."""
        barred = 0
        for name in policy.banned_providers:
            barred |= self._masks.get(("provider", name), 0)
        for name in policy.banned_models:
            barred |= self._masks.get(("model", name), 0)
        stacks = -1 if policy.stacks is None else 0
        for name in policy.stacks or ():
            stacks |= self._masks.get(("stack", name), 0)
        compliance = self._at_least("compliance", policy.compliance_veto_threshold)
        permitted = ~barred & stacks & compliance
        chains, smallest = self._chains(policy.min_quality, policy.fallback_enabled)
        if 0 not in [chain & permitted for chain in smallest]:
            return []
        emptied = []
        for place, chain in enumerate(chains):
            if chain & permitted:
                continue
            route = self._routes[place]
            if policy.min_quality is None and route.title in self.below_good:
                continue
            quality = self._at_least("quality", self._floor(policy.min_quality, route.floor))
            filters = {"bans": ~barred, "stacks": stacks, "compliance": compliance, "quality": quality}
            too_low = route.models & permitted & (-1 if policy.fallback_enabled else route.first)
            is_own_floor = route.floor is not None and route.floor >= (policy.min_quality or 0)
            emptied.append(Emptied(route.title, _taken(route.models, filters), too_low, is_own_floor))
        return emptied

    def causes(self, emptied: list[Emptied]) -> tuple[object, ...]:
        """Return what may have left nothing: the quality of a model that would serve all routes, or the only floor."""
        low = emptied[0].too_low
        for route in emptied:
            low &= route.too_low
        if low not in self._causes:
            self._causes[low] = tuple(("quality", slug) for slug, bit in self._bits.items() if low & bit)
        is_floor = low and len(emptied) == 1 and emptied[0].is_own_floor
        return (*self._causes[low], ("floor", emptied[0].title)) if is_floor else self._causes[low]

    def _chains(self, min_quality: int | None, fallback_enabled: bool) -> tuple[list[int], list[int]]:
        """Return the models of each route that clear its floor under a policy; without fallbacks its first ones.

        Beside them stand those that hold no other one: where these leave a model, all do.
        """
        key = (min_quality, fallback_enabled)
        if key not in self._known:
            chains = [
                route.models
                & self._at_least("quality", self._floor(min_quality, route.floor))
                & (-1 if fallback_enabled else route.first)
                for route in self._routes
            ]
            smallest: list[int] = []
            for chain in sorted(set(chains), key=int.bit_count):
                if not any(inner & chain == inner for inner in smallest):
                    smallest.append(chain)
            self._known[key] = chains, smallest
        return self._known[key]

    @cached_property
    def _routes(self) -> list[_Route]:
        """The routes of which a model clears their own floor, if they have one."""
        declared = self._declared
        ranked = {
            slug: self._set(
                model.slug for model in declared.models.values() if ranks(declared, target.body, model.slug, model.body)
            )
            for slug, target in declared.targets.items()
        }
        routes = [self._feature(entry, ranked) for entry in declared.features.values()]
        routes += [
            _Route(target.title, ranked[slug], ranked[slug], target.body.min_quality)
            for slug, target in declared.targets.items()
        ]
        return [route for route in routes if route.models & self._at_least("quality", route.floor or 0)]

    def _feature(self, entry: Entry[Feature], ranked: dict[str, int]) -> _Route:
        """Return the route of a feature: its primary, its fallbacks, and what its `then` ranks but it has retired."""
        body = entry.body
        first = self._set(primaries(body))
        retired = self._set(slug for slug, row in body.models.items() if row.status == "retired")
        then = 0 if body.then is None else ranked.get(body.then, 0) & ~retired
        chain = first | self._set(body.fallback) | then
        return _Route(entry.title, chain & self._active, first, body.min_quality)

    def _floor(self, of_policy: int | None, of_route: int | None) -> int:
        """Return the floor of a request that names none, and no preference."""
        floors = [floor for floor in (of_policy, of_route) if floor is not None]
        return max(floors, default=self._good)

    def _set(self, slugs: Iterable[str]) -> int:
        """Return the set of these models; names of no model are left out."""
        models = 0
        for slug in slugs:
            models |= self._bits.get(slug, 0)
        return models

    def _at_least(self, figure: str, least: int) -> int:
        """Return the models of which a figure is at least this."""
        key = (figure, least)
        if key not in self._masks:
            models = self._declared.models.items()
            self._masks[key] = self._set(slug for slug, model in models if getattr(model.body, figure) >= least)
        return self._masks[key]


def _names(slug: str, model: Model, stack: str) -> set[tuple[str, object]]:
    """Return the names by which filters take a model, each with its kind."""
    return {("provider", model.provider), ("stack", stack), ("model", slug), ("model", model.logical_slug)}


def _taken(models: int, filters: dict[str, int]) -> dict[str, int]:
    """Return how many models each filter takes, one after the other; what is then left, missing fallbacks take."""
    taken: dict[str, int] = {}
    for name, kept in filters.items():
        left = models & kept
        if left != models:
            taken[name] = (models & ~left).bit_count()
        models = left
    if models:
        taken["fallback_enabled"] = models.bit_count()
    return taken
