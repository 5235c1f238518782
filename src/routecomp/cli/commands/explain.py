"""Show how one request is decided, down to the file and line of every number: `routecomp explain`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

import click

from routecomp.cli.completion import names_of
from routecomp.cli.exit import CLEAN
from routecomp.cli.loading import load_project
from routecomp.cli.output.explain_text import explain_text
from routecomp.cli.output.terminal import color_for
from routecomp.cli.request_options import request_options, secrets_in, starred, without_secrets
from routecomp.cli.root import root_option
from routecomp.explain.decision import explain_decision
from routecomp.explain.notes import callable_names
from routecomp.explain.why_not import models_named
from routecomp.model.call_names import pattern_of
from routecomp.model.project import Program
from routecomp.model.suggest import suggestion
from routecomp.runtime.resolver import parse_request
from routecomp.workspace.problem import Problem, visible

_EPILOG = """\b
Examples:
  routecomp explain support-chat --tenant acme
  routecomp explain support-chat --tenant acme --why-not gpt-5-5
  routecomp explain --model auto --preference quality --input-tokens 1200 --tools
  routecomp explain --model auto --stack avoid-china --unavailable openai,groq
  routecomp explain --request '{"feature": "support-chat", "tenant": "acme"}' --json

\b
While the preference gate is shut, `--preference` has no effect. To see what it would do, open the
gate for one command: set the variable that `preferences.gate_env` names to 1.
"""
_EXAMPLE = '\'{"feature": "support-chat"}\''


@click.command(epilog=_EPILOG)
@click.argument(
    "name",
    required=False,
    shell_complete=names_of("features", "targets"),
)
@click.option("--feature", shell_complete=names_of("features"), help="The feature (call site) that asks.")
@click.option(
    "--model",
    shell_complete=names_of("models", "targets"),
    help="Or: a target, an alias, a public model id, a model or a logical model.",
)
@request_options
@click.option(
    "--why-not",
    multiple=True,
    metavar="MODEL",
    shell_complete=names_of("models"),
    help="Say why this model, or each host of this logical model, was not picked.",
)
@click.option("--request", "request_json", metavar="JSON", help="The whole request as JSON instead.")
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, for programs.")
@click.option("--verbose", "-v", is_flag=True, help="Show every value, also those left at their defaults.")
def explain(
    root: str | None,
    as_json: bool,
    verbose: bool,
    request_json: str | None,
    name: str | None,
    why_not: tuple[str, ...],
    **options: Any,
) -> int:
    """Show how one request is decided: chain, filters, floor and ranking, and file:line of every number.

    NAME is a feature, or what callers send as `model`. A rejection is a decision like any other: the exit code is 0.
    """
    given = {key: value for key, value in options.items() if value is not None}
    if name is None:
        request = _request(request_json, given)
        loaded = load_project(root)
    else:
        _refuse_second_name(name, request_json, given)
        loaded = load_project(root)
        request = {**_named(loaded.program, name), **given}
    models = {slug: None for word in why_not for slug in _models(loaded.program, word)}
    secrets = secrets_in(request)
    request = without_secrets(request, secrets)
    story = explain_decision(loaded, request, models)
    story = starred(story, secrets)
    if as_json:
        click.echo(json.dumps(story, indent=2))
        return CLEAN

    click.echo(explain_text(story, loaded.program, color=color_for(sys.stdout), verbose=verbose), nl=False)
    return CLEAN


def _refuse_second_name(name: str, text: str | None, options: dict[str, Any]) -> None:
    """Raise a usage error where an option names what is asked for too."""
    for key in ("feature", "model"):
        if key in options:
            raise click.UsageError(f"`{name}` and --{key} both name what is asked for: give one of them")
    if text is not None:
        raise click.UsageError(f"--request holds the whole request: put `{name}` into it, or leave it out")


def _named(program: Program, name: str) -> dict[str, str]:
    """Return the request for a feature, or for what callers send as `model`; a feature comes first, as in a request."""
    features = {*program.features, *program.sure_defaults.routes}
    if name in features:
        return {"feature": name}
    callable_ = callable_names(program)
    is_silent = any(entry.body.public_model_id == name for entry in program.experiments.values())
    patterns = [alias for entry in program.targets.values() for alias in entry.body.aliases if alias.endswith("*")]
    if name in callable_ or (not is_silent and pattern_of(name, patterns) is not None):
        return {"model": name}
    help = suggestion(
        name, [*features, *callable_], "`routecomp show` lists what there is; --feature asks for any name"
    )
    raise Problem(f"nothing that can be asked for is called `{visible(name)}`", help)


def _models(program: Program, name: str) -> Iterable[str]:
    """Return the models that --why-not names."""
    models = models_named(program, name)
    if not models:
        help = suggestion(name, [*program.models, *program.logical_models], "`routecomp show models` lists them")
        raise Problem(f"no model and no logical model is called `{visible(name)}`", help)
    return models


def _request(text: str | None, options: dict[str, Any]) -> dict[str, Any]:
    """Return the request that is given as JSON (`text`) or as options; raise a usage error for both, or for neither.

    JSON is read as `routecomp resolve` reads a line. What is no JSON object is a usage error too.
    """
    if text is None:
        if "feature" not in options and "model" not in options:
            raise click.UsageError("name what is asked for: NAME, --feature, --model or --request")
        return options
    if options:
        given = ", ".join(f"--{key.replace('_', '-')}" for key in options)
        raise click.UsageError(f"--request holds the whole request: put {given} into it, or leave it out")

    try:
        request = parse_request(text.encode())
    except (ValueError, RecursionError):
        raise click.UsageError(f"--request is not JSON: write it as {_EXAMPLE}") from None
    if not isinstance(request, dict):
        raise click.UsageError(f"--request is not a JSON object: write it as {_EXAMPLE}")
    return request
