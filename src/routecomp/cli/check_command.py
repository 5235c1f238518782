"""`routecomp check`: a project in, everything that is wrong with it out, repaired where a machine may."""

from __future__ import annotations

from datetime import date

import click

from routecomp.cli.options import (
    cache_option,
    chosen_format,
    format_option,
    json_option,
    root_option,
    strict_option,
    today_option,
)


@click.command(
    epilog="""\b
Read are the .yaml and .yml files under routes/, policies/ and experiments/,
at any depth; names that begin with a dot are left out.
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
@click.option("--fix", is_flag=True, help="Make the changes that need no decision, then check again.")
@today_option
@cache_option
def check(
    root: str | None,
    format: str | None,
    as_json: bool,
    strict: bool,
    fix: bool,
    today: date | None,
    no_cache: bool,
) -> int:
    """Check the YAML and say everything that is wrong with it: file, line, column, and what to change."""
    from routecomp.cli.progress import Progress
    from routecomp.cli.project import open_project, verdict
    from routecomp.cli.report import exit_code, report

    format = chosen_format(format, as_json)
    with Progress() as progress:
        if fix:
            from routecomp.cli.repair import repair

            project, said = repair(root, today, progress)
        else:
            project, said = open_project(root, today), []
        found = verdict(project, not no_cache, progress)
    for one in said:
        click.echo(one, err=format != "text")
    click.echo(report(found.diagnostics, found.files, format), nl=False)
    return exit_code(found.diagnostics, strict)
