"""Measure how long calls wait while a service takes over a table of 10,000 tenants every second.

python benchmarks/service_reload.py [SECONDS]    the longest stall beside `json.loads` of the same bytes, same run

One thread resolves all the time, as a service does, while another one reloads, or parses the same bytes. A stall is
what the other thread used of the processor between two answers: for that long it let nobody else run Python. On a
machine of one's own that is what a request waits; on a shared one the clock also shows what other programs took.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

from support.measure import machine
from support.tables import table

from routecomp.service.tables.files import TABLE
from routecomp.service.tables.tables import Tables

SECONDS = 20
MODELS, TENANTS, POLICIES = 1_000, 10_000, 50


class Load:
    """A thread that works all the time, and notes the longest stall that another thread causes."""

    def __init__(self, work: Callable[[], object], other: int) -> None:
        self.work, self.other = work, time.pthread_getcpuclockid(other)
        self.longest, self.done = (0.0, 0.0), False
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        """Work, and look at the other thread's use of the processor, and at the clock, after each answer."""
        used, clock = time.clock_gettime(self.other), time.perf_counter()
        while not self.done:
            self.work()
            used_now, clock_now = time.clock_gettime(self.other), time.perf_counter()
            self.longest = max(self.longest[0], used_now - used), max(self.longest[1], clock_now - clock)
            used, clock = used_now, clock_now

    def stall(self, other_work: Callable[[], object]) -> tuple[float, float]:
        """Return the longest stall while the other thread works, in milliseconds: of the processor, by the clock."""
        self.longest = 0.0, 0.0
        other_work()
        return self.longest[0] * 1e3, self.longest[1] * 1e3


def main(seconds: int) -> None:
    """Print every figure."""
    raws = [table(MODELS, TENANTS, POLICIES, seed=seed) for seed in range(1, 4)]
    switch = sys.getswitchinterval() * 1e3
    print(f"{MODELS:,} models, {TENANTS:,} tenants, {len(raws[0]) / 1e6:.1f} MB; milliseconds; on {machine()}")
    stalls: dict[str, list[tuple[float, float]]] = {"json.loads": [], "a reload": []}
    looks: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / TABLE
        path.write_bytes(raws[0])
        served = Tables(path, last_good=Path(folder) / "kept", every_s=3600)
        load = Load(lambda: served.router.resolve(feature="feature-001", tenant="tenant-000007"), threading.get_ident())
        load.thread.start()
        for turn in range(1, seconds + 1):
            began = time.perf_counter()
            raw = raws[turn % len(raws)]
            beside = path.with_suffix(".new")
            beside.write_bytes(raw)
            beside.rename(path)
            stalls["json.loads"].append(load.stall(partial(json.loads, raw)))
            looked = time.perf_counter()
            stalls["a reload"].append(load.stall(served.refresh))
            looks.append((time.perf_counter() - looked) * 1e3)
            time.sleep(max(0.0, began + 1 - time.perf_counter()))
        load.done = True
        load.thread.join()
        status = served.status()
    assert (status["activated"], status["refused"]) == (seconds + 1, 0), status
    for what, waits in stalls.items():
        used, clock = zip(*waits, strict=True)
        print(
            f"beside {what:<10}  longest stall {max(used):5.1f}, median {median(used):5.1f}; "
            f"by the clock {max(clock):5.1f}, median {median(clock):5.1f}"
        )
    longest, floor = (max(used for used, _ in stalls[what]) for what in ("a reload", "json.loads"))
    print(f"a reload takes {median(looks):.0f} by the clock, in turns of {switch:g} with the load")
    print(f"longest stall {longest:.1f}   to reach: json.loads + 2 switch intervals = {floor + 2 * switch:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
