"""Whatever happens to a run while it writes, every file it leaves is whole, and the next run puts things right."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime.resolver import Router
from routecomp.workspace.files import TEMPORARY
from tests.cli.transcripts import SMALL, contents, environment, in_process, project

REPOSITORY = Path(__file__).parents[2]
KINDS = ("kill", "kill inside", "ENOSPC", "EIO")


@dataclass(frozen=True)
class Scene:
    """A command, the files it starts from, and for each file it writes what stood there and what should stand there."""

    command: str
    start: dict[str, str]
    before: dict[str, bytes | None]
    after: dict[str, bytes]


def compiling(*, over_an_older_table: bool) -> Scene:
    """`compile`, into an empty place or over the files of an earlier compilation, all three different."""
    older = {**SMALL, "policies/tenants.yaml": SMALL["policies/tenants.yaml"].replace("berlin", "hamburg")}
    old: dict[str, str] = {}
    if over_an_older_table:
        old = {name: data.decode() for name, data in _compiled(older).items()}
        old["generated/resolver.py"] = "# an older resolver\n" + old["generated/resolver.py"]
    after = _compiled(SMALL)
    before = {name: old[name].encode() if name in old else None for name in after}
    return Scene("compile --no-cache", {**SMALL, **old}, before, after)


def repairing() -> Scene:
    """`check --fix --unsafe-fixes` of two files."""
    tenants, routes = "policies/tenants.yaml", "routes/all.yaml"
    wrong = {
        tenants: SMALL[tenants].replace("stacks:", "stack:"),
        routes: SMALL[routes].replace("stack: eu", "stak: eu"),
    }
    return Scene(
        "check --fix --unsafe-fixes --no-cache",
        {**SMALL, **wrong},
        {name: text.encode() for name, text in wrong.items()},
        {name: SMALL[name].encode() for name in wrong},
    )


def _compiled(files: dict[str, str]) -> dict[str, bytes]:
    with project(files) as root:
        assert in_process(["compile", "--no-cache"], root).code == 0
        return {f"generated/{name}": data for name, data in contents(root / "generated").items()}


SCENES = {
    "first compile": lambda: compiling(over_an_older_table=False),
    "compile over older files": lambda: compiling(over_an_older_table=True),
    "check --fix": repairing,
}


@pytest.mark.parametrize("scene", SCENES)
def test_faults_at_some_calls(scene: str, tmp_path: Path) -> None:
    """A kill or a refusal at every 23rd call to the disk tears no file."""
    _survives(SCENES[scene](), tmp_path, every=23)


@pytest.mark.hard
@pytest.mark.parametrize("scene", SCENES)
def test_faults_at_every_call(scene: str, tmp_path: Path, record_property: Any) -> None:
    """A kill before or inside, ENOSPC or EIO at every single call tears no file."""
    points = _survives(SCENES[scene](), tmp_path, every=1)
    record_property("points", sum(points.values()))
    print(f"{scene}: {dict(points)}, 0 torn files")


def _survives(scene: Scene, folder: Path, every: int) -> Counter[str]:
    quiet = next(_attempts(scene, folder, [("none", 0)]))
    assert quiet["code"] == 0, quiet["printed"]
    calls = quiet["calls"]
    assert {"open", "write", "fsync", "rename", "close"} <= set(calls)
    points = Counter[str]()
    faults = [(kind, at) for kind in KINDS for at in range(len(calls))][::every]
    for found in _attempts(scene, folder, faults):
        points[found["kind"]] += 1
        _judge(scene, found, folder)
    return points


def _attempts(scene: Scene, folder: Path, faults: list[tuple[str, int]]) -> Iterator[dict[str, Any]]:
    root = folder / "project"
    root.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.faults", str(root), *scene.command.split()],
        input=json.dumps({"reset": scene.start, "faults": faults}),
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        env=environment(root),
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == len(faults)
    yield from map(json.loads, lines)


def _judge(scene: Scene, found: dict[str, Any], folder: Path) -> None:
    where = f"{found['kind']} at call {found['at']}: exit {found['code']}\n{found['printed']}"
    left = {name: b64decode(data) for name, data in found["left"].items()}
    for name, new in scene.after.items():
        assert left.get(name) in (scene.before[name], new), f"{name} is torn or gone after {where}"
    for name in set(left) - set(scene.after):
        assert name in scene.start or TEMPORARY in name, f"{name} appeared after {where}"
    if "generated/routing_table.json" in left:
        router = Router.from_bytes(left["generated/routing_table.json"], left["generated/fallback.json"])
        assert router.status()["rejected"] == 0, where
    assert "Traceback" not in found["printed"], where
    if found["kind"].startswith("kill"):
        # Some calls come after the work is done or are never reached again: the command then ends as always.
        assert found["code"] in (-9, 0), where
        _is_put_right(scene, left, folder)
    else:
        assert found["code"] in (0, 2), where
        assert not [name for name in left if TEMPORARY in name], f"a temporary file stays after {where}"
        if found["code"] == 2:
            assert found["printed"].count("error:") == 1, where


def _is_put_right(scene: Scene, left: dict[str, bytes], folder: Path) -> None:
    """The next run of the same command ends well and leaves no temporary file."""
    root = folder / "again"
    shutil.rmtree(root, ignore_errors=True)
    for name, data in left.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    ran = in_process(scene.command.split(), root)
    assert ran.code == 0, ran
    now = contents(root)
    assert {name: now[name] for name in scene.after} == scene.after
    assert not [name for name in now if TEMPORARY in name]
