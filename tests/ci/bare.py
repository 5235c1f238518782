"""Make an environment as a stranger's machine has it: a fresh Python, what routecomp depends on, and no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

from routecomp.workspace.own_wheel import pack

HERE = Path(__file__).parents[2]


def wheels(folder: Path) -> None:
    """Write a wheel of everything that routecomp depends on into a folder, packed from what is installed here."""
    folder.mkdir()
    names, left = set[str](), ["routecomp"]
    while left:
        installed = distribution(left.pop())
        for text in installed.requires or ():
            wanted = Requirement(text)
            if wanted.name not in names and (wanted.marker is None or wanted.marker.evaluate({"extra": ""})):
                names.add(wanted.name)
                left.append(wanted.name)
    for name in names:
        installed = distribution(name)
        files = {path.as_posix(): path for path in installed.files or () if ".." not in path.parts}
        stem = next(path for path in files if path.endswith(".dist-info/METADATA")).partition(".dist-info/")[0]
        data = {
            path: file.read_binary()
            for path, file in files.items()
            if not path.endswith((".pyc", "/RECORD", "/INSTALLER", "/REQUESTED", "/direct_url.json"))
        }
        tag = next(line for line in (installed.read_text("WHEEL") or "").splitlines() if line.startswith("Tag: "))
        (folder / f"{stem}-{tag.removeprefix('Tag: ')}.whl").write_bytes(pack(data, stem))


def machine(folder: Path) -> dict[str, str]:
    """Make a fresh Python in a folder, and return the variables of a shell there; pip finds the wheels of `wheels`."""
    folder.mkdir()
    wheels(folder / "wheels")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "python")], check=True)
    return {
        "PATH": os.pathsep.join([str(folder / "python" / "bin"), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(folder / "wheels"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def shell(script: str, cwd: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script with bash as a runner does."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=cwd,
        env=variables,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
