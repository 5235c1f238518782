"""List the drivers, one for each dialect."""

from __future__ import annotations

from routecomp.database import postgres, sqlite
from routecomp.database.driver import Driver
from routecomp.database.failure import DatabaseError
from routecomp.sql.dialects.dialect import Dialect

DRIVERS: tuple[Driver, ...] = (sqlite.DRIVER, postgres.DRIVER)


def driver_of(dialect: Dialect) -> Driver:
    """Return the driver of a dialect; raise `DatabaseError` for a dialect without one."""
    driver = next((driver for driver in DRIVERS if driver.dialect.name == dialect.name), None)
    if driver is None:
        raise DatabaseError(
            f"routecomp does not connect to {dialect.title}",
            "run its migrations with that database's own client, in the order of their names",
        )
    return driver
