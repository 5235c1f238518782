"""Resolve each tenant's policy in the database: every field, lists as JSON."""

from __future__ import annotations

from routecomp.sql.schema import View
from routecomp.sql.tables import BY_NAME

_LISTS = (
    ("banned_providers", "provider"),
    ("banned_models", "model"),
    ("preferred_providers", "provider"),
    ("stacks", "stack"),
)
_TENANTS, _DEFAULTS = BY_NAME["tenant_routing_policy"], BY_NAME["routing_defaults"]
_FIELDS = tuple(
    column.name for column in _TENANTS.declared if column.name not in ("tenant", "preset", "description", "owner")
)


def _listed(table: str, column: str, where: str, empty: str) -> str:
    """Return the JSON list of what a policy's list holds, sorted; slugs need no escapes."""
    rows = f"SELECT {column} AS name FROM {{{table}}} l{where} ORDER BY {column}{{by_bytes}}"
    joined = "{joining}('\"' || name || '\"', ',')"
    return f"(SELECT {empty.format(joined)} FROM ({rows}) listed)"


def _policies(table: str, prefix: str, tenant: str, where: str) -> str:
    """Return the query for the policies of a table; a list that is left out is empty, but stacks, where it is all."""
    known = {column.name for column in (_TENANTS if prefix == "tenant" else _DEFAULTS).columns}
    cells = [f"{tenant} AS tenant", "p.preset AS preset"]
    for name, column in _LISTS:
        empty = "'[' || {} || ']'" if name == "stacks" else "'[' || coalesce({}, '') || ']'"
        cells.append(f"{_listed(f'{prefix}_{name}', column, where, empty)} AS {name}")
    cells += [f"{f'p.{name}' if name in known else 'NULL'} AS {name}" for name in _FIELDS]
    return "SELECT " + ",\n  ".join(cells) + f"\nFROM {{{table}}} p"


EFFECTIVE_POLICIES = View(
    "effective_policies",
    "Every field of each tenant's policy, completed by its preset and the defaults; where the tenant is NULL, that of "
    "requests without one. Lists are JSON; `stacks` is NULL where all are allowed.",
    ("tenant", "preset", *(name for name, _ in _LISTS), *_FIELDS),
    _policies("tenant_routing_policy", "tenant", "p.tenant", " WHERE l.tenant = p.tenant")
    + "\nUNION ALL\n"
    + _policies("routing_defaults", "default", "NULL", ""),
)
