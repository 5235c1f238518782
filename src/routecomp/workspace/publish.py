"""Replace files on the disk so that each is either the old one or the new one, whatever happens meanwhile.

All new files are written beside the old ones, flushed, read back and verified; only then are they renamed, in
the order given. A run that dies leaves `.name.….routecomp-tmp` files, which the next one removes.
"""

from __future__ import annotations

import errno
import os
import shlex
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from routecomp.workspace.durable import flush_folder, read_back, remove_temporary, temporary_name, write_new
from routecomp.workspace.files import NotReadableError, native, read_regular
from routecomp.workspace.problem import Problem, visible

_MAX_BYTES = 1 << 30
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


def current(root: str, folder: str, names: Iterable[str]) -> dict[str, bytes | None]:
    """Return the bytes of each named file in a folder of the project, None where there is none.

    Raises a `Problem` for one that cannot be read, or is no regular file.
    """
    contents: dict[str, bytes | None] = {}
    for name in names:
        path = os.path.join(root, native(f"{folder}/{name}"))
        if not os.path.lexists(path):
            contents[name] = None
            continue
        try:
            contents[name] = read_regular(path, _MAX_BYTES)
        except NotReadableError as failure:
            raise Problem(f"{visible(folder)}/{visible(name)} {failure.reason}", failure.remedy) from None
    return contents


def publish(root: str, folder: str, files: Mapping[str, bytes], verify: Callable[[Mapping[str, bytes]], None]) -> None:
    """Replace files of a folder of the project, in the order given.

    `verify` gets what was read back from the disk before anything is replaced, and raises where that is wrong.
    A file that is read-only is not replaced: whoever made it so meant it, though a rename could. Failures of the
    disk become a `Problem`: until the first rename nothing has changed, after it each file is whole, an old one or a
    new one. INVARIANT: the caller holds the project's lock (`files.locked`).
    """
    where = f"{visible(folder)}/" if folder else "the project"
    renamed = 0
    _refuse_read_only(root, folder, files)
    temporary: dict[str, tuple[int, str]] = {}  # name: the open folder, the temporary file's name in it
    try:
        with _folders(root, folder, files) as opened:
            for name, data in files.items():
                fd = opened[os.path.dirname(name)]
                place = native(os.path.basename(name))
                beside = temporary_name(place)
                write_new(fd, beside, data, like=place)  # the new file keeps the old one's permissions
                temporary[name] = (fd, beside)
            verify({name: read_back(fd, temp, files[name]) for name, (fd, temp) in temporary.items()})
            for name in files:
                fd, temp = temporary[name]
                os.rename(temp, native(os.path.basename(name)), src_dir_fd=fd, dst_dir_fd=fd)
                del temporary[name]
                renamed += 1
            for fd in opened.values():
                flush_folder(fd)
    except OSError as failure:
        state = "nothing in it was changed" if not renamed else "every file in it is whole, an old one or a new one"
        raise Problem(
            f"{where} cannot be written: {(failure.strerror or str(failure)).lower()}",
            f"{state}; {_remedy(failure)}",
        ) from None
    except KeyboardInterrupt:
        state = "nothing in it was changed" if not renamed else "every file in it is whole; run it again"
        raise Problem(f"interrupted while writing {where}: {state}", kind="interrupted") from None


def _refuse_read_only(root: str, folder: str, files: Iterable[str]) -> None:
    """Raise a `Problem` that names the files which are there and which nobody may write."""
    read_only = []
    for name in files:
        path = f"{folder}/{name}" if folder else name
        try:
            status = os.stat(os.path.join(root, native(path)), follow_symlinks=False)
        except OSError:
            continue  # it is not there, or writing it will fail and say why
        if stat.S_ISREG(status.st_mode) and not status.st_mode & 0o222:
            read_only.append(path.removeprefix("./"))
    if read_only:
        names = " ".join(map(shlex.quote, read_only))
        is_, it = ("is", "it") if len(read_only) == 1 else ("are", "them")
        raise Problem(
            f"{visible(', '.join(read_only))} {is_} read-only: nothing was written",
            f"make {it} writable (`chmod u+w {visible(names)}`) and run it again",
        )


@contextmanager
def _folders(root: str, folder: str, files: Mapping[str, bytes]) -> Iterator[dict[str, int]]:
    """Open the folders that the files go to, make those that are missing, and free all of temporary files."""
    opened: dict[str, int] = {}
    try:
        for below in sorted({os.path.dirname(name) for name in files}):
            opened[below] = fd = _open_folder(root, native(os.path.join(folder, below)))
            remove_temporary(fd)
        yield opened
    finally:
        for fd in opened.values():
            remove_temporary(fd)
            os.close(fd)


def _open_folder(root: str, path: str) -> int:
    """Open a folder below the root, made where it is missing; no link on the way is followed."""
    fd = os.open(root, _FOLDER)
    opened = ""
    for part in filter(None, path.split("/")):
        opened = os.path.join(opened, part)
        above = fd
        try:
            try:
                os.mkdir(part, dir_fd=above)
            except FileExistsError:
                pass
            else:
                flush_folder(above)
            fd = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=above)
        except OSError as failure:
            if failure.errno in (errno.ELOOP, errno.ENOTDIR):
                raise Problem(
                    f"{visible(opened)} is not a folder, or is a link to one",
                    "make it a folder of the project, or name another one as `output`",
                ) from None
            raise
        finally:
            os.close(above)
    return fd


def _remedy(failure: OSError) -> str:
    """Return what to do about a failure to write."""
    if failure.errno in (errno.ENOSPC, errno.EDQUOT):
        return "free some space and run it again"
    if failure.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "make the folder writable for you and run it again"
    return "check the disk and run it again"
