"""Reach PostgreSQL: read its URLs, connect, lock, run, and say what its failures mean."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from routecomp.database.catalog import SERVER, Catalogue
from routecomp.database.conflict import assertion, missing_rows, no_parent, no_table, taken
from routecomp.database.driver import READ_WAIT_S, Address, Apart, Driver, Rows, Say
from routecomp.database.failure import AlreadyThereError, DatabaseError, scrubbed
from routecomp.database.postgres_address import (
    INSTALL,
    NOT_INSTALLED,
    read_environment,
    read_pairs,
    read_url,
    require_plain_connection,
)
from routecomp.database.postgres_apart import PostgresApart
from routecomp.database.postgres_locks import table_holders
from routecomp.database.postgres_parts import shown_words
from routecomp.database.postgres_plain import PLAIN
from routecomp.sql.ddl import TENANTS
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.dialects.postgres import LOCK, POSTGRES
from routecomp.sql.literals import literal
from routecomp.sql.read.statement import Name

if TYPE_CHECKING:
    import psycopg

OLDEST = 12
_CONNECT_S = 10
# Whatever a role's or a database's own settings are: how the catalogue words definitions, and that nobody hurries us.
_STEADY = (
    "statement_timeout = 0",
    "search_path = pg_catalog",
    "standard_conforming_strings = on",
    "quote_all_identifiers = off",
    "idle_in_transaction_session_timeout = 0",
)
_SINCE = ((17, "transaction_timeout = 0"),)
"""Settings that only servers from a major version on know."""
_READ_ONLY = "this server is read-only: connect to the primary"
_PRIMARY = (
    "name the primary's host; of several hosts, postgresql://a,b/routing?target_session_attrs=read-write chooses it"
)
_RETRY_S = 0.05
_KEY = re.compile(r"\((?P<columns>[^()]*)\)=\((?P<values>.*)\)", re.DOTALL)  # whatever language the server speaks
_QUOTED = re.compile(r'"([^"]+)"')
_HOLDER = f"""\
SELECT a.pid, a.usename, a.application_name, a.state, extract(epoch FROM clock_timestamp() - a.xact_start)::bigint
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid::bigint = {LOCK >> 32}
AND l.objid::bigint = {LOCK & 0xFFFFFFFF}
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"""

_FOREIGN = """\
SELECT array(SELECT attname::text FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = ANY (k.conkey)),
  n.nspname || '.' || c.relname,
  array(SELECT attname::text FROM pg_attribute WHERE attrelid = k.confrelid AND attnum = ANY (k.confkey))
FROM pg_constraint k JOIN pg_class c ON c.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.conrelid = to_regclass(%s) AND k.conname = %s"""
_MADE_KEY = re.compile(r"FOREIGN KEY \(tenant\) REFERENCES (?P<table>\S+) \(\s*(?P<column>[^)\s]+)\s*\)")
_CATALOGUE = """\
WITH ours AS (SELECT c.oid, c.relname, c.relrowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = '{schema}' AND c.relkind IN ('r', 'p') AND c.relname IN ({tables}))
SELECT ours.relname, 'table', ours.relname, 'table' || coalesce(' partitioned by ' || pg_get_partkeydef(ours.oid), '')
  || CASE WHEN ours.relrowsecurity THEN ' with row level security'
  ELSE '' END FROM ours
UNION ALL
SELECT ours.relname, 'partition', c.relname, 'DEFAULT'
FROM ours JOIN pg_inherits i ON i.inhparent = ours.oid JOIN pg_class c ON c.oid = i.inhrelid
WHERE pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT'
UNION ALL
SELECT ours.relname, 'column', a.attname, format_type(a.atttypid, a.atttypmod)
  || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
  || CASE a.attidentity WHEN 'a' THEN ' ALWAYS AS IDENTITY' WHEN 'd' THEN ' BY DEFAULT AS IDENTITY' ELSE '' END
  || coalesce(CASE WHEN a.attgenerated = 's' THEN ' GENERATED ' ELSE ' DEFAULT ' END
              || pg_get_expr(d.adbin, d.adrelid), '')
FROM ours JOIN pg_attribute a ON a.attrelid = ours.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
UNION ALL
SELECT ours.relname, 'constraint', k.conname, CASE WHEN EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgconstraint = k.oid
    AND t.tgisinternal AND t.tgenabled NOT IN ('O', 'A')) THEN 'disabled' ELSE pg_get_constraintdef(k.oid) END
FROM ours JOIN pg_constraint k ON k.conrelid = ours.oid AND k.contype IN ('c', 'p', 'u', 'f', 'x')
UNION ALL
SELECT ours.relname, 'index', i.relname, pg_get_indexdef(i.oid)
  || CASE WHEN x.indisvalid THEN '' ELSE ' (not valid)' END
FROM ours JOIN pg_index x ON x.indrelid = ours.oid JOIN pg_class i ON i.oid = x.indexrelid
WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT ours.relname, 'trigger', t.tgname, CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'disabled'
    ELSE pg_get_triggerdef(t.oid) || CASE WHEN t.tgenabled = 'A' THEN ' (always)' ELSE '' END END
FROM ours JOIN pg_trigger t ON t.tgrelid = ours.oid AND NOT t.tgisinternal
UNION ALL
SELECT ours.relname, 'rule', r.rulename, pg_get_ruledef(r.oid)
FROM ours JOIN pg_rewrite r ON r.ev_class = ours.oid AND r.rulename <> '_RETURN'
UNION ALL
SELECT c.relname, 'view', c.relname, pg_get_viewdef(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = '{schema}' AND c.relkind = 'v' AND c.relname IN ({tables})
UNION ALL
SELECT '', 'function', p.proname, pg_get_functiondef(p.oid)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = '{schema}' AND p.prokind = 'f' AND starts_with(p.proname, '{functions}') AND p.proname <> '{guard}'"""


def connect(address: Address, *, create: bool = False, writes: bool = True, empty: bool = False) -> Postgres:
    """Connect to a server; raise `DatabaseError` where it cannot be reached or is too old, or psycopg is not installed.

    It is refused as well where it does not store UTF-8. `create`, `writes` and `empty` do nothing here.
    """
    try:
        import psycopg  # lazy: an extra installs it
    except ImportError:  # also where it is there and finds no libpq
        raise DatabaseError(NOT_INSTALLED, INSTALL) from None
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
            f"{address.origin}{': ' * bool(address.origin)}this address cannot be read",
            "write postgresql://user@host:5432/database with special characters as %XX, or host=… dbname=… user=…, and "
            "only parameters that libpq knows",
        ) from None
    except (psycopg.Error, OSError, UnicodeError) as failure:
        require_plain_connection(address.where)
        words = shown_words(scrubbed(str(failure), (*address.secrets, os.environ.get("PGPASSWORD", ""))))
        raise DatabaseError(
            f"{address.shown} cannot be reached: {words}",
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
    """Raise `DatabaseError` for a version of the server (120003 is 12.3) below `OLDEST`."""
    if version < OLDEST * 10_000:
        raise DatabaseError(
            f"the server is PostgreSQL {version // 10_000}, which is too old: the schema has generated columns",
            f"use PostgreSQL {OLDEST} or newer",
        )


def _refuse_encoding(name: str | None) -> None:
    """Raise `DatabaseError` for a database whose encoding is neither UTF8 nor unknown (None).

    Another one cannot hold every text of the YAML: chr(n) and verify would mean something else.
    """
    if name not in (None, "UTF8"):
        raise DatabaseError(
            f"the database is encoded in {name}, which does not hold every text of the YAML",
            "use a database in UTF8: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0",
        )


class Postgres:
    """A connection to PostgreSQL, in autocommit: transactions begin and end where the runner says."""

    mark = "%s"
    user = "session_user"
    keeps_statements = False

    def __init__(self, address: Address, raw: psycopg.Connection) -> None:
        self.dialect: Dialect = address.dialect
        self.address = address
        self.raw = raw
        self._last = ""  # the statement of `run`
        self._made_key: re.Match[str] | None = None  # the last one to the company's own table of tenants
        self.clock = self.utc("clock_timestamp()")

    def run(self, statement: str, values: Sequence[Any] = ()) -> Rows:
        self._last = statement
        cursor = self.raw.execute(statement.encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    def step(self, statement: str) -> None:
        # In binary, so that libpq takes the protocol that refuses a second statement behind the first: a COMMIT there
        # would end the runner's transaction.
        own = f"{self.dialect.names.schema}.{self.dialect.names.of(TENANTS)}"
        foreign = (key for key in _MADE_KEY.finditer(statement) if key["table"].replace('"', "") != own)
        self._made_key = next(foreign, self._made_key)
        self.raw.execute(statement.encode(), binary=True)

    def begin(self, wait_s: float, say: Say) -> None:
        until = time.monotonic() + wait_s
        has_waited = False
        while True:
            # READ COMMITTED: what is read after the lock is what whoever held it has left behind.
            self._begin("READ COMMITTED READ WRITE")
            if self.run(f"SELECT pg_try_advisory_xact_lock({LOCK})")[0][0]:
                break
            if time.monotonic() >= until:
                self.rollback()
                raise DatabaseError(
                    f"after {wait_s:g} s the lock of migrations is still held by {self._holder()}",
                    "run it again when that has ended, or wait for longer: --lock-timeout SECONDS; a "
                    "session that hangs is ended by SELECT pg_terminate_backend(pid)",
                    "again",
                )
            if not has_waited:
                has_waited = True
                say(f"waiting up to {wait_s:g} s for the lock of migrations, which {self._holder()} holds")
            # It waits outside of a transaction: an index that is built CONCURRENTLY waits for every open one.
            self.rollback()
            time.sleep(min(_RETRY_S, max(0.0, until - time.monotonic())))
        self.run(f"SET LOCAL lock_timeout = {_milliseconds(wait_s)}")
        if self.has("model_promotions"):
            # INVARIANT: no promotion with a lower id than those the chain covers is committed later: whoever is
            # about to write one by hand has finished, or waits until this transaction ends.
            self.run(f"LOCK TABLE {self.dialect.table_name('model_promotions')} IN SHARE ROW EXCLUSIVE MODE")

    def insist(self, statement: str, wait_s: float) -> None:
        if "lock_timeout" in statement.lower():
            within = self.raw.info.transaction_status.name != "IDLE"
            self.run(f"SET {'LOCAL ' * within}lock_timeout = {_milliseconds(wait_s)}")

    @property
    def apart(self) -> Apart:
        return PostgresApart(self, self.raw, self._major)

    def _holder(self) -> str:
        """Name the session that holds the lock of migrations; `another session` where the server does not show it."""
        rows = self.run(_HOLDER)
        if not rows:
            return "another session"
        pid, user, application, state, seconds = rows[0]
        name = f", {application}" if application else ""
        since = f" for {seconds} s" if seconds is not None else ""
        return f"session {pid} of {user}{name} ({state or 'state unknown'}{since})"

    def begin_reading(self, wait_s: float = READ_WAIT_S) -> None:
        self._begin("REPEATABLE READ READ ONLY", f"lock_timeout = {_milliseconds(wait_s)}")

    def _begin(self, mode: str, *more: str) -> None:
        """Begin a transaction in which no setting of a role or a database counts that would hurry or confuse us."""
        settings = [*(setting for since, setting in _SINCE if self._major >= since), *_STEADY, *more]
        # One trip, and timeouts first in it: those of a role have hardly a moment to end it.
        self.run("; ".join([f"BEGIN ISOLATION LEVEL {mode}", *(f"SET LOCAL {setting}" for setting in settings)]))

    @property
    def _major(self) -> int:
        return self.raw.info.server_version // 10_000

    def rollback(self) -> None:
        import psycopg  # lazy: as above

        try:
            if not self.raw.closed:
                self.raw.rollback()
        except psycopg.Error:
            self.raw.close()  # the connection is gone, and its transaction with it

    def has(self, table: str) -> bool:
        name = self.dialect.table_name(table)
        query = f"regprocedure('{name}(text,boolean)')" if table == "routecomp_assert" else f"regclass('{name}')"
        return self.run(f"SELECT to_{query}")[0][0] is not None

    def find_table(self, table: Name, *, lock: bool) -> bool:
        present: bool = self.run(f"SELECT to_regclass({literal(table.quoted, POSTGRES)}) IS NOT NULL")[0][0]
        if present and lock:
            self.run(f"LOCK TABLE {table.quoted} IN ACCESS EXCLUSIVE MODE")
        return present

    def utc(self, column: str) -> str:
        return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

    def catalogue(self, tables: Collection[str]) -> Catalogue:
        self.run("SET LOCAL search_path = pg_catalog")  # definitions name what the path does not reach
        listed = ", ".join(literal(table, POSTGRES) for table in sorted(tables)) or "''"
        names = self.dialect.names
        rows = self.run(
            _CATALOGUE.format(
                tables=listed,
                schema=names.schema,
                functions=names.of("routecomp_"),
                guard=names.of("routecomp_migrations_kept"),
            )
        )
        major = self.run("SELECT current_setting('server_version_num')::int / 10000")[0][0]
        return {SERVER: str(major)} | {(table, kind, name): definition for table, kind, name, definition in rows}

    def in_words(self, failure: BaseException, doing: str, statement: str = "") -> DatabaseError | None:
        import psycopg  # lazy: as above

        if not isinstance(failure, psycopg.Error):
            return None
        state = failure.sqlstate or ""
        words = scrubbed(failure.diag.message_primary or str(failure), self.address.secrets)
        if self.raw.broken or self.raw.closed or state.startswith("08") or state in ("57P01", "57P02", "57P03"):
            unknown = statement == "COMMIT"
            return DatabaseError(
                f"the connection was lost {doing}: {words}",
                "whether it was committed is not known: see `routecomp migrate status`"
                if unknown
                else "the database undoes what was not committed; run it again",
                "again",
            )
        if state == "23514" and failure.diag.constraint_name == "routecomp_assert":
            return assertion(words)
        if state == "23505":
            match = _KEY.search(failure.diag.message_detail or "")
            columns = match["columns"].split(", ") if match is not None else []
            values = match["values"].split(", ") if match is not None else []
            self.rollback()
            return taken(
                failure.diag.table_name or "a row", dict(zip(columns, values, strict=False)), self.dialect, self.run
            )
        if state.startswith("23"):
            name = failure.diag.constraint_name or "a constraint"
            missing = self._no_parent(failure.diag, statement) if state == "23503" else None
            if missing is not None:
                return missing
            if state == "23503" and failure.diag.message_detail:  # which row of which table is missing, or still used
                words += ": " + scrubbed(failure.diag.message_detail, self.address.secrets)
            return DatabaseError(
                f"{name} refuses it {doing}: {words}", "see `routecomp migrate verify` for what differs", "refused"
            )
        if state == "2BP01":
            detail = scrubbed(failure.diag.message_detail or "", self.address.secrets)
            return DatabaseError(
                f"what no migration made stands on what it drops {doing}: {detail or words}",
                "nothing was changed; drop that first, and create it again afterwards without what goes",
                "refused",
            )
        if state == "25006" or (state == "0A000" and self._is_standby()):
            return DatabaseError(_READ_ONLY, f"{words}; {_PRIMARY}", "again")
        if state == "42501":
            return DatabaseError(
                f"the server forbids it {doing}: {words}",
                f"connect as the role that owns the tables (and may create some in schema {self.dialect.names.schema})",
            )
        if state in ("3F000", "42P01") and doing != "at work":
            return no_table(words, doing)
        if state in ("42804", "42830") and failure.diag.context is None and "REFERENCES" in statement:
            return DatabaseError(
                f"a foreign key to a table of the company's own cannot be made {doing}: {words}",
                "the column that the setting `tenants_table` names holds text and is a primary key or UNIQUE",
                "refused",
            )
        if state in ("42P07", "42701", "42710", "42723"):  # a table or index; a column; a constraint; a function
            return AlreadyThereError(words)
        if state in ("42703", "42809") and doing == "at work":
            return DatabaseError(
                f"a table has the name of one of this project's, and is another: {words}",
                "use a database where the names of the migrations are free",
                "refused",
            )
        if state in ("55P03", "57014", "40001", "40P01", "53300"):
            waiting = statement or self._last
            self.rollback()
            words += table_holders(self.run, waiting) if state == "55P03" else ""
            return DatabaseError(
                f"the database did not let it through {doing}: {words}", "nothing was changed; run it again", "again"
            )
        return DatabaseError(f"the database refuses it {doing}: {words} (SQLSTATE {state or 'unknown'})", "", "refused")

    def _is_standby(self) -> bool:
        """Return whether the server is in recovery; the transaction is rolled back."""
        self.rollback()
        return bool(self.run("SELECT pg_is_in_recovery()")[0][0])

    def _no_parent(self, diag: psycopg.errors.Diagnostic, statement: str) -> DatabaseError | None:
        """Make the error of a row whose tenant the company's own table has not; None for another foreign key."""
        names = self.dialect.names
        if diag.table_name != names.of(TENANTS) or diag.schema_name != names.schema:
            return None
        self.rollback()
        foreign = self.run(_FOREIGN, (f"{names.schema}.{names.of(TENANTS)}", diag.constraint_name))
        match = _KEY.search(diag.message_detail or "")
        if foreign and foreign[0][0] == ["tenant"]:
            (column,), parent, (parent_column,) = foreign[0]
            known = [match["values"]] if match is not None and match["columns"] == column else []
            return no_parent(diag.table_name, column, parent, parent_column, statement, self.run, known)
        if foreign or match is None or match["columns"] != "tenant":
            return None
        # The baseline made the key, and it went with the transaction: its own words name the table and the column.
        if self._made_key is not None:
            table, key = (self._made_key[part].replace('"', "") for part in ("table", "column"))
            return no_parent(diag.table_name, "tenant", table, key, statement, self.run, [match["values"]])
        parent = (_QUOTED.findall(diag.message_detail or "") or ["a table of the company's own"])[-1]
        return missing_rows(diag.table_name, "tenant", [match["values"]], parent)

    def close(self) -> None:
        self.raw.close()


def _milliseconds(wait_s: float) -> int:
    """Return a time to wait for a lock as the server takes it, for which 0 means for ever."""
    return min(max(1, round(wait_s * 1000)), 2**31 - 1)


DRIVER = Driver(
    POSTGRES,
    ("postgresql", "postgres"),
    ("postgresql://user@host:5432/database",),
    read=read_url,
    connect=connect,
    read_plain=read_pairs,
    read_environment=read_environment,
    plain=PLAIN,
)
