"""Undo the latest promotion of a feature: `routecomp rollback`."""

from __future__ import annotations

import click

from routecomp.cli.completion import names_of
from routecomp.cli.editing import EPILOG, EditOptions, edit, editing_options
from routecomp.workspace.rollback import plan_rollback


@click.command(
    epilog=f"""\
\b
Examples:
  routecomp rollback support-chat --dry-run     what would it go back to?
  routecomp rollback support-chat --commit      go back, as a new commit

\b
The latest change of the feature's primary is read from the history of the
YAML itself, so it does not matter how it was made or merged. Rolling back a
rollback is a promotion again. `routecomp audit FEATURE` shows that history.

{EPILOG}"""
)
@click.argument("feature", shell_complete=names_of("features"))
@editing_options
def rollback(feature: str, options: EditOptions) -> int:
    """Undo the latest promotion of FEATURE: the model before it is primary again."""
    return edit(options, lambda unedited: plan_rollback(unedited, feature))
