"""RC116 too-many-decimals: the page of a rule that reading a body finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC116",
    "too-many-decimals",
    Scope.TEXT,
    """
A number has more decimals than are kept.

Prices and the cost scale keep six decimals; shares such as quality, compliance, samples and variant weights four;
percentages, weights and dollars a day two; everything else is whole.

Why: every quantity becomes a whole number of its smallest unit. More decimals would have to be rounded, and three
weights of 0.333 would add up to 0.99 in one database and to 1.00 in another.

Fix: round the number yourself. Zeros at the end are dropped by `routecomp check --fix`.
""",
)
