"""What is kept for speed is bounded: a store that is full is begun anew, and the answers stay as they were."""

from __future__ import annotations

from typing import Any

import pytest

from routecomp.runtime import resolver
from routecomp.runtime.resolver import Router

from .tables import TABLE, router

CALLS: list[dict[str, Any]] = [
    {name: value, "tenant": tenant, **hints}
    for tenant in (None, *TABLE["tenants"])
    for name, values in (("feature", ("chat", "secret")), ("model", ("auto", "europe", "gpt-logical", "frontier")))
    for value in values
    for hints in ({}, {"min_quality": 0.5}, {"input_tokens": 900, "stack": "us"}, {"unit": "u", "min_quality": 0.6})
]  # fmt: skip


def sizes(served: Router) -> dict[str, list[int]]:
    """How much each bound lets be kept, and how much is."""
    memory = served._memory
    assert memory.decider.views is not None
    views = memory.decider.views.views.values()
    plain = sum(len(terms.by_feature) + len(terms.by_model) for terms in memory.terms)
    return {
        "_MAX_PLAIN": [plain, len(memory.by_tenant)],
        "_MAX_HINTED": [len(memory.hinted), len(memory.patterns)],
        "_MAX_VIEWS": [len(views), len(memory.views)],
        "_MAX_NEAR": [sum(near is not None for view in views for near in view.near)],
    }


@pytest.mark.parametrize("most", [2, 3])
@pytest.mark.parametrize("store", ["_MAX_PLAIN", "_MAX_HINTED", "_MAX_VIEWS", "_MAX_NEAR"])
def test_a_full_store_is_begun_anew(monkeypatch: pytest.MonkeyPatch, store: str, most: int) -> None:
    """However little is kept, it is never more than that, and every call is answered as by a router that keeps all."""
    roomy = router()
    wanted = [roomy.resolve(**call) for call in CALLS]
    assert min(sizes(roomy)[store]) > 3
    monkeypatch.setattr(resolver, store, most)
    served = router()
    for call, want in zip(CALLS * 2, wanted * 2, strict=True):
        assert served.resolve(**call) == want
        assert max(sizes(served)[store]) <= most
