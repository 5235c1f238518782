"""Provide databases for the tests of this folder: an empty one for each test that asks for it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.database.server import NoServerError, server

if TYPE_CHECKING:
    import psycopg

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield a PostgreSQL for the whole run, or skip the tests with a reason that is shown."""
    try:
        with server() as where:
            yield where
    except NoServerError as failure:
        warnings.filterwarnings("default", category=UserWarning, message="NOT TESTED")
        warnings.warn(f"NOT TESTED on PostgreSQL: {failure}", UserWarning, stacklevel=1)
        pytest.skip(f"NOT TESTED: no PostgreSQL can be started here ({failure})")


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[psycopg.Connection]:
    """Yield a connection to an empty database, in autocommit: migrations bring their own transactions."""
    import psycopg

    name = f"t{next(_numbers)}"
    with psycopg.connect(f"{postgres_server} dbname=postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
    with psycopg.connect(f"{postgres_server} dbname={name}", autocommit=True) as connection:
        yield connection


@pytest.fixture
def one_postgres(postgres: psycopg.Connection) -> psycopg.Connection:
    """Return a database with the schema and no row, for histories that are undone one after another."""
    from routecomp.sql.dialects.names import dialect_names
    from routecomp.sql.migrations import migration_files
    from routecomp.sql.state import DatabaseState
    from tests.database.databases import migrations, run

    run(
        postgres,
        migrations(migration_files({}, DatabaseState.empty(), dialect_names()), "postgres")[0].up,
    )
    return postgres
