"""Find the commit that a change is judged from: where HEAD left the base branch, whichever settings name it.

A change must not choose its own base: where the settings of the base name another branch than today's, the earlier
of the two points counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from routecomp.workspace.git.base_point import BasePoint, NoBasePoint, find_base_point
from routecomp.workspace.git.project_in_commit import project_in_commit, settings_files
from routecomp.workspace.git.repository import Repository
from routecomp.workspace.load_settings import settings_files_in
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.settings import Settings


class ChangePoint(NamedTuple):
    """The commit that a change is judged from; `notes` are for the user."""

    point: BasePoint | NoBasePoint
    notes: tuple[str, ...] = ()


def find_change_point(repository: Repository, base_branch: str | None, point: BasePoint | NoBasePoint) -> ChangePoint:
    """Return the commit to judge a change from, given where HEAD left the `base_branch` of today's settings."""
    if isinstance(point, NoBasePoint):
        return ChangePoint(point)
    earliest = point
    for other in _other_points(repository, base_branch, point):
        if other.commit != earliest.commit and repository.fork_point(earliest.commit, [other.commit]) == other.commit:
            earliest = other
    if earliest == point:
        return ChangePoint(point)
    today = "not set" if base_branch is None else visible(base_branch)
    note = (
        f"`base_branch` is {today} in today's settings, which the settings {visible(earliest.where)} do not say: the "
        f"rules of change compare with what is {visible(earliest.where)}"
    )
    return ChangePoint(earliest, (note,))


def _other_points(repository: Repository, base_branch: str | None, point: BasePoint) -> Iterator[BasePoint]:
    """Yield where HEAD left the branches that settings of a base name in place of `base_branch`."""
    seen = {base_branch}
    while (there := _base_branch_in(repository, point.commit, base_branch)) not in seen:
        seen.add(there)
        other = _point_of(repository, there)
        if other is None:
            return
        yield other
        base_branch, point = there, other
    if base_branch is None:
        return
    # A branch that names itself, or that is merged into the default one, would have nothing to be judged by.
    default = _point_of(repository, None)
    if (
        default is not None
        and _is_own_base(repository, base_branch, point, default)
        and _base_branch_in(repository, default.commit, base_branch) != base_branch
    ):
        yield default


def _is_own_base(repository: Repository, name: str, point: BasePoint, default: BasePoint) -> bool:
    """Return whether the base branch `name` is the one that HEAD is on, or that HEAD merges into the default one."""
    commits = repository.objects.commits(["HEAD", "HEAD^1", "HEAD^2"])
    if point.commit == commits.get("HEAD"):
        return repository.branch() in (None, name)
    return commits.get("HEAD^1") == default.commit and commits.get("HEAD^2") == point.commit


def _base_branch_in(repository: Repository, commit: str, base_branch: str | None) -> str | None:
    """Return the base branch that the project's settings name in a commit; today's where it has no such project."""
    own = settings_files_in(repository.folder)
    files = settings_files(repository, commit, repository.prefix)
    if files == own and (files != (None, None) or repository.files(commit, ["routes"])):
        return base_branch
    return project_in_commit(repository, commit, Settings(base_branch=base_branch)).settings.base_branch


def _point_of(repository: Repository, base_branch: str | None) -> BasePoint | None:
    """Return where HEAD left a branch; None where that is not known, as where a branch was renamed."""
    try:
        point = find_base_point(repository, base_branch)
    except Problem:
        return None
    return point if isinstance(point, BasePoint) else None
