"""Open a connection to a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from routecomp.database.driver import Address, Database
from routecomp.database.drivers import driver_of


@contextmanager
def open_database(
    address: Address, *, create: bool = False, writes: bool = True, empty: bool = False
) -> Iterator[Database]:
    """Open a connection, and raise every failure on it as `DatabaseError`.

    Of a database's file that is not there: `create` makes it, `empty` takes it for an empty one.
    """
    database = driver_of(address.dialect).connect(address, create=create, writes=writes, empty=empty)
    try:
        yield database
    except BaseException as failure:
        worded = database.in_words(failure, "at work")
        database.rollback()
        if worded is None:
            raise
        raise worded from None
    finally:
        database.close()


@contextmanager
def read_only(database: Database) -> Iterator[None]:
    """Run the block in a transaction that only reads."""
    database.begin_reading()
    try:
        yield
    finally:
        database.rollback()
