"""Measure `check --against main` beside `check --no-base`, in interleaved cold processes."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support.measure import ROUTECOMP, machine, measure

RUNS = 21
EXAMPLE = Path(__file__).parent.parent
FOLDERS = ("routes", "policies", "experiments")


def main() -> None:
    """Compare with a base from which no file, one file, and every file differs."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "project"
        for name in FOLDERS:
            shutil.copytree(EXAMPLE / name, folder / name)
        _git(folder, "init", "-q", "-b", "main")
        _git(folder, "add", "-A")
        _git(folder, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "begin")
        env = {"XDG_CACHE_HOME": str(Path(temporary) / "cache")}
        print(f"cold processes, median of {RUNS} pairs, on {machine()}; to reach: 1.5 times")
        files = sorted(path for name in FOLDERS for path in (folder / name).rglob("*.yaml"))
        for what, changed in (("nothing differs", 0), ("one file differs", 1), ("every file differs", len(files))):
            for path in files[:changed]:
                path.write_bytes(path.read_bytes() + b"# one more line\n")
            alone, against = [], []
            for _ in range(RUNS):
                alone.append(measure([ROUTECOMP, "check", "--no-cache", "--no-base"], 1, folder, env).seconds)
                against.append(measure([ROUTECOMP, "check", "--no-cache", "--against", "main"], 1, folder, env).seconds)
            bare, compared = statistics.median(alone), statistics.median(against)
            print(
                f"{what:<20} check {bare * 1000:6.0f} ms   check --against main {compared * 1000:6.0f} ms   "
                f"{compared / bare:.2f} times"
            )


def _git(folder: Path, *arguments: str) -> None:
    """Run a Git command in a folder."""
    subprocess.run(["git", *arguments], cwd=folder, check=True)


if __name__ == "__main__":
    main()
