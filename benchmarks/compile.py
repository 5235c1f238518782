"""Measure compiling 1,000 and 10,000 files: cold, with nothing changed, and after one tenant changed; beside floors."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support.measure import ROUTECOMP, machine, measure, row, times
from support.projects import project, write

COLD = {1_000: 4, 10_000: 5}
"""What a cold compilation may take at most, in times libyaml's events of the files."""
# The floors: libyaml's events of the same files through the same binding, of which nothing is kept or checked;
# and the files' bytes and their SHA-256.
EVENTS = """
import pathlib
from yaml._yaml import CParser
from yaml.events import StreamEndEvent
for folder in ("routes", "policies", "experiments"):
    for path in sorted(pathlib.Path(folder).rglob("*.yaml")):
        get = CParser(path.read_bytes()).get_event
        while get().__class__ is not StreamEndEvent:
            pass
"""
HASHES = """
import hashlib, os
for folder in ("routes", "policies", "experiments"):
    for above, _, names in os.walk(folder):
        for name in sorted(names):
            with open(os.path.join(above, name), "rb") as file:
                hashlib.sha256(file.read()).digest()
"""


def main() -> None:
    """Measure `check` and `compile` on projects of both sizes."""
    print(f"whole processes, on {machine()}")
    row("floor: python -c pass", measure([sys.executable, "-c", "pass"], 5))
    for files, most in COLD.items():
        runs = 7 if files == 1_000 else 3
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "project"
            content = project(files)
            write(folder, content)
            env = {"XDG_CACHE_HOME": str(Path(temporary) / "cache")}
            size = sum(map(len, content.values()))
            print(f"\n{files:,} files, {size:,} bytes, median of {runs} runs; ratios are of processor time")
            events = measure([sys.executable, "-c", EVENTS], runs, folder)
            hashes = measure([sys.executable, "-c", HASHES], runs, folder)
            row("floor: libyaml's events of these files", events)
            row("floor: reading these files and their SHA-256", hashes)
            forget = partial(_forget, folder)
            row("routecomp check, cold", measure([ROUTECOMP, "check"], runs, folder, env, forget))
            cold = measure([ROUTECOMP, "compile"], runs, folder, env, forget)
            row("routecomp compile, cold", cold, f"{times(cold, events, 'events')}; to reach: {most}")
            row("routecomp check, nothing changed", measure([ROUTECOMP, "check"], runs, folder, env))
            row("routecomp compile, nothing changed", measure([ROUTECOMP, "compile"], runs, folder, env))
            edits = _edits(folder)
            changed = measure([ROUTECOMP, "compile"], runs, folder, env, partial(next, edits))
            ratios = f"{times(changed, hashes, 'reading and hashing')}, {times(changed, cold, 'cold')}"
            row("routecomp compile, one tenant changed", changed, f"{ratios}; to reach: 3 and 0.2")
            _release(folder)
            released = measure([ROUTECOMP, "compile"], runs, folder, env, partial(next, edits))
            ratios = f"{times(released, hashes, 'reading and hashing')}, {times(released, cold, 'cold')}"
            row("the same where the baseline is released, in Git", released, ratios)


def _forget(folder: Path) -> None:
    """Remove the compiled files and the cache."""
    shutil.rmtree(folder / "generated", ignore_errors=True)
    shutil.rmtree(folder / ".routecomp", ignore_errors=True)


def _edits(folder: Path) -> Iterator[None]:
    """Change the quality floor of one tenant, each time the next edit is asked for."""
    path = folder / "policies/tenants/00/tenant-00100.yaml"
    for number in itertools.count(5001):
        path.write_text(f"tenants:\n  tenant-00100:\n    owner: sales\n    min_quality: 0.{number}\n")
        yield


def _release(folder: Path) -> None:
    """Commit what was compiled on the base branch, and go on on another one."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    (folder / ".gitignore").write_text(".routecomp\n")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"], ["switch", "-qc", "work"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)


if __name__ == "__main__":
    main()
