"""Name every route that a request may take on some side, and see it as one policy does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any, NamedTuple

from routecomp.review.analysis.fixed import DirectLens, ExperimentLens, LadderLens, UnknownLens
from routecomp.review.analysis.lens import Lens, RankedLens
from routecomp.review.analysis.side import Side, policy_of


class Route(NamedTuple):
    """Where a name leads on one side: kind and name, and whether it is an alias; the kind None leads nowhere."""

    kind: str | None
    name: str
    is_alias: bool = False


class Called(NamedTuple):
    """A name that requests give, in which argument, and where it leads on each side."""

    argument: str
    name: str
    routes: tuple[Route, ...]


class Ways:
    """One name for each way in which requests reach routes of some sides.

    They are every name that some side declares, one that begins with each pattern, and one that nobody declares, as a
    feature and as a model. An alias that leads to one route on every side stands with the route's own name.
    """

    def __init__(self, sides: Sequence[Side]) -> None:
        self.sides = sides
        self._features = {name for side in sides for name in (*side.table.features, *side.table.routes)}
        self._undeclared = _unused("undeclared-feature", self._features)
        self._declared = {name for side in sides for name in side.table.callable}
        beginnings = {beginning for side in sides for beginning in side.table._beginnings}
        self._beginnings = {beginning: self._beginning_with(beginning, beginnings) for beginning in sorted(beginnings)}
        self._unknown = next(
            name
            for name in (f"~undeclared-{number}" for number in count())
            if name not in self._declared and not any(name.startswith(b) for b in beginnings if b)
        )
        features = [*sorted(self._features), self._undeclared]
        names = [*sorted(self._declared), *self._beginnings.values(), self._unknown]
        ways = [Called("feature", name, self._routes("feature", name)) for name in features]
        ways += [Called("model", name, self._routes("model", name)) for name in names]
        self.all = [way for way in ways if way.argument == "feature" or not _is_alias(way.routes)]

    def _beginning_with(self, beginning: str, beginnings: set[str]) -> str:
        """Return a name that nobody declares and whose longest pattern is this one."""
        longer = [other for other in beginnings if len(other) > len(beginning)]
        tails = (tail for number in count(1) for tail in (chr(126 - number % 94) * number, f"~{number}"))
        return next(
            name
            for name in (beginning + tail for tail in tails)
            if name not in self._declared and not any(name.startswith(other) for other in longer)
        )

    def _routes(self, argument: str, name: str) -> tuple[Route, ...]:
        """Return where a name leads on each side."""
        routes = []
        for side in self.sides:
            if argument == "feature":
                routes.append(Route("feature" if name in side.table.features else "ladder", name))
                continue
            answering, target, is_alias = side.table.named(name)
            kind: str | None = answering
            if kind == "feature" and target not in side.table.features:
                kind = "ladder"
            routes.append(Route(kind, target, is_alias))
        return tuple(routes)

    def of(self, argument: str, name: str) -> Called:
        """Return the way in which requests that give this name reach their routes."""
        if argument == "feature":
            name = name if name in self._features else self._undeclared
        elif name not in self._declared:
            fitting = [beginning for beginning in self._beginnings if name.startswith(beginning)]
            name = self._beginnings[max(fitting, key=len)] if fitting else self._unknown
        routes = self._routes(argument, name)
        if argument == "model" and _is_alias(routes):
            argument, name = "feature" if routes[0].kind in ("feature", "ladder") else "model", routes[0].name
            routes = self._routes(argument, name)
        return Called(argument, name, routes)

    def names(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Return every name that calls may give, by argument, with the way that stands for it; patterns end in `*`."""
        ways = {("feature", name): self.of("feature", name) for name in (*self._features, self._undeclared)}
        ways |= {("model", name): self.of("model", name) for name in (*self._declared, self._unknown)}
        for beginning, name in self._beginnings.items():
            ways["model", f"{beginning}*"] = ways["model", name] = self.of("model", name)
        return {given: (way.argument, way.name) for given, way in ways.items()}


def _is_alias(routes: tuple[Route, ...]) -> bool:
    """Return whether a name is an alias of one route on every side."""
    return routes[0].is_alias and routes[0].kind is not None and all(route == routes[0] for route in routes[1:])


def _unused(name: str, used: set[str]) -> str:
    """Return a name that is not used: the name, or with the first number behind it."""
    return name if name not in used else next(f"{name}-{n}" for n in count() if f"{name}-{n}" not in used)


def lens_of(side: Side, tenant: str | None, route: Route) -> Lens:
    """Return a route as the policy of a tenant sees it; None is a call without a tenant."""
    policy: Any = policy_of(side, tenant)
    if route.kind in ("feature", "target", "logical"):
        return RankedLens(side, policy, route.kind, route.name)  # type: ignore[arg-type]
    if route.kind == "direct":
        return DirectLens(side, policy, route.name)
    if route.kind == "experiment":
        return ExperimentLens(side, policy, route.name)
    return LadderLens(side, policy, route.name) if route.kind == "ladder" else UnknownLens(side)
