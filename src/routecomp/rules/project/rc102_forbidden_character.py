"""RC102 forbidden-character: the page of a rule that reading a file's text finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC102",
    "forbidden-character",
    Scope.TEXT,
    """
A file holds a character that no reader can see, or that shows a line in another order.

Refused are control characters (tabs and ends of lines apart), further line ends such as U+0085 and U+2028, marks
that change the direction of writing, characters without width, tag characters and byte-order marks within the text.
The zero-width joiner may stand in free text, where emoji and some scripts need it.

Why: a reviewer approves what is shown. With a direction mark or an invisible line end the file says something else
than what was approved, and a name with an invisible letter equals no other name.

Fix: remove the character. The message names it and its place; it often came with text copied from a web page.
""",
)
