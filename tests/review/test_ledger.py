"""The ledger reads right whatever happened in the history: moves, merges, squashes, reverts, broken commits."""

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
    """The ledger of the feature, oldest first."""
    return [entry for entry in whole_ledger(repository.project, head) if entry.feature == "support-chat"]


def whole_ledger(project: Path, head: str = "HEAD") -> list[LedgerEntry]:
    """The ledger of every feature, oldest first."""
    with Snapshot(str(project)) as snapshot:
        found = snapshot.repository()
        assert found is not None
        return ledger(found, 1 << 20, head)


def changes(repository: Repository, head: str = "HEAD") -> list[tuple[str, str | None, str | None, str]]:
    """Kind, old, new and the subject of each entry."""
    return [(one.kind, one.old, one.new, one.subject) for one in entries(repository, head)]


def audit(repository: Repository, *arguments: str) -> Ran:
    """Run `routecomp audit`."""
    return in_process(["audit", *arguments], repository.project)


BEGIN = ("initial", None, "claude", "begin")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one feature in one commit."""
    return small(tmp_path / "r")


def swapped(repository: Repository, model: str, incumbent: str, message: str) -> str:
    """A commit that promotes."""
    promote(repository, model, incumbent)
    return repository.commit(message)


def test_a_long_random_history(tmp_path: Path) -> None:
    """800 commits with promotions, moves, rewordings and merged branches: every entry, in order, by its commit."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
    try:
        history = importlib.import_module("support.histories").history
    finally:
        sys.path.pop(0)
    expected = history(tmp_path / "h", 800, 7)
    told = whole_ledger(tmp_path / "h")
    assert [(one.feature, one.old, one.new, one.subject) for one in told] == [
        (one.feature, one.old, one.new, one.subject) for one in expected
    ]
    assert sum(one.merge is not None for one in told) > 50
    assert all(dict(one.reviewers)["Reviewed-by"].startswith("Grace") for one in told)
    last: dict[str, str | None] = {}
    for one in told:
        assert one.old == last.get(one.feature)
        last[one.feature] = one.new


def test_kinds(repository: Repository) -> None:
    """Promotion, its rollback, the promotion again; a model that was no shadow is a swap; a feature may go."""
    swapped(repository, "mistral-large", "claude", "one")
    swapped(repository, "claude", "mistral-large", "two")
    swapped(repository, "mistral-large", "claude", "three")
    swapped(repository, "qwen", "mistral-large", "four")
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
    """`git revert` of a promotion reads as a rollback, and the revert of that as a promotion."""
    swapped(repository, "llama", "claude", "up")
    repository.git("revert", "--no-edit", "HEAD")
    repository.git("revert", "--no-edit", "HEAD")
    assert [one[:3] for one in changes(repository)] == [
        BEGIN[:3],
        ("promotion", "claude", "llama"),
        ("rollback", "llama", "claude"),
        ("promotion", "claude", "llama"),
    ]


def test_files_and_projects_that_move(tmp_path: Path) -> None:
    """A renamed file, a feature that moves into another one, a project that moves into a folder: no entries."""
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
    """The commit and its author are the branch's; when it came is the merge's; both have reviewers."""
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
    """What the line held is what counts, merged or squashed: from what it had to what it got."""
    for how in ("--no-ff", "--squash"):
        repository.git("switch", "-q", "-C", "side", "main")
        now = entries(repository)[-1].new
        assert now is not None
        others = [model for model in ("claude", "mistral-large", "llama") if model != now]
        swapped(repository, others[0], now, "one")
        swapped(repository, others[1], others[0], f"two {how}")
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
    """Both sides promoted another one: the line goes on from what it had to what the merge chose."""
    repository.git("switch", "-q", "-c", "side")
    swapped(repository, "llama", "claude", "theirs")
    repository.git("switch", "-q", "main")
    swapped(repository, "mistral-large", "claude", "ours")
    repository.git("merge", "-q", "--no-commit", "side")  # clean as text: two primaries
    repository.git("checkout", "-q", "side", "--", FEATURES)
    repository.commit("resolved")
    assert changes(repository)[1:] == [
        ("promotion", "claude", "mistral-large", "ours"),
        ("promotion", "mistral-large", "llama", "theirs"),
    ]


def test_broken_versions_say_nothing(repository: Repository) -> None:
    """Conflict markers, two primaries, none: what was live before stays so until a version says something."""
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
    assert [one[3] for one in changes(repository)] == ["begin", "whole again", "in one"]


def test_two_primaries_that_a_later_commit_settles(repository: Repository) -> None:
    """The change is put down to the commit that settled it, and is a promotion: the model was a shadow before."""
    good = (repository.project / FEATURES).read_text()
    repository.write({FEATURES: good.replace("llama: shadow", "llama: primary")})
    repository.commit("two primaries")
    repository.edit(FEATURES, ("claude: primary", "claude: shadow"))
    repository.commit("settled")
    assert changes(repository) == [BEGIN, ("promotion", "claude", "llama", "settled")]


def test_a_shallow_clone_says_so(repository: Repository, tmp_path: Path) -> None:
    """Its first commit is no beginning, and the note says that."""
    swapped(repository, "llama", "claude", "up")
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.root}", str(tmp_path / "clone"))
    ran = in_process(["audit", "support-chat"], tmp_path / "clone")
    assert ran.code == 0
    assert "shallow" in ran.err
    assert "initial" in ran.out


def test_json_and_csv_say_the_same(repository: Repository) -> None:
    """Both formats hold every field; a text that a spreadsheet would take for a formula does not begin a cell."""
    promote(repository, "llama")
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", '=HYPERLINK("x")\n\nReviewed-by: =1+1 <x@example.com>')
    records: list[dict[str, Any]] = json.loads(audit(repository, "--json").out)
    rows = list(csv.DictReader(io.StringIO(audit(repository, "--csv").out)))
    assert len(records) == len(rows) == 2
    for record, row in zip(records, rows, strict=True):
        people = "; ".join(f"{one['trailer']}: {one['person']}" for one in record.pop("reviewers"))
        assert people == row.pop("reviewers")
        assert {key: value or "" for key, value in record.items()} == {
            key: value.removeprefix("'") for key, value in row.items()
        }
    assert rows[0]["subject"].startswith("'=")


def test_what_has_no_history(tmp_path: Path, repository: Repository) -> None:
    """No repository, a feature nobody knows: a message, and exit code 2."""
    ran = audit(repository, "support-chta")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean `support-chat`?" in ran.err
    (tmp_path / "none" / "routes").mkdir(parents=True)
    ran = in_process(["audit"], tmp_path / "none")
    assert ran.code == 2
    assert "no Git repository" in ran.err


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
    """The quick way through a file gives what parsing all of it gives, or leaves the file to that."""
    reader = RowReader(1 << 20)
    quick = reader._read_by_feature(text.encode())
    assert quick is None or quick == reader._read_whole(text.encode()) or reader._read_whole(text.encode()) is None
    assert reader.read(text.encode()) == reader._read_whole(text.encode())
