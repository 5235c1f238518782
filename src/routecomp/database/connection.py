"""Open a connection to a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from routecomp.database.driver import READ_WAIT_S, Address, Database
from routecomp.database.drivers import driver_of


@contextmanager
def open_database(
    address: Address, *, create: bool = False, writes: bool = True, empty: bool = False
) -> Iterator[Database]:
    """Open a connection, close it after the block, and raise failures of its driver as `DatabaseError`.

    Any failure within the block rolls the transaction back; those that are none of the driver's pass unchanged. Where
    the database's file is missing, `create` makes it, and `empty` gives an empty database in its place.
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
def read_only(database: Database, wait_s: float | None = None) -> Iterator[None]:
    """Run the block in a transaction of `begin_reading`, which is rolled back in any case.

    `wait_s` are the seconds that a statement waits for others, None for the default.
    """
    database.begin_reading(READ_WAIT_S if wait_s is None else wait_s)
    try:
        yield
    finally:
        database.rollback()
