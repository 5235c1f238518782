"""Say what is wrong with a project: as the cache remembers it, or by checking its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from routecomp.workspace.cache import Verdict, fingerprint, keep, recall
from routecomp.workspace.on_demand import check_project
from routecomp.workspace.project import Project

if TYPE_CHECKING:
    from routecomp.diagnostics.diagnostic import Diagnostic
    from routecomp.model.read_project import Progress
    from routecomp.review.base.base import Base


def verdict(
    project: Project,
    use_cache: bool,
    progress: Progress | None = None,
    base: Base | None = None,
    base_identity: str = "",
    *,
    reach: bool = False,
) -> Verdict:
    """Return what checking a project finds and, where a base is given, checking its change from it.

    With `use_cache` a verdict on the same inputs is recalled, and a new one is remembered; one on a change only if it
    is clean. `base_identity` names the base, as in `Comparison`. What is found of `reach` is not remembered.
    """
    of_change = base is not None
    recalls = use_cache and not reach
    name = fingerprint(project.texts, project.settings, project.today, base_identity) if recalls else ""
    remembered = recall(project.root, name, project.texts, project.settings, of_change) if recalls else None
    if remembered is not None:
        return remembered
    checked = check_project(project, progress, base, use_cache, reach=reach)
    notes = () if base is None else _not_compared(base, checked.unread)
    new = Verdict(checked.diagnostics, checked.files, notes=notes)
    # What is found in a change points into files of the base, and those are not the project's to remember.
    if recalls and not (of_change and (checked.diagnostics or notes)):
        keep(project.root, name, new, of_change)
    return new


def _not_compared(base: Base, unread: Sequence[Diagnostic]) -> tuple[str, ...]:
    """Return a note where part of a base cannot be read, else none."""
    if not unread:
        return ()
    first = unread[0]
    where = f" ({first.span}: {first.message})" if first.span is not None else f" ({first.message})"
    return (f"part of what is {base.where} cannot be read{where}: what stands there was not compared",)
