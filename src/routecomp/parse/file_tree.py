"""Hold the tree of a file, or parse the file again when somebody asks for a place in it.

The trees of a large project take most of its memory and much of its time, and a sound project needs hardly one of them
once its bodies are read.
"""

from __future__ import annotations

from routecomp.parse.document import Limits, Parsed, parse
from routecomp.parse.tree import Node


class FileTree:
    """One file: its bytes, and its tree while it is known.

    INVARIANT: only a file without errors and credentials is let go of, so that it parses to the same tree again.
    """

    __slots__ = ("_data", "_limits", "_parsed", "path")

    def __init__(self, path: str, data: bytes, limits: Limits, parsed: Parsed | None = None) -> None:
        self.path = path
        self._data = data
        self._limits = limits
        self._parsed = parsed

    @classmethod
    def of(cls, parsed: Parsed) -> FileTree:
        """Hold a file that was parsed, for good."""
        return cls(parsed.source.path, b"", Limits(), parsed)

    @property
    def parsed(self) -> Parsed:
        """The file as parsed."""
        if self._parsed is None:
            self._parsed = parse(self.path, self._data, self._limits)
        return self._parsed

    @property
    def root(self) -> Node:
        """The tree of a file that has one."""
        root = self.parsed.root
        assert root is not None
        return root

    def forget(self) -> None:
        """Let go of the tree."""
        self._parsed = None
