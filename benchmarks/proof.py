"""Time the proof of one-line changes of the living example beside a cold compile of it, and beside z3 view by view.

    python benchmarks/proof.py [ROUNDS]

It measures the processor time of this machine: medians of 5 rounds by default. With z3 (`make peers`, then
`.venv-peers/bin/python benchmarks/proof.py`) 100 of the same views are asked of it, each in the same run.
"""

from __future__ import annotations

import importlib.util
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from routecomp.checker import Options, check
from routecomp.review.analysis.compare import Asked, compare_tables
from routecomp.review.analysis.space import Bounds, Space
from routecomp.table.lower import lower

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("routes", "policies", "experiments")
EDITS = {
    "a price": ("price: {input: 2.00, output: 10.00}", "price: {input: 2.50, output: 10.00}"),
    "a quality": ("quality: 0.851", "quality: 0.831"),
    "a ban": ("banned_providers: [alibaba]", "banned_providers: [alibaba, openai]"),
    "a floor": ("min_quality: 0.65", "min_quality: 0.66"),
    "a latency": ("latency_ms: 1272", "latency_ms: 1280"),
}
"""The first place of a text in the files, in their order, and what stands there instead."""
MODES = {"picks": (False, False), "chains": (True, False), "picks with caps": (False, True)}
"""Whether chains are compared, and whether requests may have a cap of cost."""
VIEWS, SECONDS = 100, 120.0


def project() -> dict[str, bytes]:
    """Return the files of the living example."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.y*ml")]
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths}


def table_of(files: Mapping[str, bytes]) -> bytes:
    """Return the table of a project."""
    checked = check(files, Options(date.today()))
    assert checked.program is not None, [each.message for each in checked.diagnostics][:3]
    return lower(checked.program).data


def edited(name: str) -> bytes:
    """Return the table of the example after an edit."""
    old, new = (text.encode() for text in EDITS[name])
    files = project()
    path = next(path for path in sorted(files) if old in files[path])
    files[path] = files[path].replace(old, new, 1)
    return table_of(files)


def compile_seconds() -> float:
    """Return the processor time of a compile of the example in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for path, data in project().items():
            (Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / path).write_bytes(data)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [str(Path(sys.executable).with_name("routecomp")), "compile"]
        subprocess.run(command, cwd=folder, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def proof_seconds(before: bytes, after: bytes, mode: str) -> tuple[float, int, int]:
    """Return the processor time of a proof, how many views it has and how many of them were over the bound."""
    chains, caps = MODES[mode]
    begun = time.process_time()
    comparison = compare_tables(before, after, Bounds(chains=chains, seconds=SECONDS), Space(cost=caps))
    return time.process_time() - begun, comparison.views, len(comparison.unproven)


def asked_of_z3(before: bytes, after: bytes, *, caps: bool) -> tuple[float, int]:
    """Return the processor time of z3 a view, of `VIEWS` drawn ones, and on how many the proof disagrees."""
    from tests.review.analysis.peers.compare_views import PICKS, views_of
    from tests.review.analysis.peers.z3_views import picks_alike

    old, new = json.loads(before), json.loads(after)
    seconds, disagree = 0.0, 0
    for tenant, kind, name in random.Random(1).sample(views_of(old, new), VIEWS):
        begun = time.process_time()
        policies = old["tenants"][tenant], new["tenants"][tenant]
        alike = picks_alike(old, new, policies, kind, name, caps=caps)
        seconds += time.process_time() - begun
        asked = Asked("feature" if kind == "feature" else "model", name, tenant)
        comparison = compare_tables(
            before, after, Bounds(chains=False, outages=True, seconds=SECONDS), Space(cost=caps, units=False), asked
        )
        disagree += alike == any(moved.move.change in PICKS for moved in comparison.moved)
    return seconds / VIEWS, disagree


def main() -> None:
    """Print the figures of each edit and mode."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    has_z3 = importlib.util.find_spec("z3") is not None
    before = table_of(project())
    compiled = statistics.median(compile_seconds() for _ in range(rounds))
    print(f"a cold compile of the example: {compiled:.2f} s of processor time (median of {rounds})")
    for name in EDITS:
        after = edited(name)
        for mode, (chains, caps) in MODES.items():
            times: list[float] = []
            views = unproven = 0
            while len(times) < rounds and sum(times) < SECONDS / 2 and not unproven:
                seconds, views, unproven = proof_seconds(before, after, mode)
                times.append(seconds)
            median = statistics.median(times)
            more = f", {unproven} of them not within {SECONDS:.0f} s" if unproven else ""
            line = f"{name}, {mode}: {median:.2f} s (of {len(times)}), {median / compiled:.1f} compiles"
            line += f", {views:,} views{more}"
            if has_z3 and not chains:
                each, disagree = asked_of_z3(before, after, caps=caps)
                own = median / (views - unproven)
                line += f"; {1000 * own:.2f} ms a view beside {1000 * each:.1f} ms of z3 ({each / own:.0f} times)"
                line += f", which disagrees on {disagree} of {VIEWS}"
            print(line, flush=True)
    if not has_z3:
        print("z3 is not installed here: not compared")


if __name__ == "__main__":
    main()
