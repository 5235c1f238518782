"""List the tables that hold what the YAML declares (docs/semantics.md, section 8), parents before children.

Quantities are whole numbers, as in the routing table: basis points (`_bp`), micro-dollars per million tokens
(`_pusd`, which are pico-dollars per token), cents, milliseconds, tokens.
"""

from __future__ import annotations

from routecomp.sql.schema import Table
from routecomp.sql.tables.experiment import EXPERIMENT_TABLES
from routecomp.sql.tables.policy import POLICY_TABLES
from routecomp.sql.tables.route import ROUTE_TABLES

TABLES: tuple[Table, ...] = (*ROUTE_TABLES, *POLICY_TABLES, *EXPERIMENT_TABLES)
BY_NAME = {table.name: table for table in TABLES}
SINGLES = ("routing_defaults", "routing_resilience", "routing_scoring")
"""Tables of one row that every project has; the preferences have one row or none."""


def state_key(table: Table) -> tuple[str, ...]:
    """Return the columns that name a row of the state: the table's key, or those by which live rows differ."""
    return ("experiment", "variant", "version") if table.live_only else table.key
