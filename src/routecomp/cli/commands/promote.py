"""Make a shadow the primary of a feature: `routecomp promote`."""

from __future__ import annotations

import click

from routecomp.cli.completion import names_of
from routecomp.cli.editing import EPILOG, EditOptions, edit, editing_options
from routecomp.review.edit.promote import promote as plan_promotion


@click.command(
    epilog=f"""\
\b
Examples:
  routecomp promote support-chat gpt-5-5 --dry-run      show what would change
  routecomp promote support-chat gpt-5-5                change the YAML and generated/
  routecomp promote support-chat gpt-5-5 --branch promote-gpt-5-5
                                                        and commit it on a new branch,
                                                        ready for a pull request

\b
Only a shadow can be promoted; `routecomp shadow` makes one. The old primary
becomes a shadow and takes over the new one's sample and daily cap, so that
`routecomp rollback` is the way back.

{EPILOG}"""
)
@click.argument("feature", shell_complete=names_of("features"))
@click.argument("model", shell_complete=names_of("models"))
@editing_options
def promote(feature: str, model: str, options: EditOptions) -> int:
    """Make MODEL, a shadow of FEATURE, its primary; the old primary becomes a shadow."""
    return edit(options, lambda unedited: plan_promotion(unedited.declared, feature, model))
