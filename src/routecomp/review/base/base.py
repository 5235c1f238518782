"""Hold the other side of a change as bytes. This file imports nothing of routecomp: finding a base must start fast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def _never(path: str, data: bytes) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Base:
    """The files that a project is compared with.

    `where` says in a message where they stand (`on main`). `prefix` (`main:`) is written before their paths in a
    report, so that nobody takes a file of the base for one of the project. `files` maps paths to bytes; paths are
    relative to the project's root, with forward slashes. `table` are the bytes of a valid routing_table.json where
    the base is nothing but a table; there are no files then. `max_bytes` bounds each file, and `released` are the
    fingerprints of texts that look like credentials and are none: what the base's own settings say, where it has any.
    `had` tells whether an earlier commit of the base held a file with some content at some path: who writes that again
    reverts what came between.
    """

    where: str
    prefix: str
    files: Mapping[str, bytes]
    table: bytes | None = None
    max_bytes: int = 0
    released: frozenset[str] = frozenset()
    had: Callable[[str, bytes], bool] = field(default=_never, compare=False)


@dataclass(frozen=True, slots=True)
class BaseTable:
    """A compiled table that a project is compared with: `data` are the bytes of a routing_table.json."""

    where: str
    data: bytes
