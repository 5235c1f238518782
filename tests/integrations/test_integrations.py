"""The packages under integrations/ pass their own tests, against the real packages in .venv-peers."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from routecomp import __version__
from tests.interop.peers import environment

FOLDER = environment.ROOT / "integrations"
PACKAGES = sorted(path.parent.name for path in FOLDER.glob("*/pyproject.toml"))


def test_both_are_there() -> None:
    assert PACKAGES == ["litellm", "openfeature"]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_is_of_this_version(name: str) -> None:
    """It is released with routecomp, and needs the service wheel of the same version."""
    project = tomllib.loads((FOLDER / name / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
    assert f"routecomp-service=={__version__}" in project["dependencies"]


@pytest.mark.hard
@environment.NEEDED
@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_passes_its_own_tests(name: str) -> None:
    folder = FOLDER / name
    path = os.pathsep.join([str(folder), str(environment.ROOT / "src")])
    done = subprocess.run(
        [environment.PYTHON, "-W", "error::ResourceWarning:routecomp", "-m", "unittest", "discover", "-s", "tests"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert "OK" in done.stderr.splitlines()[-1]


@pytest.mark.hard
@pytest.mark.parametrize("name", PACKAGES)
def test_a_wheel_holds_the_package(name: str, tmp_path: Path) -> None:
    """The wheel is made from the folder alone, and holds its modules."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=FOLDER / name,
        check=True,
        capture_output=True,
    )
    assert [path.name for path in tmp_path.iterdir()] == [f"routecomp_{name}-{__version__}-py3-none-any.whl"]
