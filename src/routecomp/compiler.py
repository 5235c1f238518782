"""Compile a project: the whole pipeline on one page, from the bytes of its YAML to the files of `generated/`.

    bytes ──check──> Program ──lower──> RoutingTable ──emit──> artifacts
                        └─────────── migrations ───────────> artifacts

`checker.py` is the first arrow in full. Nothing here touches a disk or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from routecomp.checker import Checked, Options, check
from routecomp.emit.artifacts import emit
from routecomp.model.memory import Memory
from routecomp.model.read_project import Progress
from routecomp.sql.migrations import Released, migration_artifacts
from routecomp.table.lower import lower
from routecomp.table.table import RoutingTable


@dataclass(frozen=True)
class Compilation:
    """The result of compiling a project.

    `artifacts` is path to bytes, by the path within the output folder. Where the project has errors, `table` is None
    and `artifacts` is empty.
    """

    checked: Checked
    table: RoutingTable | None = None
    artifacts: Mapping[str, bytes] = field(default_factory=dict)


def compile(
    files: Mapping[str, bytes],
    options: Options,
    progress: Progress | None = None,
    released: Released | None = None,
    memory: Memory | None = None,
) -> Compilation:
    """Check a project and, if it has no errors, compile it; with its migrations if `released` is given.

    `files` is path to bytes, and `memory` what files declared before, as for `check`. A project with errors raises
    nothing: they are in the result's `checked`.
    Raises `sql.replay.ReplayError` if the released migrations do not run.
    """
    checked = check(files, options, progress, memory=memory)
    program = checked.program
    if program is None:
        return Compilation(checked)
    if progress is not None:
        progress("ranking", 0, 0)
    table = checked.table or lower(program)
    artifacts = emit(table)
    if released is not None:
        artifacts |= migration_artifacts(released, program, memory)
    return Compilation(checked, table, artifacts)
