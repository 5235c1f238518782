"""Replace the lines of some tenants in a table or a fallback file, and drop shared parts that nobody uses any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from routecomp.model.figures import requirements, table_format

_SHARED = ("policies", "permissions")


def replace_tenants(document: dict[str, Any], lines: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table (or a fallback file) with the tenants in `lines`, and with what they need of its shared parts.

    `lines` is the same file of a project that has these tenants alone.
    """
    document["tenants"] |= lines["tenants"]
    budgets = {slug: cells for slug, cells in document.pop("budgets", {}).items() if slug not in lines["tenants"]}
    if budgets := budgets | lines.get("budgets", {}):
        document["budgets"] = budgets
    shared = next(section for section in _SHARED if section in document)
    used = {document["defaults"]["policy"], *document["tenants"].values()}
    parts = document[shared] | lines[shared]
    document[shared] = {name: parts[name] for name in used}
    if "orders" in document:
        orders = document["orders"] | lines["orders"]
        named = {policy[order] for policy in document[shared].values() for order in ("penalised", "plain")}
        document["orders"] = {name: orders[name] for name in named}
    document |= {"format": table_format(document), "requires": requirements(document)}
    return document
