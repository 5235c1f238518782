"""RC701 foreign-file: the page of a rule that reading a file finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC701",
    "foreign-file",
    Scope.LITELLM,
    """
    The file has no section that LiteLLM reads.

    It is the file of another tool, or no mapping of sections at all.

    Why: the proxy starts with such a file, and serves no model. It reads the sections that it knows, and asks for none.

    Fix: give the file that the proxy is started with (`--config`), and its included files by way of it.
    """,
)
