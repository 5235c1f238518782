"""Hold what one command knows of the Git repository around a project, so that it is searched and compared once.

A command opens a snapshot at its edge and hands it down; where nobody asks for anything, Git is not run at all.
"""

from __future__ import annotations

from types import TracebackType

from routecomp.workspace.git.base_point import BasePoint, NoBasePoint, find_base_point
from routecomp.workspace.git.change_point import ChangePoint, find_change_point
from routecomp.workspace.git.project_in_commit import ProjectInCommit, project_in_commit
from routecomp.workspace.git.repository import Repository, find_repository
from routecomp.workspace.project import Project


class Snapshot:
    """The Git repository around a project as one command sees it.

    `root` is the project's folder, `base_branch` the branch that its settings name. The repository and the two points
    stay what they were when they were first read; HEAD is read each time. Use it in a `with` statement, which ends
    Git's process.
    """

    def __init__(self, root: str, base_branch: str | None = None) -> None:
        self._root = root
        self._base_branch = base_branch
        self._repository: Repository | None = None
        self._is_searched = False
        self._base_point: BasePoint | NoBasePoint | None = None
        self._change_point: ChangePoint | None = None
        self._projects: dict[str, ProjectInCommit] = {}

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._repository is not None:
            self._repository.objects.close()

    def repository(self) -> Repository | None:
        """Return the repository, None where there is none; raise a `Problem` for one that cannot be read."""
        if not self._is_searched:
            self._repository = find_repository(self._root)
            self._is_searched = True
        return self._repository

    def head(self) -> str | None:
        """Return the id of HEAD's commit, None without a repository or a commit.

        Raises `GitError` where Git cannot say.
        """
        repository = self.repository()
        return None if repository is None else repository.objects.commits(["HEAD"]).get("HEAD")

    def base_point(self) -> BasePoint | NoBasePoint:
        """Return the commit where HEAD's history left the base branch, or why there is none.

        Raises `GitError` where Git cannot say, and a `Problem` where it should know and does not.
        """
        if self._base_point is None:
            repository = self.repository()
            self._base_point = NoBasePoint() if repository is None else find_base_point(repository, self._base_branch)
        return self._base_point

    def change_point(self) -> ChangePoint:
        """Return the commit that the change is judged from; see `base_point` for what is raised."""
        if self._change_point is None:
            point = self.base_point()
            repository = self.repository()
            self._change_point = (
                ChangePoint(point) if repository is None else find_change_point(repository, self._base_branch, point)
            )
        return self._change_point

    def project_in(self, commit: str, project: Project) -> ProjectInCommit:
        """Return where a commit holds a project of this repository, and its settings there.

        Raises `GitError` where Git cannot say, and a `Problem` where several folders of the commit may be it.
        """
        if commit not in self._projects:
            repository = self.repository()
            assert repository is not None, "a commit was found in it"
            self._projects[commit] = project_in_commit(repository, commit, project.settings, project.files)
        return self._projects[commit]
