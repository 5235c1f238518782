"""The same faults as the kernel sees them: system calls of a whole process, killed or refused one by one by strace."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from routecomp.runtime.resolver import Router
from routecomp.workspace.files import TEMPORARY
from tests.cli.test_publish_faults import Scene, compiling
from tests.cli.transcripts import contents, environment, in_process

CALLS = ("openat", "write", "read", "close", "fsync", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "unlinkat")
DESCRIBED = ("write", "read", "close", "fsync")
"""The calls whose file is that of a descriptor."""
FAULTS = ("signal=KILL", "error=ENOSPC", "error=EIO")
STRACE = shutil.which("strace")


@pytest.mark.hard
@pytest.mark.skipif(STRACE is None, reason="strace is not installed: test_publish_faults.py injects the same by itself")
@pytest.mark.parametrize("older", [False, True], ids=["first compile", "compile over older files"])
def test_faults_at_every_system_call(older: bool, tmp_path: Path) -> None:
    """SIGKILL, ENOSPC and EIO at each system call on the project's files from the first output on tears none."""
    scene = compiling(over_an_older_table=older)
    points = Counter[str]()
    for call, numbers in _calls(scene, tmp_path).items():
        for fault in FAULTS:
            for number in numbers:
                _lay_out(scene, tmp_path)
                done = _run(
                    tmp_path, "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={number}"
                )
                _judge(scene, tmp_path, f"{fault} at {call} {number}", done, fault)
                points[fault] += 1
    assert sum(points.values()) >= 60
    print(f"{dict(points)}, 0 torn files")


def _calls(scene: Scene, folder: Path) -> dict[str, list[int]]:
    """Return the numbers of each system call on a file of the project, from the first that names the output folder on.

    The others load modules: a fault between them leaves the files as one at the call before does.
    """
    _lay_out(scene, folder)
    log = folder / "strace.log"
    done = _run(folder, "-y", "-s", "4096", "-o", str(log), "-e", f"trace={','.join(CALLS)}")
    assert done.returncode == 0, done.stderr
    seen = Counter[str]()
    found: dict[str, list[int]] = {}
    begun = False
    for line in log.read_text().splitlines():
        match = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if match is None:
            continue
        seen[match[1]] += 1
        begun = begun or '"generated"' in line or "/generated" in line
        # What a path is relative to is shown in angle brackets, as the file of a descriptor is.
        path = re.search(r'"([^"]*)"', line) if match[1] not in DESCRIBED else re.search(r"<([^>]*)>", line)
        if begun and path is not None and (path[1][:1] != "/" or path[1].startswith(str(folder / "project"))):
            found.setdefault(match[1], []).append(seen[match[1]])
    assert begun
    return found


def _lay_out(scene: Scene, folder: Path) -> None:
    root = folder / "project"
    shutil.rmtree(root, ignore_errors=True)
    for name, text in scene.start.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def _run(folder: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    assert STRACE is not None
    root = folder / "project"
    command = [STRACE, "-f", *options, str(Path(sys.executable).parent / "routecomp"), *scene_command()]
    # The read-only bytecode keeps the number of each call the same in every run.
    return subprocess.run(
        command, cwd=root, env={**environment(root), "PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, check=False
    )


def scene_command() -> list[str]:
    return ["compile", "--no-cache"]


def _judge(scene: Scene, folder: Path, what: str, done: subprocess.CompletedProcess[bytes], fault: str) -> None:
    root = folder / "project"
    where = f"{what}: exit {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}"
    found = contents(root)
    for name in scene.after:
        left = found.get(name)
        assert left in (scene.before[name], scene.after[name]), f"{name} is torn or gone after {where}"
    if "generated/routing_table.json" in found:
        router = Router.from_bytes(found["generated/routing_table.json"], found["generated/fallback.json"])
        assert router.status()["rejected"] == 0, where
    assert b"Traceback" not in done.stderr, where
    if fault != "signal=KILL":
        assert done.returncode in (0, 2), where
    ran = in_process(scene_command(), root)
    assert ran.code == 0, ran
    found = contents(root)
    assert {name: found[name] for name in scene.after} == scene.after
    assert not [name for name in found if TEMPORARY in name]
