"""RC835 dial-idle: every position of the dial, and each side of its clamp, changes an answer."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC835",
    "dial-idle",
    Scope.REACH,
    """
    A position of the dial changes no answer, or a side of the clamp holds no position back.

    At the position the same candidates clear the floor as without a preference, on every route and under every policy,
    or none does and the dial gives way (`preference_relaxed`): no call gets another model or another chain. A side of
    the clamp is idle where the dial alone would lead to the same candidates. A dial without a `gate_env` is always
    shut. A position that adds 0 is not judged. It is proven for every request.

    Why: a customer who turns the dial sees no difference, and support has no answer.

    Fix: turn the dial further, widen the clamp, or take the preferences out.
    """,
    Severity.WARNING,
    waivable=True,
)
