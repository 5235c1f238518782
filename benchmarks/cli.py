"""Measure cold processes of the quick commands, and of what each cannot do without (the floor), in one run."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support.measure import ROUTECOMP, machine, measure, row, times

RUNS = 15
EXAMPLE = Path(__file__).parent.parent


def main() -> None:
    """Measure every command on a copy of the example."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("routes", "policies", "experiments"):
            shutil.copytree(EXAMPLE / name, folder / name)
        env = {"XDG_CACHE_HOME": str(folder / "cache")}
        print(f"cold processes, median of {RUNS} runs, on {machine()}")
        row("floor: python -c pass", measure([sys.executable, "-c", "pass"], RUNS))
        row("floor: python -c 'import click'", measure([sys.executable, "-c", "import click"], RUNS))
        libraries = measure([sys.executable, "-c", "import pydantic, yaml"], RUNS)
        row("yardstick: python -c 'import pydantic, yaml'", libraries)
        yamllint = shutil.which("yamllint", path=str(Path(sys.executable).parent)) or shutil.which("yamllint")
        if yamllint is not None:
            relaxed = [yamllint, "-d", "relaxed", "--no-warnings", "routes", "policies", "experiments"]
            row("peer: yamllint of the example", measure(relaxed, RUNS, folder))
        else:
            print("peer: yamllint is not installed here (pip install yamllint adds it)")
        row("routecomp --help", measure([ROUTECOMP, "--help"], RUNS), "to reach: 80 ms")
        cold = measure([ROUTECOMP, "check", "--no-cache"], RUNS, folder, env)
        row("routecomp check of the example, from its files", cold, f"{times(cold, libraries, 'that')}; to reach: 2")
        measure([ROUTECOMP, "check"], 1, folder, env)
        row("routecomp check of the example, nothing changed", measure([ROUTECOMP, "check"], RUNS, folder, env))
        row(
            "routecomp compile of the example, from its files",
            measure([ROUTECOMP, "compile", "--no-cache"], RUNS, folder, env, lambda: _empty(folder)),
        )
        measure([ROUTECOMP, "compile"], 1, folder, env)
        row("routecomp compile of the example, nothing changed", measure([ROUTECOMP, "compile"], RUNS, folder, env))


def _empty(folder: Path) -> None:
    """Remove the compiled files."""
    shutil.rmtree(folder / "generated", ignore_errors=True)


if __name__ == "__main__":
    main()
