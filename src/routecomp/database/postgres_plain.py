"""Connect to PostgreSQL for a few rows."""

from __future__ import annotations

from typing import Any

from routecomp.database.driver import Address, Plain


def _connect(address: Address, wait_s: int) -> Any:
    # lazy: an extra installs it
    import psycopg

    return psycopg.connect(address.where, connect_timeout=wait_s)


PLAIN = Plain(_connect, "format")
