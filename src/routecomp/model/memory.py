"""Remember what files without errors declare, by their content, and what was worked out at length.

INVARIANT: what is recalled is what reading the file again would give: a file is known by its path and the SHA-256 of
its bytes, and whoever keeps a memory keeps it for one compiler and one set of limits.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from routecomp.model.reader import Facts

Known = dict[str, tuple[bytes, bytes]]
"""The path of a file to the SHA-256 of its bytes and its facts, which are marshalled one by one."""


class Memory:
    """What files declared before (`known`), and what those of this run declare (`kept`)."""

    def __init__(
        self, known: Mapping[str, tuple[bytes, bytes]] | None = None, results: Mapping[bytes, bytes] | None = None
    ) -> None:
        self._known = known or {}
        self._results = results or {}
        self.kept: Known = {}
        self.results: dict[bytes, bytes] = {}
        self._is_new = False

    def recall(self, path: str, data: bytes) -> Facts | None:
        """Return what a file declares, None if it is not known by its bytes."""
        entry = self._known.get(path)
        if entry is None or entry[0] != sha256(data).digest():
            return None
        self.kept[path] = entry
        facts: Any = marshal.loads(entry[1])
        return list(facts)

    def keep(self, path: str, data: bytes, facts: Facts) -> None:
        """Remember what a file declares."""
        self.kept[path] = (sha256(data).digest(), marshal.dumps(facts))
        self._is_new = True

    def result(self, name: bytes, make: Callable[[], Any]) -> Any:
        """Return the plain value that `make` returns, or returned when it had this name.

        INVARIANT: the name stands for all that decides the value.
        """
        data = self._results.get(name)
        if data is None:
            data = marshal.dumps(make())
        self.results[name] = data
        return marshal.loads(data)

    @property
    def is_new(self) -> bool:
        """Whether this run declares anything else than is known."""
        return self._is_new or len(self.kept) != len(self._known)
