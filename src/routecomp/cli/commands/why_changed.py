"""Name the commit and the lines that last moved a decision: `routecomp why-changed`."""

from __future__ import annotations

from typing import Any

import click

from routecomp.cli.completion import names_of
from routecomp.cli.exit import CLEAN, FINDINGS
from routecomp.cli.options import json_option
from routecomp.cli.output.progress import Progress
from routecomp.cli.output.version import print_version_note, version_keys
from routecomp.cli.output.why_changed import print_history
from routecomp.cli.request_options import request_options, secrets_in, without_secrets
from routecomp.cli.root import root_option
from routecomp.model.suggest import suggestion
from routecomp.review.analysis.space import Bounds
from routecomp.workspace.declared_names import declared_names
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.open_project import open_project
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.why_changed import History, why_changed


@click.command(
    "why-changed",
    epilog="""\b
Examples:
  routecomp why-changed support-chat --tenant acme
  routecomp why-changed support-chat --tenant acme --input-tokens 150000
  routecomp why-changed --model auto --since v1.4 --all

\b
Without hints, all requests that give the name and the tenant are compared, as
`diff` compares them; with hints, that one request is followed, with the gate
of preferences open.

\b
Exit codes:
  0  the history was walked, whether anything moved or not
  1  under --require-proof: a comparison was over the bound
  2  wrong usage, no history, or a name that no version declares
""",
)
@click.argument("feature", required=False, shell_complete=names_of("features"))
@click.option(
    "--model",
    shell_complete=names_of("models", "targets"),
    help="Or: a target, an alias, a public model id, a model or a logical model.",
)
@request_options
@click.option("--since", metavar="REF", help="Leave the history of this branch, tag or commit out.")
@click.option("--all", "every", is_flag=True, help="Name every commit that moved it, not the last one alone.")
@click.option(
    "--moves",
    type=click.Choice(("chains", "picks")),
    default="chains",
    show_default=True,
    help="What counts as moved: anything in a decision, or which model answers.",
)
@click.option(
    "--proof-seconds",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    metavar="S",
    help="Processor time for each commit; a commit that takes longer is sampled.",
)
@click.option("--require-proof", is_flag=True, help="Exit 1 where a commit was sampled.")
@root_option
@json_option
def why_changed_command(
    feature: str | None,
    model: str | None,
    since: str | None,
    every: bool,
    moves: str,
    proof_seconds: float,
    require_proof: bool,
    root: str | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Name the commit that last moved the decision on FEATURE for a tenant, what moved, and the lines that did it.

    HEAD's first-parent line is walked from the newest commit to older ones; what got another name is followed.
    """
    if (feature is None) == (model is None):
        raise click.UsageError("name what is asked for: FEATURE, or --model NAME")
    named = {"feature": feature} if feature is not None else {"model": model}
    request: dict[str, Any] = {**named, **{key: value for key, value in options.items() if value is not None}}
    request = without_secrets(request, secrets_in(request))
    bounds = Bounds(chains=moves == "chains", seconds=proof_seconds)
    with Progress() as progress:
        project = open_project(root)
        print_version_note(project.settings)
        with Snapshot(project.root, project.settings.base_branch) as snapshot:
            history = why_changed(project, snapshot, request, bounds, since, every=every, progress=progress)
    if not history.is_known:
        _refuse_unknown(history, project.root, request)
    for note in _notes(history, request):
        click.echo(f"note: {note}", err=True)
    print_history(history, version_keys(project.settings), every=every, as_json=as_json)
    if require_proof and history.unproven:
        click.echo(f"error: sampled, not proven: {len(history.unproven)} of {history.compared} comparisons", err=True)
        return FINDINGS
    return CLEAN


def _refuse_unknown(history: History, root: str, request: dict[str, Any]) -> None:
    """Raise a `Problem` for a name that no version declares; where no version compiles, for that."""
    if history.oldest is None:
        others = [(f"{skip.commit.short}: {visible(skip.reason)}", "") for skip in history.skipped[:3]]
        raise Problem(
            "no commit of this history holds a project that compiles",
            "what is not committed is no history; see `routecomp check`",
            others=others,
        )
    kinds = ("features",) if "feature" in request else ("targets", "models")
    name = request["feature" if "feature" in request else "model"]
    help = suggestion(name, declared_names(root, kinds), "what is not committed is no history")
    what = "feature" if "feature" in request else "model that can be asked for"
    raise Problem(f"no version that was read declares a {what} `{visible(name)}`", help)


def _notes(history: History, request: dict[str, Any]) -> list[str]:
    """Return what the user should know of a walk, a sentence each."""
    notes = []
    if history.is_stale:
        notes.append("the work tree is not what HEAD holds: what is not committed is no history")
    if request.get("tenant") is not None and not history.has_tenant:
        notes.append(
            f"no version that was read declares tenant `{visible(request['tenant'])}`: it is decided as unknown"
        )
    if history.is_shallow:
        notes.append("this clone is shallow: older commits are not here (`git fetch --unshallow`)")
    if history.unproven:
        commits = ", ".join(commit.short for commit in history.unproven)
        notes.append(f"sampled, not proven: {commits} took longer than --proof-seconds allows; moves may be missing")
    return notes
