"""RC825 requests-go-elsewhere: a change of where requests and keys go is seen."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Severity
from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC825",
    "requests-go-elsewhere",
    Scope.MOVE,
    """
    A change is about where requests and keys go.

    These are the rows that `routecomp diff` marks as security: URLs and variables of keys, hosts that callers newly
    reach, keys that newly go to another host, and settings that guard any of it. In SARIF they come first.

    Why: requests are other people's words, and a key is money. A change of either is worth a second reader.

    Fix: nothing, where it is meant and agreed to.
    """,
    Severity.WARNING,
)
