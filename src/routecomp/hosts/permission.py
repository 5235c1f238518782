"""Say which models may be called: those whose host and key the base branch knows already.

Whoever edits YAML chooses a host and the variable whose key goes there. Nobody has looked at a pull request's choice
yet, so a probe of it could send a key to anyone.
"""

from __future__ import annotations

from collections.abc import Sequence

from routecomp.checker import check
from routecomp.hosts.contract import is_known, known_ends
from routecomp.model.project import Program
from routecomp.workspace.check import options_of
from routecomp.workspace.git.comparison import find_comparison
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.problem import Problem
from routecomp.workspace.project import Project

_REMEDY = "read where keys go, and say --changed-hosts"


def require_known(project: Project, program: Program, slugs: Sequence[str], against: str | None) -> None:
    """Raise a `Problem` that lists the models whose host or key is not as the base branch has it.

    Raises one too where there is no base branch to compare with.
    """
    with Snapshot(project.root, project.settings.base_branch) as snapshot:
        other = find_comparison(project, snapshot, against)
        if other.base is None:
            if other.where:
                return  # the same files
            raise Problem(
                "there is no base branch that says which hosts and keys have been reviewed",
                f"run this in a clone of the project, or {_REMEDY}",
                "refused",
                others=[(note, "") for note in other.notes],
            )
        if other.base.table is not None:
            raise Problem("a compiled table does not name keys of hosts as the YAML does", "name a commit or a folder")
        declared = check(project.files, options_of(project), None, other.base).base
    known = frozenset[str]() if declared is None else known_ends(declared)
    changed = [
        slug
        for slug in slugs
        if not is_known(program.providers[program.models[slug].body.provider].body, program.models[slug].body, known)
    ]
    if changed:
        first, *more = changed
        raise Problem(
            f"{first}{f' and {len(more)} more' if more else ''}: host or key are not those {other.base.where}",
            f"nobody has reviewed them: {_REMEDY}; `routecomp diff` shows what changed",
            "refused",
            others=[(f"{slug}: likewise", "") for slug in more[:11]],
        )
