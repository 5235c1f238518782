"""Hold the compiled table that claims are proven on, with the calls and the routes that a claim is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from routecomp.model.claim import Claim
from routecomp.review.analysis.axes import Filters, State
from routecomp.review.analysis.cases import Slots
from routecomp.review.analysis.compare import ProofError, undeclared_tenant
from routecomp.review.analysis.explore import Budget, Region, Walk
from routecomp.review.analysis.lens import RankedLens
from routecomp.review.analysis.routes import Called, Ways, lens_of
from routecomp.review.analysis.side import UNDECLARED, Side, load_sides, standing, tenants_by_policy
from routecomp.review.analysis.space import Space
from routecomp.review.analysis.witness import unit_of
from routecomp.runtime.resolver import Decision, Router

Request = Mapping[str, Any]
"""The arguments of a request."""
Breaks = Callable[[Request], str | None]
"""Says in words how the answer to a request breaks a claim; None where it does not."""


class Counterexample(NamedTuple):
    """A call for which a claim does not hold, and what comes of it in words.

    `requests` are what to paste: one, or two that are answered otherwise.
    """

    requests: tuple[Request, ...]
    words: str


@dataclass(frozen=True)
class Proof:
    """What came of a claim: it is proven, or there is a counterexample, or some requests were drawn and none broke it.

    `drawn` is how many; 0 where it is proven.
    """

    counterexample: Counterexample | None = None
    drawn: int = 0

    @property
    def is_proven(self) -> bool:
        """Whether the claim holds for every request."""
        return self.counterexample is None and not self.drawn


PROVEN = Proof()


class _Nothing:
    """The question that has nothing to report: its walk ends where it begins."""

    attempts: int | None = 1

    def begin(self, walk: Walk, state: State) -> bool:
        """Return that regions may have something to report."""
        return False

    def settled(self, walk: Walk, step: int, state: State) -> bool:
        """Return that no region has."""
        return True

    def report(self, walk: Walk, state: State, cell: int) -> dict[Any, Region]:
        """Return nothing."""
        return {}


class View(NamedTuple):
    """A way in which calls of one policy reach a route: the name they give, and one of the tenants."""

    way: Called
    tenant: str | None


@dataclass
class Table:
    """A compiled table: the resolver that answers from it, and every name that calls may give.

    `budget` makes what a proof may spend.
    """

    data: bytes
    fallback: bytes | None = None
    budget: Callable[[], Budget] = Budget
    side: Side = field(init=False)
    ways: Ways = field(init=False)

    def __post_init__(self) -> None:
        """Load the table; raise ValueError where the resolver refuses it."""
        (self.side,) = load_sides([self.data])
        self.ways = Ways([self.side])
        self._lenses: dict[tuple[str, object], Any] = {}

    def decide(self, request: Request) -> Decision:
        """Return what the shipped resolver decides."""
        return self.side.router.resolve(**request)

    @cached_property
    def without(self) -> Router | None:
        """What answers where a service has no table: the fallback file alone."""
        return None if self.fallback is None else Router.from_bytes(None, self.fallback)

    @cached_property
    def features(self) -> list[Called]:
        """Every feature that is declared, also one that has a config route alone."""
        table = self.side.table
        names = {*table.features, *table.routes}
        return [way for way in self.ways.all if way.argument == "feature" and way.name in names]

    def views(self, claim: Claim, *, every_name: bool, undeclared: bool = True) -> Iterator[View]:
        """Yield the views that a claim is about, one for all tenants that have a policy in common.

        Without features it is about every name that calls may give, or, without `every_name`, about every feature.
        """
        tenants = self._tenants(claim, undeclared=undeclared)
        for way in self.ways_of(claim, every_name=every_name):
            for tenant in tenants:
                yield View(way, tenant)

    def ways_of(self, claim: Claim, *, every_name: bool) -> list[Called]:
        """Return the ways that a claim is about."""
        if claim.features is not None:
            return [self.ways.of("feature", name) for name in dict.fromkeys(claim.features)]
        return self.ways.all if every_name else self.features

    def _tenants(self, claim: Claim, *, undeclared: bool) -> list[str | None]:
        """Return one tenant of each policy that a claim is about; None is a call without a tenant."""
        if claim.tenants is not None:
            by_policy: dict[str, str | None] = {}
            for tenant in claim.tenants:
                by_policy.setdefault(standing(self.side, tenant), tenant)
            return list(by_policy.values())
        first = [tenants[0] for tenants in tenants_by_policy([self.side]).values()]
        return [tenant for tenant in first if undeclared or tenant != UNDECLARED]

    def request(self, view: View, **arguments: Any) -> dict[str, Any]:
        """Return a request of a view with further arguments."""
        request: dict[str, Any] = {view.way.argument: view.way.name}
        if view.tenant is not None:
            request["tenant"] = undeclared_tenant([self.side]) if view.tenant == UNDECLARED else view.tenant
        return request | arguments

    def kind(self, view: View) -> str | None:
        """Return the kind of the route that a view is of."""
        return view.way.routes[0].kind

    def lens(self, view: View) -> Any:
        """Return the route of a view as its policy sees it."""
        key = standing(self.side, view.tenant), view.way.routes[0][:2]
        if key not in self._lenses:
            self._lenses[key] = lens_of(self.side, view.tenant, view.way.routes[0])
        return self._lenses[key]

    def whole_walk(self, lens: Any) -> Walk:
        """Return a walk through all requests to a route, from whose axes requests are drawn."""
        walk = Walk(self._filters, [lens], _Nothing(), self.budget())
        walk.run()
        return walk

    @cached_property
    def _filters(self) -> Filters:
        return Filters([self.side], Space(cost=False).with_outages([self.side]))

    def only(self, lens: RankedLens, *places: int) -> list[str]:
        """Return the candidates of a route that are unavailable where only some are left."""
        return sorted(self.side.slugs[place] for place in lens.picks if place not in places)

    def fixed_requests(self, view: View) -> Iterator[dict[str, Any]]:
        """Yield requests to a route that ranks nothing: together they get every answer that it has."""
        yield self.request(view)
        table, route = self.side.table, view.way.routes[0]
        if route.kind == "experiment":
            body = table.experiments[route.name]
            slugs = sorted({variant.model.slug for variant in body.variants})
            starts = body.starts if body.status == "active" else ()
            ends = [*(start - 1 for start in starts[1:]), 9999]
            units = [{"unit": unit_of((Slots(body.salt, *ends_of),))} for ends_of in zip(starts, ends, strict=False)]
            for unit in units or [{}]:
                yield self.request(view, **unit)
                for slug in slugs:
                    yield self.request(view, **unit, unavailable=[slug])
        elif route.kind == "ladder":
            slugs = sorted({model.slug for _, _, model in self.side.decider.rungs(route.name)})
            for slug in slugs:
                yield self.request(view, unavailable=[other for other in slugs if other != slug])

    def smallest(self, request: Request, breaks: Breaks) -> Counterexample:
        """Return a request that breaks a claim, with as few arguments as will do; raise ProofError if it does not."""
        words = breaks(request)
        if words is None:
            raise ProofError(f"{dict(request)}: the proof says that a claim breaks here, the resolver that it holds")
        known = dict(request)
        for name in [name for name in known if name not in ("feature", "model", "tenant")]:
            fewer = {key: value for key, value in known.items() if key != name}
            if breaks(fewer) is not None:
                known = fewer
        if "unavailable" in known:
            known["unavailable"] = self._fewest(known, breaks)
        words = breaks(known)
        assert words is not None
        return Counterexample((known,), words)

    def _fewest(self, request: Request, breaks: Breaks) -> list[str]:
        """Return few of the names that are unavailable, with which a request breaks a claim still."""
        names = list(request["unavailable"])
        providers = {slug: self.side.models[place].provider for slug, place in self.side.places.items()}
        for provider in sorted({providers[name] for name in names}):  # one provider in place of its models
            others = [name for name in names if providers.get(name) != provider]
            if len(others) < len(names) - 1 and breaks({**request, "unavailable": [*others, provider]}) is not None:
                names = [*others, provider]
        for name in list(names):
            others = [other for other in names if other != name]
            if breaks({**request, "unavailable": others}) is not None:
                names = others
        return sorted(names)
