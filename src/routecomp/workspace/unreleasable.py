"""Say which migrations can never be known as released, and what `compile` does to those that databases have run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from routecomp.sql.file_names import BASELINE, FOLDER
from routecomp.workspace.git.base_point import BasePoint
from routecomp.workspace.git.ignored import Ignored, find_ignored
from routecomp.workspace.git.released import ReleasedMigrations
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.problem import visible
from routecomp.workspace.project import Project

if TYPE_CHECKING:
    from routecomp.workspace.output import State

REMEDY = "commit the output folder with the YAML (take it out of that file), or write `dialects: []` in the settings"
"""What to do about migrations that Git ignores."""


def ignored_migration(
    project: Project, snapshot: Snapshot, released: ReleasedMigrations | None, names: Iterable[str]
) -> Ignored | None:
    """Return a migration that is not released and that Git ignores; None where there is none.

    `names` are those that are there or are written, by their paths in the output folder. Where none is released the
    first one that there would be is asked about.
    """
    repository = snapshot.repository()
    if repository is None or not project.settings.dialects:
        return None
    known = frozenset() if released is None else released.names
    drafts = [name for name in names if name.startswith(f"{FOLDER}/") and name.removeprefix(f"{FOLDER}/") not in known]
    if not known:
        drafts += [f"{FOLDER}/{dialect}/{BASELINE}.up.sql" for dialect in project.settings.dialects]
    if not drafts:
        return None
    return find_ignored(repository, [f"{project.settings.output}/{name}" for name in dict.fromkeys(drafts)])


def ignored_fact(ignored: Ignored) -> str:
    """State that Git ignores a migration."""
    return (
        f"Git ignores {visible(ignored.path)} (`{visible(ignored.rule)}` in {visible(ignored.place)}), so it is never "
        "released: each `compile` may write it anew, and a database that has run it cannot go on"
    )


def compile_notes(
    project: Project, snapshot: Snapshot, released: ReleasedMigrations | None, states: Mapping[str, State]
) -> list[str]:
    """Say what a user has to know of migrations that were compiled, or compared; mostly nothing.

    `states` are those of the files of the output folder, by their paths there.
    """
    notes: list[str] = []
    output = visible(project.settings.output)
    if released is not None and released.carried_from is not None and _are_changed(states, released.names):
        notes.append(
            f"the released migrations of {visible(released.carried_from)} are carried over to {output}/{FOLDER}/, byte "
            "for byte; the old folder stays as it is"
        )
    copied = _copied(project, snapshot, states)
    if copied:
        notes.append(f"{copied}; migrations that came with the copy are written anew, for a database of its own")
    ignored = ignored_migration(project, snapshot, released, states)
    if ignored is not None:
        notes.append(f"{ignored_fact(ignored)}; {REMEDY}")
    if ignored is None and snapshot.repository() is not None:
        return notes
    anew = [
        name
        for name, state in sorted(states.items())
        if name.startswith(f"{FOLDER}/") and state.word == "written" and (state.added or state.removed)
    ]
    if anew:
        more = f" (and {len(anew) - 1} more)" if len(anew) > 1 else ""
        notes.append(
            f"{output}/{visible(anew[0])}{more} was written anew, and nothing says whether a database has run what "
            "stood there: one that has, refuses the new file"
        )
    return notes


def _copied(project: Project, snapshot: Snapshot, states: Mapping[str, State]) -> str:
    """Say of which project this one is a copy, where migrations are rewritten or taken away for it; mostly empty."""
    anew = any(
        name.startswith(f"{FOLDER}/") and (state.word in ("removed", "left over", "stale") or state.removed)
        for name, state in states.items()
    )
    if not anew or snapshot.repository() is None:
        return ""
    point = snapshot.base_point()
    commit = point.commit if isinstance(point, BasePoint) else snapshot.head()
    return "" if commit is None else snapshot.project_in(commit, project).beside


def _are_changed(states: Mapping[str, State], names: Iterable[str]) -> bool:
    """Return whether some migrations are not as they lie there, or lay: by their paths below `migrations/`."""
    return any(state.word != "unchanged" for name in names if (state := states.get(f"{FOLDER}/{name}")) is not None)
