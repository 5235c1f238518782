"""A rename is one thing for rules of change, ledger, rollback and salts, as long as `was` stands, and after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime.resolver import Router
from tests.cli.repository import Repository
from tests.cli.transcripts import SMALL, Ran, in_process
from tests.review.test_ledger import whole_ledger

FILES = {
    **SMALL,
    "routes/features.yaml": """\
features:
  drafting:
    models:
      claude: primary
      mistral-large: {status: shadow, sample: 0.5}
    then: auto
""",
    "experiments/all.yaml": """\
experiments:
  nimbus:
    public_model_id: preview/nimbus
    status: active
    variants:
      control: {weight: 0.50, versions: [{version: 1, model: claude}]}
      b: {weight: 0.50, versions: [{version: 1, model: mistral-large}]}
""",
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a repository that has compiled and committed the project, on a branch of its own."""
    made = Repository(tmp_path / "r")
    made.write(FILES)
    run(made, "compile")
    made.commit("begin")
    made.git("switch", "-qc", "work")
    return made


def run(repository: Repository, *arguments: str, code: int = 0) -> Ran:
    """Run routecomp in the project; it ends with this exit code."""
    ran = in_process([*arguments], repository.project)
    assert ran.code == code, ran.out + ran.err
    return ran


def router(repository: Repository) -> Router:
    """Return a router for the compiled table."""
    return Router.from_bytes((repository.project / "generated" / "routing_table.json").read_bytes())


def merge(repository: Repository, message: str) -> None:
    """Commit, and bring main there."""
    repository.commit(message)
    repository.git("branch", "-f", "main")


RENAMES = [
    ("provider", "anthropic", "antropic"),
    ("model", "claude", "opus"),
    ("model", "mistral-large", "large"),
    ("feature", "drafting", "writing"),
    ("target", "auto", "automatic"),
    ("tenant", "acme", "acme-inc"),
    ("experiment", "nimbus", "cumulus"),
]


def test_every_kind_passes_the_rules_of_change(repository: Repository) -> None:
    """Primaries, running experiments and providers get other names, all in one change; and `was` goes with the next."""
    for kind, old, new in RENAMES:
        run(repository, "rename", kind, old, new)
    run(repository, "check")
    run(repository, "lint-migrations")
    run(repository, "compile", "--check")
    merge(repository, "names")
    run(repository, "check")
    for path in repository.project.rglob("*.yaml"):
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.strip().startswith("was:")))
    run(repository, "check")
    run(repository, "compile")
    assert not list((repository.project / "generated" / "migrations" / "sqlite").glob("0003*"))


def test_without_was_the_rules_refuse(repository: Repository) -> None:
    """The same edit without `was` is a model that goes and an incumbent that is lost."""
    run(repository, "rename", "model", "claude", "opus")
    path = next(path for path in repository.project.rglob("*.yaml") if "was: claude" in path.read_text())
    path.write_text(path.read_text().replace("    was: claude\n", ""))
    said = run(repository, "check", code=1).out
    assert "RC503" in said


def test_no_unit_moves(repository: Repository) -> None:
    """Shadows are mirrored to the same requests, and variants keep their users."""
    before = router(repository)
    for kind, old, new in RENAMES:
        run(repository, "rename", kind, old, new)
    after = router(repository)
    called: dict[Any, Any] = {old: new for _, old, new in RENAMES}
    mirrored = 0
    for number in range(300):
        was = before.resolve(feature="drafting", request_id=f"r-{number}")
        now = after.resolve(feature="writing", request_id=f"r-{number}")
        assert now.shadows == tuple(called.get(slug, slug) for slug in was.shadows)
        assert (now.upstream_model, now.model) == (was.upstream_model, called.get(was.model, was.model))
        mirrored += bool(now.shadows)
        was, now = (each.resolve(model="preview/nimbus", unit=f"u-{number}") for each in (before, after))
        assert (now.slot, now.variant) == (was.slot, was.variant)
    assert 100 < mirrored < 200


def test_the_ledger_goes_on(repository: Repository) -> None:
    """A rename is no event; a rollback finds the model before under the name that it has now."""
    run(repository, "promote", "drafting", "mistral-large")
    merge(repository, "promotion")
    run(repository, "rename", "model", "claude", "opus")
    run(repository, "rename", "feature", "drafting", "writing")
    merge(repository, "names")
    events = [
        (entry.feature, entry.kind, entry.old, entry.new)
        for entry in whole_ledger(repository.project)
        if entry.feature in ("drafting", "writing")
    ]
    assert events == [
        ("drafting", "initial", None, "claude"),
        ("drafting", "promotion", "claude", "mistral-large"),
    ]
    run(repository, "rollback", "writing")
    merge(repository, "back")
    last = whole_ledger(repository.project)[-1]
    assert (last.feature, last.kind, last.old, last.new) == ("writing", "rollback", "mistral-large", "opus")


def test_a_rename_back_says_nothing(repository: Repository) -> None:
    """Within the release the files are as they were, byte for byte, but for what an experiment and a model got."""
    before = {path: path.read_bytes() for path in repository.project.rglob("*.yaml")}
    for kind, old, new in (("target", "auto", "automatic"), ("tenant", "acme", "acme-inc")):
        run(repository, "rename", kind, old, new)
        run(repository, "rename", kind, new, f"{new}-2")
        run(repository, "rename", kind, f"{new}-2", old)
    assert {path: path.read_bytes() for path in before} == before


def test_json(repository: Repository) -> None:
    """The command takes --json as all do."""
    said = json.loads(run(repository, "rename", "tenant", "acme", "acme-inc", "--dry-run", "--json").out)
    assert isinstance(said, dict)
