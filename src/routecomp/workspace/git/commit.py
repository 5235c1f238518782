"""Commit files that were just written and nothing else, or leave everything as it was.

Git runs as the user's own: with their identity, their hooks and their signing key.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from routecomp.workspace.files import FOLDERS, native
from routecomp.workspace.git.interrupts import Interrupts
from routecomp.workspace.git.process import GitError, run_git
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project
from routecomp.workspace.publish import publish

_ELSEWHERE = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_LITERAL_PATHSPECS",
)
"""Variables that would lead Git into another repository than the project's."""
_UNDER_WAY = (
    ("rebase-merge", "a rebase is under way", "git rebase --continue", "git rebase --abort"),
    ("rebase-apply", "a rebase is under way", "git rebase --continue", "git rebase --abort"),
    ("MERGE_HEAD", "a merge is under way", "git merge --continue", "git merge --abort"),
    ("CHERRY_PICK_HEAD", "a cherry-pick is under way", "git cherry-pick --continue", "git cherry-pick --abort"),
    ("REVERT_HEAD", "a revert is under way", "git revert --continue", "git revert --abort"),
)
_TRAILER = re.compile(r"[A-Za-z0-9-]+: \S.*")
_SHOWN = 12
_TRIES = 5
"""How often a command that undoes is run that a signal ended."""
_WITHOUT = "or leave --commit out and commit by hand"


def ends_in_trailers(message: str) -> bool:
    """Return whether a message's last paragraph is nothing but trailers, so that one more belongs to it."""
    paragraphs = re.split(r"\n[ \t]*\n", message.strip())
    return len(paragraphs) > 1 and all(_TRAILER.fullmatch(line) for line in paragraphs[-1].splitlines())


@dataclass
class Committer:
    """A repository that was found fit for a commit before anything was written.

    `head` is HEAD's commit, `branch` the full name of the branch it is on (None where it is detached), `new_branch`
    the branch to make. `report` is what to tell the user once the commit is made.
    """

    project: Project
    head: str
    branch: str | None
    new_branch: str | None
    report: str = field(default="")
    _interrupts: Interrupts = field(default_factory=Interrupts, repr=False, compare=False)

    @classmethod
    def prepare(cls, project: Project, snapshot: Snapshot, new_branch: str | None) -> Committer:
        """Return a committer for a project; raise a `Problem` for whatever would stand in the way of a commit.

        Nothing is changed, and `new_branch` (None: commit to the current one) is made by `commit` only.
        """
        if snapshot.repository() is None:
            raise Problem("there is no Git repository here to commit to", "run `git init`, or leave --commit out")
        try:
            return cls._prepare(project, snapshot, new_branch)
        except GitError as failure:
            raise Problem(
                f"Git cannot be asked whether a commit is possible: {visible(str(failure))}",
                f"repair the repository, {_WITHOUT}",
            ) from None

    @classmethod
    def _prepare(cls, project: Project, snapshot: Snapshot, new_branch: str | None) -> Committer:
        """Do the work of `prepare` in a repository; raises `GitError` too."""
        folder = project.root
        _refuse_under_way(folder)
        _refuse_unmerged(folder)
        head = snapshot.head()
        if head is None:
            raise Problem("the repository has no commit yet", "commit the project first: git add . && git commit")
        branch = _answer(folder, ["symbolic-ref", "-q", "HEAD"])
        if branch is None and new_branch is None:
            raise Problem(
                "HEAD is detached: a commit would be on no branch",
                "name a new one with --branch NAME, or `git switch` to one first",
            )
        if new_branch is not None:
            _refuse_taken(folder, new_branch)
        for identity in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            if _run_as_user(folder, ["var", identity]).returncode:
                raise Problem(
                    "Git does not know who you are, so it cannot make the commit",
                    "git config --global user.name 'Your Name'; git config --global user.email you@example.com",
                )
        _refuse_uncommitted(folder)
        return cls(project, head, branch, new_branch)

    def commit(
        self, files: Iterable[str], old: Mapping[str, bytes | None], message: str, write: Callable[[], None]
    ) -> None:
        """Write files (paths from the project's root) by calling `write`, and commit them as they are then.

        Where the commit fails, or is interrupted, they get their `old` bytes back (None: there was no file), and HEAD,
        branches and index are what they were. Raises a `Problem` with Git's words where a command of it fails.
        """
        paths = [f":(literal){native(path)}" for path in files]
        added: list[str] = []
        with self._interrupts:
            write()
            try:
                self._interrupts.check()
                self._make_branch()
                known, added = self._known_and_new(paths)
                if added:
                    self._require(["add", "--", *[f":(literal){path}" for path in added]])
                own = [f":(literal){path}" for path in [*known, *added]]
                self._require(
                    ["commit", "-q", "--only", "-F", "-", "--", *own], message.encode("utf-8", "surrogateescape")
                )
            except BaseException:
                if self._has_moved():  # the commit was made, and what failed came after it
                    self._write_report()
                    raise
                self._undo(added, old)
                raise
            self._write_report()

    def _write_report(self) -> None:
        """Set `report` to what was committed and on which branch."""
        short = _answer(self.project.root, ["rev-parse", "--short", "HEAD"]) or "HEAD"
        name = self.new_branch or (self.branch or "").removeprefix("refs/heads/")
        self.report = f"committed {short} on {visible(name)}"

    def _make_branch(self) -> None:
        """Make the new branch at HEAD's commit and switch to it, if one is wanted; no file is touched."""
        if self.new_branch is None:
            return
        ref = f"refs/heads/{self.new_branch}"
        self._require(["update-ref", "-m", "branch: Created from HEAD", ref, self.head, "0" * len(self.head)])
        self._require(["symbolic-ref", "HEAD", ref])

    def _undo(self, added: Sequence[str], old: Mapping[str, bytes | None]) -> None:
        """Put back the files, the index and the branches as they were; `added` are the files new to the index."""
        root = self.project.root
        back = {path: data for path, data in old.items() if data is not None}
        publish(root, "", back, lambda _: None)
        for path, data in old.items():
            if data is None:
                with suppress(OSError):  # the file, and the folders that were made for it
                    os.unlink(os.path.join(root, native(path)))
                    os.removedirs(os.path.dirname(os.path.join(root, native(path))))
        if added:
            self._undoing(
                ["rm", "-q", "-f", "--cached", "--ignore-unmatch", "--", *[f":(literal){path}" for path in added]]
            )
        if self.new_branch is not None:
            ref = f"refs/heads/{self.new_branch}"
            if self._undoing(["symbolic-ref", "-q", "HEAD"]) == ref:
                if self.branch is not None:
                    self._undoing(["symbolic-ref", "HEAD", self.branch])
                else:
                    self._undoing(["update-ref", "--no-deref", "HEAD", self.head])
            if self._undoing(["rev-parse", "-q", "--verify", ref]) == self.head:
                self._undoing(["update-ref", "-d", ref, self.head])

    def _undoing(self, arguments: Sequence[str]) -> str:
        """Run a Git command that no interrupt of the terminal reaches, and return what it prints.

        One may still end it before it is out of the terminal's group; then it has done nothing, and is run again.
        """
        for _ in range(_TRIES):
            done = _run_as_user(self.project.root, arguments, is_apart=True)
            if done.returncode >= 0:
                break
        return os.fsdecode(done.stdout).strip("\n")

    def _has_moved(self) -> bool:
        """Return whether HEAD is another commit than it was at first."""
        return self._undoing(["rev-parse", "-q", "--verify", "HEAD"]) != self.head

    def _known_and_new(self, paths: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return the files that the index holds, and those it does not and no rule ignores."""
        output = self._require(["ls-files", "-z", "-t", "--cached", "--others", "--exclude-standard", "--", *paths])
        entries = [os.fsdecode(entry).split(" ", 1) for entry in output.split(b"\0") if entry]
        known = [path for tag, path in entries if tag != "?"]
        return known, [path for tag, path in entries if tag == "?" and path not in known]

    def _require(self, arguments: Sequence[str], input: bytes = b"") -> bytes:
        """Run a Git command as the user and return what it prints; raise a `Problem` where it fails."""
        command = ["git", "-C", self.project.root, *arguments]
        done = self._interrupts.run(command, input, _users_environment())
        if done.returncode:
            raise _refusal(arguments[0], (done.stderr or b"") + (done.stdout or b""))
        return done.stdout


def _refusal(command: str, output: bytes) -> Problem:
    """Return (not raise) the problem that a Git command failed, with the last lines it printed."""
    lines = [visible(line) for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    shown = lines[-_SHOWN:] or ["it gave no reason; often that is a hook"]
    about = "Git refused the commit" if command == "commit" else f"`git {command}` failed"
    return Problem(
        f"{about}: nothing was committed, and the files are as they were",
        "put right what it says below (a hook may have said it), and run the command again, "
        f"{_WITHOUT}:\n" + "\n".join(f"    {line}" for line in shown),
        "refused",
    )


def _refuse_under_way(folder: str) -> None:
    """Raise a `Problem` where a rebase, merge, cherry-pick or revert is under way."""
    git_dir = _answer(folder, ["rev-parse", "--absolute-git-dir"])
    for name, what, finish, drop in _UNDER_WAY:
        if git_dir is not None and os.path.lexists(os.path.join(git_dir, name)):
            raise Problem(f"{what} in this repository", f"finish it (`{finish}`) or drop it (`{drop}`), {_WITHOUT}")


def _refuse_unmerged(folder: str) -> None:
    """Raise a `Problem` where the index holds a merge conflict."""
    unmerged = run_git(folder, ["ls-files", "-u", "-z"])
    if unmerged:
        path = os.fsdecode(unmerged.split(b"\0")[0].partition(b"\t")[2])
        raise Problem(
            f"{visible(path)} has merge conflicts that are not resolved",
            "resolve them and `git add` the files, or `git restore --staged --worktree` them",
        )


def _refuse_taken(folder: str, name: str) -> None:
    """Raise a `Problem` for a name that no branch can have, or that a branch has already."""
    if name.startswith("-") or _run_as_user(folder, ["check-ref-format", "--branch", name]).returncode:
        raise Problem(f"{visible(name)} is no name for a branch", "use letters, digits, `-`, `_`, `.` and `/`")
    if _run_as_user(folder, ["show-ref", "--verify", "-q", f"refs/heads/{name}"]).returncode == 0:
        raise Problem(f"there is a branch {visible(name)} already", "choose another name, or delete that branch")


def _refuse_uncommitted(folder: str) -> None:
    """Raise a `Problem` where the YAML is not what HEAD holds: what is compiled from all of it goes into the commit."""
    status = run_git(
        folder, ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", *FOLDERS]
    )
    changed = [os.fsdecode(line)[3:] for line in status.split(b"\0") if line]
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise Problem(
            f"{visible(changed[0])}{more} has changes that are not committed; what is compiled from them "
            "would go into this commit",
            "commit or stash them first (`git stash -u`), or leave --commit out",
        )


def _answer(folder: str, arguments: Sequence[str]) -> str | None:
    """Return what a Git command prints, None where it fails or prints nothing."""
    try:
        output = run_git(folder, arguments)
    except GitError:
        return None
    return os.fsdecode(output).strip("\n") or None


def _run_as_user(
    folder: str, arguments: Sequence[str], *, is_apart: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """Run a Git command as the user would, but never wait for an answer on the terminal.

    What `is_apart` is in no group of processes that the terminal interrupts.
    """
    return subprocess.run(
        ["git", "-C", folder, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        env=_users_environment(),
        start_new_session=is_apart,
    )


def _users_environment() -> dict[str, str]:
    """Return this process's environment without what would lead Git elsewhere, or make it wait for an answer."""
    kept = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true"}
