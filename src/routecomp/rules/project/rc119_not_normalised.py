"""RC119 not-normalised: the page of a rule that reading a body finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC119",
    "not-normalised",
    Scope.TEXT,
    """
A text is not in Unicode normal form C.

Accented letters can be written as one character, or as a letter and a mark. Texts use the first way.

Why: the two look alike and are not equal. A salt that looks the same and is another moves every user of an
experiment.

Fix: retype the text, or let `routecomp check --fix` compose its letters.
""",
)
