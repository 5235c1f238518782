"""Show how one request is decided, down to the file and line of every number: `routecomp explain`."""

from __future__ import annotations

import json
import re
import sys
from decimal import Decimal
from typing import Any

import click

from routecomp.cli.exit import CLEAN
from routecomp.cli.loading import load_project
from routecomp.cli.options import root_option
from routecomp.cli.output.explain_text import explain_text
from routecomp.cli.output.terminal import color_for
from routecomp.explain.decision import explain_decision
from routecomp.runtime.resolver import parse_request

_EPILOG = """\b
Examples:
  routecomp explain --feature support-chat --tenant acme
  routecomp explain --model auto --preference quality --input-tokens 1200 --tools
  routecomp explain --model auto --stack avoid-china --unavailable openai,groq
  routecomp explain --request '{"feature": "support-chat", "tenant": "acme"}' --json

\b
While the preference gate is shut, `--preference` has no effect. To see what it would do, open the
gate for one command: set the variable that `preferences.gate_env` names to 1.
"""
_EXAMPLE = '\'{"feature": "support-chat"}\''


class _Number(click.ParamType[Any]):
    """A number as JSON writes one, kept exactly."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | Decimal:
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]
        if re.fullmatch(r"[-+]?[0-9]{1,30}", value, re.ASCII):
            return int(value)
        if not re.fullmatch(r"[-+]?[0-9]{1,30}\.[0-9]{1,30}", value, re.ASCII):
            self.fail(f"{value!r} is not a number: write it as 1200 or 0.55", param, ctx)
        return Decimal(value)


class _Names(click.ParamType[Any]):
    """Names with commas between them."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


@click.command(epilog=_EPILOG)
@click.option("--feature", help="The feature (call site) that asks.")
@click.option("--model", help="Or: a target, an alias, a public model id, a model or a logical model.")
@click.option("--tenant", help="On whose behalf; default: the default policy.")
@click.option("--unit", help="Who asks (a user): decides an experiment's variant.")
@click.option("--request-id", help="Decides what is mirrored to shadows.")
@click.option("--preference", help="The caller's dial: quality, balanced or cost.")
@click.option("--min-quality", type=_Number(), metavar="0..1", help="Quality floor, before all others.")
@click.option("--latency-budget-ms", type=_Number(), metavar="MS", help="Wanted latency.")
@click.option("--stack", help="Only this region, or avoid-REGION.")
@click.option("--input-tokens", type=_Number(), metavar="N", help="Tokens of the prompt.")
@click.option("--max-output-tokens", type=_Number(), metavar="N", help="Most tokens of the answer.")
@click.option("--max-cost-usd", type=_Number(), metavar="USD", help="Most dollars; needs --input-tokens.")
@click.option("--stream", is_flag=True, default=None, help="The model must be able to stream.")
@click.option("--tools", is_flag=True, default=None, help="The model must be able to use tools.")
@click.option("--capabilities", type=_Names(), metavar="A,B", help="Further capabilities it must have.")
@click.option("--unavailable", type=_Names(), metavar="A,B", help="Models or providers that cannot serve.")
@click.option("--request", "request_json", metavar="JSON", help="The whole request as JSON instead.")
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, for programs.")
@click.option("--verbose", "-v", is_flag=True, help="Show every value, also those left at their defaults.")
def explain(root: str | None, as_json: bool, verbose: bool, request_json: str | None, **options: Any) -> int:
    """Show how one request is decided: chain, filters, floor and ranking, and file:line of every number.

    A rejection is a decision like any other: the exit code is 0.
    """
    request = _request(request_json, {key: value for key, value in options.items() if value is not None})
    loaded = load_project(root)
    story = explain_decision(loaded, request)
    if as_json:
        click.echo(json.dumps(story, indent=2))
        return CLEAN

    click.echo(explain_text(story, loaded.program, color=color_for(sys.stdout), verbose=verbose), nl=False)
    return CLEAN


def _request(text: str | None, options: dict[str, Any]) -> dict[str, Any]:
    """Return the request that is given as JSON (`text`) or as options; raise a usage error for both, or for neither.

    JSON is read as `routecomp resolve` reads a line. What is no JSON object is a usage error too.
    """
    if text is None:
        if "feature" not in options and "model" not in options:
            raise click.UsageError("name what is asked for: --feature, --model or --request")
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
