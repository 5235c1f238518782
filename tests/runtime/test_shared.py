"""A decision is made once: the same call again is given the very same value, shared and immutable."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from routecomp.runtime.resolver import Router

from .tables import TABLE, encode, ladder, router

TENANTS: list[str | None] = [None, "berlin", "careful", "strict"]
HINTS: list[dict[str, Any]] = [
    {"min_quality": 0.7}, {"latency_budget_ms": 900}, {"stack": "eu"}, {"stack": "avoid-eu"},
    {"max_output_tokens": 500}, {"input_tokens": 100, "max_cost_usd": 0.01}, {"stream": True}, {"tools": True},
    {"stream": False}, {"stream": 1}, {"tools": False}, {"capabilities": ["vision"]}, {"capabilities": ("vision",)},
    {"capabilities": {"vision"}}, {"capabilities": []}, {"unavailable": ["openai"]}, {"unavailable": {"opus"}},
    {"capabilities": ["tools"], "unavailable": ["openai"]},
    {"min_quality": 0.5, "latency_budget_ms": 5000, "stack": "us", "input_tokens": 1, "max_output_tokens": 5000,
     "max_cost_usd": 9.5, "stream": True, "tools": True, "capabilities": ["streaming"], "unavailable": ["x"]},
]  # fmt: skip
NAMED: list[dict[str, Any]] = [
    {"feature": "chat"}, {"feature": "secret"}, {"feature": "batch"}, {"model": "auto"}, {"model": "router/auto"},
    {"model": "gpt-logical"}, {"model": "opus"}, {"model": "preview/done"}, {"model": "preview/paused"},
    {"model": "preview/control"}, {"model": "preview/nimbus"},
]  # fmt: skip


@pytest.mark.parametrize("tenant", TENANTS)
def test_a_call_without_hints_is_decided_once(tenant: str | None) -> None:
    """By feature or by model, with a tenant or without."""
    served = router()
    served.resolve(tenant=tenant)  # a tenant is known from its first call on
    for named in NAMED:
        first = served.resolve(tenant=tenant, **named)
        assert served.resolve(tenant=tenant, **named) is first, named


@pytest.mark.parametrize("hints", HINTS, ids=range(len(HINTS)))
def test_a_call_with_hints_is_decided_once(hints: dict[str, Any]) -> None:
    """Each hint by itself, and all of them."""
    served = router()
    for tenant in TENANTS:
        served.resolve(tenant=tenant)
        routes: list[dict[str, Any]] = [
            {"feature": "chat"}, {"model": "auto"}, {"feature": "batch"}, {"model": "preview/nimbus"}, {},
        ]  # fmt: skip
        for named in routes:
            first = served.resolve(tenant=tenant, **named, **hints)
            assert served.resolve(tenant=tenant, **named, **hints) is first, named


def test_what_differs_is_not_shared() -> None:
    """Another tenant, name or hint is another call, whatever was asked before."""
    served = router()
    calls: list[dict[str, Any]] = [
        {"tenant": tenant, **named, **hints} for tenant in TENANTS for named in NAMED for hints in ({}, *HINTS[::4])
    ]
    for call in calls:
        assert served.resolve(**call) == router().resolve(**call) == served.resolve(**call), call


def test_decisions_of_a_unit_are_shared_by_slot() -> None:
    """Who is in one slot of an experiment is given one decision; a slot is not confused with another."""
    served = router()
    for tenant in TENANTS:
        served.resolve(tenant=tenant)
        served.resolve(model="preview/nimbus", tenant=tenant, unit="the first")  # prepares the experiment
        for number in range(50):
            unit = f"user-{number}"
            first = served.resolve(model="preview/nimbus", tenant=tenant, unit=unit)
            assert served.resolve(model="preview/nimbus", tenant=tenant, unit=unit) is first
            assert first == router().resolve(model="preview/nimbus", tenant=tenant, unit=unit)


def test_units_and_hints_together() -> None:
    """A unit that is no text is said to be ignored, and a request_id does not stand for a unit."""
    served = router()
    for _ in range(3):
        served.resolve(model="preview/nimbus", unit="user-1")
        for call in (
            {"unit": 7},
            {"unit": "\ud800"},
            {"unit": "user-1", "request_id": "r"},
            {"request_id": "r"},
            {"unit": "user-1", "feature": "chat"},
            {"unit": "user-1", "temperature": 1},
            {"unit": "user-1", "min_quality": 0.5},
            {"unit": ""},
            {"preference": "quality"},
            {"unit": "user-1", "preference": "quality"},
            {"preference": None, "unit": "user-1"},
            {"request_id": None},
            {"request_id": 5},
            {"request_id": "\ud800", "unit": "x"},
        ):
            asked: dict[str, Any] = {"model": "preview/nimbus", **call}
            assert served.resolve_request(asked) == router().resolve_request(asked), asked


def test_a_call_that_is_decided_anew_is_decided_alike() -> None:
    """Decimals, subclasses and numbers of another kind are not remembered, and mean what they mean."""

    class Text(str):
        pass

    served = router()
    for call in (
        {"min_quality": Decimal("0.7")},
        {"min_quality": 1},
        {"latency_budget_ms": 900.0},
        {"stack": Text("eu")},
        {"input_tokens": Decimal(5)},
        {"max_output_tokens": 5.0},
        {"max_cost_usd": 1, "input_tokens": 5},
        {"capabilities": frozenset({"vision"})},
        {"capabilities": [Text("vision")]},
        {"unavailable": [7]},
        {"tenant": Text("strict")},
        {"tenant": 7},
        {"feature": Text("chat")},
    ):
        for named in ({"model": "auto"}, {"model": Text("auto")}):
            for _ in range(2):
                assert served.resolve(**named, **call) == router().resolve(**named, **call), call


def test_an_undeclared_tenant_is_told_so_every_time() -> None:
    """What is decided for a tenant that nobody declared is told from what is for others, with a table or without."""
    for served in (router(), ladder()):
        for _ in range(3):
            decision = served.resolve(feature="batch", tenant="nobody")
            assert "tenant_unknown" in decision.reasons


def test_another_table_forgets_all(tmp_path: Any) -> None:
    """After a reload nothing of the old table is answered any more."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(encode(TABLE))
    served = Router(str(path))
    calls: list[dict[str, Any]] = [{**named, **hints} for named in NAMED for hints in ({}, *HINTS, {"unit": "u"})]
    before = [served.resolve(**call) for call in calls]
    path.write_bytes(encode(TABLE) + b"\n")  # the same table by another hash
    assert served.reload()
    after = [served.resolve(**call) for call in calls]
    assert [one._replace(ruleset_hash=None) for one in after] == [one._replace(ruleset_hash=None) for one in before]
    assert {one.ruleset_hash for one in after}.isdisjoint({one.ruleset_hash for one in before})
