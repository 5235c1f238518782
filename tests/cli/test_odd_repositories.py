"""The base is read from every kind of repository: with submodules, hooks, odd configurations or other hashes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from routecomp.workspace.git.process import NO_BASE
from tests.cli.repository import WHO, Repository, promote, small
from tests.cli.transcripts import environment, in_process

RETIRED = "error[RC502]: model `gemini` becomes primary of feature `support-chat` straight from retired\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A small project on `main`."""
    return small(tmp_path / "project")


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    """Before the first commit everything is new."""
    repository = Repository(tmp_path / "project")
    other = small(tmp_path / "other")
    shutil.copytree(other.root, repository.root, ignore=shutil.ignore_patterns(".git"), dirs_exist_ok=True)
    assert (repository.check().code, repository.check().err) == (0, "")
    assert "Git knows no main here" in repository.check("--against", "main").err
    repository.git("commit", "-q", "--allow-empty", "-m", "nothing yet")
    assert (repository.check().code, repository.check().err) == (0, "")
    assert repository.check("--against", "main").err == (
        "note: main holds no YAML of this project: everything is new\n"
    )


def test_variables_that_lead_elsewhere_do_not(repository: Repository, tmp_path: Path) -> None:
    """GIT_DIR and its like, as hooks and scripts leave them behind, change nothing."""
    other = small(tmp_path / "other")
    promote(repository, "gemini")
    hostile = {
        "GIT_DIR": str(other.root / ".git"),
        "GIT_WORK_TREE": str(other.root),
        "GIT_INDEX_FILE": "/nowhere/index",
        "GIT_OBJECT_DIRECTORY": "/nowhere",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "/nowhere",
        "GIT_PREFIX": "x/",
        "GIT_NAMESPACE": "x",
        "GIT_COMMON_DIR": "/nowhere",
        "GIT_CEILING_DIRECTORIES": str(repository.root.parent),
        "GIT_TRACE": "1",
        "GIT_TRACE2_EVENT": "1",
        "GIT_GLOB_PATHSPECS": "1",
        "GIT_ICASE_PATHSPECS": "1",
        "GIT_SHALLOW_FILE": "/nowhere",
        "GIT_GRAFT_FILE": "/nowhere",
        "GIT_DEFAULT_HASH": "sha256",
        "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1",
        "LC_ALL": "de_DE.UTF-8",
        "LANGUAGE": "de",
        "GIT_PAGER": "false",
    }
    plain = repository.check()
    ran = repository.check_with(hostile)
    assert "RC502" in plain.out
    assert (ran.out, ran.err, ran.code) == (plain.out, plain.err, plain.code)


def test_configuration_that_git_refuses_is_said(repository: Repository) -> None:
    """A broken configuration, from a file or a variable, ends in Git's own words and a way on."""
    ran = repository.check_with({"GIT_CONFIG_COUNT": "many"})
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: Git cannot read the repository {repository.root}: ")
    assert ran.err.endswith(f"  = help: repair it; {NO_BASE}\n")
    with (repository.root / ".git/config").open("a") as config:
        config.write("[broken\n")
    ran = repository.check()
    assert ran.code == 2
    assert "bad config line" in ran.err


def test_configured_programs_do_not_run(repository: Repository, tmp_path: Path) -> None:
    """Hooks, filters, monitors and pagers of a repository are never run."""
    sprung = _set_traps(repository, tmp_path)
    promote(repository, "gemini")
    assert "RC502" in repository.check().out
    assert not sprung.exists()


def test_configured_programs_do_not_run_where_migrations_came_later(repository: Repository, tmp_path: Path) -> None:
    """Nor are they where the released migrations were added in a commit that has a parent."""
    assert in_process(["compile"], repository.root).code == 0
    repository.commit("compile")
    sprung = _set_traps(repository, tmp_path)
    assert repository.check().code == 0
    assert in_process(["compile", "--check"], repository.root).code == 0
    assert not sprung.exists()


def test_configured_programs_do_not_run_for_a_new_project(repository: Repository, tmp_path: Path) -> None:
    """Nor are they where `init` asks what the repository around it ignores."""
    repository.write({".gitignore": "generated/\n"})
    sprung = _set_traps(repository, tmp_path)
    ran = in_process(["init", "new"], repository.root)
    assert (ran.code, "keeps generated/ out of Git" in ran.out + ran.err) == (0, True)
    assert not sprung.exists()


def _set_traps(repository: Repository, folder: Path) -> Path:
    """Configure a program wherever Git would run one; return the file that it writes."""
    sprung = folder / "sprung"
    trap = folder / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {sprung}\n")
    trap.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.hooksPath",
        "diff.external",
        "core.sshCommand",
        "alias.ls-tree",
        "alias.cat-file",
        "filter.x.smudge",
        "filter.x.clean",
        "diff.x.textconv",
        "core.editor",
    ):
        repository.git("config", key, str(trap))
    (repository.root / ".git/info").mkdir(exist_ok=True)
    (repository.root / ".git/info/attributes").write_text("* filter=x diff=x\n")
    return sprung


def test_a_repository_of_another_user(repository: Repository) -> None:
    """Where Git does not trust the owner, the message holds the command that changes it, and it works."""
    if os.geteuid() != 0:
        pytest.skip("only root can give files to another user; the same check runs as root in CI's container")
    for folder, _, names in os.walk(repository.root):
        for path in (folder, *(os.path.join(folder, name) for name in names)):
            os.chown(path, 65534, 65534)
    ran = repository.check()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"error: Git does not trust the repository {repository.root}: it belongs to another user\n"
        f"  = help: if you do: `git config --global --add safe.directory {repository.root}`; {NO_BASE}\n"
    )
    assert repository.check("--no-base").code == 0
    trust = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": str(repository.root)}
    assert repository.check_with(trust).code == 0


def test_a_repository_that_is_none(repository: Repository) -> None:
    """A `.git` that holds no repository, and objects that are damaged, are said; nothing passes silently."""
    tip = repository.git("rev-parse", "HEAD^{tree}")
    broken = repository.root / ".git/objects" / tip[:2] / tip[2:]
    broken.chmod(0o644)
    broken.write_bytes(b"garbage")
    ran = repository.check()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: Git cannot read what to compare with: ")
    shutil.rmtree(repository.root / ".git")
    (repository.root / ".git").write_text("gitdir: /nowhere/at/all\n")
    ran = repository.check()
    assert ran.code == 2
    assert ran.err.startswith(f"error: {repository.root}/.git is there, but Git sees no repository in it\n")


def test_without_the_git_program(repository: Repository, tmp_path: Path) -> None:
    """A machine without git: said where there is a repository, and not needed where there is none."""
    nowhere = {"PATH": str(Path(shutil.which("routecomp", path=environment(tmp_path)["PATH"]) or "").parent)}
    assert shutil.which("git", path=nowhere["PATH"]) is None
    ran = repository.check_with(nowhere)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: Git is not installed here, and what to compare with lies in its repository\n"
        f"  = help: install git, or give a folder: --against DIR; {NO_BASE}\n"
    )
    assert repository.check_with(nowhere, "--no-base").code == 0
    shutil.rmtree(repository.root / ".git")
    assert (repository.check_with(nowhere).code, repository.check_with(nowhere).err) == (0, "")


def test_submodules(repository: Repository, tmp_path: Path) -> None:
    """A project that is a submodule is compared in its own repository; one that lies in several is explained."""
    outer = Repository(tmp_path / "outer")
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(repository.root), "llm")
    outer.git("commit", "-q", "-m", "a submodule")
    inner = Repository.__new__(Repository)
    inner.root = inner.project = outer.root / "llm"
    promote(inner, "gemini")
    assert "RC502" in inner.check().out
    only_routes = Repository(tmp_path / "routes-only")
    shutil.copytree(repository.root / "routes", only_routes.root, dirs_exist_ok=True)
    only_routes.commit("begin")
    mixed = Repository(tmp_path / "mixed")
    mixed.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(only_routes.root), "routes")
    mixed.git("commit", "-q", "-m", "routes from elsewhere")
    ran = mixed.check()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: routes is a submodule in the commit to compare with")
    assert "--against DIR" in ran.err


def test_line_ends_and_links_of_the_base(repository: Repository) -> None:
    """Line ends that Git converts are no change; links and other files in the base's folders are not read."""
    os.symlink("features.yaml", repository.root / "routes/link.yaml")
    (repository.root / "routes/.hidden").mkdir()
    repository.write({"routes/.hidden/x.yaml": "models: [\n", "routes/notes.txt": "models: [\n"})
    repository.commit("odd files")
    os.unlink(repository.root / "routes/link.yaml")
    path = repository.root / "routes/features.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert (repository.check().code, repository.check().err) == (0, "")
    promote(repository, "gemini")
    assert "::: main:routes/features.yaml:5:15" in repository.check().out


def test_the_other_hash(tmp_path: Path) -> None:
    """A repository of SHA-256 objects is compared like any other."""
    repository = small(tmp_path / "project", "", "--object-format=sha256")
    promote(repository, "gemini")
    assert "RC502" in repository.check().out


def test_replaced_objects_do_not_deceive(repository: Repository) -> None:
    """`git replace` cannot put another base in the place of the commit that was reviewed."""
    promote(repository, "gemini")
    tip = repository.git("rev-parse", "HEAD")
    repository.git("switch", "-q", "-c", "forged")
    forged = repository.commit("forged")
    repository.git("switch", "-q", "main")
    repository.git("replace", tip, forged)
    repository.git("checkout", "-q", forged, "--", ".")
    assert "RC502" in repository.check().out


def test_a_partial_clone_that_lacks_contents(repository: Repository, tmp_path: Path) -> None:
    """Where a clone left contents out and cannot fetch them, the message says so."""
    repository.git("config", "uploadpack.allowFilter", "true")
    promote(repository, "llama")
    repository.commit("promote")
    repository.git("clone", "-q", "--filter=blob:none", f"file://{repository.root}", str(tmp_path / "clone"))
    clone = Repository.__new__(Repository)
    clone.root = clone.project = tmp_path / "clone"
    assert clone.check("--against", "main~1").code == 0
    clone.git("clone", "-q", "--filter=blob:none", f"file://{repository.root}", str(tmp_path / "again"))
    again = Repository.__new__(Repository)
    again.root = again.project = tmp_path / "again"
    shutil.rmtree(repository.root)
    ran = again.check("--against", "main~1")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("command", ["compile", "compile --check", "lint-migrations"])
def test_a_partial_clone_that_lacks_released_migrations(command: str, tmp_path: Path) -> None:
    """What needs the released migrations says that the clone lacks them, in words."""
    repository = small(tmp_path / "project")
    repository.git("config", "uploadpack.allowFilter", "true")
    assert in_process(["compile"], repository.project).code == 0
    repository.commit("compile")
    # Where nothing is checked out, no content of a migration has been fetched.
    sparse = ("--filter=blob:none", "--sparse")
    repository.git("clone", "-q", *sparse, f"file://{repository.root}", str(tmp_path / "clone"))
    clone = Repository.__new__(Repository)
    clone.root = clone.project = tmp_path / "clone"
    clone.git("sparse-checkout", "set", "routes", "policies", "experiments")
    shutil.rmtree(repository.root)
    ran = in_process(command.split(), clone.project)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: Git cannot read the repository: ")
    assert ran.err.endswith("repair the repository (a partial clone needs its origin within reach)\n")


def test_a_log_in_another_encoding(repository: Repository) -> None:
    """Git's history is read as UTF-8, in whichever encoding its user likes to see it."""
    repository.git("config", "i18n.logOutputEncoding", "UTF-16")
    (repository.root / "llm").mkdir()
    repository.git("mv", "routes", "policies", "llm/")
    repository.project = repository.root / "llm"
    assert [in_process([command], repository.project).code for command in ("check", "compile")] == [0, 0]
    repository.commit("move")
    audit = in_process(["audit"], repository.project)
    assert (audit.code, audit.err) == (0, "")
    assert "support-chat  initial" in audit.out


def test_in_a_hook(repository: Repository) -> None:
    """A pre-commit hook, with the variables Git sets for it, refuses the commit."""
    hook = repository.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexec routecomp check\n")
    hook.chmod(0o755)
    repository.git("switch", "-q", "-c", "work")
    promote(repository, "gemini")
    done = subprocess.run(
        ["git", "commit", "-qam", "promote"],
        cwd=repository.root,
        capture_output=True,
        text=True,
        env=environment(repository.root) | WHO,
        check=False,
    )
    assert done.returncode == 1
    assert RETIRED in done.stdout + done.stderr
