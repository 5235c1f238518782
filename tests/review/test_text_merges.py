"""Test merges without the merge driver: what plain Git merges in generated/, and what it leaves to `compile`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime.resolver import Router
from tests.cli.repository import Repository, small
from tests.cli.transcripts import environment, in_process

FLOORS = (0.40, 0.45, 0.50, 0.55)


@pytest.fixture
def plain(tmp_path: Path) -> Repository:
    """Make a project with 40 more tenants, compiled and committed; without driver, attributes and migrations.

    The tenants share four policies, each of ten tenants, so that no branch takes the last tenant of a policy away.
    """
    repository = small(tmp_path / "plain")
    repository.write({"routecomp.yaml": "dialects: []\n"})
    repository.write({path(number): text(number, number % 4) for number in range(40)})
    repository.git("config", "user.name", "Ada")
    repository.git("config", "user.email", "ada@example.com")
    compile(repository)
    repository.commit("begin")
    return repository


def path(number: int, name: str = "t") -> str:
    return f"policies/more/{name}-{number:02}.yaml"


def text(number: int, floor: int, name: str = "t") -> str:
    return f"tenants:\n  {name}-{number:02}: {{min_quality: {FLOORS[floor]}}}\n"


def compile(repository: Repository) -> None:
    result = in_process(["compile", "--no-cache"], repository.project)
    assert result.code == 0, result.out + result.err


def branch(repository: Repository, name: str, files: dict[str, str]) -> None:
    """Make a branch of `main` that writes YAML and what it compiles to."""
    repository.git("switch", "-q", "-c", name, "main")
    repository.write(files)
    compile(repository)
    repository.commit(name)
    repository.git("switch", "-q", "main")


def merges_as_text(repository: Repository, name: str) -> bool:
    """Merge a branch with plain Git, and return whether it had no conflict."""
    result = subprocess.run(
        ["git", "merge", "-q", "--no-edit", name],
        cwd=repository.root,
        check=False,
        env=environment(repository.root),
        capture_output=True,
        text=True,
    )
    return result.returncode == 0


def is_current(repository: Repository) -> bool:
    return in_process(["compile", "--check", "--no-cache"], repository.project).code == 0


def table(repository: Repository) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((repository.project / "generated/routing_table.json").read_bytes())
    return content


def loads(repository: Repository) -> bool:
    data = (repository.project / "generated/routing_table.json").read_bytes()
    return Router.from_bytes(data).status()["last_rejection"] is None


def test_twenty_branches_merge_as_text(plain: Repository) -> None:
    """Changes of twenty tenants, neighbours among them, and three new ones merge to what `compile` writes."""
    for number in range(20):
        branch(plain, f"change-{number}", {path(number): text(number, (number + 1) % 4)})
    for number in (25, 29, 33):
        branch(plain, f"add-{number}", {path(number, "t-x"): f"tenants:\n  t-{number}-x: {{min_quality: 0.4}}\n"})
    for name in (*[f"change-{number}" for number in range(20)], *[f"add-{number}" for number in (25, 29, 33)]):
        assert merges_as_text(plain, name), name
    assert is_current(plain)
    assert loads(plain)


def priced(repository: Repository, file: str, old: str, new: str) -> dict[str, str]:
    """Return a file in which a price is another one."""
    text = (repository.project / file).read_text(encoding="utf-8")
    assert old in text
    return {file: text.replace(old, new, 1)}


def test_a_price_and_a_policy_merge_as_text(plain: Repository) -> None:
    """A price that moves models changes the model's line and lines of orders alone: nothing that names an order.

    So another branch may give tenants other policies meanwhile, old and new ones.
    """
    before = table(plain)
    branch(plain, "price", priced(plain, "routes/all.yaml", "input: 5.00, output: 25.00", "input: 0.05, output: 0.25"))
    branch(plain, "policy", {path(5): text(5, 3), path(7): "tenants:\n  t-07: {min_quality: 0.62}\n"})
    assert merges_as_text(plain, "price")
    after = table(plain)
    assert {name for name in after if after[name] != before[name]} == {"models", "orders"}
    assert after["orders"].keys() == before["orders"].keys()
    assert merges_as_text(plain, "policy")
    assert is_current(plain)
    assert loads(plain)


def test_two_prices_that_move_models_of_one_order_conflict(plain: Repository) -> None:
    """Where two branches rank an order otherwise, neither text is that of both prices."""
    branch(plain, "a", priced(plain, "routes/all.yaml", "input: 5.00, output: 25.00", "input: 0.05, output: 0.25"))
    branch(plain, "b", priced(plain, "routes/more.yaml", "input: 1, output: 2", "input: 90, output: 90"))
    assert merges_as_text(plain, "a")
    assert not merges_as_text(plain, "b")


def test_config_routes_merge_as_text(plain: Repository) -> None:
    """Two branches that change the config routes of neighbours in the table merge, and one that adds a route too."""
    file = "routes/all.yaml"
    routes = [f"    {name}: claude" for name in ("alpha", "beta", "gamma")]
    lines = "\n    # for the teams\n".join(routes)
    plain.edit(file, ("  model: claude\n", f"  model: claude\n  routes:\n{lines}\n"))
    compile(plain)
    plain.commit("config routes")
    for name in ("alpha", "beta"):
        branch(plain, name, priced(plain, file, f"{name}: claude", f"{name}: mistral-large"))
    branch(plain, "more", priced(plain, file, "gamma: claude", "gamma: claude\n    omega: claude"))
    for name in ("alpha", "beta", "more"):
        assert merges_as_text(plain, name), name
    assert is_current(plain)
    assert loads(plain)


def test_two_entries_in_the_same_gap_conflict(plain: Repository) -> None:
    """Two new tenants between the same two tenants conflict."""
    for letter in "ab":
        branch(plain, letter, {path(0, letter): f"tenants:\n  t-10-{letter}: {{min_quality: 0.4}}\n"})
    assert merges_as_text(plain, "a")
    assert not merges_as_text(plain, "b")
    plain.git("checkout", "--ours", "generated")
    compile(plain)
    plain.commit("merged by compiling")
    assert is_current(plain)


def test_a_policy_that_both_branches_leave_stays_behind(plain: Repository) -> None:
    """A policy whose last users leave on two branches stays in the table, unused, and --check says stale."""
    plain.write({path(number, "z"): f"tenants:\n  z-{number:02}: {{min_quality: 0.7}}\n" for number in range(3)})
    compile(plain)
    plain.commit("a policy of three tenants")
    plain.write({path(1, "z"): text(1, 1, "z")})
    compile(plain)
    plain.commit("of two tenants")
    for number in (0, 2):
        branch(plain, f"leave-{number}", {path(number, "z"): text(number, number, "z")})
    assert merges_as_text(plain, "leave-0")
    assert merges_as_text(plain, "leave-2")
    assert loads(plain)
    assert not is_current(plain)
    compile(plain)
    assert is_current(plain)


def test_a_policy_taken_away_and_taken_up_is_refused(plain: Repository) -> None:
    """A branch that drops a policy and one that uses it merge as text to a table that no resolver loads."""
    plain.write({path(0, "z"): "tenants:\n  z-00: {min_quality: 0.7}\n"})
    compile(plain)
    plain.commit("a policy of one tenant")
    branch(plain, "off", {path(0, "z"): text(0, 0, "z")})
    branch(plain, "on", {path(5): "tenants:\n  t-05: {min_quality: 0.7}\n"})
    assert merges_as_text(plain, "off")
    assert merges_as_text(plain, "on")
    assert not loads(plain)
    assert not is_current(plain)
    compile(plain)
    assert loads(plain)
