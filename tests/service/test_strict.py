"""`strict` raises exactly where `resolve` would ignore a value, or take it for another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from routecomp.runtime.resolver import ARGUMENTS
from routecomp.service.strict import MEANT, WrongArgument, resolve_strictly
from tests.runtime import hostile, tables

SERVED = tables.router()
BASE = {"feature": "chat", "input_tokens": 5}


def test_every_argument_has_its_words() -> None:
    assert (*MEANT,) == ARGUMENTS


@pytest.mark.parametrize("name", ARGUMENTS)
def test_it_raises_where_resolve_ignores(name: str) -> None:
    """For a value of every kind; no method of the value runs, and the value is not shown."""
    raised = 0
    for value in hostile.values():
        call: dict[str, Any] = {**BASE, name: value}
        ignored = f"ignored:{name}" in SERVED.resolve(**call).reasons
        words = said_of(call)
        if words is None:
            assert not ignored
        else:
            assert ignored or name in ("stream", "tools", "stack")
            assert words == f"`{name}` is of type {type(value).__name__}, and {MEANT[name]} is meant"
            raised += 1
    assert raised > 0
    assert hostile.ran == []


def said_of(call: dict[str, Any]) -> str | None:
    """Return the words with which a call is refused; None if it is decided as ever."""
    try:
        assert resolve_strictly(SERVED, **call) == SERVED.resolve(**call)
    except WrongArgument as wrong:
        return str(wrong)
    return None


GOOD: dict[str, Any] = {
    "feature": "chat", "model": None, "tenant": 404, "unit": "u", "request_id": -1, "preference": "balanced",
    "min_quality": Decimal("0.5"), "latency_budget_ms": 5000, "stack": "avoid-china", "input_tokens": 1000,
    "max_output_tokens": 10, "max_cost_usd": 1, "stream": False, "tools": True, "capabilities": {"vision": 1}.keys(),
    "unavailable": {"gpt"},
}  # fmt: skip


def test_what_is_meant_passes() -> None:
    assert GOOD.keys() == {*ARGUMENTS}
    assert resolve_strictly(SERVED, **GOOD) == SERVED.resolve(**GOOD)


def test_two_mistakes_are_told_at_once() -> None:
    with pytest.raises(WrongArgument, match=r"^`input_tokens` is of type str.*; `tools` is of type int"):
        resolve_strictly(SERVED, feature="chat", input_tokens="12", tools=1)
    with pytest.raises(WrongArgument, match="beside `input_tokens`"):
        resolve_strictly(SERVED, feature="chat", max_cost_usd=0.5)
    with pytest.raises(TypeError, match="unexpected"):
        resolve_strictly(SERVED, feature="chat", features="chat")
