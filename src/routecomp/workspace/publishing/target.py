"""Define what a place for releases can do, and read the place that a user names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from types import TracebackType
from typing import Final, NamedTuple, ParamSpec, Protocol, TypeVar
from urllib.parse import unquote, urlsplit

from routecomp.workspace.problem import Problem, visible

Verify = Callable[[Mapping[str, bytes]], None]
"""Judge the files of a release as they were read back; raises a `Problem`."""


P = ParamSpec("P")
T = TypeVar("T")


def worded(put: Callable[[Exception], Problem | None]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that turns what a place raises into a `Problem`, where `put` makes one of it."""

    def decorate(method: Callable[P, T]) -> Callable[P, T]:
        @wraps(method)
        def call(*arguments: P.args, **named: P.kwargs) -> T:
            try:
                return method(*arguments, **named)
            except Problem:
                raise
            except Exception as failure:
                problem = put(failure)
                if problem is None:
                    raise
                raise problem from None

        return call

    return decorate


class Target(Protocol):
    """A place for releases. Entering it waits for other publishers, where the place can make them wait."""

    name: str
    """The place as it is shown."""

    def __enter__(self) -> Target: ...

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def numbers(self) -> set[int]:
        """Return the numbers of all releases that were begun."""

    def current(self) -> int | None:
        """Return the number of the release that leads; None before the first."""

    def read(self, number: int, name: str) -> bytes | None:
        """Return a file of a release; None if it is not there."""

    def fits(self, number: int, files: Mapping[str, bytes]) -> bool:
        """Return whether a release that was begun is this one as far as it is there, and can be finished."""

    def write(self, number: int, files: Mapping[str, bytes], verify: Verify) -> None:
        """Write a release, its manifest last, so that nobody ever sees half of it under its number."""

    def lead(self, number: int) -> None:
        """Let a release that is there lead, in one step."""


class Place(NamedTuple):
    """Where releases are to lie: a folder, or a store by its scheme and the path in it."""

    scheme: str
    """`file`, `s3`, `gs` or `az`."""
    path: str


def read_place(text: str) -> Place:
    """Return the place that a user names; raise a `Problem` for one that is not allowed. No credential is repeated."""
    if "://" not in text:
        if not text:
            raise Problem("the place to publish to is empty", _REMEDY)
        return Place("file", text)
    if "::" in text:
        raise Problem("the place to publish to is a chain of URLs", f"name the store itself; {_REMEDY}")
    scheme = text.partition("://")[0].lower()
    if scheme == "file":
        return Place("file", _local(text))
    if scheme not in _STORES:
        raise Problem(f"releases cannot be published to {visible(scheme)}://", _REMEDY)
    parts = urlsplit(text)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise Problem(
            f"the {scheme}:// URL holds more than a bucket and a path",
            "leave out users, keys and queries: the store's package finds credentials where its own tools do",
        )
    folders = [folder for folder in parts.path.split("/") if folder]
    if not all(re.fullmatch(_FOLDER, folder) for folder in (parts.netloc, *folders)):
        raise Problem(
            f"the {scheme}:// URL holds a bucket or folder with an unusual name",
            "use letters, digits, `.`, `_`, `-` and `=`, and no folder that begins with a dot",
        )
    return Place(scheme, "/".join((parts.netloc, *folders)))


def _local(text: str) -> str:
    """Return the path of a file:// URL."""
    parts = urlsplit(text)
    path = unquote(parts.path)
    if parts.netloc not in ("", "localhost") or parts.query or parts.fragment or "\0" in path or len(path) < 2:
        raise Problem(
            "the file:// URL is not one of a folder of this machine", "write file:///path/to/folder, or the path"
        )
    return path


_STORES: Final = ("s3", "gs", "az")
_FOLDER: Final = r"[A-Za-z0-9_=-][A-Za-z0-9._=-]*"
_REMEDY: Final = "give a folder, or a URL with file://, s3://, gs:// or az://"
