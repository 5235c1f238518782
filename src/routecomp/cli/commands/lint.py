"""Lint the migrations of a project, or SQL files: `routecomp lint-migrations`."""

from __future__ import annotations

import click

from routecomp.cli.options import chosen_format, complete_files, format_option, json_option, strict_option
from routecomp.cli.output.findings import exit_code
from routecomp.cli.output.progress import Progress
from routecomp.cli.output.report import report
from routecomp.cli.output.version import print_version_note, with_version
from routecomp.cli.root import root_option
from routecomp.sql.dialects.names import dialect_names, folder_names
from routecomp.sql.dialects.registry import dialect as dialect_named
from routecomp.workspace.check import check_project
from routecomp.workspace.git.released import known_released
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.lint import lint_files, lint_project
from routecomp.workspace.open_project import open_project
from routecomp.workspace.problem import Problem, visible


@click.command(
    "lint-migrations",
    epilog=f"""\b
Without PATH it judges the migrations in the output folder that are not on the
base branch (with --all every one), their history, the way back of each, and
whether they lead to what the YAML declares. With PATH it judges the text of
these files; a folder {folder_names("or")} above them names their database.

\b
The rules are RC6xx, each with the code it is known by (L01, D02, R15):
  routecomp rules RC603    or    routecomp rules L03

\b
Some may be waived in writing, above the statement, and are then listed:
  -- routecomp:allow RC608 reason="forty rows, in 2 ms"

\b
Exit codes:
  0  clean, or only warnings
  1  errors
  2  wrong usage, or a file or folder that cannot be read
  3  only warnings, under --strict
""",
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_files)
@root_option
@click.option("--all", "everything", is_flag=True, help="Judge released migrations too.")
@click.option(
    "--dialect",
    type=click.Choice(dialect_names()),
    default=None,
    help="The database of PATHs that lie in no such folder.",
)
@format_option
@json_option
@strict_option
def lint_migrations(
    paths: tuple[str, ...],
    root: str | None,
    everything: bool,
    dialect: str | None,
    format: str | None,
    as_json: bool,
    strict: bool,
) -> int:
    """Lint SQL migrations: locks, lost data, broken promises, history, and how primaries are swapped."""
    format = chosen_format(format, as_json)
    if dialect is not None and not paths:
        raise click.UsageError("--dialect is for PATHs: the project's own folders say it")
    notes: list[str] = []
    with Progress() as progress:
        try:
            project = open_project(root)
        except Problem:
            if not paths or root is not None:
                raise
            project = None
        if paths:
            linted = lint_files(paths, None if dialect is None else dialect_named(dialect), project)
        else:
            assert project is not None
            if not project.settings.dialects:
                raise Problem("the settings ask for no migrations", "name the files to lint, or set `dialects`")
            program = check_project(project, progress).program
            if program is None:
                notes.append("the YAML has errors (see `routecomp check`): where the migrations lead was not compared")
            with Snapshot(project.root, project.settings.base_branch) as snapshot:
                linted = lint_project(project, known_released(project, snapshot), program, everything)
    for note in notes:
        click.echo(f"note: {note}", err=True)
    page = report(linted.diagnostics, linted.files, format, None if project is None else project.root)
    if project is not None:
        print_version_note(project.settings)
        page = with_version(page, project.settings) if format == "json" else page
    click.echo(page, nl=False)
    for waiver in linted.waivers:
        line = f"waived: {waiver.rule} at {visible(str(waiver.span))}: {visible(waiver.reason)}"
        click.echo(line, err=format != "text")
    return exit_code(linted.diagnostics, strict)
