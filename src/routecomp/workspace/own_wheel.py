"""Give the wheel of the routecomp that runs: the file that it was installed from, else one packed from what runs.

A wheel is a zip with a list of its files. Packed from the same files it is always the same bytes.
"""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from urllib.parse import unquote, urlsplit

import routecomp_start
from routecomp import version
from routecomp.workspace.pages import pages_folder
from routecomp.workspace.problem import Problem

_PROJECT = "routecomp"
_OF_THE_INSTALLER = ("INSTALLER", "RECORD", "REQUESTED", "direct_url.json")
_REMEDY = "name one: `routecomp init --compiler WHEEL`"


def running_wheel() -> tuple[str, bytes]:
    """Return the name and the bytes of the wheel of this installation; raise a `Problem` where it has no metadata."""
    try:
        installed = distribution(_PROJECT)
    except PackageNotFoundError:
        raise Problem("this routecomp runs from its source alone: there is no wheel to copy", _REMEDY) from None
    if installed.version != version.__version__:
        raise Problem(
            f"routecomp {version.__version__} runs, and the installation is of {installed.version}",
            f"install it again, or {_REMEDY}",
        )
    name = f"{_PROJECT}-{installed.version}-py3-none-any.whl"
    return name, _installed_from(installed, name) or pack(_files_of(installed), f"{_PROJECT}-{installed.version}")


def pack(files: Mapping[str, bytes], stem: str) -> bytes:
    """Return a wheel of these files, path to bytes, with the list of them in the folder `STEM.dist-info`."""
    listed = [(path, files[path]) for path in sorted(files)]
    record = "".join(f"{path},sha256={_digest(data)},{len(data)}\n" for path, data in listed)
    own = f"{stem}.dist-info/RECORD"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in [*listed, (own, f"{record}{own},,\n".encode())]:
            entry = zipfile.ZipInfo(path)  # of 1980: no day, and so the same bytes on every day
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)
    return out.getvalue()


def _installed_from(installed: Distribution, name: str) -> bytes | None:
    """Return the bytes of the wheel file that pip installed, where it still lies there as it was; else None."""
    try:
        origin = json.loads(installed.read_text("direct_url.json") or "{}")
        url, hashes = urlsplit(origin["url"]), origin["archive_info"]["hashes"]
        path = unquote(url.path)
        if url.scheme != "file" or os.path.basename(path) != name:
            return None
        with open(path, "rb") as file:
            data = file.read()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return data if sha256(data).hexdigest() == hashes.get("sha256") else None


def _files_of(installed: Distribution) -> dict[str, bytes]:
    """Return the files of the running package, its pages and its metadata, by their paths in a wheel."""
    package = os.path.dirname(os.path.abspath(version.__file__))
    files = _below(package, _PROJECT) | _below(pages_folder(), f"{_PROJECT}/docs")
    with open(routecomp_start.__file__, "rb") as file:
        files[os.path.basename(routecomp_start.__file__)] = file.read()
    info = f"{_PROJECT}-{installed.version}.dist-info/"
    for path in installed.files or ():
        name = path.as_posix()
        if name.startswith(info) and name.removeprefix(info) not in _OF_THE_INSTALLER:
            files[name] = path.read_binary()
    return files


def _below(folder: str, prefix: str) -> dict[str, bytes]:
    """Return every file below a folder but hidden and compiled ones, by its path behind `prefix`."""
    files = {}
    for above, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and not name.endswith(".pyc"):
                path = os.path.join(above, name)
                with open(path, "rb") as file:
                    files[f"{prefix}/{os.path.relpath(path, folder)}".replace(os.sep, "/")] = file.read()
    return files


def _digest(data: bytes) -> str:
    """Return a SHA-256 as the list of a wheel writes it."""
    return base64.urlsafe_b64encode(sha256(data).digest()).decode().rstrip("=")
