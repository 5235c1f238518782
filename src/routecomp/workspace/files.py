"""Find a project's folder, lock it, and read its YAML files.

Nothing is followed that leads out of the project: no symbolic links, no devices, no pipes. A file that a user may
think is read, and that is not, is refused rather than passed over in silence.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from routecomp.model.sections import SECTIONS
from routecomp.workspace.problem import Problem, visible

FOLDERS = ("routes", "policies", "experiments")
ENDINGS = (".yaml", ".yml")
TEMPORARY = ".routecomp-tmp"
"""Ending of the files that are being written (their names begin with a dot); see `publish`."""
MAX_DEPTH = 32
"""Levels of folders below each of the three."""

_OTHER_ENDINGS = re.compile(r"(?:\.ya?ml)?(?:~|\.(?:json|bak|orig|old|save|j2|jinja2?|tmpl|tpl))*$", re.IGNORECASE)
_SECTION_LINE = re.compile(rb"^(?:\{\s*)?[ \t]*[\"']?(?:%s)[\"']?[ \t]*:" % "|".join(SECTIONS).encode(), re.MULTILINE)
_MOST_LOOKED_AT = 1024 * 1024
_SHOWN = 20
READABLE = 64 * 1024 * 1024
"""Bytes up to which a file over the project's limit is still read, so that it becomes one finding among the others."""
_NOFOLLOW = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # NONBLOCK: a pipe never makes us wait
_LOCK_WAIT_S = 60.0
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def find_root(given: str | None) -> str:
    """Return the project's folder as an absolute path: `given`, by default the current one; it holds `routes/`.

    Raises a `Problem` where there is no such folder.
    """
    try:
        root = os.path.abspath(given if given is not None else os.curdir)
    except OSError:
        raise Problem("the current folder does not exist any more", "change to the project's folder") from None
    if given is not None and not os.path.isdir(root):
        raise Problem(f"{visible(given)} is not a folder", "name the project's folder with --root")
    if not os.path.lexists(os.path.join(root, "routes")):
        raise Problem(f"there is no routes/ folder in {visible(root)}", _where_else(root))
    return root


def _where_else(root: str) -> str:
    """Return the remedy where a folder is no project: the nearest project above it, or `init`."""
    above, steps = root, ""
    while (parent := os.path.dirname(above)) != above:
        above, steps = parent, os.path.join(steps, os.pardir)
        if os.path.isdir(os.path.join(above, "routes")):
            return f"{visible(above)} has one: run the command there, or with --root {steps}"
    return "run `routecomp init` to start a project here, or name its folder with --root"


def in_utf8(name: str) -> str | None:
    """Return a name of the system as UTF-8, whatever the locale says; None where it is not UTF-8."""
    if name.isascii():
        return name
    try:
        return os.fsencode(name).decode("utf-8")
    except UnicodeDecodeError:
        return None


def native(path: str) -> str:
    """Return a path of ours as the system takes it: the way back from `in_utf8`."""
    return path if path.isascii() else os.fsdecode(path.encode("utf-8"))


def collect(root: str, max_bytes: int, sweep: bool = False) -> dict[str, bytes]:
    """Read every `.yaml` and `.yml` file of the three folders: path (relative, forward slashes) to bytes, sorted.

    Names that begin with a dot are not read. One `Problem` lists whatever cannot be read.
    `sweep` removes the temporary files that runs left here which died while they wrote; only a caller that
    holds the project's lock may ask for it.
    """
    walk = _Walk(max_bytes, sweep)
    root_fd = os.open(root, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        for folder in FOLDERS:
            walk.folder(folder, folder, root_fd, 1, required=folder == "routes")
    finally:
        os.close(root_fd)
    walk.refuse_unread()
    if walk.refused:
        walk.refused.sort()
        shown = walk.refused[:_SHOWN]
        if len(walk.refused) > _SHOWN:
            shown.append((f"and {len(walk.refused) - _SHOWN:,} more", ""))
        raise Problem(*shown[0], others=shown[1:])
    return dict(sorted(walk.files.items()))


class _Walk:
    """One pass over the folders; the only way down is an open folder, so that no link can be slipped in."""

    def __init__(self, max_bytes: int, sweep: bool) -> None:
        self.files: dict[str, bytes] = {}
        self.refused: list[tuple[str, str]] = []
        self._unread: list[tuple[str, str]] = []  # path, and the same without what stands behind a policy file's name
        self._max_bytes = max_bytes
        self._sweep = sweep

    def folder(self, name: str, path: str, parent: int, depth: int, required: bool) -> None:
        """Read a folder and those below it; note whatever cannot be read, and a `required` one that is not there."""
        try:
            fd = os.open(name, _NOFOLLOW | os.O_DIRECTORY, dir_fd=parent)
        except FileNotFoundError:
            if required:
                self._refuse(path, "has just been removed", "run the command again")
            return
        except OSError as failure:
            if failure.errno in (errno.ELOOP, errno.ENOTDIR):
                kind = _kind(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
                self._refuse(path, f"is {kind}, not a folder", "make it a folder with the files in it")
            else:
                self._refuse(path, f"cannot be read: {_reason(failure)}", "make the folder readable")
            return
        try:
            if depth > MAX_DEPTH:
                self._refuse(path, f"is more than {MAX_DEPTH} folders deep", "move it up")
                return
            with os.scandir(fd) as entries:
                for entry in entries:
                    if not entry.name.startswith("."):
                        self._entry(entry, path, fd, depth)
                    elif self._sweep and entry.name.endswith(TEMPORARY):
                        with suppress(OSError):  # one that stays harms nobody: it is not read
                            os.unlink(entry.name, dir_fd=fd)
        except OSError as failure:
            self._refuse(path, f"cannot be read: {_reason(failure)}", "make the folder readable")
        finally:
            os.close(fd)

    def _entry(self, entry: os.DirEntry[str], above: str, parent: int, depth: int) -> None:
        """Read a file or go down into a folder; pass over other files, but refuse what may be meant as YAML."""
        name = in_utf8(entry.name)
        path = f"{above}/{entry.name if name is None else name}"
        if name is None:
            self._refuse(path, "has a name that is not UTF-8", "rename it")
        elif entry.is_dir(follow_symlinks=False):
            self.folder(entry.name, path, parent, depth + 1, required=True)
        elif name.endswith(ENDINGS):
            try:
                self.files[path] = read_regular(entry.name, max(self._max_bytes, READABLE), dir_fd=parent)
            except NotReadableError as failure:
                self._refuse(path, failure.reason, failure.remedy)
        elif entry.is_symlink() and _is_folder(entry):
            self._refuse(path, "is a symbolic link to a folder; links are not followed", "move the folder itself here")
        elif (near := _meant(name)) is not None:
            self._refuse(
                path,
                "would not be read: only names that end in .yaml or .yml are",
                f"rename it to `{visible(near)}`, or, to leave it out, begin its name with a dot",
            )
        elif (stem := _stem(name)) is not None and _holds_section(entry.name, parent):
            self._unread.append((path, f"{above}/{stem}"))

    def refuse_unread(self) -> None:
        """Refuse the files with sections of ours beside which no YAML file of their name is: none of them is a copy."""
        for path, stem in self._unread:
            if not any(stem + ending in self.files for ending in ENDINGS):
                self._refuse(
                    path,
                    "would not be read: only names that end in .yaml or .yml are",
                    f"rename it to `{visible(os.path.basename(stem))}.yaml`, or, to leave it out, "
                    "begin its name with a dot",
                )

    def _refuse(self, path: str, reason: str, remedy: str) -> None:
        """Note a path that cannot be read, why, and the remedy."""
        self.refused.append((f"{visible(path)} {reason}", remedy))


def _meant(name: str) -> str | None:
    """Return the name that an unread file was meant to have: `a.yaml` for `a.YAML`, `a.yaml.txt` or `a.ymal`.

    None where it does not look like YAML. `name` is one that is not read: a proper name comes back as it is.
    """
    stem = name.rstrip(" .")
    stem = stem.removesuffix(".txt") if stem.endswith((".yaml.txt", ".yml.txt")) else stem
    base, ending = os.path.splitext(stem)
    if ending.lower() in ENDINGS and base:
        return base + ending.lower()
    return base + ".yaml" if ending.lower() in (".yam", ".ymal", ".yaml_", ".yalm") and base else None


def _stem(name: str) -> str | None:
    """Return a name without the endings of copies, templates, JSON and YAML; None where it has another ending."""
    stem = _OTHER_ENDINGS.sub("", name)
    return stem if "." not in stem and "#" not in stem and stem else None


def _holds_section(name: str, parent: int) -> bool:
    """Return whether a file has a line that begins a section of ours, as policies and routes do."""
    try:
        return _SECTION_LINE.search(read_regular(name, _MOST_LOOKED_AT, dir_fd=parent)) is not None
    except NotReadableError:
        return False


def _is_folder(link: os.DirEntry[str]) -> bool:
    """Return whether a symbolic link leads to a folder; a link that leads nowhere does not."""
    try:
        return link.is_dir()
    except OSError:
        return False


class NotReadableError(Exception):
    """A file is not read; `reason` says why, and `remedy` what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def read_regular(name: str, max_bytes: int, dir_fd: int | None = None) -> bytes:
    """Return the bytes of a regular file of at most `max_bytes`, or raise `NotReadableError`; no link is followed."""
    try:
        fd = os.open(name, _NOFOLLOW, dir_fd=dir_fd)
    except OSError as failure:
        if failure.errno == errno.ELOOP:
            raise NotReadableError(
                "is a symbolic link; links are not followed", "put the file itself here, or remove the link"
            ) from None
        if failure.errno == errno.ENXIO:  # a socket
            raise NotReadableError("is not a regular file", "remove it") from None
        raise NotReadableError(f"cannot be read: {_reason(failure)}", _remedy(failure)) from None
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise NotReadableError(f"is {_kind(status.st_mode)}, not a regular file", "remove it")
        if status.st_size > max_bytes:
            raise NotReadableError(
                f"has {status.st_size:,} bytes; the limit is {max_bytes:,}",
                "split it (a section may be spread over any number of files), "
                "or raise max_file_bytes in routecomp.yaml",
            )
        data = os.read(fd, status.st_size + 1)
        if len(data) == status.st_size:
            return data
        return _read_on(fd, data, max_bytes)
    except OSError as failure:
        raise NotReadableError(f"cannot be read: {_reason(failure)}", _remedy(failure)) from None
    finally:
        os.close(fd)


def _read_on(fd: int, data: bytes, max_bytes: int) -> bytes:
    """Read the rest of a file whose size was not what the system said: it is being written, or on an odd disk.

    Return `data` with the rest; raise `NotReadableError` where that is more than `max_bytes`.
    """
    pieces = [data]
    size = len(data)
    while size <= max_bytes and (piece := os.read(fd, 1 << 20)):
        pieces.append(piece)
        size += len(piece)
    if size > max_bytes:
        raise NotReadableError(f"has more than {max_bytes:,} bytes", "split it, or raise max_file_bytes")
    return b"".join(pieces)


def _kind(mode: int) -> str:
    """Return the words for what a file is, by its mode."""
    return next((word for test, word in _KINDS if test(mode)), "a regular file")


def _reason(failure: OSError) -> str:
    """Return the system's words for a failure, in small letters."""
    return (failure.strerror or type(failure).__name__).lower()


def _remedy(failure: OSError) -> str:
    """Return what to do about a failure to read."""
    if isinstance(failure, PermissionError):
        return "make it readable for you"
    return "run the command again" if isinstance(failure, FileNotFoundError) else "check the disk it lies on"


def read_if_there(path: str, max_bytes: int) -> bytes | None:
    """Return the bytes of a regular file, None where there is nothing; raise a `Problem` for anything else."""
    if not os.path.lexists(path):
        return None
    try:
        return read_regular(path, max_bytes)
    except NotReadableError as failure:
        raise Problem(f"{visible(path)} {failure.reason}", failure.remedy) from None


@contextmanager
def locked(root: str, what: str = "this project") -> Iterator[None]:
    """Let a single command write into a folder at a time; a command that dies lets go by itself.

    `what` is what the folder is called.

    Wait for another one for a minute, then raise a `Problem`. On a disk without locks nothing is locked.

    INVARIANT: taken before the YAML is read: of two compilations the one that read later writes later.
    """
    fd = os.open(root, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        deadline = time.monotonic() + _LOCK_WAIT_S
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Problem(
                        f"another routecomp has been writing into {what} for a minute",
                        "wait for it, or end it",
                    ) from None
                time.sleep(0.02)
            except OSError as failure:
                if failure.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS):
                    raise
                break  # a disk without locks (some network mounts): every file is still written whole
        yield
    finally:
        os.close(fd)
