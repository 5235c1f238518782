"""Write SQL for SQLite."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from routecomp.sql.dialects.conditions import (
    all_of,
    beyond_letters,
    one_of_words,
    over_https,
    unless_null,
    within_bounds,
)
from routecomp.sql.dialects.create_table import TableWriter
from routecomp.sql.dialects.dialect import Dialect, Sandbox, SandboxError
from routecomp.sql.dialects.tokens import STRING, token_pattern
from routecomp.sql.literals import literal
from routecomp.sql.schema import Check, Column, Foreign, Table

if TYPE_CHECKING:
    import sqlite3

NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
"""The database's clock, in UTC."""
_TYPES = {"whole": "INTEGER", "flag": "INTEGER", "serial": "INTEGER"}
_FORMS = {  # letters, how it begins, how it ends, the greatest length (0 for any)
    "slug": ("a-z0-9._-", "[a-z0-9]*", "*[a-z0-9]", 63),
    "name": (" !-)+-~", "[^ ]*", "*[^ ]", 0),
    "pattern": (" -~", "[^ ]*", "*[^ ]", 0),
    "upstream": ("!-~", "?*", "", 0),
    "variable": ("A-Za-z0-9_", "[A-Za-z_]*", "", 0),
    "adapter": ("a-z0-9_-", "[a-z]*", "", 63),
    "url": ("!-~", "?*", "", 0),
    "path": ("!-~", "?*", "", 0),
    "day": ("0-9-", "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]", "", 10),
    "header": ("!#$%&''*+.^_`|~0-9a-z-", "?*", "", 0),
    "printable": (" -~", "*", "", 0),
}
_FORMS["date"] = _FORMS["day"]
_MOMENT = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]*Z"
_HOST = (
    "substr(substr(base_url, instr(base_url, '://') + 3), 1,"
    " instr(substr(base_url, instr(base_url, '://') + 3) || '/', '/') - 1)"
)


def _is_no_url(column: str) -> str:
    """Return the condition that a text does not begin as a whole URL does."""
    before = f"substr({column}, 1, instr({column}, '://') - 1)"
    return f"(instr({column}, '://') < 2 OR NOT {column} GLOB '[A-Za-z]*' OR {before} GLOB '*[^A-Za-z0-9+.-]*')"


_CHECKS = {
    "providers_base_url_host": f"{_HOST} GLOB '[^@:]*' AND instr({_HOST}, '@') = 0",
    "providers_chat_path_relative": f"{_is_no_url('chat_path')} AND"
    f" (stream_path IS NULL OR {_is_no_url('stream_path')})",
    "routing_outcomes_day_of_call": "substr(begun_at, 1, 10) = day",
    "providers_over_https": over_https(_HOST, f"substr({_HOST}, 1, instr({_HOST} || ':', ':') - 1)"),
}
_ASSERTION = re.compile(r"INSERT INTO [a-z0-9_]*routecomp_assert \(what, ok\) SELECT ")


class Sqlite(Dialect):
    """SQLite: one writer; columns hold anything unless a check forbids it, and migrations assert the invariants."""

    name = "sqlite"
    title = "SQLite"
    address_form = "sqlite:///FILE"
    address_example = "sqlite:///routing.db"

    character_function = "char"
    opening = ("PRAGMA foreign_keys = ON", "BEGIN IMMEDIATE")
    framing = ("BEGIN", "COMMIT", "PRAGMA ")
    has_sandbox = True

    token_pattern = token_pattern(
        comment=r"--[^\n]*",
        string=rf"[xX]'[^']*'|{STRING}",
        quoted=r'"(?:[^"]|"")*+"|`(?:[^`]|``)*+`|\[[^\]]*\]',
        unclosed=r"[xX]?'|\"|`|\[",
    )
    reserved_prefixes = ("sqlite_",)
    enforces_types = False
    keys_are_required = False
    above_every_number = "any text"

    def boolean(self, value: bool) -> str:
        return str(int(value))

    def table_name(self, table: str) -> str:
        return self.names.of(table)

    def type_of(self, column: Column) -> str:
        return _TYPES.get(column.kind, "TEXT")

    def default_of(self, column: Column) -> str | None:
        if column.default is None:
            return None
        if column.kind == "moment":
            return f"({NOW})"
        return "'unknown'" if column.default == "actor" else literal(column.default, self)

    def form(self, column: Column) -> str:
        """Return the condition that holds a column to its form: it asks for the type as well, which SQLite does not."""
        return unless_null(column, _form(column))

    def condition_of(self, check: Check) -> str:
        return _CHECKS[check.name] if check.condition is None else check.condition

    def create_table(self, table: Table, foreign: Sequence[Foreign]) -> str:
        return TableWriter(self, "sqlite", key_in_column=True).create_table(table, foreign)

    rebuild_opening = ("PRAGMA defer_foreign_keys = ON",)
    rename_opening = (
        *rebuild_opening,
        "CREATE TEMP TABLE IF NOT EXISTS routecomp_stop (id INTEGER PRIMARY KEY, stop REFERENCES routecomp_stop (id))",
    )

    def can_add(self, definition: str) -> bool:
        """Return whether the column may be left out by rows that are there already."""
        words = definition.upper()
        constant = re.search(r"\bDEFAULT (?!\()", words) is not None
        return ("DEFAULT" not in words or constant) and ("NOT NULL" not in words or constant)

    def rebuild_guards(
        self, table: str, columns: int, children: Sequence[str], triggers: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        own = literal(table, self)
        message = f"table {table} has columns that no migration made: a copy without them would lose what they hold"
        yield literal(message, self), f"(SELECT count(*) FROM pragma_table_xinfo({own})) = {columns}"
        deleted = self._listed([table, *children])
        cascading = (
            "FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
            f" AND lower(f.\"table\") IN ({deleted}) AND f.on_delete <> 'NO ACTION' AND m.name NOT IN ({deleted})"
        )
        yield (
            "(SELECT 'table ' || m.name || ', which no migration made, loses or changes rows when those of '"
            f" || f.\"table\" || ' are deleted, as they are here: make its foreign key ON DELETE NO ACTION first'"
            f" {cascading} LIMIT 1)",
            f"NOT EXISTS (SELECT 1 {cascading})",
        )
        if children:
            running = (
                f"FROM sqlite_master m WHERE m.type = 'trigger' AND lower(m.tbl_name) IN ({self._listed(children)})"
                f" AND m.name NOT IN ({self._listed(sorted(triggers))})"
            )
            yield (
                "(SELECT 'trigger ' || m.name || ' of table ' || m.tbl_name || ', which no migration made, may run for"
                " rows that are deleted and inserted again here: drop it first, and create it again afterwards'"
                f" {running} LIMIT 1)",
                f"NOT EXISTS (SELECT 1 {running})",
            )

    def stops(self, message: str, condition: str) -> Iterator[str]:
        # A foreign key that is broken at COMMIT: `sqlite3` without -bail goes on after each error, and ends with this.
        yield f"INSERT INTO temp.routecomp_stop (stop) SELECT -1\nWHERE ({condition}) IS NOT TRUE"
        yield self.assertion(message, condition)

    joining = "group_concat"

    def rename_guards(self, known: Collection[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
        ledger = self.table_name("routecomp_migrations")
        tables = [name for _, kind, name in known if kind == "table"]
        named = self._listed([name for _, kind, name in known if kind in ("index", "trigger", "view")])
        others = f"m.name NOT IN ({named}) AND m.name NOT LIKE '{ledger}\\_%' ESCAPE '\\'"
        columns = self._listed(f"{table}.{name}" for table, kind, name in known if kind == "column")
        yield (
            "columns that no migration made would be lost; keep them elsewhere and drop them first: ",
            "SELECT m.name || '.' || c.name AS name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c"
            f" WHERE m.type = 'table' AND m.name IN ({self._listed(tables)})"
            f" AND m.name || '.' || c.name NOT IN ({columns})",
        )
        yield (
            "indexes and triggers that no migration made would be lost; drop them first, and make them again: ",
            f"SELECT m.name FROM sqlite_master m WHERE m.type IN ('index', 'trigger') AND m.sql IS NOT NULL"
            f" AND lower(m.tbl_name) IN ({self._listed([*tables, ledger])}) AND {others}",
        )
        yield (
            "foreign keys of other tables would refer to nothing; drop them first, and make them again: ",
            "SELECT m.name || '.' || f.\"from\" AS name FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f"
            f" WHERE m.type = 'table' AND m.name NOT IN ({self._listed(tables)})"
            f' AND lower(f."table") IN ({self._listed([*tables, ledger])})',
        )
        words = "WITH ours (word) AS (VALUES (" + self._listed([*tables, ledger]).replace(", ", "), (") + "))"
        yield (
            "views and triggers that name our tables would not work any more; drop them first, and make them again: ",
            f"{words} SELECT DISTINCT m.name FROM sqlite_master m JOIN ours"
            # A word behind a quote is a text: a view of another project of ours has some.
            " ON ' ' || lower(m.sql) || ' ' GLOB '*[^a-z0-9_'']' || word || '[^a-z0-9_]*'"
            f" WHERE m.type IN ('view', 'trigger') AND lower(m.tbl_name) NOT IN (SELECT word FROM ours) AND {others}",
        )

    def _listed(self, names: Iterable[str]) -> str:
        """Return names as literals with commas between them."""
        return ", ".join(literal(name, self) for name in names)

    number_word = "AUTOINCREMENT"

    def keep_numbers(self, table: str, copy: str) -> Iterator[str]:
        yield f"UPDATE sqlite_sequence SET name = '{copy}' WHERE name = '{table}'"

    def restore_numbers(self, table: str, copy: str) -> Iterator[str]:
        yield f"DELETE FROM sqlite_sequence WHERE name = '{table}'"
        yield f"UPDATE sqlite_sequence SET name = '{table}' WHERE name = '{copy}'"

    def assertion(self, message: str, condition: str) -> str:
        table = self.table_name("routecomp_assert")
        return f"INSERT INTO {table} (what, ok) SELECT {message}, 0\nWHERE ({condition}) IS NOT TRUE"

    def sandbox(self) -> Sandbox:
        import sqlite3  # lazy: the driver takes 10 ms to import, and few commands replay migrations

        return SqliteSandbox(sqlite3.connect(":memory:", isolation_level=None), self)


class SqliteSandbox:
    """A database of SQLite in memory."""

    def __init__(self, connection: sqlite3.Connection, dialect: Dialect | None = None) -> None:
        self.dialect = SQLITE if dialect is None else dialect
        self.connection = connection

    def run(self, statement: str) -> None:
        import sqlite3  # lazy: as above

        # The company's own table of tenants is not here; what is here was checked when it was written.
        if statement.startswith("PRAGMA foreign_keys"):
            return
        try:
            self.connection.execute(statement)
        except (sqlite3.Error, sqlite3.Warning, ValueError) as failure:
            raise SandboxError(str(failure), self._message(statement)) from None

    def _message(self, statement: str) -> str:
        """Return the message of an assertion that failed; empty for another statement, or where it cannot be had."""
        import sqlite3  # lazy: as above

        query = message_query(statement)
        try:
            row = None if query is None else self.connection.execute(query).fetchone()
        except sqlite3.Error:
            return ""
        return "" if row is None else str(row[0])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def tables(self) -> dict[str, set[str]]:
        tables: dict[str, set[str]] = {}
        for table, column in self.rows(
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table'"
        ):
            tables.setdefault(table, set()).add(column)
        return tables

    def schema(self) -> list[tuple[str, str, str, str]]:
        return self.rows(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
        )

    def copy(self, other: Sandbox) -> None:
        assert isinstance(other, SqliteSandbox)
        other.connection.backup(self.connection)

    def undo(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def close(self) -> None:
        self.connection.close()


def message_query(statement: str) -> str | None:
    """Return the query for the message of an assertion that failed; None for another statement.

    SQLite's own words would only be that a CHECK failed. Run it within the same transaction; it has one row, or none if
    the assertion holds.
    """
    match = _ASSERTION.match(statement)
    return None if match is None else "SELECT " + statement[match.end() :].replace(", 0\nWHERE (", "\nWHERE (", 1)


def _form(column: Column) -> str:
    name = column.name
    if column.kind == "serial":
        return ""
    if column.kind == "whole":
        return all_of(f"typeof({name}) = 'integer'", within_bounds(column))
    if column.kind == "flag":
        return f"typeof({name}) = 'integer' AND {name} IN (0, 1)"
    if column.kind == "word":
        return one_of_words(column)
    # Texts with NUL, which PostgreSQL does not know, would end early for every function but this one.
    text = f"typeof({name}) = 'text' AND instr({name}, char(0)) = 0"
    if column.kind == "moment":
        return f"{text} AND {name} GLOB '{_MOMENT}'"
    if column.kind not in _FORMS:
        return all_of(text, beyond_letters(column))
    letters, begin, end, longest = _FORMS[column.kind]
    parts = [text, f"NOT {name} GLOB '*[^{letters}]*'", f"{name} GLOB '{begin}'"]
    if column.kind in ("name", "pattern"):
        parts.append(f"instr({name}, '  ') = 0")
    if column.kind == "pattern":
        parts.append(f"NOT {name} GLOB '*[*]?*'")
    parts += [f"{name} GLOB '{end}'"] * bool(end) + [f"length({name}) <= {longest}"] * bool(longest)
    return all_of(*parts, beyond_letters(column))


SQLITE = Sqlite()
