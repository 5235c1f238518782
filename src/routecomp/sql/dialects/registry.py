"""List the dialects that migrations can be written for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.dialects.names import add_name, dialect_names, remove_name
from routecomp.sql.dialects.postgres import POSTGRES
from routecomp.sql.dialects.sqlite import SQLITE

_DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in (POSTGRES, SQLITE)}
assert tuple(_DIALECTS) == dialect_names(), "name each dialect in names.py too, in the same order"
NOT_SUPPORTED = {
    "mysql": "it has no partial unique indexes, ignores CHECK before 8.0.16 and commits every DDL statement",
    "mariadb": "it has no partial unique indexes and commits every DDL statement",
    "mssql": "its deferred constraints do not exist, so that a swap cannot be checked where it is committed",
    "oracle": "it has no partial unique indexes and commits every DDL statement",
}
"""Databases people ask for, and why there are no migrations for them."""


def dialects() -> tuple[Dialect, ...]:
    """Return all dialects, in the order in which they are listed everywhere."""
    return tuple(_DIALECTS.values())


def dialect(name: str) -> Dialect:
    """Return the dialect of a name; raise `KeyError` for an unknown one."""
    return _DIALECTS[name]


def reference_dialect(names: Iterable[str]) -> Dialect | None:
    """Return the first dialect among `names` that has a sandbox; None if none has. Unknown names are ignored.

    Its migrations say what state a folder leads to. The first is that of `dialects`, not of `names`.
    """
    wanted = set(names)
    return next((dialect for dialect in dialects() if dialect.name in wanted and dialect.has_sandbox), None)


def address_forms() -> str:
    """Return how addresses are written, for help texts: `a or b`, the shortest first."""
    return " or ".join(sorted((dialect.address_form for dialect in dialects()), key=len))


@contextmanager
def registered(added: Dialect) -> Iterator[None]:
    """Register one more dialect, by its name, for the block."""
    _DIALECTS[added.name] = added
    add_name(added.name)
    try:
        yield
    finally:
        del _DIALECTS[added.name]
        remove_name(added.name)
