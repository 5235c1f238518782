"""Refuse a migration that a person wrote and that `routecomp migrate` would not run."""

from __future__ import annotations

import os

from routecomp.database.failure import DatabaseError
from routecomp.database.plan import body
from routecomp.sql.dialects.registry import dialect
from routecomp.workspace.drafts import MAX_BYTES, migration_id
from routecomp.workspace.files import native, read_if_there
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project


def require_runs(project: Project, name: str) -> None:
    """Raise a `Problem` where a migration that a person wrote is framed otherwise than those that `migrate` runs."""
    _, folder, file = name.split("/")
    own, path = dialect(folder), f"{project.settings.output}/{name}"
    try:
        body(migration_id(file), read_if_there(os.path.join(project.root, native(path)), MAX_BYTES) or b"", own)
    except DatabaseError as failure:
        frame = " ".join(f"{statement};" for statement in (*own.opening, "...", "COMMIT")).replace("...;", "...")
        raise Problem(
            f"{visible(path)}, which `routecomp compile` did not write, is none that `routecomp migrate` would run: "
            f"{visible(failure.message)}",
            f"write it as {frame}, with an empty line between statements and none within one; if it is no migration, "
            f"move it out of {visible(project.settings.output)}/",
        ) from None
