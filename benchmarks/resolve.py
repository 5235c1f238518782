"""Measure how long a decision takes, by shape of the call and size of the table, beside its floor and its peers.

python benchmarks/resolve.py            figures and floors
python benchmarks/resolve.py --peers    and other libraries for a part of the same task, installed from the registry
                                        into an environment of their own (.venv-peers, made once)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import timeit
import tomllib
import tracemalloc
import venv
from collections.abc import Callable
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from support.measure import machine
from support.shapes import GROWTH, batches, hint_shapes, hints, hot_calls, nothing, real_shapes, repeated, shapes
from support.tables import GATE, table

from routecomp.runtime import resolver
from routecomp.runtime.resolver import Router

HERE = Path(__file__).parent


def main() -> None:
    """Print every figure."""
    print(f"one process, microseconds a call; on {machine()}")
    os.environ[GATE] = "1"
    table_of = cache(router)

    def measured(name: str) -> float:
        shape = shapes()[name]
        time = shape.measure(table_of(*shape.size))
        show(shape.name, time, shape.target)
        return time

    show("floor: one dict lookup", repeated("d['tenant-000007']", {"d": {"tenant-000007": 1}}))
    measured("plain")
    measured("hinted")
    show("floor: SHA-256 of a short text", repeated("h(b'opus-vs-gpt:user-123').digest()", {"h": sha256}))
    measured("units")
    measured("same unit")
    real_calls()
    if "--peers" in sys.argv[1:]:
        peers()
    print("\nall six hints different on every call")
    for name in hint_shapes():
        measured(name)
    growth()
    loading()
    print("\nresident memory of a process, 10,000 models, 500 policies, restrictive hints for each", flush=True)
    subprocess.run([sys.executable, __file__, "--memory"], check=True)


def real_calls() -> None:
    """Show the calls that people make as multiples of simpler ones, which are made in turns with them."""
    print("\nthe calls people make, beside a simpler one in turns; the gate of the preferences is open")
    plain = shapes()["plain"]
    made = {"plain": plain, **real_shapes()}
    served = router(*plain.size)
    timers = {name: shape.timer(served) for name, shape in made.items()}
    times: dict[str, list[float]] = {name: [] for name in made}
    for turn in range(40):
        for name, timer in timers.items():
            times[name].append(timer(turn) * 1e6)
    for name, shape in made.items():
        time, note = median(times[name]), ""
        if shape.base:
            note = f"{time / median(times[shape.base]):.2f} x {made[shape.base].name}   to reach: {shape.target:g} x"
        show(shape.name, time, note=note)


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
                found = median(batches(served.resolve, calls)) - median(batches(nothing, calls))
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


def peers() -> None:
    """Show what other libraries take, measured by support/peers.py in an environment of their own."""
    print("\nother libraries, each asked for a part of the same task, in turns with our call in the same process")
    home = HERE.parent / ".venv-peers"
    python, installed = str(home / "bin" / "python"), home / "installed.txt"
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["optional-dependencies"]["dev-peers"]
    if not installed.exists() or installed.read_text().split("\n") != wanted:
        venv.create(home, with_pip=True)
        for name in wanted:
            quietly = ("--quiet", "--quiet", "--disable-pip-version-check")
            if subprocess.run([python, "-m", "pip", "install", *quietly, name]).returncode:
                print(f"NOT INSTALLED: {name} (a later run does not try again; delete {home} if it should)")
        installed.write_text("\n".join(wanted))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "routing_table.json"
        made.write_bytes(table(1_000, 1_000, 50, 10))
        command = [python, str(HERE / "support" / "peers.py"), resolver.__file__, str(made)]
        lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in lines.splitlines():
        library, what, call, theirs, ours = json.loads(line)
        show(f"{library}: {what}", theirs, note=f"{theirs / ours:.2f} x {call} ({ours:.2f})")


if __name__ == "__main__":
    memory() if "--memory" in sys.argv[1:] else main()
