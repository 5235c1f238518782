"""Read commits, trees and blobs of a repository through one `git cat-file --batch` process.

Every id and name a command asks for goes to the same process, which is started by the first question.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from routecomp.workspace.git.process import GitError, reason_of, start_git

if TYPE_CHECKING:
    from subprocess import Popen

_HEADER = re.compile(rb"([0-9a-f]{40,64}) ([a-z]+) ([0-9]+)")
_BATCH = 64
"""Questions sent before their answers are read: few enough for the pipe to hold them all, so that nobody waits."""
_MOST_ERRORS = 1 << 16
_FOLDER = "40000"


class Blob(NamedTuple):
    """A file of a tree: its path from the repository's top, its mode and the id of its content."""

    path: str
    mode: str
    id: str

    @property
    def is_regular(self) -> bool:
        """Whether it is a regular file: neither a symbolic link nor a submodule."""
        return self.mode.startswith("100")


class _Object(NamedTuple):
    """An object as Git holds it: `kind` is commit, tree, blob or tag."""

    id: str
    kind: str
    data: bytes


class ObjectReader:
    """Read the objects of one repository; `close` ends the process.

    Every method raises `GitError` where Git gives up.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._process: Popen[bytes] | None = None
        self._errors = b""

    def close(self) -> None:
        """End the process; the next question would start another one."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout, process.stderr):
            assert stream is not None
            with suppress(OSError):  # a process that died has left a broken pipe behind
                stream.close()
        process.wait()

    def commits(self, names: Sequence[str]) -> dict[str, str]:
        """Return the id of the commit each name (a ref, an id, `HEAD~2`) stands for; names of nothing are left out."""
        sound = [name for name in names if "\n" not in name]
        objects = self._objects([f"{name}^{{commit}}" for name in sound])
        return {
            name: object.id
            for name, object in zip(sound, objects, strict=True)
            if object is not None and object.kind == "commit"
        }

    def blobs(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Yield each id with its blob, None where the repository lacks it; memory holds one blob at a time."""
        wanted = list(ids)
        for id, object in zip(wanted, self._objects(wanted), strict=True):
            yield id, object.data if object is not None and object.kind == "blob" else None

    def files(self, commit: str, paths: Iterable[str]) -> list[Blob]:
        """Return every file of a commit at or below some paths (from the repository's top), sorted by path.

        Symbolic links and submodules are files here. A path at which there is nothing adds none.
        """
        files: list[Blob] = []
        folders: dict[str, str] = {}  # path to the id of its tree
        root = self._tree(f"{commit}^{{tree}}")
        for path in paths:
            entry = self._entry(root, path)
            if entry is None:
                continue
            if entry.mode == _FOLDER:
                folders[entry.path] = entry.id
            else:
                files.append(entry)
        while folders:
            trees = zip(folders, self._trees(list(folders.values())), strict=True)
            folders = {}
            for above, tree in trees:
                for entry in _entries(tree, above):
                    if entry.mode == _FOLDER:
                        folders[entry.path] = entry.id
                    else:
                        files.append(entry)
        return sorted(files, key=lambda blob: os.fsencode(blob.path))

    def _entry(self, root: _Object, path: str) -> Blob | None:
        """Return the file or folder at a path of a tree, or None where there is none."""
        tree, above = root, ""
        entry: Blob | None = None
        for part in path.strip("/").split("/"):
            if entry is not None:
                if entry.mode != _FOLDER:
                    return None
                tree, above = self._tree(entry.id), entry.path
            wanted = f"{above}/{part}" if above else part
            entry = next((entry for entry in _entries(tree, above) if entry.path == wanted), None)
            if entry is None:
                return None
        return entry

    def _tree(self, name: str) -> _Object:
        """Return the tree of a name; raise `GitError` where it is no tree."""
        return next(self._trees([name]))

    def _trees(self, names: Sequence[str]) -> Iterator[_Object]:
        """Yield the tree of each name; raise `GitError` for a name of no tree."""
        for name, object in zip(names, self._objects(names), strict=True):
            if object is None or object.kind != "tree":
                raise GitError(f"not a tree object: {name}")
            yield object

    def _objects(self, names: Sequence[str]) -> Iterator[_Object | None]:
        """Yield the object of each name, None where the repository has none.

        INVARIANT: nobody asks for another object while the answers are being read.
        """
        for first in range(0, len(names), _BATCH):
            batch = names[first : first + _BATCH]
            self._ask(batch)
            unread = len(batch)
            try:
                for _ in batch:
                    answer = self._answer()
                    unread -= 1
                    yield answer
            finally:
                if unread:  # the next caller must not read these answers
                    self._stop()
            self._drain_errors()

    def _ask(self, names: Sequence[str]) -> None:
        """Send names to the process, which is started where there is none."""
        if self._process is None:
            self._process = self._start()
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write("".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape"))
            stdin.flush()
        except BrokenPipeError:
            raise self._failure() from None

    def _start(self) -> Popen[bytes]:
        """Start the process; reading its messages never waits."""
        self._errors = b""
        process = start_git(self._folder, ["cat-file", "--batch"])
        assert process.stderr is not None
        os.set_blocking(process.stderr.fileno(), False)
        return process

    def _answer(self) -> _Object | None:
        """Read the next answer, None for a name that the repository cannot resolve; raise `GitError` where it ended."""
        assert self._process is not None
        stdout = self._process.stdout
        assert stdout is not None
        line = stdout.readline()
        if not line.endswith(b"\n"):
            raise self._failure()
        header = _HEADER.fullmatch(line, 0, len(line) - 1)
        if header is None:  # missing, ambiguous, or a submodule's commit
            return None
        id, kind, size = header[1], header[2], int(header[3])
        data = stdout.read(size + 1)
        if len(data) != size + 1:
            raise self._failure()
        return _Object(id.decode("ascii"), kind.decode("ascii"), data[:-1])

    def _failure(self) -> GitError:
        """End the process, which stopped before it answered, and return the error it reported."""
        assert self._process is not None
        self._process.wait()
        self._drain_errors()
        self.close()
        return GitError(reason_of(self._errors))

    def _drain_errors(self) -> None:
        """Take what stands in the pipe of error messages, which would stop the process once it is full."""
        if self._process is None:
            return
        assert self._process.stderr is not None
        with suppress(BlockingIOError):
            while piece := os.read(self._process.stderr.fileno(), _MOST_ERRORS):
                self._errors = (self._errors + piece)[-_MOST_ERRORS:]

    def _stop(self) -> None:
        """Kill the process, if there is one; the next question starts another."""
        if self._process is not None:
            self._process.kill()
            self.close()


def blob_id(data: bytes, like: str) -> str:
    """Return the id that Git gives these bytes as a blob, in the hash that the id `like` is of."""
    header = b"blob %d\0" % len(data)
    if len(like) == 40:
        return hashlib.sha1(header + data, usedforsecurity=False).hexdigest()
    return hashlib.sha256(header + data).hexdigest()


def _entries(tree: _Object, above: str) -> Iterator[Blob]:
    """Yield the entries of a tree, folders included, their paths below `above`."""
    data, size = tree.data, len(tree.id) // 2
    start = 0
    while start < len(data):
        end = data.index(b"\0", start)
        mode, _, name = data[start:end].lstrip(b"0").partition(b" ")
        start = end + 1 + size
        path = os.fsdecode(name)
        yield Blob(f"{above}/{path}" if above else path, mode.decode("ascii"), data[end + 1 : start].hex())
