"""Measure parsing to a tree with positions, beside libyaml alone and PyYAML's tree; and the worst hostile files."""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.measure import machine

from routecomp.parse import parse
from tests.parse.shapes import SHAPES

ROOT = Path(__file__).resolve().parents[1]
SMALL_FILES = 10_000
LIMIT = 4 * 1024 * 1024
TENANT = """\
  tenant-{0:05}:
    preset: balanced
    weights: {{quality: 0.40, latency: 0.30, cost: 0.30}}   # adds up to one
    min_quality: 0.55
    fallback_enabled: true
    stacks: [us, eu]
    description: "A tenant with needs of its own, number {0}"
    owner: platform-team
"""


def main() -> None:
    """Print megabytes a second for one large file, seconds for many small ones, and the worst shapes."""
    print(f"processor time of one process, on {machine()}")
    print("best of 7 rounds; the cycle collector is off, as the command line has it while it reads files\n")
    large = ("tenants:\n" + "".join(TENANT.format(number) for number in range(10_000))).encode()
    print(f"one file of {len(large) / 1e6:.1f} MB of ordinary configuration, MB/s")
    for what, seconds in best(large, 1).items():
        print(f"  {what:<62}{len(large) / 1e6 / seconds:7.1f}")
    small = ("tenants:\n" + TENANT.format(1) + TENANT.format(2)).encode()[:500].rsplit(b"\n", 1)[0] + b"\n"
    print(f"\n{SMALL_FILES:,} files of {len(small)} bytes, seconds")
    for what, seconds in best(small, SMALL_FILES // 10).items():
        print(f"  {what:<62}{seconds * 10:7.2f}")
    print("\nhostile files of 4 MiB, each in a process of its own: seconds, and the process's peak in MiB;")
    print(f"the five slowest and the five largest of {len(SHAPES)}")
    shapes = [worst(shape) for shape in SHAPES]
    slowest = sorted(shapes, reverse=True)[:5]
    largest = sorted(shapes, key=lambda shape: shape[1], reverse=True)[:5]
    for _, _, line in [*slowest, *(shape for shape in largest if shape not in slowest)]:
        print(line)


def best(data: bytes, times: int) -> dict[str, float]:
    """Return the smallest processor time in seconds of each reader for reading `data` `times` times.

    The readers take turns, so that a busy minute of the machine does not fall on one of them.
    """
    fastest = dict.fromkeys(READERS, float("inf"))
    for _ in range(7):
        for what, read in READERS.items():
            gc.collect()
            gc.disable()
            start = time.process_time()
            kept = [read(data) for _ in range(times)]
            fastest[what] = min(fastest[what], time.process_time() - start)
            gc.enable()
            del kept
    return fastest


def bare_libyaml(data: bytes) -> None:
    """Parse with libyaml, without making Python objects."""
    from yaml._yaml import CParser

    CParser(data).raw_parse()


def bare_events(data: bytes) -> None:
    """Read the events of libyaml as Python objects."""
    from yaml._yaml import CParser
    from yaml.events import StreamEndEvent

    get = CParser(data).get_event
    while get().__class__ is not StreamEndEvent:
        pass


def compose(data: bytes) -> object:
    """Make PyYAML's own tree."""
    import yaml

    return yaml.compose(data, yaml.CLoader)


def ours(data: bytes) -> object:
    """Parse with routecomp; the text must have no errors."""
    parsed = parse("file.yaml", data)
    if parsed.diagnostics:
        raise SystemExit(f"refused: {parsed.diagnostics[0].message}")
    return parsed


READERS: dict[str, Callable[[bytes], object]] = {
    "floor: libyaml alone, nothing handed over": bare_libyaml,
    "floor: libyaml's events with positions as Python objects": bare_events,
    "peer: yaml.compose with CLoader (nodes; no gate, no checks)": compose,
    "routecomp.parse (gate, tree with positions, all checks)": ours,
}


def worst(shape: str) -> tuple[float, int, str]:
    """Return seconds, peak MiB and the printed line of one hostile file, measured in a process of its own."""
    done = subprocess.run([sys.executable, __file__, shape], capture_output=True, text=True, check=True, cwd=ROOT)
    seconds, peak, rule = done.stdout.split()
    return float(seconds), int(peak), f"  {shape:<32}{rule:<8}{float(seconds):7.2f} s {int(peak):6} MiB"


def child(shape: str) -> None:
    """Parse a hostile file, work out the lines of its errors, and print seconds, peak MiB and the first rule."""
    data = SHAPES[shape](LIMIT)
    parse("warm.yaml", b"a: 1\n")
    start = time.process_time()
    parsed = parse("file.yaml", data)
    for diagnostic in parsed.diagnostics:
        str(diagnostic.span)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1024 * 1024)
    print(seconds, peak, parsed.diagnostics[0].rule if parsed.diagnostics else "read")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        child(sys.argv[1])
    else:
        main()
