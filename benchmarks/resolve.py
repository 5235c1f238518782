"""Measure how long a decision takes, by shape of the call and size of the table, beside its floor and its peers.

python benchmarks/resolve.py            figures and floors
python benchmarks/resolve.py --peers    and four libraries for a part of the same task, each installed from the
                                        registry into an environment of its own (.venv-peers, made once)
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import timeit
import tomllib
import tracemalloc
import venv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from support.measure import machine
from support.tables import table

from routecomp.runtime.resolver import Router

HERE = Path(__file__).parent
SIX = (
    'model="auto", tenant="tenant-000007", min_quality=0.5, latency_budget_ms=3000, stack="avoid-china", '
    "input_tokens=1200, max_output_tokens=1500, max_cost_usd=0.05"
)


@dataclass(frozen=True)
class Shape:
    """A kind of call: one call that is repeated, or many calls that are each made once."""

    name: str
    size: tuple[int, int, int]  # models, tenants and policies of the table
    target: float  # microseconds to reach
    statement: str = ""  # the repeated call, `r` being the router
    calls: Sequence[dict[str, Any]] = ()
    warm: Sequence[dict[str, Any]] = ()  # calls that are made before the others, unmeasured

    def measure(self, served: Router) -> float:
        """Return the time of a call in microseconds."""
        if self.statement:
            return repeated(self.statement, {"r": served})
        return varied(served, [*self.calls], [*self.warm])


@cache
def shapes() -> dict[str, Shape]:
    """Return every shape by a short name."""
    thousand = (1_000, 1_000, 50)
    units = [{"model": "preview/nimbus", "unit": f"user-{n}"} for n in range(20_000)]
    made = {
        "plain": Shape(
            "feature and tenant, no hints",
            thousand,
            0.25,
            statement='r.resolve(feature="feature-007", tenant="tenant-000007")',
        ),
        "hinted": Shape(
            "target and six hints, the same again, 1,000 models", thousand, 0.6, statement=f"r.resolve({SIX})"
        ),
        "units": Shape("experiment with a sticky unit, 20,000 units", thousand, 1.1, calls=units, warm=units),
        "same unit": Shape(
            "the same unit again", thousand, 1.1, statement='r.resolve(model="preview/nimbus", unit="user-123")'
        ),
    }
    for models, factor in ((1_000, 1), (10_000, 2)):
        for what, low, target in (("many", 0.40, 5.0), ("few", 0.95, 8.0)):
            for kind in (float, Decimal):
                warm, *calls = hints(30_000, low, kind)
                name = f"{what} survive, {kind.__name__}s, {models:,} models"
                made[name] = Shape(name, (models, 1_000, 20), target * factor, calls=calls, warm=[warm])
    return made


def main() -> None:
    """Print every figure."""
    print(f"one process, microseconds a call; on {machine()}")
    peers = measured_peers() if "--peers" in sys.argv[1:] else {}
    table_of = cache(router)

    def measured(name: str) -> float:
        shape = shapes()[name]
        time = shape.measure(table_of(*shape.size))
        show(shape.name, time, shape.target)
        return time

    show("floor: one dict lookup", repeated("d['tenant-000007']", {"d": {"tenant-000007": 1}}))
    plain = measured("plain")
    peer("OpenFeature, in-memory provider", peers.get("openfeature"), plain)
    hinted = measured("hinted")
    peer("LiteLLM Router, 1,000 deployments, no policy at all", peers.get("litellm"), hinted)
    show("floor: SHA-256 of a short text", repeated("h(b'opus-vs-gpt:user-123').digest()", {"h": sha256}))
    sticky = measured("units")
    peer("GrowthBook, an instance for each user", peers.get("growthbook_anew"), sticky)
    same = measured("same unit")
    peer("GrowthBook, one instance", peers.get("growthbook"), same)
    peer("Unleash", peers.get("unleash"), same)
    print("\nall six hints different on every call")
    for name in list(shapes())[4:]:
        measured(name)
    growth()
    loading()
    print("\nresident memory of a process, 10,000 models, 500 policies, restrictive hints for each", flush=True)
    subprocess.run([sys.executable, __file__, "--memory"], check=True)


def memory() -> None:
    """500 policies over 10,000 models, each asked with hints that few models survive; what the process then holds."""
    served = router(10_000, 500, 500)
    before = resident()
    for number, call in enumerate(hints(20_000, 0.95, float)):
        served.resolve(**{**call, "tenant": f"tenant-{number % 500:06d}"})
    print(f"after loading {before:.0f} MB, after 20,000 calls {resident():.0f} MB   to reach: 300 MB")


def resident() -> float:
    """Megabytes of this process that are in memory now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


GROWTH = ((10, 10), (10_000, 10), (10, 100_000))  # models and tenants


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


def growth() -> None:
    """Show the repeated calls on small and large tables, beside the growth of a bare dict."""
    print("\ngrowth of the repeated calls, a hot set of 1,000 tenants (10 models and 10 tenants, then …)")
    asked = []  # all calls before the first table: what lies beside it in memory is no part of a decision's time
    for _, tenants in GROWTH:
        plain, six = hot_calls(tenants)
        lookup = dict.fromkeys((f"tenant-{n:06d}" for n in range(tenants)), 1)
        keys = [call["tenant"] for call in plain]
        asked.append((plain, six, lookup, [key[:3] + key[3:] for key in keys]))  # keys as callers have them: equal
    routers = [router(models, tenants, 10) for models, tenants in GROWTH]
    times: dict[tuple[int, str], list[float]] = {}
    for _ in range(30):  # in turns: a shared machine changes its pace
        for at, (served, (plain, six, _, _)) in enumerate(zip(routers, asked, strict=True)):
            for what, calls in (("no hints", plain), ("six hints", six)):
                found = median(_batches(served.resolve, calls)) - median(_batches(_nothing, calls))
                times.setdefault((at, what), []).append(found * 1e6)
    for at, (_, _, lookup, keys) in enumerate(asked):
        times[at, "a bare dict"] = [looked_up(lookup, keys)]
    for at, (models, tenants) in enumerate(GROWTH):
        for what in ("no hints", "six hints", "a bare dict"):
            time = median(times[at, what])
            ratio = time / median(times[0, what])
            show(f"{models:,} models, {tenants:,} tenants, {what}", time, note=f"{ratio:.2f} x")


def loading() -> None:
    """Show how long loading, checking and activating a table takes, beside json.loads of the same bytes."""
    print("\nload, check and activate; milliseconds")
    for models, tenants, policies, target in ((1_000, 100_000, 500, "1.8 x, 60 MB"), (20, 1_000, 10, "3 ms")):
        raw = table(models, tenants, policies, 10)
        parse, activate = partial(json.loads, raw), partial(Router.from_bytes, raw)
        times = [(milliseconds(parse), milliseconds(activate)) for _ in range(9)]  # in turns: a shared machine
        floor, load, ratio = (median(column) for column in zip(*[(a, b, b / a) for a, b in times], strict=True))
        tracemalloc.start()
        kept = Router.from_bytes(raw)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        assert kept.status()["last_rejection"] is None
        print(
            f"{models:,} models, {tenants:,} tenants, {policies} policies: {load:.1f}, json.loads {floor:.1f} "
            f"({ratio:.2f} x), peak {peak:.0f} MB   to reach: {target}"
        )


# - measuring -


def router(models: int, tenants: int, policies: int) -> Router:
    made = Router.from_bytes(table(models, tenants, policies, min(policies, 10)))
    assert made.status()["last_rejection"] is None, made.status()
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


def varied(served: Router, calls: list[dict[str, Any]], warm: list[dict[str, Any]]) -> float:
    """Time of one of many calls in microseconds, less an empty call's with the same arguments: medians as above."""
    for call in warm:
        served.resolve(**call)
    ninth = len(calls) // 9
    parts = [calls[at : at + ninth] for at in range(0, 9 * ninth, ninth)]
    return (
        min(median(_batches(served.resolve, part)) for part in parts)
        - min(median(_batches(_nothing, part)) for part in parts)
    ) * 1e6


def _batches(function: Callable[..., object], calls: list[dict[str, Any]]) -> Iterator[float]:
    for at in range(0, len(calls), 50):
        batch = calls[at : at + 50]
        start = perf_counter()
        for call in batch:
            function(**call)
        yield (perf_counter() - start) / len(batch)


def _nothing(**_: object) -> None:
    pass


def looked_up(lookup: dict[str, int], keys: list[str]) -> float:
    return (
        median(timeit.repeat("for key in keys: d[key]", globals={"keys": keys, "d": lookup}, number=1, repeat=200))
        / len(keys)
        * 1e6
    )


def milliseconds(function: Callable[[], object]) -> float:
    return timeit.timeit(function, number=1) * 1000


def show(what: str, time: float, target: float | None = None, note: str = "") -> None:
    reach = "" if target is None else f"   to reach: {target:g}"
    print(f"{what:<58}{time:8.2f}   {note}{reach}".rstrip(), flush=True)


def peer(what: str, time: float | None, ours: float) -> None:
    if time is not None:
        show(f"  peer: {what}", time, note=f"{time / ours:.0f} x ours")


def measured_peers() -> dict[str, float]:
    """Return the peers' figures, measured by resolve_peers.py in an environment of their own."""
    home = HERE.parent / ".venv-peers"
    python = str(home / "bin" / "python")
    if not home.exists():
        venv.create(home, with_pip=True)
        quietly = ("--quiet", "--quiet", "--disable-pip-version-check")
        project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        peers = project["optional-dependencies"]["dev-peers"]
        subprocess.run([python, "-m", "pip", "install", *quietly, *peers], check=True)
    script = HERE / "support" / "peers.py"
    found = subprocess.run([python, str(script)], check=True, capture_output=True, text=True)
    print(found.stderr, end="", file=sys.stderr)
    figures: dict[str, float] = json.loads(found.stdout)
    return figures


if __name__ == "__main__":
    memory() if "--memory" in sys.argv[1:] else main()
