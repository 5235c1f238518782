"""The upgrade from the first version is what docs/upgrade.md says: one pull request, and no decision changes."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.cli.transcripts import environment, in_process, project
from tests.released import first_version
from tests.released.add import HERE
from tests.released.modules import import_file
from tests.tour import BLOCK, PROJECT, replayed

PAGE = PROJECT / "docs" / "upgrade.md"


def test_the_page_prints_what_it_shows() -> None:
    """Its commands, run in order in the example of that time, print what stands below them."""
    page = PAGE.read_text(encoding="utf-8")
    assert BLOCK.search(page)
    assert replayed(page, first_version.fill) == page, "if the new output is right: make refresh, then read the diff"


@pytest.mark.parametrize("page", ["upgrade.md", "compatibility.md", "settings.md"])
def test_links_lead_to_files(page: str) -> None:
    """Every relative link of the pages on versions and settings names a file of the project."""
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", (PAGE.parent / page).read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if "://" not in link and not (PAGE.parent / link).exists()] == []


@pytest.fixture(scope="module")
def upgraded() -> Iterator[Path]:
    """The example of 0.1.0 as the commit on main, and what today's `compile` made of it as one commit of a branch."""
    with project({}) as root:
        first_version.fill(root)
        _git(root, "init -q -b main", "add -A", "commit -qm start", "switch -q -c upgrade")
        first_version.allow_its_keys(root)
        assert in_process(["compile"], root).code == 0
        _git(root, "add -A", "commit -qm upgrade")
        yield root


def test_one_commit_passes_as_a_pull_request(upgraded: Path) -> None:
    """Against its base the branch has no error, only warnings of rules that are new; its migrations are clean."""
    for command in ("check --against main", "lint-migrations --strict", "compile --check"):
        ran = in_process(command.split(), upgraded)
        assert (ran.code, ran.err) == (0, ""), command
    report = json.loads(in_process(["check", "--against", "main", "--format", "json"], upgraded).out)
    assert {finding["rule"] for finding in report["findings"]} == {"RC404", "RC406", "RC421", "RC432"}
    difference = json.loads(in_process(["diff", "--format", "json"], upgraded).out)
    assert {change["kind"] for change in difference["changes"]} == {"setting"}
    assert difference["decisions"]["changed"] == 0
    assert _git(upgraded, "log --oneline main..upgrade").count("\n") == 1


def test_released_migrations_stay_byte_for_byte(upgraded: Path) -> None:
    """What databases have run is never written anew; only further files may come."""
    released = sorted(first_version.PROJECT.glob("generated/migrations/*/*.sql"))
    assert len(released) == 4
    for path in released:
        assert (upgraded / path.relative_to(first_version.PROJECT)).read_bytes() == path.read_bytes(), path.name


def test_a_database_of_that_time_comes_along(upgraded: Path) -> None:
    """`up` brings a database that ran the old migrations to today's, and nothing differs."""
    address = ["--database", f"sqlite:///{upgraded}/{first_version.DATABASE}"]
    assert in_process(["migrate", "up", *address], upgraded).code == 0
    ran = in_process(["migrate", "verify", *address], upgraded)
    assert (ran.code, ran.out.rpartition(", ")[2]) == (0, "no drift\n")


@pytest.mark.parametrize("gate", ["0", "1"])
def test_no_decision_changes(upgraded: Path, gate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old resolver with the old table, and the new one with the new table, decide alike whatever is asked."""
    old = import_file(first_version.RESOLVER).load(first_version.PROJECT / "generated" / "routing_table.json")
    new = import_file(upgraded / "generated" / "resolver.py").load(upgraded / "generated" / "routing_table.json")
    assert new.status()["last_rejection"] is None
    table = json.loads((upgraded / "generated" / "routing_table.json").read_text(encoding="ascii"))
    monkeypatch.setenv(table["preferences"]["gate_env"], gate)
    statuses = set()
    for request in _requests(table):
        before, after = old.resolve(**request), new.resolve(**request)
        statuses.add(after.status)
        assert before._replace(ruleset_hash=None) == after._replace(ruleset_hash=None)[: len(before)], request
    assert len(statuses) >= 5


def test_the_version_before_may_not_write(upgraded: Path) -> None:
    """A project that is still written by 0.1.0 is refused to today's version."""
    settings = upgraded / "routecomp.yaml"
    settings.write_text('requires_routecomp: "~=0.1.0"\n', encoding="ascii")
    ran = in_process(["compile"], upgraded)
    settings.unlink()
    assert ran.code == 2
    assert "pip install 'routecomp~=0.1.0'" in ran.err


def _requests(table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the example's own requests, then each route for each tenant, at each preference."""
    for line in (HERE / "tables" / "2.0" / "decisions.jsonl").read_text(encoding="ascii").splitlines():
        request = json.loads(line)["request"]
        if set(request) <= set(import_file(first_version.RESOLVER).ARGUMENTS):
            yield request
    routes = [{"feature": name} for name in table["features"]]
    routes += [{"model": name} for name in (*table["targets"], *table["aliases"], *table["experiments"])]
    for route, tenant, preference in product(routes, (*table["tenants"], None, "nobody"), (None, "cost", "quality")):
        yield {**route, "tenant": tenant, "preference": preference, "unit": "u-1"}


def _git(root: Path, *commands: str) -> str:
    """Run Git commands in a folder, and return what the last one printed."""
    printed = ""
    for command in commands:
        arguments = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *command.split()]
        printed = subprocess.run(
            arguments, cwd=root, env=environment(root), check=True, capture_output=True, text=True
        ).stdout
    return printed
