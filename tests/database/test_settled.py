"""Test migrations whose rows were written before them: by hand, by a cascade, or in part."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from routecomp.sql.state import DatabaseState
from tests.database.migrating import Site, edit_cells, promote_fair
from tests.database.test_catch_up_ledger import rename
from tests.database.test_migrate import make_site, rows, states, tenant

PROMOTED = (
    "BEGIN",
    "UPDATE feature_models SET status = 'shadow' WHERE feature = 'chat' AND model = 'good'",
    "UPDATE feature_models SET status = 'primary', sample_bp = NULL, max_daily_cents = NULL"
    " WHERE feature = 'chat' AND model = 'fair'",
)
RECORDED = (
    "INSERT INTO model_promotions (feature, from_model, to_model, kind, migration)"
    " VALUES ('chat', 'good', 'fair', 'promotion', 'by hand')"
)


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Site:
    """Make a folder with a baseline, and a database that has it."""
    site = make_site(request.param, request, tmp_path)
    site.run_ok("up")
    return site


def without_tenant(state: DatabaseState, slug: str) -> DatabaseState:
    """Return a state without a tenant and all that is of it."""
    return DatabaseState(
        {
            name: {key: row for key, row in table.items() if not (name.startswith("tenant_") and key[0] == slug)}
            for name, table in state.tables.items()
        },
        {},
    )


def promoted(site: Site) -> list[tuple[object, ...]]:
    """Return the promotions of `chat` since the baseline: from, to, migration."""
    columns = "from_model, to_model, migration"
    return site.sql(f"SELECT {columns} FROM model_promotions WHERE feature = 'chat' AND kind <> 'initial' ORDER BY id")


def is_recorded(site: Site, name: str) -> None:
    """Apply a migration, and assert that it was recorded alone, that nothing differs, and that it goes back."""
    assert site.run_ok("up") == f"recorded {name} as applied: its rows were there already\n"
    assert rows(site)[-1].direction == "adopt"
    assert site.run_ok("verify").endswith("no drift\n")
    assert site.run_ok("down", "--yes") == f"taken back {name}\n"
    assert site.run_ok("up") == f"applied {name}\n"
    assert site.run_ok("verify").endswith("no drift\n")


def test_a_row_put_right_first(site: Site) -> None:
    """A value that was set by hand before its migration."""
    name = tenant(site, {"min_quality_bp": 7000, "owner": "o'hara\n"})
    newline = "chr(10)" if site.dialect == "postgres" else "char(10)"
    site.sql(f"UPDATE tenant_routing_policy SET min_quality_bp = 7000, owner = 'o''hara' || {newline}")
    is_recorded(site, name)


def test_a_row_that_is_gone(site: Site) -> None:
    """A tenant that was deleted by hand, with all its lists."""
    name = site.folder.add(without_tenant(site.folder.state, "acme"))
    site.sql(*(f"DELETE FROM {table} WHERE tenant = 'acme'" for table in tenant_tables(site)))
    is_recorded(site, name)


def tenant_tables(site: Site) -> list[str]:
    """Return the tables with rows of tenants, children first."""
    names = [name for name in site.folder.state.tables if name.startswith("tenant_")]
    return sorted(names, key=lambda name: name == "tenant_routing_policy")


def test_a_row_that_is_there(site: Site) -> None:
    """A tenant that was inserted by hand, as the migration would."""
    other = {**site.folder.state.tables["tenant_routing_policy"]["acme",], "tenant": "other"}
    name = site.folder.add(edit_cells(site.folder.state, "tenant_routing_policy", (("other",), other)))
    site.sql("CREATE TEMPORARY TABLE unused (x int)")
    own = (site.folder.at / site.dialect / f"{name}.up.sql").read_text()
    insert = own[own.index("INSERT INTO" if site.dialect == "postgres" else "INSERT INTO tenant_") :]
    site.sql(insert.partition(";")[0])
    is_recorded(site, name)


@pytest.mark.parametrize("is_written", [False, True], ids=["row alone", "with its promotion"])
def test_a_promotion_by_hand(site: Site, is_written: bool) -> None:
    """The promotion is written down once, whether or not whoever did it has written it down."""
    name = site.folder.add(promote_fair(site.folder.state))
    site.sql(*PROMOTED, *[RECORDED] * is_written, "COMMIT")
    assert site.run_ok("up") == f"recorded {name} as applied: its rows were there already\n"
    assert promoted(site) == [("good", "fair", "by hand" if is_written else name)]
    assert site.run_ok("verify").endswith("no drift\n")
    site.run_ok("down", "--yes")
    assert site.primaries() == ["good"]
    site.run_ok("up")
    assert [row[1] for row in promoted(site)] == ["fair", "good", "fair"]


def test_a_part_of_it(site: Site) -> None:
    """Where some of its rows are there and others are not, it says which, and changes nothing."""
    state = edit_cells(site.folder.state, "tenant_routing_policy", (("acme",), {"min_quality_bp": 7000}))
    name = site.folder.add(edit_cells(state, "models", (("good",), {"quality_bp": 8000})))
    later = tenant(site, {"owner": "later"})
    site.sql("UPDATE tenant_routing_policy SET min_quality_bp = 7000")
    before = site.sql("SELECT quality_bp FROM models WHERE model = 'good'")
    ran = site.migrate("up")
    assert ran.code == 3
    assert f"(migration {name})" in ran.err
    assert f"models good (quality_bp is {before[0][0]}, and the migration changes {before[0][0]} to 8000)" in ran.err
    assert "tenant_routing_policy acme holds what it leads to already" in ran.err
    assert f"{later} waits behind it, and is not to blame" in ran.err
    failed = json.loads(site.migrate("up", "--json").out)["failed"]
    assert (failed["migration"], failed["waiting"]) == (name, [later])
    assert site.sql("SELECT quality_bp FROM models WHERE model = 'good'") == before
    site.sql("UPDATE models SET quality_bp = 8000 WHERE model = 'good'")
    assert site.run_ok("up") == f"recorded {name} as applied: its rows were there already\napplied {later}\n"


def test_another_value(site: Site) -> None:
    """A cell that holds neither value is a conflict that names all three."""
    tenant(site, {"min_quality_bp": 7000})
    old = site.folder.state.tables["tenant_routing_policy"]["acme",]["min_quality_bp"]
    site.sql("UPDATE tenant_routing_policy SET min_quality_bp = 1234")
    ran = site.migrate("up")
    assert ran.code == 3
    assert "tenant_routing_policy acme (min_quality_bp is 1234, and the migration changes" in ran.err
    assert ran.err.startswith("error: CONFLICT: tenant_routing_policy acme is not what this migration expects")
    assert old != 1234


def test_a_file_that_does_more(site: Site) -> None:
    """A file that was completed by hand is never recorded alone: what else it does would be lost."""
    name = tenant(site, {"min_quality_bp": 7000})
    path = site.folder.at / site.dialect / f"{name}.up.sql"
    path.write_text(path.read_text().replace("COMMIT;", "CREATE TABLE own_notes (x int);\n\nCOMMIT;"))
    site.sql("UPDATE tenant_routing_policy SET min_quality_bp = 7000")
    ran = site.migrate("up")
    assert ran.code == 3
    assert states(site)[name] == "pending"


def test_a_way_back_by_hand(site: Site) -> None:
    """What was put back by hand first is recorded as taken back; a promotion's way back is written down."""
    name = site.folder.add(promote_fair(site.folder.state))
    site.run_ok("up")
    own = (site.folder.at / site.dialect / f"{name}.down.sql").read_text().split("\n\n")
    updates = [text.strip().removesuffix(";") for text in own if text.strip().startswith("UPDATE")]
    site.sql("BEGIN", *updates, "COMMIT")
    assert site.primaries() == ["good"]
    assert site.run_ok("down", "--yes") == f"recorded {name} as taken back: its rows were there already\n"
    assert [row[:2] for row in promoted(site)] == [("good", "fair"), ("fair", "good")]
    assert [row.direction for row in rows(site)] == ["up", "up", "down"]
    assert site.run_ok("up") == f"applied {name}\n"


@pytest.mark.parametrize("dialect", ["sqlite", "postgres"])
def test_the_company_s_own_tenants(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A tenant deleted in the company's table is recorded; one that it lacks is named, with its table."""
    site = make_site(dialect, request, tmp_path, ("public.tenants" if dialect == "postgres" else "tenants", "slug"))
    missing = site.migrate("up")
    assert missing.code == 1, missing.err
    assert "tenants" in missing.err
    assert "make it first" in missing.err
    site.sql("CREATE TABLE tenants (slug text PRIMARY KEY)")
    missing = site.migrate("up")
    assert missing.code == 1, missing.err
    assert "tenant acme is not in" in missing.err
    site.sql("INSERT INTO tenants (slug) VALUES ('acme')")
    site.run_ok("up")
    row = site.folder.state.tables["tenant_routing_policy"]["acme",]
    more = ((("one",), {**row, "tenant": "one"}), (("two",), {**row, "tenant": "two"}))
    name = site.folder.add(edit_cells(site.folder.state, "tenant_routing_policy", *more))
    site.sql("INSERT INTO tenants (slug) VALUES ('two')")
    ran = site.migrate("up")
    assert ran.code == 1
    assert "tenant one is not in" in ran.err
    assert "tenants (slug)" in ran.err
    assert "insert it there first" in ran.err
    site.sql("INSERT INTO tenants (slug) VALUES ('one')")
    assert site.run_ok("up") == f"applied {name}\n"
    name = site.folder.add(without_tenant(site.folder.state, "one"))
    site.sql(*["PRAGMA foreign_keys = ON"] * (dialect == "sqlite"), "DELETE FROM tenants WHERE slug = 'one'")
    assert site.run_ok("up") == f"recorded {name} as applied: its rows were there already\n"
    assert site.run_ok("verify").endswith("no drift\n")
    ran = site.migrate("down", "--yes")
    assert ran.code == 1
    assert "tenant one is not in" in ran.err


def company_site(request: pytest.FixtureRequest, at: Path) -> Site:
    """Make a database whose tenants are the company's own, with cascades, and apply the baseline."""
    site = make_site("postgres", request, at, ("public.tenants", "slug"))
    site.sql("CREATE TABLE tenants (slug text PRIMARY KEY)", "INSERT INTO tenants VALUES ('acme')")
    site.run_ok("up")
    return site


@pytest.mark.parametrize("edits", [1, 2])
def test_a_cascade_before_edits_that_wait(request: pytest.FixtureRequest, tmp_path: Path, edits: int) -> None:
    """Where a waiting migration deletes the rows that a cascade took, the edits before it are recorded in order."""
    site = company_site(request, tmp_path)
    edited = [tenant(site, {"min_quality_bp": 7000 + number}) for number in range(edits)]
    site.sql("DELETE FROM tenants")
    ran = site.migrate("up")
    assert ran.code == 3
    deleted = site.folder.add(without_tenant(site.folder.state, "acme"))
    other = site.folder.add(edit_cells(site.folder.state, "models", (("good",), {"quality_bp": 8000})))
    why = f"rows that it changes are gone, and {deleted}, which waits behind it, deletes them"
    assert site.run_ok("up").splitlines() == [
        *(f"recorded {name} as applied: {why}" for name in edited),
        f"recorded {deleted} as applied: its rows were there already",
        f"applied {other}",
    ]
    assert site.run_ok("verify").endswith("no drift\n")
    assert [row.direction for row in rows(site)] == ["up", *["adopt"] * (edits + 1), "up"]


def test_a_cascade_and_no_migration_that_deletes(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """It names the company's table, and the statements that it prints put the rows back; nothing is recorded."""
    site = company_site(request, tmp_path)
    name = tenant(site, {"min_quality_bp": 7000})
    site.sql("DELETE FROM tenants")
    ran = site.migrate("up")
    assert ran.code == 3
    assert "a tenant that is deleted in public.tenants takes its rows along" in ran.err
    assert "take them out of the YAML, compile and merge, then `routecomp migrate up`" in ran.err
    assert states(site)[name] == "pending"
    inserts = ran.err.partition("put acme back into public.tenants (slug), then the rows: ")[2].split(";")
    site.sql("INSERT INTO tenants VALUES ('acme')")
    site.sql(*(statement for statement in inserts if statement.strip().startswith("INSERT INTO ")))
    assert site.run_ok("up") == f"applied {name}\n"
    assert site.run_ok("verify").endswith("no drift\n")


def renamed(site: Site, old: str, new: str) -> str:
    """Add the migration that gives a tenant another name."""
    return site.folder.add(rename("tenant", old, new)(site.folder.state))


@pytest.mark.parametrize("dialect", ["sqlite", "postgres"])
@pytest.mark.parametrize("half", ["the old one is gone", "the new one is half there"])
def test_a_tenant_renamed_in_the_company_s_table_first(
    dialect: str, half: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Each message names what is missing, both ways; where a cascade took the rows, its statements bring them."""
    site = make_site(dialect, request, tmp_path, ("public.tenants" if dialect == "postgres" else "tenants", "slug"))
    site.sql("CREATE TABLE tenants (slug text PRIMARY KEY)", "INSERT INTO tenants (slug) VALUES ('acme')")
    site.run_ok("up")
    name = renamed(site, "acme", "acme2")
    delete = [*["PRAGMA foreign_keys = ON"] * (dialect == "sqlite"), "DELETE FROM tenants WHERE slug = '{}'"]
    ran = site.migrate("up")
    assert (ran.code, "tenant acme2 is not in" in ran.err) == (1, True), ran.err
    site.sql("INSERT INTO tenants (slug) VALUES ('acme2')")
    if half == "the new one is half there":
        columns = ", ".join(site.folder.state.tables["tenant_routing_policy"]["acme2",].keys() - {"tenant"})
        site.sql(
            f"INSERT INTO tenant_routing_policy (tenant, {columns}) "
            f"SELECT 'acme2', {columns} FROM tenant_routing_policy"
        )
    site.sql(*(text.format("acme") for text in delete))
    ran = site.migrate("up")
    assert ran.code == 3, ran.err
    assert "takes its rows along" in ran.err
    site.sql(*(text for text in ran.err.partition("which records it: ")[2].split(";") if text.strip()))
    assert site.run_ok("up") == f"recorded {name} as applied: its rows were there already\n"
    assert site.run_ok("verify").endswith("no drift\n")
    ran = site.migrate("down", "--yes")
    assert (ran.code, "tenant acme is not in" in ran.err) == (1, True), ran.err
    site.sql("INSERT INTO tenants (slug) VALUES ('acme')")
    assert site.run_ok("down", "--yes") == f"taken back {name}\n"
    assert site.run_ok("up") == f"applied {name}\n"


def test_a_row_that_is_gone_and_one_that_is_not(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """An edit of a row that is there is never recorded unrun because another row is gone."""
    site = company_site(request, tmp_path)
    state = edit_cells(site.folder.state, "tenant_routing_policy", (("acme",), {"min_quality_bp": 7000}))
    name = site.folder.add(edit_cells(state, "models", (("good",), {"quality_bp": 8000})))
    deleted = site.folder.add(without_tenant(site.folder.state, "acme"))
    site.sql("DELETE FROM tenants")
    ran = site.migrate("up")
    assert ran.code == 3
    fact, help = ran.err.split("\n", 1)
    assert fact.startswith("error: CONFLICT: tenant_routing_policy acme is gone, and models good (quality_bp is ")
    assert fact.endswith(f") is left to do (migration {name})")
    assert f"not to blame; {deleted}, which waits behind it, deletes what is gone: run this by hand" in help
    assert help.endswith(";\n")
    assert ";;" not in help
    assert states(site)[name] == "pending"
    site.sql("UPDATE models SET quality_bp = 8500 WHERE model = 'good'")
    assert "give all of these rows the old values by hand, or all of them the new ones" in site.migrate("up").err
    old = state.tables["models"]["good",]["quality_bp"]
    site.sql(f"UPDATE models SET quality_bp = {old} WHERE model = 'good'")
    rest = ran.err.partition("records the migration as applied: ")[2].split(";")
    site.sql(*(statement for statement in rest if statement.strip().startswith("UPDATE ")))
    assert f"recorded {name} as applied" in site.run_ok("up")
    assert site.run_ok("verify").endswith("no drift\n")


@pytest.mark.parametrize("owner", ["sqlite", "postgres"])
def test_beside_migrations_of_one_dialect(site: Site, owner: str) -> None:
    """What a person wrote for one dialect alone does not keep rows that were put right from being recognized."""
    begin = "PRAGMA foreign_keys = ON;\n\nBEGIN IMMEDIATE" if owner == "sqlite" else "BEGIN"
    text = f"{begin};\n\nCREATE TABLE {'' if owner == 'sqlite' else 'public.'}notes (x text);\n\nCOMMIT;\n"
    (site.folder.at / owner / "0002_a-note.up.sql").write_text(text)
    site.run_ok("up")
    tenant(site, {"min_quality_bp": 7000})
    site.sql("UPDATE tenant_routing_policy SET min_quality_bp = 7000")
    assert "_tenant-acme as applied: its rows were there already\n" in site.run_ok("up")
    assert site.run_ok("verify").endswith("no drift\n")
