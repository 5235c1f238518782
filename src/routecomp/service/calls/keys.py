"""Ask whether variables of the environment are set, as cheaply as each try needs it."""

from __future__ import annotations

import os
from typing import Any, Final

_ENVIRON: Final = os.environ
_STORE: Final[Any] = getattr(os.environ, "_data", None)
"""Where `os.environ` keeps what it holds: asking itself takes ten times as long. Tests may put another in its place."""


class Variables:
    """The variables that one endpoint needs."""

    __slots__ = ("_encoded", "names")

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._encoded: Any = tuple(_ENVIRON.encodekey(name) for name in names) if type(_STORE) is dict else None

    def missing(self) -> tuple[str, ...]:
        """Return those that are not set, or empty."""
        if self._encoded is not None and os.environ is _ENVIRON:
            for encoded in self._encoded:
                if not _STORE.get(encoded):
                    break
            else:
                return ()
        return tuple(name for name in self.names if not os.environ.get(name))
