"""Test `routecomp compile` in a repository: one migration for each branch; released migrations never change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.repository import Repository
from tests.cli.transcripts import SMALL, in_process

MIGRATIONS = "generated/migrations/sqlite"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a compiled project on `main`."""
    made = Repository(tmp_path / "project")
    made.write(SMALL)
    run_compile(made)
    made.commit("start")
    return made


def run_compile(repository: Repository, *arguments: str) -> str:
    """Run `compile`, which must succeed, and return its output."""
    ran = in_process(["compile", *arguments], repository.project)
    assert ran.code == 0, ran.out + ran.err
    return ran.out


def up_files(repository: Repository) -> list[str]:
    """Return the up files of SQLite; PostgreSQL has the same names."""
    folder = repository.project / MIGRATIONS
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(path.name for path in (folder.parent / "postgres").iterdir())
    return [name for name in names if name.endswith(".up.sql")]


def tenant(repository: Repository, name: str, field: str) -> None:
    """Declare a tenant in a file of its own."""
    repository.write({f"policies/{name}.yaml": f"tenants:\n  {name}: {{{field}}}\n"})


def test_one_migration_per_branch(repository: Repository) -> None:
    """However often a branch compiles, it has one migration that leads from the base to it."""
    assert up_files(repository) == ["0001_baseline.up.sql"]
    repository.git("switch", "-qc", "branch")
    tenant(repository, "new-one", "min_quality: 0.1")
    run_compile(repository)
    repository.commit("first")
    assert up_files(repository) == ["0001_baseline.up.sql", "0002_tenant-new-one.up.sql"]
    tenant(repository, "new-one", "min_quality: 0.2")
    run_compile(repository)
    again = (repository.project / MIGRATIONS / "0002_tenant-new-one.up.sql").read_text()
    assert "2000" in again
    assert "1000" not in again.partition("INSERT")[2].partition("objective")[0]
    repository.commit("second")
    tenant(repository, "new-two", "min_quality: 0.3")
    assert in_process(["compile", "--check"], repository.project).code == 1
    run_compile(repository)
    assert len(up_files(repository)) == 2
    run_compile(repository, "--check")


def test_no_change_no_file(repository: Repository) -> None:
    """A change of no database row makes no migration, and undoing a change removes its draft."""
    repository.git("switch", "-qc", "branch")
    tenant(repository, "new-one", "min_quality: 0.1")
    run_compile(repository)
    (repository.project / "policies" / "new-one.yaml").unlink()
    assert "removed" in run_compile(repository)
    assert up_files(repository) == ["0001_baseline.up.sql"]


OWN = "PRAGMA foreign_keys = ON;\n\nBEGIN IMMEDIATE;\n\nCREATE TABLE notes (x INTEGER);\n\nCOMMIT;\n"
OWN_BACK = "PRAGMA foreign_keys = ON;\n\nBEGIN IMMEDIATE;\n\nDROP TABLE notes;\n\nCOMMIT;\n"


@pytest.mark.parametrize("number", ["0002", "0007"])
def test_what_a_person_wrote_is_kept(repository: Repository, number: str) -> None:
    """A migration of one's own stays, whatever `compile` writes and removes, and is released like any other."""
    repository.git("switch", "-qc", "branch")
    ways = {"up": OWN, "down": OWN_BACK}
    frames = {"sqlite": "PRAGMA foreign_keys = ON;\n\nBEGIN IMMEDIATE;", "postgres": "BEGIN;"}
    own = {
        f"{MIGRATIONS.replace('sqlite', name)}/{number}_notes.{way}.sql": text.replace(frames["sqlite"], frame)
        for name, frame in frames.items()
        for way, text in ways.items()
    }
    repository.write(own)
    run_compile(repository, "--check")
    tenant(repository, "new-one", "min_quality: 0.1")
    run_compile(repository)
    assert up_files(repository) == sorted(
        ["0001_baseline.up.sql", "0002_tenant-new-one.up.sql", f"{number}_notes.up.sql"]
    )
    ran = in_process(["tenant", "set", "acme", "min_quality=0.6"], repository.project)
    assert ran.code == 0, ran.out + ran.err
    (repository.project / "policies" / "new-one.yaml").unlink()
    run_compile(repository)
    assert {path: (repository.project / path).read_text() for path in own} == own
    run_compile(repository, "--check")
    repository.commit("with notes")
    repository.git("switch", "-q", "main")
    repository.git("merge", "-q", "branch")
    for path in own:
        (repository.project / path).unlink()
    run_compile(repository)
    assert {path: (repository.project / path).read_text() for path in own} == own


@pytest.mark.parametrize(
    "arguments", [["compile"], ["compile", "--check"], ["tenant", "set", "acme", "min_quality=0.6"]]
)
@pytest.mark.parametrize(
    "text", ["CREATE TABLE notes (x INTEGER);\n", OWN.replace("PRAGMA foreign_keys = ON;\n\n", "")]
)
def test_a_file_that_would_not_run(repository: Repository, arguments: list[str], text: str) -> None:
    """What is named like a migration and framed otherwise than `migrate` runs it is refused, and shown how to write."""
    repository.git("switch", "-qc", "branch")
    own = repository.project / MIGRATIONS / "0002_notes.up.sql"
    own.write_text(text)
    ran = in_process(arguments, repository.project)
    assert ran.code == 2, ran.out + ran.err
    assert "0002_notes.up.sql, which `routecomp compile` did not write, is none that `routecomp migrate`" in ran.err
    assert "write it as PRAGMA foreign_keys = ON; BEGIN IMMEDIATE; ... COMMIT;" in ran.err
    assert own.read_text() == text


@pytest.mark.parametrize(
    "arguments", [["compile"], ["compile", "--check"], ["tenant", "set", "new-one", "min_quality=0.1"]]
)
def test_what_a_person_wrote_is_never_overwritten(repository: Repository, arguments: list[str]) -> None:
    """Where `compile` would write a file of that very name it writes nothing, and says whose file it is."""
    repository.git("switch", "-qc", "branch")
    tenant(repository, "new-one", "min_quality: 0.2")
    own = repository.project / MIGRATIONS / "0002_tenant-new-one.up.sql"
    own.write_text(OWN)
    ran = in_process(arguments, repository.project)
    assert ran.code == 2, ran.out + ran.err
    assert "generated/migrations/sqlite/0002_tenant-new-one.up.sql is not what `routecomp compile` wrote" in ran.err
    assert own.read_text() == OWN
    assert not own.with_name("0002_tenant-new-one.down.sql").exists()


def test_the_base_is_never_touched(repository: Repository) -> None:
    """A released migration that was edited or deleted is restored, byte for byte."""
    path = repository.project / MIGRATIONS / "0001_baseline.up.sql"
    was = path.read_bytes()
    path.write_bytes(was + b"DROP TABLE models;\n")
    assert in_process(["compile", "--check"], repository.project).code == 1
    run_compile(repository)
    assert path.read_bytes() == was
    path.unlink()
    run_compile(repository)
    assert path.read_bytes() == was


@pytest.mark.parametrize("on_main", [False, True])
def test_a_revert_is_a_new_migration(repository: Repository, on_main: bool) -> None:
    """A migration deleted by `git revert` is restored, and its inverse is appended, on a branch and on `main`."""
    tenant(repository, "new-one", "min_quality: 0.1")
    run_compile(repository)
    repository.commit("a tenant")
    if not on_main:
        repository.git("switch", "-qc", "branch")
    repository.git("revert", "--no-edit", "HEAD")
    assert up_files(repository) == ["0001_baseline.up.sql"]
    run_compile(repository)
    assert up_files(repository) == ["0001_baseline.up.sql", "0002_tenant-new-one.up.sql", "0003_tenant-new-one.up.sql"]
    assert (
        "DELETE FROM tenant_routing_policy"
        in (repository.project / MIGRATIONS / "0003_tenant-new-one.up.sql").read_text()
    )


def test_branches_apart_merge_without_meeting(repository: Repository) -> None:
    """Branches of two tenants share no file; on the merge both are released, and `compile` writes nothing."""
    for name in ("one", "two"):
        repository.git("switch", "-qc", name, "main")
        tenant(repository, f"new-{name}", "min_quality: 0.1")
        run_compile(repository)
        repository.commit(name)
    repository.git("switch", "-q", "main")
    repository.git("merge", "-q", "--no-edit", "one")
    # The tables meet in generated/ as text; what counts here is that the migrations do not.
    repository.git("merge", "-q", "--no-edit", "-X", "ours", "two")
    run_compile(repository)
    assert up_files(repository) == ["0001_baseline.up.sql", "0002_tenant-new-one.up.sql", "0002_tenant-new-two.up.sql"]


def test_outside_of_git(tmp_path: Path) -> None:
    """Without a repository there is only a baseline; --from names what is released."""
    for name, data in SMALL.items():
        path = tmp_path / "p" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    assert in_process(["compile"], tmp_path / "p").code == 0
    (tmp_path / "p" / "generated" / "migrations").rename(tmp_path / "released")
    (tmp_path / "p" / "policies" / "new.yaml").write_text("tenants:\n  new-one: {}\n")
    assert in_process(["compile", "--from", "../released"], tmp_path / "p").code == 0
    names = sorted(path.name for path in (tmp_path / "p" / MIGRATIONS).glob("*.up.sql"))
    assert names == ["0001_baseline.up.sql", "0002_tenant-new-one.up.sql"]
    refused = in_process(["compile"], tmp_path / "p")
    assert refused.code == 2
    assert "--from DIR" in refused.err


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("dialects: [mysql, sqlite]", "mysql is not supported, because"),
        ("dialects: [postgres]", "leaves sqlite out"),
        ("dialects: [sqlight]", "no database"),
        ("tenants_table: tenants", "must name a table and its column"),
        ("tenants_table: 'tenants(a); DROP TABLE x'", "must name a table and its column"),
    ],
)
def test_settings_that_are_refused(tmp_path: Path, settings: str, said: str) -> None:
    """Unsupported dialects and invalid table names are refused with the reason."""
    repository = Repository(tmp_path / "p")
    repository.write({**SMALL, "routecomp.yaml": settings + "\n"})
    ran = in_process(["compile"], repository.project)
    assert ran.code == 2
    assert said in ran.out + ran.err


def test_the_companys_tenants(tmp_path: Path) -> None:
    """A configured table of tenants gets a cascading foreign key; without dialects there are no migrations."""
    repository = Repository(tmp_path / "p")
    repository.write({**SMALL, "routecomp.yaml": "tenants_table: app.tenants(slug)\n"})
    run_compile(repository)
    for dialect, table in (("postgres", "app.tenants"), ("sqlite", "tenants")):
        text = (repository.project / f"generated/migrations/{dialect}/0001_baseline.up.sql").read_text()
        said = " ".join(text.split())
        assert f"FOREIGN KEY (tenant) REFERENCES {table} ( slug ) ON DELETE CASCADE" in said
    repository.write({"routecomp.yaml": "dialects: []\n"})
    assert "removed" in run_compile(repository)
