"""Compile a project that was read from the disk."""

from __future__ import annotations

from dataclasses import replace

from routecomp.compiler import Compilation, compile
from routecomp.model.memory import Memory
from routecomp.model.read_project import Progress
from routecomp.workspace.check import collector_paused, options_of
from routecomp.workspace.git.released import ReleasedMigrations
from routecomp.workspace.migrations import read_released, replay_problems
from routecomp.workspace.project import Project


def compile_project(
    project: Project,
    progress: Progress | None = None,
    released: ReleasedMigrations | None = None,
    memory: Memory | None = None,
    *,
    prove: bool = True,
) -> Compilation:
    """Check a project and, without errors, compile it; with migrations on top of `released`, where they are given.

    With errors the compilation has no table. Files that `memory` knows are not read again. Without `prove`, claims are
    not proven: what is only asked must not wait for them. Raises a `Problem` where the released migrations do not run.
    """
    with collector_paused():
        options = replace(options_of(project), prove=prove)
        if released is None:
            return compile(project.files, options, progress, memory=memory)
        with replay_problems(released):
            return compile(project.files, options, progress, read_released(project, released), memory)
