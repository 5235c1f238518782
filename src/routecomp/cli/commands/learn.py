"""Learn figures from what services recorded: `routecomp learn`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import click

from routecomp.cli.completion import names_of
from routecomp.cli.editing import EPILOG, EditOptions, edit, editing_options
from routecomp.cli.exit import CLEAN
from routecomp.cli.loading import load_project
from routecomp.cli.measuring import outcome_options, source_of, tell_notes
from routecomp.cli.options import Verbs
from routecomp.cli.output.json import print_json
from routecomp.cli.output.learned import learned_document, learned_text
from routecomp.cli.output.terminal import color_for
from routecomp.measure.output_ratio import output_ratios
from routecomp.model.project import Entry, Program
from routecomp.model.route import Model
from routecomp.model.suggest import suggestion
from routecomp.review.edit.output_ratio import Learned, write_ratios
from routecomp.review.edit.output_ratio import learn as judge
from routecomp.workspace.files import find_root
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.outcomes import Source
from routecomp.workspace.problem import Problem, visible


@click.group(cls=Verbs, no_args_is_help=True)
def learn() -> None:
    """Measure figures of models by what services recorded, as an edit for a pull request."""


@learn.command(
    name="output-ratio",
    epilog=f"""\
\b
Examples:
  routecomp learn output-ratio --database URL                shows what would change
  routecomp learn output-ratio --log outcomes.jsonl --write
  routecomp learn output-ratio gpt-5-5 --database - --branch output-ratios

\b
The ratio is all output tokens by all input tokens of the calls that a model
answered, exactly, rounded half up to four decimals. It is written where what
is declared lies outside of the 95 % interval, of models with --min calls or
more. Nothing is written without --write, --commit, -m or --branch.

{EPILOG}""",
)
@click.argument("models", nargs=-1, shell_complete=names_of("models"))
@outcome_options
@click.option(
    "--min", "least", type=click.IntRange(min=1), default=500, show_default=True, help="Fewer calls change nothing."
)
@click.option("--write", is_flag=True, help="Write the YAML and the output folder.")
@editing_options
def output_ratio(
    models: tuple[str, ...],
    database: str | None,
    logs: tuple[str, ...],
    least: int,
    write: bool,
    options: EditOptions,
) -> int:
    """Measure the `output_ratio` of models: the tokens they answer for each that they are sent."""
    if write and options.dry_run:
        raise click.UsageError("--write and --dry-run contradict each other")
    source = source_of(database, logs, load_settings(find_root(options.root)).names)
    chosen = _chosen(load_project(options.root, options.today).program, models)
    learned = _learned(source, chosen, least)
    unseen = len(chosen) - len(learned)
    document: dict[str, Any] = {
        "source": source.shown,
        "min": least,
        "models": learned_document(learned),
        "unseen": unseen,
        "reading": source.notes,
    }
    if not options.as_json:
        tell_notes(source.notes)
        click.echo(learned_text(learned, unseen, least, source.shown, color_for(sys.stdout)))
    options = replace(options, dry_run=not (write or options.commit) or options.dry_run)
    if all(each.verdict != "changes" for each in learned):
        if options.as_json:
            print_json({**document, "title": None, "diff": "", "changed": [], "removed": [], "failed": None})
        else:
            click.echo("nothing to change")
        return CLEAN
    code = edit(options, lambda unedited: write_ratios(unedited.declared, learned), document)
    if options.dry_run and not options.as_json and code == CLEAN:
        click.echo("--write writes it; --branch NAME makes the commit for a pull request")
    return code


def _chosen(program: Program, models: tuple[str, ...]) -> dict[str, Entry[Model]]:
    """Return the models of these names, all without any; raise a `Problem` for a name that there is not."""
    for name in models:
        if name not in program.models:
            raise Problem(
                f"there is no model `{visible(name)}`",
                suggestion(name, program.models, "see `routecomp show models`"),
            )
    return {slug: entry for slug, entry in program.models.items() if not models or slug in models}


def _learned(source: Source, models: dict[str, Entry[Model]], least: int) -> list[Learned]:
    """Return what was measured of the models; raise a `Problem` where they answered no call."""
    slugs = {entry.body.was: slug for slug, entry in models.items() if entry.body.was} | {slug: slug for slug in models}
    with source.outcomes("answered_by", list(slugs)) as outcomes:
        ratios = output_ratios(outcomes, slugs)
    if not ratios:
        tell_notes(source.notes)
        who = f"`{next(iter(models))}`" if len(models) == 1 else "a model of these"
        raise Problem(
            f"{source.shown} has no call with both counts of tokens that {who} answered",
            "name the database or the files that services write",
        )
    return judge(models, ratios, least)
