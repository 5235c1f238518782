"""Test the ledger of primaries over histories with moves, merges, squashes, reverts and unreadable commits."""

from __future__ import annotations

import csv
import importlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from routecomp.review.ledger.events import RowReader
from routecomp.workspace.git.ledger import LedgerEntry, ledger
from routecomp.workspace.git.snapshot import Snapshot
from tests.cli.repository import Repository, promote, small
from tests.cli.transcripts import Ran, in_process

FEATURES = "routes/features.yaml"


def entries(repository: Repository, head: str = "HEAD") -> list[LedgerEntry]:
    """Return the ledger of the feature, oldest first."""
    return [entry for entry in whole_ledger(repository.project, head) if entry.feature == "support-chat"]


def whole_ledger(project: Path, head: str = "HEAD") -> list[LedgerEntry]:
    """Return the ledger of every feature, oldest first."""
    with Snapshot(str(project)) as snapshot:
        repository = snapshot.repository()
        assert repository is not None
        return list(ledger(repository, 1 << 20, head).entries)


def changes(repository: Repository, head: str = "HEAD") -> list[tuple[str, str | None, str | None, str]]:
    """Return the kind, old model, new model and subject of each entry."""
    return [(entry.kind, entry.old, entry.new, entry.subject) for entry in entries(repository, head)]


def audit(repository: Repository, *arguments: str) -> Ran:
    """Run `routecomp audit`."""
    return in_process(["audit", *arguments], repository.project)


BEGIN = ("initial", None, "claude", "begin")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a repository with one feature in one commit."""
    return small(tmp_path / "r")


def commit_promotion(repository: Repository, model: str, incumbent: str, message: str) -> str:
    """Commit a promotion."""
    promote(repository, model, incumbent)
    return repository.commit(message)


def test_a_long_random_history(tmp_path: Path) -> None:
    """In 800 commits with promotions, moves, rewordings and merges, each promotion is one entry with its commit."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
    try:
        history = importlib.import_module("support.histories").history
    finally:
        sys.path.pop(0)
    expected = history(tmp_path / "h", 800, 7)
    actual = whole_ledger(tmp_path / "h")
    assert [(entry.feature, entry.old, entry.new, entry.subject) for entry in actual] == [
        (entry.feature, entry.old, entry.new, entry.subject) for entry in expected
    ]
    assert sum(entry.merge is not None for entry in actual) > 50
    assert all(dict(entry.reviewers)["Reviewed-by"].startswith("Grace") for entry in actual)
    last: dict[str, str | None] = {}
    for entry in actual:
        assert entry.old == last.get(entry.feature)
        last[entry.feature] = entry.new


def test_kinds(repository: Repository) -> None:
    """An entry is a promotion, a rollback, a swap (the model was no shadow), or the removal of a feature."""
    commit_promotion(repository, "mistral-large", "claude", "one")
    commit_promotion(repository, "claude", "mistral-large", "two")
    commit_promotion(repository, "mistral-large", "claude", "three")
    commit_promotion(repository, "qwen", "mistral-large", "four")
    (repository.project / FEATURES).unlink()
    repository.commit("five")
    assert changes(repository) == [
        BEGIN,
        ("promotion", "claude", "mistral-large", "one"),
        ("rollback", "mistral-large", "claude", "two"),
        ("promotion", "claude", "mistral-large", "three"),
        ("swap", "mistral-large", "qwen", "four"),
        ("removed", "qwen", None, "five"),
    ]


def test_a_revert_is_a_rollback(repository: Repository) -> None:
    """`git revert` of a promotion is a rollback, and the revert of that is a promotion."""
    commit_promotion(repository, "llama", "claude", "up")
    repository.git("revert", "--no-edit", "HEAD")
    repository.git("revert", "--no-edit", "HEAD")
    assert [change[:3] for change in changes(repository)] == [
        BEGIN[:3],
        ("promotion", "claude", "llama"),
        ("rollback", "llama", "claude"),
        ("promotion", "claude", "llama"),
    ]


def test_files_and_projects_that_move(tmp_path: Path) -> None:
    """Moving a file, a feature to another file, or the project to another folder makes no entry."""
    repository = small(tmp_path / "r")
    repository.git("mv", FEATURES, "routes/renamed.yml")
    repository.commit("rename")
    text = (repository.project / "routes/renamed.yml").read_text()
    repository.git("rm", "-q", "routes/renamed.yml")
    all_ = repository.project / "routes/all.yaml"
    all_.write_text(all_.read_text() + text)
    repository.commit("into another file")
    (repository.root / "config").mkdir()
    repository.git("mv", "routes", "policies", "config")
    repository.commit("into a folder")
    repository.project = repository.root / "config"
    repository.edit("routes/all.yaml", ("claude: primary", "claude: shadow"), ("llama: shadow", "llama: primary"))
    repository.commit("up")
    assert changes(repository) == [BEGIN, ("promotion", "claude", "llama", "up")]


def test_a_merge_is_put_down_to_who_made_the_change(repository: Repository) -> None:
    """A merged change has the branch's commit and author, the merge's time, and the reviewers of both."""
    repository.git("switch", "-q", "-c", "side")
    promote(repository, "llama")
    repository.git("add", "-A")
    repository.git(
        "-c",
        "user.name=Bob",
        "commit",
        "-q",
        "-m",
        "up\n\nReviewed-by: Grace <g@example.com>",
        "--author",
        "Bob <bob@example.com>",
        "--date",
        "2026-01-01T00:00:00Z",
    )
    made = repository.git("rev-parse", "HEAD")
    repository.git("switch", "-q", "main")
    repository.write({"note.txt": "x"})
    repository.commit("meanwhile")
    repository.git("merge", "-q", "--no-ff", "-m", "merge\n\nSigned-off-by: Carol <c@example.com>", "side")
    merge = repository.git("rev-parse", "HEAD")
    last = entries(repository)[-1]
    assert (last.old, last.new, last.commit, last.merge, last.author) == ("claude", "llama", made, merge, "Bob")
    assert last.time.startswith("2026-11-20")
    assert last.reviewers == (("Reviewed-by", "Grace <g@example.com>"), ("Signed-off-by", "Carol <c@example.com>"))


def test_a_branch_of_several_promotions_is_one_change(repository: Repository) -> None:
    """A branch, merged or squashed, makes one entry from the old primary to the last one."""
    for how in ("--no-ff", "--squash"):
        repository.git("switch", "-q", "-C", "side", "main")
        now = entries(repository)[-1].new
        assert now is not None
        others = [model for model in ("claude", "mistral-large", "llama") if model != now]
        commit_promotion(repository, others[0], now, "one")
        commit_promotion(repository, others[1], others[0], f"two {how}")
        repository.git("switch", "-q", "main")
        repository.git("merge", "-q", how, "side")
        if how == "--squash":
            repository.git("commit", "-q", "-m", "squashed\n\nCo-authored-by: Bob <b@example.com>")
        last = entries(repository)[-1]
        assert (last.old, last.new) == (now, others[1])
        assert last.subject == ("squashed" if how == "--squash" else "two --no-ff")
    assert entries(repository)[-1].reviewers == (("Co-authored-by", "Bob <b@example.com>"),)
    assert len(entries(repository)) == 3


def test_a_conflict_that_a_merge_resolved(repository: Repository) -> None:
    """Where both sides promoted, the entries follow the first parent's line to what the merge chose."""
    repository.git("switch", "-q", "-c", "side")
    commit_promotion(repository, "llama", "claude", "theirs")
    repository.git("switch", "-q", "main")
    commit_promotion(repository, "mistral-large", "claude", "ours")
    repository.git("merge", "-q", "--no-commit", "side")  # clean as text: two primaries
    repository.git("checkout", "-q", "side", "--", FEATURES)
    repository.commit("resolved")
    assert changes(repository)[1:] == [
        ("promotion", "claude", "mistral-large", "ours"),
        ("promotion", "mistral-large", "llama", "theirs"),
    ]


def test_broken_versions_say_nothing(repository: Repository) -> None:
    """Versions with conflict markers or without exactly one primary make no entry; the old primary stays."""
    good = (repository.project / FEATURES).read_text()
    two = good.replace("      llama: shadow\n", "").replace("      claude", "      llama: primary\n      claude")
    for broken in (
        "<<<<<<< HEAD\n" + good,
        good.replace("llama: shadow", "llama: primary"),
        two,
        good.replace("claude: primary", "claude: shadow"),
        "features: [\n",
        good + good,
    ):
        repository.write({FEATURES: broken})
        repository.commit("broken")
    repository.write(
        {FEATURES: good.replace("claude: primary", "claude: shadow").replace("llama: shadow", "llama: primary")}
    )
    repository.commit("whole again")
    assert changes(repository) == [BEGIN, ("promotion", "claude", "llama", "whole again")]
    now = (repository.project / FEATURES).read_text()
    repository.write(
        {
            "routes/twice.yaml": now.replace("llama: primary", "llama: shadow").replace(
                "claude: shadow", "claude: primary"
            )
        }
    )
    repository.commit("in two files")
    repository.git("rm", "-q", FEATURES)
    repository.commit("in one")
    assert [change[3] for change in changes(repository)] == ["begin", "whole again", "in one"]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"# nothing but a comment\n",
        b"\x00\x01\x02",
        "features:\n".encode("utf-16"),
        b"features:\n\tsupport-chat: {}\n",
        b"just a text\n",
        b"<<<<<<< HEAD\n",
        None,
    ],
)
def test_a_version_that_cannot_be_read_changes_nothing(repository: Repository, broken: bytes | None) -> None:
    """A file that is empty, binary, broken or a link in a commit ends no feature; a note names the commit."""
    good = (repository.project / FEATURES).read_text()
    if broken is None:
        (repository.project / FEATURES).unlink()
        (repository.project / FEATURES).symlink_to("more.yaml")
    else:
        repository.write({FEATURES: broken})
    unread = repository.commit("broken")
    assert changes(repository) == [BEGIN]
    (repository.project / FEATURES).unlink()
    repository.write({FEATURES: good})
    repository.commit("repaired")
    commit_promotion(repository, "llama", "claude", "promoted")
    assert changes(repository) == [BEGIN, ("promotion", "claude", "llama", "promoted")]
    ran = audit(repository)
    assert ran.err == (
        f"note: commit {unread[:10]}: {FEATURES} cannot be read; its features count as they were before\n"
    )


def test_a_feature_without_its_models_is_not_removed(repository: Repository) -> None:
    """A feature whose `models` is misspelt in a commit is broken there, and goes on as it was."""
    repository.edit(FEATURES, ("models:", "modls:"))
    repository.commit("a typo")
    repository.edit(FEATURES, ("modls:", "models:"))
    repository.commit("repaired")
    assert changes(repository) == [BEGIN]


def test_two_primaries_that_a_later_commit_settles(repository: Repository) -> None:
    """Two primaries settled by a later commit are a promotion in that commit."""
    good = (repository.project / FEATURES).read_text()
    repository.write({FEATURES: good.replace("llama: shadow", "llama: primary")})
    repository.commit("two primaries")
    repository.edit(FEATURES, ("claude: primary", "claude: shadow"))
    repository.commit("settled")
    assert changes(repository) == [BEGIN, ("promotion", "claude", "llama", "settled")]


def test_a_shallow_clone_says_so(repository: Repository, tmp_path: Path) -> None:
    """The first commit of a shallow clone is no beginning of a feature, and a note says so."""
    commit_promotion(repository, "llama", "claude", "up")
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.root}", str(tmp_path / "clone"))
    result = in_process(["audit", "support-chat"], tmp_path / "clone")
    assert result.code == 0
    assert "shallow" in result.err
    assert "initial" in result.out


def test_json_and_csv_say_the_same(repository: Repository) -> None:
    """JSON and CSV hold every field; no CSV cell begins as a spreadsheet formula."""
    promote(repository, "llama")
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", '=HYPERLINK("x")\n\nReviewed-by: =1+1 <x@example.com>')
    records: list[dict[str, Any]] = json.loads(audit(repository, "--json").out)
    rows = list(csv.DictReader(io.StringIO(audit(repository, "--csv").out)))
    assert len(records) == len(rows) == 2
    for record, row in zip(records, rows, strict=True):
        people = "; ".join(f"{reviewer['trailer']}: {reviewer['person']}" for reviewer in record.pop("reviewers"))
        assert people == row.pop("reviewers")
        assert {key: value or "" for key, value in record.items()} == {
            key: value.removeprefix("'") for key, value in row.items()
        }
    assert rows[0]["subject"].startswith("'=")


def test_what_has_no_history(tmp_path: Path, repository: Repository) -> None:
    """Without a repository, or for an unknown feature, there is a message and exit code 2."""
    result = audit(repository, "support-chta")
    assert (result.code, result.out) == (2, "")
    assert "did you mean `support-chat`?" in result.err
    (tmp_path / "none" / "routes").mkdir(parents=True)
    result = in_process(["audit"], tmp_path / "none")
    assert result.code == 2
    assert "no Git repository" in result.err


@pytest.mark.parametrize(
    "text",
    [
        "features:\n  a: {models: {m: primary}}\n  b:\n    models: {m: shadow}\n",
        "# x\nmodels: {}\nfeatures:   \n\n  # c\n  a:\n    models:\n      m: primary # y\n\n"
        "  b: {models: {n: primary}}\nx: 1\n",
        "features: {a: {models: {m: primary}}}\n",
        "features:\n  a:\n    description: |\n      features:\n        b\n    models: {m: primary}\n",
        "features:\r\n  a: {models: {m: primary}}\r\n",
        '"features":\n  a: {models: {m: primary}}\n',
        "features:\n  a: {models: {m: primary}}\n  a: {models: {m: shadow}}\n",
        "features:\n    a: {models: {m: primary}}\n  b: {models: {m: shadow}}\n",
        "features:\n  a: {models: {m: primary},\n    then: x}\n  b: {models: {m: shadow}}\n",
        "features:\n  a: {models: {m: primary}\n",
        "features:\n",
        "features: []\n",
        "features:\nmodels: {}\n",
    ],
)
def test_reading_by_feature_is_reading(text: str) -> None:
    """Reading a file feature by feature gives the rows of the whole file, or None."""
    reader = RowReader(1 << 20)
    quick = reader._read_by_feature(text.encode())
    assert quick is None or quick == reader._read_whole(text.encode()) or reader._read_whole(text.encode()) is None
    assert reader.read(text.encode()) == reader._read_whole(text.encode())
