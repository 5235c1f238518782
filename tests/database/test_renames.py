"""A rename is one migration on every database: rows keep what they are, and what refers to them follows."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING

import pytest

from routecomp.checker import Options, check
from routecomp.model.renamed import rename
from routecomp.model.slug_places import SECTIONS
from routecomp.sql.ddl import SCHEMA
from routecomp.sql.diff import change
from routecomp.sql.replay import read_state
from routecomp.sql.state import DatabaseState, database_state
from tests.database import proofs
from tests.database.databases import ask, run, sandbox_of, sqlite_database
from tests.database.test_histories import written_migrations

if TYPE_CHECKING:
    import psycopg

OLD = {
    "provider": "north",
    "model": "good",
    "feature": "chat",
    "target": "auto",
    "tenant": "acme",
    "experiment": "live",
}
assert OLD.keys() == SECTIONS.keys()
EACH = [{kind: {old: f"{old}-2"}} for kind, old in OLD.items()]
KINDS = [*EACH, {kind: names for renames in EACH for kind, names in renames.items()}]


def states(renames: dict[str, dict[str, str]]) -> tuple[DatabaseState, DatabaseState]:
    """Return the state of the small project, and that of the same project under other names."""
    checked = check(proofs.FILES, Options(today=date(2026, 11, 20)))
    assert checked.program is not None
    other = rename(checked.program, renames)
    names = tuple((kind, old, new) for kind, named in renames.items() for old, new in named.items())
    state = database_state(type(checked.program)(**{name: getattr(other, name) for name in other.__dataclass_fields__}))
    return database_state(checked.program), DatabaseState(state.tables, {}, names)


@pytest.mark.parametrize("renames", KINDS, ids=lambda renames: " ".join(renames))
def test_sqlite(renames: dict[str, dict[str, str]]) -> None:
    """There is the state under the new names, and back the old one; the ledger has no row more."""
    before, after = states(renames)
    first, second = written_migrations([before, after], "sqlite")
    assert second.down is not None
    database = sqlite_database()
    run(database, first.up)
    started = ask(database, "SELECT started_at FROM model_experiment WHERE started_at IS NOT NULL")
    run(database, second.up)
    assert read_state(sandbox_of(database), SCHEMA).tables == after.tables
    assert ask(database, "SELECT started_at FROM model_experiment WHERE started_at IS NOT NULL") == started
    assert ask(database, "SELECT count(*) FROM model_promotions") == [(1,)]
    run(database, second.down)
    assert read_state(sandbox_of(database), SCHEMA).tables == before.tables
    assert ask(database, "PRAGMA foreign_key_check") == []


@pytest.mark.parametrize("renames", KINDS, ids=lambda renames: " ".join(renames))
def test_postgres(renames: dict[str, dict[str, str]], postgres: psycopg.Connection) -> None:
    """The same on PostgreSQL, where triggers check at COMMIT."""
    before, after = states(renames)
    first, second = written_migrations([before, after], "postgres")
    run(postgres, first.up)
    run(postgres, second.up)
    for kind, section in {"provider": "providers", "model": "models", "experiment": "model_experiment"}.items():
        names = {str(name) for (name,) in ask(postgres, f"SELECT {kind} FROM public.{section}")}
        assert names == {str(key[0]) for key in after.tables[section]}
    live = "SELECT experiment, variant, version, model FROM public.model_experiment_variant_version WHERE NOT withdrawn"
    wanted = {
        (row["experiment"], row["variant"], row["version"], row["model"])
        for row in after.tables["model_experiment_variant_version"].values()
    }
    assert {(a, b, int(c), d) for a, b, c, d in ask(postgres, live)} == wanted
    run(postgres, second.down)
    names = {str(name) for (name,) in ask(postgres, "SELECT model FROM public.models")}
    assert names == {str(key[0]) for key in before.tables["models"]}


def test_somebody_else_was_faster() -> None:
    """A row that is not what the migration expects stops it, and nothing is changed."""
    first, second = written_migrations([*states(EACH[1])], "sqlite")
    database = sqlite_database()
    run(database, first.up)
    ask(database, "UPDATE models SET latency_ms = 901 WHERE model = 'good'")
    with pytest.raises(sqlite3.IntegrityError):
        run(database, second.up)
    database.rollback()
    assert ask(database, "SELECT count(*) FROM models WHERE model = 'good'") == [(1,)]


def test_a_rename_that_is_made_is_made_once() -> None:
    """While `was` stands, a state that has the new name is as it should be."""
    _, after = states(EACH[1])
    assert not change(after, after)


def test_circuits_go_on() -> None:
    """What services share of a renamed model's circuit stands under its new name, unless they have begun one there."""
    first, second = written_migrations([*states(EACH[1])], "sqlite")
    database = sqlite_database()
    run(database, first.up)
    for provider, model, state in (
        ("north", "good", "open"),
        ("south", "good", "open"),
        ("south", "good-2", "closed"),
        ("north", "fair", "closed"),
    ):
        ask(
            database,
            f"INSERT INTO circuit_breakers (provider, model, state) VALUES ('{provider}', '{model}', '{state}')",
        )
    run(database, second.up)
    held = ask(database, "SELECT provider, model, state FROM circuit_breakers ORDER BY provider, model")
    assert held == [
        ("north", "fair", "closed"),
        ("north", "good-2", "open"),
        ("south", "good", "open"),
        ("south", "good-2", "closed"),
    ]
