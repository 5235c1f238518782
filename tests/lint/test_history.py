"""The rules that read all migrations of a project and those of its base branch, by the commands that users run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.repository import Repository
from tests.cli.transcripts import SMALL, in_process

BELOW = "generated/migrations"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A compiled project on main, and a branch with a tenant's migration."""
    made = Repository(tmp_path / "project")
    made.write(SMALL)
    assert in_process(["compile"], made.project).code == 0
    made.commit("start")
    made.git("switch", "-qc", "branch")
    made.write({"policies/new.yaml": "tenants:\n  new: {min_quality: 0.1}\n"})
    assert in_process(["compile"], made.project).code == 0
    return made


def found(repository: Repository, *arguments: str) -> list[tuple[str, str, str]]:
    """What `lint-migrations` finds: rule, place, message."""
    ran = in_process(["lint-migrations", "--json", *arguments], repository.project)
    said = json.loads(ran.out)["findings"]
    assert ran.code == (1 if said else 0), ran.err
    return [(one["rule"], _place(one), one["message"]) for one in said]


def _place(one: dict[str, str]) -> str:
    return f"{one['path'].removeprefix(BELOW + '/')}:{one['line']}:{one['column']}" if one["path"] else ""


def edit(repository: Repository, name: str, old: str, new: str) -> None:
    """Replace a text in a migration."""
    path = repository.project / BELOW / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_what_compile_writes_is_clean(repository: Repository) -> None:
    """Nothing is found in the migrations of a branch, nor in all of them; only those of the branch are judged."""
    assert found(repository) == []
    assert found(repository, "--all") == []
    assert "checked 4 files" in in_process(["lint-migrations"], repository.project).out
    assert "checked 8 files" in in_process(["lint-migrations", "--all"], repository.project).out
    assert in_process(["check"], repository.project).code == 0


def test_h01_released_migration_edited_or_deleted(repository: Repository) -> None:
    """A released file that changed is found at its first other character, one that is gone by name; by `check` too."""
    edit(repository, "sqlite/0001_baseline.up.sql", "BEGIN IMMEDIATE", "BEGIN  IMMEDIATE")
    (repository.project / BELOW / "postgres/0001_baseline.down.sql").unlink()
    ids = [(rule, place) for rule, place, _ in found(repository)]
    assert ids == [("RC631", ""), ("RC631", "sqlite/0001_baseline.up.sql:6:7")]
    for arguments in (["check"], ["check", "--no-cache"]):
        ran = in_process(arguments, repository.project)
        assert ran.code == 1
        assert "postgres/0001_baseline.down.sql is released (on the base branch), and is gone here" in ran.out
    assert in_process(["compile"], repository.project).code == 0
    assert found(repository) == []


def test_h03_way_back_missing_or_leading_elsewhere(repository: Repository) -> None:
    """A missing down file is found in each dialect, one that does not lead back at its first statement."""
    edit(
        repository,
        "sqlite/0002_tenant-new.down.sql",
        "DELETE FROM tenant_routing_policy\nWHERE ",
        "DELETE FROM tenant_routing_policy\nWHERE tenant = 'other' AND ",
    )
    assert [one[:2] for one in found(repository)] == [("RC633", "sqlite/0002_tenant-new.down.sql:4:1")]
    assert "`tenant_routing_policy` is not what it was" in in_process(["check"], repository.project).out
    for dialect in ("postgres", "sqlite"):
        (repository.project / BELOW / dialect / "0002_tenant-new.down.sql").unlink()
    assert [one[:2] for one in found(repository)] == [
        ("RC633", f"{dialect}/0002_tenant-new.up.sql:{line}:1") for dialect, line in (("postgres", 4), ("sqlite", 4))
    ]


def test_h03_way_back_that_does_not_run(repository: Repository) -> None:
    """A down file that fails is found at the statement that does."""
    edit(
        repository,
        "sqlite/0002_tenant-new.down.sql",
        "DELETE FROM tenant_routing_policy",
        "DELETE FROM tenant_routing_policies",
    )
    rule, place, message = found(repository)[0]
    assert (rule, place.partition(":")[0]) == ("RC633", "sqlite/0002_tenant-new.down.sql")
    assert "no such table: tenant_routing_policies" in message


def test_h04_migrations_that_lead_elsewhere(repository: Repository) -> None:
    """A row that is not the YAML's is found, and one that is missing; a migration that does not run, where it stops."""
    edit(repository, "sqlite/0002_tenant-new.up.sql", "1000, 1,", "1001, 1,")
    rule, place, message = found(repository)[-1]
    assert (rule, place.partition(":")[0]) == ("RC634", "sqlite/0002_tenant-new.up.sql")
    assert "table `tenant_routing_policy` holds otherwise than the YAML says: new" in message
    edit(repository, "sqlite/0002_tenant-new.up.sql", "INSERT INTO tenant_routing_policy", "INSERT INTO tenants")
    rule, _, message = found(repository)[-1]
    assert rule == "RC634"
    assert "does not run after those before it: no such table: tenants" in message


def test_rc636_schema_of_another_release(repository: Repository) -> None:
    """An object that is missing, or is defined otherwise, is found; by `check` too, also where nothing is a draft."""
    edit(repository, "sqlite/0002_tenant-new.up.sql", "COMMIT;", "DROP INDEX circuit_breakers_state;\n\nCOMMIT;")
    said = "the migrations for SQLite make the schema of another version: index `circuit_breakers_state` of table"
    assert [message for rule, _, message in found(repository) if rule == "RC636"] == [
        f"{said} `circuit_breakers` is missing"
    ]
    repository.commit("a release")
    repository.git("switch", "-qC", "main")
    repository.git("switch", "-qc", "next")
    for arguments in ([], ["--no-cache"]):
        ran = repository.check(*arguments)
        assert ran.code == 1
        assert said in ran.out
        assert "run `routecomp compile`, which writes the migrations that bring every database here" in ran.out
    stale = in_process(["compile", "--check"], repository.project)
    assert stale.code == 1
    assert "this version of routecomp wants another schema than the released migrations make" in stale.out
    assert in_process(["compile"], repository.project).code == 0
    assert found(repository) == []
    assert repository.check().code == 0
    assert "CREATE INDEX circuit_breakers_state" in "".join(
        path.read_text()
        for path in (repository.project / BELOW / "sqlite").glob("0003_schema_*_circuit_breakers_state.up.sql")
    )


def test_h02_two_of_one_number(repository: Repository) -> None:
    """Two branches that declare one tenant: the second one's draft does not commute, and is found."""
    repository.commit("a tenant")
    repository.git("switch", "-q", "main")
    repository.write(
        {"policies/new.yaml": "tenants:\n  new: {min_quality: 0.2}\n", "policies/more.yaml": "tenants:\n  more: {}\n"}
    )
    assert in_process(["compile"], repository.project).code == 0
    repository.commit("the same tenant, and another")
    repository.git("switch", "-q", "branch")
    repository.git("merge", "-q", "-X", "ours", "main")
    assert "RC632" in [rule for rule, _, _ in found(repository)]
    assert in_process(["compile"], repository.project).code == 0
    assert found(repository) == []


def test_check_remembers_what_it_linted(repository: Repository) -> None:
    """A clean migration is linted once; a wrong one is found each time; an odd memory is none."""
    memory = repository.project / ".routecomp" / "linted"
    assert in_process(["check"], repository.project).code == 0
    held = memory.read_bytes()
    assert in_process(["check"], repository.project).code == 0
    edit(repository, "postgres/0002_tenant-new.up.sql", "SET LOCAL lock_timeout = '5s';\n\n", "")
    memory.write_bytes(held)
    for _ in range(2):
        ran = in_process(["check"], repository.project)
        assert ran.code == 1
        assert "error[RC601]" in ran.out
    edit(repository, "postgres/0002_tenant-new.up.sql", "BEGIN;\n\n", "BEGIN;\n\nSET LOCAL lock_timeout = '5s';\n\n")
    assert in_process(["check"], repository.project).code == 0
    assert memory.read_bytes() == held


def test_files_by_name(repository: Repository) -> None:
    """Files are linted by their text alone; a folder says the dialect, else the user must."""
    repository.write({"sql/fix.sql": "BEGIN;\nDELETE FROM models;\nCOMMIT;\n"})
    ran = in_process(["lint-migrations", "sql/fix.sql"], repository.project)
    assert ran.code == 2
    assert "--dialect postgres" in ran.err
    ran = in_process(["lint-migrations", "sql", "--dialect", "sqlite"], repository.project)
    assert ran.code == 1
    assert "sql/fix.sql:2:1" in ran.out
    assert "RC614" in ran.out
    assert in_process(["lint-migrations", "nothing.sql"], repository.project).code == 2


def test_waivers_are_shown_and_may_not_excuse_everything(repository: Repository) -> None:
    """A waived finding is listed with its reason; what may not be waived, is unreadable or not needed, is found."""
    begin = "BEGIN IMMEDIATE;\n\n"
    repository.write(
        {
            "sql/sqlite/0009_x.up.sql": f'{begin}-- routecomp:allow RC613 reason="not read any more"\n'
            "DROP INDEX spare;\n\nCOMMIT;\n"
        }
    )
    ran = in_process(["lint-migrations", "sql"], repository.project)
    assert ran.code == 0
    assert "waived: RC613 at sql/sqlite/0009_x.up.sql:3:1: not read any more" in ran.out
    for waiver, rule in (
        ('-- routecomp:allow RC614 reason="x"', "RC123"),
        ("-- routecomp:allow RC613", "RC123"),
        ('-- routecomp:allow RC613 reason=" "', "RC123"),
        ('-- routecomp:allow RC999 reason="x"', "RC123"),
        ('-- routecomp:allow RC623 reason="x"', "RC125"),
    ):
        repository.write({"sql/sqlite/0009_x.up.sql": f"{begin}{waiver}\nDROP INDEX spare;\n\nCOMMIT;\n"})
        assert {one[0] for one in found(repository, "sql")} == {rule, "RC613"}, waiver
    twice = 2 * '-- routecomp:allow RC613 reason="not read any more"\n'
    repository.write({"sql/sqlite/0009_x.up.sql": f"{begin}{twice}DROP INDEX spare;\n\nCOMMIT;\n"})
    ran = in_process(["lint-migrations", "sql", "--strict"], repository.project)
    assert ran.code == 3  # the first one is enough, and the second one is a warning
    assert (ran.out.count("warning[RC125]"), ran.out.count("waived: ")) == (1, 1)


def test_conflict_marks_are_the_only_finding_of_a_migration(repository: Repository) -> None:
    """A merge that stopped in migrations is named once for each file, and no rule judges a text nobody wrote."""
    sides = "<<<<<<< HEAD\n-- ours\n=======\n-- theirs\n>>>>>>> other\nBEGIN IMMEDIATE"
    edit(repository, "sqlite/0002_tenant-new.up.sql", "BEGIN IMMEDIATE", sides)
    edit(repository, "sqlite/0001_baseline.up.sql", "BEGIN IMMEDIATE", sides)
    told = [(rule, message) for rule, _, message in found(repository)]
    assert told == 2 * [("RC600", "an unresolved merge conflict")]
    said = in_process(["check", "--json"], repository.project)
    assert [one["rule"] for one in json.loads(said.out)["findings"]] == ["RC600", "RC600"]
