"""Say what every declared body has: its description, its owner, what it was called and its place."""

from __future__ import annotations

from typing import Any

from routecomp.explain.values import place_of
from routecomp.model.project import Entry

Json = dict[str, Any]


def about(entry: Entry[Any] | None) -> Json:
    """Return the description, the owner, the name before and the place of a body, each None where there is none."""
    if entry is None:
        return {"description": None, "owner": None, "was": None, "at": None}
    return {
        "description": entry.body.description,
        "owner": entry.body.owner,
        "was": getattr(entry.body, "was", None),
        "at": place_of(entry),
    }
