"""Find the Git repository around a folder, and ask it about branches and history by plumbing commands alone.

Neither the work tree nor the index is looked at, nothing is written, no hook and no configured program runs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from routecomp.workspace.files import read_if_there
from routecomp.workspace.git.objects import Blob, ObjectReader
from routecomp.workspace.git.process import NO_BASE, GitError, run_git
from routecomp.workspace.problem import Problem, visible

QUIET_LOG = ("--no-renames", "--no-color", "--no-show-signature", "--no-notes")
"""Options of `git log` that keep a user's configuration out of its output."""

_MOST_OF_FETCHED = 1 << 24  # bytes of FETCH_HEAD that are read


class HistoryStep(NamedTuple):
    """What a commit did to some files: path (from the repository's top) to the content's id.

    Of deleted files it is the content that they had. `is_revert` tells that its message calls it a revert.
    """

    commit: str
    parents: tuple[str, ...]
    is_revert: bool
    added: dict[str, str]
    modified: dict[str, str]
    deleted: dict[str, str]


class LogEntry(NamedTuple):
    """An entry of a reflog: the commit that `ref` (`HEAD`, or its whole name) came to stand at, and Git's message."""

    commit: str
    ref: str
    message: str


class RemoteRefs(NamedTuple):
    """The branches at remotes that a clone knows: `refs`, and by remote the name of its default branch where known."""

    refs: frozenset[str]
    default_branches: dict[str, str]


@dataclass(frozen=True, slots=True)
class Repository:
    """The Git repository a folder belongs to.

    `prefix` is the folder's path from the repository's top, empty or with a slash at its end; `is_shallow` tells
    that its history is cut off; `objects` reads what it holds. Every method raises `GitError` where Git gives up.
    """

    folder: str
    prefix: str
    is_shallow: bool
    objects: ObjectReader = field(repr=False, compare=False)
    _forks: dict[tuple[str, ...], str | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def way_to_top(self) -> str:
        """The relative path from the folder to the repository's top."""
        return "../" * self.prefix.count("/") or "."

    def files(self, commit: str, paths: Iterable[str]) -> list[Blob]:
        """Return every file of a commit at or below some paths of the folder, symbolic links and submodules too.

        The files' own paths are from the repository's top; a path at which there is nothing adds none.
        """
        return self.objects.files(commit, [self.prefix + path for path in paths])

    def contents(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Return the bytes of blobs by their ids; raise a `Problem` where a partial clone lacks one."""
        contents: dict[str, bytes] = {}
        for id, data in self.objects.blobs(ids):
            if data is None:
                raise Problem(
                    "this clone lacks file contents of the commit to compare with",
                    f"it is a partial clone: fetch them with `git fetch --refetch`; {NO_BASE}",
                )
            contents[id] = data
        return contents

    def branch(self) -> str | None:
        """Return the name of the branch that HEAD is on, None where it is detached."""
        name = os.fsdecode(run_git(self.folder, ["rev-parse", "--symbolic-full-name", "HEAD"])).rstrip("\n")
        return name.removeprefix("refs/heads/") if name != "HEAD" else None

    def default_branches(self) -> dict[str, str]:
        """Return the name of each remote's default branch, as far as this clone was told."""
        return self.remote_refs().default_branches

    def remote_refs(self) -> RemoteRefs:
        """Return what this clone knows of branches at remotes."""
        output = run_git(self.folder, ["for-each-ref", "--format=%(refname) %(symref)", "refs/remotes"])
        refs: list[str] = []
        names: dict[str, str] = {}
        for line in output.decode("utf-8", "replace").splitlines():
            ref, _, target = line.partition(" ")
            folder = ref.removesuffix("HEAD")
            if folder.endswith("/") and target.startswith(folder):
                names[folder.removeprefix("refs/remotes/").rstrip("/")] = target.removeprefix(folder)
            elif not target:
                refs.append(ref)
        return RemoteRefs(frozenset(refs), names)

    def tracked(self) -> str | None:
        """Return the ref of the branch that the current one tracks, None where it tracks none that is here."""
        branch = self.branch()
        if branch is None:
            return None
        output = run_git(self.folder, ["for-each-ref", "--format=%(upstream)", f"refs/heads/{branch}"])
        return output.decode("utf-8", "replace").split("\n", 1)[0] or None

    def remotes(self) -> list[str]:
        """Return the names of the remotes that this clone has an address of, sorted."""
        return sorted(name.removesuffix(".url") for name in self._remote_settings("url"))

    def holds_all_of(self, remotes: Sequence[str]) -> bool:
        """Return whether nothing of the remotes can be missing here.

        So it is where nothing was fetched from them, and where no branch of them is known but the current one, though
        all of them are asked for.
        """
        fetched = os.fsdecode(run_git(self.folder, ["rev-parse", "--git-path", "FETCH_HEAD"])).rstrip("\n")
        branch = self.branch()
        refs = run_git(self.folder, ["for-each-ref", "--count=1000", "--format=%(refname)", "refs/remotes"])
        own = {f"refs/remotes/{remote}/{branch}" for remote in remotes}
        asked = [value for values in self._remote_settings("fetch").values() for value in values]
        return (
            branch is not None  # a detached HEAD was checked out from something that was fetched
            and set(refs.decode("utf-8", "replace").splitlines()) <= own
            and not os.path.lexists(os.path.join(self.folder, fetched))
            and all("*" in value for value in asked)
        )

    def _remote_settings(self, key: str) -> dict[str, list[str]]:
        """Return the values of `remote.NAME.key` in Git's configuration, by `NAME.key`; none where there are none."""
        try:
            output = run_git(self.folder, ["config", "-z", "--get-regexp", rf"^remote\..*\.{key}$"])
        except GitError as failure:
            if not str(failure):  # exit code 1 without a word: no such setting
                return {}
            raise
        values: dict[str, list[str]] = {}
        for entry in filter(None, output.decode("utf-8", "replace").split("\0")):
            name, _, value = entry.partition("\n")
            values.setdefault(name.removeprefix("remote."), []).append(value)
        return values

    def branches(self) -> list[str]:
        """Return the short names of the latest thousand branches (remote ones too) and tags, the latest first."""
        refs = ["refs/heads", "refs/remotes", "refs/tags"]
        output = run_git(
            self.folder,
            ["for-each-ref", "--count=1000", "--sort=-creatordate", "--format=%(refname:short)", *refs],
        )
        return output.decode("utf-8", "replace").splitlines()

    def fork_point(self, tip: str, heads: Sequence[str]) -> str | None:
        """Return the best common ancestor of a commit and the merge of others, None where there is none."""
        if all(head == tip for head in heads):
            return tip
        commits = (tip, *heads)
        if commits not in self._forks:
            self._forks[commits] = self._read_fork_point(commits)
        return self._forks[commits]

    def _read_fork_point(self, commits: Sequence[str]) -> str | None:
        """Ask Git for the best common ancestor; return None where there is none."""
        try:
            output = run_git(self.folder, ["merge-base", *commits])
        except GitError as failure:
            if not str(failure):  # exit code 1 without a word: no common ancestor
                return None
            raise
        return output.decode("ascii").split("\n", 1)[0]

    def independent(self, commits: Sequence[str]) -> list[str]:
        """Return those of several commits that are in the history of no other of them, in their order."""
        if len(commits) < 2:
            return [*commits]
        independent = run_git(self.folder, ["merge-base", "--independent", *commits]).decode("ascii").split()
        return [commit for commit in commits if commit in independent]

    def history(self, commit: str, paths: Iterable[str]) -> list[HistoryStep]:
        """Return what the first-parent line up to a commit did to files at or below some paths, oldest first.

        The paths are from the repository's top.
        """
        options = ["log", "--first-parent", "-m", *QUIET_LOG, "--diff-filter=AMD", "--raw", "--no-abbrev", "-z"]
        where = [b"--end-of-options", commit.encode(), b"--", *map(os.fsencode, paths)]
        top: list[str | bytes] = ["-C", self.way_to_top, "-c", "log.showRoot=true"]
        output = run_git(self.folder, [*top, *options, "--format=message %H %P%n%B", *where])
        return _history_steps(output)[::-1]

    def writes(self, commits: Iterable[str], without: Iterable[str], paths: Iterable[str]) -> list[HistoryStep]:
        """Return what the history of commits, without that of others, adds to or changes of files; newest first.

        The paths are from the repository's top. A merge is compared with its first parent.
        """
        options = ["log", "--full-history", "--diff-merges=first-parent", *QUIET_LOG, "--diff-filter=AM", "--raw"]
        top: list[str | bytes] = ["-C", self.way_to_top, "-c", "log.showRoot=true"]
        revisions = "".join([*(f"{commit}\n" for commit in commits), *(f"^{commit}\n" for commit in without)])
        where = [b"--", *map(os.fsencode, paths)]
        form = ["--no-abbrev", "-z", "--format=message %H %P%n%B", "--stdin"]
        return _history_steps(run_git(self.folder, [*top, *options, *form, *where], revisions.encode()))

    def beyond(self, commits: Iterable[str], without: Iterable[str]) -> frozenset[str]:
        """Return the history of commits without that of others."""
        revisions = "".join([*(f"{commit}\n" for commit in commits), *(f"^{commit}\n" for commit in without)])
        return frozenset(run_git(self.folder, ["rev-list", "--stdin"], revisions.encode()).decode("ascii").split())

    def reflog(self) -> list[LogEntry]:
        """Return what this clone remembers of where HEAD and each ref have stood, the latest of each first."""
        options = ["log", "--walk-reflogs", "--all", "--format=%H %gD%x00%gs", *QUIET_LOG]
        entries: list[LogEntry] = []
        for line in os.fsdecode(run_git(self.folder, options)).splitlines():
            place, _, message = line.partition("\0")
            commit, _, ref = place.partition(" ")
            entries.append(LogEntry(commit, ref.rpartition("@{")[0], message))
        return entries

    def refs(self) -> dict[str, str]:
        """Return each ref with the object that it names."""
        output = run_git(self.folder, ["for-each-ref", "--format=%(objectname) %(refname)"])
        lines = (line.partition(" ") for line in os.fsdecode(output).splitlines())
        return {ref: id for id, _, ref in lines}

    def fetched(self, remotes: Collection[str]) -> Iterator[tuple[str, bool]]:
        """Yield the commits that were fetched last, and whether one of some remotes was asked for them."""
        place = os.fsdecode(run_git(self.folder, ["rev-parse", "--git-path", "FETCH_HEAD"])).rstrip("\n")
        data = read_if_there(os.path.join(self.folder, place), _MOST_OF_FETCHED)
        settings = self._remote_settings("url")
        addresses = {_address(url) for name in remotes for url in settings.get(f"{name}.url", ())}
        for line in os.fsdecode(data or b"").splitlines():
            commit, _, rest = line.partition("\t")
            yield commit, _address(rest.rpartition("\t")[2].rpartition(" of ")[2]) in addresses

    def held(self, commit: str, path: str, id: str) -> bool:
        """Return whether a commit, or one before it, holds a content (its Git id) at a path from the top."""
        options = ["log", *QUIET_LOG, "--raw", "--no-abbrev", "-z", "--format=", f"--find-object={id}", "-n1"]
        where = [b"--end-of-options", commit.encode(), b"--", os.fsencode(path)]
        return bool(run_git(self.folder, ["-C", self.way_to_top, "-c", "log.showRoot=true", *options, *where]).strip())

    def deleted(self, step: HistoryStep) -> dict[str, str]:
        """Return every file that a commit deletes, path from the repository's top to the content's id."""
        if not step.parents:
            return {}
        options = ["diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--diff-filter=D"]
        output = run_git(self.folder, [*options, step.parents[0], step.commit])
        facts, paths = output.split(b"\0")[:-1:2], output.split(b"\0")[1::2]
        return {os.fsdecode(path): fact.decode("ascii").split()[2] for fact, path in zip(facts, paths, strict=True)}


def find_repository(folder: str) -> Repository | None:
    """Return the repository whose work tree holds a folder, None where there is none.

    Raises a `Problem` for a repository that is there and cannot be read: a check that left the rules of change out
    without a word would let through what they are there to stop.
    """
    marked = _marked_folder(folder)
    if marked is None:
        return None
    try:
        output = run_git(folder, ["rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-prefix"])
    except GitError as failure:
        raise _unreadable(str(failure), marked) from None
    is_inside, is_shallow, prefix = os.fsdecode(output).split("\n", 2)
    if is_inside != "true":
        return None  # inside `.git` itself, or a work tree that core.worktree puts elsewhere
    return Repository(folder, prefix.removesuffix("\n"), is_shallow == "true", ObjectReader(folder))


def shown_folder(prefix: str) -> str:
    """Return a folder of the repository as a message names it."""
    return visible(prefix) if prefix else "the top folder of the repository"


def _marked_folder(folder: str) -> str | None:
    """Return the nearest folder at or above this one that holds a `.git`, None if none does.

    The search stays on one disk, unless GIT_DISCOVERY_ACROSS_FILESYSTEM is set. It spares a process where there is no
    repository, and distinguishes that from a repository that Git refuses.
    """
    current = os.path.realpath(folder)
    disk = os.stat(current).st_dev
    crosses_disks = os.environ.get("GIT_DISCOVERY_ACROSS_FILESYSTEM", "") not in ("", "0", "false")
    while crosses_disks or os.stat(current).st_dev == disk:
        if os.path.lexists(os.path.join(current, ".git")):
            return current
        above = os.path.dirname(current)
        if above == current:
            return None
        current = above
    return None


def _address(url: str) -> str:
    """Return an address as FETCH_HEAD has it: without a password, or what may stand behind its end."""
    return re.sub(r"//[^/@]*@", "//", url).rstrip("/").removesuffix(".git").rstrip("/")


def _unreadable(reason: str, marked: str) -> Problem:
    """Return (not raise) the problem that Git cannot read the repository in the folder `marked`."""
    if "dubious ownership" in reason:
        return Problem(
            f"Git does not trust the repository {visible(marked)}: it belongs to another user",
            f"if you do: `git config --global --add safe.directory {visible(marked)}`; {NO_BASE}",
        )
    if "not a git repository" in reason:
        return Problem(
            f"{visible(os.path.join(marked, '.git'))} is there, but Git sees no repository in it",
            f"repair it (of a worktree: `git worktree repair`) or remove it; {NO_BASE}",
        )
    return Problem(f"Git cannot read the repository {visible(marked)}: {visible(reason)}", f"repair it; {NO_BASE}")


def _history_steps(output: bytes) -> list[HistoryStep]:
    """Parse what `git log --raw -z` prints with a message before each commit's files."""
    steps: list[HistoryStep] = []
    parts = iter(part.lstrip(b"\n") for part in output.split(b"\0"))
    for part in parts:
        if part.startswith(b"message "):
            commit, *parents = part.removeprefix(b"message ").partition(b"\n")[0].decode("ascii").split()
            steps.append(HistoryStep(commit, tuple(parents), b"\nThis reverts commit " in part, {}, {}, {}))
        elif part:
            old, new = part.decode("ascii").split()[2:4]
            path = os.fsdecode(next(parts))
            if part.endswith(b"D"):
                steps[-1].deleted[path] = old
            else:
                (steps[-1].added if part.endswith(b"A") else steps[-1].modified)[path] = new
    return steps
