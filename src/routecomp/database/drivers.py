"""List the drivers, one for each dialect."""

from __future__ import annotations

from routecomp.database import postgres, sqlite
from routecomp.database.driver import Driver
from routecomp.sql.dialects.dialect import Dialect

DRIVERS: tuple[Driver, ...] = (sqlite.DRIVER, postgres.DRIVER)


def driver_of(dialect: Dialect) -> Driver:
    """Return the driver of a dialect; raise `StopIteration` for a dialect without one."""
    return next(driver for driver in DRIVERS if driver.dialect.name == dialect.name)
