"""Ask the resolver which chain a feature or a target gives each tenant."""

from __future__ import annotations

from typing import Any

from routecomp.explain.loaded import Loaded

Json = dict[str, Any]


def chains(loaded: Loaded, request: Json, tenant: str | None) -> list[Json]:
    """Return the chain for requests without a tenant and for every tenant, or for `tenant` alone.

    An entry has the keys of `served` and `tenants`, where None stands for no tenant. Tenants with equal chains share an
    entry. `request` has the arguments of the router besides the tenant.
    """
    tenants: list[str | None] = [None, *loaded.program.tenants] if tenant is None else [tenant]
    groups: dict[str, Json] = {}
    for name in tenants:
        answer = served(loaded, request, name)
        groups.setdefault(repr(answer), {**answer, "tenants": []})["tenants"].append(name)
    return list(groups.values())


def served(loaded: Loaded, request: Json, tenant: str | None) -> Json:
    """Return the status and the chain of a request of a tenant; the chain is empty where the status is not `ok`."""
    decision = loaded.router.resolve(**request, tenant=tenant)
    return {"status": decision.status, "chain": list(decision.chain)}
