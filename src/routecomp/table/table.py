"""Hold a compiled routing table and its fallback file: as plain values, and as canonical bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from routecomp.model.figures import newest_format
from routecomp.table.codec import encode, ruleset_hash

FORMAT = newest_format()
"""The newest format of both files; a file says the oldest that has all of its keys (`model.figures.table_format`).

Readers refuse another major number, and ignore unknown keys of a newer minor number."""


@dataclass(frozen=True)
class RoutingTable:
    """The two compiled files (docs/table.md): `content` of routing_table.json, `fallback` of fallback.json."""

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
        """The SHA-256 (hex) by which decisions name this table."""
        return ruleset_hash(self.data)
