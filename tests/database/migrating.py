"""Set up a folder of migrations and a database to run them on, for the tests of `routecomp migrate`."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from routecomp.database.address import address
from routecomp.database.connection import open_database
from routecomp.database.driver import Database
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.migrations import migration_files
from routecomp.sql.names import DEFAULT, Names
from routecomp.sql.state import DatabaseState
from tests.cli.transcripts import Ran, in_process
from tests.database import proofs


def edit_cells(state: DatabaseState, table: str, *changes: tuple[Any, dict[str, Any]]) -> DatabaseState:
    """Return a state with other cells in some rows of a table; a key that does not exist becomes a new row."""
    rows = dict(state.tables[table])
    for key, cells in changes:
        rows[key] = {**rows.get(key, {}), **cells}
    return DatabaseState({**state.tables, table: rows}, {})


def promote_fair(state: DatabaseState) -> DatabaseState:
    """Return a state in which the primary of `chat` is `fair` instead of `good`."""
    return edit_cells(
        state,
        "feature_models",
        (("chat", "good"), {"status": "shadow"}),
        (("chat", "fair"), {"status": "primary", "sample_bp": None, "max_daily_cents": None}),
    )


class Migrations:
    """A folder with `postgres/` and `sqlite/`, and the state that its migrations lead to."""

    def __init__(self, at: Path, names: Names = DEFAULT, tenants: tuple[str, str] | None = None) -> None:
        self.at = at
        self.names = names
        self.tenants = tenants
        self.state = proofs.sample_state()
        self.add(self.state)

    def files(self) -> dict[str, dict[str, bytes]]:
        """Return the files by dialect and name."""
        return {
            one: {path.name: path.read_bytes() for path in (self.at / one).glob("*.sql")} for one in dialect_names()
        }

    def add(self, state: DatabaseState) -> str:
        """Write the migration that leads to a state, and return its name."""
        base = self.files()
        made = migration_files(base, state, dialect_names(), self.tenants, names=self.names)
        for name, data in made.items():
            path = self.at / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        self.state = state
        new = [name for name in made if Path(name).name not in base["sqlite"] and name.endswith(".up.sql")]
        return Path(new[0]).name.removesuffix(".up.sql")

    def rename(self, old: str, new: str) -> None:
        """Rename a migration, as one of a parallel branch would be named."""
        for dialect in dialect_names():
            for way in ("up", "down"):
                path = self.at / dialect / f"{old}.{way}.sql"
                data = path.read_bytes().replace(old.encode(), new.encode())
                path.unlink()
                (self.at / dialect / f"{new}.{way}.sql").write_bytes(data)


class Site:
    """A folder of migrations, and a database of one dialect at a URL."""

    def __init__(
        self, at: Path, dialect: str, url: str, names: Names = DEFAULT, tenants: tuple[str, str] | None = None
    ) -> None:
        self.folder = Migrations(at / "migrations", names, tenants)
        self.dialect: str = dialect
        self.url = url
        self.cwd = at

    def migrate(self, command: str, *options: str) -> Ran:
        """Run `routecomp migrate COMMAND` on the database."""
        return in_process(
            ["migrate", command, "--from", str(self.folder.at), "--database", self.url, *options], self.cwd
        )

    def json(self, command: str, *options: str) -> Any:
        """Run a command with --json, and return what it printed."""
        return json.loads(self.migrate(command, "--json", *options).out)

    def run_ok(self, command: str, *options: str) -> str:
        """Run a command that must succeed, and return what it printed."""
        ran = self.migrate(command, *options)
        assert ran.code == 0, ran.out + ran.err
        return ran.out

    @contextmanager
    def open(self) -> Iterator[Database]:
        """Open a connection as `migrate` opens one."""
        with open_database(address(self.url).named(self.folder.names), create=True) as database:
            yield database

    def sql(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements, each in autocommit, and return the rows of the last one."""
        if self.dialect == "sqlite":
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)) as raw:
                return [raw.execute(one).fetchall() for one in statements][-1]
        with self.open() as database:
            return [database.run(one) for one in statements][-1]

    def primaries(self) -> list[str]:
        """Return the primaries of `chat`."""
        rows = self.sql("SELECT model FROM feature_models WHERE feature = 'chat' AND status = 'primary'")
        return [model for (model,) in rows]


def _runner(url: str, folder: str, barrier: Any, results: Any) -> None:
    barrier.wait()
    ran = in_process(["migrate", "up", "--from", folder, "--database", url, "--json"], Path(folder))
    results.put((ran.code, ran.out, ran.err))


def run_together(url: str, folder: str, count: int) -> list[tuple[int, Any]]:
    """Run `migrate up` in `count` processes at the same moment; return the exit code and the JSON of each."""
    in_process(["migrate", "status", "--from", folder, "--database", url], Path(folder))  # imports, once for all
    context = get_context("fork")
    barrier, results = context.Barrier(count), context.SimpleQueue()
    processes = [context.Process(target=_runner, args=(url, folder, barrier, results)) for _ in range(count)]
    for process in processes:
        process.start()
    found = [results.get() for _ in processes]
    for process in processes:
        process.join()
    assert all(out for _, out, _ in found), found
    return [(code, json.loads(out)) for code, out, _ in found]


if __name__ == "__main__":
    print(json.dumps(run_together(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
    sys.stdout.flush()
    os._exit(0)
