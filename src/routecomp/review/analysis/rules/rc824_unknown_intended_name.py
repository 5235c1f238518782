"""RC824 unknown-intended-name: an intent names what is there."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC824",
    "unknown-intended-name",
    Scope.MOVE,
    """
    A declared intent names a tenant, a feature or a model that neither side of the change knows.

    Names of models are those that calls give as `model`: targets, aliases, patterns, public model ids, logical models,
    models. What the change renames goes by its new name.

    Why: nothing moves under a name that nobody knows. It is a slip, and the intent says less than was meant.

    Fix: write the name as the YAML declares it, or leave it out.
    """,
)
