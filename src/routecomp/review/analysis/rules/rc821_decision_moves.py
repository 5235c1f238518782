"""RC821 decision-moves: every decision that a change moves is seen by its reviewer."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC821",
    "decision-moves",
    Scope.MOVE,
    """
    A change moves decisions: some requests are answered otherwise than before.

    `routecomp diff` compares both sides for all requests. A move says what is answered before and after, who calls and
    by which names, which conditions all such calls meet, a request to paste, and the lines of YAML that cause it. In
    SARIF each move is a note at the first of these lines.

    Why: what a line of YAML does to calls stands nowhere in the line. Whoever reviews the change sees it here.

    Fix: nothing, where the move is meant. Else take the lines back: `routecomp diff` has no such move then.
    """,
    Severity.WARNING,
)
