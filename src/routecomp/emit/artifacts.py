"""Make the files of `generated/` as bytes; nothing is written to disk here."""

from __future__ import annotations

from pkgutil import get_data

from routecomp.table.table import RoutingTable

ROUTING_TABLE = "routing_table.json"
FALLBACK = "fallback.json"
RESOLVER = "resolver.py"


def emit(table: RoutingTable) -> dict[str, bytes]:
    """Return the bytes of every file by its path within the output folder, sorted."""
    return {
        FALLBACK: table.fallback_data,
        RESOLVER: resolver(),
        ROUTING_TABLE: table.data,
    }


def resolver() -> bytes:
    """Return the runtime resolver, byte for byte: configuration stands in JSON only, never in code."""
    data = get_data("routecomp.runtime", "resolver.py")
    assert data is not None
    return data
