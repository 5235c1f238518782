"""`check` compares with the other side of a change: found in every kind of repository, or said why not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from routecomp.workspace.git.process import NO_BASE
from tests.cli.repository import Repository, promote, small
from tests.cli.transcripts import SMALL, in_process

RETIRED = "error[RC502]: model `gemini` becomes primary of feature `support-chat` straight from retired\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A small project on `main`."""
    return small(tmp_path / "project")


def test_what_is_not_committed_is_compared(repository: Repository) -> None:
    """On main with edits that are not committed, the base is the last commit."""
    assert (repository.check().code, repository.check().err) == (0, "")
    promote(repository, "gemini")
    ran = repository.check()
    assert ran.out.startswith(RETIRED)
    assert "::: main:routes/features.yaml:5:15" in ran.out
    assert ran.code == 1
    assert repository.check("--no-base").code == 0


def test_a_branch_is_compared_with_where_it_left_main(repository: Repository) -> None:
    """What main did meanwhile is no change of the branch, and each of its own commits is."""
    repository.git("switch", "-q", "-c", "work")
    promote(repository, "gemini")
    repository.commit("promote a retired model")
    repository.git("switch", "-q", "main")
    repository.edit("routes/features.yaml", ("llama: shadow", "llama: retired"))
    moved = repository.commit("meanwhile")
    repository.git("switch", "-q", "work")
    left = repository.git("merge-base", "main", "work")
    ran = repository.check()
    assert ran.out.startswith(RETIRED)
    assert f"::: {left[:10]}:routes/features.yaml:5:15" in ran.out
    assert ran.out.endswith("1 error in 4 files\n`routecomp docs RC502` explains it\n")
    assert moved[:10] not in ran.out


def test_against_a_ref_is_as_it_is_and_with_dots_where_it_was_left(repository: Repository) -> None:
    """`--against main` is main's own tree, with a note where it has gone on; `main...` is where the branch left it."""
    repository.git("switch", "-q", "-c", "work")
    repository.git("switch", "-q", "main")
    repository.edit("routes/features.yaml", ("mistral-large: shadow", "mistral-large: retired"))
    repository.commit("retire")
    promote(repository, "llama")
    repository.commit("promote")
    repository.git("switch", "-q", "work")
    promote(repository, "mistral-large")
    as_it_is = repository.check("--against", "main")
    assert "RC502" in as_it_is.out
    assert as_it_is.err == (
        "note: main is compared as it is, though it has commits that are not in HEAD; "
        "--against main... compares with where this branch left it\n"
    )
    assert repository.check("--against", "main...").code == 0
    assert repository.check("--against", "main~2").code == 0
    assert repository.check("--against", "HEAD").err == ""


def test_the_base_branch_of_the_settings_counts(repository: Repository) -> None:
    """`base_branch` names the branch to compare with; one that is not there is said, with the way to get it."""
    repository.git("branch", "stable")
    promote(repository, "gemini")
    repository.commit("straight to main")
    assert repository.check().code == 0
    repository.write({"routecomp.yaml": "base_branch: stable\n"})
    assert "::: stable:routes/features.yaml" in repository.check().out
    repository.write({"routecomp.yaml": "base_branch: trunk\n"})
    ran = repository.check()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: the base branch trunk of the settings is not in this clone\n"
        "  = help: fetch it (`git fetch origin trunk:refs/remotes/origin/trunk`), or correct `base_branch`; "
        f"{NO_BASE}\n"
    )
    for wrong in ("''", "-x", "a..b~1", "[main]"):
        repository.write({"routecomp.yaml": f"base_branch: {wrong}\n"})
        assert "`base_branch` must be the name of a branch" in repository.check().err


def test_the_freshest_of_main_and_origins_main_counts(repository: Repository, tmp_path: Path) -> None:
    """A clone whose own main is old is compared with origin's, so that others' changes are not its own."""
    repository.git("clone", "-q", ".", str(tmp_path / "clone"))
    promote(repository, "mistral-large")
    repository.commit("promote")
    clone = Repository.__new__(Repository)
    clone.root = clone.project = tmp_path / "clone"
    clone.git("fetch", "-q")
    clone.git("switch", "-q", "-c", "work", "origin/main")
    assert clone.git("rev-parse", "main") != clone.git("rev-parse", "origin/main")
    clone.edit(
        "routes/features.yaml",
        ("claude: shadow", "claude: primary"),
        ("mistral-large: primary", "mistral-large: retired"),
    )
    ran = clone.check()
    assert "RC504" in ran.out
    assert "::: origin/main:routes/features.yaml" in ran.out
    clone.git("branch", "-q", "-D", "main")
    assert "RC504" in clone.check("--against", "main").out


def test_origins_default_branch_is_the_base(repository: Repository, tmp_path: Path) -> None:
    """Where origin's default branch is neither main nor master, it is found all the same."""
    repository.git("branch", "-q", "-m", "main", "trunk")
    repository.git("clone", "-q", ".", str(tmp_path / "clone"))
    clone = Repository.__new__(Repository)
    clone.root = clone.project = tmp_path / "clone"
    promote(clone, "gemini")
    assert "retired on trunk" in clone.check().out


def test_without_a_base_branch_it_is_said(repository: Repository) -> None:
    """A repository with neither main, master nor origin: checked without the rules of change, and said so."""
    repository.git("branch", "-q", "-m", "main", "mine")
    promote(repository, "gemini")
    ran = repository.check()
    assert ran.code == 0
    assert ran.err == (
        "note: the rules of change were not checked: there is no main, no master and no default branch of a remote "
        "to compare with; name your base branch as `base_branch` in routecomp.yaml\n"
    )
    assert repository.check("--no-base").err == ""


def test_a_project_in_a_subfolder(tmp_path: Path) -> None:
    """The project's folder may lie anywhere in the repository; paths of the base are the repository's."""
    repository = small(tmp_path / "monorepo", "services/llm gateway")
    repository.write({"../other/routes/features.yaml": "features: nonsense\n"})
    repository.commit("another project")
    promote(repository, "gemini")
    ran = repository.check()
    assert "::: main:services/llm gateway/routes/features.yaml:5:15" in ran.out
    assert ran.out.endswith("1 error in 4 files\n`routecomp docs RC502` explains it\n")


def test_a_detached_head_and_a_worktree(repository: Repository, tmp_path: Path) -> None:
    """What CI checks out, and what `git worktree` makes, are compared like any branch."""
    repository.git("switch", "-q", "--detach")
    promote(repository, "gemini")
    assert "RC502" in repository.check().out
    repository.git("checkout", "-q", ".")
    repository.git("worktree", "add", "-q", "-b", "work", str(tmp_path / "tree"))
    tree = Repository.__new__(Repository)
    tree.root = tree.project = tmp_path / "tree"
    promote(tree, "gemini")
    assert "RC502" in tree.check().out
    assert repository.check().code == 0


def test_a_shallow_clone_says_what_is_missing(repository: Repository, tmp_path: Path) -> None:
    """A clone that holds no base branch, or not where the branch left it, is no reason to pass silently."""
    repository.git("switch", "-q", "-c", "work")
    promote(repository, "gemini")
    repository.commit("promote a retired model")
    url = f"file://{repository.root}"
    clone = Repository(tmp_path / "clone")
    clone.git("fetch", "-q", "--depth", "1", url, "work")
    clone.git("checkout", "-q", "FETCH_HEAD")
    ran = clone.check()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: this clone has no base branch to compare with: it is shallow\n"
        f"  = help: clone with the whole history (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0); {NO_BASE}\n"
    )
    assert clone.check("--no-base").code == 0
    assert "it is shallow" not in clone.check("--against", "HEAD").err
    assert "this clone is shallow and may lack it: `git fetch --unshallow`" in clone.check("--against", "main").err
    repository.git("commit", "-q", "--allow-empty", "-m", "one more")
    clone.git("fetch", "-q", "--depth", "1", url, "main:main", "work:work")
    clone.git("checkout", "-q", "work")
    ran = clone.check()
    assert ran.code == 2
    assert ran.err.startswith("error: where this branch left main is not in this clone: it is shallow\n")
    assert "git fetch --unshallow" in ran.err
    clone.git("fetch", "-q", "--unshallow", url, "work", "main")
    assert "RC502" in clone.check().out


def test_without_git(tmp_path: Path) -> None:
    """Outside of Git nothing is compared and nothing is said; a ref is refused in words, a folder is not."""
    repository = small(tmp_path / "project")
    shutil.rmtree(repository.root / ".git")
    shutil.copytree(repository.root, tmp_path / "old")
    promote(repository, "gemini")
    assert (repository.check().code, repository.check().err) == (0, "")
    ran = repository.check("--against", "main")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: there is no folder main, and no Git repository here that could know it\n"
        "  = help: give a folder that holds routes/\n"
    )
    ran = repository.check("--against", "../old")
    assert "retired in ../old" in ran.out
    assert "::: ../old/routes/features.yaml:5:15" in ran.out
    assert repository.check("--against", ".").code == 0
    assert "holds no routes/" in repository.check("--against", "./policies").err


def test_a_compiled_table(repository: Repository, tmp_path: Path) -> None:
    """The change since a table was compiled is judged, what the table does not hold is said."""
    assert in_process(["compile"], repository.project).code == 0
    table = tmp_path / "old.json"
    table.write_bytes((repository.project / "generated/routing_table.json").read_bytes())
    assert repository.check("--against", str(table)).code == 0
    promote(repository, "gemini")
    ran = repository.check("--against", str(table))
    assert ran.code == 1
    assert "error[RC502]: model `gemini` becomes primary of feature `support-chat` straight from retired" in ran.out
    assert f"::: {table}:routes/table.yaml:" in ran.out
    assert ran.err.startswith(f"note: {table} is a compiled table: drafts, ")
    edited = table.read_bytes().replace(b'"gemini", "status": "retired"', b'"gemini", "status": "shadow"')
    table.write_bytes(edited)
    assert repository.check("--against", str(table)).code == 0
    before = repository.state()
    assert (
        in_process(["retire", "support-chat", "llama", "--dry-run", "--against", str(table)], repository.project).code
        == 0
    )
    assert repository.state() == before


def test_what_is_no_table(repository: Repository) -> None:
    """A file of another kind, and none at all: what to give instead."""
    repository.write({"generated/routing_table.json": "{}"})
    for name in ("generated/routing_table.json", "gone.json", "routes/all.yaml"):
        ran = repository.check("--against", name)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith(f"error: {'there is no file ' * (name == 'gone.json')}{name}")
        assert "a commit or a folder" in ran.err


def test_a_ref_that_is_not_there(repository: Repository) -> None:
    """An unknown name draws a did-you-mean; nothing is taken for an option or a second line of input."""
    assert repository.check("--against", "mian").err == (
        "error: Git knows no mian here, and there is no such folder\n  = help: did you mean `main`?\n"
    )
    for name in ("--help", "-x", "no such", "HEAD~99", "main:routes", "...", "*"):
        ran = repository.check(f"--against={name}")
        assert (ran.code, ran.out) == (2, ""), name
        assert ran.err.startswith("error: Git knows no "), name
    for name in ("", " ", "main\nHEAD", "main\0"):
        assert repository.check(f"--against={name}").err.startswith("error: --against names nothing"), name
    assert repository.check("--against", "@{u}").err == (
        "error: Git cannot tell what @{u} is: no upstream configured for branch 'main'\n"
        "  = help: give a branch, a tag, a commit or a folder\n"
    )
    assert "contradict" in repository.check("--against", "main", "--no-base").err


def test_a_base_that_does_not_parse(repository: Repository) -> None:
    """A repair of a broken main passes; what could not be compared is said beside the report."""
    before = repository.check()
    repository.write({"routes/features.yaml": "features: [\n"})
    repository.commit("broken")
    repository.git("switch", "-q", "-c", "repair")
    repository.git("checkout", "-q", "HEAD~1", "routes/features.yaml")
    for _ in range(2):  # the second time from memory, if that were possible
        ran = repository.check()
        assert (ran.code, ran.out) == (0, before.out)
        assert ran.err.startswith("note: part of what is on main cannot be read (main:routes/features.yaml:2:1: ")
        assert ran.err.endswith("what stands there was not compared\n")


def test_a_merge_under_way_is_compared_with_both_sides(repository: Repository) -> None:
    """While main is being merged into a branch, what comes from main is no change of the branch."""
    repository.git("switch", "-q", "-c", "work")
    repository.write({"policies/more.yaml": "tenants:\n  globex: {}\n"})
    repository.commit("work")
    repository.git("switch", "-q", "main")
    repository.edit("routes/features.yaml", ("qwen: retired", "qwen: shadow"))
    repository.commit("one step")
    promote(repository, "qwen")
    repository.commit("the next step")
    repository.git("switch", "-q", "work")
    repository.git("merge", "-q", "--no-commit", "--no-ff", "main")
    assert (repository.check().code, repository.check().out) == (0, "checked 5 files: no findings\n")
    repository.git("merge", "--abort")
    repository.git("merge", "-q", "--no-ff", "-m", "merged", "main")
    assert repository.check().code == 0


def test_two_branches_that_each_promote_another_shadow(repository: Repository) -> None:
    """They merge cleanly as text, hold two primaries, and the merge result is refused with both lines named."""
    for branch, model in (("one", "mistral-large"), ("two", "llama")):
        repository.git("switch", "-q", "-c", branch, "main")
        promote(repository, model)
        repository.commit(f"promote {model}")
        assert repository.check("--strict").code == 0, "each branch is right by itself"
    repository.git("switch", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "merge one", "one")
    assert repository.check("--strict").code == 0
    repository.git("switch", "-q", "--detach", "main")  # what CI checks: the result, before main has it
    repository.git("merge", "-q", "--no-ff", "-m", "merge two", "two")
    assert repository.git("status", "--porcelain", "--untracked-files=no") == ""
    ran = repository.check()
    assert ran.code == 1
    assert "error[RC303]" in ran.out
    assert "6 |       mistral-large: primary\n" in ran.out
    assert "8 |       llama: primary\n" in ran.out
    repository.edit("routes/features.yaml", ("mistral-large: primary", "mistral-large: shadow"))
    assert repository.check("--strict").code == 0


def test_unrelated_histories(repository: Repository) -> None:
    """A branch that shares no commit with main is told so; compared with main as it is it can be."""
    repository.git("switch", "-q", "--orphan", "other")
    repository.git("checkout", "-q", "main", "--", ".")
    repository.commit("another beginning")
    promote(repository, "gemini")
    ran = repository.check()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: this branch and main have no commit in common\n")
    assert "RC502" in repository.check("--against", "main").out


def test_nothing_is_touched(repository: Repository) -> None:
    """A check with a base leaves every byte of the work tree, the index and the objects as it was."""
    repository.git("switch", "-q", "-c", "work")
    promote(repository, "gemini")
    repository.git("add", "routes")
    repository.edit("routes/features.yaml", ("qwen: retired", "qwen: shadow"))
    (repository.root / ".gitignore").write_text(".routecomp/\n")
    before = repository.state()
    assert repository.check().code == 1
    assert repository.check("--against", "HEAD").code == 1
    assert repository.state() == before


def test_memory_does_not_hide_a_change_of_the_base(repository: Repository) -> None:
    """A verdict is remembered for one base: when main moves, or is another one, it is judged anew."""
    repository.git("switch", "-q", "-c", "work")
    repository.edit("routes/features.yaml", ("gemini: retired", "gemini: shadow"))
    repository.commit("one step")
    first = repository.git("rev-parse", "HEAD")
    promote(repository, "gemini")
    repository.commit("the next step")
    for _ in range(2):
        assert repository.check("--against", first).code == 0
        assert repository.check().code == 1
    repository.git("branch", "-q", "-f", "main", first)
    assert repository.check().code == 0


def test_fix_makes_the_fixes_of_a_change(repository: Repository) -> None:
    """`check --fix` hands the challenger's sample over, which only the base knows."""
    capped = "{status: shadow, sample: 0.05, max_daily_usd: 20.00}"
    repository.edit("routes/features.yaml", ("mistral-large: shadow", f"mistral-large: {capped}"))
    repository.commit("mirror")
    repository.edit(
        "routes/features.yaml",
        ("claude: primary", "claude: shadow"),
        (f"mistral-large: {capped}", "mistral-large: primary"),
    )
    assert "RC505" in repository.check().out
    ran = repository.check("--fix", "--unsafe-fixes")
    assert ran.out.startswith("fixed routes/features.yaml:4:15: ")
    assert ran.code == 0
    assert f"claude: {capped}\n" in (repository.root / "routes/features.yaml").read_text()


def test_a_code_host_gets_paths_from_the_top(tmp_path: Path) -> None:
    """In a folder of a repository annotations and SARIF name files as the host knows them, `text` as they are here."""
    made = Repository(tmp_path / "project", "llm")
    made.write(SMALL)
    made.commit("start")
    made.write({"policies/tenants.yaml": "tenants:\n  a: {stacks: [mars]}\n"})
    said = {
        format: in_process(["check", "--format", format], made.project).out for format in ("github", "sarif", "text")
    }
    assert "file=llm/policies/tenants.yaml,line=2" in said["github"]
    assert '"uri": "llm/policies/tenants.yaml"' in said["sarif"]
    assert "--> policies/tenants.yaml:2:" in said["text"]
