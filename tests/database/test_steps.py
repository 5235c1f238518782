"""Test schema steps: a database that went through one has the schema and the rows of a fresh install, and its data."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from routecomp.database import runner
from routecomp.database.connection import read_only
from routecomp.database.drift import verify
from routecomp.database.driver import Database
from routecomp.database.failure import DatabaseError
from routecomp.database.ledger import entries, promotions
from routecomp.database.plan import body, make_plan
from routecomp.sql.ddl import SCHEMA
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import dialect as dialect_named
from routecomp.sql.dialects.sqlite import SQLITE
from routecomp.sql.history import History
from routecomp.sql.lint import lint_history, lint_text
from routecomp.sql.literals import table_name
from routecomp.sql.migration import Migration, list_migrations
from routecomp.sql.migrations import migration_files
from routecomp.sql.names import Names
from routecomp.sql.read.normal_form import normal_form
from routecomp.sql.read.objects import read_objects
from routecomp.sql.reference import reference
from routecomp.sql.replay import ReplayError
from routecomp.sql.schema import Check, Column, Schema
from routecomp.sql.state import DatabaseState
from routecomp.sql.steps.compare import StepError
from routecomp.sql.steps.step import NewerSchemaError, find_gap, stamp, write_step
from routecomp.sql.tables import state_key
from tests.database import proofs
from tests.database.databases import dump, run, run_all, sqlite_database
from tests.database.histories import states
from tests.database.migrating import edit_cells, run_together
from tests.database.test_histories import FRESH, HARD
from tests.database.test_migrate import make_site
from tests.database.wanted import CHANGES, CLOCK, edited, every_change, with_new_columns
from tests.released.first_version import DATABASE, PROJECT, fill

Folders = dict[str, dict[str, bytes]]
OUTCOME = (
    "INSERT INTO routing_outcomes (request_id, source, status) VALUES ('r1', 'table', 'ok'), ('r2', 'table', 'failed')"
)


def folders(files: Mapping[str, bytes]) -> Folders:
    """Return files by dialect and name."""
    return {
        dialect: {
            name.removeprefix(f"{dialect}/"): data for name, data in files.items() if name.startswith(f"{dialect}/")
        }
        for dialect in dialect_names()
    }


def compiled(history: list[DatabaseState], base: Folders | None = None, schema: Schema = SCHEMA) -> Folders:
    """Return the folders that compiling each state of a history leaves, on top of a base."""
    files = base or folders({})
    for state in history:
        files = folders(migration_files(files, state, dialect_names(), schema=schema))
    return files


def added(files: Folders, base: Folders) -> dict[str, bytes]:
    """Return the files that a base has not, by path."""
    return {
        f"{dialect}/{name}": data
        for dialect, own in files.items()
        for name, data in own.items()
        if name not in base[dialect]
    }


def other_cells(dice: random.Random) -> Any:
    """Return a function that fills new columns with their default or another value."""

    def cell(column: Column) -> Any:
        if column.kind == "whole":
            return dice.choice([column.default, column.low, column.high])
        return (
            dice.choice([column.default, None if column.nullable else column.default]) if column.kind != "free" else "x"
        )

    return cell


def schema_of(database: sqlite3.Connection) -> dict[Any, str]:
    """Return every object of a SQLite database in a normal form."""
    rows = database.execute("SELECT sql FROM sqlite_master WHERE sql <> ''").fetchall()
    objects = read_objects((text for (text,) in rows), SQLITE)
    return {thing: _normal(text) for thing, text in objects.items()}


@cache
def _normal(text: str) -> str:
    return normal_form(text, SQLITE)


def everything(database: sqlite3.Connection, schema: Schema) -> dict[str, list[Any]]:
    """Return every row of every table of a schema, by columns in the schema's order; of policies what is declared."""
    found: dict[str, list[Any]] = {}
    for table in schema.tables:
        columns = ", ".join(column.name for column in (table.declared if table.policy else table.columns))
        live = " WHERE NOT withdrawn" if table.live_only else ""
        key = ", ".join(state_key(table))
        found[table.name] = database.execute(f"SELECT {columns} FROM {table.name}{live} ORDER BY {key}").fetchall()
    return found


def migrations_of(files: Folders, dialect: str) -> list[Migration]:
    """Return the migrations of a dialect."""
    return list_migrations(files[dialect])


def check_on_sqlite(
    history: list[DatabaseState],
    later: list[DatabaseState],
    schema: Schema,
    has_outcomes: bool = True,
    base: Folders | None = None,
    begun: Schema = SCHEMA,
) -> Folders:
    """Take a database through a step, back, and there again: it ends as a fresh install does, with its data.

    It begins with a `history`, or with the files of a `base` that make the schema `begun`.
    """
    base = base or compiled(history)
    files = compiled(later, base, schema)
    step = [one for one in migrations_of(files, "sqlite") if f"{one.id}.up.sql" not in base["sqlite"]]
    with closing(sqlite_database()) as database, closing(sqlite_database()) as fresh:
        for one in migrations_of(base, "sqlite"):
            run(database, one.up)
        if has_outcomes:
            database.execute(OUTCOME)
            database.execute("DELETE FROM routing_outcomes WHERE request_id = 'r2'")  # its number is never given again
        before = schema_of(database), everything(database, begun)
        for one in step:
            run(database, one.up)
        kept = everything(database, begun)
        for one in reversed(step):
            run(database, one.down)
        assert schema_of(database) == before[0]
        back = everything(database, begun)
        assert {**back, "model_promotions": []} == {**before[1], "model_promotions": []}
        for one in step:
            run(database, one.up)
        run(fresh, migrations_of(compiled(later[-1:], schema=schema), "sqlite")[0].up)
        assert dump(database) == dump(fresh)
        assert schema_of(database) == schema_of(fresh)
        assert kept["routing_outcomes"] == before[1]["routing_outcomes"]
        assert before[1]["model_promotions"] == kept["model_promotions"][: len(before[1]["model_promotions"])]
        database.execute(OUTCOME)
        ids = [id for (id,) in database.execute("SELECT id FROM routing_outcomes ORDER BY id")]
        assert ids == ([1, 3, 4] if has_outcomes else [1, 2])
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    for dialect in dialect_names():
        assert not find_gap(migrations_of(files, dialect), dialect_named(dialect), schema)
    return files


def check_clean(files: Folders, base: Folders, schema: Schema) -> None:
    """See that nothing is found in what was written on top of a base."""
    every = {f"{dialect}/{name}": data for dialect, own in files.items() for name, data in own.items()}
    new = set(added(files, base))
    assert new
    assert [str(one) for one in lint_text(every, new).diagnostics] == []
    assert [str(one) for one in lint_history(History(every, new, schema=schema))] == []


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_on_sqlite(name: str) -> None:
    """Each change of the schema is written as a step that is clean; without a change of rows there is nothing else."""
    schema = CHANGES[name](SCHEMA)
    state = proofs.sample_state()
    wanted = with_new_columns(state, schema, lambda column: column.default)
    files = check_on_sqlite([state], [wanted], schema, name != CLOCK)
    check_clean(files, compiled([state]), schema)
    ids = {one.id for one in migrations_of(files, "sqlite")[1:]}
    assert {id.partition("_schema_")[1] for id in ids} == {"_schema_"}
    assert ids == {one.id for one in migrations_of(files, "postgres")[1:]}


@pytest.mark.parametrize("seed", [1, pytest.param(FRESH, id="fresh")])
def test_all_changes_within_a_history(seed: int) -> None:
    """In the middle of a random history all changes come at once, with other values in the new columns."""
    schema, dice = every_change(), random.Random(seed)
    history = list(states(seed, 6))
    later = [with_new_columns(state, schema, other_cells(dice)) for state in history[3:]]
    files = check_on_sqlite(history[:4], later, schema)
    check_clean(files, compiled(history[:4]), schema)
    ids = [one.id for one in migrations_of(files, "sqlite")]
    first = len(migrations_of(compiled(history[:4]), "sqlite"))
    assert [one.number for one in migrations_of(files, "sqlite")] == list(range(1, len(ids) + 1))
    assert "_schema_" in ids[first]
    assert ids[first + 6].endswith("_valid")
    assert not any("_schema_" in id for id in ids[first + 7 :])


@pytest.mark.hard
@pytest.mark.skipif(not HARD, reason="a long run: make hard")
@pytest.mark.parametrize("number", range(60))
def test_some_changes_after_others(number: int) -> None:
    """A schema changes twice within a random history, by random changes: the steps follow each other and are clean."""
    check_two_steps(f"steps/{FRESH}/{number}")


def check_two_steps(seed: int | str) -> None:
    """See that two steps of random changes lead to the schema and rows of a fresh install."""
    dice = random.Random(seed)
    names = dice.sample([name for name in CHANGES if name != CLOCK], dice.randint(2, 9))
    first = changed(names[: len(names) // 2])
    check_steps(seed, first, changed(names[len(names) // 2 :], first))


def changed(names: Iterable[str], schema: Schema = SCHEMA) -> Schema:
    """Return a schema with some changes."""
    for name in names:
        schema = CHANGES[name](schema)
    return schema


def test_a_table_that_was_altered_is_made_anew() -> None:
    """On SQLite a column is added to a table first, and then a constraint; the way back leads to what was between."""
    first = changed(["a column that may be empty"])
    check_steps(FRESH, first, changed(["one more check"], first))


def check_steps(seed: int | str, first: Schema, second: Schema) -> None:
    """See that two steps within a random history lead to the schema and rows of a fresh install."""
    history = list(states(seed, 4))
    cells = other_cells(random.Random(seed))
    base = compiled([with_new_columns(state, first, cells) for state in history[2:4]], compiled(history[:3]), first)
    later = [with_new_columns(state, second, cells) for state in history[3:]]
    files = check_on_sqlite(history[:3], later, second, base=base, begun=first)
    check_clean(files, base, second)


def verified(database: Database, files: Folders, schema: Schema = SCHEMA) -> list[str]:
    """Return the differences that the `verify` of a routecomp finds which wants this schema."""
    own = migrations_of(files, database.dialect.name)
    with read_only(database):
        ledger = entries(database)
        compared = verify(database, ledger, make_plan(ledger, own), own, reference(files, dialect_names()), schema)
    assert compared.skipped == ""
    return [drift.message for drift in compared.drifts]


def catalogue(database: Database, schema: Schema) -> dict[Any, str]:
    """Return what a database says that its schema is, each definition in a normal form."""
    names = {table.name for table in schema.tables} | {view.name for view in schema.views}
    with read_only(database):
        found = database.catalogue(names)
    return {thing: normal_form(text, database.dialect) for thing, text in found.items()}


@pytest.mark.parametrize("dialect", dialect_names())
def test_a_live_database(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A live database goes through all changes."""
    check_live(dialect, request, tmp_path, FRESH, every_change())


@pytest.mark.hard
@pytest.mark.skipif(not HARD, reason="a long run: make hard")
@pytest.mark.parametrize("number", range(20))
@pytest.mark.parametrize("dialect", dialect_names())
def test_live_databases(dialect: str, number: int, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Live databases go through random changes."""
    dice = random.Random(f"{FRESH}/{number}")
    names = dice.sample([name for name in CHANGES if name != CLOCK], dice.randint(1, 6))
    check_live(dialect, request, tmp_path, f"live/{FRESH}/{number}", changed(names))


def check_live(dialect: str, request: pytest.FixtureRequest, tmp_path: Path, seed: int | str, schema: Schema) -> None:
    """Take a live database through a step, back and there again: its data stays, and `verify` finds no difference.

    In the end it has the schema and the rows of one that was made from a fresh baseline.
    """
    dice = random.Random(seed)
    history = list(states(seed, 3))
    later = [with_new_columns(state, schema, other_cells(dice)) for state in history[2:]]
    base = compiled(history[:3])
    files = compiled(later, base, schema)
    fresh = compiled(later[-1:], schema=schema)
    sites = []
    for name in ("grown", "fresh"):
        (tmp_path / name).mkdir()
        sites.append(make_site(dialect, request, tmp_path / name))
    with sites[0].open() as database, sites[1].open() as other:
        runner.up(database, migrations_of(base, dialect))
        database.run(OUTCOME)
        rows = database.run("SELECT * FROM routing_outcomes ORDER BY id")
        own = migrations_of(files, dialect)
        last = migrations_of(base, dialect)[-1].id
        pending = [f"migration {one.id} is not applied yet" for one in own[len(base[dialect]) // 2 :]]
        assert verified(database, files) == verified(database, files, schema) == pending
        applied = runner.up(database, own)
        assert verified(database, files) == verified(database, files, schema) == []
        assert runner.down(database, own, to=last) == applied[::-1]
        assert verified(database, files) == pending
        assert verified(database, base) == []
        assert runner.up(database, own) == applied
        assert verified(database, files) == []
        runner.up(other, migrations_of(fresh, dialect))
        assert catalogue(database, schema) == catalogue(other, schema)
        for table in schema.policy:
            columns = ", ".join(column.name for column in table.declared)
            live = " WHERE NOT withdrawn" if table.live_only else ""
            query = f"SELECT {columns} FROM {table_name(table.name, database.dialect)}{live}"
            assert sorted(database.run(query), key=repr) == sorted(other.run(query), key=repr)
        assert database.run("SELECT * FROM routing_outcomes ORDER BY id") == rows


@pytest.mark.parametrize("dialect", dialect_names())
def test_a_way_back_that_would_lose_something(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A way back is refused, by name, while a column or a table that it drops holds what nothing else does."""
    schema = changed(["a table", CLOCK, "an index"])
    base = compiled([proofs.sample_state()])
    own = migrations_of(compiled([proofs.sample_state()], base, schema), dialect)
    site = make_site(dialect, request, tmp_path)
    with site.open() as database:
        runner.up(database, own)
        named = table_name("shadow_samples", database.dialect)
        database.run(f"INSERT INTO {named} (model) VALUES ('good')")
        to = own[0].id
        with pytest.raises(DatabaseError, match="table shadow_samples holds what its way back would lose") as refused:
            runner.down(database, own, to)
        assert refused.value.help.startswith(f"{own[2].id} stays taken back, and nothing else was changed: see ")
        database.rollback()
        database.run(f"DELETE FROM {named}")
        database.run(OUTCOME)
        with pytest.raises(
            DatabaseError, match="column seen_at of table routing_outcomes holds what its way back"
        ) as refused:
            runner.down(database, own, to)
        assert refused.value.help.startswith("nothing was changed: see ")
        database.rollback()
        database.run("DELETE FROM routing_outcomes")
        runner.down(database, own, to)
        assert not database.has("shadow_samples")


def test_a_view_of_the_company_on_a_column_that_goes(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """On PostgreSQL the way back of a step names the view that stands on its column, and says what to do."""
    state, schema = proofs.sample_state(), changed(["a column that may be empty"])
    site = make_site("postgres", request, tmp_path)
    later = with_new_columns(state, schema, lambda column: column.default)
    written(compiled([later], compiled([state]), schema), site.folder.at)
    site.run_ok("up")
    site.sql("CREATE VIEW our_notes AS SELECT note FROM tenant_routing_policy")
    ran = site.migrate("down", "--to", "1")
    assert ran.code == 1
    assert "view public.our_notes depends on column note of table" in ran.err
    assert "drop that first" in ran.err
    site.sql("DROP VIEW our_notes")
    site.run_ok("down", "--to", "1")


def written(files: Folders, at: Path) -> None:
    """Write folders of migrations below a folder, which holds nothing else afterwards."""
    for dialect, own in files.items():
        for path in (at / dialect).glob("*.sql"):
            path.unlink()
        for name, data in own.items():
            (at / dialect / name).write_bytes(data)


@pytest.mark.parametrize("dialect", dialect_names())
def test_a_step_that_was_run_by_hand(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """`up` says what to do where a step was run by hand; `adopt` records it where all of it was; nothing is lost."""
    state = proofs.sample_state()
    base = compiled([state])
    schema = changed(["a column with a default", "one more check"])
    files = compiled([with_new_columns(state, schema, lambda column: column.default)], base, schema)
    site = make_site(dialect, request, tmp_path)
    written(files, site.folder.at)
    step = migrations_of(files, dialect)[1]
    site.run_ok("up", "--to", "1")
    by_hand = body(step.id, step.up, dialect_named(dialect))
    first = next(text for text in by_hand if "ADD COLUMN" in text)
    site.sql(first)
    for command in (("up",), ("adopt", "--to", step.id)):
        ran = site.migrate(*command)
        assert ran.code == 1
        if command == ("up",):
            assert "cap_cents" in ran.err
            assert f"`routecomp migrate adopt --to {step.id}`" in ran.err
        else:
            assert "is missing" in ran.err
    assert site.json("status")["migrations"][1]["state"] == "pending"
    site.sql(*(text for text in by_hand if text != first))
    site.run_ok("adopt", "--to", step.id)
    site.run_ok("up")
    assert site.json("verify")["drift"] == []
    assert len(site.sql("SELECT * FROM models WHERE cap_cents = 7")) == len(state.tables["models"])


def test_constraints_that_nobody_validated(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """`adopt` does not record the migration that validates while a constraint is NOT VALID; `verify` tells of it."""
    state = proofs.sample_state()
    site = make_site("postgres", request, tmp_path)
    base = compiled([state])
    files = compiled([state], base, changed(["one more check", "a foreign key"]))
    written(files, site.folder.at)
    step, valid = migrations_of(files, "postgres")[1:]
    site.run_ok("up", "--to", "1")
    site.sql(*body(step.id, step.up, dialect_named("postgres")))
    ran = site.migrate("adopt")
    assert ran.code == 1
    assert "constraint model_experiment_variant_slot_experiment_fkey of table model_experiment_variant_slot" in ran.err
    assert "is NOT VALID, and the migrations validate it" in ran.err
    assert "ALTER TABLE public.model_experiment_variant_slot VALIDATE CONSTRAINT" in ran.err
    site.run_ok("adopt", "--to", step.id)
    assert [drift["name"] for drift in site.json("verify")["drift"]] == [valid.id]
    site.sql(*body(valid.id, valid.up, dialect_named("postgres"))[-2:])
    site.run_ok("adopt", "--to", valid.id)
    assert site.json("verify")["drift"] == []
    site.sql(
        "ALTER TABLE tenant_routing_policy DROP CONSTRAINT tenant_routing_policy_more",
        "ALTER TABLE tenant_routing_policy ADD CONSTRAINT tenant_routing_policy_more CHECK (preset <> '') NOT VALID",
    )
    (drift,) = site.json("verify")["drift"]
    assert drift["message"] == (
        "constraint tenant_routing_policy_more of table tenant_routing_policy is NOT VALID, "
        "and the migrations validate it"
    )


def test_what_a_company_added_to_a_table_that_is_made_anew(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """On SQLite its own indexes and triggers come back; a column, or rows of its own that would go, stop the step."""
    state, site = proofs.sample_state(), make_site("sqlite", request, tmp_path)
    base = compiled([state])
    written(compiled([state], base, CHANGES["another check"](SCHEMA)), site.folder.at)
    site.run_ok("up", "--to", "1")
    own = (
        "CREATE INDEX our_own ON providers (owner)",
        "CREATE TRIGGER our_own_too AFTER DELETE ON providers BEGIN SELECT 1; END",
        "CREATE INDEX stack ON providers (stack)",  # a column of ours has the name
        'CREATE TRIGGER "BEGIN IMMEDIATE" AFTER DELETE ON "Providers" BEGIN SELECT 1; END',
        "CREATE INDEX avoi ON providers (owner, stack)",  # a part of a text in the file
    )
    site.sql(*own, "ALTER TABLE providers ADD COLUMN ours TEXT")
    ran = site.migrate("up")
    assert ran.code == 1
    assert "table providers has columns that no migration made" in ran.err
    site.sql(
        "ALTER TABLE providers DROP COLUMN ours",
        "CREATE TABLE bills (provider TEXT REFERENCES Providers (provider) ON DELETE CASCADE)",
        "INSERT INTO bills SELECT provider FROM providers",
    )
    ran = site.migrate("up")
    assert ran.code == 1
    assert "table bills, which no migration made, loses or changes rows when those of Providers are deleted" in ran.err
    site.sql(
        "DROP TABLE bills",
        "CREATE TABLE bills (provider TEXT REFERENCES providers (provider))",
        "INSERT INTO bills SELECT provider FROM providers",
    )
    site.run_ok("up")
    assert site.sql("SELECT count(*) FROM bills") == [(len(state.tables["providers"]),)]
    kept = "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND lower(tbl_name) = 'providers'"
    site.run_ok("down", "--to", "1")
    assert {(text,) for text in own} <= set(site.sql(kept))
    site.run_ok("up")
    assert {(text,) for text in own} <= set(site.sql(kept))


def test_what_a_company_added_to_tables_below(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """On SQLite a trigger, or rows of its own, that the rows below a table would set going stop the step by name."""
    state, site = proofs.sample_state(), make_site("sqlite", request, tmp_path)
    base = compiled([state])
    written(compiled([state], base, changed(["one more check"])), site.folder.at)
    site.run_ok("up", "--to", "1")
    below = "tenant, model"
    site.sql(
        "CREATE TABLE told (what TEXT)",
        "CREATE TRIGGER our_audit AFTER DELETE ON Tenant_Banned_Models BEGIN INSERT INTO told VALUES ('x'); END",
    )
    ran = site.migrate("up")
    assert ran.code == 1
    assert "trigger our_audit of table Tenant_Banned_Models, which no migration made, may run" in ran.err
    assert "drop it first, and create it again afterwards" in ran.err
    site.sql(
        "DROP TRIGGER our_audit",
        f"CREATE TABLE notes (tenant, model, FOREIGN KEY ({below})"
        f" REFERENCES tenant_banned_models ({below}) ON DELETE CASCADE)",
        f"INSERT INTO notes SELECT {below} FROM tenant_banned_models",
    )
    ran = site.migrate("up")
    assert ran.code == 1
    assert "table notes, which no migration made, loses or changes rows" in ran.err
    assert site.sql("SELECT count(*) FROM told") == [(0,)]
    rows = site.sql(f"SELECT {below} FROM notes")
    site.sql("ALTER TABLE notes RENAME TO old", "CREATE TABLE notes AS SELECT * FROM old", "DROP TABLE old")
    site.run_ok("up")
    assert site.sql(f"SELECT {below} FROM notes") == rows != []


def test_a_change_that_no_step_makes() -> None:
    """A column that would have to be read anew, and one that is required without a default, are refused by name."""
    base = compiled([proofs.sample_state()])
    changes = {
        "column `listed` of table `models` cannot change but for its default": edited(
            "models",
            columns=lambda columns: tuple(
                replace(one, kind="whole") if one.name == "listed" else one for one in columns
            ),
        ),
        "column `wanted` of table `models` is required and has no default": edited(
            "models", columns=lambda columns: (*columns, Column("wanted", "whole", "x"))
        ),
        "column `status` of table `feature_models` is not wanted any more, and no row can leave it out": edited(
            "feature_models",
            columns=lambda columns: tuple(one for one in columns if one.name != "status"),
            checks=lambda checks: (),
            indexes=lambda indexes: (),
        ),
    }
    for message, change in changes.items():
        with pytest.raises(StepError, match=message):
            write_step({one: migrations_of(base, one) for one in dialect_names()}, 2, change(SCHEMA))
    required = changes["column `wanted` of table `models` is required and has no default"]
    with pytest.raises(StepError, match="is required and has no default"):
        write_step({"sqlite": migrations_of(base, "sqlite")}, 2, required(SCHEMA))


def test_a_computed_column() -> None:
    """SQLite gets one, and loses it on the way back; PostgreSQL would write a table anew."""
    state = proofs.sample_state()
    base = compiled([state])
    column = Column("twice", "whole", "Twice.", high=10**9, computed="min_output_tokens * 2", nullable=True)
    schema = edited("models", columns=lambda columns: (*columns, column))(SCHEMA)
    with pytest.raises(StepError, match="column `twice` of table `models` is computed, and would write a table in use"):
        write_step({one: migrations_of(base, one) for one in dialect_names()}, 2, schema)
    (step,) = write_step({"sqlite": migrations_of(base, "sqlite")}, 2, schema)
    with closing(sqlite_database()) as database:
        run_all(database, migrations_of(base, "sqlite"))
        before = schema_of(database), dump(database)
        run(database, step["sqlite"].up)
        assert database.execute("SELECT count(*) FROM models WHERE twice = 2 * min_output_tokens").fetchone() == (
            len(state.tables["models"]),
        )
        run(database, step["sqlite"].down)
        assert (schema_of(database), dump(database)) == before


def test_a_step_that_does_not_run() -> None:
    """A step that is not written yet is not called a released migration where it does not run on what is there."""
    state = proofs.sample_state()
    schema = edited("models", checks=lambda checks: (*checks, Check("models_none", "model = 'none'")))(SCHEMA)
    with pytest.raises(StepError, match="the step that would be written does not run: CHECK constraint failed"):
        compiled([state], compiled([state]), schema)


def test_runners_at_once_build_an_index_once(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Processes that migrate at once wait for an index that one of them builds CONCURRENTLY, and each succeeds."""
    state = proofs.sample_state()
    site = make_site("postgres", request, tmp_path)
    schema = CHANGES["a unique index"](CHANGES["an index"](SCHEMA))
    written(compiled([state], compiled([state]), schema), site.folder.at)
    results = run_together(site.url, str(site.folder.at), 5)
    assert [code for code, _ in results] == [0] * 5
    assert len([id for _, told in results for id in told["applied"]]) == 4
    assert site.json("verify")["drift"] == []


def test_an_index_that_was_left_half_built(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """An index that an earlier attempt left invalid is built anew; one that it finished is recorded as it is."""
    state = proofs.sample_state()
    site = make_site("postgres", request, tmp_path)
    schema = CHANGES["a unique index"](CHANGES["an index"](SCHEMA))
    written(compiled([state], compiled([state]), schema), site.folder.at)
    site.run_ok("up", "--to", "2")
    site.sql(
        "CREATE INDEX routing_outcomes_by_model ON routing_outcomes (model)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'routing_outcomes_by_model'::regclass",
        "CREATE UNIQUE INDEX providers_url ON providers (base_url, provider) WHERE stack <> ''",
    )
    site.run_ok("up")
    assert site.json("verify")["drift"] == []
    assert site.sql("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == [(0,)]


@pytest.mark.parametrize("dialect", dialect_names())
def test_migrations_of_a_newer_routecomp(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A database, and migrations, that a newer routecomp wrote are said to be ahead; nothing is written on top."""
    state = proofs.sample_state()
    base = compiled([state])
    files = compiled([state], base, CHANGES["another check"](CHANGES["a table"](SCHEMA)))
    newer = {
        one: {name: data.replace(stamp().encode(), b"the schema of routecomp 9.1") for name, data in own.items()}
        for one, own in files.items()
    }
    for one in dialect_names():
        newer[one] |= base[one]
    site = make_site(dialect, request, tmp_path)
    written(newer, site.folder.at)
    site.run_ok("up")
    id = migrations_of(newer, dialect)[1].id
    (drift,) = site.json("verify")["drift"]
    assert drift["message"].startswith("this database has table `shadow_samples` (and ")
    assert drift["message"].endswith(f"install the routecomp that wrote migration {id}: 9.1 or newer")
    with pytest.raises(NewerSchemaError, match="table `shadow_samples`"):
        compiled([state], newer)
    (found,) = lint_history(
        History({f"{one}/{name}": data for one in newer for name, data in newer[one].items()}, schema=SCHEMA)
    )
    assert found.rule == "RC636"
    assert "9.1 or newer" in (found.help or "")


def test_a_column_that_is_not_there_yet_holds_its_default() -> None:
    """Migrations that are behind a schema lead to rows with the default of each column that is to come."""
    schema, state = every_change(), proofs.sample_state()
    behind = reference(compiled([state]), dialect_names()).state(schema)
    assert behind.tables == with_new_columns(state, schema, lambda column: column.default).tables


def test_a_newer_routecomp_that_does_without_something() -> None:
    """What a newer routecomp took away does not come back when an older one compiles."""
    state = proofs.sample_state()
    base = compiled([state])
    newer = compiled([state], base, changed(["a check less"]))
    for own in newer.values():
        for name, data in own.items():
            own[name] = data if "baseline" in name else data.replace(stamp().encode(), b"the schema of routecomp 9.1")
    message = "a schema without constraint `feature_models_cap_needs_sample` of table `feature_models`"
    with pytest.raises(NewerSchemaError, match=message):
        compiled([state], newer)


def test_two_branches_that_upgrade() -> None:
    """Two branches write the same step under the same names, merge as text, and lead to the same rows in any order."""
    schema = CHANGES["a column with a default"](CHANGES["an index"](SCHEMA))
    state = with_new_columns(proofs.sample_state(), schema, lambda column: column.default)
    base = compiled([proofs.sample_state()])
    branches = [edit_cells(state, "models", (key, {"cap_cents": 1})) for key in (("good",), ("fair",))]
    one, other = (compiled([branch], base, schema) for branch in branches)
    common = {path for path in added(one, base) if path in added(other, base)}
    assert {path for path in added(one, base) if "_schema_" in path} == common
    assert all(added(one, base)[path] == added(other, base)[path] for path in common)
    merged = {dialect: {**one[dialect], **other[dialect]} for dialect in dialect_names()}
    both = edit_cells(branches[0], "models", (("fair",), {"cap_cents": 1}))
    assert compiled([both], merged, schema) == merged
    for order in (1, -1):
        with closing(sqlite_database()) as database:
            run_all(database, migrations_of(base, "sqlite"))
            step = [migration for migration in migrations_of(one, "sqlite") if "_schema_" in migration.id]
            run_all(database, step)
            rest = [m for m in migrations_of(merged, "sqlite")[1:] if "_schema_" not in m.id]
            run_all(database, rest[::order])
            assert database.execute("SELECT cap_cents FROM models ORDER BY model").fetchall() == [(1,), (1,), (7,)]


def test_the_same_step_under_two_numbers() -> None:
    """A branch that wrote the step behind another migration is told by name, and its step goes once it is compiled."""
    schema = changed(["a column with a default"])
    before = proofs.sample_state()
    edit = edit_cells(before, "models", (("good",), {"latency_ms": 1}))
    both = with_new_columns(edit, schema, lambda column: column.default)
    base = compiled([before])
    first = compiled([with_new_columns(before, schema, lambda column: column.default)], base, schema)
    second = compiled([both], compiled([edit], base), schema)
    merged = {dialect: {**first[dialect], **second[dialect]} for dialect in dialect_names()}
    with pytest.raises(ReplayError, match=r"0003_schema_\w+: duplicate column name: cap_cents"):
        compiled([both], merged, schema)
    landed = {
        dialect: {**first[dialect], **{name: data for name, data in own.items() if "_model-good" in name}}
        for dialect, own in second.items()
    }
    assert compiled([both], landed, schema) == landed


def test_a_draft_from_before_the_step() -> None:
    """A draft keeps its number behind a step that it commutes with, and else is written anew behind the step."""
    schema = CHANGES["a column with a default"](SCHEMA)
    before = proofs.sample_state()
    state = with_new_columns(before, schema, lambda column: column.default)
    base = compiled([before])
    landed = compiled([state], base, schema)
    cells = {"latency_ms": 1}
    old = compiled([edit_cells(before, "models", (("good",), cells))], base)
    (draft,) = {path.split("/")[1].partition(".")[0] for path in added(old, base)}
    assert draft == "0002_model-good"
    for target, kept in (
        (edit_cells(state, "models", (("good",), cells)), draft),
        (edit_cells(state, "models", (("good",), {"cap_cents": 2})), "0004_model-good"),
    ):
        files = folders(migration_files(landed, target, dialect_names(), None, [draft], schema))
        new = {path.split("/")[1].partition(".")[0] for path in added(files, landed)}
        assert new == {kept}
        with closing(sqlite_database()) as database:
            run_all(database, migrations_of(files, "sqlite"))
            rows = database.execute("SELECT latency_ms, cap_cents FROM models WHERE model = 'good'").fetchall()
            good = target.tables["models"]["good",]
            assert rows == [(good["latency_ms"], good["cap_cents"])]


@pytest.mark.parametrize("dialect", dialect_names())
def test_a_database_of_the_first_version(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """What 0.1.0 released needs no step today; it takes every later one, with its rows and its ledger."""
    base: Folders = {
        one: {path.name: path.read_bytes() for path in (PROJECT / "generated/migrations" / one).glob("*.sql")}
        for one in dialect_names()
    }
    state = reference(base, dialect_names()).state()
    assert compiled([state], base) == base
    schema, dice = every_change(), random.Random(FRESH)
    files = compiled([with_new_columns(state, schema, other_cells(dice))], base, schema)
    assert {one: {name: files[one][name] for name in base[one]} for one in base} == base
    site = make_site(dialect, request, tmp_path)
    if dialect == "sqlite":
        fill(tmp_path / "project")
        (tmp_path / "project" / DATABASE).rename(tmp_path / "routing.db")
    with site.open() as database:
        runner.up(database, migrations_of(base, dialect))
        database.run(OUTCOME)
        rows = entries(database), promotions(database), database.run("SELECT * FROM routing_outcomes ORDER BY id")
        assert rows[1]
        assert verified(database, base) == []
        runner.up(database, migrations_of(files, dialect))
        assert verified(database, files) == []
        assert entries(database)[: len(rows[0])] == rows[0]
        assert promotions(database) == rows[1]
        assert database.run("SELECT * FROM routing_outcomes ORDER BY id") == rows[2]


@pytest.mark.parametrize("dialect", dialect_names())
def test_names_of_its_own_and_a_table_of_tenants(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A project with a schema, a prefix and the company's table of tenants goes through a step as any other."""
    names, tenants = Names("llm", "acme_"), ("company_tenants", "slug")
    before, schema = proofs.sample_state(), every_change()
    state = with_new_columns(before, schema, lambda column: column.default)
    base = folders(migration_files({}, before, dialect_names(), tenants, names=names))
    files = folders(migration_files(base, state, dialect_names(), tenants, (), schema, names))
    every = {f"{one}/{name}": data for one, own in files.items() for name, data in own.items()}
    assert [str(found) for found in lint_text(every, set(added(files, base))).diagnostics] == []
    site = make_site(dialect, request, tmp_path)
    known = ", ".join(f"('{slug}')" for (slug,) in before.tables["tenant_routing_policy"])
    more = ["CREATE SCHEMA llm"] if dialect == "postgres" else []
    site.sql(
        *more, "CREATE TABLE company_tenants (slug text PRIMARY KEY)", f"INSERT INTO company_tenants VALUES {known}"
    )
    written(files, site.folder.at)
    site.run_ok("up")
    assert site.json("verify")["drift"] == []
    qualified = "llm.acme_" if dialect == "postgres" else "acme_"
    count = site.sql(f"SELECT count(*) FROM {qualified}tenant_routing_policy WHERE note IS NULL")
    assert count == [(len(before.tables["tenant_routing_policy"]),)]
    with site.open() as database:
        database.run("DELETE FROM company_tenants")
        assert database.run(f"SELECT count(*) FROM {qualified}tenant_routing_policy") == [(0,)]
