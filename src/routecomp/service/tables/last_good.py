"""Keep the table that serves on the disk, so that a process can start while its source is gone."""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Any, BinaryIO, Final, NamedTuple

from routecomp.runtime.resolver import MAX_BYTES
from routecomp.service.releases.judge import find_proof_fault
from routecomp.service.releases.keys import Key
from routecomp.service.state import place_of, stem_of
from routecomp.service.tables.protocol import TableId, overwrites
from routecomp.service.turns import LOCK_FLAGS, Turns


class Kept(NamedTuple):
    """A table as it was found on the disk."""

    table_id: TableId
    table: bytes
    proof: bytes | None = None
    """The manifest with which the table was published; None for a plain file."""


class Unusable(Exception):
    """Why what is on the disk is not used, or nothing was kept there, in words."""


class LastGood:
    """A file in a folder that holds the table of one source, and whoever shares the folder waits in turn."""

    def __init__(self, folder: str, source: str, identity: str | None = None, keys: Sequence[Key] = ()) -> None:
        """Take the path of a folder, which is made when it is first needed, and a source as it may be shown.

        `identity` is the source in full, where that is more. With keys, only what one of them has signed counts.
        """
        self._keys = keys
        self.name = f"{stem_of(source, identity)}.last-good"
        self.folder, self._source = folder, place_of(source)

    @property
    def path(self) -> str:
        """The path of the file: a line of JSON that says what follows, its SHA-256, then the bytes of the table."""
        return os.path.join(self.folder, self.name)

    def read(self) -> Kept | None:
        """Return the table that is kept; None if there is none. Raises Unusable, also if others may have written it."""
        try:
            with self._open_folder(make=False) as folder:
                return _read(self.name, folder, self._keys)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Unusable(_describe(error)) from None

    def holds(self) -> TableId | None:
        """Return what the first line says of the table that is kept, without reading the table; None for no such."""
        try:
            with self._open_folder(make=False) as folder, _open(self.name, folder) as file:
                header = _read_header(file.readline(_LONGEST_HEADER))
                whole = os.fstat(file.fileno()).st_size == file.tell() + header["bytes"]
                return _identify(header, self._keys) if whole else None
        except (OSError, Unusable):
            return None

    def write(self, table: bytes, table_id: TableId, written_at: str, proof: bytes | None = None) -> TableId:
        """Keep a table, and return what is kept then: a newer one that another process kept stays. Raises Unusable.

        Whoever reads the folder, at any moment and after any crash, finds the old table or the new one.
        """
        header = {
            "last_good": _FORMAT,
            "sha256": table_id.digest,
            "bytes": len(table),
            "generation": table_id.generation,
            "source": self._source,
            "written_at": written_at,
            "proof": None if proof is None else proof.decode(),
        }
        line = json.dumps(header).encode()
        raw = line + b" " + sha256(line).hexdigest().encode() + b"\n" + table
        try:
            with self._open_folder(make=True) as folder, _TURNS.take(lambda: _open_lock(folder)):
                stored = _kept_in(self.name, folder, self._keys)
                if stored == table_id or not overwrites(table_id, stored):
                    return stored or table_id
                _remove_leftovers(folder)
                _replace(self.name, raw, folder)
                return table_id
        except TimeoutError as error:
            raise Unusable(str(error)) from None
        except OSError as error:
            raise Unusable(_describe(error)) from None

    @contextmanager
    def _open_folder(self, *, make: bool) -> Iterator[int]:
        """Open the folder; everything in it is reached through the descriptor. Raises OSError and Unusable."""
        if not self.folder:
            raise Unusable("this user has no folder for it: give `last_good` one")
        if make:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


_FORMAT: Final = 1
_LOCK: Final = ".lock"
_BESIDE: Final = ".new-"
_SAFELY: Final = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_TURNS: Final = Turns(patience_s=2.0, poll_s=0.01)
_LONGEST_HEADER: Final = 8192


def _describe(error: OSError) -> str:
    """Say why the disk did not do what was asked."""
    return error.strerror or type(error).__name__


def _open_lock(folder: int) -> int:
    return os.open(_LOCK, LOCK_FLAGS, 0o600, dir_fd=folder)


def _open(name: str, folder: int) -> BinaryIO:
    """Open a kept table, if nobody else can have written it. Raises OSError and Unusable."""
    descriptor = os.open(name, os.O_RDONLY | _SAFELY, dir_fd=folder)
    info = os.fstat(descriptor)
    fault = None
    if not stat.S_ISREG(info.st_mode):
        fault = "it is not a regular file"
    elif info.st_uid != os.geteuid():
        fault = "it belongs to another user"
    elif info.st_mode & 0o022:
        fault = "others may write it (a volume with fsGroup makes it so: set fsGroupChangePolicy: OnRootMismatch)"
    if fault is not None:
        os.close(descriptor)
        raise Unusable(fault)
    return os.fdopen(descriptor, "rb")


def _read(name: str, folder: int, keys: Sequence[Key] = ()) -> Kept:
    """Read a kept table and compare it with what its first line says. Raises OSError and Unusable."""
    with _open(name, folder) as file:
        header = _read_header(file.readline(_LONGEST_HEADER))
        table = file.read(MAX_BYTES + 1)
    table_id = _identify(header, keys)
    if len(table) != header["bytes"] or sha256(table).hexdigest() != table_id.digest:
        raise Unusable("its bytes are not those that were written")
    return Kept(table_id, table, _proof(header))


def _identify(header: dict[str, Any], keys: Sequence[Key]) -> TableId:
    """Return what a first line says of the table; raise Unusable if a key is configured and has not signed it."""
    table_id = TableId(header["sha256"], header["generation"])
    fault = find_proof_fault(_proof(header), table_id, keys)
    if fault is not None:
        raise Unusable(fault)
    return table_id


def _proof(header: dict[str, Any]) -> bytes | None:
    """Return the manifest that was kept with a table; None for what an earlier version kept, too."""
    text = header.get("proof")
    return text.encode() if isinstance(text, str) else None


def _read_header(line: bytes) -> dict[str, Any]:
    """Return what the first line says; raise Unusable if it is not one that we write, to the last bit."""
    text, _, digest = line.rstrip(b"\n").rpartition(b" ")
    if digest != sha256(text).hexdigest().encode() or not line.endswith(b"\n"):
        raise Unusable("its first line is not one that was written")
    try:
        header: dict[str, Any] = json.loads(text)
        if header["last_good"] == _FORMAT and header.keys() >= {"sha256", "bytes", "generation"}:
            return header
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):  # somebody made a line like ours
        pass
    raise Unusable("it is of a version of routecomp that writes it otherwise")


def _kept_in(name: str, folder: int, keys: Sequence[Key]) -> TableId | None:
    """Return what is kept in a folder; None for nothing, and for what cannot be used and may be overwritten."""
    try:
        return _read(name, folder, keys).table_id
    except (OSError, Unusable):
        return None


def _remove_leftovers(folder: int) -> None:
    """Remove what processes left that ended while they wrote; whoever has the lock is the only one who writes."""
    for name in os.listdir(folder):
        if name.startswith(_BESIDE):
            with suppress(OSError):
                os.unlink(name, dir_fd=folder)


def _replace(name: str, raw: bytes, folder: int) -> None:
    """Write a file beside the kept one, read it back, and rename it. Raises OSError and Unusable."""
    beside = f"{_BESIDE}{os.getpid()}-{secrets.token_hex(8)}"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFELY, 0o600, dir_fd=folder)
    try:
        try:
            os.fchmod(descriptor, 0o600)
            left = memoryview(raw)
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _read(beside, folder)
        os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside, dir_fd=folder)
        raise
    os.fsync(folder)
