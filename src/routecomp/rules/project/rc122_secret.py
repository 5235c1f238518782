"""RC122 secret: the page of a rule that looking for credentials finds."""

from __future__ import annotations

from routecomp.diagnostics.rule import Scope
from routecomp.rules.registry import document

document(
    "RC122",
    "secret",
    Scope.TEXT,
    """
A value, a key or a comment looks like a credential.

Keys of providers are named by their environment variable (`api_key_env`), never written down. What looks like a
credential is refused and shown nowhere: not in this report, not in any other format.

Why: files like these are copied to laptops, build machines and forks, and Git keeps every version. A key in them
is public sooner or later.

Fix: name the variable instead, and revoke the key: it has been in a file. Rewriting the history does not make it
secret again. A false alarm is released by the fingerprint that the message gives: `secrets: {released: [...]}` in
routecomp.yaml.
""",
)
