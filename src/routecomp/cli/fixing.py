"""Make or show the fixes of a project, and say what was made, what was left and how to make it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from routecomp.cli.output.progress import Progress
from routecomp.cli.root import root_words
from routecomp.workspace.on_demand import plan_repair, write_repair
from routecomp.workspace.project import Project

if TYPE_CHECKING:
    from routecomp.review.base.base import Base
    from routecomp.workspace.repair import Repair


def fix_project(
    project: Project,
    progress: Progress,
    base_of: Callable[[Project], Base | None],
    root: str | None,
    with_unsafe: bool,
    writes: bool,
    to_stderr: bool,
) -> Project:
    """Make the safe fixes, and with `with_unsafe` the others; without `writes` show them as a diff.

    The diff is a patch of what would be made; below it, other fixes stand in lines that no tool takes.
    Return the project as it lies on the disk then. `root` is what --root has to name in the command that makes what
    is left. INVARIANT: where `writes` is true, the caller holds the project's lock.
    """
    repair = plan_repair(project, progress, base_of, with_unsafe)
    if writes:
        write_repair(project, repair)
        lines = [*repair.made, *repair.refused, *_left(repair, root)]
        _print(lines, to_stderr)
        return repair.project
    # lazy: most checks show no diff
    from routecomp.cli.output.yaml_diff import yaml_diff

    lines = [yaml_diff(project.files, repair.changed), *repair.refused]
    if repair.unsafe:
        later = plan_repair(repair.project, progress, base_of, True)
        diff = yaml_diff(repair.project.files, later.changed).split("\n")
        lines += [*_left(repair, root), *(f"# {line}" for line in diff), *later.refused]
    _print(lines, to_stderr)
    return project


def _print(lines: list[str], to_stderr: bool) -> None:
    """Print the lines that are not empty."""
    for line in filter(None, lines):
        click.echo(line, err=to_stderr)


def _left(repair: Repair, root: str | None) -> list[str]:
    """Say how many unsafe fixes are left, and which command makes them."""
    if not repair.unsafe:
        return []
    count = "1 unsafe fix is" if repair.unsafe == 1 else f"{repair.unsafe} unsafe fixes are"
    command = f"routecomp check --fix --unsafe-fixes{root_words(root)}"
    return [f"{count} left: read {'it' if repair.unsafe == 1 else 'them'} with `{command} --diff`, then `{command}`"]
