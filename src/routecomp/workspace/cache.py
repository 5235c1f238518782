"""The verdict on a project in, the same verdict out while nothing changed: what `.routecomp/` holds.

INVARIANT: the cache never changes a result. An entry counts only for exactly the inputs it was made from
(every byte of the compiler, the settings, the day, every path and every byte of YAML), and only with the seal
of a key that lies outside the project: a cache that came with a repository, or was edited, is no entry.
Whatever is odd about it is taken as no entry, and where it cannot be written there is none.
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
from typing import TYPE_CHECKING, Any

from routecomp.workspace.files import NotReadableError, read_regular
from routecomp.workspace.settings import Settings

if TYPE_CHECKING:
    from routecomp.diagnostics.diagnostic import Diagnostic
    from routecomp.source.text import Span

FOLDER = ".routecomp"
_ENTRY = "verdict.json"
_CHANGE_ENTRY = "change.json"
"""The verdict on a change has a place of its own: `compile`, which looks at no base, would take it each time."""
_LINTED = "linted"
_KEY_BYTES = 32
_MAX_BYTES = 64 * 1024 * 1024
_SEAL_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking found and, where it was compiled, what that made.

    `files` counts the YAML files. `digests` are the SHA-256 of each artifact by name, `made` the figures
    `compile` reports (see `output.figures`), `begun` the identity of what its migrations begin with; all
    three are empty where nothing was compiled. `notes` are for the user's eyes beside the report; not kept.
    """

    diagnostics: list[Diagnostic]
    files: int
    digests: dict[str, str] | None = None
    made: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()
    begun: str = ""


def fingerprint(files: Mapping[str, bytes], settings: Settings, today: date, base: str = "") -> str:
    """The name of everything that decides a verdict; equal names, equal verdicts.

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
    """A digest of all that computes: this package's sources, the Python, the libraries that read input."""
    from importlib.util import find_spec

    import routecomp

    digest = hashlib.sha256(sys.version.encode())
    package = os.path.dirname(os.path.abspath(routecomp.__file__))
    sources = sorted(_sources(package))
    for library, inside in (("yaml", "__init__.py"), ("pydantic", "version.py")):
        spec = find_spec(library)
        assert spec is not None
        assert spec.origin is not None
        sources.append(os.path.join(os.path.dirname(spec.origin), inside))  # holds the library's version
    for path in sources:
        with open(path, "rb") as file:
            data = file.read()
        name = os.path.relpath(path, package).encode("utf-8", "surrogateescape") if path.startswith(package) else b""
        digest.update(b"%d %d\n" % (len(name), len(data)) + name + data)
    return digest.digest()


def _sources(folder: str) -> list[str]:
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                found.append(entry.path)
            elif entry.is_dir() and entry.name != "__pycache__":
                found += _sources(entry.path)
    return found


def recall(
    root: str, name: str, files: Mapping[str, bytes], settings: Settings, of_change: bool = False
) -> Verdict | None:
    """The verdict that was kept under this name, or None."""
    key = _key(make=False)
    if key is None:
        return None
    try:
        folder = _folder(root)
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
    """Keep a verdict under its name, in place of the one before; where that is not possible, do nothing.

    One that speaks of a credential is not kept: it would have to be shown without the file's own text.
    """
    if any(one.rule == "RC122" for one in verdict.diagnostics):
        return
    key = _key(make=True)
    if key is None:
        return
    body = json.dumps(
        {
            "name": name,
            "files": verdict.files,
            "digests": verdict.digests,
            "made": verdict.made,
            "begun": verdict.begun,
            "diagnostics": [_plain(one) for one in verdict.diagnostics],
        }
    ).encode("ascii")
    _keep(root, _CHANGE_ENTRY if of_change else _ENTRY, _seal(key, body) + body)


def recall_clean(root: str, name: str) -> bool:
    """Whether migrations of this name were linted by this very compiler, and found clean."""
    key = _key(make=False)
    if key is None:
        return False
    try:
        folder = _folder(root)
    except OSError:
        return False
    try:
        return read_regular(_LINTED, _MAX_BYTES, dir_fd=folder) == _clean(key, name)
    except (NotReadableError, OSError):
        return False
    finally:
        os.close(folder)


def keep_clean(root: str, name: str) -> None:
    """Remember that migrations of this name are clean, in place of what was remembered before."""
    key = _key(make=True)
    if key is not None:
        _keep(root, _LINTED, _clean(key, name))


def _clean(key: bytes, name: str) -> bytes:
    return _seal(key, b"clean" + _compiler() + name.encode())


def _keep(root: str, entry: str, data: bytes) -> None:
    # A disk that takes no cache is no reason to fail: the command has done its work.
    with suppress(OSError):
        with suppress(FileExistsError):
            os.mkdir(os.path.join(root, FOLDER))
        folder = _folder(root)
        try:
            _put(
                folder,
                ".gitignore",
                b"# What `routecomp` remembers between runs; remove it whenever you like.\n*\n",
            )
            _put(folder, entry, data)
        finally:
            os.close(folder)


def _folder(root: str) -> int:
    return os.open(os.path.join(root, FOLDER), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)


def _put(folder: int, name: str, data: bytes) -> None:
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
    return hashlib.blake2b(body, key=key, digest_size=_SEAL_DIGITS // 2).hexdigest().encode("ascii")


def _key(make: bool) -> bytes | None:
    """This user's key, which never lies in a project; None where there is no place for it."""
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


# A diagnostic as plain values and back. Texts of files are not kept: they are what the name stands for.


def _plain(one: Diagnostic) -> list[Any]:
    fix = None if one.fix is None else [one.fix.title, [[_place(e.span), e.replacement] for e in one.fix.edits]]
    return [
        one.rule,
        str(one.severity),
        one.message,
        _place(one.span),
        one.help,
        one.note,
        [[_place(label.span), label.text] for label in one.labels],
        fix,
    ]


def _place(span: Span | None) -> list[Any] | None:
    return None if span is None else [span.file.path, span.start, span.end]


def _verdict(content: dict[str, Any], files: Mapping[str, bytes], settings: Settings) -> Verdict:
    return Verdict(
        _diagnostics(content["diagnostics"], files, settings) if content["diagnostics"] else [],
        content["files"],
        content["digests"],
        content["made"],
        begun=content["begun"],
    )


def _diagnostics(kept: list[list[Any]], files: Mapping[str, bytes], settings: Settings) -> list[Diagnostic]:
    from routecomp.diagnostics.diagnostic import Diagnostic, Label, Severity
    from routecomp.parse.encoding import decode_text
    from routecomp.source.edits import Edit, Fix
    from routecomp.source.text import SourceFile, Span

    sources: dict[str, SourceFile] = {}

    def span(place: list[Any]) -> Span:
        path, start, end = place
        if path not in sources:
            sources[path] = decode_text(path, files[path], settings.max_file_bytes)[0]
        return Span(sources[path], start, end)

    found: list[Diagnostic] = []
    for rule, severity, message, place, help, note, labels, fix in kept:
        found.append(
            Diagnostic(
                rule,
                Severity(severity),
                message,
                None if place is None else span(place),
                help,
                note,
                tuple(Label(span(at), text) for at, text in labels),
                None if fix is None else Fix(fix[0], tuple(Edit(span(at), text) for at, text in fix[1])),
            )
        )
    return found
