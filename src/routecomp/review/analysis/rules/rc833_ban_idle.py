"""RC833 ban-idle: every ban bars a model, and every preferred provider has one."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC833",
    "ban-idle",
    Scope.REACH,
    """
    An entry of `banned_providers`, `banned_models` or `preferred_providers` changes no decision.

    Without it the policy permits the same models: the ban names no active model, or another ban, `stacks` or
    `compliance_veto_threshold` bars what it names. A preferred provider has no model that the policy permits. It is
    proven for every request, under every policy that takes the list from here; each entry is judged by itself, so of
    two bans that stand in for each other both are found. `stacks` and `compliance_veto_threshold` are never found:
    they say what holds for models to come.

    Why: a ban that does nothing was meant for something. Most often the model was renamed or retired, and its
    successor is not banned.

    Fix: remove the entry, or name what was meant. Where a contract asks for the words, waive the warning.
    """,
    Severity.WARNING,
    waivable=True,
)
