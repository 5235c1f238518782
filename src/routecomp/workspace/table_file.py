"""Read a compiled table that a project is compared with."""

from __future__ import annotations

import os

from routecomp.runtime.resolver import MAX_BYTES, Router
from routecomp.workspace.files import NotReadableError, read_regular
from routecomp.workspace.problem import Problem, visible


def read_sound_table(path: str) -> bytes:
    """Return the bytes of a routing_table.json; raise a `Problem` for one that a service would not load."""
    if not os.path.lexists(path):
        raise Problem(f"there is no file {visible(path)}", "give a routing_table.json, a commit or a folder")
    try:
        data = read_regular(path, MAX_BYTES)
    except NotReadableError as failure:
        raise Problem(f"{visible(path)} {failure.reason}", failure.remedy) from None
    rejection = Router.from_bytes(data, None).status()["last_rejection"]
    if rejection is not None:
        raise Problem(
            f"{visible(path)} is no routing table that can be read: {visible(str(rejection))}",
            "give a routing_table.json that `routecomp compile` wrote, or a commit or a folder",
        )
    return data
