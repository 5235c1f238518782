"""`RoutingTable`: the compiled table and the fallback file as plain values, and their canonical bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from routecomp.table.codec import encode, ruleset_hash

FORMAT = "1.0"
"""Format of both files: readers refuse another major, and ignore unknown keys of a newer minor."""


@dataclass(frozen=True)
class RoutingTable:
    """What `docs/table.md` describes: `content` is routing_table.json, `fallback` is fallback.json."""

    content: Mapping[str, object]
    fallback: Mapping[str, object]

    @cached_property
    def data(self) -> bytes:
        """The bytes of routing_table.json."""
        return encode(self.content)

    @cached_property
    def fallback_data(self) -> bytes:
        """The bytes of fallback.json."""
        return encode(self.fallback)

    @cached_property
    def ruleset_hash(self) -> str:
        """The SHA-256 by which decisions name this table."""
        return ruleset_hash(self.data)
