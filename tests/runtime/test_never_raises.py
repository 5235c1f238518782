"""`resolve` answers whatever it is given, and runs nothing that belongs to what it is given."""

from __future__ import annotations

import json
import os
import random
import threading
from decimal import Decimal, Inexact, getcontext, localcontext
from typing import Any

import pytest

from routecomp.runtime.resolver import ARGUMENTS, Decision, Router, resolve_line

from . import hostile
from .tables import ladder, router

LONG_RUN = pytest.mark.skipif(os.environ.get("ROUTECOMP_HARD") != "1", reason="a long run: make hard")
ROUTERS = {
    "table": router(),
    "rejecting": router({"defaults/unknown_tenant": "reject"}),
    "no preferences": router({"preferences": None}),
    "fallback file": ladder(),
    "nothing": Router.from_bytes(None, None),
}


def ask_all(asked: list[dict[str, Any]]) -> None:
    for one in asked:
        for served in ROUTERS.values():
            decision = served.resolve_request(one)
            assert type(decision) is Decision
            json.loads(decision.to_json())
    assert hostile.ran == []


def test_hostile_calls() -> None:
    """Any value in any argument is answered, as JSON too, and no method of a caller's class is run."""
    ask_all(hostile.calls(1, 2_000, ARGUMENTS))


def test_each_value_in_each_argument() -> None:
    """Each hostile value alone in each argument, and beside a good request."""
    asked = [{**base, key: value} for key in ARGUMENTS for value in hostile.values()
             for base in ({}, {"model": "auto"}, {"feature": "chat", "input_tokens": 5})]  # fmt: skip
    ask_all(asked)


@LONG_RUN
@pytest.mark.hard
def test_a_million_hostile_calls() -> None:
    """The same, 200,000 calls to each of five routers."""
    for seed in range(100):
        ask_all(hostile.calls(1000 + seed, 2_000, ARGUMENTS))


def test_what_the_caller_subclassed_counts_as_what_it_is() -> None:
    """A hostile str, float or list still counts by its value."""
    served = ROUTERS["table"]
    plain = served.resolve(model="auto", min_quality=0.88, capabilities=["vision"])
    assert plain.chain == ("opus",)
    text, number, names = (
        hostile.made_of(kind, value) for kind, value in ((str, "auto"), (float, 0.88), (list, ["vision"]))
    )
    assert served.resolve(model=text, min_quality=number, capabilities=names) == plain
    assert hostile.ran == []


def test_the_callers_decimal_context_changes_nothing() -> None:
    """Neither the precision nor the traps of the caller's context are felt."""
    served = ROUTERS["table"]
    asked: dict[str, Any] = {
        "model": "auto", "min_quality": Decimal("0.5500000001"), "input_tokens": Decimal("1e3"),
        "max_cost_usd": Decimal("0.00123456789012345678901234567890"),
    }  # fmt: skip
    plain = served.resolve(**asked)
    with localcontext() as context:
        context.prec = 1
        for trap in context.traps:
            context.traps[trap] = True
        assert served.resolve(**asked) == plain
        assert served.resolve(model="auto", min_quality=0.55000001, max_cost_usd=1e-9, input_tokens=1.0)  # type: ignore[arg-type]
        assert json.loads(resolve_line(served, b'{"model": "auto", "min_quality": 1e99999999999999999999}'))
    assert not getcontext().traps[Inexact]


def test_mutated_lines() -> None:
    """Lines with bytes changed, dropped and doubled get a decision each."""
    chance, served = random.Random(3), ROUTERS["table"]
    good = json.dumps({
        "model": "auto", "tenant": "berlin", "min_quality": 0.55, "latency_budget_ms": 900, "stack": "eu",
        "input_tokens": 1200, "max_output_tokens": 400, "max_cost_usd": 0.02, "capabilities": ["tools"],
        "unavailable": ["openai"], "unit": "ü", "preference": "quality",
    }).encode()  # fmt: skip
    for _ in range(3_000):
        line = bytearray(good)
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(line))
            line[at : at + chance.randrange(3)] = chance.choice(
                [b"", b'"', b"{", b"[", b"9" * 50, b"e9", b"\\ud800", bytes([chance.randrange(256)])]
            )
        body = json.loads(resolve_line(served, bytes(line)))
        assert list(body) == list(Decision._fields)


def test_many_threads_ask_at_once() -> None:
    """Decisions made in many threads at once are those made in one."""
    asked = [one for one in hostile.calls(5, 400, ARGUMENTS) if "preference" not in one]
    served = router()
    wanted = [ROUTERS["table"].resolve_request(one) for one in asked]
    wrong: list[object] = []

    def ask() -> None:
        for one, want in zip(asked, wanted, strict=True):
            if served.resolve_request(one) != want:
                wrong.append(one)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
