"""Read a compiled table as the resolver does, with the models of all sides numbered alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from routecomp.runtime.resolver import Router

MOST: Final = 10**9
"""The largest number of tokens or milliseconds that a request may give."""
UNDECLARED: Final = "?"
"""A word that no provider and no model declares: a request that names it is left nothing."""


class Ahead(NamedTuple):
    """The filters that a walk has not taken yet, but stacks and outages; quality and latency are always ahead."""

    capabilities: frozenset[str]
    output: bool
    total: bool
    cost: bool


class Side:
    """One table: the resolver that answers from it, and the masks of its filters.

    A mask is a whole number in which bit i stands for the i-th model of `slugs`, which all sides of a proof share.
    """

    def __init__(self, router: Router, slugs: Sequence[str]) -> None:
        # The resolver's own objects are read, so that its filters stand once; answers are compared with it besides.
        self.router = router
        self.decider = router._memory.decider
        table = self.decider.table
        assert table is not None
        self.table, self.catalogue = table, table.catalogue
        self.slugs = slugs
        self.places = {slug: place for place, slug in enumerate(slugs)}
        self._bits = [1 << self.places[model.slug] for model in self.catalogue.models]
        self._ranked: dict[str, list[int]] = {}
        self._dominators: dict[Ahead, list[int]] = {}
        self.models: dict[int, Any] = {self.places[model.slug]: model for model in self.catalogue.models}

    @property
    def gate(self) -> str | None:
        """The environment variable that lets requests name a preference; None where none has to be set."""
        gate: str | None = self.decider.gate
        return gate

    def mask(self, native: int) -> int:
        """Return a mask of the resolver's own numbering in the numbering that the sides share."""
        mask = 0
        while native:
            place = native.bit_length() - 1
            native ^= 1 << place
            mask |= self._bits[place]
        return mask

    @cached_property
    def all(self) -> int:
        """Every model of this side."""
        return self.mask(self.catalogue.all)

    def on_stack(self, word: str) -> int:
        """Return the models that a request's `stack` leaves."""
        return self.mask(self.catalogue.stacks[word])

    def with_capability(self, word: str) -> int:
        """Return the models that have a capability."""
        return self.mask(self.catalogue.capabilities[word])

    def without(self, name: str) -> int:
        """Return the models that are left where a provider or a model is unavailable."""
        return self.mask(self.catalogue.all & ~self.catalogue.named([name]))

    def within_context(self, total: int) -> int:
        """Return the models whose context window holds so many tokens."""
        return self.mask(self.catalogue.context.at_most(-total))

    def answering(self, output: int) -> int:
        """Return the models whose ceiling is no lower than so many tokens, and whose reasoning floor is no higher."""
        catalogue = self.catalogue
        ceiling = catalogue.ceiling.at_most(-output) if catalogue.capped else catalogue.all
        return self.mask(ceiling & catalogue.min_output.at_most(output))

    def of_quality(self, floor: int) -> int:
        """Return the models that reach a floor in basis points."""
        return self.mask(self.catalogue.quality.at_most(-floor))

    @cached_property
    def stacks(self) -> frozenset[str]:
        """The stacks that providers declare, without `avoid-`."""
        return frozenset(word for word in self.catalogue.vocabulary.stacks if not word.startswith("avoid-"))

    @cached_property
    def capabilities(self) -> frozenset[str]:
        """The capabilities that models declare."""
        return frozenset(self.catalogue.vocabulary.capabilities)

    @cached_property
    def providers(self) -> frozenset[str]:
        """The providers that have a model."""
        return frozenset(self.catalogue.vocabulary.providers)

    def ranked(self, order: Any) -> list[int]:
        """Return the places of all models by one of the resolver's orders."""
        known = self._ranked.get(order.name)
        if known is None:
            native = self.catalogue.models
            ranks = [0] * len(native)
            for planes in order.planes():
                for plane in planes:
                    ranks = [rank << 1 | (not plane >> index & 1) for index, rank in enumerate(ranks)]
            by_rank = sorted(range(len(native)), key=ranks.__getitem__)
            known = self._ranked[order.name] = [self.places[native[index].slug] for index in by_rank]
        return known

    def dominators(self, ahead: Ahead) -> list[int]:
        """Return, by the place of a model, every other model that passes each filter ahead which it passes."""
        known = self._dominators.get(ahead)
        if known is None:
            known = self._dominators[ahead] = [0] * len(self.slugs)
            for place, model in self.models.items():
                known[place] = self._dominating(model, ahead) & ~(1 << place)
        return known

    def _dominating(self, model: Any, ahead: Ahead) -> int:
        """Return the models that pass each filter ahead which a model passes, itself among them."""
        catalogue = self.catalogue
        # A latency budget picks among those that are quick enough and lose little quality.
        mask: int = catalogue.quality.at_most(-model.quality) & catalogue.latency.at_most(model.latency)
        if ahead.total:
            mask &= catalogue.context.at_most(-model.context)
        if ahead.output:
            mask &= catalogue.min_output.at_most(model.min_output)
            mask &= catalogue.ceiling.at_most(-MOST if model.ceiling is None else -model.ceiling)
        for word in ahead.capabilities.intersection(model.capabilities):
            mask &= catalogue.capabilities[word]
        if ahead.cost:
            mask &= catalogue.input.at_most(model.input) & catalogue.output.at_most(model.output)
            mask &= catalogue.blended.at_most(model.blended)
            if model.ceiling is not None:  # its own ceiling bounds its cost, so that of the others must be the same
                mask &= catalogue.mask(lambda other: other.ceiling == model.ceiling)
        return self.mask(mask)


def load_sides(tables: Iterable[bytes]) -> tuple[Side, ...]:
    """Return tables as sides that number their models alike.

    Raises ValueError with the resolver's words for a table that it refuses.
    """
    routers = [Router.from_bytes(table, None) for table in tables]
    for router in routers:
        if (rejection := router.status()["last_rejection"]) is not None:
            raise ValueError(rejection)
    slugs: dict[str, None] = {}
    for router in routers:
        decider: Any = router._memory.decider
        slugs |= dict.fromkeys(sorted(decider.table.catalogue.places))
    return tuple(Side(router, tuple(slugs)) for router in routers)


def tenants_by_policy(sides: Sequence[Side]) -> Mapping[tuple[str, ...], list[str | None]]:
    """Return who calls, by the names of their policies on each side: None is a call without a tenant."""
    callers: dict[tuple[str, ...], list[str | None]] = {}
    names = sorted({tenant for side in sides for tenant in side.table.tenants})
    for tenant in (None, *names, UNDECLARED):
        callers.setdefault(tuple(standing(side, tenant) for side in sides), []).append(tenant)
    return callers


def standing(side: Side, tenant: str | None) -> str:
    """Return the name of the policy that binds a tenant; None is a call without one.

    A name with `unknown` before it is that of a tenant that nobody declares.
    """
    table = side.table
    if tenant is None:
        return str(table.default.name)
    if tenant in table.tenants:
        return str(table.tenants[tenant])
    return f"unknown {table.undeclared.name}"


def policy_of(side: Side, tenant: str | None) -> Any:
    """Return the resolver's policy for a tenant; None is a call without one."""
    table = side.table
    if tenant is None:
        return table.default
    return table.policies[table.tenants[tenant]] if tenant in table.tenants else table.undeclared
