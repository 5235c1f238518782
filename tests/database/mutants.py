"""List everything that a filled database refuses by name, each with the statement that removes it: the mutants.

The names come from the catalogs of the databases, never from lists of our own.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from routecomp.sql.ddl import ALL_TABLES
from routecomp.sql.invariants import INVARIANTS
from routecomp.sql.schema import form_name
from tests.database import proofs
from tests.database.databases import ask

if TYPE_CHECKING:
    import psycopg

FILLING = {
    "model_experiment_started": (
        ["UPDATE {p}model_experiment SET status = 'active' WHERE experiment = 'idea'"],
        "idea",
    ),
    "model_experiment_started_active": (
        ["UPDATE {p}model_experiment SET status = 'active' WHERE experiment = 'idea'"],
        "idea",
    ),
    "model_experiment_started_update": (
        ["UPDATE {p}model_experiment SET status = 'paused', started_at = NULL WHERE experiment = 'live'"],
        "live",
    ),
    "model_experiment_started_insert": (
        [
            "INSERT INTO {p}model_experiment (experiment, public_model_id, status, salt)"
            " VALUES ('n', 'n', 'active', 'n')"
        ],
        "n",
    ),
}
"""Triggers that refuse nothing but fill `started_at`: statements, and the experiment that has one after them."""


@dataclass(frozen=True)
class Mutant:
    """A constraint, unique index or trigger: its name, and the statement that removes it (`without`).

    For a part of a SQLite table, `without` is the text of the table without that part, and `table` is the table.
    """

    name: str
    without: str
    table: str = ""


def postgres_mutants(database: psycopg.Connection) -> Iterator[Mutant]:
    """List what PostgreSQL holds: constraints, NOT NULL columns, unique indexes, triggers and invariants."""
    for table, name in ask(
        database,
        (
            "SELECT conrelid::regclass::text, conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace"
            " WHERE nspname = 'public' AND contype IN ('c', 'f', 'p', 'u', 'x') AND conislocal AND conparentid = 0"
            " ORDER BY 1, 2"
        ),
    ):
        yield Mutant(name, f"ALTER TABLE public.{table} DROP CONSTRAINT {name} CASCADE")
    for table, column in ask(
        database,
        (
            "SELECT attrelid::regclass::text, attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid"
            " JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public' AND relkind IN ('r', 'p')"
            " AND NOT c.relispartition AND attnum > 0"
            " AND attnotnull AND attidentity = '' ORDER BY 1, 2"
        ),
    ):
        key = f"ALTER TABLE public.{table} DROP CONSTRAINT {table}_pkey CASCADE;"  # else it would say so itself
        within = any(one.name == table and column in one.key for one in ALL_TABLES)
        yield Mutant(f"{table}.{column}", key * within + f"ALTER TABLE public.{table} ALTER {column} DROP NOT NULL")
    for (name,) in ask(
        database,
        (
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n ON"
            " n.oid = relnamespace WHERE nspname = 'public' AND indisunique AND NOT EXISTS (SELECT 1 FROM pg_constraint"
            " WHERE conindid = indexrelid) ORDER BY 1"
        ),
    ):
        yield Mutant(name, f"DROP INDEX public.{name}")
    for table, name in ask(
        database,
        (
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
            " WHERE NOT tgisinternal AND NOT c.relispartition ORDER BY 1, 2"
        ),
    ):
        yield Mutant(name, f"DROP TRIGGER {name} ON public.{table}")
    for (text,) in ask(
        database,
        (
            "SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
            " WHERE nspname = 'public' AND proname LIKE 'routecomp_check_%' ORDER BY proname"
        ),
    ):
        blocks = re.findall(r"  IF .*? THEN\n    RAISE .*?CONSTRAINT = '(?:\w+)';\n  END IF;\n", text, re.DOTALL)
        for block in blocks:
            (name,) = re.findall(r"CONSTRAINT = '(\w+)'", block)
            yield Mutant(name, text.replace(block, ""))

    for (text,) in ask(
        database,
        (
            "SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
            " WHERE nspname = 'public' AND proname LIKE 'routecomp_%_holds' ORDER BY proname"
        ),
    ):
        for line, name in re.findall(r"^(    WHEN NOT .* THEN '(\w+)'\n)", text, re.MULTILINE):
            yield Mutant(name, text.replace(line, ""))


def sqlite_mutants(database: sqlite3.Connection) -> Iterator[Mutant]:
    """List what SQLite holds: every part of each table's text, unique indexes and triggers."""
    for kind, name, sql in ask(
        database, "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1, 2"
    ):
        if kind == "trigger" or (kind == "index" and sql.startswith("CREATE UNIQUE")):
            yield Mutant(name, f"DROP {kind} {name}")
        if kind != "table" or name.startswith("sqlite_"):
            continue
        head, listed = sql.partition("(")[0], parts(sql)
        for at, part in enumerate(listed):
            found = re.match(r"CONSTRAINT (\w+) ", part)
            column = re.match(r"(\w+) .*\bNOT NULL", part)
            left = [*listed[:at], *listed[at + 1 :]]
            if found is not None:
                yield Mutant(found[1], f"{head}({', '.join(left)})", name)
            elif column is not None and column[1] != "single":  # a lone INTEGER key is the row's number, never NULL
                left.insert(at, part.replace(" NOT NULL", "", 1))
                yield Mutant(f"{name}.{column[1]}", f"{head}({', '.join(left)})", name)
            elif " PRIMARY KEY" in part:
                left.insert(at, f"{part.split()[0]} INTEGER")
                yield Mutant(f"{name}_pkey", f"{head}({', '.join(left)})", name)


def parts(sql: str) -> list[str]:
    """Split a CREATE TABLE into its columns and constraints, at commas outside of brackets and quotes."""
    body = sql[sql.index("(") + 1 : sql.rindex(")")]
    found, depth, begin = [], 0, 0
    for token in re.finditer(r"'(?:[^']|'')*'|[(),]", body):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if token[0] == "," and depth == 0:
            found.append(body[begin : token.start()].strip())
            begin = token.end()
    return [*found, body[begin:].strip()]


def candidates(dialect: str) -> dict[str, list[list[str]]]:
    """Map each name to lists of statements that it (alone or with others) may refuse."""
    found: dict[str, list[list[str]]] = {}
    state = proofs.sample_state()
    for name, bad, _ in proofs.column_proofs(dialect):
        found.setdefault(name, []).extend([one] for one in bad)
    for name, texts in proofs.key_proofs(dialect):
        found.setdefault(name, []).extend([one] for one in texts)
    for name, text in proofs.foreign_proofs(dialect):
        found.setdefault(name, []).append([text])
    said = {
        **proofs.TABLE_PROOFS,
        **proofs.INDEX_PROOFS,
        **proofs.TRIGGER_PROOFS,
        **proofs.INVARIANT_PROOFS,
        **proofs.WATCHED_PROOFS,
        **proofs.HOLDS_PROOFS,
    }
    for name, text in said.items():
        found.setdefault(name, []).append(proofs.translate(text, dialect))
    for table in ALL_TABLES:
        rows = proofs.rows_of(table, state)
        for column in table.columns:
            if column.computed or column.kind == "serial":
                continue
            if not column.nullable:
                found[f"{table.name}.{column.name}"] = [
                    [make(table, rows[0], {column.name: "NULL"}, dialect)]
                    for make in (proofs.change_row, proofs.insert_row)
                ]
            if dialect == "sqlite" and column.kind in ("free", "flag", "moment"):
                found.setdefault(form_name(table, column), []).append(
                    [proofs.change_row(table, rows[0], {column.name: "x'00'"}, dialect)]
                )
    if dialect == "sqlite":
        # These stand behind triggers, which have proofs of their own.
        for table in ALL_TABLES:
            if table.key == ("id",):
                again = {"id": f"(SELECT min(id) FROM {table.name})"} | ({"version": "77"} if table.live_only else {})
                text = proofs.insert_row(table, proofs.rows_of(table, state)[0], again, dialect)
                found[f"{table.name}_pkey"] = [[f"DROP TRIGGER IF EXISTS {table.name}_no_replace", text]]
        found["model_experiment_variant_version_live"].append(
            [
                "DROP TRIGGER model_experiment_variant_version_no_replace",
                *proofs.translate(proofs.INDEX_PROOFS["model_experiment_variant_version_live"], dialect),
            ]
        )
        found["routecomp_assert_holds"] = [["INSERT INTO routecomp_assert (what, ok) VALUES ('x', 0)"]]
        found["routecomp_assert.what"] = [["INSERT INTO routecomp_assert (what, ok) VALUES (NULL, 1)"]]
        found["routecomp_assert.ok"] = [["INSERT INTO routecomp_assert (what, ok) VALUES ('x', NULL)"]]
    return found


def invariant_names() -> set[str]:
    """Return the names of the invariants over several rows."""
    return {one.name for one in INVARIANTS}
