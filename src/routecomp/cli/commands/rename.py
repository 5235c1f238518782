"""Give a thing another name in all places at once: `routecomp rename`."""

from __future__ import annotations

import click

from routecomp.cli.editing import EPILOG, EditOptions, edit, editing_options
from routecomp.review.edit.rename import KINDS
from routecomp.review.edit.rename import rename as plan_rename


@click.command(
    epilog=f"""\
\b
Examples:
  routecomp rename model gpt-5-5 gpt-5.5 --dry-run      show what would change
  routecomp rename tenant acme acme-inc                 change the YAML and generated/
  routecomp rename model gpt-5-5 gpt-5.5 --alias        callers may go on to send gpt-5-5

\b
The body then says `was: OLD`: the rules of change, the salts of shadows and
shares, the ledger and the database take both names as one. Remove that line
with the release after the one that brings the new name. A logical model has
no body: its shares are dealt anew, and the command says how many requests move.

{EPILOG}"""
)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("old")
@click.argument("new")
@click.option(
    "--alias", is_flag=True, help="Of a model or a target: keep OLD as an alias, so that callers may send it."
)
@editing_options
def rename(kind: str, old: str, new: str, alias: bool, options: EditOptions) -> int:
    """Call the thing of a KIND that is called OLD NEW, wherever its name stands."""
    return edit(options, lambda unedited: plan_rename(unedited.declared, kind, old, new, alias=alias))
