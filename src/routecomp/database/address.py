"""Read the address of a database."""

from __future__ import annotations

import re
from collections.abc import Mapping

from routecomp.database.driver import Address
from routecomp.database.drivers import DRIVERS
from routecomp.database.failure import DatabaseError
from routecomp.sql.dialects.registry import NOT_SUPPORTED, dialects

_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]{0,40}):(?P<rest>.*)", re.ASCII | re.IGNORECASE | re.DOTALL)
_OTHERS = {"mariadb": "mariadb", "mysql": "mysql", "mssql": "mssql", "sqlserver": "mssql", "oracle": "oracle"}


def address(text: str) -> Address:
    """Parse a URL, a file's path, or what clients of a database take in place of one.

    Raises `DatabaseError` where it is none, or its database has no driver. No message shows the text.
    """
    text = text.strip()
    if any(ord(letter) < 32 for letter in text):
        raise DatabaseError("this is no address of a database: it holds a line end or the like", _examples())
    plain = next((known for driver in DRIVERS if (known := driver.read_plain(text)) is not None), None)
    if plain is not None:
        return plain
    match = _URL.fullmatch(text)
    if match is None:
        # The text itself is not shown: it may well be a password.
        raise DatabaseError("this is no address of a database", _examples())
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


def from_environment(variables: Mapping[str, str]) -> Address | None:
    """Return the address in the variables that clients of a database know; None where they name none."""
    return next((known for driver in DRIVERS if (known := driver.read_environment(variables)) is not None), None)


def _examples() -> str:
    *first, last = (example for driver in DRIVERS for example in driver.examples)
    return f"write {', '.join(first)} or {last}"
