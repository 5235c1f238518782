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


def test_units_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Units of all tenants and experiments together are no more than the bound, and none of them is long."""
    monkeypatch.setattr(resolver, "_MAX_UNITS", 20)
    served = router()
    for number in range(300):
        for unit in (f"user-{number % 25}", f"user-{number}" * 20):
            for tenant in (None, "berlin", "nobody"):
                for model in ("preview/nimbus", "preview/done"):
                    call = {"model": model, "tenant": tenant, "unit": unit}
                    want = served._memory.decider.decide(resolver._Request.of(call))
                    assert served.resolve(**call) == want, call  # type: ignore[arg-type]
        kept = [unit for terms in served._memory.terms for units, *_ in terms.sticky.values() for unit in units]
        assert len(kept) <= 20
        assert all(len(unit) <= 64 for unit in kept)
