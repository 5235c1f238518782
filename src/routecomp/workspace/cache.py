"""Remember the verdict on a project in `.routecomp/`, and recall it while nothing changed.

INVARIANT: the cache never changes a result. An entry counts only for exactly the inputs it was made from
(every byte of the compiler, the settings, the day, every path and every byte of YAML), and only with the seal
of a key that lies outside the project: a cache that came with a repository, or was edited, is no entry.
An entry that is odd in any way is no entry, and where none can be written there is none.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from typing import Any

import routecomp
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.source.text import Span
from routecomp.workspace.files import NotReadableError, read_regular
from routecomp.workspace.on_demand import diagnostics_of
from routecomp.workspace.settings import Settings

FOLDER = ".routecomp"
_ENTRY = "verdict.json"
_CHANGE_ENTRY = "change.json"
"""The verdict on a change has a place of its own: `compile`, which looks at no base, would take it each time."""
_LINTED = "linted"
_GITIGNORE = b"# What `routecomp` remembers between runs; remove it whenever you like.\n*\n"
_KEY_BYTES = 32
_MAX_BYTES = 64 * 1024 * 1024
_SEAL_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """The diagnostics of a project and, where it was compiled, a summary of what came out.

    `files` counts the YAML files. `digests` are the SHA-256 of each artifact by name, `figures` what `compile`
    counts (see `output.figures`), `released` the identity of the migrations that its own build on; where nothing was
    compiled, the first two are None and the last is empty. `notes` are for the user's eyes beside the report, and are
    not remembered.
    """

    diagnostics: list[Diagnostic]
    files: int
    digests: dict[str, str] | None = None
    figures: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()
    released: str = ""


def fingerprint(files: Mapping[str, bytes], settings: Settings, today: date, base: str = "") -> str:
    """Return a name for everything that decides a verdict; equal names, equal verdicts.

    `base` is the identity of what the project is compared with, empty where it is compared with nothing.
    """
    digest = hashlib.sha256()
    for part in (_compiler(), settings.key().encode(), today.isoformat().encode(), base.encode()):
        digest.update(b"%d\n" % len(part) + part)
    for path, data in files.items():  # sorted by `collect`
        name = path.encode("utf-8", "surrogateescape")
        digest.update(b"%d %d\n" % (len(name), len(data)) + name)
        digest.update(data)
    return digest.hexdigest()


def _compiler() -> bytes:
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


def recall(
    root: str, name: str, files: Mapping[str, bytes], settings: Settings, of_change: bool = False
) -> Verdict | None:
    """Return the verdict that is remembered under a name, None where there is none or it cannot be trusted.

    `of_change` asks for the verdict on a change. The spans of its diagnostics point into `files`.
    """
    key = _key(make=False)
    if key is None:
        return None
    try:
        folder = _open_folder(root)
    except OSError:  # there is none, or it is not ours to read
        return None
    try:
        data = read_regular(_CHANGE_ENTRY if of_change else _ENTRY, _MAX_BYTES, dir_fd=folder)
        seal, body = data[:_SEAL_DIGITS], data[_SEAL_DIGITS:]
        if seal != _seal(key, body):
            return None
        content = json.loads(body)
        return _verdict(content, files, settings) if content["name"] == name else None
    except (NotReadableError, OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # odd in any way: as if it was not there, and written anew
    finally:
        os.close(folder)


def keep(root: str, name: str, verdict: Verdict, of_change: bool = False) -> None:
    """Remember a verdict under its name, in place of the one before; where that is not possible, do nothing.

    A verdict with a credential in it is not remembered: it would have to be shown without the file's own text.
    """
    if any(diagnostic.rule == "RC122" for diagnostic in verdict.diagnostics):
        return
    key = _key(make=True)
    if key is None:
        return
    body = json.dumps(
        {
            "name": name,
            "files": verdict.files,
            "digests": verdict.digests,
            "figures": verdict.figures,
            "released": verdict.released,
            "diagnostics": [_plain(diagnostic) for diagnostic in verdict.diagnostics],
        }
    ).encode("ascii")
    _write_entry(root, _CHANGE_ENTRY if of_change else _ENTRY, _seal(key, body) + body)


def recall_clean(root: str, name: str) -> bool:
    """Return whether migrations of this name were linted by this very compiler and were clean."""
    key = _key(make=False)
    if key is None:
        return False
    try:
        folder = _open_folder(root)
    except OSError:
        return False
    try:
        return read_regular(_LINTED, _MAX_BYTES, dir_fd=folder) == _clean_seal(key, name)
    except (NotReadableError, OSError):
        return False
    finally:
        os.close(folder)


def keep_clean(root: str, name: str) -> None:
    """Remember that migrations of this name are clean, in place of those before; where not possible, do nothing."""
    key = _key(make=True)
    if key is not None:
        _write_entry(root, _LINTED, _clean_seal(key, name))


def _clean_seal(key: bytes, name: str) -> bytes:
    """Return the seal that tells that this very compiler found the migrations of this name clean."""
    return _seal(key, b"clean" + _compiler() + name.encode())


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


def _seal(key: bytes, body: bytes) -> bytes:
    """Return the keyed hash of an entry's bytes, as hexadecimal digits."""
    return hashlib.blake2b(body, key=key, digest_size=_SEAL_DIGITS // 2).hexdigest().encode("ascii")


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


# A diagnostic as plain values; `remembered` is the way back. The texts of files are not among them: the name of the
# entry stands for those.


def _plain(diagnostic: Diagnostic) -> list[Any]:
    """Return a diagnostic as plain values."""
    fix = diagnostic.fix
    return [
        diagnostic.rule,
        str(diagnostic.severity),
        diagnostic.message,
        _place(diagnostic.span),
        diagnostic.help,
        diagnostic.note,
        [[_place(label.span), label.text] for label in diagnostic.labels],
        None if fix is None else [fix.title, [[_place(edit.span), edit.replacement] for edit in fix.edits]],
    ]


def _place(span: Span | None) -> list[Any] | None:
    """Return a span as path, start and end; None for None."""
    return None if span is None else [span.file.path, span.start, span.end]


def _verdict(content: dict[str, Any], files: Mapping[str, bytes], settings: Settings) -> Verdict:
    """Return the verdict that an entry holds; raise LookupError, TypeError or ValueError for an odd one."""
    return Verdict(
        diagnostics_of(content["diagnostics"], files, settings.max_file_bytes) if content["diagnostics"] else [],
        content["files"],
        content["digests"],
        content["figures"],
        released=content["released"],
    )
