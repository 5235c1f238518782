"""Load what finds a project and its settings in a commit only where it is asked for: most commands do without.

`workspace/on_demand.py` does the same for what stands on the released migrations, and so on this room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routecomp.workspace.git.moved_project import MovedProject
    from routecomp.workspace.git.repository import Repository
    from routecomp.workspace.settings import Settings


def parse_settings(yaml: bytes | None, toml: bytes | None) -> Settings:
    """Parse settings: see `settings_file.parse_settings`."""
    # lazy: a project may have no settings
    from routecomp.workspace import settings_file

    return settings_file.parse_settings(yaml, toml)


def setting_names() -> list[str]:
    """Return the names of all settings: see `settings_file.READERS`."""
    # lazy: hardly any project has a file of nearly the right name
    from routecomp.workspace import settings_file

    return list(settings_file.READERS)


def find_moved_project(repository: Repository, commit: str, *, is_here: bool) -> MovedProject:
    """Return where a commit holds a project: see `moved_project.find_moved_project`."""
    # lazy: most commits hold the project where it stands today
    from routecomp.workspace.git import moved_project

    return moved_project.find_moved_project(repository, commit, is_here=is_here)


def earlier_folders(repository: Repository, commit: str) -> list[str]:
    """Return the folders that a project stood in up to a commit, the latest first: see `project_line.project_line`."""
    # lazy: only a project without a migration is asked where it was before
    from routecomp.workspace.git import project_line

    return project_line.project_line(repository, commit)[1]


def gone_original(repository: Repository, commit: str) -> str:
    """Say which project is gone that another one is a copy of: see `gone_original.gone_original`."""
    # lazy: it stands on what finds moved projects
    from routecomp.workspace.git import gone_original

    return gone_original.gone_original(repository, commit)
