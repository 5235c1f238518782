"""RC202 wrong-folder: the page of a rule that putting the files together finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC202",
    "wrong-folder",
    Scope.PROJECT,
    """
A section stands in a folder it does not belong to.

`routes/` holds providers, models, features, targets, defaults, scoring and resilience; `policies/` holds presets,
tenants and preferences; `experiments/` holds experiments.

Why: who may change a folder is decided by folder: in CODEOWNERS, in review rules. A tenant's policy under routes/
goes past whoever has to approve policies.

Fix: move the section to a file in the folder the message names.
""",
)
