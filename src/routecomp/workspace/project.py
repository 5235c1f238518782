"""Define a project as it was read from the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from routecomp.workspace.files import NotReadableError, native, read_regular
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class Project:
    """A project as it lies on the disk: `files` is path (from the root, forward slashes) to bytes, sorted.

    `unread` are files beside them that look as if they belonged to the project, in the same form.
    """

    root: str
    settings: Settings
    files: dict[str, bytes]
    today: date
    unread: dict[str, bytes] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, bytes]:
        """All files that decide what a check finds, or that a finding may point into."""
        return {**self.files, **self.unread}


def require_unchanged(project: Project, paths: Iterable[str]) -> None:
    """Raise a `Problem` where a file of the project is gone or not any more what was read.

    So nobody's work is overwritten. The `paths` are from the root.
    """
    for path in paths:
        try:
            now = read_regular(os.path.join(project.root, native(path)), project.settings.max_file_bytes)
        except NotReadableError as failure:
            raise Problem(f"{visible(path)} {failure.reason}", failure.remedy) from None
        if now != project.files[path]:
            raise Problem(f"{visible(path)} was changed by someone else meanwhile", "run it again")
