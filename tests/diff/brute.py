"""Find every changed decision of two tables by asking one by one: the slow obvious twin of `compare_decisions`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

from routecomp.runtime.resolver import Router

PREFERENCES = (None, "quality", "balanced", "cost")
Changed = tuple[str, str, str | None, str | None, str | None]
"""Argument, name, tenant, preference, unit."""


def changed_decisions(
    before: bytes,
    after: bytes,
    units: dict[str, list[str]],
    dealt: Callable[[tuple[str | None, str | None]], list[str]],
    tenant: str,
    feature: str,
    gate: str,
) -> set[Changed]:
    """Return every request whose decision differs.

    `units` are the units to ask for, by public id, and `dealt` gives those for the logical models whose load is shared
    where the answers without a unit are, before and after. `tenant` and `feature` are names that neither table
    declares. `gate` is the variable that lets requests name a preference.
    """
    routers = [Router.from_bytes(data) for data in (before, after)]
    assert all(router.status()["serving"] == "routing table" for router in routers)
    tables = [json.loads(data) for data in (before, after)]
    old_value = os.environ.get(gate)
    os.environ[gate] = "1"
    try:
        return {
            (argument, name, caller, preference, unit)
            for argument, name in _names(tables, feature)
            for caller in [None, *{declared for table in tables for declared in table["tenants"]}, tenant]
            for preference in PREFERENCES
            for request in [(argument, name, caller, preference, None)]
            for unit in dict.fromkeys([None, *units.get(name, ()), *dealt(_loads(routers, tables, request))])
            if len({_decision(router, argument, name, caller, preference, unit) for router in routers}) == 2
        }
    finally:
        if old_value is None:
            del os.environ[gate]
        else:
            os.environ[gate] = old_value


def _names(tables: list[dict[str, Any]], undeclared: str) -> Iterator[tuple[str, str]]:
    """Yield every (argument, name) that callers may send, and the undeclared feature."""
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
    sections = ("aliases", "patterns", "feature_aliases", "model_aliases")
    old, new = (
        {name: (section, slug) for section in sections for name, slug in table.get(section, {}).items()}
        for table in tables
    )
    callable_names |= {name for table in tables for name in table.get("unanswered", {})}
    # An alias of one thing on both sides decides as that thing does; a pattern is a name that begins as it does.
    aliases = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    same = {name for name in old if old[name] == new.get(name)}
    for name in sorted((callable_names | aliases) - same):
        yield "model", name


def _loads(
    routers: list[Router], tables: list[dict[str, Any]], request: tuple[str, str, str | None, str | None, None]
) -> tuple[str | None, str | None]:
    """Return the logical models whose load is shared where a request without a unit is answered, before and after."""
    loads = []
    for router, table in zip(routers, tables, strict=True):
        decision = json.loads(_decision(router, *request))
        shared = {slug: logical for logical, slots in table.get("shares", {}).items() for _, slug in slots}
        is_ranked = decision["source"] == "table" and decision["route"] in ("feature", "target", "logical")
        loads.append(shared.get(decision["model"]) if is_ranked else None)
    return loads[0], loads[1]


def _decision(
    router: Router, argument: str, name: str, tenant: str | None, preference: str | None, unit: str | None
) -> str:
    request: dict[str, Any] = {argument: name, "tenant": tenant, "preference": preference, "unit": unit}
    arguments = {key: value for key, value in request.items() if value is not None}
    decision = router.resolve(**arguments).to_dict()
    del decision["ruleset_hash"]
    return json.dumps(decision)
