"""List the claims of a project, and what their proofs say: `routecomp claims`."""

from __future__ import annotations

import sys
from typing import Any

import click

from routecomp import __version__
from routecomp.cli.completion import names_of
from routecomp.cli.exit import CLEAN, FINDINGS
from routecomp.cli.loading import load_opened
from routecomp.cli.output.json import print_json
from routecomp.cli.output.terminal import color_for, paint
from routecomp.cli.root import root_option
from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.model.suggest import suggestion
from routecomp.review.analysis.claims.prove import Claimed, kind_of, prove
from routecomp.review.analysis.claims.sample import SEED
from routecomp.workspace.open_project import open_project
from routecomp.workspace.problem import Problem, visible

_COLORS = {"proven": "32", "broken": "1;31", "sampled": "33"}


@click.command(
    epilog="""\
\b
Examples:
  routecomp claims                          every claim
  routecomp claims bank-stays-in-europe     one of them

\b
Exit codes:
  0  all are proven
  1  some do not hold or are sampled, or the project has errors
  2  wrong usage, or a file or folder that cannot be read
"""
)
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=names_of("claims"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@root_option
def claims(names: tuple[str, ...], as_json: bool, root: str | None) -> int:
    """List the claims in policies/, each with what its proof says.

    The project is compiled in memory, and each claim is proven on its table for all requests, as `check` does it.
    """
    loaded = load_opened(open_project(root))
    known = loaded.program.claims
    for name in names:
        if name not in known:
            raise Problem(f"there is no claim `{visible(name)}`", suggestion(name, known, "see policies/"))
    outcomes = prove(loaded.program, loaded.table.data, loaded.table.fallback_data, frozenset(names) or None)
    if as_json:
        print_json({"version": __version__, "claims": [_plain(claimed) for claimed in outcomes]})
    elif not outcomes:
        click.echo("no claims: docs/claims.md says what may be claimed in policies/")
    else:
        width = max(len(claimed.entry.slug) for claimed in outcomes)
        for claimed in outcomes:
            click.echo(
                f"{claimed.entry.slug:<{width}}  {paint(_words(claimed), _COLORS[_state(claimed)], _is_color())}"
            )
            for command in claimed.commands:
                click.echo(f"{'':<{width}}  {star_secrets(command)}")
    return CLEAN if all(claimed.proof.is_proven for claimed in outcomes) else FINDINGS


def _is_color() -> bool:
    """Return whether the terminal shows colours."""
    return color_for(sys.stdout)


def _state(claimed: Claimed) -> str:
    """Return what came of a claim, in one word."""
    if claimed.proof.counterexample is not None:
        return "broken"
    return "proven" if claimed.proof.is_proven else "sampled"


def _words(claimed: Claimed) -> str:
    """Say what came of a claim."""
    proof = claimed.proof
    if proof.counterexample is not None:
        return f"does not hold: a call {star_secrets(proof.counterexample.words)}"
    return f"sampled, not proven: {proof.drawn:,} requests, seed {SEED}" if proof.drawn else "proven for all requests"


def _plain(claimed: Claimed) -> dict[str, Any]:
    """Return what came of a claim as plain JSON."""
    state = _state(claimed)
    return {
        "claim": claimed.entry.slug,
        "kind": kind_of(claimed.entry.body),
        "state": state,
        "words": _words(claimed),
        "explain": [star_secrets(command) for command in claimed.commands],
        "drawn": claimed.proof.drawn,
        "seed": SEED if state == "sampled" else None,
    }
