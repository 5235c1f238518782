"""Two tables in, their callers out, those whose policies are equal on both sides as one."""

from __future__ import annotations

from collections.abc import Iterable

from routecomp.review.diff.compiled import Side
from routecomp.review.diff.difference import Caller

Standing = tuple[str, str]
"""Whether a caller's tenant is declared, and the policy's name."""


def stranger(before: Side, after: Side) -> str:
    """The name of a tenant that neither side declares."""
    return _unused("undeclared-tenant", (before.content["tenants"], after.content["tenants"]))


def undeclared_feature(before: Side, after: Side) -> str:
    """The name of a feature that neither side knows."""
    sides = [side.content for side in (before, after)]
    return _unused(
        "undeclared-feature", [names for side in sides for names in (side["features"], side["defaults"]["routes"])]
    )


def _unused(name: str, taken: Iterable[Iterable[str]]) -> str:
    names = {one for some in taken for one in some}
    return (
        name
        if name not in names
        else next(f"{name}-{number}" for number in range(len(names) + 1) if f"{name}-{number}" not in names)
    )


class Callers:
    """Every tenant of either side, requests without one and those of an undeclared one, by what decides."""

    def __init__(self, before: Side, after: Side) -> None:
        self._sides = before, after
        nobody = stranger(before, after)
        members: dict[tuple[Standing, Standing], list[str | None]] = {}
        tenants = sorted({*before.content["tenants"], *after.content["tenants"]})
        for tenant in (None, *tenants, nobody):
            members.setdefault((before.policy(tenant), after.policy(tenant)), []).append(tenant)
        self.size = len(tenants) + 2
        self.ranked = [(_caller(some, nobody), pair) for pair, some in members.items()]
        """Each caller with their standing on both sides: what decides on a route that is ranked."""
        bound: dict[tuple[object, ...], list[str | None]] = {}
        for pair, some in members.items():
            key = tuple(side.permission(one) for side, one in zip(self._sides, pair, strict=True))
            bound.setdefault(key, []).extend(some)
        self.permitted = [(_caller(some, nobody), key) for key, some in bound.items()]
        """The same where only the policy's permissions bind: a model or a variant that is named."""


def _caller(members: list[str | None], stranger: str) -> Caller:
    tenants = tuple(sorted(one for one in members if one is not None and one != stranger))
    nobody = None in members
    # A request without a tenant is the simplest witness; one of an undeclared tenant the last choice.
    witness = None if nobody else tenants[0] if tenants else stranger
    return Caller(tenants, nobody, stranger in members, witness)
