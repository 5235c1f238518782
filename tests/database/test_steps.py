"""Test schema steps: a database that went through one has the schema and the rows of a fresh install, and its data."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace

import pytest

from routecomp.sql.ddl import SCHEMA
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import dialect as dialect_named
from routecomp.sql.history import History
from routecomp.sql.lint import lint_history, lint_text
from routecomp.sql.migrations import migration_files
from routecomp.sql.reference import reference
from routecomp.sql.replay import ReplayError
from routecomp.sql.schema import Check, Column, Schema
from routecomp.sql.state import DatabaseState
from routecomp.sql.steps.compare import StepError
from routecomp.sql.steps.step import NewerSchemaError, find_gap, stamp, write_step
from tests.database import proofs
from tests.database.databases import dump, run, run_all, sqlite_database
from tests.database.histories import states
from tests.database.migrating import edit_cells
from tests.database.steps import (
    PROBES,
    Folders,
    added,
    changed,
    compiled,
    everything,
    folders,
    migrations_of,
    other_cells,
    schema_of,
)
from tests.database.wanted import CHANGES, CLOCK, edited, every_change, with_new_columns
from tests.seeds import FRESH, HARD


def check_on_sqlite(
    history: list[DatabaseState],
    later: list[DatabaseState],
    schema: Schema,
    has_probes: bool = True,
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
        if has_probes:
            database.execute(PROBES)
            database.execute(
                "DELETE FROM provider_health_checks WHERE outcome = 'timeout'"
            )  # its number is never given again
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
        assert kept["provider_health_checks"] == before[1]["provider_health_checks"]
        assert before[1]["model_promotions"] == kept["model_promotions"][: len(before[1]["model_promotions"])]
        database.execute(PROBES)
        ids = [id for (id,) in database.execute("SELECT id FROM provider_health_checks ORDER BY id")]
        assert ids == ([1, 3, 4] if has_probes else [1, 2])
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
            assert database.execute("SELECT cap_cents FROM models ORDER BY model").fetchall() == [
                (1,),
                (1,),
                (7,),
                (7,),
            ]


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
