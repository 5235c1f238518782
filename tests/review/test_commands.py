"""Test commands that edit and commit: what they write, and that they change nothing where they fail."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command_server import INSTALLED
from tests.cli.repository import Repository, promote, small
from tests.cli.transcripts import Ran, environment, in_process

FEATURES = "routes/features.yaml"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Make a compiled project in two commits on `main`, with a committer."""
    committed = small(tmp_path / "r")
    committed.git("config", "user.name", "Ada")
    committed.git("config", "user.email", "ada@example.com")
    assert run(committed, "compile").code == 0
    committed.commit("compiled")
    return committed


def run(repository: Repository, *arguments: str) -> Ran:
    """Run the command line in the project's folder."""
    return in_process(list(arguments), repository.project)


def state(repository: Repository) -> dict[str, object]:
    """Return everything that a failed command must not change: files and their modes, HEAD, branches, the index."""
    files = {}
    for folder, folders, names in os.walk(repository.root):
        folders[:] = [name for name in folders if name not in (".git", ".routecomp")]
        for name in names:
            path = Path(folder, name)
            files[str(path)] = (path.read_bytes(), path.stat().st_mode)
    head = (repository.root / ".git" / "HEAD").read_text()
    return {
        "files": files,
        "head": head,
        "refs": repository.git("for-each-ref"),
        "index": repository.git("ls-files", "-s"),
        "status": repository.git("status", "--porcelain"),
    }


def run_refused(repository: Repository, *arguments: str, code: int = 2) -> str:
    """Run a command that must fail and change nothing, and return its message."""
    before = state(repository)
    result = run(repository, *arguments)
    assert result.code == code, result.out + result.err
    assert state(repository) == before
    assert "= help: " in result.err
    return result.err


def test_a_commit_holds_the_edit_and_nothing_else(repository: Repository) -> None:
    """The commit has the YAML and the output folder; other staged or changed files stay as they were."""
    repository.write({"notes.txt": "staged", "more.txt": "not"})
    repository.git("add", "notes.txt")
    result = run(repository, "promote", "support-chat", "llama", "--commit")
    assert result.code == 0, result.err
    files = repository.git("show", "--format=", "--name-only").splitlines()
    assert [name for name in files if "/migrations/" not in name] == ["generated/routing_table.json", FEATURES]
    assert all(name.startswith("generated/") for name in files[:-1])
    assert repository.git("status", "--porcelain").splitlines() == ["A  notes.txt", "?? more.txt"]
    assert repository.git("log", "-1", "--format=%B") == (
        "Feature support-chat: primary claude -> llama\n\nRoutecomp-Promotion: support-chat claude -> llama"
    )
    assert repository.git("log", "-1", "--format=%(trailers:key=Routecomp-Promotion,valueonly)") == (
        "support-chat claude -> llama"
    )
    assert run(repository, "compile", "--check").code == 0
    assert repository.check("--against", "HEAD~1").code == 0


def test_a_message_keeps_its_own_trailers(repository: Repository) -> None:
    """-m implies --commit, and the promotion's trailer joins the trailers of the message."""
    result = run(repository, "promote", "support-chat", "llama", "-m", "Up\n\nWhy not.\n\nReviewed-by: Grace <g@x.com>")
    assert result.code == 0
    assert repository.git("log", "-1", "--format=%B") == (
        "Up\n\nWhy not.\n\nReviewed-by: Grace <g@x.com>\nRoutecomp-Promotion: support-chat claude -> llama"
    )
    assert "Reviewed-by" in run(repository, "audit", "--json").out


def test_a_branch_of_its_own(repository: Repository) -> None:
    """--branch makes the branch at HEAD and commits there; `main` stays where it was."""
    main = repository.git("rev-parse", "main")
    result = run(repository, "promote", "support-chat", "llama", "--branch", "promote/llama")
    assert (result.code, result.err) == (0, "")
    assert repository.git("symbolic-ref", "--short", "HEAD") == "promote/llama"
    assert repository.git("rev-parse", "main") == repository.git("rev-parse", "HEAD~1") == main
    assert repository.git("status", "--porcelain") == ""
    assert "promote/llama" in result.out.splitlines()[-1]


def test_a_detached_head_needs_a_branch(repository: Repository) -> None:
    """On a detached HEAD a commit is refused without --branch; with it the commit is on that branch."""
    repository.git("checkout", "-q", "--detach")
    assert "detached" in run_refused(repository, "promote", "support-chat", "llama", "--commit")
    assert run(repository, "promote", "support-chat", "llama", "--branch", "up").code == 0
    assert repository.git("symbolic-ref", "--short", "HEAD") == "up"


def test_two_promotions_on_one_branch(repository: Repository) -> None:
    """Two promotions on one branch are each judged against the base branch and allowed; so is the whole branch."""
    for model, sample in (("llama", "0.1"), ("mistral-large", "0.05")):
        assert run(repository, "shadow", "support-chat", model, "--sample", sample, "--commit").code == 0
    repository.git("switch", "-q", "-c", "two")
    for step in (
        ["promote", "support-chat", "llama"],
        ["promote", "support-chat", "mistral-large"],
        ["rollback", "support-chat"],
        ["rollback", "support-chat"],
    ):
        result = run(repository, *step, "--commit")
        assert result.code == 0, result.err
        assert repository.check("--against", "main").code == 0


def test_an_output_folder_that_git_ignores(repository: Repository) -> None:
    """An output folder that Git ignores is written and not committed."""
    repository.write({".gitignore": "generated/\n"})
    repository.git("rm", "-r", "-q", "--cached", "generated")
    repository.commit("ignore")
    assert run(repository, "promote", "support-chat", "llama", "--commit").code == 0
    assert repository.git("show", "--format=", "--name-only").splitlines() == [FEATURES]
    assert run(repository, "compile", "--check").code == 0


def test_new_files_of_the_output_folder_are_committed(repository: Repository) -> None:
    """The files of a first compilation are committed too; where the commit fails they are removed."""
    repository.git("rm", "-r", "-q", "generated")
    repository.git("commit", "-q", "-m", "none")
    hook(repository, "pre-commit", "exit 1")
    run_refused(repository, "promote", "support-chat", "llama", "--commit", code=1)
    assert not (repository.project / "generated").exists()
    (repository.root / ".git/hooks/pre-commit").unlink()
    assert run(repository, "promote", "support-chat", "llama", "--commit").code == 0
    assert repository.git("status", "--porcelain") == ""


def hook(repository: Repository, name: str, script: str) -> None:
    """Write a Git hook."""
    path = repository.root / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("name", ["pre-commit", "commit-msg"])
@pytest.mark.parametrize("branch", [(), ("--branch", "up")])
def test_a_hook_that_refuses(repository: Repository, name: str, branch: tuple[str, ...]) -> None:
    """Where a hook refuses, its output and a remedy are shown, and files, index, HEAD and branches are unchanged."""
    hook(repository, name, "echo 'ticket number missing' >&2; exit 1")
    message = run_refused(repository, "promote", "support-chat", "llama", "--commit", *branch, code=1)
    assert "ticket number missing" in message
    assert "nothing was committed" in message


def test_a_detached_head_stays_detached_when_a_hook_refuses(repository: Repository) -> None:
    """After a refused commit HEAD is still the same commit, not a branch."""
    repository.git("checkout", "-q", "--detach")
    hook(repository, "pre-commit", "exit 1")
    run_refused(repository, "promote", "support-chat", "llama", "--branch", "up", code=1)


def test_a_hook_that_complains_too_late(repository: Repository) -> None:
    """A post-commit hook that fails does not undo the commit."""
    hook(repository, "post-commit", "exit 1")
    assert run(repository, "promote", "support-chat", "llama", "--commit").code == 0
    assert repository.git("status", "--porcelain") == ""


def to_all(process: subprocess.Popen[str]) -> None:
    """Interrupt the command, Git and the hook, as Ctrl-C does."""
    os.killpg(process.pid, signal.SIGINT)


def to_all_twice(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C again at once."""
    to_all(process)
    time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        to_all(process)


def to_the_command(process: subprocess.Popen[str]) -> None:
    """Interrupt the command alone, as an editor does."""
    process.send_signal(signal.SIGINT)


def end_the_command(process: subprocess.Popen[str]) -> None:
    """End the command, as CI does with a job that is cancelled."""
    process.send_signal(signal.SIGTERM)


@pytest.mark.parametrize("interrupt", [to_all, to_all_twice, to_the_command, end_the_command])
@pytest.mark.parametrize("trap", ["", "trap '' INT; "])
def test_an_interrupt_while_a_hook_runs(
    repository: Repository, trap: str, interrupt: Callable[[subprocess.Popen[str]], None]
) -> None:
    """Ctrl-C during the commit, and what is like it, prints one line, and everything is unchanged."""
    runs = repository.root.parent / "runs"
    hook(repository, "pre-commit", f"{trap}touch {runs}; sleep 2")
    before = state(repository)
    process = subprocess.Popen(
        [str(INSTALLED / "routecomp"), "promote", "support-chat", "llama", "--commit", "--branch", "up"],
        cwd=repository.project,
        env=environment(repository.project),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not runs.exists() and process.poll() is None:
        time.sleep(0.02)
    interrupt(process)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (130, -signal.SIGINT)
    assert err == "error: interrupted\n"
    assert state(repository) == before
    assert [path.name for path in (repository.root / ".git").rglob("*.lock")] == []


def test_no_identity(repository: Repository) -> None:
    """Without a committer's identity the command is refused before anything is written."""
    repository.git("config", "--unset", "user.email")
    repository.git("config", "user.useConfigOnly", "true")
    assert "git config --global user.name" in run_refused(repository, "promote", "support-chat", "llama", "--commit")


def test_uncommitted_yaml_is_not_swept_up(repository: Repository) -> None:
    """Other uncommitted YAML is refused by name: the output folder would not match the commit's YAML."""
    repository.write({"policies/new.yaml": "tenants:\n  new: {preset: balanced}\n"})
    message = run_refused(repository, "promote", "support-chat", "llama", "--commit")
    assert "policies/new.yaml" in message
    assert "stash" in message
    assert run(repository, "promote", "support-chat", "llama").code == 0


def test_a_merge_and_a_rebase_under_way(repository: Repository) -> None:
    """During a merge or a rebase the command is refused, names it and says how to end it."""
    repository.git("switch", "-q", "-c", "side")
    repository.write({"a.txt": "a"})
    repository.commit("a")
    repository.git("switch", "-q", "main")
    repository.write({"a.txt": "b"})
    repository.commit("b")
    for start, stop in (
        (("merge", "side"), ("merge", "--abort")),
        (("rebase", "side"), ("rebase", "--abort")),
        (("cherry-pick", "side"), ("cherry-pick", "--abort")),
    ):
        started = subprocess.run(
            ["git", *start], cwd=repository.root, env=environment(repository.root), capture_output=True, check=False
        )
        assert started.returncode
        message = run_refused(repository, "promote", "support-chat", "llama", "--branch", "x")
        assert f"a {start[0]} is under way" in message
        assert f"git {start[0]} --abort" in message
        repository.git(*stop)


def test_conflict_markers_in_the_yaml(repository: Repository) -> None:
    """Conflict markers are reported with their place, and nothing is changed, with --commit or without."""
    text = (repository.project / FEATURES).read_text()
    repository.write(
        {
            FEATURES: text.replace(
                "      claude: primary\n",
                "<<<<<<< HEAD\n      claude: primary\n=======\n      llama: primary\n>>>>>>> side\n",
            )
        }
    )
    message = run_refused(repository, "promote", "support-chat", "llama", code=1)
    assert FEATURES in message


def test_names_of_branches(repository: Repository) -> None:
    """A branch that exists and an invalid name are refused."""
    assert "is a branch main already" in run_refused(repository, "promote", "support-chat", "llama", "--branch", "main")
    for name in ("a b", "-x", "a..b", "x.lock"):
        assert "no name for a branch" in run_refused(repository, "promote", "support-chat", "llama", f"--branch={name}")


def test_no_repository_and_no_commit(tmp_path: Path, repository: Repository) -> None:
    """--commit and rollback need a history; promote alone does not."""
    bare = tmp_path / "bare"
    bare.mkdir()
    subprocess.run(
        ["cp", "-r", *(str(repository.project / name) for name in ("routes", "policies")), str(bare)], check=True
    )
    for arguments in (["promote", "support-chat", "llama", "--commit"], ["rollback", "support-chat"]):
        result = in_process(arguments, bare)
        assert result.code == 2
        assert "no Git repository here" in result.err
    subprocess.run(["git", "init", "-q"], cwd=bare, check=True)
    for arguments in (["promote", "support-chat", "llama", "--commit"], ["rollback", "support-chat"]):
        result = in_process(arguments, bare)
        assert result.code == 2
        assert "no commit yet" in result.err
    assert in_process(["promote", "support-chat", "llama"], bare).code == 0


def test_a_rollback_in_a_shallow_clone(repository: Repository, tmp_path: Path) -> None:
    """Where a shallow clone lacks the earlier history, the message says so and names the remedy."""
    assert run(repository, "promote", "support-chat", "llama", "--commit").code == 0
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", repository.root.as_uri(), str(tmp_path / "cut")],
        check=True,
        env=environment(tmp_path),
    )
    result = in_process(["rollback", "support-chat"], tmp_path / "cut")
    assert result.code == 1
    assert "this clone is shallow" in result.err
    assert "git fetch --unshallow" in result.err


def test_a_read_only_file(repository: Repository) -> None:
    """A file without write permission is not changed, whoever runs the command."""
    path = repository.project / FEATURES
    path.chmod(0o444)
    assert "chmod u+w" in run_refused(repository, "promote", "support-chat", "llama")
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


@pytest.mark.parametrize(
    "arguments",
    [["promote", "support-chat", "llama"], ["promote", "support-chat", "llama", "--branch", "x"]],
    ids=" ".join,
)
def test_a_read_only_compiled_file(repository: Repository, arguments: list[str]) -> None:
    """A read-only compiled file is not replaced, and the YAML and other compiled files stay as they were."""
    path = repository.project / "generated/routing_table.json"
    path.chmod(0o444)
    assert run_refused(repository, *arguments).splitlines() == [
        "error: generated/routing_table.json is read-only: nothing was written",
        "  = help: make it writable (`chmod u+w generated/routing_table.json`) and run it again",
    ]
    path.chmod(0o644)
    assert run(repository, *arguments).code == 0


def test_permissions_survive(repository: Repository) -> None:
    """An edited file keeps its mode."""
    path = repository.project / FEATURES
    path.chmod(0o640)
    assert run(repository, "promote", "support-chat", "llama").code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_dry_runs_change_nothing(repository: Repository) -> None:
    """--dry-run prints what the command would print, and changes nothing on the disk."""
    for arguments in (
        ("promote", "support-chat", "llama"),
        ("promote", "support-chat", "llama", "--branch", "x"),
        ("retire", "support-chat", "llama"),
        ("shadow", "support-chat", "llama", "--sample", "0.1"),
        ("tenant", "set", "acme", "min_quality=0.6"),
    ):
        before = state(repository)
        result = run(repository, *arguments, "--dry-run")
        assert result.code == 0, result.err
        assert result.out.endswith("dry run: nothing was changed\n")
        assert "@@" in result.out
        assert state(repository) == before


def test_the_base_branch_has_its_say(repository: Repository) -> None:
    """A model that is no shadow on `main` cannot be promoted on a branch; --no-base allows it."""
    repository.git("switch", "-q", "-c", "side")
    assert run(repository, "shadow", "support-chat", "qwen", "--commit").code == 0
    assert "RC502" in run_refused(repository, "promote", "support-chat", "qwen", code=1)
    assert run(repository, "promote", "support-chat", "qwen", "--no-base", "--dry-run").code == 0


def test_rolling_back(repository: Repository) -> None:
    """Rollbacks undo each other, over commits of any kind, and restore the bytes of the YAML."""
    begin = (repository.project / FEATURES).read_bytes()
    assert "never promoted" in run_refused(repository, "rollback", "support-chat", code=1)
    promote(repository, "llama")
    promoted = (repository.project / FEATURES).read_bytes()
    repository.commit("by hand")
    assert run(repository, "rollback", "support-chat", "--commit").code == 0
    assert (repository.project / FEATURES).read_bytes() == begin
    assert run(repository, "rollback", "support-chat", "--commit").code == 0
    assert (repository.project / FEATURES).read_bytes() == promoted
    repository.git("revert", "--no-edit", "HEAD")
    assert run(repository, "rollback", "support-chat", "--commit").code == 0
    assert (repository.project / FEATURES).read_bytes() == promoted
    kinds = [line.split()[2] for line in run(repository, "audit", "support-chat").out.splitlines()]
    assert kinds == ["promotion", "rollback", "promotion", "rollback", "promotion", "initial"]


def test_a_promotion_that_is_not_committed_is_the_latest(repository: Repository) -> None:
    """A rollback right after an uncommitted promotion goes back to the primary of HEAD."""
    begin = state(repository)
    assert run(repository, "promote", "support-chat", "llama").code == 0
    assert run(repository, "rollback", "support-chat").code == 0
    assert state(repository) == begin


def test_a_rollback_to_a_retired_model_names_the_two_steps(repository: Repository) -> None:
    """A rollback to a retired model is refused with two commands, and these lead there."""
    for arguments in (["promote", "support-chat", "llama"], ["retire", "support-chat", "claude"]):
        assert run(repository, *arguments, "--commit").code == 0
    message = run_refused(repository, "rollback", "support-chat", code=1)
    steps = ["shadow support-chat claude", "promote support-chat claude"]
    assert all(f"`routecomp {step}`" in message for step in steps)
    for step in steps:
        assert run(repository, *step.split(), "--commit").code == 0
    assert run(repository, "compile", "--check").code == 0


def test_a_secret_is_not_echoed(repository: Repository) -> None:
    """An API key given in place of a variable's name is not printed."""
    repository.write(
        {
            "experiments/trial.yaml": (
                "experiments:\n  trial:\n    public_model_id: x\n    status: draft\n    variants:\n"
                "      a: {weight: 1, versions: [{version: 1, model: claude}]}\n"
            )
        }
    )
    secret = "sk-ant-api03-" + "a8Kd0Fj3LmQ9zXc7Vb5Nn2Hh4Gg6Tt1Yy"
    for arguments in (
        ("experiment", "rotate-key", "trial", "a", secret),
        ("tenant", "set", "acme", f"description={secret}"),
    ):
        result = run(repository, *arguments)
        assert result.code == 1
        assert secret not in result.out + result.err


def test_an_edit_can_repair(repository: Repository) -> None:
    """Where the primary is inactive, which is an error, promoting another model is allowed."""
    repository.edit(
        "routes/all.yaml",
        ("  claude:\n", "  claude:\n    active: false\n"),
        ("  model: claude", "  model: mistral-large"),
    )
    assert repository.check().code == 1
    result = run(repository, "promote", "support-chat", "mistral-large")
    assert result.code == 0, result.err
    assert repository.check().code == 0
