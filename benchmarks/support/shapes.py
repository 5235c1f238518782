"""List the kinds of calls that are measured: those that shine, and those that people make."""

from __future__ import annotations

import random
import timeit
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from statistics import median
from time import perf_counter, thread_time
from typing import Any

SIX = (
    'model="auto", tenant="tenant-000007", min_quality=0.5, latency_budget_ms=3000, stack="avoid-china", '
    "input_tokens=1200, max_output_tokens=1500, max_cost_usd=0.05"
)
PLAIN = 'feature="feature-007", tenant="tenant-000007"'
GROWTH = ((10, 10), (10_000, 10), (10, 100_000))  # models and tenants
REPEATED = 10_000  # calls of a statement that are timed at once
PARTS = 9  # of the calls of a shape that are each made once


@dataclass(frozen=True)
class Shape:
    """A kind of call: one call that is repeated, or many calls that are each made once."""

    name: str
    size: tuple[int, int, int]  # models, tenants and policies of the table
    target: float  # microseconds to reach; for a call that people make, times the plain call
    statement: str = ""  # the repeated call, `r` being the router
    calls: Sequence[dict[str, Any]] = ()
    warm: Sequence[dict[str, Any]] = ()  # calls that are made before the others, unmeasured
    base: str = ""  # the shape that a call that people make is compared with

    def measure(self, served: Any) -> float:
        """Return the time of a call in microseconds."""
        if self.statement:
            return repeated(self.statement, {"r": served})
        return varied(served, [*self.calls], [*self.warm])

    def timer(self, served: Any) -> Callable[[int], float]:
        """Return a function that makes calls and returns the seconds of one; its argument counts its turns."""
        if self.statement:
            timer = timeit.Timer(self.statement, globals={"r": served}, timer=thread_time)
            return lambda turn: timer.timeit(REPEATED) / REPEATED
        for call in self.warm:
            served.resolve(**call)
        length = len(self.calls) // PARTS

        def timed(turn: int) -> float:
            part = self.calls[turn % PARTS * length :][:length]
            resolve = served.resolve
            start = thread_time()
            for call in part:
                resolve(**call)
            return (thread_time() - start) / length

        return timed


@cache
def shapes() -> dict[str, Shape]:
    """Return every shape by a short name, without the hot sets."""
    return {**_usual_shapes(), **hint_shapes(), **real_shapes()}


def _usual_shapes() -> dict[str, Shape]:
    thousand = (1_000, 1_000, 50)
    units = [{"model": "preview/nimbus", "unit": f"user-{n}"} for n in range(20_000)]
    return {
        "plain": Shape("feature and tenant, no hints", thousand, 0.25, statement=f"r.resolve({PLAIN})"),
        "hinted": Shape(
            "target and six hints, the same again, 1,000 models", thousand, 0.6, statement=f"r.resolve({SIX})"
        ),
        "units": Shape("experiment with a sticky unit, 20,000 units", thousand, 1.1, calls=units, warm=units),
        "same unit": Shape(
            "the same unit again", thousand, 1.1, statement='r.resolve(model="preview/nimbus", unit="user-123")'
        ),
    }


def hint_shapes() -> dict[str, Shape]:
    """Return the calls with six hints that are different on every call."""
    made = {}
    for models, factor in ((1_000, 1), (10_000, 2)):
        for what, low, target in (("many", 0.40, 5.0), ("few", 0.95, 8.0)):
            for kind in (float, Decimal):
                warm, *calls = hints(30_000, low, kind)
                name = f"{what} survive, {kind.__name__}s, {models:,} models"
                made[name] = Shape(name, (models, 1_000, 20), target * factor, calls=calls, warm=[warm])
    return made


def real_shapes() -> dict[str, Shape]:
    """Return the calls that people make, each with the shape that its time is a multiple of.

    The gate of the preferences must be open. Feature 7 has no shadow, feature 8 mirrors one call in twenty.
    """
    thousand = (1_000, 1_000, 50)
    made = {
        f"preference {word}": Shape(
            f'the plain call with preference="{word}"',
            thousand,
            1.3,
            statement=f'r.resolve({PLAIN}, preference="{word}")',
            base="plain",
        )
        for word in ("quality", "balanced", "cost")
    }
    made["target"] = Shape(
        "target and tenant, no hints", thousand, 1.0, statement='r.resolve(model="auto", tenant="tenant-000007")'
    )
    made["undeclared"] = Shape(
        "target and a tenant that is not declared",
        thousand,
        1.5,
        statement='r.resolve(model="auto", tenant="nobody-000007")',
        base="target",
    )
    ids = [f"request-{n:06d}" for n in range(20_000)]
    tokens = [(100 + n * 37 % 9000, 500 + n * 13 % 900) for n in range(20_000)]
    feature, mirrored = {"feature": "feature-007"}, {"feature": "feature-008"}
    tenant: dict[str, Any] = {"tenant": "tenant-000007"}
    full = [
        {
            **tenant,
            "preference": "quality",
            "request_id": one,
            "input_tokens": n,
            "max_output_tokens": m,
            "stream": True,
        }
        for one, (n, m) in zip(ids, tokens, strict=True)
    ]
    users = [
        {"model": "preview/nimbus", **tenant, "unit": one, "input_tokens": n}
        for one, (n, _) in zip(ids, tokens, strict=True)
    ]
    for name, text, calls in (
        ("ids", "another request_id on every call", [{**feature, **tenant, "request_id": one} for one in ids]),
        ("real", "the real call: dial, ids and tokens differ", [{**feature, **call} for call in full]),
        ("real mirrored", "the real call, one in twenty mirrored", [{**mirrored, **call} for call in full]),
        ("real target", "the real call, to a target", [{"model": "auto", **call} for call in full]),
        ("real unit", "experiment with another unit and tokens on every call", users),
    ):
        made[name] = Shape(text, thousand, 12.0, calls=calls, warm=calls[:100], base="plain")
    return made


def hot_calls(tenants: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the calls of a hot set of 1,000 tenants: without hints, and with six."""
    chance = random.Random(2)
    hot = [f"tenant-{chance.randrange(tenants):06d}" for _ in range(1_000)]
    plain = [{"feature": "feature-007", "tenant": tenant} for tenant in hot]
    six = [
        {
            "model": "auto",
            "tenant": tenant,
            "min_quality": 0.5,
            "latency_budget_ms": 3000,
            "stack": "eu",
            "input_tokens": 1200,
            "max_output_tokens": 1500,
            "max_cost_usd": 0.05,
        }
        for tenant in hot
    ]
    return plain, six


def hot_shapes() -> list[Shape]:
    """Return the calls of the hot sets as shapes."""
    made = []
    for models, tenants in GROWTH:
        for what, calls in zip(("no hints", "six hints"), hot_calls(tenants), strict=True):
            name = f"hot set, {models:,} models, {tenants:,} tenants, {what}"
            made.append(Shape(name, (models, tenants, 10), 0.0, calls=calls * 90, warm=calls))
    return made


def hints(count: int, low: float, kind: Callable[[str], Any]) -> Iterator[dict[str, Any]]:
    """Yield calls of which each hint is another: floors from `low` on, kinds of numbers as given."""
    chance = random.Random(4)
    for _ in range(count):
        yield {
            "model": "auto",
            "tenant": f"tenant-{chance.randrange(20):06d}",
            "min_quality": kind(repr(low + chance.random() * 0.02)),
            "latency_budget_ms": chance.randrange(1500, 6000),
            "stack": chance.choice(["eu", "us", "avoid-china"]),
            "input_tokens": chance.randrange(100, 9000),
            "max_output_tokens": chance.randrange(1100, 3000),
            "max_cost_usd": kind(repr(0.02 + chance.random())),
        }


def repeated(statement: str, names: dict[str, Any]) -> float:
    """Time of a statement in microseconds: a median of 100, the best of 9 (a shared machine changes its pace)."""
    timer = timeit.Timer(statement, globals=names)
    return min(median(timer.timeit(500) for _ in range(100)) for _ in range(9)) * 2000


def varied(served: Any, calls: list[dict[str, Any]], warm: list[dict[str, Any]]) -> float:
    """Time of one of many calls in microseconds, less an empty call's with the same arguments: medians as above."""
    for call in warm:
        served.resolve(**call)
    ninth = len(calls) // 9
    parts = [calls[at : at + ninth] for at in range(0, 9 * ninth, ninth)]
    return (
        min(median(batches(served.resolve, part)) for part in parts)
        - min(median(batches(nothing, part)) for part in parts)
    ) * 1e6


def batches(function: Callable[..., object], calls: list[dict[str, Any]]) -> Iterator[float]:
    """Yield the seconds of a call for each batch of 50 calls."""
    for at in range(0, len(calls), 50):
        batch = calls[at : at + 50]
        start = perf_counter()
        for call in batch:
            function(**call)
        yield (perf_counter() - start) / len(batch)


def nothing(**_: object) -> None:
    """Take the arguments of a call, and do nothing."""
