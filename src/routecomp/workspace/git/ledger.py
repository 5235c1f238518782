"""A repository in, its history of primaries out: a handful of Git processes, however many commits there are."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from routecomp.review.ledger.events import Commit, Event, RowReader, Rows, Touch, author_commit, events, merged_commits
from routecomp.workspace.files import ENDINGS
from routecomp.workspace.git.repository import GitError, Repository, clean_environment, run
from routecomp.workspace.problem import Problem

TRAILERS = ("Reviewed-by", "Co-authored-by", "Signed-off-by", "Acked-by", "Approved-by")
"""Trailers of people who stand for a change besides its author."""
_FOLDER = "routes"
_MOST_MOVES = 20
_FORMAT = "--format=%x01%H%x20%P"
_FACTS = "%H%x00%aN%x00%aE%x00%aI%x00%cI%x00%s%x00%(trailers:only=true,unfold=true)%x00%x01"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One change of a primary: what, and who answers for it.

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


def ledger(repository: Repository, max_bytes: int, head: str = "HEAD") -> list[LedgerEntry]:
    """Every change of a feature's primary in the history of `head`, oldest first."""
    try:
        return _ledger(repository, max_bytes, head)
    except GitError as failure:
        raise Problem(
            f"Git cannot read the history: {failure}",
            "repair the repository (a partial clone needs its origin within reach)",
        ) from None


def _ledger(repository: Repository, max_bytes: int, head: str) -> list[LedgerEntry]:
    line = list(_line(repository, head))
    reader = RowReader(max_bytes)
    rows: dict[str, Rows | None] = {}

    def learn(commits: Iterable[Commit]) -> None:
        wanted = {
            blob: None
            for one in commits
            for touch in one.touched
            for blob in (touch.before, touch.blob)
            if blob is not None and blob not in rows
        }
        rows.update(_rows(repository, list(wanted), reader, max_bytes))

    learn(line)
    found = list(events(line, rows.__getitem__))
    commits = {one.id: one for one in line}
    merged = [one for one in found if len(commits[one.commit].parents) > 1]
    made: dict[Event, str] = {}
    if merged:
        made = _authors(repository, head, line, merged, learn, rows)
    facts = _facts(repository, {id for event in found for id in (event.commit, made.get(event, event.commit))})
    return [_entry(event, made.get(event, event.commit), facts) for event in found]


def _authors(
    repository: Repository,
    head: str,
    line: Sequence[Commit],
    merged: Sequence[Event],
    learn: Callable[[Iterable[Commit]], None],
    rows: dict[str, Rows | None],
) -> dict[Event, str]:
    """For each change that came with a merge, the commit on the other side that made it."""
    graph = _parents(repository, head)
    wanted = {event.commit for event in merged}
    sides: dict[str, set[str]] = {}
    seen: set[str] = set()
    for id in _first_parents(graph, head_of(repository, head)):
        seen.add(id)
        if len(graph.get(id, ())) > 1:
            brought = merged_commits(id, graph, seen)
            if id in wanted:
                sides[id] = brought
    merge_of = {id: merge for merge, brought in sides.items() for id in brought}
    by_merge: dict[str, list[Commit]] = {merge: [] for merge in sides}
    options = ["--full-history", "--no-merges", "--topo-order"]
    for one in _log(repository, head, repository.prefix, options):
        if one.id in merge_of:
            by_merge[merge_of[one.id]].append(one)
    learn(one for side in by_merge.values() for one in side)
    made: dict[Event, str] = {}
    for event in merged:
        author = author_commit(event, by_merge.get(event.commit, ()), rows.__getitem__)
        if author is not None:
            made[event] = author
    return made


def head_of(repository: Repository, head: str) -> str:
    """The id of a commit by its name."""
    return run(repository.folder, ["rev-parse", "--verify", "-q", f"{head}^{{commit}}"]).decode("ascii").strip()


def _first_parents(graph: dict[str, tuple[str, ...]], tip: str) -> list[str]:
    """The line of first parents, oldest first."""
    found = []
    at: str | None = tip
    while at is not None:
        found.append(at)
        parents = graph.get(at, ())
        at = parents[0] if parents else None
    return found[::-1]


def _parents(repository: Repository, head: str) -> dict[str, tuple[str, ...]]:
    listed = run(repository.folder, ["rev-list", "--parents", head]).decode("ascii")
    return {ids[0]: tuple(ids[1:]) for ids in (line.split(" ") for line in listed.splitlines())}


def _line(repository: Repository, head: str) -> Iterator[Commit]:
    """The commits of the first-parent line that touch the project's routes/, oldest first.

    Where the whole project was moved within its repository, the line goes on in the folder it came from.
    """
    prefix, tip = repository.prefix, head
    pieces: list[list[Commit]] = []
    for _ in range(_MOST_MOVES):
        piece = list(_log(repository, tip, prefix, ["--first-parent", "-m", "--reverse"]))
        pieces.append(piece)
        if not piece or not piece[0].parents:
            break
        came_from = _moved_from(repository, piece[0], prefix)
        if came_from is None:
            break
        prefix, tip = came_from, piece[0].parents[0]
    for piece in reversed(pieces):
        yield from piece


def _moved_from(repository: Repository, commit: Commit, prefix: str) -> str | None:
    """The folder a project stood in before a commit that moved it, or None where it began there."""
    if any(one.before is not None for one in commit.touched):
        return None
    told = run(
        repository.folder,
        [
            "diff-tree",
            "-r",
            "-z",
            "-M",
            "--diff-filter=R",
            "--name-status",
            "--no-commit-id",
            commit.parents[0],
            commit.id,
        ],
    )
    fields = os.fsdecode(told).split("\0")
    for old, new in zip(fields[1::3], fields[2::3], strict=False):
        below = new.removeprefix(prefix)
        if (
            new.startswith(prefix)
            and below.startswith(f"{_FOLDER}/")
            and below.endswith(ENDINGS)
            and ((old != new and old.endswith(f"/{below}")) or old == below)
        ):
            return old.removesuffix(below)
    return None


def _log(repository: Repository, head: str, prefix: str, options: Sequence[str]) -> Iterator[Commit]:
    told = run(
        repository.folder,
        [
            "-C",
            _to_the_top(repository),
            "log",
            *options,
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--no-color",
            "--no-show-signature",
            "--no-notes",
            _FORMAT,
            head,
            "--",
            f"{prefix}{_FOLDER}",
        ],
    )
    for record in told.split(b"\x01")[1:]:
        head_line, _, rest = record.partition(b"\0")
        ids = head_line.decode("ascii").split()
        yield Commit(ids[0], tuple(ids[1:]), tuple(_touched(rest, prefix)))


def _to_the_top(repository: Repository) -> str:
    return "../" * repository.prefix.count("/") or "."


def _touched(raw: bytes, prefix: str) -> Iterator[Touch]:
    fields = raw.strip(b"\0\n").split(b"\0")
    for facts, name in zip(fields[::2], fields[1::2], strict=False):
        path = os.fsdecode(name)
        parts = facts.decode("ascii").lstrip("\n").split(" ")
        if len(parts) != 5 or not path.endswith(ENDINGS):
            continue
        old_mode, new_mode, old, new, _ = parts
        inner = path.removeprefix(prefix)
        if any(part.startswith(".") for part in inner.split("/")):
            continue
        yield Touch(inner, new if new_mode.startswith("100") else None, old if old_mode.startswith(":100") else None)


def _rows(
    repository: Repository, ids: Sequence[str], reader: RowReader, max_bytes: int
) -> Iterator[tuple[str, Rows | None]]:
    """The rows of blobs, read as Git writes them: memory holds one blob at a time."""
    if not ids:
        return
    with tempfile.TemporaryFile() as asked:
        asked.write("".join(f"{id}\n" for id in ids).encode("ascii"))
        asked.seek(0)
        with subprocess.Popen(
            ["git", "-C", repository.folder, "cat-file", "--batch", "--buffer"],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=clean_environment(),
        ) as git:
            assert git.stdout is not None
            for id in ids:
                answer = git.stdout.readline().split(b" ")
                if answer[1:2] != [b"blob"]:
                    git.kill()
                    raise Problem(
                        "this clone lacks file contents of its history",
                        "it is a partial clone: fetch them with `git fetch --refetch`",
                    )
                data = git.stdout.read(int(answer[2]) + 1)[:-1]
                yield id, reader.read(data) if len(data) <= max_bytes else None


@dataclass(frozen=True, slots=True)
class _Facts:
    author: str
    email: str
    time: str
    subject: str
    people: tuple[tuple[str, str], ...]


def _facts(repository: Repository, ids: set[str]) -> dict[str, _Facts]:
    """What is said of commits: author, time, subject, and the people of their trailers."""
    if not ids:
        return {}
    told = run(
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
    found = {}
    for record in told.decode("utf-8", "replace").split("\x00\x01"):
        fields = record.lstrip("\n").split("\0")
        if len(fields) >= 7:
            id, author, email, _, committed, subject, trailers = fields[:7]
            found[id] = _Facts(author, email, committed, subject, tuple(_people(trailers)))
    return found


def _people(trailers: str) -> Iterator[tuple[str, str]]:
    known = {name.lower(): name for name in TRAILERS}
    for line in trailers.splitlines():
        name, colon, person = line.partition(":")
        if colon and name.strip().lower() in known and person.strip():
            yield known[name.strip().lower()], person.strip()


def _entry(event: Event, made: str, facts: dict[str, _Facts]) -> LedgerEntry:
    own, line = facts[made], facts[event.commit]
    people = dict.fromkeys([*own.people, *(line.people if made != event.commit else ())])
    return LedgerEntry(
        event.feature,
        event.kind,
        event.old,
        event.new,
        line.time,
        own.author,
        own.email,
        made,
        event.commit if made != event.commit else None,
        own.subject,
        tuple(people),
    )
