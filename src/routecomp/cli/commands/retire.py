"""`routecomp retire`: a feature and one of its shadows in, that shadow as history out."""

from __future__ import annotations

import click

from routecomp.cli.editing import EPILOG, How, edit, editing_options


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
@click.argument("feature")
@click.argument("model")
@editing_options
def retire(feature: str, model: str, how: How) -> int:
    """Retire MODEL, a shadow of FEATURE; its sample and cap go."""
    from routecomp.review.edit.promote import retire as planned

    return edit(how, lambda _, before: planned(before.declared, feature, model))
