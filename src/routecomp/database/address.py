"""Read the URL of a database."""

from __future__ import annotations

import re

from routecomp.database.driver import Address
from routecomp.database.drivers import DRIVERS
from routecomp.database.failure import DatabaseError
from routecomp.sql.dialects.registry import NOT_SUPPORTED, dialects

_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]{0,40}):(?P<rest>.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_OTHERS = {"mariadb": "mariadb", "mysql": "mysql", "mssql": "mssql", "sqlserver": "mssql", "oracle": "oracle"}


def address(url: str) -> Address:
    """Parse a URL; raise `DatabaseError` where it is none, or its database has no driver. No message shows the URL."""
    match = _URL.fullmatch(url.strip())
    if match is None or any(ord(letter) < 32 for letter in url):
        # The text itself is not shown: it may well be a password.
        raise DatabaseError("this is no URL of a database", _examples())
    family = match["scheme"].lower().partition("+")[0]
    driver = next((driver for driver in DRIVERS if family in driver.schemes), None)
    if driver is not None:
        try:
            return driver.read(match["rest"])
        except DatabaseError as failure:
            raise DatabaseError(failure.message, failure.help or _examples()) from None
    titles = [driver.dialect.title for driver in sorted(DRIVERS, key=lambda driver: dialects().index(driver.dialect))]
    why = NOT_SUPPORTED.get(_OTHERS.get(family, ""))
    if why is not None:
        raise DatabaseError(f"{family} is not supported, because {why}", f"use {' or '.join(titles)}")
    raise DatabaseError(
        f"{family} is not supported, because there are migrations for {' and '.join(titles)} alone", _examples()
    )


def _examples() -> str:
    *first, last = (example for driver in DRIVERS for example in driver.examples)
    return f"write {', '.join(first)} or {last}"
