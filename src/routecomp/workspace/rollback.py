"""Plan the inverse of a feature's latest promotion, as the Git history of the YAML tells it."""

from __future__ import annotations

from routecomp.checker import Checked
from routecomp.review.edit.entries import feature_entry
from routecomp.review.edit.plan import Plan
from routecomp.review.edit.rollback import roll_back
from routecomp.workspace.git.ledger import ledger
from routecomp.workspace.git.repository import find_repository
from routecomp.workspace.problem import Problem
from routecomp.workspace.project import Project


def plan_rollback(project: Project, before: Checked, feature: str) -> Plan:
    """Return the plan that makes the model before the latest promotion primary again.

    Raises `RefusedError` where the feature is unknown or was never promoted, and `Problem` without a Git history.
    """
    feature_entry(before.declared, feature)
    repository = find_repository(project.root)
    if repository is None:
        raise Problem(
            "there is no Git repository here, so nothing says what to go back to",
            f"name the model yourself: `routecomp promote {feature} MODEL`",
        )
    if "HEAD" not in repository.commits(["HEAD"]):
        raise Problem("the repository has no commit yet: there is nothing to go back to")
    entries = ledger(repository, project.settings.max_file_bytes)
    swaps = [(entry.old, entry.new) for entry in entries if entry.feature == feature]
    return roll_back(before.declared, feature, swaps, shallow=repository.shallow)
