"""Tell on which features and targets a policy leaves no model, quickly for many policies.

A set of models is an integer with a bit for each. What a filter bars is worked out once for each value it can have,
so that a policy costs a few operations for each route.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


class Emptied(NamedTuple):
    """A route on which nothing is left: its name for messages, and how many models each filter took."""

    title: str
    taken: dict[str, int]

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
    is_feature: bool


class Survivors:
    """The routes of a project, ready to be filtered by many policies.

    INVARIANT: `permission.is_clear` holds. Routes that are empty under a policy without any filter are left out: what
    is wrong with them is no policy's doing.
    """

    def __init__(self, declared: Declared) -> None:
        self._declared = declared
        self._bits = {slug: 1 << place for place, slug in enumerate(declared.models)}
        preferences = declared.preferences
        self._good = 0 if preferences is None else preferences.body.floors.get("good", 0)
        self._masks: dict[tuple[str, object], int] = {}
        self._known: dict[tuple[object, ...], list[Emptied]] = {}

    def emptied(self, policy: EffectivePolicy, is_default: bool = False) -> list[Emptied]:
        """Return the routes on which a policy leaves nothing.

        Of the default policy, features whose primary it bars are left out: RC401 names those.
        """
        key = (
            policy.banned_providers,
            policy.banned_models,
            policy.stacks,
            policy.compliance_veto_threshold,
            policy.min_quality,
            policy.fallback_enabled,
            is_default,
        )
        if key not in self._known:
            self._known[key] = self._work_out(policy, is_default)
        return self._known[key]

    def _work_out(self, policy: EffectivePolicy, is_default: bool) -> list[Emptied]:
        filters = {
            "bans": ~(
                self._mask("provider", policy.banned_providers, lambda model, names: model.body.provider in names)
                | self._mask(
                    "model",
                    policy.banned_models,
                    lambda model, names: bool({model.slug, model.body.logical_slug} & names),
                )
            ),
            "stacks": -1
            if policy.stacks is None
            else self._mask("stack", policy.stacks, lambda model, names: self._stack(model) in names),
            "compliance": self._at_least("compliance", policy.compliance_veto_threshold),
        }
        if policy.stacks is not None and not self._declared.stacks.issuperset(policy.stacks):
            return []  # which stack was meant is not known
        permitted = filters["bans"] & filters["stacks"] & filters["compliance"]
        emptied = []
        for route in self._routes:
            left = route.models & permitted & self._at_least("quality", self._floor(policy.min_quality, route.floor))
            if left & (-1 if policy.fallback_enabled else route.first):
                continue
            if is_default and route.is_feature and not route.first & permitted:
                continue
            filters["quality"] = self._at_least("quality", self._floor(policy.min_quality, route.floor))
            emptied.append(Emptied(route.title, _taken(route.models, filters)))
        return emptied

    @cached_property
    def _routes(self) -> list[_Route]:
        """The routes that leave a model where a policy filters nothing."""
        declared = self._declared
        ranked = {
            slug: self._set(
                model.slug for model in declared.models.values() if ranks(declared, target.body, model.slug, model.body)
            )
            for slug, target in declared.targets.items()
        }
        routes = [self._feature(entry, ranked) for entry in declared.features.values()]
        routes += [
            _Route(target.title, ranked[slug], ranked[slug], target.body.min_quality, False)
            for slug, target in declared.targets.items()
        ]
        return [route for route in routes if route.models & self._at_least("quality", self._floor(None, route.floor))]

    def _feature(self, entry: Entry[Feature], ranked: dict[str, int]) -> _Route:
        """Return the route of a feature: its primary, its fallbacks, and what its `then` ranks but it has retired."""
        body = entry.body
        first = self._set(primaries(body))
        retired = self._set(slug for slug, row in body.models.items() if row.status == "retired")
        then = 0 if body.then is None else ranked.get(body.then, -1) & ~retired  # an unknown target may rank any
        chain = first | self._set(body.fallback) | then
        active = self._set(slug for slug, model in self._declared.models.items() if model.body.active)
        return _Route(entry.title, chain & active, first, body.min_quality, True)

    def _floor(self, of_policy: int | None, of_route: int | None) -> int:
        """Return the floor of a request that names none, and no preference."""
        floors = [floor for floor in (of_policy, of_route) if floor is not None]
        return max(floors, default=self._good)

    def _stack(self, model: Entry[Model]) -> str:
        return self._declared.providers[model.body.provider].body.stack

    def _set(self, slugs: Iterable[str]) -> int:
        """Return the set of these models; names of no model are left out."""
        models = 0
        for slug in slugs:
            models |= self._bits.get(slug, 0)
        return models

    def _at_least(self, figure: str, least: int) -> int:
        """Return the models of which a figure is at least this."""
        return self._masked(
            (figure, least),
            lambda: (slug for slug, m in self._declared.models.items() if getattr(m.body, figure) >= least),
        )

    def _mask(self, kind: str, names: tuple[str, ...], test: Callable[[Entry[Model], set[str | None]], bool]) -> int:
        """Return the models that a test on a list of names is true of."""
        if not names:
            return 0
        wanted: set[str | None] = {*names}
        return self._masked(
            (kind, names), lambda: (slug for slug, model in self._declared.models.items() if test(model, wanted))
        )

    def _masked(self, key: tuple[str, object], slugs: Callable[[], Iterable[str]]) -> int:
        if key not in self._masks:
            self._masks[key] = self._set(slugs())
        return self._masks[key]


def _taken(models: int, filters: dict[str, int]) -> dict[str, int]:
    """Return how many models each filter takes, one after the other; what is then left, missing fallbacks take."""
    taken: dict[str, int] = {}
    for name in ("bans", "stacks", "compliance", "quality"):
        left = models & filters[name]
        if left != models:
            taken[name] = (models & ~left).bit_count()
        models = left
    if models:
        taken["fallback_enabled"] = models.bit_count()
    return taken
