"""Compare the variants of an experiment by what services recorded: `routecomp experiment stats`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date

import click

from routecomp.cli.completion import names_of
from routecomp.cli.exit import CLEAN, FINDINGS
from routecomp.cli.loading import load_project
from routecomp.cli.measuring import outcome_options, source_of, tell_notes
from routecomp.cli.options import Day, keep_json
from routecomp.cli.output.experiment_stats import statistics_document, statistics_markdown, statistics_text
from routecomp.cli.output.json import print_json
from routecomp.cli.output.terminal import color_for
from routecomp.cli.root import root_option
from routecomp.measure.experiment import experiment_statistics
from routecomp.measure.outcome import Outcome
from routecomp.model.experiment import Experiment
from routecomp.model.project import Entry, Program
from routecomp.model.suggest import suggestion
from routecomp.workspace.files import find_root
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.problem import Problem, visible


@click.command(
    name="stats",
    epilog="""\
\b
Examples:
  routecomp experiment stats opus-vs-gpt --database URL
  routecomp experiment stats opus-vs-gpt --log outcomes.jsonl.1 --log outcomes.jsonl
  zcat outcomes-*.gz | routecomp experiment stats opus-vs-gpt --log -
  routecomp experiment stats opus-vs-gpt --database - --since 2026-11-16 --format markdown

\b
By variant: calls, failures, latency, cost a call, each with an interval; then
each variant against the first. All of it may be looked at every day: the
intervals and the p-values hold at every look, and count all comparisons in.
`routecomp docs measuring` says by which method.

\b
Exit codes:
  0  shown
  1  shown, but the assignment does not fit the weights: trust no comparison
  2  no such experiment, no call of it, or nothing that can be read
  5  the database did not answer, or went away: run it again
""",
)
@click.argument("name", shell_complete=names_of("experiments"))
@outcome_options
@click.option("--since", type=Day(), default=None, help="Leave out what began before this day (UTC).")
@click.option("--until", type=Day(), default=None, help="Leave out what began after this day (UTC).")
@click.option("--format", "form", type=click.Choice(("text", "json", "markdown")), default=None, help="Default: text.")
@click.option("--json", "as_json", is_flag=True, callback=keep_json, help="The same as --format json.")
@root_option
def stats(
    name: str,
    database: str | None,
    logs: tuple[str, ...],
    since: date | None,
    until: date | None,
    form: str | None,
    as_json: bool,
    root: str | None,
) -> int:
    """Compare the variants of NAME by what services recorded: failures, latency, cost."""
    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} contradict each other")
    if since is not None and until is not None and since > until:
        raise click.UsageError("--since is after --until")
    source = source_of(database, logs, load_settings(find_root(root)).names)
    entry = _entry(load_project(root).program, name)
    names = [entry.slug, *([entry.body.was] if entry.body.was else [])]
    with source.outcomes("experiment", names) as outcomes:
        statistics = experiment_statistics(entry.body, _between(outcomes, since, until))
    if not statistics.calls:
        tell_notes(source.notes)
        when = " in these days" if since is not None or until is not None else ""
        raise Problem(
            f"there is no call of experiment `{visible(entry.slug)}`{when} in {source.shown}",
            f"callers reach it by the model `{visible(entry.body.public_model_id)}`; name the database or the files "
            "that services write",
        )
    if as_json or form == "json":
        print_json(statistics_document(entry, names, source.shown, statistics, source.notes))
    else:
        tell_notes(source.notes)
        if form == "markdown":
            click.echo(statistics_markdown(entry, names, source.shown, statistics), nl=False)
        else:
            click.echo(statistics_text(entry, names, source.shown, statistics, color_for(sys.stdout)), nl=False)
    return FINDINGS if statistics.assignment.findings else CLEAN


def _entry(program: Program, name: str) -> Entry[Experiment]:
    """Return the experiment of a name, or of the one that it had before; raise a `Problem` where there is none."""
    entry = program.experiments.get(name)
    if entry is None:
        entry = next((each for each in program.experiments.values() if each.body.was == name), None)
    if entry is None:
        raise Problem(
            f"there is no experiment `{visible(name)}`",
            suggestion(name, program.experiments, "see `routecomp show experiments`"),
        )
    return entry


def _between(outcomes: Iterator[Outcome], since: date | None, until: date | None) -> Iterator[Outcome]:
    """Leave out what is not within two days, both included."""
    first, last = since.isoformat() if since else "", until.isoformat() if until else "9999-12-31"
    return (outcome for outcome in outcomes if first <= outcome.day <= last)
