"""A project that is moved is judged as one that stays: its base is looked for where the base branch holds it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from routecomp.workspace.git.process import NO_BASE
from tests.cli.repository import Repository, promote, small
from tests.cli.transcripts import in_process

MOVED = "note: this project stood in llm/, and is compared with what stood there\n"
BESIDE = (
    "note: eu/ declares what llm/ does, which stays: it counts as a new project, with migrations of its own, and no "
    "rule of change is asked; to move it instead, take llm/ away in this same change\n"
)
PROMOTED = "error[RC502]: model `gemini` becomes primary of feature `support-chat` straight from retired\n"


def move(repository: Repository, folder: str) -> None:
    """Move the project, with whatever lies in its folder, to another one of its repository."""
    target = repository.root / folder
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(repository.project.iterdir()):
        if path.name not in (".git", target.name):
            shutil.move(path, target / path.name)
    repository.project = target


def stay(repository: Repository) -> None:
    """Leave the project where it is."""


def rename(repository: Repository) -> None:
    """Rename the folder."""
    move(repository, "routing")


def deepen(repository: Repository) -> None:
    """Move the project a folder deeper, below its old one."""
    move(repository, "llm/gateway")


def to_the_top(repository: Repository) -> None:
    """Move the project to the top of its repository."""
    move(repository, ".")


def change_case(repository: Repository) -> None:
    """Rename the folder in its case alone."""
    move(repository, "LLM")


def leave_a_link(repository: Repository) -> None:
    """Rename the folder, and leave a symbolic link at the old name."""
    rename(repository)
    (repository.root / "llm").rmdir()
    (repository.root / "llm").symlink_to("routing")


def leave_a_stub(repository: Repository) -> None:
    """Rename the folder, and leave a few files of it behind."""
    rename(repository)
    repository.write({"../llm/routes/kept.yaml": "providers: {}\n"})
    shutil.copytree(repository.project / "policies", repository.root / "llm/policies")


def leave_it_untracked(repository: Repository) -> None:
    """Copy the folder, and take the old one out of Git alone."""
    shutil.copytree(repository.project, repository.root / "routing")
    repository.git("rm", "-rq", "--cached", "llm")
    repository.write({"../.gitignore": "/llm/\n"})
    repository.project = repository.root / "routing"


def with_edits_everywhere(repository: Repository) -> None:
    """Rename the folder, and write a comment into each line of each file."""
    rename(repository)
    for path in repository.project.rglob("*.yaml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(f"{line} # mine" if line.strip() else line for line in lines) + "\n")


def files_renamed(repository: Repository) -> None:
    """Rename the folder and files in it."""
    rename(repository)
    for name in ("routes/more.yaml", "policies/tenants.yaml"):
        path = repository.project / name
        path.rename(path.with_name(f"my-{path.name}"))


def settings_moved(repository: Repository) -> None:
    """Rename the folder, and move the settings from one file to the other."""
    rename(repository)
    (repository.project / "routecomp.yaml").unlink()
    repository.write({"pyproject.toml": '[tool.routecomp]\noutput = "made"\n'})


def beside_a_skeleton(repository: Repository) -> None:
    """Move the project to a folder that a change before has prepared."""
    repository.git("switch", "-q", "main")
    repository.write({"../routing/routes/features.yaml": "features: {}\n"})
    repository.commit("prepare")
    repository.git("switch", "-q", "work")
    repository.git("merge", "-q", "main")
    shutil.rmtree(repository.root / "routing")
    rename(repository)


def beside_another_project(repository: Repository) -> None:
    """Rename the folder where another project, much like it, stays."""
    repository.git("switch", "-q", "main")
    shutil.copytree(repository.project, repository.root / "other")
    repository.commit("another project")
    repository.git("switch", "-q", "work")
    repository.git("merge", "-q", "main")
    rename(repository)


LAYOUTS = [
    rename,
    deepen,
    to_the_top,
    change_case,
    leave_a_link,
    leave_a_stub,
    leave_it_untracked,
    with_edits_everywhere,
    files_renamed,
    settings_moved,
    beside_a_skeleton,
    beside_another_project,
]


def illegal_promotion(repository: Repository) -> None:
    """Promote a retired model."""
    repository.edit(
        "routes/features.yaml", ("claude: primary", "claude: shadow"), ("gemini: retired", "gemini: primary")
    )


def illegal_removal(repository: Repository) -> None:
    """Take the incumbent out of its feature."""
    text = (repository.project / "routes/features.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "claude" not in line]
    repository.write(
        {"routes/features.yaml": "\n".join(lines).replace("mistral-large: shadow", "mistral-large: primary")}
    )


def begin(root: Path) -> Repository:
    """Make a repository with a small project in llm/ and a branch `work`."""
    repository = small(root, "llm")
    repository.write({"routecomp.yaml": "output: made\n", ".gitignore": ".routecomp/\n"})
    repository.commit("settings")
    repository.git("switch", "-q", "-c", "work")
    return repository


@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize("edit", [illegal_promotion, illegal_removal])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_move_hides_nothing(
    layout: Callable[[Repository], None], edit: Callable[[Repository], None], is_committed: bool, tmp_path: Path
) -> None:
    """Whatever way the project is moved, `check` refuses what it refuses where the project stays."""
    rules = {"illegal_promotion": "RC502", "illegal_removal": "RC503"}
    repository = begin(tmp_path / "project")
    layout(repository)
    edit(repository)
    if is_committed:
        repository.commit("moved")
    ran = repository.check()
    assert (ran.code, rules[edit.__name__] in ran.out) == (1, True), ran.out + ran.err
    assert "main:llm/routes/features.yaml" in ran.out
    assert ran.err == MOVED


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_move_changes_no_answer(layout: Callable[[Repository], None], tmp_path: Path) -> None:
    """A moved project and one that stays give the same findings of change, and the same `diff`."""
    answers = []
    for number, way in enumerate((stay, layout)):
        repository = begin(tmp_path / str(number))
        way(repository)
        promote(repository, "mistral-large")
        repository.edit("routes/all.yaml", ("quality: 0.70", "quality: 0.69"))
        report = json.loads(repository.check("--json").out)
        findings = [(finding["rule"], finding["message"]) for finding in report["findings"]]
        change = json.loads(in_process(["diff", "--json"], repository.project).out)
        answers.append((findings, change["decisions"], [_without_places(row) for row in change["changes"]]))
    assert answers[0][1]["changed"] > 0
    assert answers[0] == answers[1]


def _without_places(row: dict[str, object]) -> dict[str, object]:
    """Return a row of `diff` without files and lines, which a move may change."""
    return {key: value for key, value in row.items() if key not in ("was", "now")}


def test_a_new_project_beside_the_old_one_is_new(tmp_path: Path) -> None:
    """A copy, with other decisions, is no move: what it declares is new, also while the old one changes."""
    repository = begin(tmp_path / "project")
    assert in_process(["compile"], repository.project).code == 0
    shutil.copytree(repository.project, repository.root / "eu")
    promote(repository, "mistral-large")
    repository.project = repository.root / "eu"
    illegal_promotion(repository)
    ran = repository.check()
    assert (ran.code, ran.err) == (0, BESIDE), ran.out
    anew = BESIDE.removesuffix("\n") + "; migrations that came with the copy are written anew"
    for command in (["compile", "--check"], ["compile"]):
        assert anew in in_process(command, repository.project).err
    assert in_process(["compile"], repository.project).err == "", "nothing is written anew"
    repository.commit("a region of its own")
    ran = repository.check()
    assert (ran.code, ran.err) == (0, BESIDE), ran.out


def test_a_move_that_leaves_half_of_the_names_takes_the_migrations_along(tmp_path: Path) -> None:
    """Where a project's migrations went is where it went, though a feature or a target of it is left behind."""
    repository = begin(tmp_path / "project")
    repository.git("switch", "-q", "main")
    assert in_process(["compile"], repository.project).code == 0
    repository.commit("compiled")
    repository.git("switch", "-qC", "work")
    left = (repository.project / "routes/features.yaml").read_text(encoding="utf-8")
    released = {path.name: path.read_bytes() for path in repository.project.rglob("0001_*.sql")}
    rename(repository)
    repository.write({"../llm/routes/features.yaml": left})
    illegal_promotion(repository)
    ran = repository.check()
    assert (ran.code, "RC502" in ran.out, ran.err) == (1, True, MOVED), ran.out
    repository.edit(
        "routes/features.yaml", ("gemini: primary", "gemini: retired"), ("claude: shadow", "claude: primary")
    )
    repository.edit("routes/all.yaml", ("quality: 0.70", "quality: 0.69"))
    for is_committed in (False, True):
        if is_committed:
            repository.commit("moved")
        assert in_process(["compile"], repository.project).code == 0
        kept = {path.name: path.read_bytes() for path in repository.project.rglob("000*.sql")}
        assert kept.items() >= released.items()
        assert any(name.startswith("0002_") for name in kept)
        assert repository.check().code == 0


def test_a_copy_beside_one_that_is_not_checked_out_is_new(tmp_path: Path) -> None:
    """A sparse checkout leaves the old project out of the disk, which does not move it."""
    repository = begin(tmp_path / "project")
    shutil.copytree(repository.project, repository.root / "eu")
    repository.commit("a region of its own")
    repository.git("sparse-checkout", "set", "eu")
    assert not repository.project.exists()
    repository.project = repository.root / "eu"
    illegal_promotion(repository)
    ran = repository.check()
    assert (ran.code, ran.err) == (0, BESIDE), ran.out


def test_another_project_in_place_of_the_old_one_is_new(tmp_path: Path) -> None:
    """Where a project goes and one of other names comes, the second is new."""
    repository = begin(tmp_path / "project")
    rename(repository)
    others = {"support-chat": "search", "auto": "best", "claude": "sonnet", "mistral": "nova", "berlin": "paris"}
    others |= {"gemini": "pro", "qwen": "q", "acme": "shop"}
    for path in repository.project.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        for old, new in others.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    ran = repository.check()
    assert (ran.code, ran.err) == (0, ""), ran.out


def test_two_projects_that_fit_equally_are_refused(tmp_path: Path) -> None:
    """Where two folders are gone and either may be where the project stood, `check` says both and refuses."""
    repository = begin(tmp_path / "project")
    repository.git("switch", "-q", "main")
    shutil.copytree(repository.project, repository.root / "old")
    repository.commit("two that are alike")
    repository.git("switch", "-q", "-c", "move")
    rename(repository)
    shutil.rmtree(repository.root / "old")
    illegal_promotion(repository)
    for command in ("check", "diff"):
        ran = in_process([command], repository.project)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == (
            "error: llm/ and old/ of the commit to compare with are gone, and what is in routing/ may have stood in "
            "either\n  = help: move one project in a change of its own, before the other one is moved or removed; "
            f"{NO_BASE}\n"
        )


def test_two_projects_that_move_together_keep_their_own_bases(tmp_path: Path) -> None:
    """Of two projects with the same names, each is compared with the one that it is most like."""
    repository = begin(tmp_path / "project")
    repository.git("switch", "-q", "main")
    shutil.copytree(repository.project, repository.root / "eu")
    (repository.root / "eu/routes/all.yaml").write_text(
        (repository.root / "llm/routes/all.yaml").read_text().replace("quality: 0.70", "quality: 0.71")
    )
    repository.commit("a region of its own")
    repository.git("switch", "-q", "-c", "move")
    rename(repository)
    (repository.root / "eu").rename(repository.root / "europe")
    for folder, old in (("routing", "llm"), ("europe", "eu")):
        repository.project = repository.root / folder
        illegal_promotion(repository)
        assert f"main:{old}/routes/features.yaml" in repository.check().out


def test_a_link_to_the_project_and_another_folder_of_ours_find_it_too(tmp_path: Path) -> None:
    """`--root`, a root behind a symbolic link and a work tree of its own see the same base."""
    repository = begin(tmp_path / "project")
    rename(repository)
    illegal_promotion(repository)
    (tmp_path / "link").symlink_to(repository.project)
    for root in (repository.project, tmp_path / "link"):
        ran = in_process(["check", "--root", str(root)], tmp_path)
        assert PROMOTED in ran.out
        assert ran.err == MOVED
    repository.commit("moved")
    repository.git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"), "work")
    assert PROMOTED in in_process(["check", "--root", str(tmp_path / "tree/routing")], tmp_path).out


def test_a_shallow_clone_with_a_base_finds_a_moved_project(tmp_path: Path) -> None:
    """Where the clone holds the base's commit, its history is not needed; where it does not, it is refused."""
    repository = begin(tmp_path / "project")
    rename(repository)
    illegal_promotion(repository)
    repository.commit("moved")
    repository.git("switch", "-q", "main")
    clone = Repository.__new__(Repository)
    clone.root = tmp_path / "clone"
    clone.project = clone.root / "routing"
    url = f"file://{repository.root}"
    repository.git("clone", "-q", "--depth", "2", "--no-single-branch", "-b", "work", url, str(clone.root))
    assert PROMOTED in clone.check().out
    shutil.rmtree(clone.root)
    repository.git("clone", "-q", "--depth", "1", "-b", "work", url, str(clone.root))
    assert clone.check().code == 2


@pytest.mark.parametrize("moves", [False, True])
def test_the_base_is_read_under_its_own_settings(moves: bool, tmp_path: Path) -> None:
    """A file that the base's settings allow is read from it, though today's would refuse it as too large."""
    repository = small(tmp_path / "project", "llm")
    features = (repository.project / "routes/features.yaml").read_text(encoding="utf-8")
    repository.write({"routes/features.yaml": features + "# filling\n" * 400, "routecomp.yaml": "output: made\n"})
    repository.commit("a large file")
    repository.git("switch", "-q", "-c", "work")
    if moves:
        rename(repository)
    repository.write({"routes/features.yaml": features, "routecomp.yaml": "max_file_bytes: 2048\n"})
    illegal_promotion(repository)
    assert PROMOTED in repository.check().out
    assert "RC502" in in_process(["diff"], repository.project).out


def test_wrong_settings_of_the_base_are_said(tmp_path: Path) -> None:
    """Settings on the base that cannot be read do not stop the change that repairs them."""
    repository = small(tmp_path / "project", "llm")
    repository.write({"routecomp.yaml": "outptu: made\n"})
    repository.commit("a typo")
    repository.git("switch", "-q", "-c", "work")
    repository.write({"routecomp.yaml": "output: made\n"})
    ran = repository.check()
    assert (ran.code, ran.err) == (
        0,
        "note: the settings in llm/ of the commit to compare with are wrong, so today's count for it: "
        "the settings in routecomp.yaml are wrong\n",
    )


def test_commands_that_edit_judge_a_moved_project(tmp_path: Path) -> None:
    """`promote` refuses in a moved project what it refuses elsewhere, and `audit` and `rollback` know its past."""
    repository = begin(tmp_path / "project")
    assert in_process(["promote", "support-chat", "mistral-large"], repository.project).code == 0
    repository.commit("promoted")
    rename(repository)
    repository.edit("routes/features.yaml", ("gemini: retired", "gemini: shadow"))
    for message in (None, "moved"):
        if message is not None:
            repository.commit(message)
        ran = in_process(["audit", "support-chat", "--json"], repository.project)
        assert [entry["kind"] for entry in json.loads(ran.out)] == ["promotion", "initial"]
        ran = in_process(["promote", "support-chat", "gemini", "--dry-run"], repository.project)
        assert (ran.code, "RC502" in ran.out + ran.err) == (1, True)
        ran = in_process(["rollback", "support-chat", "--dry-run"], repository.project)
        assert ran.code == 0, ran.err
        assert "+      claude: primary" in ran.out


def test_a_project_that_moved_away_and_back_keeps_its_ledger(tmp_path: Path) -> None:
    """What was promoted while the project stood elsewhere is in the ledger, and the moves are not."""
    repository = begin(tmp_path / "project")
    rename(repository)
    repository.commit("moved")
    promote(repository, "mistral-large")
    repository.commit("promoted there")
    move(repository, "llm")
    repository.commit("moved back")
    ran = in_process(["audit", "support-chat", "--json"], repository.project)
    assert [entry["kind"] for entry in json.loads(ran.out)] == ["promotion", "initial"]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_copy_whose_original_goes_is_said(tmp_path: Path, elsewhere: bool) -> None:
    """No rule was asked about the copy; the change that takes the original away says so, but not if it moves."""
    repository = begin(tmp_path / "project")
    shutil.copytree(repository.project, repository.root / "eu")
    repository.project = repository.root / "eu"
    illegal_promotion(repository)
    repository.commit("a copy")
    repository.git("switch", "-qC", "main")
    repository.git("switch", "-qC", "work2")
    assert repository.check().err == ""
    repository.git(*(["mv", "llm", "us"] if elsewhere else ["rm", "-rq", "llm"]))
    for is_committed in (False, True):
        if is_committed:
            repository.commit("the original goes")
        ran = repository.check()
        assert ran.code == 0
        assert ("note: llm/ is gone with this change, and eu/ declares what it did" in ran.err) != elsewhere
    if not elsewhere:
        repository.git("worktree", "add", "-q", str(tmp_path / "before"), "main")
        ran = in_process(["check", "--against", str(tmp_path / "before/llm")], repository.project)
        assert "RC502" in ran.out, "the way that the note names"
