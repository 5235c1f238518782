"""Say which names credentials have: in a text before a value that may be one, and as a key that never holds another.

Both read the same words. Before a value any name that holds one of them counts, because the value is looked at too; a
key must be such a name as a whole, because it is refused whatever its value is.
"""

from __future__ import annotations

import re

_SECRET = r"(?:secret|passw(?:or)?d)"
_OF = "api|access|auth"
BEFORE_A_VALUE = rf"(?:(?:{_OF}|client)?[ _-]?(?:key|token|{_SECRET}|pwd)|passphrase|credentials?)"
"""A pattern, in small letters, of names and words before a value."""
HINTS = ("key", "token", "secret", "pass", "pwd", "credential")
"""One of these is in whatever `BEFORE_A_VALUE` matches: most texts can do without the pattern."""
_KEY = re.compile(
    rf"(x[-_])?(api[-_]?key|authorization|{_SECRET}|client[-_]secret|private[-_]key)"
    rf"|(x[-_])?((?:{_OF}|bearer|refresh|session)[-_]?)?token|(aws[-_])?secret[-_]access[-_]key",
    re.ASCII | re.IGNORECASE,
)


def names_credential(name: str) -> bool:
    """Return whether a key, a header or a part of a query has a name that credentials have."""
    return _KEY.fullmatch(name) is not None
