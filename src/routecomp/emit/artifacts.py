"""A table in, the files of `generated/` out, as bytes: nothing is written here."""

from __future__ import annotations

from pkgutil import get_data

from routecomp.table.table import RoutingTable

ROUTING_TABLE = "routing_table.json"
FALLBACK = "fallback.json"
RESOLVER = "resolver.py"


def emit(table: RoutingTable) -> dict[str, bytes]:
    """Every artifact by its path within the output folder, sorted."""
    return {
        FALLBACK: table.fallback_data,
        RESOLVER: resolver(),
        ROUTING_TABLE: table.data,
    }


def resolver() -> bytes:
    """The runtime resolver, byte for byte: configuration lives in JSON only, never in code."""
    data = get_data("routecomp.runtime", "resolver.py")
    assert data is not None
    return data
