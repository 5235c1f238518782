"""Publish while the system fails: every system call on the releases is killed or refused once, and none is torn."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from routecomp.service.releases.folder import FolderSource
from routecomp.workspace.files import TEMPORARY
from tests.cli.test_publish_strace import CALLS, DESCRIBED, FAULTS, STRACE
from tests.cli.transcripts import SMALL, environment, in_process

COMMAND = ["publish", "--to", "out"]
WATCHED = (*CALLS, "symlinkat", "readlinkat", "getdents64", "newfstatat")


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.hard), 61], ids=["every call", "some calls"])
def test_faults_at_every_call_of_a_publication(every: int, tmp_path: Path) -> None:
    """A reader finds the old release or the new one, whole; the command, run again, publishes the new one once."""
    start = tmp_path / "start"
    _begin(start)
    points, led = Counter[str](), Counter[int | None]()
    numbered = [(call, number) for call, numbers in _calls(start, tmp_path).items() for number in numbers]
    faults = [(fault, call, number) for call, number in numbered for fault in FAULTS]
    for fault, call, number in faults[::every]:
        where = f"{fault} at {call} {number}"
        root = _lay_out(start, tmp_path)
        done = _run(root, "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={number}")
        assert b"Traceback" not in done.stderr, (where, done.stderr)
        if fault != "signal=KILL":
            assert done.returncode in (0, 1, 2), (where, done.stderr)
        files = FolderSource(str(root / "out"), None).read(afresh=True)
        assert files.generation in (1, 2), (where, files, done.stderr)
        again = in_process(COMMAND, root)
        assert again.code == 0, (where, again)
        after = FolderSource(str(root / "out"), None).read(afresh=True)
        assert after.generation in (2, 3), (where, after)
        assert after.table != FolderSource(str(start / "out"), None).read(afresh=True).table
        assert os.listdir(root / "out" / "releases") == [
            name for name in os.listdir(root / "out" / "releases") if TEMPORARY not in name
        ], where
        points[fault] += 1
        led[files.generation] += 1
    assert sum(points.values()) >= 200 // every
    print(f"{sum(points.values())} points {dict(points)}, 0 torn; the old release led after {led[1]}, the new {led[2]}")


def _begin(root: Path) -> None:
    """Make a project whose first release leads, and whose table is another one since."""
    for name, text in SMALL.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for _ in range(2):
        assert in_process(["compile", "--no-cache"], root).code == 0
        if not (root / "out").exists():
            assert in_process(COMMAND, root).code == 0
            tenants = root / "policies" / "tenants.yaml"
            tenants.write_text(tenants.read_text().replace("berlin", "hamburg"))


def _calls(start: Path, folder: Path) -> dict[str, list[int]]:
    """Return the numbers of each system call from the first on the folder of releases on, those of modules left out."""
    root, log = _lay_out(start, folder), folder / "strace.log"
    done = _run(root, "-y", "-s", "4096", "-o", str(log), "-e", f"trace={','.join(WATCHED)}")
    assert done.returncode == 0, done.stderr
    seen, numbers, begun = Counter[str](), dict[str, list[int]](), False
    for line in log.read_text().splitlines():
        match = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if match is None:
            continue
        seen[match[1]] += 1
        begun = begun or '"out"' in line or "project/out" in line
        path = re.search(r'"([^"]*)"', line) if match[1] not in DESCRIBED else re.search(r"<([^>]*)>", line)
        if begun and path is not None and (path[1][:1] != "/" or path[1].startswith(str(root))):
            numbers.setdefault(match[1], []).append(seen[match[1]])
    return numbers


def _lay_out(start: Path, folder: Path) -> Path:
    root = folder / "project"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(start, root, symlinks=True)
    return root


def _run(root: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    assert STRACE is not None
    command = [STRACE, "-f", *options, str(Path(sys.executable).parent / "routecomp"), *COMMAND]
    variables = {**environment(root), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=root, env=variables, capture_output=True, check=False)
