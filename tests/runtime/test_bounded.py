"""What is kept for speed is bounded: a store that is full is begun anew, and the answers stay as they were."""

from __future__ import annotations

from typing import Any

import pytest

from routecomp.runtime import resolver

from .tables import TABLE, router

CALLS: list[dict[str, Any]] = [
    {name: value, "tenant": tenant, **hints}
    for tenant in (None, *TABLE["tenants"])
    for name, values in (("feature", ("chat", "secret")), ("model", ("auto", "europe", "gpt-logical", "frontier")))
    for value in values
    for hints in ({}, {"min_quality": 0.5}, {"input_tokens": 900, "stack": "us"}, {"unit": "u", "min_quality": 0.6})
]  # fmt: skip


@pytest.mark.parametrize("most", [1, 3])
@pytest.mark.parametrize("store", ["_MOST_PLAIN", "_MOST_HINTED", "_MOST_VIEWS", "_MOST_NEAR"])
def test_a_full_store_is_begun_anew(monkeypatch: pytest.MonkeyPatch, store: str, most: int) -> None:
    """However little is kept, every call is answered as by a router that keeps all, once and again."""
    roomy = router()
    wanted = [roomy.resolve(**call) for call in CALLS]
    monkeypatch.setattr(resolver, store, most)
    served = router()
    for _ in range(2):
        assert [served.resolve(**call) for call in CALLS] == wanted
