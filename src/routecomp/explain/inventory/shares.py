"""Describe how the load of a logical model is shared."""

from __future__ import annotations

from typing import Any

from routecomp.explain.values import place_of, share
from routecomp.model.project import Program
from routecomp.model.vocabulary import SLOTS
from routecomp.table.lower import share_slots

Json = dict[str, Any]


def shared_load(program: Program, logical: str | None) -> list[Json]:
    """Return each model that shares the load of a logical model, with its share and its slots, in their order."""
    hosts = () if logical is None else program.logical_models[logical]
    slots = share_slots((host.slug, host.body) for host in hosts).get(str(logical), [])
    ends = [*(first for first, _ in slots[1:]), SLOTS]
    return [
        {
            "model": slug,
            "share": share(end - first),
            "slots": [first, end - 1],
            "at": place_of(program.models[slug], "share"),
        }
        for (first, slug), end in zip(slots, ends, strict=False)
    ]
