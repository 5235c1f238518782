"""Test schema steps on live databases: services that run, what a company added, ways back, runs by hand."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from routecomp.database import runner
from routecomp.database.failure import DatabaseError
from routecomp.database.ledger import entries, promotions
from routecomp.database.losses import Consent
from routecomp.database.plan import body
from routecomp.sql.ddl import SCHEMA
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import dialect as dialect_named
from routecomp.sql.history import History
from routecomp.sql.lint import lint_history, lint_text
from routecomp.sql.literals import table_name
from routecomp.sql.migrations import migration_files
from routecomp.sql.names import Names
from routecomp.sql.reference import reference
from routecomp.sql.schema import Schema
from routecomp.sql.steps.step import NewerSchemaError, stamp
from tests.database import proofs
from tests.database.histories import states
from tests.database.migrating import run_together
from tests.database.steps import (
    PROBES,
    Folders,
    added,
    catalogue,
    changed,
    compiled,
    folders,
    migrations_of,
    other_cells,
    verified,
)
from tests.database.test_migrate import make_site
from tests.database.wanted import CHANGES, CLOCK, every_change, with_new_columns
from tests.released.first_version import DATABASE, PROJECT, fill
from tests.seeds import FRESH, HARD


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
        database.run(PROBES)
        rows = database.run("SELECT * FROM provider_health_checks ORDER BY id")
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
        assert database.run("SELECT * FROM provider_health_checks ORDER BY id") == rows


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
        with pytest.raises(DatabaseError, match=r"no migration wrote: shadow_samples \(1 row\)"):
            runner.down(database, own, to)
        assert [entry.direction for entry in entries(database)] == ["up"] * len(own)
        consent = Consent(rows=frozenset(["shadow_samples"]))  # what the file itself asserts it takes nothing away from
        with pytest.raises(DatabaseError, match="table shadow_samples holds what its way back would lose") as refused:
            runner.down(database, own, to, consent=consent)
        assert refused.value.help.startswith(f"{own[2].id} stays taken back, and nothing else was changed: see ")
        database.rollback()
        database.run(f"DELETE FROM {named}")
        database.run(PROBES)
        with pytest.raises(
            DatabaseError, match="column seen_at of table provider_health_checks holds what its way back"
        ) as refused:
            runner.down(database, own, to)
        assert refused.value.help.startswith("nothing was changed: see ")
        database.rollback()
        database.run("DELETE FROM provider_health_checks")
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
        "CREATE INDEX provider_health_checks_by_model ON provider_health_checks (model)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'provider_health_checks_by_model'::regclass",
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


@pytest.mark.parametrize("dialect", dialect_names())
def test_a_database_of_the_first_version(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """What 0.1.0 released takes today's step and every later one, with its rows and its ledger."""
    base: Folders = {
        one: {path.name: path.read_bytes() for path in (PROJECT / "generated/migrations" / one).glob("*.sql")}
        for one in dialect_names()
    }
    state = reference(base, dialect_names()).state()
    schema, dice = every_change(), random.Random(FRESH)
    files = compiled([with_new_columns(state, schema, other_cells(dice))], base, schema)
    assert {one: {name: files[one][name] for name in base[one]} for one in base} == base
    site = make_site(dialect, request, tmp_path)
    if dialect == "sqlite":
        fill(tmp_path / "project")
        (tmp_path / "project" / DATABASE).rename(tmp_path / "routing.db")
    with site.open() as database:
        runner.up(database, migrations_of(base, dialect))
        database.run(PROBES)
        rows = entries(database), promotions(database), database.run("SELECT * FROM provider_health_checks ORDER BY id")
        assert rows[1]
        assert verified(database, base) == []
        runner.up(database, migrations_of(files, dialect))
        assert verified(database, files) == []
        assert entries(database)[: len(rows[0])] == rows[0]
        assert promotions(database) == rows[1]
        assert database.run("SELECT * FROM provider_health_checks ORDER BY id") == rows[2]


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
