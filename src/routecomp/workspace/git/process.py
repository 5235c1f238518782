"""Run Git in an environment of our own, and report what it says when it fails.

A `GIT_DIR` that a hook left behind must not lead into another repository, and messages are read in English.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from routecomp.workspace.problem import Problem

if TYPE_CHECKING:
    from subprocess import Popen

NO_BASE = "--no-base checks without the rules of change"
"""The remedy of last resort in messages about a repository that cannot be read."""
_KEPT = (
    "GIT_CONFIG_",  # where CI puts safe.directory
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_EXEC_PATH",
    "GIT_SSH",  # a partial clone fetches what it lacks
    "GIT_ASKPASS",
)
_OURS = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_LITERAL_PATHSPECS": "1",
}
_PLAIN = (
    "-c",
    "i18n.logOutputEncoding=UTF-8",  # what a log prints is read as bytes of UTF-8, whoever configured what
    "-c",
    "core.fsmonitor=false",  # Git would run the monitor of files that a repository configures
)


class GitError(Exception):
    """A Git command failed; the text is the line of its output that says why."""


def run_git(folder: str, arguments: Sequence[str | bytes], input: bytes = b"") -> bytes:
    """Run a Git command in a folder and return what it prints on standard output; `input` goes to its standard input.

    Raises `GitError` where the command fails, and `Problem` where there is no Git to run.
    """
    with start_git(folder, arguments) as process:
        try:
            output, errors = process.communicate(input)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise GitError(reason_of(errors))
    return output


def start_git(folder: str, arguments: Sequence[str | bytes]) -> Popen[bytes]:
    """Start a Git command in a folder, with pipes to all three of its streams.

    Raises `Problem` where there is no Git to run.
    """
    # lazy: outside of a repository nothing is run
    from subprocess import PIPE, Popen

    command = ["git", *_PLAIN, "-C", folder, *arguments]
    try:
        return Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=clean_environment())
    except FileNotFoundError:
        raise Problem(
            "Git is not installed here, and what to compare with lies in its repository",
            f"install git, or give a folder: --against DIR; {NO_BASE}",
        ) from None
    except PermissionError:
        raise Problem("Git may not be run here", f"give a folder instead: --against DIR; {NO_BASE}") from None


def clean_environment() -> dict[str, str]:
    """Return this process's environment without the variables that would lead Git elsewhere, and with ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    return {**kept, **_OURS}


def reason_of(errors: bytes) -> str:
    """Return the first line of Git's error output that says what is wrong, without its `fatal:` or `error:`.

    Where no line begins so, it is the first of all; where Git said nothing, it is empty.
    """
    lines = [line.strip() for line in errors.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (fatal or lines or [""])[0].removeprefix("fatal:").removeprefix("error:").strip()
