"""Group the callers of two tables: callers whose policies are equal on both sides count as one."""

from __future__ import annotations

from collections.abc import Iterable

from routecomp.review.diff.decisions.compiled_side import CompiledSide, Standing
from routecomp.review.diff.difference import Caller


def undeclared_tenant(before: CompiledSide, after: CompiledSide) -> str:
    """Return a name for a tenant that neither side declares."""
    return _unused_name("undeclared-tenant", (before.content["tenants"], after.content["tenants"]))


def undeclared_feature(before: CompiledSide, after: CompiledSide) -> str:
    """Return a name for a feature that neither side declares or has a default route for."""
    sides = [side.content for side in (before, after)]
    return _unused_name(
        "undeclared-feature", [names for side in sides for names in (side["features"], side["defaults"]["routes"])]
    )


def _unused_name(name: str, used: Iterable[Iterable[str]]) -> str:
    """Return `name`, or `name` with the first number behind it that makes it unused."""
    names = {used_name for collection in used for used_name in collection}
    return (
        name
        if name not in names
        else next(f"{name}-{number}" for number in range(len(names) + 1) if f"{name}-{number}" not in names)
    )


class Callers:
    """Every tenant of either side, requests without a tenant and those of an undeclared one, grouped by policy.

    `ranked` holds each caller with their standing on both sides, which is what decides on a ranked route.
    `permitted` holds each caller with their permissions on both sides, which are all of a policy that binds a route
    to a model or experiment named in the request. `size` counts the callers before grouping.
    """

    def __init__(self, before: CompiledSide, after: CompiledSide) -> None:
        undeclared = undeclared_tenant(before, after)
        by_standing: dict[tuple[Standing, Standing], list[str | None]] = {}
        tenants = sorted({*before.content["tenants"], *after.content["tenants"]})
        for tenant in (None, *tenants, undeclared):
            by_standing.setdefault((before.standing(tenant), after.standing(tenant)), []).append(tenant)
        self.size = len(tenants) + 2
        self.ranked = [(_caller(members, undeclared), pair) for pair, members in by_standing.items()]
        by_permission: dict[tuple[object, ...], list[str | None]] = {}
        for (old, new), members in by_standing.items():
            by_permission.setdefault((before.permissions(old), after.permissions(new)), []).extend(members)
        self.permitted = [(_caller(members, undeclared), key) for key, members in by_permission.items()]


def _caller(members: list[str | None], undeclared: str) -> Caller:
    """Make the caller of these members, of which None is no tenant and `undeclared` an undeclared one."""
    tenants = tuple(sorted(member for member in members if member is not None and member != undeclared))
    without_tenant = None in members
    # A request without a tenant is the simplest witness; one of an undeclared tenant the last choice.
    witness = None if without_tenant else tenants[0] if tenants else undeclared
    return Caller(tenants, without_tenant, undeclared in members, witness)
