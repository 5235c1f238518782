"""`routecomp diff`: a project and what to compare it with in, what the change does out."""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from routecomp.cli.options import json_option, root_option, today_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from routecomp.diagnostics.diagnostic import Diagnostic
    from routecomp.model.project import Program
    from routecomp.review.base.base import Base, BaseTable
    from routecomp.review.diff.difference import Difference
    from routecomp.workspace.project import Project

FORMATS = ("text", "json", "markdown", "html")
"""As `release.diff.render.FORMATS`, written out because `--help` imports nothing; a test holds them equal."""


@click.command(
    epilog="""\b
Compared are both sides as their YAML says them, and every decision: each
feature, target, logical model, public model id and model, for each tenant,
no tenant and an undeclared one, at each position of the dial. Each group of
decisions comes with a request to try: pipe it into `routecomp resolve`.

\b
  breaking     a call that was answered may no longer be, unless something
               outside of the project changes too
  behavioural  another table
  cosmetic     the same table

\b
  --against main                  with main as it is
  --against main...               with where this branch left main
  --against ../old                with another folder
  --against old/table.json        with a compiled table

\b
Exit codes:
  0  compared, whatever was found
  1  a side has errors, or the change breaks a rule of change
  2  wrong usage, or nothing to compare with
  4  something changed, under --exit-code
"""
)
@root_option
@click.option(
    "--against",
    metavar="REF|DIR|FILE",
    help="Compare with this; default: where HEAD left the base branch.",
)
@click.option("--format", "format", type=click.Choice(FORMATS), default=None, help="Default: text.")
@json_option
@click.option("--exit-code", "exit_code", is_flag=True, help="Exit 4 when anything changed.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="Most changes, and most groups of decisions, shown. Default: text 50, html 2000, json all, "
    "markdown what a comment holds.",
)
@click.option(
    "--all", "every", is_flag=True, help="Show every change and every group; markdown stays within a comment."
)
@today_option
def diff(
    root: str | None,
    against: str | None,
    format: str | None,
    as_json: bool,
    exit_code: bool,
    limit: int | None,
    every: bool,
    today: date | None,
) -> int:
    """Show what a change does: what is said otherwise, and which decisions change for whom."""
    from routecomp.cli.exit_codes import CHANGED, CLEAN, FINDINGS
    from routecomp.cli.output.progress import Progress
    from routecomp.cli.output.terminal import color_for
    from routecomp.compiler import diff as compare
    from routecomp.review.diff.compare import NoTableError
    from routecomp.review.diff.render import render
    from routecomp.workspace.problem import Problem
    from routecomp.workspace.project import open_project, uncollected

    if as_json and format not in (None, "json"):
        raise click.UsageError(f"--json and --format {format} contradict each other")
    if every and limit is not None:
        raise click.UsageError("--all and --limit contradict each other")
    with Progress() as progress:
        project = open_project(root, today)
        base, notes = _other_side(project, against)
        try:
            with uncollected():
                found = compare(project.files, project.options, base, progress)
        except NoTableError as refused:
            raise Problem(
                f"{base.where.removeprefix('in ')} is no routing table that can be read: {refused}",
                "give a routing_table.json that `routecomp compile` wrote",
            ) from None
    for note in notes:
        click.echo(f"note: {note}", err=True)
    if found.difference is None:
        where = f"what is {base.where}" if found.wrong else "the project"
        _report(found.wrong or found.checked.diagnostics, found.checked.files)
        click.echo(f"nothing was compared: {where} has errors", err=True)
        return FINDINGS
    difference = _with_sql(project, base, found.checked.program, found.difference)
    click.echo(
        render(
            "json" if as_json else format or "text", difference, sys.maxsize if every else limit, color_for(sys.stdout)
        ),
        nl=False,
    )
    if found.difference.refused:
        return FINDINGS
    return CHANGED if exit_code and found.difference.changed else CLEAN


def _with_sql(project: Project, base: Base | BaseTable, program: Program | None, difference: Difference) -> Difference:
    """The difference with the SQL that runs when it is merged; without, where the project wants no migrations."""
    from dataclasses import replace

    from routecomp.review.base.base import Base
    from routecomp.workspace.git.released import released_migrations, replayed
    from routecomp.workspace.problem import Problem

    if program is None or not isinstance(base, Base) or not difference.changed or not project.settings.dialects:
        return difference
    try:
        released = released_migrations(project)
        if released is None:
            return difference
        from routecomp.review.diff.sql import new_migrations
        from routecomp.sql.migrations import migration_artifacts

        with replayed():
            files = migration_artifacts(released.read(), program)
    except Problem as problem:  # what changes is said all the same
        click.echo(f"note: the SQL that will run is not shown: {problem}", err=True)
        return difference
    return replace(difference, migrations=new_migrations(released.names, files))


def _other_side(project: Project, against: str | None) -> tuple[Base | BaseTable, Sequence[str]]:
    """What to compare with, and notes on it for the user."""
    from routecomp.review.base.base import Base, BaseTable
    from routecomp.workspace.git.base import compare as find
    from routecomp.workspace.problem import Problem, visible

    if against is not None and (os.path.isfile(against) or against.endswith(".json")):
        return BaseTable(f"in {visible(against)}", _table(against)), ()
    settings = project.settings
    other = find(project.root, project.files, against, settings.base_branch, settings.max_file_bytes)
    if other.base is not None:
        return other.base, other.notes
    if other.where:  # the same files
        return Base(other.where, "", project.files), other.notes
    raise Problem(
        "there is nothing to compare with: no Git repository here, or no base branch in it",
        "give a commit, a folder or a table: --against REF|DIR|FILE",
        others=[(note, "") for note in other.notes],
    )


def _table(path: str) -> bytes:
    from routecomp.runtime.resolver import MAX_BYTES
    from routecomp.workspace.files import NotReadableError, read_regular
    from routecomp.workspace.problem import Problem, visible

    try:
        return read_regular(path, MAX_BYTES)
    except NotReadableError as failure:
        raise Problem(f"{visible(path)} {failure.reason}", failure.remedy) from None


def _report(findings: Sequence[Diagnostic], files: int) -> None:
    from routecomp import __version__
    from routecomp.cli.output.terminal import color_for
    from routecomp.diagnostics.render import render
    from routecomp.rules.registry import Rules

    click.echo(
        render("text", findings, Rules(), color=color_for(sys.stderr), version=__version__, checked=files),
        nl=False,
        err=True,
    )
