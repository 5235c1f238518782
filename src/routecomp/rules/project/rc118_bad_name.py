"""RC118 bad-name: the page of a rule that reading a body finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC118",
    "bad-name",
    Scope.TEXT,
    """
A name has a form that names do not have.

Names (slugs) are lower-case letters, digits, `.`, `_` and `-`, at most 63, with a letter or digit at both ends.
Aliases and public model ids are what callers send: 1 to 255 characters of printable ASCII, spaces only inside and one
at a time. `*` is the last character of an alias of a target, or stands nowhere. Names of environment variables,
adapters, stacks and salts have their own forms, which the message says.

Why: names go into URLs, SQL, file names and logs. `GPT-5` and `gpt-5` are two names to a machine and one to a
reader, and a name with a line end in it says two things.

Fix: write the name in the form the message asks for. A name for people belongs into `description` or `label`.
""",
)
