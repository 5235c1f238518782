"""Plan the inverse of a feature's latest promotion, as the Git history of the YAML tells it."""

from __future__ import annotations

from routecomp.model.project import Declared
from routecomp.model.renamed import declared_renames
from routecomp.model.slug_places import SECTIONS
from routecomp.review.edit.entries import feature_entry
from routecomp.review.edit.plan import Plan
from routecomp.review.edit.rollback import roll_back
from routecomp.review.ledger.names_now import NamesNow, latest_known
from routecomp.workspace.edit import Unedited
from routecomp.workspace.git.ledger import ledger
from routecomp.workspace.problem import Problem

_KINDS = ("feature", "model")
"""What the ledger tells renames of."""


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
    history = ledger(repository, unedited.project.settings.max_file_bytes)
    declared = unedited.declared
    renames = declared_renames(declared)
    names = NamesNow(
        history.renamed,
        {section: renames.get(kind, {}) for kind, section in SECTIONS.items() if kind in _KINDS},
        {section: getattr(declared, section) for kind, section in SECTIONS.items() if kind in _KINDS},
    )
    swaps = [
        (_called(names, declared, entry.old, place), _called(names, declared, entry.new, place))
        for place, entry in enumerate(history.entries)
        if latest_known(names.of("features", entry.feature, place), declared.features) == feature
    ]
    return roll_back(unedited.declared, feature, swaps, shallow=repository.is_shallow)


def _called(names: NamesNow, declared: Declared, model: str | None, place: int) -> str | None:
    """Return what a model is called now that the event at a place of the ledger names; no slug where another one is."""
    if model is None:
        return None
    return latest_known(names.of("models", model, place), declared.models) or f"{model} (before another got its name)"
