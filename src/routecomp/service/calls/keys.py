"""Ask whether variables of the environment hold keys, as cheaply as each try needs it."""

from __future__ import annotations

import os
import re
from typing import Any, Final

_ENVIRON: Final = os.environ
_STORE: Final[Any] = getattr(os.environ, "_data", None)
"""Where `os.environ` keeps what it holds: asking itself takes ten times as long. Tests may put another in its place."""
_KEY: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def is_key(text: str) -> bool:
    """Return whether a text may be sent as a key: one line of printable ASCII without blanks around it.

    Clients refuse anything else with an exception that shows it, such as the line break at the end of a file.
    """
    return _KEY.fullmatch(text) is not None


def holds_key(name: str) -> bool:
    """Return whether a variable holds what may be sent as a key."""
    return is_key(os.environ.get(name, ""))


class Variables:
    """The variables that one endpoint needs."""

    __slots__ = ("_encoded", "_first", "_good", "_seen", "names")

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._encoded: Any = tuple(_ENVIRON.encodekey(name) for name in names) if type(_STORE) is dict else None
        self._seen: tuple[Any, ...] = ()
        """What they held when all of it was good: the same objects are good still."""
        self._first: Any = self._encoded[0] if self._encoded is not None and len(names) == 1 else None
        self._good: Any = self  # no value of a variable

    def missing(self) -> tuple[str, ...]:
        """Return those that hold no key."""
        if self._first is not None and _STORE.get(self._first) is self._good and os.environ is _ENVIRON:
            return ()  # most endpoints need one key, and ask for it in each call
        if self._encoded is None or os.environ is not _ENVIRON:
            return tuple(name for name in self.names if not holds_key(name))
        values = tuple(map(_STORE.get, self._encoded))
        if values == self._seen:
            return ()
        missing = tuple(name for name in self.names if not holds_key(name))
        if not missing:
            self._seen = values
            self._good = values[0] if values else self
        return missing
