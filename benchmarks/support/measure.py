"""Measure time and memory of a command's process, and name the machine."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROUTECOMP = str(Path(sys.executable).parent / "routecomp")


@dataclass(frozen=True)
class Measured:
    """A whole process: seconds of the clock and of the processor, and its largest resident memory in MB."""

    seconds: float
    megabytes: float
    processor: float

    def __str__(self) -> str:
        return f"{self.seconds * 1000:7.0f} ms {self.megabytes:6.0f} MB"


def measure_once(command: Sequence[str], cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Measured:
    """Measure one run of a command; its output is discarded. Exit if the command fails."""
    # An installed package has its bytecode: without it every process would compile the sources anew.
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env={**own, **(env or {})}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed with {process.returncode}")
    # Kilobytes on Linux, bytes on macOS.
    megabytes = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return Measured(seconds, megabytes, usage.ru_utime + usage.ru_stime)


def measure(
    command: Sequence[str],
    runs: int,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    before: Callable[[], object] | None = None,
) -> Measured:
    """Return the medians of several runs; `before` is called before each run and is not measured."""
    measured = []
    for _ in range(runs):
        if before is not None:
            before()
        measured.append(measure_once(command, cwd, env))
    return Measured(
        median(run.seconds for run in measured),
        median(run.megabytes for run in measured),
        median(run.processor for run in measured),
    )


def times(measured: Measured, floor: Measured, what: str) -> str:
    """Say how many times the processor time of a floor a command takes: a busy machine stretches both alike."""
    return f"{measured.processor / floor.processor:.1f} x {what}"


def row(what: str, measured: Measured, target: str = "") -> None:
    """Print one line of a table."""
    print(f"{what:<58}{measured}   {target}".rstrip(), flush=True)


def machine() -> str:
    """Describe the machine: processor, cores, system and Python."""
    return f"{_processor()}, {os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}"


def _processor() -> str:
    """Name the processor."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        return platform.processor()
    return platform.machine()
