"""Write new files to an open folder so that they last, and take away what dead runs left there."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from contextlib import suppress

from routecomp.workspace.files import TEMPORARY, NotReadableError, read_regular


def temporary_name(name: str) -> str:
    """Return a name for what is written beside a file or folder, and renamed when it is whole."""
    return f".{name}.{os.getpid()}-{os.urandom(4).hex()}{TEMPORARY}"


def write_new(folder: int, name: str, data: bytes, *, like: str | None = None) -> None:
    """Write the bytes to a file that is not there yet, and flush it; it gets the permissions of `like`, if that is."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    file = os.open(name, flags, 0o666, dir_fd=folder)
    try:
        if like is not None:
            with suppress(FileNotFoundError):
                os.fchmod(file, stat.S_IMODE(os.stat(like, dir_fd=folder, follow_symlinks=False).st_mode) & 0o777)
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    finally:
        os.close(file)


def read_back(folder: int, name: str, wanted: bytes) -> bytes:
    """Return the bytes of a new file; raise OSError where they are not those that were written."""
    try:
        data = read_regular(name, len(wanted), dir_fd=folder)
    except NotReadableError as failure:
        raise OSError(errno.EIO, f"a new file {failure.reason}") from None
    if data != wanted:
        raise OSError(errno.EIO, "a new file reads back with other bytes than were written")
    return data


def flush_folder(folder: int) -> None:
    """Flush a folder's entries to the disk, where the disk can do so."""
    try:
        os.fsync(folder)
    except OSError as failure:
        if failure.errno not in (errno.EINVAL, errno.ENOTSUP):  # a disk that has no such thing
            raise


def remove_temporary(folder: int) -> None:
    """Remove what dead runs left half written, or this one: nobody else writes here now."""
    for name in os.listdir(folder):
        if name.startswith(".") and name.endswith(TEMPORARY):
            with suppress(OSError):  # a leftover that stays harms nobody: no reader knows its name
                try:
                    os.unlink(name, dir_fd=folder)
                except IsADirectoryError:
                    shutil.rmtree(name, ignore_errors=True, dir_fd=folder)
