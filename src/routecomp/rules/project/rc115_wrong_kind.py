"""RC115 wrong-kind: the page of a rule that reading a body finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC115",
    "wrong-kind",
    Scope.TEXT,
    """
A value is no number, or neither `true` nor `false`, where one is wanted.

Numbers are written like 5, 0.25, -0.10 or +0.10: no exponent, no leading zero, no quotes, no unit. Booleans are
`true` and `false`.

Why: what other writings mean depends on the reader. `012` is ten for one and twelve for another, `1e-6` is text to
many, and `no` is a country. A price read differently by two tools is off by a factor that nobody sees.

Fix: write the number or the boolean plainly. Where the value says exactly one thing, `routecomp check --fix` does
it.
""",
)
