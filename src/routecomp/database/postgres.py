"""PostgreSQL for the runner: connect, lock, run, and what its failures mean."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from routecomp.database.address import Address
from routecomp.database.conflict import assertion, taken
from routecomp.database.connection import Rows, Say
from routecomp.database.failure import DatabaseError, scrubbed
from routecomp.sql.ddl import LOCK
from routecomp.sql.literals import literal
from routecomp.sql.schema import Dialect

if TYPE_CHECKING:
    import psycopg

INSTALL = "pip install 'routecomp[postgres]'"
OLDEST = 12
_CONNECT_S = 10
# Whatever a role's or a database's own settings are: how the catalogue words definitions, and that nobody hurries us.
_STEADY = (
    "search_path = pg_catalog",
    "standard_conforming_strings = on",
    "quote_all_identifiers = off",
    "statement_timeout = 0",
    "idle_in_transaction_session_timeout = 0",
)
_READ_LOCK = "lock_timeout = '10s'"
_KEY = re.compile(r"\((?P<columns>[^()]*)\)=\((?P<values>.*)\)", re.DOTALL)  # whatever language the server speaks
_HOLDER = f"""\
SELECT a.pid, a.usename, a.application_name, a.state, extract(epoch FROM clock_timestamp() - a.xact_start)::bigint
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid::bigint = {LOCK >> 32}
AND l.objid::bigint = {LOCK & 0xFFFFFFFF}
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


def connect(address: Address) -> Postgres:
    """Connect to a server; `DatabaseError` where there is no driver, no such server, or one that is too old."""
    try:
        import psycopg
    except ImportError:  # also where it is there and finds no libpq
        raise DatabaseError("PostgreSQL is reached with psycopg, which is not installed", INSTALL) from None
    more: dict[str, Any] = {}
    if "connect_timeout" not in address.where and "PGCONNECT_TIMEOUT" not in os.environ:
        more["connect_timeout"] = _CONNECT_S
    try:
        raw = psycopg.connect(
            address.where,
            autocommit=True,
            prepare_threshold=None,
            client_encoding="utf8",
            fallback_application_name="routecomp",
            **more,
        )
    except psycopg.ProgrammingError:
        # Its words quote the part of the URL it stumbles over, which may be the password.
        raise DatabaseError(
            "this URL cannot be read",
            "write postgresql://user@host:5432/database, special "
            "characters as %XX, and only parameters that libpq knows",
        ) from None
    except (psycopg.Error, OSError, UnicodeError) as failure:
        said = scrubbed(str(failure), address.secrets)
        raise DatabaseError(
            f"{address.shown} cannot be reached: {said}",
            "see that the server runs and lets you in; a password may stand in PGPASSWORD or ~/.pgpass",
            "again",
        ) from None
    try:
        refuse_old(raw.info.server_version)
        _refuse_encoding(raw.info.parameter_status("server_encoding"))
    except DatabaseError:
        raw.close()
        raise
    return Postgres(address, raw)


def refuse_old(version: int) -> None:
    """Refuse a server (120003 is 12.3) that does not know what the migrations use."""
    if version < OLDEST * 10_000:
        raise DatabaseError(
            f"the server is PostgreSQL {version // 10_000}, which is too old: the schema has generated columns",
            f"use PostgreSQL {OLDEST} or newer",
        )


def _refuse_encoding(name: str | None) -> None:
    """Refuse a database that cannot hold every text of the YAML: chr(n) and verify would mean something else."""
    if name not in (None, "UTF8"):
        raise DatabaseError(
            f"the database is encoded in {name}, which does not hold every text of the YAML",
            "use a database in UTF8: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0",
        )


class Postgres:
    """A connection to PostgreSQL, in autocommit: transactions begin and end where the runner says."""

    dialect: Dialect = "postgres"
    mark = "%s"

    def __init__(self, address: Address, raw: psycopg.Connection) -> None:
        self.address = address
        self.raw = raw

    def run(self, statement: str, values: Sequence[Any] = ()) -> Rows:
        cursor = self.raw.execute(statement.encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    def step(self, statement: str) -> None:
        # In binary, so that libpq takes the protocol that refuses a second statement behind the first: a COMMIT there
        # would end the runner's transaction.
        self.raw.execute(statement.encode(), binary=True)

    def begin(self, wait_s: float, say: Say) -> None:
        until = time.monotonic() + wait_s
        # READ COMMITTED: what is read after the lock is what whoever held it has left behind.
        self.run("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        self._steady(*_STEADY)
        if not self.run(f"SELECT pg_try_advisory_xact_lock({LOCK})")[0][0]:
            holder = self._holder()
            say(f"waiting up to {wait_s:g} s for the lock of migrations, which {holder} holds")
            self.run(f"SET LOCAL lock_timeout = {max(1, round((until - time.monotonic()) * 1000))}")
            try:
                self.run(f"SELECT pg_advisory_xact_lock({LOCK})")
            except Exception as failure:
                if getattr(failure, "sqlstate", None) != "55P03":
                    raise
                self.rollback()
                raise DatabaseError(
                    f"after {wait_s:g} s the lock of migrations is still held by {self._holder()}",
                    "run it again when that has ended, or wait for longer: --lock-timeout SECONDS; a "
                    "session that hangs is ended by SELECT pg_terminate_backend(pid)",
                    "again",
                ) from None
        self.run(f"SET LOCAL lock_timeout = {max(1, round(wait_s * 1000))}")
        if self.has("model_promotions"):
            # INVARIANT: no promotion with a lower id than those the chain covers is committed later: whoever is
            # about to write one by hand has finished, or waits until this transaction ends.
            self.run("LOCK TABLE public.model_promotions IN SHARE ROW EXCLUSIVE MODE")

    def _holder(self) -> str:
        rows = self.run(_HOLDER)
        if not rows:
            return "another session"
        pid, user, application, state, seconds = rows[0]
        name = f", {application}" if application else ""
        since = f" for {seconds} s" if seconds is not None else ""
        return f"session {pid} of {user}{name} ({state or 'state unknown'}{since})"

    def begin_reading(self) -> None:
        self.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self._steady(*_STEADY, _READ_LOCK)

    def _steady(self, *settings: str) -> None:
        self.run("; ".join(f"SET LOCAL {one}" for one in settings))  # one trip

    def rollback(self) -> None:
        import psycopg

        try:
            if not self.raw.closed:
                self.raw.rollback()
        except psycopg.Error:
            self.raw.close()  # the connection is gone, and its transaction with it

    def has(self, table: str) -> bool:
        if table == "routecomp_assert":
            return self.run("SELECT to_regprocedure('public.routecomp_assert(text,boolean)')")[0][0] is not None
        return self.run(f"SELECT to_regclass({literal('public.' + table, 'postgres')})")[0][0] is not None

    def in_words(self, failure: BaseException, doing: str, statement: str = "") -> DatabaseError | None:
        import psycopg

        if not isinstance(failure, psycopg.Error):
            return None
        state = failure.sqlstate or ""
        said = scrubbed(failure.diag.message_primary or str(failure), self.address.secrets)
        if self.raw.broken or self.raw.closed or state.startswith("08") or state in ("57P01", "57P02", "57P03"):
            unknown = statement == "COMMIT"
            return DatabaseError(
                f"the connection was lost {doing}: {said}",
                "whether it was committed is not known: see `routecomp migrate status`"
                if unknown
                else "the database undoes what was not committed; run it again",
                "again",
            )
        if state == "23514" and failure.diag.constraint_name == "routecomp_assert":
            return assertion(said)
        if state == "23505":
            found = _KEY.search(failure.diag.message_detail or "")
            columns = found["columns"].split(", ") if found is not None else []
            values = found["values"].split(", ") if found is not None else []
            self.rollback()
            return taken(
                failure.diag.table_name or "a row", dict(zip(columns, values, strict=False)), "postgres", self.run
            )
        if state.startswith("23"):
            name = failure.diag.constraint_name or "a constraint"
            if state == "23503" and failure.diag.message_detail:  # which row of which table is missing, or still used
                said += ": " + scrubbed(failure.diag.message_detail, self.address.secrets)
            return DatabaseError(
                f"{name} refuses it {doing}: {said}", "see `routecomp migrate verify` for what differs", "refused"
            )
        if state == "25006":
            return DatabaseError(f"the database is read-only: {said}", "is this a standby? give the URL of the primary")
        if state == "42501":
            return DatabaseError(
                f"the server forbids it {doing}: {said}",
                "connect as the role that owns the tables (and may create some in schema public)",
            )
        if state == "42P07":
            return DatabaseError(
                f"{said}: it is not one of this project's", "use a database where that name is free", "refused"
            )
        if state in ("42703", "42809") and doing == "at work":
            return DatabaseError(
                f"a table has the name of one of this project's, and is another: {said}",
                "use a database where the names of the migrations are free",
                "refused",
            )
        if state in ("55P03", "57014", "40001", "40P01", "53300"):
            return DatabaseError(
                f"the database did not let it through {doing}: {said}", "nothing was changed; run it again", "again"
            )
        return DatabaseError(f"the database refuses it {doing}: {said} (SQLSTATE {state or 'unknown'})", "", "refused")

    def close(self) -> None:
        self.raw.close()
