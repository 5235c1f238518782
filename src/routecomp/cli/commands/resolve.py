"""Answer requests, one JSON line each, with one decision each: `routecomp resolve`."""

from __future__ import annotations

import os
import sys

import click

from routecomp.cli.exit import CLEAN
from routecomp.cli.loading import load_project
from routecomp.cli.root import root_option
from routecomp.runtime.resolver import Router, load, serve
from routecomp.workspace.problem import Problem, visible


@click.command(
    epilog="""\
\b
Examples:
  echo '{"feature": "support-chat", "tenant": "acme"}' | routecomp resolve
  routecomp resolve < requests.jsonl > decisions.jsonl
  routecomp resolve --table generated/routing_table.json < requests.jsonl

\b
A request may hold: feature, model, tenant, unit, request_id, preference, min_quality,
latency_budget_ms, stack, input_tokens, max_output_tokens, max_cost_usd, stream, tools,
capabilities, unavailable. `routecomp schema request` and `routecomp schema decision` describe both.

Every line gets a decision, also one that is wrong. `python generated/resolver.py` does the same without routecomp.
"""
)
@root_option
@click.option(
    "--table", metavar="PATH", help="Answer from a compiled table (or the folder that holds one) instead of the YAML."
)
def resolve(root: str | None, table: str | None) -> int:
    """Answer requests: read JSON lines from standard input, and write one decision for each.

    The project is compiled in memory first, so no answer is older than its files. With errors in it
    nothing is answered, and the exit code is 1.
    """
    if root is not None and table is not None:
        raise click.UsageError("--root compiles a project, --table reads a compiled table: give one of them")
    router = load_project(root).router if table is None else _load_table(table)
    if sys.stdin is not None and sys.stdin.isatty():
        click.echo("one request a line, as JSON; Ctrl-D ends", err=True)
    if sys.stdin is not None and sys.stdout is not None:
        serve(router, sys.stdin.buffer.fileno(), sys.stdout.buffer)
    return CLEAN


def _load_table(path: str) -> Router:
    """Load the router of a compiled table, a file or the routing_table.json of a folder.

    Raises a `Problem` where the table is missing or refused, which `load` never does.
    """
    file = os.path.join(path, "routing_table.json") if os.path.isdir(path) else path
    router = load(file)
    status = router.status()
    if status["last_rejection"] is not None:
        raise Problem(
            f"{visible(file)} is not used: {status['last_rejection']}",
            "write it anew with `routecomp compile`, or leave --table out to answer from the YAML",
        )
    return router
