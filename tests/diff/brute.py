"""Two tables in, every changed decision out, asked one by one: the slow obvious twin of `compare_decisions`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from routecomp.runtime.resolver import Router
from routecomp.table.codec import decode

PREFERENCES = (None, "quality", "balanced", "cost")
Changed = tuple[str, str, str | None, str | None, str | None]
"""Argument, name, tenant, preference, unit."""


def changed(
    before: bytes, after: bytes, units: dict[str, list[str]], stranger: str, undeclared: str, gate: str
) -> set[Changed]:
    """Every (route, tenant, preference, unit) whose decision differs; `units` are those to try by public id."""
    routers = [Router.from_bytes(data) for data in (before, after)]
    assert all(router.status()["serving"] == "routing table" for router in routers)
    tables = [decode(data) for data in (before, after)]
    kept = os.environ.get(gate)
    os.environ[gate] = "1"
    try:
        return {
            (argument, name, tenant, preference, unit)
            for argument, name in _names(tables, undeclared)
            for tenant in [None, *{t for table in tables for t in table["tenants"]}, stranger]
            for preference in PREFERENCES
            for unit in [None, *units.get(name, ())]
            if len({_decided(router, argument, name, tenant, preference, unit) for router in routers}) == 2
        }
    finally:
        if kept is None:
            del os.environ[gate]
        else:
            os.environ[gate] = kept


def _names(tables: list[dict[str, Any]], undeclared: str) -> Iterator[tuple[str, str]]:
    features = {name for table in tables for name in (*table["features"], *table["defaults"]["routes"])}
    for name in sorted({*features, undeclared}):
        yield "feature", name
    callable_names = {
        name
        for table in tables
        for name in (
            *table["models"],
            *table["targets"],
            *table["experiments"],
            *(model["logical"] for model in table["models"].values() if model["logical"]),
        )
    }
    one, other = (table["aliases"] for table in tables)
    # An alias that means one target on both sides says nothing that the target does not say.
    aliases = {name for name in {*one, *other} if one.get(name) != other.get(name)}
    same = {name for name in one if one[name] == other.get(name)}
    for name in sorted((callable_names | aliases) - same):
        yield "model", name


def _decided(
    router: Router, argument: str, name: str, tenant: str | None, preference: str | None, unit: str | None
) -> str:
    request = {argument: name, "tenant": tenant, "preference": preference, "unit": unit}
    given = {key: value for key, value in request.items() if value is not None}
    decision = router.resolve(**given).to_dict()
    del decision["ruleset_hash"]
    return json.dumps(decision)
