"""Measure `routecomp audit` on a long history in a cold process, beside `git log --raw`; check every entry."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support.histories import history
from support.measure import ROUTECOMP, machine, measure, row

COMMITS, RUNS, SEED = 10_000, 3, 4


def main() -> None:
    """Measure, and exit with 1 if an entry of the ledger is wrong."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "project"
        expected = history(folder, COMMITS, SEED)
        print(f"{COMMITS:,} commits, cold processes, median of {RUNS}, on {machine()}")
        row("git log --raw alone (the floor)", measure(["git", "log", "--raw", "-m", "--first-parent"], RUNS, folder))
        row(
            f"routecomp audit: {len(expected):,} changes of a primary",
            measure([ROUTECOMP, "audit", "--json"], RUNS, folder),
            "to reach: 5,000 ms",
        )
        row("routecomp audit of one feature", measure([ROUTECOMP, "audit", "feature-0-0"], RUNS, folder))
        output = subprocess.run([ROUTECOMP, "audit", "--json"], cwd=folder, capture_output=True, check=True).stdout
        newest_first = [
            (entry["feature"], entry["from"], entry["to"], entry["subject"]) for entry in json.loads(output)
        ]
        right = newest_first[::-1] == [(entry.feature, entry.old, entry.new, entry.subject) for entry in expected]
        print("every entry is as it was made" if right else "THE LEDGER IS WRONG")
        sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
