"""Measure compiling 1,000 and 10,000 files, cold and with nothing changed, beside libyaml on the same bytes."""

from __future__ import annotations

import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support.measure import ROUTECOMP, machine, measure, row
from support.projects import project, write

TARGETS = {1_000: ("0.6 s", "0.15 s"), 10_000: ("4 s, 500 MB", "0.7 s")}
# The floor: libyaml's events of the same files through the same binding; nothing is kept or checked.
FLOOR = """
import pathlib, sys
from yaml._yaml import CParser
from yaml.events import StreamEndEvent
for folder in ("routes", "policies", "experiments"):
    for path in sorted(pathlib.Path(folder).rglob("*.yaml")):
        get = CParser(path.read_bytes()).get_event
        while get().__class__ is not StreamEndEvent:
            pass
"""


def main() -> None:
    """Measure `check` and `compile` on projects of both sizes."""
    print(f"whole processes, on {machine()}")
    row("floor: python -c pass", measure([sys.executable, "-c", "pass"], 5))
    for files, (cold, same) in TARGETS.items():
        runs = 7 if files == 1_000 else 3
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "project"
            content = project(files)
            write(folder, content)
            env = {"XDG_CACHE_HOME": str(Path(temporary) / "cache")}
            size = sum(map(len, content.values()))
            print(f"\n{files:,} files, {size:,} bytes, median of {runs} runs")
            row("floor: libyaml's events of these files", measure([sys.executable, "-c", FLOOR], runs, folder))
            forget, touch = partial(_forget, folder), partial(_touch, folder / "policies/tenants/00/tenant-00000.yaml")
            row("routecomp check, cold", measure([ROUTECOMP, "check"], runs, folder, env, forget))
            compiled = measure([ROUTECOMP, "compile"], runs, folder, env, forget)
            row("routecomp compile, cold", compiled, f"to reach: {cold}")
            row("routecomp check, nothing changed", measure([ROUTECOMP, "check"], runs, folder, env))
            row(
                "routecomp compile, nothing changed",
                measure([ROUTECOMP, "compile"], runs, folder, env),
                f"to reach: {same}",
            )
            row("routecomp compile, one tenant changed", measure([ROUTECOMP, "compile"], runs, folder, env, touch))


def _forget(folder: Path) -> None:
    """Remove the compiled files and the cache."""
    shutil.rmtree(folder / "generated", ignore_errors=True)
    shutil.rmtree(folder / ".routecomp", ignore_errors=True)


def _touch(path: Path) -> None:
    """Append a comment to a file."""
    path.write_bytes(path.read_bytes() + b"# one more line\n")


if __name__ == "__main__":
    main()
