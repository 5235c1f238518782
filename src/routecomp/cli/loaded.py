"""A folder in, its compiled project with a resolver over it out; or its findings on standard error."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from routecomp.cli.problem import FINDINGS

if TYPE_CHECKING:
    from routecomp.cli.project import Project
    from routecomp.compiler import Checked
    from routecomp.model.program import Program
    from routecomp.runtime.resolver import Router
    from routecomp.table.table import RoutingTable


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project without errors: as its files say it, as compiled, and ready to answer."""

    project: Project
    program: Program
    table: RoutingTable
    router: Router


def load_project(root: str | None) -> Loaded:
    """Compile the project in memory, always from its files, so that no answer is stale.

    With errors in the project the findings go to standard error, and the command ends with exit code 1.
    """
    from routecomp.cli.progress import Progress
    from routecomp.cli.project import compiled, open_project
    from routecomp.runtime.resolver import Router

    with Progress() as progress:
        project = open_project(root)
        made = compiled(project, progress)
    if made.checked.program is None or made.table is None:
        raise _stopped(made.checked)
    router = Router.from_bytes(made.table.data, made.table.fallback_data)
    return Loaded(project, made.checked.program, made.table, router)


def _stopped(checked: Checked) -> click.exceptions.Exit:
    """Report what is wrong with the project; what is raised ends the command."""
    from routecomp import __version__
    from routecomp.cli.report import Rules
    from routecomp.cli.terminal import color_for
    from routecomp.diagnostics.render import render

    click.echo(
        render(
            "text",
            checked.diagnostics,
            Rules(),
            color=color_for(sys.stderr),
            version=__version__,
            checked=checked.files,
        ),
        nl=False,
        err=True,
    )
    return click.exceptions.Exit(FINDINGS)
