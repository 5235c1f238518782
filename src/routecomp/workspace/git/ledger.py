"""Read the history of a project's primaries from Git, in a handful of processes however many commits there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from routecomp.review.ledger.events import (
    Commit,
    Event,
    Renamed,
    Renames,
    RowReader,
    Rows,
    author_commit,
    events,
    merged_commits,
)
from routecomp.workspace.git.process import GitError, run_git
from routecomp.workspace.git.project_line import log_of_routes, project_line
from routecomp.workspace.git.repository import Repository
from routecomp.workspace.problem import Problem

TRAILERS = ("Reviewed-by", "Co-authored-by", "Signed-off-by", "Acked-by", "Approved-by")
"""Trailers of people who stand for a change besides its author."""
_FACTS = "%H%x00%aN%x00%aE%x00%aI%x00%cI%x00%s%x00%(trailers:only=true,unfold=true)%x00%x01"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A change of a feature's primary, and who answers for it.

    `time` is when it reached this line of history (the committer date there, ISO 8601), `commit` the commit that
    made the change, `merge` the merge that brought it, if one did; `reviewers` are (trailer, person).
    """

    feature: str
    kind: str
    old: str | None
    new: str | None
    time: str
    author: str
    email: str
    commit: str
    merge: str | None
    subject: str
    reviewers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The history of a project's primaries: `entries` are the changes, oldest first.

    `unread` are the versions of files that could not be read, as commit and path; the version before counts on.
    `folders` are those that the project stood in, from the repository's top, the latest first. `renamed` are the
    features and models that got other names, oldest first.
    """

    entries: tuple[LedgerEntry, ...]
    unread: tuple[tuple[str, str], ...]
    folders: tuple[str, ...]
    renamed: tuple[Renamed, ...] = ()


def ledger(repository: Repository, max_bytes: int, head: str = "HEAD") -> Ledger:
    """Return every change of a feature's primary in the history of `head`.

    Files of more than `max_bytes` are not read. Raises a `Problem` where the history cannot be read.
    """
    try:
        return _Reading(repository, head, max_bytes).ledger()
    except GitError as failure:
        raise Problem(
            f"Git cannot read the history: {failure}",
            "repair the repository (a partial clone needs its origin within reach)",
        ) from None


class _Reading:
    """One reading of the history of `head`; `rows` are the primaries and shadows of each blob that was parsed."""

    def __init__(self, repository: Repository, head: str, max_bytes: int) -> None:
        self.repository = repository
        self.head = head
        self.max_bytes = max_bytes
        self.rows: dict[str, Rows | None] = {}
        self.renames: dict[str, Renames] = {}
        self.reader = RowReader(max_bytes)

    def ledger(self) -> Ledger:
        """Return every change of a primary, each with the commit that made it."""
        line, prefixes = project_line(self.repository, self.head)
        self.read_rows(line)
        unread: list[tuple[str, str]] = []
        renamed: list[Renamed] = []
        changes = list(events(line, self.rows.__getitem__, unread, lambda blob: self.renames.get(blob, {}), renamed))
        commits = {commit.id: commit for commit in line}
        merged = [change for change in changes if len(commits[change.commit].parents) > 1]
        authors = self.authors(merged, prefixes) if merged else {}
        ids = {id for change in changes for id in (change.commit, authors.get(change, change.commit))}
        facts = _commit_facts(self.repository, ids)
        entries = (_entry(change, authors.get(change, change.commit), facts) for change in changes)
        return Ledger(tuple(entries), tuple(unread), tuple(prefixes), tuple(renamed))

    def authors(self, merged: Sequence[Event], prefixes: Sequence[str]) -> dict[Event, str]:
        """Return, for each change that came with a merge, the commit on the other side that made it.

        `prefixes` are the folders that the project stood in. A change that the merge itself made is left out.
        """
        graph = _parents(self.repository, self.head)
        wanted = {change.commit for change in merged}
        sides: dict[str, set[str]] = {}
        seen: set[str] = set()
        for id in _first_parents(graph, _commit_id(self.repository, self.head)):
            seen.add(id)
            if len(graph.get(id, ())) > 1:
                brought = merged_commits(id, graph, seen)
                if id in wanted:
                    sides[id] = brought
        merge_of = {id: merge for merge, brought in sides.items() for id in brought}
        by_merge: dict[str, list[Commit]] = {merge: [] for merge in sides}
        options = ["--full-history", "--no-merges", "--topo-order"]
        for commit in log_of_routes(self.repository, self.head, prefixes, options):
            if commit.id in merge_of:
                by_merge[merge_of[commit.id]].append(commit)
        self.read_rows(commit for side in by_merge.values() for commit in side)
        authors: dict[Event, str] = {}
        for change in merged:
            author = author_commit(change, by_merge.get(change.commit, ()), self.rows.__getitem__)
            if author is not None:
                authors[change] = author
        return authors

    def read_rows(self, commits: Iterable[Commit]) -> None:
        """Read the blobs that commits touch and that were not read yet into `rows`; memory holds one blob at a time.

        Raises a `Problem` for one that a partial clone lacks. The rows of a blob above `max_bytes` are None.
        """
        wanted = {
            blob: None
            for commit in commits
            for touch in commit.touched
            for blob in (touch.before, touch.blob)
            if blob is not None and blob not in self.rows
        }
        lacking = Problem(
            "this clone lacks file contents of its history",
            "it is a partial clone: fetch them with `git fetch --refetch`",
        )
        try:
            for id, data in self.repository.objects.blobs(wanted):
                if data is None:
                    raise lacking
                is_read = len(data) <= self.max_bytes
                self.rows[id] = self.reader.read(data) if is_read else None
                if is_read and (renames := self.reader.renames(data)):
                    self.renames[id] = renames
        except GitError:
            raise lacking from None


def _commit_id(repository: Repository, name: str) -> str:
    """Return the id of the commit that a name stands for; raise `GitError` where there is none."""
    return run_git(repository.folder, ["rev-parse", "--verify", "-q", f"{name}^{{commit}}"]).decode("ascii").strip()


def _first_parents(graph: dict[str, tuple[str, ...]], tip: str) -> list[str]:
    """Return the line of first parents up to a commit, oldest first."""
    line = []
    commit: str | None = tip
    while commit is not None:
        line.append(commit)
        parents = graph.get(commit, ())
        commit = parents[0] if parents else None
    return line[::-1]


def _parents(repository: Repository, head: str) -> dict[str, tuple[str, ...]]:
    """Return the parents of every commit in the history of `head`."""
    output = run_git(repository.folder, ["rev-list", "--parents", head]).decode("ascii")
    return {ids[0]: tuple(ids[1:]) for ids in (line.split(" ") for line in output.splitlines())}


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a commit says of itself: `time` is the committer's, `people` are (trailer, person)."""

    author: str
    email: str
    time: str
    subject: str
    people: tuple[tuple[str, str], ...]


def _commit_facts(repository: Repository, ids: set[str]) -> dict[str, _Facts]:
    """Return the author, the committer's date, the subject and the people in the trailers of commits, by their ids."""
    if not ids:
        return {}
    output = run_git(
        repository.folder,
        [
            "log",
            "--no-walk=unsorted",
            "--stdin",
            "--no-color",
            "--no-show-signature",
            "--no-notes",
            "--encoding=UTF-8",
            f"--format={_FACTS}",
        ],
        "".join(f"{id}\n" for id in sorted(ids)).encode("ascii"),
    )
    facts = {}
    for record in output.decode("utf-8", "replace").split("\x00\x01"):
        fields = record.lstrip("\n").split("\0")
        if len(fields) >= 7:
            id, author, email, _, committed, subject, trailers = fields[:7]
            facts[id] = _Facts(author, email, committed, subject, tuple(_people(trailers)))
    return facts


def _people(trailers: str) -> Iterator[tuple[str, str]]:
    """Yield (trailer, person) for each trailer of people."""
    known = {name.lower(): name for name in TRAILERS}
    for line in trailers.splitlines():
        name, colon, person = line.partition(":")
        if colon and name.strip().lower() in known and person.strip():
            yield known[name.strip().lower()], person.strip()


def _entry(change: Event, author: str, facts: dict[str, _Facts]) -> LedgerEntry:
    """Return the entry of a change that the commit `author` made."""
    own, line = facts[author], facts[change.commit]
    people = dict.fromkeys([*own.people, *(line.people if author != change.commit else ())])
    return LedgerEntry(
        change.feature,
        change.kind,
        change.old,
        change.new,
        line.time,
        own.author,
        own.email,
        author,
        change.commit if author != change.commit else None,
        own.subject,
        tuple(people),
    )
