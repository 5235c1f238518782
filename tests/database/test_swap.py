"""Test a swap of primaries that is killed at any statement: exactly one primary is left, the old or the new one."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from routecomp.sql.script_text import statements
from tests.database import proofs
from tests.database.databases import ask, run, sqlite_database
from tests.database.test_histories import written_migrations

if TYPE_CHECKING:
    import psycopg

PRIMARY = "SELECT model FROM feature_models WHERE feature = 'chat' AND status = 'primary'"
KILLED = """
import json, os, signal, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in json.load(sys.stdin):
    database.execute(statement)
os.kill(os.getpid(), signal.SIGKILL)
"""
"""A process that runs statements and is killed as by `kill -9`, with nothing closed or flushed."""


def swap(dialect: str) -> tuple[bytes, list[str], bytes]:
    """Return the baseline with `good` as the primary, the statements that make it `fair`, and those back."""
    before = proofs.sample_state()
    rows = {key: dict(row) for key, row in before.tables["feature_models"].items()}
    rows["chat", "good"] |= {"status": "shadow", "sample_bp": 1_000, "max_daily_cents": 200}
    rows["chat", "fair"] |= {"status": "primary", "sample_bp": None, "max_daily_cents": None}
    after = type(before)({**before.tables, "feature_models": rows}, {})
    first, second = written_migrations([before, after], dialect)
    assert second.down is not None
    return first.up, list(statements(second.up.decode())), second.down


def test_sqlite_killed_at_every_statement(tmp_path: Path) -> None:
    """After `kill -9` at each statement the file has one primary, and the whole swap still runs."""
    baseline, said, _ = swap("sqlite")
    assert len(said) > 8
    made = sqlite_database(str(tmp_path / "whole"))
    run(made, baseline)
    made.close()
    for count in range(1, len(said) + 1):
        path = tmp_path / f"killed{count}"
        path.write_bytes((tmp_path / "whole").read_bytes())
        # Small pages in memory, so that changes are in the file before COMMIT as well.
        process = subprocess.run(
            [sys.executable, "-S", "-c", KILLED, str(path)],
            check=False,
            text=True,
            input=json.dumps(["PRAGMA cache_size = 1", *said[:count]]),
        )
        assert process.returncode == -9
        database = sqlite_database(str(path))
        assert ask(database, PRIMARY) == [("good",) if count < len(said) else ("fair",)], said[count - 1]
        assert ask(database, "PRAGMA integrity_check") == [("ok",)]
        promoted = ask(database, "SELECT count(*) FROM model_promotions WHERE kind <> 'initial'")
        assert promoted == [(int(count == len(said)),)]
        if count < len(said):
            run(database, ";\n\n".join(said).encode())
            assert ask(database, PRIMARY) == [("fair",)]
        database.close()


@pytest.mark.parametrize("busy", [False, True], ids=["between", "within"])
def test_postgres_killed_at_every_statement(busy: bool, postgres: psycopg.Connection) -> None:
    """A backend terminated after or within a statement leaves the old primary."""
    import psycopg

    baseline, said, back = swap("postgres")
    run(postgres, baseline)
    primary = PRIMARY.replace("feature_models", "public.feature_models")
    for count in range(1, len(said)):
        with psycopg.connect(postgres.info.dsn, autocommit=True) as doomed:
            for statement in said[:count]:
                ask(doomed, statement)
            assert ask(postgres, primary) == [("good",)]  # nobody sees half of it
            if busy:
                # It kills itself: the statement is never finished.
                with pytest.raises(psycopg.Error):
                    ask(doomed, "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(9)")
            else:
                ask(postgres, f"SELECT pg_terminate_backend({doomed.info.backend_pid}, 20000)")
                with pytest.raises(psycopg.Error):
                    ask(doomed, "SELECT 1")
        assert ask(postgres, primary) == [("good",)], said[count - 1]
        assert ask(postgres, "SELECT count(*) FROM public.model_promotions WHERE kind <> 'initial'") == [(0,)]
    run(postgres, ";\n\n".join(said).encode())
    assert ask(postgres, primary) == [("fair",)]
    run(postgres, back)
    assert ask(postgres, primary) == [("good",)]


def test_two_at_once_leave_one(tmp_path: Path) -> None:
    """While a process swaps in a SQLite file, another one waits or is refused."""
    baseline, said, _ = swap("sqlite")
    path = str(tmp_path / "shared")
    first = sqlite_database(path)
    run(first, baseline)
    for statement in said[:-1]:
        ask(first, statement)
    second = sqlite3.connect(path, isolation_level=None, timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        ask(second, "BEGIN IMMEDIATE")
    assert ask(second, PRIMARY) == [("good",)]
    ask(first, said[-1])
    assert ask(second, PRIMARY) == [("fair",)]
    first.close()
    second.close()
