"""Append rows to a file, a line of JSON each."""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, get_args

from routecomp.service.capture.rows import Kind, Row
from routecomp.service.state import fixed

_TORN: Final = 1 << 20
"""How far back the end of the last whole line is looked for, in bytes."""
_BEGINNING: Final = b'{"event":"'
_BEGINNINGS: Final = tuple(_BEGINNING + kind.encode() + b'"' for kind in get_args(Kind))


class JsonLines:
    """A sink that appends to a file: `{"event": "routing_outcomes", "day": …}`. Many processes may append to one.

    A line is there whole or not at all: what could not be written whole is taken back, and what a killed process left
    of a line is removed by the next one that writes. Nothing is taken from what another program wrote there: where its
    last line has no end, it gets one. If the file was moved or deleted, as a rotation does, a new
    one is made. A full disk loses the rows of that moment, which are counted, and nothing after them.

    With `max_bytes` the file is moved to `<path>.1`, in place of what is there, before it would grow longer than that;
    only what is written at once, the rows of 128 calls at most, stands in one file however long it is.
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
                size, is_open = _whole_lines(file)
                if self._max_bytes is None or not size or size + len(data) <= self._max_bytes:
                    return _append(file, b"\n" + data if is_open else data, size)
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


def _whole_lines(file: int) -> tuple[int, bool]:
    """Return the size of the file, and whether its last line is open, after removing half a line of a sink's."""
    size = os.fstat(file).st_size
    if size == 0:
        return 0, False
    if os.pread(file, 1, size - 1) == b"\n":
        return size, False
    begin = max(0, size - _TORN)
    *before, last = os.pread(file, size - begin, begin).split(b"\n")
    if not before and begin:  # longer than any line of ours
        return size, True
    is_ours = last.startswith(_BEGINNINGS) or (
        # Too little is left to tell by itself: the line above it tells whose file this is.
        len(before) > bool(begin)
        and before[-1].startswith(_BEGINNINGS)
        and any(whole.startswith(last) for whole in _BEGINNINGS)
    )
    if not is_ours:
        return size, True
    os.ftruncate(file, size - len(last))
    return size - len(last), False
