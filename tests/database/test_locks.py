"""Measure what the pages of the rules say of locks, by reading pg_locks while a statement's transaction is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.database.databases import ask

if TYPE_CHECKING:
    import psycopg

SETUP = (
    "CREATE TABLE public.people (name text CONSTRAINT people_pkey PRIMARY KEY)",
    "CREATE TABLE public.notes (size numeric, owner text, token text)",
    "INSERT INTO public.people SELECT 'a'",
    "INSERT INTO public.notes SELECT n, 'a' FROM generate_series(1, 9) n",
    "ALTER TABLE public.notes ADD CONSTRAINT later_check CHECK (size >= 1) NOT VALID",
    "ALTER TABLE public.notes ADD CONSTRAINT later_fkey FOREIGN KEY (owner) REFERENCES public.people NOT VALID",
    "ALTER TABLE public.notes ADD CONSTRAINT size_there CHECK (size IS NOT NULL)",
)
HELD = """SELECT replace(mode, 'Lock', '') FROM pg_locks
          WHERE pid = pg_backend_pid() AND relation = 'public.notes'::regclass
          AND mode NOT IN ('AccessShareLock', 'RowShareLock') ORDER BY mode"""
CLAIMS = (
    ("L02", "ALTER TABLE public.notes ADD CONSTRAINT c CHECK (size <= 100)", "AccessExclusive"),
    ("L02", "ALTER TABLE public.notes ADD CONSTRAINT c CHECK (size <= 100) NOT VALID", "AccessExclusive"),
    (
        "L02",
        "ALTER TABLE public.notes ADD CONSTRAINT f FOREIGN KEY (owner) REFERENCES public.people",
        "ShareRowExclusive",
    ),
    ("L02", "ALTER TABLE public.notes VALIDATE CONSTRAINT later_check", "ShareUpdateExclusive"),
    ("L02", "ALTER TABLE public.notes VALIDATE CONSTRAINT later_fkey", "ShareUpdateExclusive"),
    ("L03", "CREATE INDEX i ON public.notes (size)", "Share"),
    ("L03", "ALTER TABLE public.notes ADD CONSTRAINT u UNIQUE (size)", "AccessExclusive"),
    ("L05", "ALTER TABLE public.notes ALTER COLUMN size SET NOT NULL", "AccessExclusive"),
    ("L06", "ALTER TABLE public.notes ALTER COLUMN size TYPE bigint", "AccessExclusive"),
    ("L07", "ALTER TABLE public.notes ADD COLUMN x float DEFAULT random()", "AccessExclusive"),
)


@pytest.fixture
def tables(postgres: psycopg.Connection) -> psycopg.Connection:
    """Make a database with two tables that hold rows."""
    for statement in SETUP:
        ask(postgres, statement)
    return postgres


def strongest(database: psycopg.Connection, statement: str) -> set[str]:
    """Return the locks that a statement holds on the table until its transaction ends, except read locks."""
    ask(database, "BEGIN")
    ask(database, statement)
    held = {str(row[0]) for row in ask(database, HELD)}
    ask(database, "ROLLBACK")
    return held


@pytest.mark.parametrize(("rule", "statement", "lock"), CLAIMS, ids=[f"{n}-{one[0]}" for n, one in enumerate(CLAIMS)])
def test_the_lock_a_page_names(tables: psycopg.Connection, rule: str, statement: str, lock: str) -> None:
    """A statement takes the lock that the page names, and holds it until COMMIT (it may take weaker ones too)."""
    held = strongest(tables, statement)
    assert lock in held, rule
    if lock != "AccessExclusive":
        assert "AccessExclusive" not in held


def test_concurrently_is_refused_within_a_transaction(tables: psycopg.Connection) -> None:
    """RC604: CREATE INDEX CONCURRENTLY is refused within a transaction."""
    with pytest.raises(Exception, match="cannot run inside a transaction block"):
        strongest(tables, "CREATE INDEX CONCURRENTLY i ON public.notes (size)")
    ask(tables, "ROLLBACK")
    ask(tables, "CREATE INDEX CONCURRENTLY i ON public.notes (size)")


def filenode(database: psycopg.Connection, statement: str) -> bool:
    """Return whether a statement rewrites the table."""
    query = "SELECT pg_relation_filenode('public.notes')"
    before = ask(database, query)
    ask(database, statement)
    return ask(database, query) != before


def test_what_writes_a_table_anew(tables: psycopg.Connection) -> None:
    """RC606, RC607: a random() default, another type and a serial column rewrite a table; now() does not."""
    assert not filenode(tables, "ALTER TABLE public.notes ADD COLUMN a timestamptz DEFAULT now()")
    assert not filenode(tables, "ALTER TABLE public.notes ADD COLUMN b varchar DEFAULT 'x'")
    assert not filenode(tables, "ALTER TABLE public.notes ALTER COLUMN b TYPE text")
    assert filenode(tables, "ALTER TABLE public.notes ADD COLUMN c float DEFAULT random()")
    assert filenode(tables, "ALTER TABLE public.notes ADD COLUMN d bigserial")
    assert filenode(tables, "ALTER TABLE public.notes ALTER COLUMN size TYPE bigint")


def test_set_not_null_reads_no_row_after_a_validated_check(tables: psycopg.Connection) -> None:
    """RC605: SET NOT NULL reads the rows unless a validated check proves that none is NULL."""
    ask(tables, "SET client_min_messages = debug1")
    said: list[str] = []
    tables.add_notice_handler(lambda notice: said.append(notice.message_primary or ""))
    ask(tables, "ALTER TABLE public.notes ALTER COLUMN size SET NOT NULL")
    assert any("sufficient to prove" in one for one in said), said
    said.clear()
    ask(tables, "UPDATE public.notes SET token = 'x'")
    ask(tables, "ALTER TABLE public.notes ALTER COLUMN token SET NOT NULL")
    assert not any("sufficient to prove" in one for one in said), said


def test_timeouts_are_without_end_by_default(tables: psycopg.Connection) -> None:
    """RC601: by default there is no timeout, and SET LOCAL does nothing outside of a transaction."""
    assert ask(tables, "SELECT boot_val FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout')") == [
        ("0",),
        ("0",),
    ]
    ask(tables, "SET LOCAL lock_timeout = '5s'")
    assert ask(tables, "SHOW lock_timeout") == [("0",)]
