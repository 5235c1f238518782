"""Tell where the CI of a new project gets its compiler from: a wheel in the project, a commit, or a version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from routecomp import __version__
from routecomp.workspace.files import NotReadableError, read_regular
from routecomp.workspace.own_wheel import running_wheel
from routecomp.workspace.problem import Problem, visible

FOLDER = "tools"
"""The folder of a project that holds the wheel."""
CHECKSUM = f"{FOLDER}/routecomp.sha256"
_WHEEL = re.compile(r"routecomp-(?P<version>[0-9][0-9A-Za-z.+!]*)-py3-none-any\.whl", re.ASCII)
_COMMIT = re.compile(r"git\+(https|ssh|file)://[A-Za-z0-9._~:/@%+=-]+@[0-9a-f]{40}(#subdirectory=[\w./-]+)?", re.ASCII)
_LOGIN = re.compile(r"git\+(https?://[^/]*@|\w+://[^/]*:[^/]*@)")
_MOST_BYTES = 64 * 1024 * 1024
_FORMS = "name a wheel, git+URL@COMMIT or ==VERSION"


@dataclass(frozen=True, slots=True)
class CompilerSource:
    """The commands that install the compiler, what pip is asked for, and the files that the project gets for it.

    `requirement` is empty where pip is given a file of the project.
    """

    install: tuple[str, ...]
    requirement: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)


def compiler_source(given: str | None) -> CompilerSource:
    """Return the source that `given` names: a wheel's path, git+URL@COMMIT or ==VERSION; else the wheel that runs.

    Raises a `Problem` for another version than the one that compiles the new project: its CI would find it stale.
    """
    if given is None:
        return _wheel(*running_wheel())
    if given.startswith("=="):
        _require_own(given.removeprefix("=="))
        return _asked_for(f"routecomp{given}")
    if given.startswith("git+"):
        if _LOGIN.match(given) is not None:
            raise Problem(
                "the URL of the compiler holds a login", "leave it out: a token belongs to the CI's variables"
            )
        if _COMMIT.fullmatch(given) is None:
            raise Problem(f"{visible(given)} names no commit", "write git+URL@COMMIT, COMMIT with all its 40 digits")
        # pip before 24.1 takes no name beside a URL without a host.
        return _asked_for(given if given.startswith("git+file:///") else f"routecomp @ {given}")
    name = given.replace("\\", "/").rpartition("/")[2]
    match = _WHEEL.fullmatch(name)
    if match is None:
        raise Problem(f"{visible(given)} is no wheel of routecomp", f"{_FORMS}; a wheel is called routecomp-….whl")
    _require_own(match["version"])
    try:
        data = read_regular(given, _MOST_BYTES)
    except NotReadableError as failure:
        raise Problem(f"{visible(given)} {failure.reason}", failure.remedy) from None
    if not data.startswith(b"PK"):
        raise Problem(f"{visible(given)} is no wheel", _FORMS)
    return _wheel(name, data)


def _wheel(name: str, data: bytes) -> CompilerSource:
    """Return a wheel that lies in the project, with its SHA-256 beside it."""
    path = f"{FOLDER}/{name}"
    return CompilerSource(
        (f"sha256sum --check {CHECKSUM}", f"python -m pip install {path}"),
        files={path: data, CHECKSUM: f"{sha256(data).hexdigest()}  {path}\n".encode()},
    )


def _asked_for(requirement: str) -> CompilerSource:
    """Return what pip finds by itself."""
    return CompilerSource((f'python -m pip install "{requirement}"',), requirement)


def _require_own(version: str) -> None:
    """Raise a `Problem` where another version is named than the one that runs."""
    if version != __version__:
        raise Problem(
            f"this is routecomp {__version__}, and its CI would run {visible(version)}",
            "make the project with the version that its CI runs: generated/ is compared byte for byte",
        )
