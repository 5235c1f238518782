"""Describe a database schema as plain data: tables, columns and named constraints.

What the tables are is in `tables` and `ledgers`; how they are written is said by each dialect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "slug",
    "name",
    "pattern",
    "upstream",
    "variable",
    "adapter",
    "url",
    "path",
    "day",
    "header",
    "printable",
    "salt",
    "free",
    "word",
    "whole",
    "flag",
    "date",
    "moment",
    "serial",
]
"""What a column holds: `whole` is an integer within bounds, `free` any text, `date` a day of the calendar as the
database counts days, `moment` a time in UTC, `serial` a number the database gives; the others are texts of a form (see
`forms`)."""
Value = str | int | bool | None
"""What a cell holds: never a float."""
BIGGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `source` names the model's field its comment comes from: (class, field). `low` and `high` bound a `whole`; `words`
    are all that a `word` may be. `default` is None without one; `now` and `actor` stand for the clock and whoever is
    connected.
    """

    name: str
    kind: Kind
    comment: str = ""
    source: tuple[type, str] | None = None
    low: int = 0
    high: int = BIGGEST
    words: tuple[str, ...] = ()
    nullable: bool = False
    default: Value = None
    computed: str = ""
    """The expression over the row's other columns it always is."""

    @property
    def description(self) -> str:
        """What the model says of the field, and the column's own comment (its unit, mostly); never empty."""
        text = self.comment
        if self.source is not None:
            model: Any = self.source[0]
            text = f"{model.fields[self.source[1]].description} {text}"
        assert text, self.name
        return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Foreign:
    """A foreign key of `columns` to the columns `references` of `table`.

    A `deferred` one is checked at COMMIT; with `cascade` a row is deleted with its parent. Where it is `to_others`, the
    table is one of the company's own.
    """

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]
    deferred: bool = False
    cascade: bool = False
    to_others: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A condition over the columns of one row, in words that all dialects read alike; None where each has its own."""

    name: str
    condition: str | None


@dataclass(frozen=True, slots=True)
class Index:
    """An index, unique or not, over all rows or those of a condition; a column may end in ` DESC`."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `policy` tables hold what the YAML declares, the others what services and migrations write."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    foreign: tuple[Foreign, ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[Index, ...] = ()
    policy: bool = True
    live_only: bool = False
    """Rows that are withdrawn are history: only the others are state."""
    is_log: bool = False
    """Rows are only ever added, by services."""
    by_day: bool = False
    """Where the database has partitions, there is one for each value of the column `day` that somebody makes one for,
    and one for all others."""
    aside: str = ""
    """How an earlier table of this name is called from then on, if its key was another one: no table changes its key.
    It keeps its rows."""

    @property
    def declared(self) -> tuple[Column, ...]:
        """The columns that the YAML decides; the rest are kept by the database or by services."""
        return tuple(
            column for column in self.columns if not column.computed and column.name not in KEPT_BY_THE_DATABASE
        )


@dataclass(frozen=True, slots=True)
class View:
    """One view: its columns, and a query, which all dialects read alike. Columns that come later come last.

    In it `{table}` stands for one of our tables, `{by_bytes}` behind a text for its order by bytes, and `{joining}` for
    the function that joins the texts of rows. `limbs` is the query for databases whose numbers have 64 bits, where it
    is another one.
    """

    name: str
    comment: str
    columns: tuple[str, ...]
    query: str
    limbs: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """A whole schema: its tables, parents before children; its views; and the tables that keep their one row."""

    tables: tuple[Table, ...]
    singles: tuple[str, ...] = ()
    views: tuple[View, ...] = ()

    @property
    def policy(self) -> tuple[Table, ...]:
        """The tables that hold what the YAML declares."""
        return tuple(table for table in self.tables if table.policy)


KEPT_BY_THE_DATABASE = frozenset({"id", "started_at", "withdrawn", "serving_model"})


def key_name(table: Table) -> str:
    """Return the name of a table's primary key."""
    return f"{table.name}_pkey"


def foreign_name(table: Table, foreign: Foreign) -> str:
    """Return the name of a foreign key: table, columns, `fkey`."""
    return f"{table.name}_{'_'.join(foreign.columns)}_fkey"


def form_name(table: Table, column: Column) -> str:
    """Return the name of the check that holds a column to its form and bounds."""
    return f"{table.name}_{column.name}_check"
