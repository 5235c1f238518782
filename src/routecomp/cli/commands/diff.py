"""Show what a change does to a project, as its YAML says it and as requests are decided."""

from __future__ import annotations

import os
import sys
from datetime import date

import click

from routecomp.cli.exit import CHANGED, CLEAN, FINDINGS
from routecomp.cli.options import (
    against_option,
    caps_option,
    json_option,
    outages_option,
    proof_seconds_option,
    today_option,
)
from routecomp.cli.output.progress import Progress
from routecomp.cli.output.report import errors_document, print_errors
from routecomp.cli.output.terminal import color_for
from routecomp.cli.output.version import print_version_note, with_version
from routecomp.cli.root import root_option
from routecomp.model.guards import Guards, NotAllowedError, read_allowed
from routecomp.review.diff.render import FORMATS, render
from routecomp.review.diff.render.sarif import findings, log
from routecomp.workspace.diff import Wanted, diff_project
from routecomp.workspace.git.from_top import name_from_top
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.open_project import open_project
from routecomp.workspace.problem import Problem, visible


@click.command(
    epilog="""\b
Both sides are compared by what their YAML declares, and by every decision:
each feature, target, logical model, public model id and model, for each
tenant, no tenant and an undeclared one, at each position of the dial. Each
group of decisions comes with a request to try in `routecomp resolve`.
Then all requests are compared, with every argument that a call may give:
which of them move, under which conditions, and that nothing else does.

\b
  breaking     a call that was answered may fail, unless something outside
               of the project changes too
  behavioural  the table changes
  cosmetic     the table stays the same

\b
  --against main                  with main as it is
  --against main...               with where this branch left main
  --against ../old                with another folder
  --against old/table.json        with a compiled table

\b
Exit codes:
  0  compared, whether anything changed or not
  1  a side has errors, the change breaks a rule of change, or more moves than
     its guards or its declared intent allow
  2  wrong usage, or nothing to compare with
  4  something changed, under --exit-code
"""
)
@root_option
@against_option
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
    "--all", "show_all", is_flag=True, help="Show every change and every group; markdown stays within a comment."
)
@click.option(
    "--moves",
    type=click.Choice(("chains", "picks", "none")),
    help="Compare all requests: whole chains, the model that is picked, or none. Default: picks; chains where "
    "guards or intents count.",
)
@outages_option
@caps_option
@proof_seconds_option
@click.option(
    "--only",
    multiple=True,
    metavar="KIND=NAME",
    help="Exit 1 where another tenant, feature or model (of the name that calls give) moves; may be repeated.",
)
@click.option("--no-decision-change", is_flag=True, help="Exit 1 where any decision moves.")
@click.option("--require-proof", is_flag=True, help="Exit 1 where the comparison of all requests is no proof.")
@click.option(
    "--intent",
    metavar="FILE",
    help="Exit 1 where a decision moves that `intent:` in this file does not declare; default: intent.yaml of the "
    "project, where the change brings it.",
)
@click.option(
    "--intent-from-event",
    is_flag=True,
    help="Read `intent:` from the text of the pull request, too (GITHUB_EVENT_PATH, CI_MERGE_REQUEST_DESCRIPTION).",
)
@click.option(
    "--require-intent", is_flag=True, help="Exit 1 where decisions move in a pull request that declares no intent."
)
@today_option
def diff(
    root: str | None,
    against: str | None,
    format: str | None,
    as_json: bool,
    exit_code: bool,
    limit: int | None,
    show_all: bool,
    moves: str | None,
    outages: bool,
    caps: bool,
    proof_seconds: float,
    only: tuple[str, ...],
    no_decision_change: bool,
    require_proof: bool,
    intent: str | None,
    intent_from_event: bool,
    require_intent: bool,
    today: date | None,
) -> int:
    """Show what a change does: what is declared differently, and which decisions change for whom."""
    if as_json and format not in (None, "json"):
        raise click.UsageError(f"--json and --format {format} contradict each other")
    format = "json" if as_json else format or "text"
    if show_all and limit is not None:
        raise click.UsageError("--all and --limit contradict each other")
    try:
        read_allowed(only)
    except NotAllowedError as refused:
        raise click.UsageError(f"--only {only[-1] if len(only) == 1 else ' --only '.join(only)}: {refused}") from None
    guards = Guards(only, no_decision_change, require_proof, require_intent)
    if moves == "none" and guards:
        raise click.UsageError(
            "--moves none compares no requests: --only, --no-decision-change, --require-proof and --require-intent "
            "need them"
        )
    wanted = Wanted(
        moves, outages, caps, proof_seconds, guards, intent, dict(os.environ) if intent_from_event else None
    )
    with Progress() as progress:
        project = open_project(root, today)
        print_version_note(project.settings)
        with Snapshot(project.root, project.settings.base_branch) as snapshot:
            comparison = diff_project(project, snapshot, against, wanted, progress)
    for note in comparison.notes:
        click.echo(f"note: {note}", err=True)
    compared = comparison.compared
    if compared.difference is None:
        where = f"what is {comparison.base.where}" if compared.wrong else "the project"
        errors = compared.wrong or compared.checked.diagnostics
        if format == "json":
            document = errors_document(errors, compared.checked.files)
            help = "repair what `findings` says"
            raise Problem(f"nothing was compared: {where} has errors", help, "refused", document=document)
        print_errors(errors, compared.checked.files)
        click.echo(f"nothing was compared: {where} has errors", err=True)
        return FINDINGS
    most = sys.maxsize if show_all else limit
    if format == "sarif":  # GitHub reads paths from the top of the repository
        page = log(compared.difference, name_from_top(findings(compared.difference, most), project.root), most)
    else:
        page = render(format, compared.difference, most, color_for(sys.stdout))
    click.echo(with_version(page, project.settings) if format == "json" else page, nl=False)
    judged = compared.difference.judged
    if judged.findings:
        print_errors(judged.findings, compared.checked.files)
    for sentence in judged.broken:
        click.echo(f"error: {visible(str(sentence))}", err=True)
    if compared.difference.refused or judged.broken or judged.findings:
        return FINDINGS
    return CHANGED if exit_code and compared.difference.changed else CLEAN
