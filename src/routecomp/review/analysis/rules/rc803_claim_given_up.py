"""RC803 claim-given-up: a claim that a change takes out, or says otherwise, would still hold."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC803",
    "claim-given-up",
    Scope.CLAIM,
    """
    A change takes a claim out, or lets it say less, and as the base has it the claim does not hold any more.

    The claims of the base are proven on the table of the change too, where the change does not keep them word by word
    (`description` and `owner` apart). Names that the change takes away are left out of them. The finding names the
    request that breaks the old claim.

    Why: whoever loosens a policy can loosen the promise that forbids it in the same pull request, and `check` is green.
    The reviewer should know that a promise to somebody is given up, and not only rewritten.

    Fix: keep the claim and what it promises. If the promise is given up on purpose, merge: the finding is a warning,
    and gone when the base has the change.
    """,
    severity=Severity.WARNING,
)
