"""Make a project of the files of another router: `routecomp import SOURCE`."""

from __future__ import annotations

import os
import sys
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from routecomp import __version__
from routecomp.cli.exit import CLEAN, FINDINGS
from routecomp.cli.options import Day, Verbs, complete_files, keep_json
from routecomp.cli.output.imports import print_import, print_result
from routecomp.cli.output.json import print_json
from routecomp.cli.output.report import errors_document, print_errors
from routecomp.cli.output.yaml_diff import yaml_diff
from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.interop.catalogue import Catalogue, CatalogueError, bundled, read_catalogue, snapshot
from routecomp.interop.environment import Environment, read_env_file
from routecomp.interop.figures import FiguresError, Table, answer_table
from routecomp.interop.imported import Conversion
from routecomp.interop.located import NotThisError
from routecomp.interop.sources import Given, NotReadError, read_source
from routecomp.model.fields import ENVIRONMENT_NAME
from routecomp.workspace.imports import ImportPlan, plan_import, read_input, read_table, write_import
from routecomp.workspace.outputs import refuse_source, write_output
from routecomp.workspace.problem import Problem, visible

EPILOG = """\
\b
What nobody states is never invented: a model without a price, a quality or a
latency is written with TODO, and `routecomp check` refuses each in words.
Fill them in by hand, or by a table (`routecomp docs import#figures`):
  model,quality,latency_ms,input,output,context_window
  gpt-4o,0.71,900,2.50,10.00,128000
  *,0.50,1500,,,

\b
Exit codes:
  0  written, or nothing to change
  1  the input has findings, nothing of it is carried, `check` refuses what is
     written for more than TODO, or the folder's project would change: the diff
     is shown, and --yes writes it
  2  wrong usage, or a file or folder that cannot be read or written
"""


@dataclass(frozen=True, slots=True)
class _Given:
    """The values of the options that every source shares."""

    environment: Environment
    names: list[str]
    env_file: tuple[str, ...]
    into: str
    call: tuple[str, ...]
    figures: tuple[str, ...]
    quality: str | None
    prices: str | None
    report: str | None
    yes: bool
    ask: bool
    as_json: bool

    @property
    def inputs(self) -> list[str]:
        """The files that are read beside those of the source."""
        named = (path for path in (self.quality, self.prices) if path is not None)
        return [*self.env_file, *self.figures, *named]


@click.group(name="import", cls=Verbs, no_args_is_help=True, epilog=EPILOG)
@click.option("--json", "as_json", is_flag=True, callback=keep_json, help="Print JSON for programs.")
def import_(as_json: bool) -> int:
    """Make a project of another router's files: providers, models, names, chains, shares, limits.

    Every field of the input is mapped, or listed with its line, why, and what to do instead.
    """
    return CLEAN


def _add_source(name: str, help: str, example: str) -> None:
    """Add the command that imports from one source."""

    @import_.command(name=name, help=help, epilog=f"\b\nExample:\n  {example}\n\n{EPILOG}")
    @click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=complete_files)
    @click.option("--into", metavar="DIR", required=True, help="The folder of the project to make or to add to.")
    @click.option(
        "--set", "values", metavar="NAME=VALUE", multiple=True, help="Say what a variable of the input holds."
    )
    @click.option(
        "--env-file", metavar="FILE", multiple=True, help="Say it for all variables of a file, NAME=VALUE a line."
    )
    @click.option(
        "--call", metavar="NAME", multiple=True, help="A name that callers send, for what passes any name on."
    )
    @click.option(
        "--figures", metavar="FILE.csv", multiple=True, help="Fill in what nobody states by a table of figures."
    )
    @click.option("--quality", metavar="FILE", help="Fill in qualities by a leaderboard (LMArena's CSV, Aider's YAML).")
    @click.option(
        "--prices", metavar="FILE", help="Take prices from this catalogue, not from the one that is brought along."
    )
    @click.option("--report", metavar="FILE", help="Write the report on all fields there: .json, .md, or text.")
    @click.option("--ask", is_flag=True, help="Ask on the terminal for what is still to be said, a line a model.")
    @click.option("--yes", is_flag=True, help="Write into a folder that holds a project, whose diff is shown else.")
    @click.option("--json", "as_json", is_flag=True, callback=keep_json, help="Print JSON for programs.")
    def command(files: tuple[str, ...], values: tuple[str, ...], env_file: tuple[str, ...], **rest: Any) -> int:
        names = [text.partition("=")[0] for text in values]
        return _run(name, files, _Given(_environment(values, env_file), names, env_file, **rest))


_add_source(
    "litellm",
    "Import LiteLLM files (the proxy's config.yaml, with what it includes), merged as LiteLLM merges them.",
    "routecomp import litellm config.yaml --into routing --figures figures.csv",
)

_add_source(
    "tensorzero",
    "Import TensorZero files (tensorzero.toml): models, functions and the shares of their variants.",
    "routecomp import tensorzero tensorzero.toml --into routing",
)
_add_source(
    "portkey",
    "Import a Portkey config (JSON), which becomes one name: the file's.",
    "routecomp import portkey support.json --into routing",
)
_add_source(
    "openrouter",
    "Import a request body for OpenRouter (`models` and `provider`), or its list of models.",
    "routecomp import openrouter request.json --into routing",
)


@import_.command(
    epilog="""\
\b
Example:
  routecomp import catalogue model_prices_and_context_window.json prices.gz \\
    --source "BerriAI/litellm at 1a2b3c" --day 2026-12-01
  routecomp import litellm config.yaml --into routing --prices prices.gz
"""
)
@click.argument("file", shell_complete=complete_files)
@click.argument("snapshot_file", metavar="SNAPSHOT", shell_complete=complete_files)
@click.option("--source", required=True, metavar="TEXT", help="Where the file is from, and which version it is.")
@click.option("--day", required=True, type=Day(), help="The day on which it was taken.")
@click.option("--json", "as_json", is_flag=True, callback=keep_json, help="Print JSON for programs.")
def catalogue(file: str, snapshot_file: str, source: str, day: Any, as_json: bool) -> int:
    """Make a snapshot of LiteLLM's catalogue FILE: names, prices and windows, for --prices."""
    made = _catalogue(file)
    if not source.isprintable() or "\t" in source:
        raise click.UsageError("--source holds characters that cannot be printed")
    data = snapshot(made, source, day.isoformat())
    refuse_source(snapshot_file, "SNAPSHOT", [file])
    write_output(snapshot_file, data, "SNAPSHOT")
    if as_json:
        print_json(
            {
                "version": __version__,
                "file": star_secrets(snapshot_file),
                "models": len(made.entries),
                "bytes": len(data),
            }
        )
        return CLEAN
    click.echo(f"{visible(star_secrets(snapshot_file))}: {len(made.entries):,} models, {len(data):,} bytes")
    return CLEAN


def _run(source: str, files: tuple[str, ...], given: _Given) -> int:
    """Import the files of a source; return the exit code."""
    prices = bundled() if given.prices is None else _catalogue(given.prices)
    tables = [read_table(path) for path in given.figures]
    if given.quality is not None:
        tables.append(read_table(given.quality, is_leaderboard=True))
    for path in files:
        read_input(path)

    def convert(taken: Mapping[str, Container[str]]) -> Conversion:
        return read_source(source, [Path(path) for path in files], Given(given.environment, prices, taken, given.call))

    try:
        plan = plan_import(given.into, source, convert, tables, renews_prices=given.prices is not None)
    except NotThisError as refused:
        others = [(star_secrets(visible(message)), help) for message, help in refused.others]
        raise Problem(star_secrets(visible(str(refused))), refused.help, others=others) from None
    except NotReadError as refused:
        return _refused(refused.diagnostics, len(files), given.as_json)
    if given.ask and plan.conversion.project.missing:
        tables.append(_asked(plan))
        plan = plan_import(given.into, source, convert, tables, renews_prices=given.prices is not None)
    report = plan.conversion.report
    sources = {field.path for field in report.fields}
    refuse_source(given.report, "--report", [*files, *given.inputs, *sources], given.into)
    if given.report is not None:
        write_output(given.report, report.file(given.report), "--report")
    may_write = bool(plan.after) and (given.yes or plan.is_new or _confirmed(plan, given))
    if may_write:
        write_import(plan)
    if given.as_json:
        print_json({"version": __version__} | print_result(plan, may_write))
    else:
        print_import(plan, may_write, source)
        for name in given.names:
            if name not in given.environment.asked:
                click.echo(f"note: nothing of the input refers to {name}", err=True)
    return CLEAN if plan.files and (may_write or not plan.after) and not plan.faults else FINDINGS


def _refused(diagnostics: list[Diagnostic], files: int, as_json: bool) -> int:
    """Show what is wrong with the input; return 1."""
    if as_json:
        print_json(errors_document(diagnostics, files))
    else:
        print_errors(diagnostics, files)
    return FINDINGS


def _confirmed(plan: ImportPlan, given: _Given) -> bool:
    """Show what would change in the folder, and ask on a terminal; return whether it may be written."""
    if given.as_json:
        return False
    click.echo(yaml_diff(plan.before, plan.after))
    return sys.stdin.isatty() and sys.stdout.isatty() and click.confirm("Write this?")


def _asked(plan: ImportPlan) -> Table:
    """Ask for the figures of each model, a line a model; return them as a table."""
    project, answers = plan.conversion.project, dict[str, str]()

    def judged(slug: str, text: str) -> str:
        """Return an answer; have click ask again for one that its figures cannot be."""
        try:
            answer_table(project, {slug: text})
        except FiguresError as failure:
            fault = failure.faults[0]
            raise click.UsageError(star_secrets(f"{visible(fault.message)}; {fault.help}")) from None
        return text

    for model in project.models:
        if model.missing:
            question = f"{model.slug} ({', '.join(model.missing)}; empty to leave it)"
            answers[model.slug] = click.prompt(
                question, default="", show_default=False, err=True, value_proc=partial(judged, model.slug)
            )
    return answer_table(project, answers)


def _environment(values: tuple[str, ...], env_files: tuple[str, ...]) -> Environment:
    """Return the variables that options say; what `--set` says counts before the files."""
    variables: dict[str, str] = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals or not ENVIRONMENT_NAME.fullmatch(name):
            raise click.UsageError(
                f"--set takes NAME=VALUE, as in OPENAI_BASE_URL=https://…; not {star_secrets(name)!r}"
            )
        variables[name] = value
    for path in env_files:
        text = read_input(path).decode("utf-8", "replace")
        variables = {**read_env_file(text), **variables}
    return Environment(variables)


def _catalogue(path: str) -> Catalogue:
    """Read a catalogue, or raise a `Problem`."""
    try:
        return read_catalogue(read_input(path), os.path.basename(path))
    except CatalogueError as failure:
        help = "name LiteLLM's model_prices_and_context_window.json, or a snapshot made by `routecomp import catalogue`"
        raise Problem(f"{visible(path)} is no catalogue: {failure}", help) from None
