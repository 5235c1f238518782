"""`routecomp rollback`: a feature in, the inverse of its latest promotion out, found in the history of the YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from routecomp.cli.editing import EPILOG, How, edit, editing_options

if TYPE_CHECKING:
    from routecomp.checker import Checked
    from routecomp.review.edit.plan import Plan
    from routecomp.workspace.project import Project


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
@click.argument("feature")
@editing_options
def rollback(feature: str, how: How) -> int:
    """Undo the latest promotion of FEATURE: the model before it is primary again."""
    return edit(how, lambda project, before: _planned(project, before, feature))


def _planned(project: Project, before: Checked, feature: str) -> Plan:
    from routecomp.review.edit.promote import feature_entry
    from routecomp.review.edit.rollback import roll_back
    from routecomp.workspace.git.ledger import ledger
    from routecomp.workspace.git.repository import find_repository
    from routecomp.workspace.problem import Problem

    feature_entry(before.declared, feature)
    repository = find_repository(project.root)
    if repository is None:
        raise Problem(
            "there is no Git repository here, so nothing says what to go back to",
            f"name the model yourself: `routecomp promote {feature} MODEL`",
        )
    if "HEAD" not in repository.commits(["HEAD"]):
        raise Problem("the repository has no commit yet: there is nothing to go back to")
    own = [one for one in ledger(repository, project.settings.max_file_bytes) if one.feature == feature]
    swaps = [(one.old, one.new) for one in own]
    return roll_back(before.declared, feature, swaps, shallow=repository.shallow)
