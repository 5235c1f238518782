"""Find the other side of a project's change, compare both sides, and add the SQL that runs when it is merged."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from routecomp.comparer import Compared
from routecomp.comparer import diff as diff_files
from routecomp.review.analysis.space import Bounds
from routecomp.review.base.base import Base, BaseTable
from routecomp.review.diff.compare import NoTableError
from routecomp.review.diff.difference import by_weight
from routecomp.review.diff.migrations import new_migrations
from routecomp.runtime.resolver import MAX_BYTES
from routecomp.workspace.check import collector_paused, options_of
from routecomp.workspace.files import NotReadableError, read_regular
from routecomp.workspace.git.comparison import Comparison, find_comparison
from routecomp.workspace.git.project_in_commit import settings_files
from routecomp.workspace.git.released import released_migrations
from routecomp.workspace.git.snapshot import Snapshot
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


def diff_project(
    project: Project,
    snapshot: Snapshot,
    against: str | None,
    progress: Callable[[str, int, int], None] | None = None,
    bounds: Bounds | None = None,
) -> ProjectDiff:
    """Compare a project with a ref, a folder or a compiled table, by default with where HEAD left the base branch.

    With `bounds`, all requests are compared, as far as these allow. Raises `Problem` where there is nothing to compare
    with, or it cannot be read.
    """
    base, other = _other_side(project, snapshot, against)
    notes = () if other is None else other.notes
    try:
        with collector_paused():
            compared = diff_files(project.files, options_of(project), base, progress, bounds)
    except NoTableError as refused:
        raise Problem(
            f"{base.where.removeprefix('in ')} is no routing table that can be read: {refused}",
            "give a routing_table.json that `routecomp compile` wrote",
        ) from None
    if other is not None:
        compared = _with_settings(project, snapshot, other, compared)
    compared, more = _with_sql(project, snapshot, base, compared)
    return ProjectDiff(base, compared, (*notes, *more))


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
