"""Retire a shadow of a feature: `routecomp retire`."""

from __future__ import annotations

import click

from routecomp.cli.completion import names_of
from routecomp.cli.editing import EPILOG, EditOptions, edit, editing_options
from routecomp.review.edit.promote import retire as plan_retirement


@click.command(
    epilog=f"""\
\b
Example:
  routecomp retire support-chat claude-3-opus

\b
A retired model never serves the feature and is not mirrored. The way back is
`routecomp shadow`. A primary cannot be retired: promote another model first.
A model that stands in the feature's `fallback` has to leave it first.

{EPILOG}"""
)
@click.argument("feature", shell_complete=names_of("features"))
@click.argument("model", shell_complete=names_of("models"))
@editing_options
def retire(feature: str, model: str, options: EditOptions) -> int:
    """Retire MODEL, a shadow of FEATURE; its sample and cap go."""
    return edit(options, lambda unedited: plan_retirement(unedited.declared, feature, model))
