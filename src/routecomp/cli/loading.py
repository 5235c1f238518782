"""Load a project for the commands that ask it something, or report why it does not compile."""

from __future__ import annotations

from datetime import date

import click

from routecomp.cli.exit import FINDINGS
from routecomp.cli.output.progress import Progress
from routecomp.cli.output.report import errors_document, print_errors
from routecomp.cli.output.version import print_version_note
from routecomp.explain.loaded import Loaded
from routecomp.runtime.resolver import Router
from routecomp.workspace.on_demand import compile_project
from routecomp.workspace.open_project import open_project
from routecomp.workspace.problem import Problem
from routecomp.workspace.project import Project


def load_project(root: str | None, today: date | None = None) -> Loaded:
    """Compile the project in memory, always from its files, so that no answer is stale; by default as of today in UTC.

    Where the project has errors, print them on standard error and raise the `Exit` that ends the command with code 1;
    where the command is asked for JSON, raise a `Problem` with the errors. Raises a `Problem` where the project cannot
    be read.
    """
    return load_opened(open_project(root, today))


def load_opened(project: Project) -> Loaded:
    """Do the work of `load_project` for a project that is open."""
    print_version_note(project.settings)
    with Progress() as progress:
        compilation = compile_project(project, progress, prove=False)
    checked = compilation.checked
    if checked.program is None or compilation.table is None:
        if click.get_current_context().params.get("as_json"):
            raise Problem(
                "the project has errors",
                "repair what `findings` says",
                "refused",
                document=errors_document(checked.diagnostics, checked.files),
            )
        print_errors(checked.diagnostics, checked.files)
        raise click.exceptions.Exit(FINDINGS)
    router = Router.from_bytes(compilation.table.data, compilation.table.fallback_data)
    return Loaded(checked.program, compilation.table, router)
