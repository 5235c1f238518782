"""Refuse to remove or rewrite a migration that came from a place which this clone has no name for.

`git pull URL main` leaves no ref behind, so that the base branch that is known here may be older than what is released.
A draft may be replaced where this clone made it, or had it from a remote that it knows by name; of anything else nobody
can say here whether databases have run it. Where the reflogs do not go back to the clone's beginning (they expire), a
commit that none of them tells of is its own, unless something says that it came from elsewhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from routecomp.sql.file_names import FOLDER
from routecomp.workspace.drafts import MAX_BYTES
from routecomp.workspace.files import native, read_if_there
from routecomp.workspace.git.base_point import BasePoint, base_refs
from routecomp.workspace.git.objects import blob_id
from routecomp.workspace.git.process import GitError
from routecomp.workspace.git.repository import HistoryStep, LogEntry, Repository
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project

_COMMITS = re.compile(r"(?:commit|cherry-pick|revert|am|export from jj)\b")
"""What makes a commit here. In all other words, or without any, a reference may come to stand at what was fetched."""
_STEP = re.compile(r"(?:rebase|pull)\b.*?\((\w+)\): ")
_MERGES = re.compile(r"(?:merge|pull)\b.*: Merge made by ")
_MOVES = ("start", "finish", "abort", "reset")
_ASKED = re.compile(r"(?:fetch|pull)\b([^:]*)")
_BEGINNINGS = ("clone: from ", "commit (initial): ")
_REQUESTED = re.compile(r"(?:fetch|pull)\b.* (?:refs/)?(?:pull|merge-requests)/\d+/head\b")
_PULLED = re.compile(r"pull(?: -\S+)*(?:: | \()")
_AT_A_REMOTE = ("clone: from ", "branch: Created from refs/remotes/")
_NO_BRANCHES = ("refs/heads/", "refs/tags/", "refs/stash", "refs/notes/", "refs/replace/", "refs/bisect/")


@dataclass(frozen=True)
class OwnDrafts:
    """What a clone knows of where migrations came from: see `require`. `point` is where HEAD left the base branch."""

    project: Project
    repository: Repository
    point: BasePoint

    def require(self, names: Collection[str]) -> None:
        """Raise a `Problem` where a migration may be another's that is released; nothing may remove or rewrite it.

        `names` are paths in the output folder, of files that would be removed or rewritten; others than migrations
        are passed over.
        """
        below = f"{FOLDER}/"
        migrations = [name for name in names if name.startswith(below)]
        if not migrations:
            return
        try:
            name = self._foreign(migrations)
        except GitError as failure:
            raise Problem(
                f"Git cannot say where the migrations here came from: {visible(str(failure))}", "repair the repository"
            ) from None
        if name is not None:
            path = visible(f"{self.project.settings.output}/{name}")
            raise Problem(
                f"{path} would be taken away or rewritten, and nothing here says whether it is released: it came from "
                "a place whose main branch no remote of this clone names, and databases may have run it",
                "name that place, so that its main branch is known: `git remote add upstream URL`, "
                "`git fetch upstream`, `git remote set-head upstream --auto`; if no database can have run it, remove "
                "it by hand (its .up.sql and .down.sql)",
            )

    def _foreign(self, names: Collection[str]) -> str | None:
        """Return the first of some migrations that came from elsewhere, None where all are known to be drafts."""
        repository, output = self.repository, self.project.settings.output
        paths = {f"{repository.prefix}{native(f'{output}/{name}')}": name for name in names}
        foreign = self._foreign_steps(paths)
        if not foreign:
            return None
        heads = repository.objects.commits(["HEAD", "MERGE_HEAD"])
        merged = repository.beyond(heads.values(), [self.point.commit])
        here = self._contents(paths, heads.values())
        for step in foreign:
            for path, id in (*step.added.items(), *step.modified.items()):
                # What is merged here counts by its name: a conflict may have left another content.
                if step.commit in merged or id in here[path]:
                    return paths[path]
        return None

    def _foreign_steps(self, paths: Collection[str]) -> list[HistoryStep]:
        """Return the commits with some files that were neither made here nor fetched from a remote with a name."""
        repository = self.repository
        entries = repository.reflog()
        made = {entry.commit for entry in entries if _is_made_here(entry.message)}
        remotes = self._told_remotes()
        fetched = dict(repository.fetched(remotes))
        known = {self.point.commit, *self.point.besides, *self.point.tips}
        known |= set(_told(repository, entries, remotes))
        known |= {commit for commit, is_named in fetched.items() if is_named}
        seen = {"HEAD", "MERGE_HEAD", *(entry.commit for entry in entries), *fetched}
        if not any(entry.message.startswith(_BEGINNINGS) for entry in entries):
            seen = {*_elsewhere(repository, entries, remotes), *fetched}
        there = repository.objects.commits(sorted(seen | known))
        steps = repository.writes(
            [there[name] for name in sorted(seen) if name in there],
            [there[name] for name in sorted(known) if name in there],
            paths,
        )
        return [step for step in steps if step.commit not in made]

    def _told_remotes(self) -> list[str]:
        """Return the remotes of which a base branch is known: where none is, any branch may be the one that counts."""
        known = self.repository.remote_refs()
        bases = base_refs(self.repository, known, self.project.settings.base_branch).keys() & known.refs
        return [name for name in self.repository.remotes() if any(ref.startswith(_branches(name)) for ref in bases)]

    def _contents(self, paths: Mapping[str, str], heads: Collection[str]) -> dict[str, set[str]]:
        """Return the ids of the contents that files have on the disk and in commits, by their paths."""
        contents: dict[str, set[str]] = {path: set() for path in paths}
        for head in heads:
            for blob in self.repository.objects.files(head, paths):
                contents[blob.path].add(blob.id)
        for path, name in paths.items():
            place = os.path.join(self.project.root, native(f"{self.project.settings.output}/{name}"))
            data = read_if_there(place, MAX_BYTES)
            if data is not None:
                contents[path].add(blob_id(data, self.point.commit))
        return contents


def _is_made_here(message: str) -> bool:
    """Return whether an entry of a reflog tells of a commit that this clone made, and did not only move to."""
    if _COMMITS.match(message):
        return message != "cherry-pick: fast-forward"
    step = _STEP.match(message)
    return step[1] not in _MOVES if step is not None else _MERGES.match(message) is not None


def _branches(remote: str) -> str:
    """Return what the refs of a remote's branches begin with."""
    return f"refs/remotes/{remote}/"


def _elsewhere(repository: Repository, entries: Collection[LogEntry], remotes: Collection[str]) -> Iterator[str]:
    """Yield commits that may have come from elsewhere: fetched by an address, tags, branches of other remotes."""
    for entry in entries:
        if _ASKED.match(entry.message) or "FETCH_HEAD" in entry.message:
            yield entry.commit
    for ref, commit in repository.refs().items():
        is_others = ref.startswith("refs/remotes/") and not ref.startswith(tuple(map(_branches, remotes)))
        if ref.startswith("refs/tags/") or is_others:
            yield commit
    yield "MERGE_HEAD"


def _pulled_requests(logged: Mapping[str, Sequence[LogEntry]], remotes: Collection[str]) -> Iterator[str]:
    """Yield what was pulled into branches that began as a pull request of a remote: it is more of that request.

    Programs that check out a request from a fork have such a branch track the fork by its address.
    """
    for own in logged.values():
        begun = _REQUESTED.match(own[-1].message)
        if begun is not None and set(begun[0].split()) & set(remotes):
            yield from (entry.commit for entry in own if _PULLED.match(entry.message))


def _told(repository: Repository, entries: Collection[LogEntry], remotes: Collection[str]) -> Iterator[str]:
    """Yield commits that came from a remote by its name: its branches, as they were before a push from here."""
    logged: dict[str, list[LogEntry]] = {}
    for entry in entries:
        logged.setdefault(entry.ref, []).append(entry)
        asked = _ASKED.match(entry.message)
        origin = entry.message.removeprefix("branch: Created from ").partition("/")[0]
        if (
            entry.message.startswith(_AT_A_REMOTE)
            or (asked is not None and not _is_made_here(entry.message) and set(asked[1].split()) & set(remotes))
            or (origin != entry.message and origin in remotes)
        ):
            yield entry.commit
    yield from _pulled_requests(logged, remotes)
    for ref, commit in repository.refs().items():
        remote = ref.startswith(tuple(map(_branches, remotes)))
        if ref.startswith(_NO_BRANCHES) or (ref.startswith("refs/remotes/") and not remote):
            continue
        own = logged.get(ref)
        value = commit if not own else next((entry.commit for entry in own if entry.message != "update by push"), None)
        if value is not None:
            yield value
