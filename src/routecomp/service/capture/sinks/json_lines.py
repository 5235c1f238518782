"""Append rows to a file, a line of JSON each."""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from routecomp.service.capture.rows import Row
from routecomp.service.state import fixed

_TORN: Final = 1 << 20
"""How far back the end of the last whole line is looked for, in bytes."""


class JsonLines:
    """A sink that appends to a file: `{"event": "routing_outcomes", "day": …}`. Many processes may append to one.

    A line is there whole or not at all: what could not be written whole is taken back, and what a killed process left
    of a line is removed by the next one that writes. If the file was moved or deleted, as a rotation does, a new
    one is made. A full disk loses the rows of that moment, which are counted, and nothing after them.

    With `max_bytes` the file is moved to `<path>.1`, in place of what is there, before it would grow longer than that.
    `private` makes the file for this user alone, and the folder in which it lies where there is none.
    """

    def __init__(self, path: str | os.PathLike[str], *, max_bytes: int | None = None, private: bool = False) -> None:
        self.path = fixed(os.fsdecode(path))
        self._max_bytes = max_bytes
        self._private = private
        self._file: int | None = None
        self._process = os.getpid()

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows, or raise OSError and leave the file as it was."""
        data = b"".join(_line(row) for row in rows)
        while True:
            file = self._open()
            # Where it is locked, nobody else's half line may be taken for a killed process's.
            if not stat.S_ISREG(os.fstat(file).st_mode) or not _lock(file):
                return _write_all(file, data)
            try:
                size = _whole_lines(file)
                if self._max_bytes is None or not size or size + len(data) <= self._max_bytes:
                    return _append(file, data, size)
                self._move(file)
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _move(self, file: int) -> None:
        """Move the file out of the way, unless another process has done so."""
        with suppress(FileNotFoundError):
            if os.path.samestat(os.stat(self.path), os.fstat(file)):
                os.replace(self.path, f"{self.path}.1")

    def _open(self) -> int:
        """Return the file at the path, opened by this process: locks of a parent's would not keep it out."""
        if self._file is not None:
            try:
                there = os.stat(self.path)
            except FileNotFoundError:
                there = None
            here = os.fstat(self._file)
            if (
                self._process != os.getpid()
                or there is None
                or (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino)
            ):
                self.close()
        if self._file is None:
            folder = os.path.dirname(self.path)
            if self._private and folder:
                os.makedirs(folder, mode=0o700, exist_ok=True)
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOCTTY
            mode = 0o600 if self._private else 0o640
            self._file, self._process = os.open(self.path, flags, mode), os.getpid()
        return self._file


def _line(row: Row) -> bytes:
    return json.dumps({"event": row.kind, **row.values}, separators=(",", ":")).encode("ascii") + b"\n"


def _append(file: int, data: bytes, size: int) -> None:
    """Append to a file of a size, or raise OSError and leave it as it was."""
    try:
        _write_all(file, data)
    except OSError:
        os.ftruncate(file, size)
        raise


def _write_all(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _lock(file: int) -> bool:
    """Keep other processes from writing; return False where the file system cannot."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError:
        return False
    return True


def _whole_lines(file: int) -> int:
    """Return the size of the file, after removing what stands behind its last line's end."""
    size = os.fstat(file).st_size
    if size == 0:
        return 0
    if os.pread(file, 1, size - 1) == b"\n":
        return size
    begin = max(0, size - _TORN)
    whole = begin + os.pread(file, size - begin, begin).rfind(b"\n") + 1
    os.ftruncate(file, whole)
    return whole
