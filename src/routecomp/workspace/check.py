"""Check a project that was read from the disk."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from routecomp.checker import Checked, Options, check
from routecomp.model.memory import Memory
from routecomp.model.read_project import Progress
from routecomp.parse import Limits
from routecomp.review.base.base import Base
from routecomp.workspace.bodies import keep_memory, recall_memory
from routecomp.workspace.project import Project


def options_of(project: Project) -> Options:
    """Return what the compiler needs to know of a project besides its files."""
    return Options(
        today=project.today,
        limits=Limits(max_bytes=project.settings.max_file_bytes),
        released=project.settings.released,
        key_names=project.settings.key_names,
        unread=project.unread,
    )


def check_project(
    project: Project,
    progress: Progress | None = None,
    base: Base | None = None,
    use_cache: bool = False,
    *,
    reach: bool = False,
) -> Checked:
    """Check a project and, where a base is given, its change from it; with `reach`, what requests reach as well.

    With `use_cache`, files that did not change since the last run are not read again.
    """
    with collector_paused(), remembering(project, use_cache) as memory:
        return check(project.files, replace(options_of(project), reach=reach), progress, base, memory)


@contextmanager
def remembering(project: Project, use_cache: bool) -> Iterator[Memory | None]:
    """Give the memory of a project's files, and keep it afterwards; None where the cache is not used."""
    if not use_cache:
        yield None
        return
    memory = recall_memory(project)
    yield memory
    keep_memory(project, memory)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector of cycles: a compilation makes a million objects that all stay, and no cycles.

    Afterwards what is alive is never looked through again.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.freeze()  # what is alive stays so to the end of the command: no need to look through it once more
            gc.enable()
