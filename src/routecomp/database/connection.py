"""What the runner asks of a database, the same for both dialects, and the way to one: `opened`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from routecomp.database.address import Address
from routecomp.database.failure import DatabaseError
from routecomp.sql.schema import Dialect

Rows = list[tuple[Any, ...]]
Say = Callable[[str], None]


class Database(Protocol):
    """One connection. `run` raises what the driver raises, and `in_words` makes a `DatabaseError` of it; while a
    statement that failed is still inside of its transaction."""

    dialect: Dialect
    mark: str
    address: Address

    def run(self, statement: str, values: Sequence[Any] = ()) -> Rows:
        """Run one statement, with values where its marks stand; the rows it gives."""

    def step(self, statement: str) -> None:
        """Run one statement of a file; it fails where there are two."""

    def begin(self, wait_s: float, say: Say) -> None:
        """Begin a transaction that holds the lock of migrations; `say` is told when that means to wait."""

    def begin_reading(self) -> None:
        """Begin a transaction that sees one moment of the database and cannot write."""

    def rollback(self) -> None:
        """Undo the transaction; nothing happens where there is none, or no connection any more."""

    def has(self, table: str) -> bool:
        """Whether there is such a table of ours (`routecomp_assert` stands for the schema as a whole)."""

    def in_words(self, failure: BaseException, doing: str, statement: str = "") -> DatabaseError | None:
        """A failure of the driver in words; None where it is none of the driver's."""

    def close(self) -> None:
        """Close the connection."""


@contextmanager
def opened(address: Address, *, create: bool = False, writes: bool = True, empty: bool = False) -> Iterator[Database]:
    """A connection, and every failure on it as `DatabaseError`.

    Of a SQLite file that is not there: `create` makes it, `empty` takes it for an empty one.
    """
    database: Database
    if address.dialect == "postgres":
        from routecomp.database.postgres import connect

        database = connect(address)
    else:
        from routecomp.database.sqlite import open_file

        database = open_file(address, create=create, writes=writes, empty=empty)
    try:
        yield database
    except BaseException as failure:
        said = database.in_words(failure, "at work")
        database.rollback()
        if said is None:
            raise
        raise said from None
    finally:
        database.close()


@contextmanager
def reading(database: Database) -> Iterator[None]:
    """A transaction that only reads."""
    database.begin_reading()
    try:
        yield
    finally:
        database.rollback()
