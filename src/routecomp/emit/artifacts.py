"""A table in, the files of `generated/` out, as bytes: nothing is written here."""

from __future__ import annotations

from importlib.resources import files

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
    return files("routecomp.runtime").joinpath("resolver.py").read_bytes()
