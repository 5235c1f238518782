"""Plan the inverse of a feature's latest promotion, as the Git history of the YAML tells it."""

from __future__ import annotations

from routecomp.model.renamed import declared_renames
from routecomp.review.edit.entries import feature_entry
from routecomp.review.edit.plan import Plan
from routecomp.review.edit.rollback import roll_back
from routecomp.workspace.edit import Unedited
from routecomp.workspace.git.ledger import ledger
from routecomp.workspace.problem import Problem


def plan_rollback(unedited: Unedited, feature: str) -> Plan:
    """Return the plan that makes the model before the latest promotion primary again.

    Raises `RefusedError` where the feature is unknown or was never promoted, and `Problem` without a Git history.
    """
    feature_entry(unedited.declared, feature)
    repository = unedited.snapshot.repository()
    if repository is None:
        raise Problem(
            "there is no Git repository here, so nothing says what to go back to",
            f"name the model yourself: `routecomp promote {feature} MODEL`",
        )
    if unedited.snapshot.head() is None:
        raise Problem("the repository has no commit yet: there is nothing to go back to")
    entries = ledger(repository, unedited.project.settings.max_file_bytes).entries
    declared = unedited.declared
    called = (feature, declared.features[feature].body.was)
    now = declared_renames(declared).get("model", {})  # the ledger tells of models by the names that they had
    swaps = [
        (now.get(entry.old or "", entry.old), now.get(entry.new or "", entry.new))
        for entry in entries
        if entry.feature in called
    ]
    return roll_back(unedited.declared, feature, swaps, shallow=repository.is_shallow)
