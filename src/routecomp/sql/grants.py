"""Write the rights that a service's role needs on a project's tables, and no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from routecomp.sql.ddl import SCHEMA
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.ledgers import PROMOTIONS
from routecomp.sql.literals import quoted_name
from routecomp.sql.names import LONGEST_NAME
from routecomp.sql.schema import Schema

_EVERYBODY = ("public", "none")
"""Names that stand for something else than a role, also between quotes."""


def role_fault(role: str) -> str:
    """Say what keeps a role from having this name; empty where nothing does."""
    if role in _EVERYBODY:
        return f"`{role}` is no role: the database takes it for everybody, or for nobody"
    if not role or len(role.encode("utf-8", "replace")) > LONGEST_NAME:
        return f"the name of a role has 1 to {LONGEST_NAME} bytes"
    return "" if role.isprintable() else "the name of a role holds a character that does not show"


def grant_statements(dialect: Dialect, role: str, relations: Collection[str], schema: Schema = SCHEMA) -> list[str]:
    """Return the statements that give a role what a service needs of the `relations` (tables and views) that are there.

    A service reads every table, adds rows to those in which services write down what happened, and keeps the state of
    circuits. What migrations keep for themselves, the ledger of migrations above all, is not among them.
    """
    to = f"TO {quoted_name(role)}"
    own = [table for table in schema.tables if dialect.names.of(table.name) in relations]
    written = [table for table in own if not table.policy and table.name != PROMOTIONS]
    views = [view.name for view in schema.views if dialect.names.of(view.name) in relations]
    return [
        f"GRANT USAGE ON SCHEMA {dialect.names.schema} {to}",
        *_granted("SELECT", [*(table.name for table in own), *views], to, dialect),
        *_granted("INSERT", [table.name for table in written if table.is_log], to, dialect),
        *_granted("INSERT, UPDATE", [table.name for table in written if not table.is_log], to, dialect),
    ]


def _granted(rights: str, names: Collection[str], to: str, dialect: Dialect) -> Iterator[str]:
    """Yield the statement that gives these rights on tables; none for no tables."""
    if names:
        listed = ",\n  ".join(dialect.table_name(name) for name in names)
        yield f"GRANT {rights} ON\n  {listed}\n{to}"
