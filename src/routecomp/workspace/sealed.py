"""Keep entries in `.routecomp/` under a seal, whose key lies outside the project.

INVARIANT: an entry is what this user wrote under its name, or there is none: one that came with a repository, was
edited, cut, swapped or damaged is not read. Where none can be written there is none.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import sys
from contextlib import suppress
from functools import cache
from importlib.util import find_spec

import routecomp
from routecomp.workspace.files import NotReadableError, read_regular

FOLDER = ".routecomp"
_GITIGNORE = b"# What `routecomp` remembers between runs; remove it whenever you like.\n*\n"
_KEY_BYTES = 32
_MAX_BYTES = 64 * 1024 * 1024
_SEAL_DIGITS = 64


def read_sealed(root: str, entry: str) -> bytes | None:
    """Return what an entry of the cache holds, None unless this user's key sealed it as this entry."""
    key = _key(make=False)
    if key is None:
        return None
    try:
        folder = _open_folder(root)
    except OSError:  # there is none, or it is not ours to read
        return None
    try:
        data = memoryview(read_regular(entry, _MAX_BYTES, dir_fd=folder))
    except (NotReadableError, OSError):
        return None
    finally:
        os.close(folder)
    body = data[_SEAL_DIGITS:]
    return bytes(body) if hmac.compare_digest(data[:_SEAL_DIGITS], _seal(key, body, entry)) else None


def write_sealed(root: str, entry: str, body: bytes) -> None:
    """Write an entry of the cache under this user's seal, in place of the one before; where not possible, do nothing.

    So it is for one that is too large to be read again.
    """
    if len(body) + _SEAL_DIGITS > _MAX_BYTES:
        return
    key = _key(make=True)
    if key is not None:
        _write_entry(root, entry, _seal(key, body, entry) + body)


@cache
def compiler_digest() -> bytes:
    """Return a digest of all that computes: this package's sources, the Python, the library that reads YAML."""
    digest = hashlib.sha256(sys.version.encode())
    package = os.path.dirname(os.path.abspath(routecomp.__file__))
    sources = sorted(_sources(package))
    spec = find_spec("yaml")
    assert spec is not None
    assert spec.origin is not None
    sources.append(spec.origin)  # holds the library's version
    for path in sources:
        with open(path, "rb") as file:
            data = file.read()
        name = os.path.relpath(path, package).encode("utf-8", "surrogateescape") if path.startswith(package) else b""
        digest.update(b"%d %d\n" % (len(name), len(data)) + name + data)
    return digest.digest()


def _sources(folder: str) -> list[str]:
    """Return the paths of all sources in a folder and below: Python, and the SQL and templates that it reads."""
    paths: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((".py", ".sql", ".j2")):
                paths.append(entry.path)
            elif entry.is_dir() and entry.name != "__pycache__":
                paths += _sources(entry.path)
    return paths


def _write_entry(root: str, entry: str, data: bytes) -> None:
    """Write an entry into the cache's folder, which is made where it is missing; do nothing where that fails."""
    # A disk that takes no cache is no reason to fail: the command has done its work.
    with suppress(OSError):
        with suppress(FileExistsError):
            os.mkdir(os.path.join(root, FOLDER))
        folder = _open_folder(root)
        try:
            _replace(folder, ".gitignore", _GITIGNORE)
            _replace(folder, entry, data)
        finally:
            os.close(folder)


def _open_folder(root: str) -> int:
    """Open the cache's folder, no link; raise OSError where there is none."""
    return os.open(os.path.join(root, FOLDER), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)


def _replace(folder: int, name: str, data: bytes) -> None:
    """Replace a file of an open folder as a whole, and remove the temporary files of earlier runs for it."""
    for old in os.listdir(folder):
        if old.startswith(f"{name}."):  # of a run that died, or of one whose entry this one replaces
            with suppress(OSError):
                os.unlink(old, dir_fd=folder)
    temp = f"{name}.{os.getpid()}"
    fd = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666, dir_fd=folder)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
        os.rename(temp, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(temp, dir_fd=folder)
        raise


def _seal(key: bytes, body: bytes | memoryview, entry: str) -> bytes:
    """Return the keyed hash of what an entry of this name holds, as hexadecimal digits."""
    seal = hashlib.blake2b(body, key=key, digest_size=_SEAL_DIGITS // 2, person=entry.encode("ascii"))
    return seal.hexdigest().encode("ascii")


def _key(make: bool) -> bytes | None:
    """Return this user's key, which never lies in a project; None where there is none.

    `make` makes one where it is missing and there is a place for it.
    """
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    if not os.path.isabs(home):
        return None
    path = os.path.join(home, "routecomp", "key")
    for _ in range(2):
        try:
            key = read_regular(path, _KEY_BYTES)
            return key if len(key) == _KEY_BYTES else None
        except NotReadableError:
            if not make or os.path.lexists(path):
                return None
        with suppress(OSError):
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            temp = f"{path}.{os.getpid()}"
            fd = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            try:
                os.write(fd, os.urandom(_KEY_BYTES))
            finally:
                os.close(fd)
            with suppress(FileExistsError):  # another run was quicker: its key is as good
                os.link(temp, path)
            os.unlink(temp)
    return None
