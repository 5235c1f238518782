"""Make the files of `generated/` as bytes; nothing is written to disk here."""

from __future__ import annotations

from pkgutil import get_data

from routecomp.emit.file_names import FALLBACK, RESOLVER, ROUTING_TABLE
from routecomp.table.table import RoutingTable


def emit(table: RoutingTable) -> dict[str, bytes]:
    """Return the bytes of table, fallback file and resolver by path within the output folder, sorted.

    Migrations are not among them: `compile` adds those.
    """
    return {
        FALLBACK: table.fallback_data,
        RESOLVER: resolver(),
        ROUTING_TABLE: table.data,
    }


def resolver() -> bytes:
    """Return the bytes of the runtime resolver, the same for every project: configuration stands in JSON alone."""
    data = get_data("routecomp.runtime", "resolver.py")
    assert data is not None
    return data
