"""Write SQL for a database that does not exist: a third dialect, made of nothing but what the protocol asks for.

Its migrations run in SQLite, after a word is put in another's place; that is nobody's business but its sandbox's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from routecomp.sql.dialects.conditions import one_of_words, unless_null
from routecomp.sql.dialects.dialect import Dialect, Sandbox, SandboxError
from routecomp.sql.dialects.tokens import STRING, token_pattern
from routecomp.sql.literals import literal
from routecomp.sql.schema import Check, Column, Foreign, Table, foreign_name, key_name

_TYPES = {"whole": "BIGINT", "flag": "INTEGER", "serial": "INTEGER"}
_ASSERTION = "INSERT INTO main.routecomp_assert (what, ok) SELECT "


class ToySql(Dialect):
    """A database of toys: names have the schema `main`, and truth is an equation."""

    name = "toysql"
    title = "ToySQL"
    address_form = "toysql:BOX"
    address_example = "toysql:box"
    template_package = "tests.dialects"

    character_function = "letter"
    opening = ("START WORK",)
    framing = ("START WORK", "COMMIT")
    has_sandbox = True
    token_pattern = token_pattern(comment=r"--[^\n]*", string=STRING, quoted=r'"[^"]*"', unclosed="['\"]")
    above_every_number = "infinity"

    def boolean(self, value: bool) -> str:
        return f"(1 = {int(value)})"

    def table_name(self, table: str) -> str:
        return f"main.{table}"

    def type_of(self, column: Column) -> str:
        return _TYPES.get(column.kind, "TEXT")

    def default_of(self, column: Column) -> str | None:
        if column.default is None:
            return None
        if column.kind == "moment":
            return "CURRENT_TIMESTAMP"
        return "'a child'" if column.default == "actor" else literal(column.default, self)

    def form(self, column: Column) -> str:
        if column.kind == "whole":
            return unless_null(column, f"{column.name} BETWEEN {column.low} AND {column.high}")
        return unless_null(column, one_of_words(column)) if column.kind == "word" else ""

    def condition_of(self, check: Check) -> str:
        return check.condition or ""

    def create_table(self, table: Table, foreign: Sequence[Foreign]) -> str:
        lines = [self._column(column) for column in table.columns]
        lines.append(f"CONSTRAINT {key_name(table)} PRIMARY KEY ({', '.join(table.key)})")
        lines += [f"CONSTRAINT {name} CHECK ({condition})" for name, condition in self.checks(table)]
        lines += [
            f"CONSTRAINT {foreign_name(table, key)} FOREIGN KEY ({', '.join(key.columns)}) REFERENCES {key.table}"
            f" ({', '.join(key.references)})"
            for key in foreign
        ]
        return f"CREATE TABLE {self.table_name(table.name)} (\n  " + ",\n  ".join(lines) + "\n)"

    def _column(self, column: Column) -> str:
        text = f"{column.name} {self.type_of(column)}"
        if column.computed:
            return f"{text} GENERATED ALWAYS AS ({column.computed}) STORED"
        default = self.default_of(column)
        return text + " NOT NULL" * (not column.nullable) + (f" DEFAULT {default}" if default is not None else "")

    def assertion(self, message: str, condition: str) -> str:
        return f"{_ASSERTION}{message}, 0\nWHERE NOT coalesce({condition}, 1 = 0)"

    def sandbox(self) -> Sandbox:
        return Box(self)


class Box:
    """A database of toys in memory."""

    def __init__(self, dialect: ToySql) -> None:
        self.dialect = dialect
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.create_function("letter", 1, chr)

    def run(self, statement: str) -> None:
        try:
            self.connection.execute(statement.replace("START WORK", "BEGIN"))
        except sqlite3.Error as failure:
            query = statement.replace(_ASSERTION, "SELECT ", 1) if statement.startswith(_ASSERTION) else ""
            raise SandboxError(str(failure), self.rows(query)[0][0] if query else "") from None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def tables(self) -> dict[str, set[str]]:
        names = [name for kind, name, *_ in self.schema() if kind == "table"]
        return {name: {row[1] for row in self.rows(f"PRAGMA table_xinfo({name})")} for name in names}

    def schema(self) -> list[tuple[str, str, str, str]]:
        return self.rows("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql <> '' ORDER BY type, name")

    def copy(self, other: Sandbox) -> None:
        assert isinstance(other, Box)
        other.connection.backup(self.connection)

    def undo(self) -> None:
        self.connection.rollback()

    def close(self) -> None:
        self.connection.close()


TOYSQL = ToySql()
