"""Read a published set in a local folder, and plain tables as before where nothing was published."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from typing import Final

from routecomp.runtime.resolver import MAX_BYTES
from routecomp.service.releases.judge import distrust, judge
from routecomp.service.releases.keys import Key
from routecomp.service.releases.manifest import MOST_BYTES, Manifest
from routecomp.service.releases.names import CURRENT, MANIFEST, RELEASES, read_link
from routecomp.service.tables.files import Files, FileSource, Unread, describe, read_file


class FolderSource:
    """A path: a published set, one release of it, or a plain table, told by what is there at each look."""

    def __init__(self, path: str, fallback: str | None, max_bytes: int = MAX_BYTES, keys: Sequence[Key] = ()) -> None:
        """Take a path; with keys, only what one of them has signed may serve from there."""
        self.name = path
        self.identity: str | None = None
        self._plain = FileSource(path, fallback, max_bytes)
        self._fallback, self._max_bytes, self._keys = fallback, max_bytes, keys

    def read(self, *, afresh: bool) -> Files:
        """Read what the path leads to, whole and each time: what changes on the disk under its number is told."""
        try:
            if not os.path.isdir(self.name):
                return self._read_plain()
            if _is_set(self.name):
                files = self._read_set()
            elif os.path.lexists(os.path.join(self.name, MANIFEST)):
                files = self._read_release()
            else:
                return self._read_plain()
        except (OSError, ValueError) as error:
            files = Files(Unread(_describe(error)), Unread(_describe(error)))
        if self._fallback is None:
            return files
        return files._replace(fallback=read_file(self._fallback, self._max_bytes))

    def _read_plain(self) -> Files:
        """Read a table that was not published: without keys as it is, with keys only to say that it is not signed."""
        files = self._plain.read(afresh=True)
        if not self._keys or not isinstance(files.table, bytes):
            return files
        reason = "it is a plain table that nobody signed, and a key is configured"
        return distrust(reason, sha256(files.table).hexdigest())

    def _read_set(self) -> Files:
        """Read the release that is current. Its folder never changes once it has its name, so nothing is torn."""
        with _opened(self.name) as root:
            generation = _find_current(root)
            place = f"{RELEASES}/{generation}" if generation is not None else CURRENT
            with _opened(place, root) as folder:
                raw = read_file(MANIFEST, MOST_BYTES, folder, follow=False)

            def fetch(manifest: Manifest, name: str) -> bytes | Unread:
                with _opened(f"{RELEASES}/{manifest.generation}", root) as folder:
                    return read_file(name, self._max_bytes, folder, follow=False)

            return _unread(raw) if isinstance(raw, Unread) else judge(raw, fetch, self._keys, generation)

    def _read_release(self) -> Files:
        """Read a folder that is one release, such as the link `current` or a mounted copy of a release.

        The files of a mounted copy may be links, and may be exchanged while they are read: then they are read again.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            with _opened(self.name) as folder:
                raw = read_file(MANIFEST, MOST_BYTES, folder)
                if isinstance(raw, Unread):
                    return _unread(raw)
                files = judge(raw, partial(_read_mounted, folder, self._max_bytes), self._keys)
                if files.proof is not None or attempt == _ATTEMPTS or read_file(MANIFEST, MOST_BYTES, folder) == raw:
                    return files
        raise AssertionError("the last attempt returns")


_ATTEMPTS: Final = 5


class _Link(OSError):
    """Something inside a set is a link that no publisher makes."""


def _is_set(path: str) -> bool:
    """Return whether a folder is one that releases are published to."""
    return os.path.lexists(os.path.join(path, RELEASES)) and os.path.lexists(os.path.join(path, CURRENT))


def _find_current(root: int) -> int | None:
    """Return the number of the release that the link `current` leads to; None where it is a folder."""
    try:
        target = os.readlink(CURRENT, dir_fd=root)
    except OSError as error:
        if error.errno == errno.EINVAL:  # no link: a copy from a store that has none
            return None
        raise
    generation = read_link(target)
    if generation is None:
        raise _Link(f"`{CURRENT}` leads to something else than a release")
    return generation


@contextmanager
def _opened(path: str, above: int | None = None) -> Iterator[int]:
    """Open a folder; below an open one each folder on the way, none of which may be a link."""
    descriptors: list[int] = []
    follow, parts = (0, [path]) if above is None else (os.O_NOFOLLOW, path.split("/"))
    try:
        for part in parts:
            above = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | follow, dir_fd=above)
            descriptors.append(above)
        yield descriptors[-1]
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _read_mounted(folder: int, max_bytes: int, _: Manifest, name: str) -> bytes | Unread:
    """Read a file of a release from its folder, through links too."""
    return read_file(name, max_bytes, folder)


def _describe(error: Exception) -> str:
    """Say why a set cannot be read."""
    if isinstance(error, _Link):
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "a folder of the published set is a link, or no folder"
    return describe(error)


def _unread(raw: Unread) -> Files:
    """Return what a source says whose manifest cannot be read."""
    reason = Unread(f"{MANIFEST}: {raw.reason}")
    return Files(reason, reason)
