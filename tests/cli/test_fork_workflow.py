"""What any remote's default branch holds is released, however the clone's remotes, forks and branches are called."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.repository import Repository, promote, small
from tests.cli.test_base_branches import at
from tests.cli.transcripts import in_process

STEP = 1 if os.environ.get("ROUTECOMP_HARD") == "1" else 4
"""Of the ways in which Git brings commits here, all are long: each fourth is tried with all the others' tests."""
RELEASED = "generated/migrations/sqlite/0002_feature-support-chat.up.sql"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a company's repository, which has a promotion, and a fork that lacks it."""
    folder = tmp_path_factory.mktemp("forks")
    repository = small(folder / "company")
    compiled(repository, "begin")
    repository.git("clone", "-q", "--bare", f"file://{repository.root}", str(folder / "fork"))
    repository.git("switch", "-q", "-c", "promotion")
    promote(repository, "mistral-large")
    compiled(repository, "promote")
    repository.git("switch", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "promotion")
    assert (repository.project / RELEASED).exists()
    return folder


@pytest.fixture
def company(folder: Path, tmp_path: Path) -> Repository:
    """The company's repository in a folder of its own, and the fork beside it."""
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return at(tmp_path / "company")


def compiled(repository: Repository, message: str) -> None:
    """Compile and commit."""
    ran = in_process(["compile"], repository.project)
    assert ran.code == 0, ran.err
    repository.commit(message)


def of_the_fork(company: Repository, branch: str = "main") -> Repository:
    """Clone the fork, whose main is stale, fetch the company's branches, and begin a branch at one of them."""
    mine = company.root.parent / "mine"
    company.git("clone", "-q", f"file://{company.root.parent / 'fork'}", str(mine))
    repository = at(mine)
    repository.git("remote", "add", "upstream", f"file://{company.root}")
    repository.git("fetch", "-q", "upstream")
    repository.git("switch", "-q", "-c", "work", f"upstream/{branch}")
    return repository


def trunk_that_is_told(company: Repository) -> Repository:
    """The company's default branch is called trunk, and the clone knows it."""
    company.git("branch", "-q", "-m", "main", "trunk")
    repository = of_the_fork(company, "trunk")
    repository.git("remote", "set-head", "upstream", "trunk")
    return repository


def no_local_main(company: Repository) -> Repository:
    """The stale local main is gone, and the branch tracks nothing."""
    repository = of_the_fork(company)
    repository.git("branch", "-q", "-D", "main")
    repository.git("branch", "-q", "--unset-upstream")
    return repository


def no_default_branch_told(company: Repository) -> Repository:
    """No remote has said its default branch, as in CI."""
    repository = of_the_fork(company)
    repository.git("remote", "set-head", "origin", "--delete")
    return repository


def base_branch_in_the_settings(company: Repository) -> Repository:
    """The settings name the branch, without a remote."""
    repository = of_the_fork(company)
    repository.write({"routecomp.yaml": "base_branch: main\n"})
    return repository


def squashed(company: Repository) -> Repository:
    """The branch was squash merged by the company, and work goes on on it."""
    repository = of_the_fork(company)
    repository.git("reset", "-q", "--hard", "origin/main")
    repository.git("merge", "-q", "--squash", "upstream/main")
    repository.commit("promote")
    return repository


def main_of_the_fork_has_gone_its_own_way(company: Repository) -> Repository:
    """The fork's main has a commit of its own, and the branch merges both."""
    repository = of_the_fork(company)
    repository.git("switch", "-q", "main")
    repository.write({"README.md": "a fork\n"})
    repository.commit("say so")
    repository.git("push", "-q", "origin", "main")
    repository.git("switch", "-q", "work")
    repository.git("merge", "-q", "--no-ff", "-m", "both", "main")
    return repository


@pytest.mark.parametrize(
    "way",
    [
        of_the_fork,
        trunk_that_is_told,
        no_local_main,
        no_default_branch_told,
        base_branch_in_the_settings,
        squashed,
        main_of_the_fork_has_gone_its_own_way,
    ],
)
def test_what_another_remote_has_released_stays(way: Callable[[Repository], Repository], company: Repository) -> None:
    """The company's migration stays, byte for byte, and the change gets the next number."""
    repository = way(company)
    released = (company.project / RELEASED).read_bytes()
    repository.edit("routes/more.yaml", ("latency_ms: 500", "latency_ms: 510"))
    compiled(repository, "edit")
    folder = (repository.project / RELEASED).parent
    assert (repository.project / RELEASED).read_bytes() == released
    assert [path.name[:4] for path in sorted(folder.glob("*.up.sql"))] == ["0001", "0002", "0003"]
    assert "latency_ms" in next(folder.glob("0003*.up.sql")).read_text()
    (repository.project / RELEASED).unlink()
    assert in_process(["lint-migrations"], repository.project).code == 1


def test_a_tracked_branch_that_may_be_the_default_one_is_refused(company: Repository) -> None:
    """Where nobody says which branch of the company is the default one, nothing is written; each remedy works."""
    company.git("branch", "-q", "-m", "main", "trunk")
    repository = of_the_fork(company, "trunk")
    repository.edit("routes/more.yaml", ("latency_ms: 500", "latency_ms: 510"))
    before = repository.state()
    for command in ("compile", "check"):
        ran = in_process([command], repository.project)
        assert (ran.code, ran.out) == (2, ""), command
        assert "git remote set-head upstream --auto" in ran.err
        assert "`base_branch: upstream/trunk`" in ran.err
    assert repository.state() == before
    repository.write({"routecomp.yaml": "base_branch: upstream/trunk\n"})
    assert in_process(["compile"], repository.project).code == 0
    assert (repository.project / RELEASED).read_bytes() == (company.project / RELEASED).read_bytes()


def test_where_a_branch_is_pushed_to_is_no_base(company: Repository) -> None:
    """A draft that was pushed stays a draft, whatever remote it was pushed to."""
    repository = of_the_fork(company)
    repository.edit("routes/more.yaml", ("latency_ms: 500", "latency_ms: 510"))
    compiled(repository, "edit")
    repository.git("init", "-q", "--bare", str(company.root.parent / "mirror"))
    repository.git("remote", "add", "backup", str(company.root.parent / "mirror"))
    for remote in ("origin", "backup"):
        repository.git("push", "-q", "-u", remote, "work")
        repository.edit("routes/more.yaml", ("latency_ms: 500", f"latency_ms: 5{len(remote)}0"))
        compiled(repository, "edit again")
        assert len([*(repository.project / RELEASED).parent.glob("*.up.sql")]) == 3


def test_two_remotes_that_have_released_different_migrations_are_refused(company: Repository) -> None:
    """The fork's main has another 0002, and the branch has merged both: the settings have to say which one counts."""
    repository = of_the_fork(company)
    repository.git("switch", "-q", "main")
    repository.edit("routes/more.yaml", ("latency_ms: 500", "latency_ms: 530"))
    compiled(repository, "another figure")
    repository.git("push", "-q", "origin", "main")
    repository.git("switch", "-q", "work")
    repository.git("merge", "-q", "-X", "ours", "-m", "both", "main")
    ran = in_process(["compile"], repository.project)
    assert (ran.code, ran.out) == (2, "")
    assert "two remotes have released different migrations" in ran.err
    repository.write({"routecomp.yaml": "base_branch: upstream/main\n"})
    assert in_process(["compile"], repository.project).code == 0
    assert (repository.project / RELEASED).read_bytes() == (company.project / RELEASED).read_bytes()


def cloned(company: Repository) -> Repository:
    """Clone the fork, whose main is stale, and begin a branch there; no remote names the company."""
    company.git("clone", "-q", f"file://{company.root.parent / 'fork'}", str(company.root.parent / "mine"))
    repository = at(company.root.parent / "mine")
    repository.git("switch", "-q", "-c", "work")
    return repository


BY_ITS_ADDRESS = {
    "pull": ["pull -q {} main"],
    "pull of what HEAD is there": ["pull -q {}"],
    "pull of a configured address": [
        "config branch.work.remote {}",
        "config branch.work.merge refs/heads/main",
        "pull",
    ],
    "pull behind a commit of one's own": ["commit -q --allow-empty -m own", "pull -q --no-rebase --no-edit {} main"],
    "pull and rebase": ["commit -q --allow-empty -m own", "pull -q --rebase {} main"],
    "rebase": ["commit -q --allow-empty -m own", "fetch -q {} main", "rebase -q FETCH_HEAD"],
    "checkout": ["fetch -q {} main", "checkout -q -b x FETCH_HEAD"],
    "detached": ["fetch -q {} main", "checkout -q --detach FETCH_HEAD"],
    "reset": ["fetch -q {} main", "reset -q --hard FETCH_HEAD"],
    "a branch of its own": ["fetch -q {} main:theirs", "switch -q -c x theirs", "fetch -q origin main"],
    "that branch merged": ["fetch -q {} main:theirs", "merge -q --no-ff -m both theirs", "branch -q -D theirs"],
    "its branch renamed": ["pull -q {} main", "branch -m work other", "fetch -q origin main"],
    "a squash, its branch renamed": [
        "-C {} reset -q --soft HEAD~1",
        "-C {} commit -q -m squash",
        "pull -q {} main",
        "branch -m work other",
        "fetch -q origin main",
    ],
    "a reference moved without a word": [
        "-C {} reset -q --soft HEAD~1",
        "-C {} commit -q -m squash",
        "fetch -q {} main:theirs",
        "update-ref refs/heads/x theirs",
        "branch -q -D theirs",
        "switch -q x",
        "fetch -q origin main",
    ],
    "its remote renamed": [
        "-C {} reset -q --soft HEAD~1",
        "-C {} commit -q -m squash",
        "-C {} branch trunk",
        "remote add theirs {}",
        "fetch -q theirs",
        "update-ref -d refs/remotes/theirs/main",
        "remote rename theirs others",
        "switch -q --no-track -c x others/trunk",
    ],
    "a tag": ["-C {} tag v1", "fetch -q {} tag v1", "switch -q -c x v1", "fetch -q origin main"],
    "squashed": ["fetch -q {} main", "merge -q --squash FETCH_HEAD", "commit -q -m squash"],
    "picked": ["fetch -q {} main", "cherry-pick -m 1 FETCH_HEAD"],
    "amended": ["pull -q {} main", "commit -q --amend -m mine", "fetch -q origin main"],
    "pushed to the fork": ["pull -q {} main", "push -q origin work", "commit -q --allow-empty -m own"],
    "files alone": ["fetch -q {} main", "checkout -q FETCH_HEAD -- ."],
    "a merge under way": ["commit -q --allow-empty -m own", "fetch -q {} main", "merge -q --no-commit FETCH_HEAD"],
    "another default branch": [
        "-C {} branch trunk",
        "remote add theirs {}",
        "fetch -q theirs",
        "update-ref -d refs/remotes/theirs/main",
        "switch -q --no-track -c x theirs/trunk",
    ],
    "a ref without a remote": ["fetch -q {} main:refs/remotes/theirs/x", "merge -q --no-ff -m both theirs/x"],
}


@pytest.mark.parametrize("commands", [*BY_ITS_ADDRESS.values()][::STEP], ids=[*BY_ITS_ADDRESS][::STEP])
def test_what_came_by_an_address_alone_stays(commands: list[str], company: Repository) -> None:
    """Nothing is written where the company's migration would go, and giving the company a name as a remote helps."""
    repository = cloned(company)
    for command in commands:
        repository.git(*command.format(f"file://{company.root}").replace("-C file://", "-C ").split())
    released = (company.project / RELEASED).read_bytes()
    repository.edit("routes/more.yaml", ("latency_ms: 500", "latency_ms: 510"))
    before = repository.state()
    for command in ("compile", "rename model llama lama")[: 1 + (commands == BY_ITS_ADDRESS["pull"])]:
        ran = in_process(command.split(), repository.project)
        assert ran.code == 2, (command, ran)
        assert "nothing here says whether it is released" in ran.err
        assert "git remote add upstream URL" in ran.err
    assert repository.state() == before
    repository.git("remote", "add", "upstream", f"file://{company.root}")
    repository.git("fetch", "-q", "upstream")
    repository.git("remote", "set-head", "upstream", "--auto")
    assert in_process(["compile"], repository.project).code == 0
    assert (repository.project / RELEASED).read_bytes() == released
    assert len([*(repository.project / RELEASED).parent.glob("0003*.up.sql")]) == 1


OF_ONES_OWN = {
    "amended": ["commit -q --amend -m again"],
    "two commits": ["commit -q --allow-empty -m more"],
    "squashed": ["commit -q --allow-empty -m more", "reset -q --soft origin/main", "commit -q -m one"],
    "rebased": ["commit -q --allow-empty -m more", "rebase -q -f origin/main"],
    "picked elsewhere": ["switch -q -c other origin/main", "cherry-pick work"],
    "merged": ["switch -q -c other origin/main", "commit -q --allow-empty -m x", "merge -q --no-ff -m both work"],
    "fast-forward": ["switch -q -c other origin/main", "merge -q work", "branch -q -D work"],
    "pushed": ["push -q -u origin work"],
    "a pull request of the remote": [
        "push -q origin work:refs/pull/5/head",
        "fetch -q origin pull/5/head:five",
        "reset -q --hard origin/main",
        "switch -q five",
    ],
    "reflogs expired": ["reflog expire --expire=now --all"],
    "reflogs expired, pushed": ["reflog expire --expire=now --all", "push -q origin work"],
    "the company's main seen and left": ["fetch -q {} main", "checkout -q FETCH_HEAD", "switch -q work"],
}


@pytest.mark.parametrize("commands", [*OF_ONES_OWN.values()][::STEP], ids=[*OF_ONES_OWN][::STEP])
def test_a_draft_of_ones_own_is_replaced(commands: list[str], company: Repository) -> None:
    """However a branch is rewritten, what was compiled on it is compiled anew; so it is in another clone."""
    repository = cloned(company)
    repository.edit("routes/more.yaml", ("latency_ms: 500", "latency_ms: 510"))
    compiled(repository, "edit")
    for command in commands:
        repository.git(*command.format(f"file://{company.root}").split())
    repository.git("push", "-q", "origin", "HEAD:refs/heads/shared")
    repository.git("clone", "-q", f"file://{company.root.parent / 'fork'}", str(company.root.parent / "second"))
    second = at(company.root.parent / "second")
    second.git("switch", "-q", "shared")
    for clone in (repository, second):
        clone.edit("routes/more.yaml", ("510", "520"))
        compiled(clone, "edit again")
        assert len([*(clone.project / RELEASED).parent.glob("*.up.sql")]) == 2
    second.git("push", "-q", "origin", "shared")
    second.edit("routes/more.yaml", ("520", "530"))
    compiled(second, "edit a third time")


def test_a_request_from_a_fork_is_pulled_by_its_address(company: Repository) -> None:
    """In the company's clone, a branch that began as a request of origin stays one when the fork is pulled."""
    author = cloned(company)
    author.edit("routes/more.yaml", ("latency_ms: 500", "latency_ms: 510"))
    compiled(author, "edit")
    fork = f"file://{company.root.parent / 'fork'}"
    author.git("push", "-q", "origin", "work", "work:refs/pull/5/head")
    author.git("clone", "-q", fork, str(company.root.parent / "reviewer"))
    reviewer = at(company.root.parent / "reviewer")
    reviewer.git("fetch", "-q", "origin", "refs/pull/5/head:five", "--no-tags")
    author.git("clone", "-q", "--bare", fork, str(company.root.parent / "contributor"))
    author.git("remote", "add", "contributor", f"file://{company.root.parent / 'contributor'}")
    reviewer.git("config", "branch.five.remote", f"file://{company.root.parent / 'contributor'}")
    reviewer.git("config", "branch.five.merge", "refs/heads/work")
    reviewer.git("switch", "-q", "five")
    author.edit("routes/more.yaml", ("latency_ms: 510", "latency_ms: 520"))
    compiled(author, "edit again")
    author.git("push", "-q", "contributor", "work")
    reviewer.git("pull", "-q")
    reviewer.edit("routes/more.yaml", ("latency_ms: 520", "latency_ms: 530"))
    compiled(reviewer, "and again")
    assert len([*(reviewer.project / RELEASED).parent.glob("*.up.sql")]) == 2


def test_a_commit_of_another_tool_is_ones_own(company: Repository) -> None:
    """What jj has committed is this clone's, though Git's own words for that are others."""
    repository = cloned(company)
    for figure in ("500", "510"):
        repository.edit("routes/more.yaml", (f"latency_ms: {figure}", f"latency_ms: {int(figure) + 10}"))
        assert in_process(["compile"], repository.project).code == 0
        repository.git("add", "-A")
        tree = repository.git("write-tree").strip()
        commit = repository.git("commit-tree", tree, "-p", "HEAD", "-m", "x").strip()
        repository.git("update-ref", "-m", "export from jj", "HEAD", commit)
    repository.edit("routes/more.yaml", ("latency_ms: 520", "latency_ms: 530"))
    compiled(repository, "edit")
    assert len([*(repository.project / RELEASED).parent.glob("*.up.sql")]) == 2


def test_what_came_by_an_address_stays_without_reflogs(company: Repository) -> None:
    """What was fetched last is known where reflogs are gone."""
    repository = cloned(company)
    repository.git("pull", "-q", f"file://{company.root}", "main")
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.edit("routes/more.yaml", ("latency_ms: 500", "latency_ms: 510"))
    assert in_process(["compile"], repository.project).code == 2


def test_what_no_database_has_run_is_removed_by_hand(company: Repository) -> None:
    """A colleague's draft that came by an address is replaced once somebody takes it away."""
    colleague = at(company.root.parent / "fork")
    company.git("clone", "-q", f"file://{colleague.root}", str(company.root.parent / "colleague"))
    colleague = at(company.root.parent / "colleague")
    colleague.edit("routes/more.yaml", ("latency_ms: 500", "latency_ms: 510"))
    compiled(colleague, "edit")
    repository = cloned(company)
    repository.git("pull", "-q", f"file://{colleague.root}", "main")
    repository.edit("routes/more.yaml", ("latency_ms: 510", "latency_ms: 520"))
    assert in_process(["compile"], repository.project).code == 2
    for path in (repository.project / RELEASED).parent.parent.rglob("0002*"):
        path.unlink()
    compiled(repository, "both")
    assert len([*(repository.project / RELEASED).parent.glob("*.up.sql")]) == 2
