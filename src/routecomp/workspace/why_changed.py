"""Find the commits that moved a decision, by comparing each version of a project with the one before it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from routecomp.checker import Options
from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.model.memory import Memory
from routecomp.model.project import Program
from routecomp.model.read_project import read_project
from routecomp.parse import Limits
from routecomp.parse.redact import drop_redacted_places
from routecomp.review.analysis.history import Moved, Version, moved_between
from routecomp.review.analysis.space import Bounds
from routecomp.review.diff.compare import base_errors
from routecomp.table.lower import lower
from routecomp.workspace.check import options_of
from routecomp.workspace.git.objects import blob_id
from routecomp.workspace.git.process import GitError
from routecomp.workspace.git.project_versions import (
    HistoryCommit,
    TreeOfProject,
    project_commits,
    settings_in,
    tree_of_project,
)
from routecomp.workspace.git.repository import Repository
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project

_MOST_REMEMBERED: Final = 8


@dataclass(frozen=True)
class Broken:
    """A project that does not compile: `reason` is the first error, with its place."""

    reason: str


_NO_PROJECT: Final = Broken("it holds no YAML of the project")


@dataclass(frozen=True)
class Skipped:
    """A commit whose project does not compile, and why."""

    commit: HistoryCommit
    reason: str


@dataclass(frozen=True)
class Culprit:
    """A commit that moved a decision, and what it moved.

    `skipped` are the commits between it and the version before that compiles: one of them may be it instead.
    """

    commit: HistoryCommit
    moved: Moved
    skipped: tuple[Skipped, ...]


@dataclass
class History:
    """What a walk from the newest commit to older ones found.

    `compared` counts the pairs of versions that were compared, `oldest` is the last version that was read, and
    `unproven` are the commits whose comparison was over the bound. `is_known` says whether some version that was read
    declares the name, `has_tenant` whether one declares the tenant. `is_stale` says that the work tree differs.
    """

    request: Mapping[str, Any]
    is_shallow: bool
    is_stale: bool = False
    culprits: list[Culprit] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unproven: list[HistoryCommit] = field(default_factory=list)
    oldest: HistoryCommit | None = None
    compared: int = 0
    is_known: bool = False
    has_tenant: bool = False


def why_changed(
    project: Project,
    snapshot: Snapshot,
    request: Mapping[str, Any],
    bounds: Bounds,
    since: str | None = None,
    *,
    every: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> History:
    """Return the last commit that moved the decision on a request, with `every` all of them.

    Decisions move and move back, so each pair of versions is compared, from the newest on. `since` is a ref whose own
    history is left out. Raises a `Problem` without a history, and where it cannot be read.
    """
    repository = snapshot.repository()
    if repository is None:
        raise Problem("there is no Git repository here: what moved a decision is in its history", "run it in a clone")
    try:
        if snapshot.head() is None:
            raise Problem("the repository has no commit yet: there is no history to walk", "commit the project first")
        start = None if since is None else _commit_of(repository, since)
        commits, prefixes = project_commits(repository, start)
        return _Reading(project, repository, prefixes, bounds, progress).walk(commits, request, every=every)
    except GitError as failure:
        raise Problem(
            f"Git cannot read the history: {visible(str(failure)) or 'no reason given'}",
            "repair the repository (a partial clone needs its origin within reach)",
        ) from None


def _commit_of(repository: Repository, name: str) -> str:
    """Return the id of the commit that a ref stands for, here or at origin."""
    names = [name, f"refs/remotes/origin/{name}"]
    commits = repository.objects.commits(names) if name.strip() and name.isprintable() else {}
    commit = next((commits[known] for known in names if known in commits), None)
    if commit is None:
        cut = "; this clone is shallow and may lack it: `git fetch --unshallow`" if repository.is_shallow else ""
        raise Problem(f"Git knows no {visible(name)} here", f"give a branch, a tag or a commit{cut}")
    return commit


class _Reading:
    """One reading of a history: versions that were compiled are remembered by what their trees hold."""

    def __init__(
        self,
        project: Project,
        repository: Repository,
        prefixes: Sequence[str],
        bounds: Bounds,
        progress: Callable[[str, int, int], None] | None,
    ) -> None:
        self.project, self.repository, self.prefixes = project, repository, prefixes
        self.bounds, self.progress = bounds, progress
        self.versions: OrderedDict[TreeOfProject, Version | Broken] = OrderedDict()
        self.contents: dict[str, bytes] = {}
        self.memory, self.options = Memory(), options_of(project)

    def walk(self, commits: Sequence[HistoryCommit], request: Mapping[str, Any], *, every: bool) -> History:
        """Compare each version with the one before it, until one moved the decision."""
        history = History(request, self.repository.is_shallow)
        history.is_stale = bool(commits) and self._is_stale(commits[0])
        newer: tuple[HistoryCommit, Version] | None = None
        between: list[Skipped] = []
        for number, commit in enumerate(commits):
            if self.progress is not None:
                self.progress("reading the history", number, len(commits))
            version = self.version(commit)
            if isinstance(version, Broken):
                between.append(Skipped(commit, version.reason))
                continue
            history.skipped += between
            history.oldest = commit
            _note_names(history, version, request)
            if newer is not None:
                moved = moved_between(version, newer[1], request, self.bounds)
                history.compared += 1
                if not moved.is_proven:
                    history.unproven.append(newer[0])
                if moved.report.rows:
                    history.culprits.append(Culprit(newer[0], moved, tuple(between)))
                    if not every:
                        return history
                request = moved.earlier
            newer, between = (commit, version), []
        # What is older than every version that compiles: of the commit before the first one, that it has no project.
        history.skipped += [skip for skip in between if skip.reason != _NO_PROJECT.reason]
        return history

    def version(self, commit: HistoryCommit) -> Version | Broken:
        """Return the project as a commit holds it, compiled, or why it does not compile."""
        try:
            tree = tree_of_project(self.repository, commit.id, self.prefixes)
        except Problem as problem:
            return Broken(problem.message)
        if tree is None:
            return _NO_PROJECT
        known = tree._replace(prefix="")
        if known in self.versions:
            self.versions.move_to_end(known)
            return self.versions[known]
        version = self.versions[known] = self._compiled(commit, tree)
        if len(self.versions) > _MOST_REMEMBERED:
            self.versions.popitem(last=False)
        return version

    def _compiled(self, commit: HistoryCommit, tree: TreeOfProject) -> Version | Broken:
        """Compile the project of a commit; files that were read for the version before are not read again."""
        settings = settings_in(self.repository, commit.id, tree.prefix, self.project.settings)
        wanted = {id for _, id in tree.files}
        self.contents = {id: data for id, data in self.contents.items() if id in wanted}
        self.contents |= self.repository.contents([id for id in wanted if id not in self.contents])
        options: Options = replace(
            self.options,
            limits=Limits(max_bytes=settings.max_file_bytes),
            released=settings.released,
            key_names=settings.key_names,
            unread={},
        )
        is_same = options == self.options
        self.options = options
        memory = Memory(self.memory.kept if is_same else None)
        version = _compile({path: self.contents[id] for path, id in tree.files}, options, memory)
        self.memory = memory
        return version

    def _is_stale(self, head: HistoryCommit) -> bool:
        """Return whether the work tree holds anything else than HEAD."""
        try:
            tree = tree_of_project(self.repository, head.id, self.prefixes)
        except Problem:
            return False
        own = tuple(sorted((path, blob_id(data, head.id)) for path, data in self.project.files.items()))
        return tree is None or own != tuple(sorted(tree.files))


def _note_names(history: History, version: Version, request: Mapping[str, Any]) -> None:
    """Note whether a version declares what a request names."""
    argument = "feature" if "feature" in request else "model"
    history.is_known = history.is_known or version.knows(argument, request[argument])
    history.has_tenant = history.has_tenant or request.get("tenant") in version.program.tenants


def _compile(files: Mapping[str, bytes], options: Options, memory: Memory) -> Version | Broken:
    """Compile a version of a project as the base of a change is: claims, which reach no table, are not proven."""
    project = read_project(files, options.limits, options.released, memory=memory, key_names=options.key_names)
    declared = replace(project.declared, key_names=options.key_names, today=options.today)
    unread = [each for each in drop_redacted_places(project.diagnostics) if each.severity is Severity.ERROR]
    errors = base_errors(declared, unread)
    if errors:
        first = min(errors, key=Diagnostic.sort_key)
        where = "" if first.span is None else f"{first.span.path}:{first.span.line}: "
        return Broken(f"{where}{first.message} ({first.rule})")
    program = Program.checked(declared)
    return Version(program, lower(program).data)
