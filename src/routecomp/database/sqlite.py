"""Reach SQLite: read its URLs, open a file, lock it, run, and say what its failures mean."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import time
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import quote, unquote

from routecomp.database.catalog import Catalogue, folded
from routecomp.database.conflict import assertion, key_query, no_parent, no_table, taken
from routecomp.database.driver import READ_WAIT_S, Address, Driver, Plain, Rows, Say
from routecomp.database.failure import AlreadyThereError, DatabaseError
from routecomp.sql.ddl import TENANTS
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.dialects.sqlite import NOW, SQLITE, message_query
from routecomp.sql.literals import literal, quoted_name
from routecomp.sql.read.objects import read_objects
from routecomp.sql.read.statement import Name

OLDEST = (3, 31, 0)
_FIRST_MS = 100
_THERE = re.compile(
    r"(table|view|index|trigger) \S+ already exists|there is already an? \w+ named \S+|duplicate column name: \S+"
)
_ENDINGS = (".db", ".db3", ".sqlite", ".sqlite3")
_PAIR = re.compile(r"[;&,]\s*\w[\w ]*=")  # a text of keys and values, which may hold a password
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # a drive's letter is none
_FOREIGN = "FOREIGN KEY constraint failed"
_NO_TABLE = "no such table: "
_UNIQUE = "UNIQUE constraint failed: "


def read_url(rest: str) -> Address:
    """Parse what stands behind `sqlite:`; raise `DatabaseError` where it names no file."""
    path = unquote(rest.removeprefix("///"))
    if not rest.startswith("///") or not path:
        raise DatabaseError(
            "this URL names no file: sqlite has three slashes, then the path",
            "write sqlite:///routing.db for a file in this folder, sqlite:////srv/routing.db for another",
        )
    if path == ":memory:" or "?" in rest or "\0" in path or _PAIR.search(path):
        raise DatabaseError(
            "this URL names no file that stays", "name a file on a disk; a `?` in its name is written %3F"
        )
    return Address(SQLITE, path, f"sqlite:///{path}", is_file=True)


def read_path(text: str) -> Address | None:
    """Return the address of a file that is called as databases are, or is there; None for any other text."""
    named = text.lower().endswith(_ENDINGS) or os.path.isfile(text)
    other = (
        "@" in text
        or _SCHEME.match(text) is not None
        or (_PAIR.search(f";{text}") is not None and not os.path.isfile(text))
    )
    return Address(SQLITE, text, f"sqlite:///{text}", is_file=True) if named and not other else None


def open_file(address: Address, *, create: bool, writes: bool, empty: bool = False) -> Sqlite:
    """Open a file; raise `DatabaseError` where it is no database, cannot be opened, or SQLite itself is too old.

    Where there is none: `create` makes it, `empty` gives an empty database in memory, which can be written; else it is
    an error. Without `writes` the file is opened to read. A file that another process has locked is opened all the
    same.
    """
    if sqlite3.sqlite_version_info < OLDEST:
        raise DatabaseError(
            f"this Python has SQLite {sqlite3.sqlite_version}, which is too old: the schema has generated columns",
            f"use SQLite {'.'.join(map(str, OLDEST))} or newer",
        )
    path = address.where
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        if empty:
            return Sqlite(address, sqlite3.connect(":memory:", isolation_level=None))
        if not create:
            raise DatabaseError(f"there is no file {path}", "`routecomp migrate up` makes it") from None
        if not os.path.isdir(os.path.dirname(path) or "."):
            raise DatabaseError(f"there is no folder for {path}", "make the folder first") from None
    except OSError as failure:
        raise DatabaseError(f"{path}: {(failure.strerror or str(failure)).lower()}") from None
    else:
        if not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "no regular file"
            raise DatabaseError(f"{path} is {kind}, not a database", "name the file itself")
    how = "ro" if not writes else "rwc" if create else "rw"
    try:
        raw = sqlite3.connect(f"file:{quote(path)}?mode={how}", uri=True, isolation_level=None, timeout=0)
    except sqlite3.Error as failure:
        raise _words(failure, path, "when it was opened") from None
    database = Sqlite(address, raw)
    try:
        database.run("PRAGMA foreign_keys = ON")
        database.run("SELECT count(*) FROM sqlite_master")  # reads the file's head
    except sqlite3.Error as failure:
        if not _is_busy(failure):
            raw.close()
            raise _words(failure, path, "when it was opened") from None
    return database


class Sqlite:
    """A connection to a SQLite file, in autocommit: transactions begin and end where the runner says."""

    mark = "?"
    clock = NOW
    user = "'unknown'"
    keeps_statements = True

    def __init__(self, address: Address, raw: sqlite3.Connection) -> None:
        self.dialect: Dialect = address.dialect
        self.address = address
        self.raw = raw

    def run(self, statement: str, values: Sequence[Any] = ()) -> Rows:
        return self.raw.execute(statement, values).fetchall()

    def step(self, statement: str) -> None:
        self.raw.execute(statement)

    def begin(self, wait_s: float, say: Say) -> None:
        until = time.monotonic() + wait_s
        self._wait(min(_FIRST_MS, round(wait_s * 1000)))
        try:
            self.run("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as failure:
            if not _is_busy(failure):
                raise
            say(f"waiting up to {wait_s:g} s for {self.address.where}, which another process is writing")
            self._wait(max(1, round((until - time.monotonic()) * 1000)))
            try:
                self.run("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as again:
                if not _is_busy(again):
                    raise
                raise DatabaseError(
                    f"after {wait_s:g} s another process is still writing {self.address.where}",
                    "run it again when that has ended (`fuser` names it), or wait for longer: --lock-timeout SECONDS",
                    "again",
                ) from None
        self._wait(max(1, round(wait_s * 1000)))  # for readers, which COMMIT waits for

    def _wait(self, ms: int) -> None:
        """Set how many milliseconds statements wait for another process from now on."""
        self.run(f"PRAGMA busy_timeout = {ms}")

    def insist(self, statement: str, wait_s: float) -> None:
        if "busy_timeout" in statement.lower():
            self._wait(max(1, round(wait_s * 1000)))

    @property
    def apart(self) -> None:
        return None

    def begin_reading(self, wait_s: float = READ_WAIT_S) -> None:
        self._wait(max(1, round(wait_s * 1000)))
        self.run("BEGIN")

    def rollback(self) -> None:
        if self.raw.in_transaction:
            self.raw.execute("ROLLBACK")

    def has(self, table: str) -> bool:
        name = literal(self.dialect.names.of(table), SQLITE)
        return bool(self.run(f"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = {name}"))

    def find_table(self, table: Name, *, lock: bool) -> bool:
        return bool(self.run(f"PRAGMA table_info({quoted_name(table.name)})"))

    def utc(self, column: str) -> str:
        return column

    def catalogue(self, tables: Collection[str]) -> Catalogue:
        known = {folded(table) for table in tables}
        rows = self.run("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return read_objects((statement for table, statement in rows if folded(table) in known), SQLITE)

    def in_words(self, failure: BaseException, doing: str, statement: str = "") -> DatabaseError | None:
        if not isinstance(failure, sqlite3.Error | sqlite3.Warning):
            return None
        if isinstance(failure, sqlite3.IntegrityError):
            words = str(failure)
            query = message_query(statement)
            if query is not None:
                rows = self.run(query)
                return assertion(str(rows[0][0]) if rows else words)
            if words.startswith(_UNIQUE):
                names = [name.rpartition(".") for name in words.removeprefix(_UNIQUE).split(", ")]
                table = names[0][0] or "a row"
                key = self._key(statement, table, [column for _, _, column in names])
                return taken(table, key, self.dialect, self.run)
            missing = self._no_parent(statement) if words == _FOREIGN else None
            if missing is not None:
                return missing
            return DatabaseError(
                f"a constraint refuses it {doing}: {words}",
                "see `routecomp migrate verify` for what differs",
                "refused",
            )
        return _words(failure, self.address.where, doing)

    def _no_parent(self, statement: str) -> DatabaseError | None:
        """Make the error of an INSERT of a tenant that the company's own table has not; None for another statement.

        SQLite itself does not say which foreign key it is.
        """
        table = self.dialect.names.of(TENANTS)
        if not statement.startswith(f"INSERT INTO {table} "):
            return None
        for _, _, parent, column, parent_column, *_ in self.run(f"PRAGMA foreign_key_list({table})"):
            if column == "tenant":
                return no_parent(table, column, parent, parent_column or "rowid", statement, self.run)
        return None

    def _key(self, statement: str, table: str, columns: list[str]) -> dict[str, object]:
        """Return the key of the row that a failed INSERT or UPDATE meets, by column; empty where that cannot be told.

        It asks the database, since SQLite itself does not say.
        """
        names = ", ".join(columns)
        same = " AND ".join(f"there.{column} = new.{column}" for column in columns)
        query = key_query(statement, columns, f"EXISTS (SELECT 1 FROM {table} there WHERE {same}) LIMIT 1")
        if query is None and statement.startswith(f"UPDATE {table} SET ") and "\nWHERE " in statement:
            query = f"SELECT {names} FROM {table} WHERE {statement.partition(chr(10) + 'WHERE ')[2]} LIMIT 1"
        if query is None:
            return {}
        row = next(iter(self.run(query)), None)
        return {} if row is None else dict(zip(columns, row, strict=True))

    def close(self) -> None:
        self.raw.close()


def _is_busy(failure: sqlite3.Error) -> bool:
    return getattr(failure, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _words(failure: sqlite3.Error | sqlite3.Warning, path: str, doing: str) -> DatabaseError:
    """Make the `DatabaseError` of a failure of SQLite by its code, and by its text where codes do not tell."""
    code = getattr(failure, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DatabaseError(
            f"{path} is in use by another process {doing}", "nothing was changed; run it again", "again"
        )
    if code == sqlite3.SQLITE_NOTADB:
        return DatabaseError(f"{path} is not a SQLite database", "name the file that holds the database")
    if code == sqlite3.SQLITE_READONLY:
        return DatabaseError(
            f"{path} cannot be written: the file, or the folder it lies in, is read-only",
            "run it as the user that owns them",
        )
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return DatabaseError(f"{path} cannot be opened", "see that you may read and write the file and its folder")
    if code == sqlite3.SQLITE_FULL:
        return DatabaseError(f"the disk is full {doing}", "nothing was changed; make room and run it again", "again")
    if code == sqlite3.SQLITE_CORRUPT:
        return DatabaseError(f"{path} is damaged: {failure}", "restore it from a copy")
    if str(failure).startswith("no such column: ") and doing == "at work":
        return DatabaseError(
            f"a table has the name of one of this project's, and is another: {failure}",
            "use a database where the names of the migrations are free",
            "refused",
        )
    if str(failure).startswith(_NO_TABLE):
        return no_table(str(failure), doing)
    if _THERE.fullmatch(str(failure)):
        return AlreadyThereError(str(failure))
    return DatabaseError(f"SQLite refuses it {doing}: {failure}", "", "refused")


DRIVER = Driver(
    SQLITE,
    ("sqlite", "sqlite3"),
    ("sqlite:///routing.db", "sqlite:////srv/routing.db"),
    read=read_url,
    connect=open_file,
    read_plain=read_path,
    plain=Plain(lambda address, wait_s: sqlite3.connect(address.where, timeout=wait_s), "qmark"),
)
