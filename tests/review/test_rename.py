"""A rename is one thing for rules of change, ledger, rollback and salts, as long as `was` stands, and after it."""

from __future__ import annotations

import json
from collections.abc import Callable
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


def test_a_revert_is_a_rename_too(repository: Repository) -> None:
    """Taken back after it was merged, every rule of change, the ledger and the migration take both names as one."""
    for kind, old, new in RENAMES:
        run(repository, "rename", kind, old, new)
    merge(repository, "names")
    repository.git("revert", "--no-edit", "HEAD")
    run(repository, "compile")
    assert "RC5" not in run(repository, "check").out
    run(repository, "lint-migrations")
    changes = json.loads(run(repository, "diff", "--format", "json").out)["changes"]
    assert {change["what"] for change in changes} == {"renamed"}
    (up,) = (repository.project / "generated" / "migrations" / "sqlite").glob("0003*.up.sql")
    assert "model_promotions" not in up.read_text()
    merge(repository, "back")
    assert [entry.kind for entry in whole_ledger(repository.project)] == ["initial", "initial"]


def test_renamed_twice(repository: Repository) -> None:
    """A second rename, while `was` of the first stands, goes on with the same thing."""
    for kind, old, new in RENAMES:
        run(repository, "rename", kind, old, new)
    merge(repository, "names")
    for kind, _, new in RENAMES:
        run(repository, "rename", kind, new, f"{new}-2")
    assert "RC5" not in run(repository, "check").out
    run(repository, "lint-migrations")
    merge(repository, "names again")
    assert [entry.kind for entry in whole_ledger(repository.project)] == ["initial", "initial"]


def test_renamed_twice_and_back_before_it_is_merged(repository: Repository) -> None:
    """Within one release `was` stays the name on the base, and back there is nothing that any rule would refuse."""
    for kind, old, new in RENAMES:
        for earlier, later in ((old, new), (new, f"{new}-2")):
            run(repository, "rename", kind, earlier, later)
        text = "".join(path.read_text() for path in repository.project.rglob("*.yaml"))
        assert f"was: {old}\n" in text
        assert f"was: {new}\n" not in text
        repository.commit(f"{kind} on the branch")
    assert "RC5" not in run(repository, "check").out
    assert {change["what"] for change in json.loads(run(repository, "diff", "--format", "json").out)["changes"]} == {
        "renamed"
    }
    for kind, old, new in reversed(RENAMES):
        run(repository, "rename", kind, f"{new}-2", old)
    assert "was:" not in "".join(path.read_text() for path in repository.project.rglob("*.yaml"))
    assert "RC5" not in run(repository, "check").out
    assert not list((repository.project / "generated" / "migrations" / "sqlite").glob("0002*"))


def test_an_alias_keeps_the_old_name(repository: Repository) -> None:
    """Callers go on to send the old name of a model or a target; of other kinds --alias is refused, with a way on."""
    for kind, old, new in (("model", "claude", "opus"), ("target", "auto", "automatic")):
        run(repository, "rename", kind, old, new, "--alias")
        decision = router(repository).resolve(model=old)
        assert (decision.status, decision.route_name, decision.reasons) == ("ok", new, ("alias",))
    assert "with `feature`" in run(repository, "rename", "feature", "drafting", "writing", "--alias", code=1).err
    run(repository, "rename", "model", "opus", "claude")  # the alias is the name again
    assert router(repository).resolve(model="claude").reasons == ()
    told = json.loads(run(repository, "diff", "--format", "json").out)
    assert {(change["what"], change["severity"]) for change in told["changes"]} == {
        ("renamed", "behavioural"),
        ("aliases", "cosmetic"),  # who sends the old name gets what it got
    }
    assert not told["decisions"]["groups"]


def test_what_callers_get_is_said(repository: Repository) -> None:
    """The command says what callers of the old name get, by a pattern too, and whose requests move."""
    text = (repository.project / "routes" / "all.yaml").read_text()
    said = {kind: run(repository, "rename", kind, old, new, "--dry-run").out for kind, old, new in RENAMES}
    assert "`claude` get `unknown_model`" in run(repository, "rename", "model", "claude", "opus", "--dry-run").out
    for kind, words in (("feature", "default model"), ("tenant", "default policy"), ("provider", "in `unavailable`")):
        assert words in said[kind]
    text = text.replace("candidates: all", 'candidates: all\n    aliases: ["cl*"]')
    for model, share in (("claude", "0.6"), ("mistral-large", "0.4")):
        text = text.replace(f"  {model}:\n", f"  {model}:\n    logical_slug: duo\n    share: {share}\n", 1)
    repository.write({"routes/all.yaml": text})
    assert "reach target `auto` now, by `cl*`" in run(repository, "rename", "model", "claude", "opus", "--dry-run").out
    logical = run(repository, "rename", "logical", "duo", "pair", "--dry-run").out
    assert "callers that send `duo` get `unknown_model` now" in logical
    assert "4,800 of 10,000 requests go to another" in logical
    assert "a target with the alias `duo` and `candidates: {logical: pair}`" in logical


def test_the_guards_of_a_tenant_are_named(repository: Repository) -> None:
    """Who still sends the old name of a tenant loses what kept models out, and is told what that was."""
    path = repository.project / "policies" / "guarded.yaml"
    guards = "{banned_models: [claude], stacks: [eu], budget: {daily_usd: 5.00}}"
    path.write_text(f"tenants:\n  guarded: {guards}\n")
    told = run(repository, "rename", "tenant", "guarded", "kept", "--dry-run").out
    assert "have the default policy now, without its banned models, stacks and budget" in told


def test_quotes_stay(repository: Repository) -> None:
    """A quoted slug is quoted afterwards; a plain one that would be read as nothing gets quotes."""
    path = repository.project / "routes" / "all.yaml"
    path.write_text(path.read_text().replace("  claude:\n", "  'claude':\n", 1))
    run(repository, "rename", "model", "claude", "opus")
    assert "  'opus':\n" in path.read_text()
    run(repository, "rename", "model", "mistral-large", "null")
    assert '"null":' in path.read_text()
    told = run(repository, "rename", "experiment", "nimbus", "nimbus", code=1).err
    assert told.startswith("error: experiment `nimbus` is called so already")


def test_every_format_tells_a_rename(repository: Repository) -> None:
    """Of a model that everything names there is one row; show says what it was."""
    run(repository, "rename", "model", "claude", "opus")
    for format in ("text", "markdown", "html", "json"):
        told = run(repository, "diff", "--format", format).out
        assert "renamed" in told, format
        assert "unknown_model" in told, format
        assert not any(word in told for word in ("removed", '"added"', "claude → opus; ")), format
    assert "was: claude" in run(repository, "show", "model", "opus").out
    assert json.loads(run(repository, "show", "model", "opus", "--json").out)["was"] == "claude"


def test_a_table_as_base(repository: Repository) -> None:
    """The rules of change and the difference take both names as one where the base is nothing but a table."""
    table = repository.project / "generated" / "routing_table.json"
    old = repository.project.parent / "routing_table.json"
    old.write_bytes(table.read_bytes())
    for kind, before, after in RENAMES:
        run(repository, "rename", kind, before, after)
    assert "RC5" not in run(repository, "check", "--against", str(old)).out
    changes = json.loads(run(repository, "diff", "--against", str(old), "--format", "json").out)["changes"]
    assert {change["what"] for change in changes} == {"renamed"}


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


def taken_out(repository: Repository) -> None:
    """Take every `was` out of the YAML, compile, and merge."""
    for path in repository.project.rglob("*.yaml"):
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.strip().startswith("was:")))
    run(repository, "compile")
    if repository.git("status", "--porcelain"):
        merge(repository, "names are done")


ROLLED_BACK: dict[str, tuple[list[str], str]] = {
    "the model before": (["promote", "claude opus", "-"], "opus"),
    "the model now": (["promote", "mistral-large large", "-"], "claude"),
    "both, twice": (["promote", "claude opus", "-", "mistral-large large", "-", "opus opus-5", "-"], "opus-5"),
    "there and back": (["promote", "claude opus", "-", "opus claude", "-"], "claude"),
    "there and back within": (["promote", "claude opus", "opus claude", "-"], "claude"),
    "there, promoted, and back": (["claude opus", "promote", "opus claude", "-"], "claude"),
    "there, back and there": (["promote", "claude opus", "-", "opus claude", "-", "claude opus", "-"], "opus"),
    "while `was` of a later one stands": (["promote", "claude opus", "-", "opus opus-5"], "opus-5"),
    "names change places": (["promote", "claude spare", "-", "mistral-large claude", "-", "spare large", "-"], "large"),
}
"""What is merged, one after another (`-`: every `was` is taken out), and the primary that a rollback leads to."""


@pytest.mark.parametrize("case", ROLLED_BACK)
def test_a_rollback_knows_the_names_that_history_gave(case: str, repository: Repository) -> None:
    """The model before is found under its name of today, whether or not `was` stands; audit knows the feature's."""
    steps, wanted = ROLLED_BACK[case]
    for step in steps:
        if step == "-":
            taken_out(repository)
            continue
        run(
            repository,
            *(["promote", "drafting", "mistral-large"] if step == "promote" else ["rename", "model", *step.split()]),
        )
        run(repository, "compile")
        merge(repository, step)
    run(repository, "rename", "feature", "drafting", "writing")
    merge(repository, "feature")
    taken_out(repository)
    run(repository, "rollback", "writing")
    merge(repository, "back")
    last = whole_ledger(repository.project)[-1]
    assert (last.feature, last.kind, last.new) == ("writing", "rollback", wanted)
    assert "promotion" in run(repository, "audit", "writing").out


def test_a_rollback_to_what_is_gone_says_so(repository: Repository) -> None:
    """No remedy names a model that is not declared, and another one that got its name is not promoted."""
    mistral = repository.project.joinpath("routes/all.yaml").read_text().partition("  mistral-large:\n")[2]
    spare = "".join(f"{line}\n" for line in mistral.splitlines()[:20] if line.startswith("    "))
    features = "features:\n  drafting:\n    models: {mistral-large: %s%s}\n    then: auto\n"
    for mine, other in (("shadow", ", spare: primary"), ("primary", ", spare: shadow"), ("primary", "")):
        repository.write({"routes/features.yaml": features % (mine, other)})
        repository.write({"routes/spare.yaml": f"models:\n  spare:\n{spare}"})
        if not other:
            (repository.project / "routes/spare.yaml").unlink()
        merge(repository, f"{mine}{other}")
    said = run(repository, "rollback", "drafting", code=1).err
    assert "model `spare`, the primary of feature `drafting` before `mistral-large`, is not declared any more" in said
    assert "routecomp shadow" not in said
    run(repository, "rename", "model", "claude", "spare")
    repository.commit("another")
    assert "`spare (before another got its name)`" in run(repository, "rollback", "drafting", code=1).err


EMPTY = ("{}", "{\n    }", "{  # nothing of its own\n    }")


@pytest.mark.parametrize("flow", [False, True], ids=["block", "flow"])
def test_a_body_that_says_nothing(flow: bool, repository: Repository) -> None:
    """A tenant may say nothing, and says what it was then; so does no other body, and null is none at all."""
    repository.write({"policies/tenants.yaml": "tenants: {berlin: {stacks: [eu]}}\n"})
    for kind, old, _ in RENAMES:
        folder = {"tenant": "policies", "experiment": "experiments"}.get(kind, "routes")
        path = repository.project / folder / "empty.yaml"
        for body in EMPTY if kind == "tenant" else ("{}",):
            path.write_text(f"{kind}s: {{{old}: {body}\n  }}\n" if flow else f"{kind}s:\n  {old}: {body}\n")
            if kind != "tenant":
                assert "internal" not in run(repository, "rename", kind, old, "new-name", code=1).err
                continue
            run(repository, "rename", kind, old, "new-name")
            assert path.read_text().count("was: acme") == 1
            assert ("# nothing" in path.read_text()) == ("#" in body)
        path.write_text(f"{kind}s: {{{old}: ~}}\n" if flow else f"{kind}s:\n  {old}:\n")
        assert "internal" not in run(repository, "rename", kind, old, "new-name", code=1).err
        path.unlink()


@pytest.mark.parametrize(
    "text", ["tenants:\n  acme: {was: old}\n", "tenants: {acme: {'was': old}}\n", "tenants:\n  acme:\n    was: old\n"]
)
def test_nothing_but_the_old_name(text: str, repository: Repository) -> None:
    """What says nothing but what it was says nothing once it is called so again."""
    repository.write({"policies/tenants.yaml": text})
    run(repository, "rename", "tenant", "acme", "old")
    written = (repository.project / "policies/tenants.yaml").read_text()
    assert written in ("tenants:\n  old: {}\n", "tenants: {old: {}}\n")


@pytest.mark.parametrize(
    ("place", "keep"),
    [(0, Repository.commit), (1, Repository.commit), (1, merge), (2, Repository.commit)],
    ids=["before", "between", "between, each merged", "after"],
)
def test_a_rollback_after_two_renames(
    place: int, keep: Callable[[Repository, str], None], repository: Repository
) -> None:
    """A feature and a model are renamed twice around a promotion; `was` stays the first name, and is none of today."""
    names = [("drafting", "claude"), ("writing", "opus"), ("authoring", "opus-5")]
    for step, (feature, _) in enumerate(names):
        if step == place:
            run(repository, "promote", feature, "mistral-large")
            keep(repository, "promoted")
        if step < 2:
            for kind, old, new in zip(("feature", "model"), names[step], names[step + 1], strict=True):
                run(repository, "rename", kind, old, new)
            if step == 1 and place < 2:  # not committed yet
                assert "-> opus-5" in run(repository, "rollback", "authoring", "--dry-run").out
            keep(repository, f"renamed {step}")
    features = repository.project / "routes/features.yaml"
    features.write_text(features.read_text() + "# more\n")
    keep(repository, "the same names again")
    run(repository, "rollback", "authoring")
    keep(repository, "back")
    last = whole_ledger(repository.project)[-1]
    assert (last.feature, last.kind, last.new) == ("authoring", "rollback", "opus-5")
