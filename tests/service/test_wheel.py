"""The second wheel: built from this tree, small, without dependencies, and whole in an empty environment."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from routecomp.service.tables.files import TABLE
from routecomp.version import __version__
from tests.service.tables.pieces import good

ROOT = Path(__file__).parents[2]
PROJECTS = (ROOT, ROOT / "packaging" / "service")
PIP = subprocess.run([sys._base_executable, "-m", "pip", "--version"], capture_output=True, check=False)  # type: ignore[attr-defined]
HATCHLING = importlib.util.find_spec("hatchling") is not None
pytestmark = [
    pytest.mark.skipif(not HATCHLING, reason="no hatchling to build a wheel with: make setup"),
    pytest.mark.skipif(PIP.returncode != 0, reason="no pip to install a wheel with"),
]
PROGRAM = f"""
import sys
import routecomp
from routecomp.service.strict import WrongArgument, resolve_strictly
from routecomp.service.tables.tables import Tables
served = Tables(sys.argv[1], last_good=sys.argv[2])
assert served.router.resolve(feature="chat").model == "opus", served.status()
assert routecomp.__version__ == "{__version__}"
assert routecomp.Router is type(served.router)
try:
    routecomp.check
except ImportError as error:
    print(error)
outside = {{name.partition(".")[0] for name in sys.modules}} - sys.stdlib_module_names - {{"__main__"}}
print(sorted(name for name in outside if not name.startswith("_")))
"""


def build(project: Path, into: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    (wheel,) = into.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT / "packaging" / "service", tmp_path_factory.mktemp("wheel"))


class Environment:
    """An empty environment without network."""

    def __init__(self, folder: Path) -> None:
        self.python = str(folder / "bin" / "python")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)

    def pip(self, *arguments: str) -> None:
        command = [sys._base_executable, "-m", "pip", "--python", self.python, "--disable-pip-version-check"]  # type: ignore[attr-defined]
        subprocess.run([*command, *arguments], check=True, capture_output=True)

    def install(self, *wheels: Path) -> None:
        for each in wheels:
            self.pip("install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(each))

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [self.python, "-I", "-W", "error", "-c", program, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_is_small_and_holds_three_rooms(wheel: Path) -> None:
    """Every file of the service layer and of its testing, the resolver, and nothing of the compiler; no dependency."""
    assert wheel.stat().st_size <= 300_000
    source = ROOT / "src" / "routecomp"
    wanted = {
        path.relative_to(source).as_posix() for room in ("service", "testing") for path in (source / room).rglob("*.py")
    }
    wanted |= {"__init__.py", "py.typed", "version.py", "runtime/__init__.py", "runtime/resolver.py"}
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert names == {f"routecomp/{name}" for name in wanted}
        (metadata,) = (archive.read(name).decode() for name in archive.namelist() if name.endswith("/METADATA"))
    needed = re.findall(r"^Requires-Dist: (.*)$", metadata, re.MULTILINE)
    assert [line for line in needed if "; extra == " not in line] == []
    assert f"\nVersion: {__version__}\n" in metadata


def test_its_extras_are_those_of_the_whole() -> None:
    """What a part of the service layer opens is asked for in the same words, whichever wheel is installed."""
    extras = [
        tomllib.loads((path / "pyproject.toml").read_text())["project"]["optional-dependencies"] for path in PROJECTS
    ]
    whole, service = extras
    opened = {name: whole[name] for name in whole if name not in ("fsspec", "postgres") and not name.startswith("dev")}
    assert service == opened


def test_a_table_opens_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    """What needs the compiler says what to install."""
    environment = Environment(tmp_path / "venv")
    environment.install(wheel)
    (tmp_path / TABLE).write_bytes(good(0))
    done = environment.run(PROGRAM, str(tmp_path), str(tmp_path / "kept"))
    assert (done.returncode, done.stderr) == (0, "")
    words = "routecomp.check is not in routecomp-service, which holds no compiler: "
    words += "pip uninstall routecomp-service && pip install routecomp"
    assert done.stdout == f"{words}\n['routecomp']\n"


@pytest.mark.hard
def test_both_wheels_may_be_installed(wheel: Path, tmp_path: Path) -> None:
    """They hold the same files: either order works; after one of them is removed, the other is installed again."""
    whole = build(ROOT, tmp_path / "whole")
    for number, order in enumerate(((wheel, whole), (whole, wheel))):
        environment = Environment(tmp_path / f"venv-{number}")
        environment.install(*order)
        program = "import routecomp, routecomp.service.tables.tables, routecomp.source.text; print(routecomp.Router)"
        assert environment.run(program).returncode == 0
        environment.pip("uninstall", "--quiet", "--yes", "routecomp-service")
        assert environment.run(program).returncode != 0
        environment.pip("install", "--quiet", "--no-deps", "--no-index", "--force-reinstall", str(whole))
        assert environment.run(program).returncode == 0
