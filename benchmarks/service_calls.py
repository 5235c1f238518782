"""Measure the runner's own time for a call whose host takes none, beside a resolve of the same request.

The JSON-lines sink is on and writes to a file; the call's function returns at once. If .venv-peers has LiteLLM
(`benchmarks/resolve.py --peers` installs it), its Router answers the same with a mock response, in turns.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import thread_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from support.measure import machine
from support.tables import table

from routecomp import service
from routecomp.service import At, JsonLines, Service

HERE = Path(__file__).parent
PEERS = HERE.parent / ".venv-peers" / "bin" / "python"
CALLS, TURNS = 500, 21
KEYS = ("input_tokens", "max_output_tokens")


def main() -> None:
    """Print the figures."""
    print(f"one process, microseconds a call, medians of {TURNS} turns; on {machine()}")
    raw = table(1_000, 1_000, 50, 10)
    for provider in json.loads(raw)["providers"].values():
        if provider["api_key_env"] is not None:
            os.environ[provider["api_key_env"]] = "key"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "routing_table.json"
        source.write_bytes(raw)
        with service.open(source, last_good=None, sinks=[JsonLines(Path(folder) / "rows.jsonl")]) as opened:
            served = opened
            figures = measured(served)
            counts = served.status()["capture"]
        rows = sum(1 for _ in (Path(folder) / "rows.jsonl").open())
    resolve, run = figures["resolve"], figures["run"]
    print(f"a resolve of the real call{resolve:40.2f}")
    for name in ("run", "dispatch"):
        print(f"{name:<26}{figures[name]:40.2f}   {figures[name] / resolve:.2f} x the resolve   to reach: 4 x")
    print(f"rows written: {rows}; {counts}")
    if PEERS.exists() and "--peers" in sys.argv[1:]:
        command = [PEERS, HERE / "support" / "litellm_calls.py"]
        theirs = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
        print(
            f"litellm.Router.completion, mock response{theirs:26.2f}   {theirs / run:.0f} x the run   to reach: 100 x"
        )


def measured(served: Service) -> dict[str, float]:
    """Return the time of a resolve, a run and a dispatch of the same kind of request, in turns."""
    number = itertools.count()

    def requests() -> list[dict[str, Any]]:
        return [
            {
                "feature": f"feature-{n % 10:03d}",
                "tenant": f"tenant-{n % 1000:06d}",
                "request_id": f"r-{n}",
                "input_tokens": 200 + n % 4000,
                "max_output_tokens": 500,
            }
            for n in itertools.islice(number, CALLS)
        ]

    def answer(at: At) -> str:
        return "Hello!"

    def run(request: dict[str, Any]) -> None:
        served.run(answer, **request)

    def dispatch(request: dict[str, Any]) -> None:
        with served.dispatch(**request) as call:
            for at in call:
                with at:
                    answer(at)

    def resolve(request: dict[str, Any]) -> None:
        served.resolve(**request)

    def nothing(request: dict[str, Any]) -> None:
        dict(**request)

    ways: dict[str, Callable[[dict[str, Any]], None]] = {"resolve": resolve, "run": run, "dispatch": dispatch}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, way in ways.items():
            made = requests()
            start = thread_time()
            for request in made:
                way(request)
            middle = thread_time()
            for request in made:
                nothing(request)
            served.flush(60)  # the sink's own thread keeps up with what services do, not with a bare loop
            times[name].append((2 * middle - start - thread_time()) / CALLS * 1e6)
    return {name: median(own) for name, own in times.items()}


if __name__ == "__main__":
    main()
