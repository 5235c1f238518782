"""A table that was replaced leaves the memory at once: nothing that a router makes of it is in a circle."""

from __future__ import annotations

import gc
import weakref
from typing import Any

from routecomp.runtime.resolver import Router

from .tables import TABLE, changed, encode, router

CALLS: list[dict[str, Any]] = [
    {"feature": "chat"},
    {"model": "auto", "tenant": "berlin"},
    {"feature": "chat", "input_tokens": 5, "max_output_tokens": 5, "max_cost_usd": 1.0, "min_quality": 0.5},
    {"feature": "chat", "unavailable": ["gpt"], "capabilities": {"tools"}, "stack": "avoid-china", "stream": True},
    {"model": "preview/nimbus", "unit": "user-1"},
    {"model": "gpt-logical", "request_id": "a"},
    {"feature": "chat", "preference": "quality", "latency_budget_ms": 900},
    {"feature": "nobody", "tenant": 404},
]


def ghost_of(served: Router) -> weakref.ref[object]:
    """Use a router in every way, and return a reference to its table that does not hold it."""
    for call in CALLS:
        decision = served.resolve(**call)
        served.explain(**call)
        served.endpoint(decision, decision.model)
        served.shadow(decision, "mini")
    assert served.facts.model("gpt") is not None
    return weakref.ref(served._memory.decider.table)


def test_a_router_that_is_dropped_takes_its_table_along() -> None:
    """Without the garbage collector, which would hold up every thread while it looks for circles."""
    gc.collect()
    gc.disable()
    try:
        ghost = ghost_of(router())
        assert ghost() is None
        served = Router.from_bytes(encode(TABLE))
        ghost = ghost_of(served)
        served._table = encode(changed(TABLE, {"defaults/model": "opus"}))
        assert ghost() is not None
        assert served.reload()
        assert ghost() is None
    finally:
        gc.enable()
