"""Ask the resolver whether the project's expectations hold: `routecomp test`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext

import click

from routecomp import __version__
from routecomp.cli.completion import names_of
from routecomp.cli.exit import CLEAN, FINDINGS
from routecomp.cli.loading import load_opened
from routecomp.cli.options import (
    against_option,
    caps_option,
    chosen_format,
    format_option,
    json_option,
    outages_option,
    proof_seconds_option,
)
from routecomp.cli.output.coverage import CoverageReport
from routecomp.cli.output.expectations import expectations_page
from routecomp.cli.output.json import print_json
from routecomp.cli.output.progress import Progress
from routecomp.cli.output.terminal import color_for
from routecomp.cli.output.yaml_diff import yaml_diff
from routecomp.cli.root import root_option
from routecomp.expectations.run import Outcome, run
from routecomp.explain.loaded import Loaded
from routecomp.model.suggest import suggestion
from routecomp.review.analysis.space import Bounds
from routecomp.workspace.coverage import change_coverage
from routecomp.workspace.files import find_root, locked
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.open_project import open_project
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project
from routecomp.workspace.write_expectations import Draft, draft_new, draft_update


@click.command(
    epilog="""\
\b
Examples:
  routecomp test                     every expectation
  routecomp test bank-stays-in-eu    one of them
  routecomp test --format junit      for CI servers that show tests
  routecomp test --write             begin: expectations for what is decided today
  routecomp test --update            a decision was meant to change: expect the new one
  routecomp test --coverage          which moves of this change no expectation covers

\b
--write adds a file to policies/ with one expectation for each feature, and one for the tenants for whom it is
decided otherwise; what is expected already is left out, and nothing that is there is touched. --update writes
the values of today in place of those that are not met. Both show the diff first, and write all of it or nothing.

\b
--coverage compares all requests with where HEAD left the base branch, as `diff` does, and names the moves that
no expectation's request shows, each with such a request.

\b
Exit codes:
  0  all hold, or what was asked for is written
  1  some do not hold, less is covered than --fail-under asks, or the project has errors
  2  wrong usage, or a file, a folder or CI stands in the way
"""
)
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=names_of("expectations"))
@click.option("--write", is_flag=True, help="Write expectations for what is decided today into a new file.")
@click.option("--update", is_flag=True, help="Write what is decided today in place of what is not met; never in CI.")
@click.option(
    "--coverage", "asks_coverage", is_flag=True, help="Show the moves of this change that no expectation covers."
)
@click.option(
    "--fail-under",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help="With --coverage: exit 1 where less of the moves is covered, or they are not proven.",
)
@against_option
@click.option(
    "--moves",
    type=click.Choice(("chains", "picks")),
    default="picks",
    show_default=True,
    help="With --coverage: what counts as moved, anything in a decision or which model answers.",
)
@outages_option
@caps_option
@proof_seconds_option
@click.option("--dry-run", is_flag=True, help="With --write or --update: show the diff, and change nothing.")
@root_option
@format_option
@json_option
def test(
    names: tuple[str, ...],
    write: bool,
    update: bool,
    asks_coverage: bool,
    fail_under: int | None,
    against: str | None,
    moves: str,
    outages: bool,
    caps: bool,
    proof_seconds: float,
    dry_run: bool,
    root: str | None,
    format: str | None,
    as_json: bool,
) -> int:
    """Ask the resolver whether the project's expectations hold.

    The project is compiled in memory first. Each request of each expectation is decided as services decide it, and
    what is not as expected is shown with the command that explains it. NAME is an expectation; default: all of them.
    """
    form = chosen_format(format, as_json)
    _refuse_odd(names, write, update, dry_run, form)
    _refuse_without_coverage(asks_coverage, write or update)
    is_writing = (write or update) and not dry_run
    with locked(find_root(root)) if is_writing else nullcontext():
        project = open_project(root, sweep=is_writing, writes=write or update)
        loaded = load_opened(project)
        if write:
            return _write(draft_new(project, loaded.program, loaded.router), form, dry_run)
        outcomes = list(run(loaded.program, loaded.router, _chosen(loaded, names)))
        if update:
            return _write(draft_update(project, loaded.program, loaded.router, outcomes), form, dry_run)
    coverage = None
    if asks_coverage:
        bounds = Bounds(moves == "chains", outages, caps, proof_seconds)
        coverage = _coverage(project, loaded, outcomes, against, bounds, fail_under)
    click.echo(expectations_page(outcomes, project, form, color_for(sys.stdout), coverage), nl=False)
    is_short = coverage is not None and coverage.failure() is not None
    return FINDINGS if is_short or any(outcome.wrong for outcome in outcomes) else CLEAN


def _coverage(
    project: Project,
    loaded: Loaded,
    outcomes: Sequence[Outcome],
    against: str | None,
    bounds: Bounds,
    least: int | None,
) -> CoverageReport:
    """Return which moves of the project's change the outcomes' requests cover; print what had to be left out."""
    with Progress() as progress, Snapshot(project.root, project.settings.base_branch) as snapshot:
        change = change_coverage(project, snapshot, against, bounds, loaded.program, outcomes, progress)
    for note in change.notes:
        click.echo(f"note: {note}", err=True)
    return CoverageReport(change, least)


def _refuse_without_coverage(asks_coverage: bool, is_writing: bool) -> None:
    """Raise a usage error where --coverage is asked of a writing command, or what goes with it is given without it."""
    if asks_coverage and is_writing:
        raise click.UsageError("--coverage goes with neither --write nor --update")
    if asks_coverage:
        return
    context = click.get_current_context()
    for name in ("fail_under", "against", "moves", "outages", "caps", "proof_seconds"):
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name.replace('_', '-')} goes with --coverage")


def _refuse_odd(names: tuple[str, ...], write: bool, update: bool, dry_run: bool, format: str) -> None:
    """Raise a usage error where options contradict each other, and a `Problem` where CI would change expectations."""
    if write and update:
        raise click.UsageError("--write and --update are two steps: run one of them")
    if write and names:
        raise click.UsageError("--write writes what no expectation asks for yet: name none")
    if dry_run and not (write or update):
        raise click.UsageError("--dry-run goes with --write or --update")
    if (write or update) and format not in ("text", "json"):
        raise click.UsageError(f"--write and --update have no format {format}")
    if update and os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise Problem(
            "expectations are not updated in CI (the variable CI is set)",
            "run `routecomp test --update` where its diff is read, and commit what it writes",
        )


def _chosen(loaded: Loaded, names: tuple[str, ...]) -> frozenset[str] | None:
    """Return the expectations that are named, None for all; raise a `Problem` for a name that is none."""
    known = loaded.program.expectations
    for name in names:
        if name not in known:
            raise Problem(f"there is no expectation `{visible(name)}`", suggestion(name, known, "see policies/"))
    return frozenset(names) or None


def _write(draft: Draft | None, format: str, dry_run: bool) -> int:
    """Show the diff of a draft, and write it unless it is a dry run; return 0."""
    diff = "" if draft is None else yaml_diff(draft.before, draft.files, False if format == "json" else None)
    if format == "text" and draft is not None:
        click.echo(diff)
    if draft is not None and not dry_run:
        draft.write()
    if format == "json":
        changed = [] if draft is None else list(draft.files)
        print_json({"version": __version__, "diff": diff, "dry_run": dry_run, "changed": changed, "failed": None})
    elif draft is None:
        click.echo("nothing to write: it is expected already")
    else:
        verb = "would write" if dry_run else "written"
        click.echo(f"{verb}  {visible(', '.join(draft.files))}: {draft.words}")
    return CLEAN
