"""Test that every constraint, index and trigger of both databases refuses what it should, under its own name."""

from __future__ import annotations

import json
import random
import re
import sqlite3
import string
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from routecomp.checker import Options, check
from routecomp.rules.urls import url_faults
from routecomp.sql.ddl import ALL_TABLES
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.postgres import POSTGRES
from routecomp.sql.dialects.registry import dialect as dialect_named
from routecomp.sql.invariants import INVARIANTS, WATCHED, condition
from routecomp.sql.literals import insert, literal
from routecomp.sql.migrations import migration_files
from routecomp.sql.schema import form_name
from routecomp.sql.state import DatabaseState
from routecomp.sql.tables import TABLES
from tests.database import proofs
from tests.database.databases import ask, migrations, refuser, run_all, sqlite_database
from tests.seeds import FRESH

if TYPE_CHECKING:
    import psycopg

SEGMENTS = ("v1", "v", "v1a", "a", "", "", "v1.", "V1", "~")
HOSTS = (
    "h.example",
    "h.example",
    "h.example",
    "127.0.0.1",
    "localhost:1",
    "@h",
    "a@b",
    "",
    ":1",
    "[::1]",
    "h.example:9",
    *("10.0.0.1", "172.20.1.1:80", "172.32.1.1", "192.168.1.1", "VLLM.svc:80", "gateway", "nas.lan", "internal"),
    *("[fd12::1]:8", "[fe80::1]", "169.254.169.254", "2852039166", "metadata", "h.internal", "h.local.example"),
)
STARTED = {
    "model_experiment_started",
    "model_experiment_started_insert",
    "model_experiment_started_update",
    "model_experiment_started_active",
}
"""Triggers that refuse nothing: they keep `started_at`, and have a test of their own."""


def fill_database(database: sqlite3.Connection | psycopg.Connection, dialect: str) -> None:
    """Fill a database with the schema, the small project's rows, and one row in every other table."""
    files = migration_files({}, proofs.sample_state(), dialect_names())
    run_all(database, migrations(files, dialect))
    for statement in proofs.rows_written(dialect):
        ask(database, statement)


@pytest.fixture
def sqlite() -> Iterator[sqlite3.Connection]:
    """Make a filled SQLite database."""
    database = sqlite_database()
    fill_database(database, "sqlite")
    yield database
    database.close()


def refusal(database: sqlite3.Connection | psycopg.Connection, statements: list[str]) -> str | None:
    """Run statements, undo them, and return the name of the constraint that refuses them; None where none does."""
    ask(database, "BEGIN")
    try:
        for statement in statements:
            ask(database, statement)
        if isinstance(database, sqlite3.Connection):
            ask(database, "COMMIT")  # deferred keys are looked at here
            raise AssertionError("a statement that should be refused was committed")
        ask(database, "SET CONSTRAINTS ALL IMMEDIATE")
        return None
    except AssertionError:
        return None
    except sqlite3.IntegrityError as failure:
        return str(failure)
    except Exception as failure:
        diagnosis = getattr(failure, "diag", None)
        if diagnosis is None or not str(diagnosis.sqlstate).startswith("23"):
            raise
        return refuser(diagnosis)
    finally:
        if not isinstance(database, sqlite3.Connection) or database.in_transaction:
            ask(database, "ROLLBACK")


def check_shared_proofs(dialect: str, named: Callable[[list[str]], str | None]) -> set[str]:
    """Check the proofs that both databases share, and return the names that are proven.

    `named` returns the name of what refuses statements: several, separated by `|`, where a database cannot tell them
    apart.
    """

    def names(statements: list[str]) -> str | None:
        said = named(statements)
        return name if said is not None and name in said.split("|") else said

    proven: set[str] = set()
    for name, bad, edges in proofs.column_proofs(dialect):
        assert any(names([one]) == name for one in bad), f"{name} refuses none of {bad}"
        for edge in edges:
            assert names([edge]) != name, f"{name} refuses {edge}"
        proven.add(name)
    for table in (proofs.TABLE_PROOFS, proofs.INDEX_PROOFS):
        for name, text in table.items():
            assert names(proofs.translate(text, dialect)) == name, name
            proven.add(name)
    return proven


def test_postgres(postgres: psycopg.Connection) -> None:
    """Each entry of pg_constraint, pg_index and pg_trigger has a statement that it refuses by name."""
    fill_database(postgres, "postgres")
    proven = check_shared_proofs("postgres", lambda statements: refusal(postgres, statements))
    for name, texts in proofs.key_proofs("postgres"):
        assert any(refusal(postgres, [text]) == name for text in texts), name
        proven.add(name)
    for name, text in proofs.foreign_proofs("postgres"):
        assert refusal(postgres, [text]) == name, text
        proven.add(name)
    for name, text in proofs.INVARIANT_PROOFS.items():
        assert refusal(postgres, proofs.translate(text, "postgres")) == name, name
    watched = {one.trigger for one in WATCHED}
    assert set(proofs.WATCHED_PROOFS) == watched
    for name, text in proofs.WATCHED_PROOFS.items():
        statements = proofs.translate(text, "postgres")
        assert refusal(postgres, statements) is not None, name
        # This very trigger notices it: without it nothing does.
        table = next(one.table for one in WATCHED if one.trigger == name)
        off = f"ALTER TABLE public.{table} DISABLE TRIGGER {name}"
        assert refusal(postgres, [off, *statements]) is None, name
    in_catalogue = {
        name
        for (name,) in ask(
            postgres,
            "SELECT conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = 'public'"
            " AND conislocal AND conparentid = 0",
        )
    }
    held = {name for table in ALL_TABLES for name, _ in POSTGRES.checks_of_trigger(table)}
    constraints = {name for name in in_catalogue if "not_null" not in name} - watched
    assert constraints == proven - set(proofs.INDEX_PROOFS) - held
    assert held <= proven
    unique = {
        name
        for (name,) in ask(
            postgres,
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid ="
            " indexrelid JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND indisunique AND NOT c.relispartition",
        )
    }
    assert unique - in_catalogue == set(proofs.INDEX_PROOFS)
    triggers = {name for (name,) in ask(postgres, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")}
    guards = triggers - watched - STARTED - set(proofs.HOLDS_PROOFS)
    for name in guards:
        assert refusal(postgres, proofs.translate(proofs.TRIGGER_PROOFS[name], "postgres")) == name, name
    assert len(guards) == 10


def test_append_only_even_for_replicas(postgres: psycopg.Connection) -> None:
    """A session that disables triggers for replication still cannot rewrite the ledger."""
    fill_database(postgres, "postgres")
    for text in (
        proofs.TRIGGER_PROOFS["model_promotions_append_only"],
        proofs.TRIGGER_PROOFS["model_promotions_no_truncate"],
    ):
        statements = ["SET LOCAL session_replication_role = replica", *proofs.translate(text, "postgres")]
        assert refusal(postgres, statements) is not None


def test_sqlite(sqlite: sqlite3.Connection) -> None:
    """Each check, key, unique index and trigger of sqlite_master has a statement that it refuses by name."""

    def names(statements: list[str]) -> str | None:
        said = refusal(fresh(), statements)
        if said is None:
            return None
        kind, _, what = said.partition(": ")
        if kind == "UNIQUE constraint failed":
            columns = tuple(one.rpartition(".")[2] for one in what.split(", "))
            table = what.partition(".")[0]
            return (
                "|".join(
                    index.name
                    for owner in ALL_TABLES
                    if owner.name == table
                    for index in owner.indexes
                    if index.unique and index.columns == columns
                )
                or f"{table}_pkey"
            )
        return what if kind == "CHECK constraint failed" else kind

    def fresh() -> sqlite3.Connection:
        copy = sqlite_database()
        sqlite.backup(copy)
        ask(copy, "PRAGMA foreign_keys = ON")
        opened.append(copy)
        return copy

    opened: list[sqlite3.Connection] = []
    # Replacing triggers stand before the unique index of versions: it is proven by its own UPDATE elsewhere.
    proven = check_shared_proofs(
        "sqlite",
        lambda statements: (
            "model_experiment_variant_version_live"
            if (said := names(statements)) == "model_experiment_variant_version_no_replace"
            else said
        ),
    )
    for name, texts in proofs.key_proofs("sqlite"):
        assert any(names([text]) == name for text in texts), name
        proven.add(name)
    for _, text in proofs.foreign_proofs("sqlite"):
        assert names([text]) == "FOREIGN KEY constraint failed", text
    triggers = {name for (name,) in ask(sqlite, "SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    for name in triggers - STARTED:
        assert names(proofs.translate(proofs.TRIGGER_PROOFS[name], "sqlite")) == name, name
    unique = {
        name
        for (name,) in ask(sqlite, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE%'")
    }
    assert unique == set(proofs.INDEX_PROOFS)
    named = {name for table in ALL_TABLES for name in proofs.check_names(table)}
    whole = " ".join(sql for (sql,) in ask(sqlite, "SELECT sql FROM sqlite_master WHERE type = 'table'"))
    left = {name for name in named if f"CONSTRAINT {name} CHECK" in whole} - proven
    kinds = {form_name(table, column): column.kind for table in ALL_TABLES for column in table.columns}
    # What SQLite alone must say (PostgreSQL's types do): texts, flags and moments of the right storage class.
    for name in left:
        assert kinds[name] in ("free", "flag", "moment"), name
        table = next(one for one in ALL_TABLES if name in proofs.check_names(one))
        column = next(one for one in table.columns if form_name(table, one) == name)
        row = proofs.rows_of(table, proofs.sample_state())[0]
        assert names([proofs.change_row(table, row, {column.name: "x'00'"}, "sqlite")]) == name
    for copy in opened:
        copy.close()


def test_sqlite_invariants(sqlite: sqlite3.Connection) -> None:
    """Each assertion of SQLite's migrations is true before, and false after, a statement that breaks it."""
    assert set(proofs.INVARIANT_PROOFS) == {one.name for one in INVARIANTS}
    for invariant in INVARIANTS:
        own = {"experiments_have_variants": "'idea'", "names_mean_one_thing": "'good'", "bans_name_models": "'nobody'"}
        own["successors_end"] = "'good'"
        keys = {
            "feature": "'chat'",
            "target": "'near'",
            "experiment": "'live'",
            "preferences": "NULL",
            "name": "'big'",
            "stack": "'us'",
            "load": "'big'",
            "provider": "'north'",
        }
        broken = f"SELECT {condition(invariant, own.get(invariant.name, keys[invariant.subject]), str)}"
        assert ask(sqlite, broken) == [(0,)], invariant.name
        ask(sqlite, "BEGIN")
        for statement in proofs.translate(proofs.INVARIANT_PROOFS[invariant.name], "sqlite"):
            ask(sqlite, statement)
        assert ask(sqlite, broken) == [(1,)], invariant.name
        ask(sqlite, "ROLLBACK")


@pytest.mark.parametrize("dialect", dialect_names())
def test_penalty_stores_its_bounds(dialect: str, request: pytest.FixtureRequest) -> None:
    """A penalty of 100 per cent is stored; 100.01, -0.004, NaN and NULL are refused."""
    database = request.getfixturevalue(dialect)
    if dialect == "postgres":
        fill_database(database, dialect)
    table = "public.tenant_routing_policy" if dialect == "postgres" else "tenant_routing_policy"
    ask(database, f"UPDATE {table} SET fallback_cost_penalty_bp = 10000")
    assert [int(one) for (one,) in ask(database, f"SELECT fallback_cost_penalty_bp FROM {table}")] == [10_000]
    for value in ("10001", "-0.4", "-0.004", "'NaN'", "NULL", "10000.5"):
        assert refusal(database, [f"UPDATE {table} SET fallback_cost_penalty_bp = {value}"]) is not None, value


@pytest.mark.parametrize("dialect", dialect_names())
def test_started_at_is_kept(dialect: str, request: pytest.FixtureRequest) -> None:
    """`started_at` is when an experiment was first active, however often it is paused and resumed."""
    database = request.getfixturevalue(dialect)
    if dialect == "postgres":
        fill_database(database, dialect)
    table = "public.model_experiment" if dialect == "postgres" else "model_experiment"
    first = ask(database, f"SELECT started_at FROM {table} WHERE experiment = 'live'")
    assert first[0][0] is not None
    for status in ("paused", "active"):
        ask(database, f"UPDATE {table} SET status = '{status}', started_at = NULL WHERE experiment = 'live'")
    assert ask(database, f"SELECT started_at FROM {table} WHERE experiment = 'live'") == first


def test_the_page_names_what_holds_each_rule(postgres: psycopg.Connection, sqlite: sqlite3.Connection) -> None:
    """The page's table has every rule over rows and cells, and names that both databases have."""
    create_only = migration_files({}, DatabaseState.empty(), dialect_names())
    run_all(postgres, migrations(create_only, "postgres"))
    held = {
        "PostgreSQL": {
            name
            for (name,) in ask(
                postgres,
                (
                    "SELECT conname FROM pg_constraint UNION SELECT indexrelid::regclass::text FROM pg_index UNION"
                    " SELECT tgname FROM pg_trigger UNION"
                    " SELECT (regexp_matches(prosrc, 'CONSTRAINT = ''([a-z_]+)''', 'g'))[1] FROM pg_proc"
                    " WHERE proname LIKE 'routecomp_check_%'"
                ),
            )
        },
        "SQLite": {one.name for one in INVARIANTS}
        | {
            name
            for (name, sql) in ask(sqlite, ("SELECT name, sql FROM sqlite_master"))
            for name in (name, *re.findall(r"CONSTRAINT (\w+)", sql or ""))
        },
    }
    page = (Path(__file__).parents[2] / "docs" / "database.md").read_text()
    rows = page.partition("| Rule | Held by |\n|---|---|\n")[2].partition("\n\n")[0].splitlines()
    assert len(rows) > 20
    said: set[str] = set()
    for row in rows:
        for part in row.strip("| ").rpartition(" | ")[2].split(";"):
            names = set(re.findall(r"`([a-z_]+)`", part))
            assert names or "TABLE_" in part or "not held" in part, row
            for database in held:
                if part.strip().startswith(database) or ":" not in part:
                    assert names <= held[database], f"{database}: {names - held[database]}"
            said |= names
    ours = (
        {check.name for table in TABLES for check in table.checks}
        | {one.name for one in INVARIANTS}
        | {index.name for table in TABLES for index in table.indexes if index.unique}
    )
    assert ours <= said, ours - said


@pytest.mark.parametrize("dialect", dialect_names())
def test_keys_are_carried_by_the_headers_that_the_compiler_allows(dialect: str, request: pytest.FixtureRequest) -> None:
    """Both databases store an `auth: header:NAME` exactly where RC118, RC121 and RC333 find nothing in it."""
    database = request.getfixturevalue(dialect)
    if dialect == "postgres":
        fill_database(database, dialect)
    table = "public.providers" if dialect == "postgres" else "providers"
    names = ["", "a b", "x-key", "X-Key", "a:b", "é", "Host", "te", "x-te", "Proxy-Key", "proxy", "x-forwarded-key"]
    names += ["X-Forwarded", "Forwarded", "cookie", "set-cookie", "authorization", *string.punctuation]
    for name in names:
        files = {
            **proofs.FILES,
            "routes/more.yaml": "providers:\n  more: {adapter: openai, base_url: https://more.example, stack: eu, "
            f"api_key_env: M_KEY, auth: {json.dumps(f'header:{name}')}}}\n".encode(),
        }
        right = all(
            finding.rule not in ("RC118", "RC121", "RC333")
            for finding in check(files, Options(date(2026, 11, 20))).diagnostics
        )
        text = f"UPDATE {table} SET auth = {literal(f'header:{name}', dialect_named(dialect))} WHERE provider = 'north'"
        assert (refusal(database, [text]) is None) == right, name


def test_urls_as_the_compiler_reads_them(postgres: psycopg.Connection, sqlite: sqlite3.Connection) -> None:
    """Both databases store every base URL and path that the compiler accepts."""
    dice = random.Random(FRESH)
    fill_database(postgres, "postgres")
    stored = 0
    for number in range(600):
        base = (
            dice.choice(["https://"] * 5 + ["http://"])
            + dice.choice(HOSTS)
            + "".join(f"/{dice.choice(SEGMENTS)}" for _ in range(dice.randrange(4)))
        )
        path = (
            dice.choice(["/", "/", "", "https://", "/https://", "a+b.c-d://", "1://", "{model}"])
            + "/".join(dice.choices(SEGMENTS, k=dice.randrange(1, 5)))
            + dice.choice(["", "", "", "?a/a/a=://", "://", "?", "?b?c", "{model}", "{x}", "}", "{mod{model}el}"])
        )
        row = {"provider": f"p{number}", "adapter": "openai", "auth": "none", "base_url": base, "chat_path": path}
        row["stack"] = "eu"
        stream = {"stream_path": path} if dice.random() < 0.5 else {}
        allowed = dice.random() < 0.5
        right = not url_faults(base, {"chat_path": path}, allow_http=allowed)
        stored += right
        for dialect in dialect_names():
            database = postgres if dialect == "postgres" else sqlite
            assert (
                refusal(database, insert("providers", [row | stream | {"allow_http": allowed}], dialect_named(dialect)))
                is None
            ) == right, (
                dialect,
                base,
                path,
            )
    assert stored > 60
