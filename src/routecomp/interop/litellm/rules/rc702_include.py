"""RC702 include: the page of a rule that reading a file finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC702",
    "include",
    Scope.LITELLM,
    """
    An entry of `include` names no file that may be read, or leads back to a file that is read already.

    Includes are relative to the file that names them; one that stands beside the first file only is read there, with
    a warning. They must stand within the folder of the first file, symbolic
    links followed, so that a linted file cannot have another one shown.

    Why: the proxy does not start without an included file. A cycle it skips without a word, and of two files that each
    replace a section of the other, the order decides which one counts.

    Fix: correct the name, move the file into the folder, or take the entry out that closes the cycle.
    """,
)
