"""A folder in, what Git's objects hold out: commits, trees and blobs, read by plumbing commands alone.

Neither the work tree nor the index is looked at, nothing is written, no hook and no configured program runs.
The environment is ours: a `GIT_DIR` that some hook left behind must not lead into another repository.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from routecomp.workspace.problem import Problem, visible

NO_BASE = "--no-base checks without the rules of change"
_KEPT = (
    "GIT_CONFIG_",  # where CI puts safe.directory
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_EXEC_PATH",
    "GIT_SSH",  # a partial clone fetches what it lacks
    "GIT_ASKPASS",
)
_OURS = {
    "LC_ALL": "C",  # the messages we read
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_LITERAL_PATHSPECS": "1",
}


class GitError(Exception):
    """A Git command that failed: its own words."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a tree: its path from the repository's top, its mode and the id of its content."""

    path: str
    mode: str
    id: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a commit added to a folder and deleted from it, path (from the repository's top) to the content's id;
    and whether it says of itself that it is a revert."""

    parents: tuple[str, ...]
    is_revert: bool
    added: dict[str, str]
    deleted: dict[str, str]


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository a folder belongs to.

    `prefix` is the folder's path from the repository's top, empty or with a slash at its end; `shallow` says
    that its history is cut off.
    """

    folder: str
    prefix: str
    shallow: bool

    def commits(self, names: Sequence[str]) -> dict[str, str]:
        """The commit each name (a ref, an id, `HEAD~2`) stands for; names of nothing are left out."""
        asked = "".join(f"{name}^{{commit}}\n" for name in names)
        answers = run(self.folder, ["cat-file", "--batch-check"], asked.encode("utf-8", "surrogateescape"))
        found: dict[str, str] = {}
        for name, answer in zip(names, answers.decode("utf-8", "replace").splitlines(), strict=False):
            id, _, rest = answer.partition(" ")
            if rest.startswith("commit "):
                found[name] = id
        return found

    def default_branch(self) -> str | None:
        """The name of origin's default branch, as far as this clone was told."""
        told = run(self.folder, ["for-each-ref", "--format=%(symref)", "refs/remotes/origin/HEAD"])
        name = told.decode("utf-8", "replace").strip().removeprefix("refs/remotes/origin/")
        return name or None

    def branches(self) -> list[str]:
        """Names of branches and tags, the latest thousand: for a did-you-mean."""
        refs = ["refs/heads", "refs/remotes", "refs/tags"]
        told = run(
            self.folder,
            ["for-each-ref", "--count=1000", "--sort=-creatordate", "--format=%(refname:short)", *refs],
        )
        return told.decode("utf-8", "replace").splitlines()

    def fork_point(self, tip: str, heads: Sequence[str]) -> str | None:
        """The best common ancestor of a commit and the merge of others; None where there is none."""
        try:
            found = run(self.folder, ["merge-base", tip, *heads])
        except GitError as failure:
            if not str(failure):  # exit code 1, nothing said: no common ancestor
                return None
            raise
        return found.decode("ascii").split("\n", 1)[0]

    def latest(self, commits: Sequence[str]) -> str:
        """Of several commits the first that no other one contains."""
        found = run(self.folder, ["merge-base", "--independent", *commits]).decode("ascii").split()
        return next(one for one in commits if one in found)

    def files(self, commit: str, folders: Iterable[str]) -> list[Blob]:
        """Every file below some folders of this one, in a commit; the paths are from the repository's top."""
        paths = [os.fsencode(self.prefix + folder) for folder in folders]
        listed = run(self.folder, [b"ls-tree", b"-r", b"-z", b"--full-tree", commit.encode(), b"--", *paths])
        found = []
        for line in listed.split(b"\0")[:-1]:
            facts, _, path = line.partition(b"\t")
            mode, _, id = facts.decode("ascii").split(" ")
            found.append(Blob(os.fsdecode(path), mode, id))
        return found

    def deletions(self, commit: str, folder: str) -> list[Step]:
        """What the commits on the line of first parents up to one did to a folder of this one, oldest first; nothing
        where none of them deleted a file of it."""
        line = [
            b"-c",
            b"log.showRoot=true",
            b"log",
            b"--first-parent",
            b"-m",
            b"--no-renames",
            b"--no-color",
            b"--no-show-signature",
            b"--no-notes",
        ]
        where = [b"--end-of-options", commit.encode(), b"--", os.fsencode(folder)]
        if not run(self.folder, [*line, b"--diff-filter=D", b"--format=%H", b"--max-count=1", *where]):
            return []
        told = run(
            self.folder,
            [*line, b"--diff-filter=AD", b"--raw", b"--no-abbrev", b"-z", b"--format=message %P%n%B", *where],
        )
        found: list[Step] = []
        parts = iter(part.lstrip(b"\n") for part in told.split(b"\0"))
        for part in parts:
            if part.startswith(b"message "):
                parents = part.removeprefix(b"message ").partition(b"\n")[0].decode("ascii").split()
                found.append(Step(tuple(parents), b"\nThis reverts commit " in part, {}, {}))
            elif part:
                old, new = part.decode("ascii").split()[2:4]
                path = os.fsdecode(next(parts))
                if part.endswith(b"D"):
                    found[-1].deleted[path] = old
                else:
                    found[-1].added[path] = new
        return found[::-1]

    def contents(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The bytes of blobs by their ids."""
        if not ids:
            return {}
        data = run(self.folder, ["cat-file", "--batch"], "".join(f"{id}\n" for id in ids).encode("ascii"))
        found: dict[str, bytes] = {}
        at = 0
        for id in ids:
            end = data.index(b"\n", at)
            answer = data[at:end].split(b" ")
            at = end + 1
            if answer[1:2] != [b"blob"]:
                raise Problem(
                    "this clone lacks file contents of the commit to compare with",
                    f"it is a partial clone: fetch them with `git fetch --refetch`; {NO_BASE}",
                )
            size = int(answer[2])
            found[id] = data[at : at + size]
            at += size + 1
        return found


def find_repository(folder: str) -> Repository | None:
    """The repository whose work tree holds a folder, or None where there is none.

    A repository that is there and cannot be read is a `Problem`: a check that left the rules of change out
    without a word would let through what they are there to stop.
    """
    marked = _marked(folder)
    if marked is None:
        return None
    try:
        told = run(folder, ["rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-prefix"])
    except GitError as failure:
        raise _unreadable(str(failure), marked) from None
    inside, shallow, prefix = os.fsdecode(told).split("\n", 2)
    if inside != "true":
        return None  # inside `.git` itself, or a work tree that core.worktree puts elsewhere
    return Repository(folder, prefix.removesuffix("\n"), shallow == "true")


def _marked(folder: str) -> str | None:
    """The nearest folder at or above this one, on the same disk, that holds a `.git`.

    It saves a process where there is no Git, and tells no repository from one that Git refuses.
    """
    at = os.path.realpath(folder)
    disk = os.stat(at).st_dev
    anywhere = os.environ.get("GIT_DISCOVERY_ACROSS_FILESYSTEM", "") not in ("", "0", "false")
    while anywhere or os.stat(at).st_dev == disk:
        if os.path.lexists(os.path.join(at, ".git")):
            return at
        above = os.path.dirname(at)
        if above == at:
            return None
        at = above
    return None


def _unreadable(said: str, marked: str) -> Problem:
    if "dubious ownership" in said:
        return Problem(
            f"Git does not trust the repository {visible(marked)}: it belongs to another user",
            f"if you do: `git config --global --add safe.directory {visible(marked)}`; {NO_BASE}",
        )
    if "not a git repository" in said:
        return Problem(
            f"{visible(os.path.join(marked, '.git'))} is there, but Git sees no repository in it",
            f"repair it (of a worktree: `git worktree repair`) or remove it; {NO_BASE}",
        )
    return Problem(f"Git cannot read the repository {visible(marked)}: {visible(said)}", f"repair it; {NO_BASE}")


def run(folder: str, arguments: Sequence[str | bytes], input: bytes = b"") -> bytes:
    """What a Git command prints; `GitError` holds what it says when it fails."""
    import subprocess  # outside of a repository nothing is run

    try:
        done = subprocess.run(
            ["git", "-C", folder, *arguments],
            input=input,
            capture_output=True,
            env=clean_environment(),
            check=False,
        )
    except FileNotFoundError:
        raise Problem(
            "Git is not installed here, and what to compare with lies in its repository",
            f"install git, or give a folder: --against DIR; {NO_BASE}",
        ) from None
    except PermissionError:
        raise Problem("Git may not be run here", f"give a folder instead: --against DIR; {NO_BASE}") from None
    if done.returncode:
        raise GitError(_first_words(done.stderr.decode("utf-8", "replace")))
    return done.stdout


def clean_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    return {**kept, **_OURS}


def _first_words(said: str) -> str:
    """The line that says what is wrong, without Git's own `fatal:`."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (fatal or lines or [""])[0].removeprefix("fatal:").removeprefix("error:").strip()
