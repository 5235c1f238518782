"""Deal the load of a logical model otherwise: `routecomp share`."""

from __future__ import annotations

import click

from routecomp.cli.editing import EPILOG, EditOptions, edit, editing_options
from routecomp.review.edit.share import share_load


@click.command(
    epilog=f"""\
\b
Examples:
  routecomp share claude-opus opus-direct=0.6 opus-bedrock=0.4
  routecomp share claude-opus opus-direct=1 opus-bedrock=

\b
Models that are not named keep their share; all together are exactly 1.
MODEL= with nothing behind it takes the share out. How many units (request
ids, else users) get another model is shown.

{EPILOG}"""
)
@click.argument("logical")
@click.argument("shares", metavar="MODEL=SHARE...", nargs=-1, required=True)
@editing_options
def share(logical: str, shares: tuple[str, ...], options: EditOptions) -> int:
    """Deal the load of the logical model LOGICAL among its hosts."""
    given: dict[str, str] = {}
    for text in shares:
        slug, equals, part = (piece.strip() for piece in text.partition("="))
        if not equals or not slug:
            raise click.UsageError(f"{text!r} is no MODEL=SHARE, as in opus-direct=0.6")
        if slug in given:
            raise click.UsageError(f"model {slug!r} is given twice")
        given[slug] = part
    return edit(options, lambda unedited: share_load(unedited.declared, logical, given))
