"""Git is read once for a command: what it needs of the repository is handed down, not asked for again."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.repository import Repository, promote, small
from tests.cli.transcripts import environment, in_process

MOST = 7
"""Where the project lies, the remotes' default branches, the fork, the history of migrations, what a commit
of it deletes, what Git ignores, and one process for all objects."""


@pytest.mark.parametrize(
    "command", ["check", "check --against main", "compile", "diff", "promote support-chat llama --no-base --dry-run"]
)
def test_few_processes(command: str, tmp_path: Path) -> None:
    """No command that reads the base branch and the released migrations starts more than seven Git processes."""
    repository = small(tmp_path / "project")
    assert in_process(["compile"], repository.project).code == 0
    repository.commit("compiled")
    repository.git("switch", "-q", "-c", "work")
    promote(repository, "mistral-large")
    repository.commit("promoted")
    assert 0 < processes(repository, command, tmp_path) <= MOST


def processes(repository: Repository, command: str, folder: Path) -> int:
    """Return how many Git processes a command starts."""
    log = folder / "log"
    wrapper = folder / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\necho "$*" >> {log}\nexec {shutil.which("git")} "$@"\n')
    wrapper.chmod(0o755)
    variables = environment(repository.project)
    done = subprocess.run(
        ["routecomp", *command.split()],
        cwd=repository.project,
        env=variables | {"PATH": f"{wrapper.parent}:{variables['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return len(log.read_text().splitlines())
