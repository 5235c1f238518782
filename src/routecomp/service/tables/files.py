"""Define what a source of tables is, and read local files as one."""

from __future__ import annotations

import errno
import os
import stat
from typing import Final, NamedTuple, Protocol

from routecomp.runtime.resolver import MAX_BYTES

TABLE: Final = "routing_table.json"
FALLBACK: Final = "fallback.json"


class Unread(NamedTuple):
    """Why a file was not read, in words; they hold no credential."""

    reason: str


class Distrusted(NamedTuple):
    """Why what was read may not serve, in words, before anything is loaded: it is changed, or not signed."""

    reason: str
    digest: str
    """The SHA-256 of what was read, so that the same bytes are told once."""


class Files(NamedTuple):
    """What a source held when it was looked at."""

    table: bytes | Unread | Distrusted | None
    """None if it is what this source held when it was read last."""
    fallback: bytes | Unread | None
    """None if there is none."""
    generation: int | None = None
    """The number under which the table was published; None for a plain file."""
    proof: bytes | None = None
    """The manifest with which the table was published; None for a plain file."""


class Source(Protocol):
    """A place where tables arrive."""

    name: str
    """The place as it is shown to people: without user, password and query."""
    identity: str | None
    """The place in full, which is never shown; None where the name is all of it."""

    def read(self, *, afresh: bool) -> Files:
        """Read the files; `afresh` asks for the table even if it did not change. Nothing raises for what is there."""


class FileSource:
    """A table in a file, or in a folder whose symlink is swapped, and the fallback file beside it."""

    def __init__(self, path: str, fallback: str | None, max_bytes: int = MAX_BYTES) -> None:
        """Take the path of a table or of its folder; `fallback` is the path of the fallback file if not beside it."""
        self.name = path
        self.identity: str | None = None
        self._path, self._fallback, self._max_bytes = path, fallback, max_bytes

    def read(self, *, afresh: bool) -> Files:
        """Read the files through one descriptor of their folder, so that both are of the same release."""
        is_folder = os.path.isdir(self._path)
        folder, name = (self._path, TABLE) if is_folder else os.path.split(self._path)
        try:
            # A symlink on the way to the folder is followed once: what it leads to later is another release.
            descriptor = os.open(folder or os.curdir, _FLAGS | os.O_DIRECTORY)
        except (OSError, ValueError) as error:
            return Files(Unread(describe(error)), self._read_elsewhere())
        try:
            table, fallback = _read_both(name, descriptor, self._max_bytes)
        finally:
            os.close(descriptor)
        return Files(table, fallback if self._fallback is None else self._read_elsewhere())

    def _read_elsewhere(self) -> bytes | Unread | None:
        """Read the fallback file that was named by a path of its own."""
        return None if self._fallback is None else read_file(self._fallback, self._max_bytes)


def read_file(path: str, max_bytes: int, folder: int | None = None, *, follow: bool = True) -> bytes | Unread:
    """Read a file that stands alone, or in an open folder; a link is followed, unless `follow` is False."""
    return _read(_open(path, folder, max_bytes, 0 if follow else os.O_NOFOLLOW), max_bytes)


def describe(error: Exception) -> str:
    """Say why a file cannot be read, without its path."""
    if isinstance(error, FileNotFoundError):
        return "the file does not exist"
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return "it is a link, and links are not followed here"
    if isinstance(error, OSError):
        return f"the file cannot be read ({error.strerror or type(error).__name__})"
    if isinstance(error, ValueError):
        return "the path holds a character that no path can have"
    return f"the file cannot be read ({type(error).__name__})"


_FLAGS: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_ATTEMPTS: Final = 5


def _read_both(name: str, folder: int, max_bytes: int) -> tuple[bytes | Unread, bytes | Unread | None]:
    """Read a table and the fallback file beside it, again where the table was replaced in between.

    The files of a Kubernetes ConfigMap are symlinks through a symlink that is swapped: one descriptor of their folder
    does not bind them together, but a table that is the same file before and after does. While it is open no other
    file can have its identity.
    """
    for attempt in range(_ATTEMPTS):
        opened = _open(name, folder, max_bytes)
        beside = _open(FALLBACK, folder, max_bytes)
        again = _open(name, folder, max_bytes)
        same = _is_same(opened, again)
        if isinstance(again, int):
            os.close(again)
        table, fallback = _read(opened, max_bytes), _read(beside, max_bytes)
        if same:
            break
        if attempt == _ATTEMPTS - 1:
            fallback = _MISSING  # whose it is cannot be told
    return table, None if fallback == _MISSING else fallback


def _is_same(first: int | Unread, second: int | Unread) -> bool:
    """Return whether two descriptors are of one file; where none could be opened, the reasons are compared."""
    if isinstance(first, int) and isinstance(second, int):
        return os.path.sameopenfile(first, second)
    return first == second


_MISSING: Final = Unread(describe(FileNotFoundError()))


def _open(name: str, folder: int | None, max_bytes: int, flags: int = 0) -> int | Unread:
    """Open a regular file without waiting; a pipe would block."""
    try:
        descriptor = os.open(name, _FLAGS | flags, dir_fd=folder)
    except (OSError, ValueError) as error:
        return Unread(describe(error))
    try:
        info = os.fstat(descriptor)
        unread = None
        if not stat.S_ISREG(info.st_mode):
            unread = Unread("it is not a regular file")
        elif info.st_size > max_bytes:
            unread = Unread(f"the file has {info.st_size} bytes, more than the {max_bytes} allowed")
    except OSError as error:
        unread = Unread(describe(error))
    if unread is not None:
        os.close(descriptor)
    return descriptor if unread is None else unread


def _read(descriptor: int | Unread, max_bytes: int) -> bytes | Unread:
    """Read an open file to its end, and close it; what could not be opened stays unread."""
    if isinstance(descriptor, Unread):
        return descriptor
    try:
        with open(descriptor, "rb") as file:
            raw = file.read(max_bytes + 1)
    except (OSError, MemoryError) as error:
        return Unread(describe(error))
    return raw if len(raw) <= max_bytes else Unread(f"the file has more than the {max_bytes} bytes allowed")
