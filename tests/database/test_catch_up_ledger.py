"""What a dialect catches up with leaves the rows and the ledger that the migrations themselves would have left."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from routecomp.review.ledger.compare import CommittedChange, Release, Rename, UnknownFeatureError, compare
from routecomp.sql.catch_up import write_catch_up
from routecomp.sql.ddl import SCHEMA
from routecomp.sql.dialects.postgres import POSTGRES
from routecomp.sql.dialects.sqlite import SQLITE
from routecomp.sql.lint import lint_text
from routecomp.sql.migration import Migration
from routecomp.sql.reference import Reference
from routecomp.sql.renames import PARENTS, renamed_state
from routecomp.sql.renames import Rename as RenamedRow
from routecomp.sql.state import DatabaseState
from tests.database import proofs
from tests.database.databases import ask, dump, run, run_all, sqlite_database
from tests.database.test_histories import gathered_migrations, written_migrations
from tests.seeds import FRESH

if TYPE_CHECKING:
    import psycopg

LEDGER = "SELECT feature, from_model, to_model, kind FROM {}model_promotions ORDER BY id"
NAMES = {
    "feature": ("chat", "talk", "chat-2"),
    "model": ("fair", "just"),
    "provider": ("other", "others"),
    "target": ("some", "few"),
    "tenant": ("acme", "acme-2"),
    "experiment": ("idea", "plan"),
}
Step = Callable[[DatabaseState], DatabaseState]


def rename(kind: str, old: str, new: str) -> Step:
    """Return the step that renames a slug, as a program with `was` asks for it."""

    def step(state: DatabaseState) -> DatabaseState:
        names = ((kind, old, new),)
        renamed = renamed_state(state, [RenamedRow(kind, old, new, state.tables[PARENTS[kind]][old,])])
        versions = {
            key: row | {"model": new} if kind == "model" and row["model"] == old else row
            for key, row in renamed.tables["model_experiment_variant_version"].items()
        }
        return DatabaseState({**renamed.tables, "model_experiment_variant_version": versions}, {}, names)

    return step


def swap(state: DatabaseState) -> DatabaseState:
    """Let the primary of the feature and its shadow change places; what it is called is found out."""
    rows = {key: dict(row) for key, row in state.tables["feature_models"].items()}
    primary, shadow = (next(row for row in rows.values() if row["status"] == word) for word in ("primary", "shadow"))
    cells = {name: primary[name] for name in ("status", "sample_bp", "max_daily_cents")}
    primary |= {name: shadow[name] for name in cells}
    shadow |= cells
    return DatabaseState({**state.tables, "feature_models": rows}, {})


def another_feature(name: str) -> Step:
    """Return the step that takes the feature away and puts another one there, which has the shadow as its primary."""

    def step(state: DatabaseState) -> DatabaseState:
        tables = dict(swap(state).tables)
        for table in ("feature_models", "feature_fallbacks", "features"):
            rows = ({**row, "feature": name} for row in tables[table].values())
            tables[table] = {(name, *key[1:]): row for key, row in zip(tables[table], rows, strict=True)}
        return DatabaseState({**tables, "feature_aliases": {}}, {})

    return step


def cheaper(state: DatabaseState) -> DatabaseState:
    """Change a row that no rename touches."""
    rows = {key: dict(row) for key, row in state.tables["models"].items()}
    rows["good",]["latency_ms"] = int(str(rows["good",]["latency_ms"])) + 1
    return DatabaseState({**state.tables, "models": rows}, {})


TOLD = {
    "renamed": [rename("feature", "chat", "talk")],
    "there and back": [rename("feature", "chat", "talk"), rename("feature", "talk", "chat")],
    "renamed, promoted, rolled back": [rename("feature", "chat", "talk"), swap, swap],
    "promoted, renamed, rolled back": [swap, rename("feature", "chat", "talk"), swap],
    "promoted in each of its names": [
        swap,
        rename("feature", "chat", "talk"),
        swap,
        rename("feature", "talk", "chat"),
        swap,
    ],
    "a model renamed between": [swap, rename("model", "fair", "just"), swap],
    "renamed and another one under its name": [rename("feature", "chat", "talk"), another_feature("chat"), swap],
    "gone, and another one renamed to its name": [
        another_feature("talk"),
        another_feature("chat-2"),
        rename("feature", "chat-2", "talk"),
        swap,
    ],
    "renamed and promoted at once": [
        lambda state: replace(swap(rename("feature", "chat", "talk")(state)), renames=(("feature", "chat", "talk"),))
    ],
    "each kind": [rename(kind, *names[:2]) for kind, names in NAMES.items()],
}


def drawn(seed: int | str) -> Iterator[Step]:
    """Yield steps at random."""
    dice = random.Random(seed)
    called = {kind: names[0] for kind, names in NAMES.items()}
    for _ in range(8):
        step = dice.choice(["rename", "rename", "swap", "another", "cheaper"])
        if step == "rename":
            kind = dice.choice(sorted(NAMES))
            new = dice.choice([name for name in NAMES[kind] if name != called[kind]])
            yield rename(kind, called[kind], new)
            called[kind] = new
        elif step == "another":
            called["feature"] = dice.choice(NAMES["feature"])
            yield another_feature(called["feature"])
        else:
            yield swap if step == "swap" else cheaper


def history(steps: Iterator[Step] | list[Step]) -> list[DatabaseState]:
    """Return the states along steps, from the small project on."""
    states = [proofs.sample_state()]
    for step in steps:
        states.append(step(states[-1]))
    return states


def caught_up(written: Mapping[str, list[Migration]], dialect: str) -> Migration:
    """Return what brings a dialect with the baseline alone to the end of a history, which SQLite has."""
    applied = Reference(SQLITE, written["sqlite"])
    own = SQLITE if dialect == "sqlite" else POSTGRES
    late = write_catch_up(written[dialect][:1], applied, own, 99, applied.state(), SCHEMA)
    assert late is not None
    return late


@pytest.mark.parametrize("steps", [*TOLD.values(), 1, 2, FRESH], ids=[*TOLD, "1", "2", "fresh"])
def test_the_ledger_is_that_of_the_migrations(steps: list[Step] | int) -> None:
    """On SQLite, also the way back, and no rule finds anything in the file."""
    states = history(drawn(steps) if isinstance(steps, int) else steps)
    written = gathered_migrations(states)
    late = caught_up(written, "sqlite")
    with closing(sqlite_database()) as database, closing(sqlite_database()) as other:
        run_all(database, written["sqlite"])
        run(other, written["sqlite"][0].up)
        before = dump(other)
        run(other, late.up)
        assert dump(other) == dump(database), steps
        assert ask(other, LEDGER.format("")) == ask(database, LEDGER.format("")), steps
        run(other, late.down)
        assert dump(other) == before, steps
    baseline, *_ = written["sqlite"]
    files = {f"sqlite/{each.id}.up.sql": each.up for each in (baseline, late)}
    assert lint_text(files, {f"sqlite/{late.id}.up.sql"}).diagnostics == [], steps


def test_the_same_on_postgres(postgres: psycopg.Connection) -> None:
    """One history with all of it."""
    steps = [swap, *(rename(kind, *names[:2]) for kind, names in NAMES.items()), swap, another_feature("chat"), swap]
    written = gathered_migrations(history(steps))
    late = caught_up(written, "postgres")
    run(postgres, written["postgres"][0].up)
    run(postgres, late.up)
    with closing(sqlite_database()) as database:
        run_all(database, written["sqlite"])
        assert dump(postgres) == dump(database)
        assert ask(postgres, LEDGER.format("public.")) == ask(database, LEDGER.format(""))
    run(postgres, late.down)


@pytest.mark.parametrize("steps", [TOLD["promoted, renamed, rolled back"], TOLD["a model renamed between"]])
def test_a_rollback_stays_one_across_a_rename(steps: list[Step]) -> None:
    """The ledger says of the change behind the rename what it would have said without."""
    with closing(sqlite_database()) as database:
        run_all(database, written_migrations(history(steps), "sqlite"))
        assert [kind for *_, kind in ask(database, LEDGER.format(""))] == ["initial", "promotion", "rollback"]


def rows(*steps: tuple[str, str | None, str | None, str]) -> list[tuple[object, ...]]:
    """Return rows of a database's ledger."""
    return [
        (id, feature, old, new, "promotion", "ada", "2026", migration)
        for id, (feature, old, new, migration) in enumerate(steps, 1)
    ]


RENAMED = [Rename("features", "chat", "talk", 1), Rename("models", "b", "c", 3)]
GIT = [
    CommittedChange("chat", None, "a", 0),
    CommittedChange("talk", "a", "b", 2),
    CommittedChange("talk", "c", "a", 4),
]


@pytest.mark.parametrize(
    ("releases", "told"),
    [
        (
            ["0001", None, "0002", None, "0003"],
            rows(("chat", None, "a", "0001"), ("talk", "a", "b", "0002"), ("talk", "c", "a", "0003")),
        ),
        (["0001", None, None, None, "0002"], rows(("chat", None, "a", "0001"))),
        (
            ["0001", None, None, "0002", "0003"],
            rows(("chat", None, "a", "0001"), ("talk", "a", "b", "0002"), ("talk", "c", "a", "0003")),
        ),
        (
            ["0001", None, None, "0002", "0003"],
            rows(("chat", None, "a", "0001"), ("talk", "a", "c", "0002"), ("talk", "c", "a", "0003")),
        ),
        ([None, None, None, "0001", "0002"], rows(("talk", None, "c", "0001"), ("talk", "c", "a", "0002"))),
        ([None, None, None, None, "0001"], rows(("talk", None, "a", "0001"))),
        ([None, None, "0001", None, "0002"], rows(("talk", None, "b", "0001"), ("talk", "c", "a", "0002"))),
    ],
)
def test_the_audit_knows_who_was_renamed(releases: list[str | None], told: list[tuple[object, ...]]) -> None:
    """Whenever migrations came, be it by names from before the rename or from behind it, all agrees."""
    brought = [Release(place, (id,)) for place, id in enumerate(releases) if id is not None]
    comparison = compare(GIT, brought, told, RENAMED)
    assert comparison[1] == []
    for feature in ("chat", "talk"):
        assert compare(GIT, brought, told, RENAMED, feature) == comparison
    with pytest.raises(UnknownFeatureError):
        compare(GIT, brought, told, RENAMED, "other")


def test_a_name_that_somebody_else_had_is_told_apart() -> None:
    """A feature that took the name of one that is gone has not got its history."""
    git = [
        CommittedChange("chat", None, "a", 0),
        CommittedChange("talk", None, "b", 0),
        CommittedChange("talk", "b", None, 1),
        CommittedChange("talk", "a", "c", 3),
    ]
    brought = [Release(place, (f"000{place + 1}",)) for place in (0, 1, 2, 3)]
    told = rows(
        ("chat", None, "a", "0001"),
        ("talk", None, "b", "0001"),
        ("talk", "b", None, "0002"),
        ("talk", "a", "c", "0004"),
    )
    renamed = [Rename("features", "chat", "talk", 2)]
    assert compare(git, brought, told, renamed) == (4, [])
    _, differences = compare(git, brought, told[:1] + told[2:], renamed)
    assert [(each.kind, each.feature, each.git) for each in differences] == [("pending", "talk", (None, "b"))]
