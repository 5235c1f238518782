"""Read a project from the disk: its settings, its YAML files, and the day that counts."""

from __future__ import annotations

from datetime import UTC, date, datetime

from routecomp.workspace.files import collect, find_root
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.misnamed_settings import refuse_misnamed_settings
from routecomp.workspace.project import Project
from routecomp.workspace.required_version import require_version
from routecomp.workspace.unread import unread_files


def open_project(
    root: str | None = None, today: date | None = None, sweep: bool = False, *, writes: bool = False
) -> Project:
    """Read the project in a folder, by default the current one; raise a `Problem` that says what cannot be read.

    `today` decides which waivers have expired; by default it is the day in UTC, the same one everywhere.
    `sweep` is for callers that hold the project's lock (see `files.collect`). `writes` is for callers that write the
    project, or compare what lies there with what they would write: an installed version that may not, is refused.
    """
    folder = find_root(root)
    settings = load_settings(folder)
    refuse_misnamed_settings(folder)
    if writes:
        require_version(settings)
    files = collect(folder, settings.max_file_bytes, sweep)
    return Project(folder, settings, files, today or datetime.now(UTC).date(), unread_files(folder, settings.output))
