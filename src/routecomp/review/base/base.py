"""The other side of a change, as bytes. It imports nothing, so that finding a base costs no start-up time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Base:
    """The files a project is compared with.

    `where` says in a message where they stand (`on main`); `shown` is what a report writes before their paths
    (`main:`), so that nobody takes a place in the base for one in the project. `files` is path to bytes, the
    paths as in the project: relative to its root, with forward slashes. `table` are the bytes of a sound
    routing_table.json where that is all there is of the base; there are no files then.
    """

    where: str
    shown: str
    files: Mapping[str, bytes]
    table: bytes | None = None


@dataclass(frozen=True, slots=True)
class BaseTable:
    """A compiled table a project is compared with: `data` are the bytes of a routing_table.json."""

    where: str
    data: bytes
