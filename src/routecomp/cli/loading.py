"""A folder in, its compiled project with a resolver over it out; or its findings on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from routecomp.cli.exit_codes import FINDINGS
from routecomp.explain.loaded import Loaded

if TYPE_CHECKING:
    from routecomp.compiler import Checked


def load_project(root: str | None) -> Loaded:
    """Compile the project in memory, always from its files, so that no answer is stale.

    With errors in the project the findings go to standard error, and the command ends with exit code 1.
    """
    from routecomp.cli.output.progress import Progress
    from routecomp.runtime.resolver import Router
    from routecomp.workspace.project import compiled, open_project

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
    from routecomp.cli.output.terminal import color_for
    from routecomp.diagnostics.render import render
    from routecomp.rules.registry import Rules

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
