"""Write SQL for PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from routecomp.sql.dialects.conditions import (
    FIRST_DAY,
    LAST_DAY,
    all_of,
    beyond_letters,
    one_of_words,
    over_https,
    unless_null,
    within_bounds,
)
from routecomp.sql.dialects.create_table import TableWriter
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.dialects.postgres_names import schema_fault
from routecomp.sql.dialects.tokens import NUMBER, STRING, token_pattern
from routecomp.sql.literals import literal
from routecomp.sql.schema import Check, Column, Foreign, Table, View

LOCK = 7_261_734_662
"""The advisory lock that every migration holds, so that two never run at once."""
_TYPES = {"whole": "NUMERIC", "flag": "BOOLEAN", "date": "DATE", "moment": "TIMESTAMPTZ", "serial": "BIGINT"}
_FORMS = {
    "slug": "^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$",
    "name": "^[!-)+-~]+( [!-)+-~]+)*$",
    "pattern": "^([!-)+-~]+( [!-)+-~]+)*|([!-)+-~]+( [!-)+-~]+)* ?)?[*])$",
    "upstream": "^[!-~]+$",
    "variable": "^[A-Za-z_][A-Za-z0-9_]*$",
    "adapter": "^[a-z][a-z0-9_-]{0,62}$",
    "url": "^[!-~]+$",
    "path": "^[!-~]+$",
    "day": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "header": "^[!#$%&''*+.^_`|~0-9a-z-]+$",
    "printable": "^[ -~]*$",
}
_HOST = "split_part(substr(base_url, strpos(base_url, '://') + 3), '/', 1)"
_WHOLE_URL = "^[A-Za-z][A-Za-z0-9+.-]*://"
_CHECKS = {
    "providers_base_url_host": f"{_HOST} ~ '^[^@:]' AND strpos({_HOST}, '@') = 0",
    "providers_chat_path_relative": f"chat_path !~ '{_WHOLE_URL}'"
    f" AND (stream_path IS NULL OR stream_path !~ '{_WHOLE_URL}')",
    "routing_outcomes_day_of_call": "CAST(begun_at AT TIME ZONE 'UTC' AS DATE) = day",
    "providers_over_https": over_https(_HOST, f"split_part({_HOST}, ':', 1)"),
}


class Postgres(Dialect):
    """PostgreSQL: names have their schema, triggers check invariants at COMMIT, and locks are waited for briefly."""

    name = "postgres"
    title = "PostgreSQL"
    address_form = "postgresql://USER@HOST/NAME"
    address_example = "postgresql://deploy@db.example/routing"

    character_function = "chr"
    opening = ("BEGIN",)
    session = (
        "SET LOCAL lock_timeout = '5s'",
        "SET LOCAL statement_timeout = '10min'",
        "SET LOCAL standard_conforming_strings = on",
        f"SELECT pg_advisory_xact_lock({LOCK})",
    )
    framing = ("BEGIN", "COMMIT", "SET LOCAL ", "SELECT pg_advisory_xact_lock(")
    checks_at_commit = True

    token_pattern = token_pattern(
        comment=r"--[^\n\r]*",
        string=rf"[eE]'(?:[^'\\]|\\.|'')*+'|[bBxX]'[^']*'|(?:[uU]&)?{STRING}",
        dollar=r"\$(?:[^\W\d]\w*)?\$",
        quoted=r'(?:[uU]&)?"(?:[^"]|"")*+"',
        unclosed=r"(?:[uU]&|[eEbBxX])?'|(?:[uU]&)?\"",
        number=rf"{NUMBER}|\$\d+",
    )
    nested_comments = True
    online_changes = True
    by_bytes = ' COLLATE "C"'
    has_big_numbers = True
    has_roles = True
    has_search_path = True
    reserved_prefixes = ("pg_",)
    above_every_number = "NaN"

    def schema_fault(self, name: str) -> tuple[str, str] | None:
        return schema_fault(name)

    def boolean(self, value: bool) -> str:
        return "TRUE" if value else "FALSE"

    def table_name(self, table: str) -> str:
        return self.qualified(self.names.of(table))

    def qualified(self, name: str) -> str:
        return f"{self.names.schema}.{name}"

    def type_of(self, column: Column) -> str:
        """Return the column's type: NUMERIC for whole numbers, since `integer` rounds 0.4 before a CHECK sees it."""
        return _TYPES.get(column.kind, "TEXT")

    def default_of(self, column: Column) -> str | None:
        if column.default is None:
            return None
        if column.kind == "moment":
            return "now()"
        return "session_user" if column.default == "actor" else literal(column.default, self)

    def form(self, column: Column) -> str:
        return unless_null(column, _form(column))

    def condition_of(self, check: Check) -> str:
        return _CHECKS[check.name] if check.condition is None else check.condition

    def checks(self, table: Table) -> Iterator[tuple[str, str]]:
        return iter(()) if table.by_day else super().checks(table)

    def checks_of_trigger(self, table: Table) -> Iterator[tuple[str, str]]:
        """Yield what CHECKs of other tables hold, for those that get a row with every call.

        The server reads the text of each CHECK anew for each statement, and that of a function once in a session:
        twenty CHECKs make a single insert take four times as long.
        """
        columns = re.compile(rf"(?<!')\b(?:{'|'.join(column.name for column in table.columns)})\b")
        for name, condition in super().checks(table) if table.by_day else ():
            yield name, columns.sub(r"NEW.\g<0>", condition)

    def create_table(self, table: Table, foreign: Sequence[Foreign]) -> str:
        return self._writer.create_table(table, foreign) + "\nPARTITION BY RANGE (day)" * table.by_day

    def create_partition(self, table: Table) -> str | None:
        if not table.by_day:
            return None
        own = self.table_name(f"{table.name}_default")
        return f"CREATE TABLE {own} PARTITION OF {self.table_name(table.name)} DEFAULT"

    def add_foreign_key(self, table: Table, foreign: Foreign) -> str:
        return self._writer.add_foreign_key(table, foreign)

    def comments(self, table: Table) -> Iterator[str]:
        yield self._writer.comment_on_table(table)
        for column in table.columns:
            yield self._writer.comment_on_column(table, column)

    def comment_on_view(self, view: View) -> Iterator[str]:
        yield f"COMMENT ON VIEW {self.table_name(view.name)} IS {literal(view.comment, self)}"

    def is_guard(self, statement: str) -> bool:
        return statement.startswith(f"CREATE FUNCTION {self.table_name('routecomp_check')}")

    def put_aside(self, table: str, aside: str, key: str, aside_key: str) -> Iterator[str]:
        yield from super().put_aside(table, aside, key, aside_key)
        yield f"ALTER TABLE {self.qualified(aside)} RENAME CONSTRAINT {key} TO {aside_key}"

    def move_partitions(self, table: str, new: Dialect) -> Iterator[str]:
        there, here = self.names.of(table), new.names.of(table)
        yield f"""\
DO $body$
DECLARE
  part text;
  own text;
BEGIN
  FOR part IN SELECT c.relname FROM pg_catalog.pg_inherits JOIN pg_catalog.pg_class c ON c.oid = inhrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE inhparent = '{self.table_name(table)}'::regclass AND n.nspname = '{self.names.schema}' LOOP
    IF '{self.names.schema}' <> '{new.names.schema}' THEN
      EXECUTE pg_catalog.format('ALTER TABLE {self.names.schema}.%I SET SCHEMA {new.names.schema}', part);
    END IF;
    IF pg_catalog.starts_with(part, '{there}_') AND '{there}' <> '{here}' THEN
      FOR own IN SELECT i.relname FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
          WHERE x.indrelid = pg_catalog.format('{new.names.schema}.%I', part)::regclass
            AND pg_catalog.starts_with(i.relname, '{there}_') LOOP
        EXECUTE pg_catalog.format('ALTER INDEX {new.names.schema}.%I RENAME TO %I', own,
          '{here}' || pg_catalog.substr(own, {len(there) + 1}));
      END LOOP;
      EXECUTE pg_catalog.format('ALTER TABLE {new.names.schema}.%I RENAME TO %I', part,
        '{here}' || pg_catalog.substr(part, {len(there) + 1}));
    END IF;
  END LOOP;
END
$body$"""

    changes_in_place = True
    # Building an index waits for whoever uses the table, and stops nobody: it may take its time.
    apart = ("SET lock_timeout = '10min'", "SET statement_timeout = '2h'")

    def create_index(self, definition: str) -> str:
        return definition.replace("INDEX ", "INDEX CONCURRENTLY IF NOT EXISTS ", 1)

    def drop_index(self, name: str) -> str:
        return f"DROP INDEX CONCURRENTLY IF EXISTS {self.qualified(name)}"

    def drop_trigger(self, name: str, table: str) -> str:
        return f"DROP TRIGGER {name} ON {self.qualified(table)}"

    def rename_guards(self, known: Collection[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
        ledger = literal(self.table_name("routecomp_migrations"), self)
        own = literal(self.names.of("routecomp_migrations_"), self)
        yield (
            "indexes and triggers of your own on the ledger would be lost; drop them first: ",
            f"SELECT tgname AS name FROM pg_trigger WHERE tgrelid = {ledger}::regclass AND NOT tgisinternal"
            f" AND NOT starts_with(tgname, {own}) UNION ALL SELECT relname FROM pg_index JOIN pg_class"
            f" ON pg_class.oid = indexrelid WHERE indrelid = {ledger}::regclass AND NOT starts_with(relname, {own})",
        )

    def lock_row(self, table: str, column: str, value: str) -> str:
        return f"SELECT {column} FROM {self.table_name(table)} WHERE {column} = {literal(value, self)} FOR UPDATE"

    def assertion(self, message: str, condition: str) -> str:
        return f"SELECT {self.table_name('routecomp_assert')}({message}, {condition})"

    def check_all(self, subject: str, subjects: str) -> str:
        return f"SELECT {self.table_name(f'routecomp_check_{subject}')}(subject) FROM ({subjects}) whole"

    @property
    def _writer(self) -> TableWriter:
        return TableWriter(self, "postgres", self.names.schema)


def _form(column: Column) -> str:
    name = column.name
    if column.kind == "whole":
        # The upper bound refuses NaN, which sorts above every number; trunc refuses what is not whole.
        return all_of(within_bounds(column), f"{name} = trunc({name})")
    if column.kind == "word":
        return one_of_words(column)
    if column.kind == "date":
        return f"{name} >= '{FIRST_DAY}' AND {name} <= '{LAST_DAY}'"
    if column.kind in _FORMS:
        return all_of(f"{name} COLLATE \"C\" ~ '{_FORMS[column.kind]}'", beyond_letters(column))
    return beyond_letters(column)


POSTGRES = Postgres()
