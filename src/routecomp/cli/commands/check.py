"""Check a project and report everything that is wrong with it; with --fix, repair what a machine can repair."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date

import click

from routecomp.cli.fixing import fix_project
from routecomp.cli.options import (
    cache_option,
    chosen_format,
    format_option,
    json_option,
    root_option,
    strict_option,
    today_option,
)
from routecomp.cli.output.progress import Progress
from routecomp.cli.output.report import exit_code, report
from routecomp.cli.output.version import print_version_note, refusal_as_json, with_version
from routecomp.workspace.check_migrations import check_migrations
from routecomp.workspace.files import find_root, locked
from routecomp.workspace.git.comparison import Comparison, find_comparison
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.open_project import open_project
from routecomp.workspace.project import Project
from routecomp.workspace.verdict import verdict


@click.command(
    epilog="""\b
`check` reads the .yaml and .yml files under routes/, policies/ and
experiments/, at any depth; it leaves out names that begin with a dot.

\b
In a Git repository it also checks the change since the base branch (rules
RC5xx): who may become primary, what a running experiment may change. Changes
count whether they are committed or not.
  --against main       with main as it is
  --against main...    with where this branch left main
  --against ../old     with another folder
  --against old.json   with a compiled table, as far as it goes

\b
It also checks the migrations in the output folder that are not on the base
branch (rules RC6xx): see `routecomp lint-migrations`.

\b
Exit codes:
  0  clean, or only warnings
  1  errors
  2  wrong usage, or a file or folder that cannot be read
  3  only warnings, under --strict
"""
)
@root_option
@format_option
@json_option
@strict_option
@click.option("--fix", is_flag=True, help="Make the safe fixes, which change nothing that decides; then check again.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix: make the other fixes too; --diff shows them first.")
@click.option("--diff", is_flag=True, help="With --fix: show what would be changed, and write nothing.")
@click.option(
    "--against",
    metavar="REF|DIR|FILE",
    help="Compare with this; default: where HEAD left the base branch.",
)
@click.option("--no-base", is_flag=True, help="Compare with nothing: leave out the rules of change.")
@today_option
@cache_option
def check(
    root: str | None,
    format: str | None,
    as_json: bool,
    strict: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    against: str | None,
    no_base: bool,
    today: date | None,
    no_cache: bool,
) -> int:
    """Check the YAML and report everything that is wrong: file, line, column, and what to change."""
    format = chosen_format(format, as_json)
    if against is not None and no_base:
        raise click.UsageError("--against and --no-base contradict each other")
    if (unsafe_fixes or diff) and not fix:
        raise click.UsageError(f"{'--unsafe-fixes' if unsafe_fixes else '--diff'} goes with --fix")
    writes = fix and not diff

    with refusal_as_json(format), locked(find_root(root)) if writes else nullcontext(), Progress() as progress:
        project = open_project(root, today, sweep=writes, writes=writes)
        print_version_note(project.settings)
        with Snapshot(project.root, project.settings.base_branch) as snapshot:

            def comparison_of(project: Project) -> Comparison:
                return Comparison() if no_base else find_comparison(project, snapshot, against)

            if fix:
                project = fix_project(
                    project,
                    progress,
                    lambda project: comparison_of(project).base,
                    root,
                    unsafe_fixes,
                    writes,
                    to_stderr=format != "text",
                )
            comparison = comparison_of(project)
            result = verdict(project, not no_cache, progress, comparison.base, comparison.identity)
            diagnostics = list(result.diagnostics)
            if not no_base:
                # With --against, which says what to compare with, it is no error that nothing says what is released.
                diagnostics += check_migrations(project, snapshot, not no_cache, against is not None)
    for note in (*comparison.notes, *result.notes):
        click.echo(f"note: {note}", err=True)
    page = report(diagnostics, result.files, format, project.root)
    click.echo(with_version(page, project.settings) if format == "json" else page, nl=False)
    return exit_code(diagnostics, strict)
