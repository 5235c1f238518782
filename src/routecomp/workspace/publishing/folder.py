"""Publish to a folder: a release is written under another name, and renamed when it is whole; one link leads to it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType

from routecomp.runtime.resolver import MAX_BYTES
from routecomp.service.releases.names import CURRENT, RELEASES, read_link, read_number
from routecomp.workspace.durable import flush_folder, read_back, remove_temporary, temporary_name, write_new
from routecomp.workspace.files import NotReadableError, locked, read_regular
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.publishing.target import Verify, worded

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW


def _problem(failure: Exception) -> Problem | None:
    """Put what the disk raises into words."""
    if not isinstance(failure, OSError):
        return None
    reason = (failure.strerror or type(failure).__name__).lower()
    return Problem(f"the folder of releases cannot be used: {reason}", _remedy(failure))


class FolderTarget:
    """A folder of this machine. Nothing in it is reached through a link but what `current` leads to."""

    def __init__(self, path: str, *, make: bool = True) -> None:
        """Take the path of the folder; `make` says whether it is made where it is missing."""
        self.name = path.rstrip("/") or "/"
        self._make = make
        self._stack = ExitStack()
        self._root = self._releases = -1  # open folders; -1 for one that is not there

    @worded(_problem)
    def __enter__(self) -> FolderTarget:
        with ExitStack() as stack:
            if self._make:
                os.makedirs(self.name, exist_ok=True)
                stack.enter_context(locked(self.name, "this folder of releases"))
            if os.path.isdir(self.name):
                self._root = _open(self.name, None, _FOLDER & ~os.O_NOFOLLOW, stack)
                if self._make:
                    with suppress(FileExistsError):
                        os.mkdir(RELEASES, dir_fd=self._root)
                        flush_folder(self._root)
                with suppress(FileNotFoundError):
                    self._releases = _open(RELEASES, self._root, _FOLDER, stack)
            if self._make:
                self._sweep()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @worded(_problem)
    def numbers(self) -> set[int]:
        """Return the numbers of all releases: under its number a release is whole."""
        if self._releases < 0:
            return set()
        numbers = set()
        with os.scandir(self._releases) as entries:
            for entry in entries:
                number = read_number(entry.name)
                if number is not None:
                    if not entry.is_dir(follow_symlinks=False):
                        raise _foreign(f"{RELEASES}/{entry.name}", "a folder")
                    numbers.add(number)
        return numbers

    @worded(_problem)
    def current(self) -> int | None:
        """Return the number of the release that the link leads to."""
        if self._root < 0:
            return None
        try:
            number = read_link(os.readlink(CURRENT, dir_fd=self._root))
        except FileNotFoundError:
            return None
        except OSError as failure:
            if failure.errno != errno.EINVAL:
                raise
            number = None
        if number is None:
            raise _foreign(CURRENT, "the link to a release that `publish` makes")
        return number

    @worded(_problem)
    def read(self, number: int, name: str) -> bytes | None:
        """Return a file of a release."""
        if self._releases < 0:
            return None
        try:
            with _opened(str(number), self._releases) as folder:
                if name not in os.listdir(folder):
                    return None
                return read_regular(name, MAX_BYTES, dir_fd=folder)
        except FileNotFoundError:
            return None
        except NotReadableError as failure:
            raise Problem(f"{RELEASES}/{number}/{name} {failure.reason}", failure.remedy) from None

    @worded(_problem)
    def fits(self, number: int, files: Mapping[str, bytes]) -> bool:
        """Return whether a release is there, and this one."""
        with _opened(str(number), self._releases) as folder:
            if set(os.listdir(folder)) != set(files):
                return False
        return all(self.read(number, name) == content for name, content in files.items())

    @worded(_problem)
    def write(self, number: int, files: Mapping[str, bytes], verify: Verify) -> None:
        """Write a release beside the others, flush it, read it back, and give it its number."""
        if number in self.numbers() and self.fits(number, files):  # of a run that ended before it led
            return verify(files)
        beside = temporary_name(str(number))
        try:
            os.mkdir(beside, dir_fd=self._releases)
            with _opened(beside, self._releases) as folder:
                for name, content in files.items():
                    write_new(folder, name, content)
                flush_folder(folder)
                verify({name: read_back(folder, name, content) for name, content in files.items()})
            os.rename(beside, str(number), src_dir_fd=self._releases, dst_dir_fd=self._releases)
            flush_folder(self._releases)
        finally:
            self._sweep()

    @worded(_problem)
    def lead(self, number: int) -> None:
        """Swap the link."""
        beside = temporary_name(CURRENT)
        try:
            os.symlink(f"{RELEASES}/{number}", beside, dir_fd=self._root)
            os.rename(beside, CURRENT, src_dir_fd=self._root, dst_dir_fd=self._root)
            flush_folder(self._root)
        finally:
            self._sweep()

    def _sweep(self) -> None:
        """Remove what runs left that ended while they wrote; who has the lock is the only one who writes."""
        for folder in (self._root, self._releases):
            remove_temporary(folder)


def _open(name: str, above: int | None, flags: int, stack: ExitStack) -> int:
    """Open a folder until the stack is left."""
    descriptor = os.open(name, flags, dir_fd=above)
    stack.callback(os.close, descriptor)
    return descriptor


@contextmanager
def _opened(name: str, above: int) -> Iterator[int]:
    """Open a folder in an open one."""
    with ExitStack() as stack:
        yield _open(name, above, _FOLDER, stack)


def _foreign(path: str, wanted: str) -> Problem:
    """Return the problem of something in the folder that no publisher made."""
    return Problem(f"{visible(path)} is not {wanted}", "remove it, or publish to a folder of its own", "refused")


def _remedy(failure: OSError) -> str:
    """Return what to do about a disk that fails."""
    after = "the release that led before still does, or the new one does, and each is whole"
    if failure.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"free some space and run it again: {after}"
    if failure.errno in (errno.ELOOP, errno.ENOTDIR):
        return "a folder of releases holds no links but `current`: remove them"
    if failure.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "make the folder writable for you and run it again"
    return f"check the disk and run it again: {after}"
