"""Test that PostgreSQL, from 13 to 18, reads its own words for our schema back as what was written.

A dump is restored from these words, so `verify` must find nothing to say about a database that was restored.
"""

from __future__ import annotations

import json
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.migrations import migration_files
from routecomp.sql.names import Names
from tests.cli.transcripts import in_process
from tests.database.majors import PACKAGES, WHEELS, binaries, clients
from tests.database.migrating import Migrations
from tests.database.server import NoServerError, server
from tests.database.wanted import every_change, with_new_columns

RELEASED = Path(__file__).parents[2] / "generated" / "migrations"
"""The living example's: its first migration was released when checks were written as BETWEEN."""
_numbers = count(1)
# What newer clients set that an older server does not know.
_UNKNOWN = "unrecognized configuration parameter"
_DEFINITIONS = """\
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(k.oid) FROM pg_constraint k
JOIN pg_namespace n ON n.oid = connamespace
WHERE nspname IN ('public', 'routing') AND contype IN ('c', 'f', 'p', 'u') AND conislocal AND conparentid = 0
ORDER BY contype <> 'f', contype = 'p', 1, 2"""


@dataclass(frozen=True)
class Server:
    """A running server of one major version."""

    major: int
    where: str

    @property
    def host(self) -> str:
        """The folder of its socket."""
        return self.where.partition("host=")[2].partition(" ")[0]

    def make(self) -> str:
        """Make an empty database; return its name."""
        name = f"r{next(_numbers)}"
        with psycopg.connect(f"{self.where} dbname=postgres", autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}".encode())
        return name

    def migrate(self, command: str, database: str, folder: Path) -> Any:
        """Run `routecomp migrate COMMAND --json` on a database, and return what it printed."""
        url = f"postgresql://postgres@/{database}?host={self.host}"
        ran = in_process(["migrate", command, "--json", "--from", str(folder), "--database", url], folder)
        assert ran.out, ran.err
        return json.loads(ran.out)

    def assert_sound(self, database: str, folder: Path) -> None:
        """Assert that `verify` compares everything and finds no difference."""
        told = self.migrate("verify", database, folder)
        assert (told["drift"], told["skipped"], told["note"]) == ([], None, None)


@contextmanager
def loud() -> Iterator[None]:
    """Skip a test whose server or client cannot be had, with a reason that is shown."""
    try:
        yield
    except NoServerError as failure:
        warnings.filterwarnings("default", category=UserWarning, message="NOT TESTED")
        warnings.warn(f"NOT TESTED: {failure}", UserWarning, stacklevel=1)
        pytest.skip(f"NOT TESTED: {failure}")


@pytest.fixture(scope="module", params=[*WHEELS, *(pytest.param(major, marks=pytest.mark.hard) for major in PACKAGES)])
def running(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Start a server of a major version."""
    with loud(), server([binaries(request.param)]) as where:
        yield Server(request.param, where)


@pytest.fixture(params=["new", "released"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a folder of migrations: one that is written today, or the living example's.

    The first has names of its own, and a step of the schema that brings one of everything, a view among it.
    """
    if request.param == "released":
        return RELEASED
    made, schema = Migrations(tmp_path / "migrations", Names("routing", "llm_")), every_change()
    state = with_new_columns(made.state, schema, lambda column: column.default)
    for path, data in migration_files(made.files(), state, dialect_names(), schema=schema, names=made.names).items():
        (made.at / path).write_bytes(data)
    return made.at


def definitions(database: psycopg.Connection) -> list[tuple[str, str, str]]:
    """Return table, name and definition of every constraint: foreign keys first, primary keys last."""
    return database.execute(_DEFINITIONS).fetchall()


def test_constraints(running: Server, folder: Path) -> None:
    """Every constraint is dropped and made again from its own words, twice; `verify` finds no difference."""
    name = running.make()
    running.migrate("up", name, folder)
    running.assert_sound(name, folder)
    with psycopg.connect(f"{running.where} dbname={name}", autocommit=True) as database:
        written = definitions(database)
        assert len(written) > 200
        for _ in range(2):
            before = definitions(database)
            for table, constraint, _definition in before:
                database.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}".encode())
            assert definitions(database) == []
            for table, constraint, definition in reversed(before):
                database.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}".encode())
            running.assert_sound(name, folder)
        # What was released reads back otherwise, and is the same; what is written today reads back word for word.
        assert (definitions(database) == written) is (folder != RELEASED)


def test_dump(running: Server, folder: Path) -> None:
    """A database that was dumped and restored, twice, has no difference."""
    with loud():
        programs = clients(running.major)
    name = running.make()
    running.migrate("up", name, folder)
    for _ in range(2):
        restored = running.make()
        as_admin = ["-h", running.host, "-U", "postgres"]
        dump = subprocess.run([programs / "pg_dump", *as_admin, name], capture_output=True, check=True).stdout
        load = [str(programs / "psql"), "-X", "-q", *as_admin, restored]
        ran = subprocess.run(load, input=dump, capture_output=True, check=True)
        assert [line for line in ran.stderr.decode().splitlines() if _UNKNOWN not in line] == []
        name = restored
        running.assert_sound(name, folder)
