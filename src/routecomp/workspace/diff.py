"""Find the other side of a project's change, compare both sides, and add the SQL that runs when it is merged."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from routecomp.comparer import Compared
from routecomp.comparer import diff as diff_files
from routecomp.model.guards import NO_GUARDS, Guards
from routecomp.review.analysis.guards import Judge
from routecomp.review.analysis.read_intent import MOST_BYTES
from routecomp.review.analysis.space import Bounds
from routecomp.review.base.base import Base, BaseTable
from routecomp.review.diff.compare import NoTableError
from routecomp.review.diff.difference import by_weight
from routecomp.review.diff.migrations import new_migrations
from routecomp.runtime.resolver import MAX_BYTES
from routecomp.workspace.check import collector_paused, options_of
from routecomp.workspace.files import NotReadableError, read_if_there, read_regular
from routecomp.workspace.git.comparison import Comparison, find_comparison
from routecomp.workspace.git.project_in_commit import root_files, settings_files
from routecomp.workspace.git.released import released_migrations
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.intents import FILE, declared_intents
from routecomp.workspace.load_settings import load_settings, settings_files_in
from routecomp.workspace.migrations import build_migrations
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project
from routecomp.workspace.setting_rows import SettingsSide, setting_rows
from routecomp.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class ProjectDiff:
    """A project compared with `base`. `notes` are for the user: what the comparison had to leave out."""

    base: Base | BaseTable
    compared: Compared
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a comparison of all requests.

    `moves` is `chains`, `picks` or `none`; None for chains where something is guarded, else picks. `intent` is a file
    that declares what moves, `variables` are those of a job whose pull request may.
    """

    moves: str | None = None
    outages: bool = False
    caps: bool = False
    seconds: float = 30.0
    guards: Guards = NO_GUARDS
    intent: str | None = None
    variables: Mapping[str, str] | None = None


def diff_project(
    project: Project,
    snapshot: Snapshot,
    against: str | None,
    wanted: Wanted,
    progress: Callable[[str, int, int], None] | None = None,
) -> ProjectDiff:
    """Compare a project with a ref, a folder or a compiled table, by default with where HEAD left the base branch.

    Raises `Problem` where there is nothing to compare with, or it cannot be read.
    """
    base, other = _other_side(project, snapshot, against)
    judge, notes = _judge(project, snapshot, other, wanted)
    if other is not None:
        notes = (*other.notes, *notes)
    compared = _compared(project, base, _bounds(wanted, judge), judge, progress)
    if other is not None:
        compared = _with_settings(project, snapshot, other, compared)
    compared, left_out = _with_sql(project, snapshot, base, compared)
    return ProjectDiff(base, compared, (*notes, *left_out))


def diff_requests(
    project: Project,
    snapshot: Snapshot,
    against: str | None,
    bounds: Bounds,
    progress: Callable[[str, int, int], None] | None = None,
) -> ProjectDiff:
    """Compare a project as `diff_project` does, without its settings, the SQL and anything that judges."""
    base, other = _other_side(project, snapshot, against)
    return ProjectDiff(base, _compared(project, base, bounds, None, progress), () if other is None else other.notes)


def _compared(
    project: Project,
    base: Base | BaseTable,
    bounds: Bounds | None,
    judge: Judge | None,
    progress: Callable[[str, int, int], None] | None,
) -> Compared:
    """Compare a project with a base; raise a `Problem` where that is a table that cannot be read."""
    try:
        with collector_paused():
            return diff_files(project.files, options_of(project), base, progress, bounds, judge)
    except NoTableError as refused:
        raise Problem(
            f"{base.where.removeprefix('in ')} is no routing table that can be read: {refused}",
            "give a routing_table.json that `routecomp compile` wrote",
        ) from None


def _judge(
    project: Project, snapshot: Snapshot, other: Comparison | None, wanted: Wanted
) -> tuple[Judge, tuple[str, ...]]:
    """Return what the change is held to, and notes: the base's own guards, so that no change loosens its own."""
    guards = [(wanted.guards, "")]
    if other is not None:
        guards.append((_settings_before(project, snapshot, other).settings.guards, other.where))
    declared = declared_intents(
        project.root,
        lambda: None if other is None else _intent_before(project, snapshot, other),
        wanted.intent,
        wanted.variables,
    )
    return Judge(guards, declared.intents, declared.is_asked), declared.notes


def _bounds(wanted: Wanted, judge: Judge) -> Bounds | None:
    """Return how far all requests are compared; None where they are not. Raises a `Problem` where they have to be."""
    if wanted.moves != "none":
        chains = wanted.moves == "chains" or (wanted.moves is None and bool(judge))
        return Bounds(chains, wanted.outages, wanted.caps, wanted.seconds)
    if judge:
        raise Problem(
            "--moves none compares no requests, and something says which of them may move",
            "leave --moves out: guards (options, or `guards` in the base's settings) and intents need it",
        )
    return None


def _intent_before(project: Project, snapshot: Snapshot, other: Comparison) -> bytes | None:
    """Return the project's own file of intents as the other side has it; None where it has none."""
    repository = snapshot.repository() if other.commit is not None else None
    if other.commit is not None and repository is not None:
        return root_files(repository, other.commit, snapshot.project_in(other.commit, project).prefix, [FILE])[0]
    return None if other.folder is None else read_if_there(os.path.join(other.folder, FILE), MOST_BYTES)


def _other_side(
    project: Project, snapshot: Snapshot, against: str | None
) -> tuple[Base | BaseTable, Comparison | None]:
    """Find the other side of the diff: a table for a file or `.json`, else a base with the comparison it came from.

    Where the other side has the same files, the base has the project's. Raises a `Problem` where there is none.
    """
    if against is not None and (os.path.isfile(against) or against.endswith(".json")):
        return BaseTable(f"in {visible(against)}", _read_table(against)), None
    other = find_comparison(project, snapshot, against)
    if other.base is not None:
        return other.base, other
    if other.where:  # the same files
        return Base(other.where, "", project.files), other
    raise Problem(
        "there is nothing to compare with: no Git repository here, or no base branch in it",
        "give a commit, a folder or a table: --against REF|DIR|FILE",
        others=[(note, "") for note in other.notes],
    )


def _with_settings(project: Project, snapshot: Snapshot, other: Comparison, compared: Compared) -> Compared:
    """Add the rows of settings that differ; nothing where a side has errors."""
    difference = compared.difference
    if difference is None:
        return compared
    after = SettingsSide(project.settings, *settings_files_in(project.root))
    rows = setting_rows(_settings_before(project, snapshot, other), after, compared.checked.declared)
    return replace(compared, difference=replace(difference, rows=tuple(by_weight([*difference.rows, *rows]))))


def _settings_before(project: Project, snapshot: Snapshot, other: Comparison) -> SettingsSide:
    """Return the settings of the other side: the defaults where it holds no project, or there is nothing to read."""
    repository = snapshot.repository() if other.commit is not None else None
    if other.commit is not None and repository is not None:
        there = snapshot.project_in(other.commit, project)
        if there.is_there:
            return SettingsSide(there.settings, *settings_files(repository, other.commit, there.prefix), other.prefix)
    if other.folder is not None:
        return SettingsSide(load_settings(other.folder), *settings_files_in(other.folder), other.prefix)
    return SettingsSide(Settings())


def _read_table(path: str) -> bytes:
    """Return the bytes of a file; raise a `Problem` where it cannot be read."""
    try:
        return read_regular(path, MAX_BYTES)
    except NotReadableError as failure:
        raise Problem(f"{visible(path)} {failure.reason}", failure.remedy) from None


def _with_sql(
    project: Project, snapshot: Snapshot, base: Base | BaseTable, compared: Compared
) -> tuple[Compared, Sequence[str]]:
    """Add the SQL that runs when the change is merged, and return the result with notes for the user.

    Nothing is added where a side has errors, nothing changes or the settings want no migrations, nor for a table. Only
    a `Problem` with the migrations is worth a note.
    """
    program, difference = compared.checked.program, compared.difference
    if difference is None or program is None or not isinstance(base, Base):
        return compared, ()
    if not difference.changed or not project.settings.dialects:
        return compared, ()
    try:
        released = released_migrations(project, snapshot)
        if released is None:
            return compared, ()
        files = build_migrations(project, released, program)
    except Problem as problem:  # the comparison is worth showing all the same
        return compared, (f"the SQL that will run is not shown: {problem}",)
    return replace(compared, difference=replace(difference, migrations=new_migrations(released.names, files))), ()
