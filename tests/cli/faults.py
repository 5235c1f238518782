"""Run a command under a fault and report what the fault left behind; as a program, it dies instead of its caller.

Every function of `os` that reaches the disk is counted. A child process runs the command with one fault at the
N-th call: killed before it, killed half-way through it (a write of half the bytes), or refused with ENOSPC or EIO.
For each fault one JSON line says how the command ended, what it printed and what stands in the folder after it.

    python -m tests.cli.faults PROJECT COMMAND…   < {"reset": {path: text}, "faults": [[kind, N], …]}
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys
from base64 import b64encode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.cli.command_server import import_everything

COUNTED = (
    "open",
    "write",
    "read",
    "close",
    "fsync",
    "rename",
    "mkdir",
    "unlink",
    "fchmod",
    "stat",
    "fstat",
    "listdir",
    "scandir",
    "link",
)
# A disk that is full, or broken, refuses these; it does not refuse to close what was only read.
REFUSING = {
    "ENOSPC": ("open", "write", "fsync", "rename", "mkdir", "close"),
    "EIO": ("open", "write", "read", "close", "fsync", "rename", "mkdir", "unlink", "listdir"),
}


def arm(kind: str, at: int, calls: list[str]) -> None:
    """Wrap `os`: count each call into `calls`, and let the fault happen at number `at` (from 0)."""
    for name in COUNTED:
        setattr(os, name, _wrapped(name, getattr(os, name), kind, at, calls))


def _wrapped(name: str, real: Callable[..., Any], kind: str, at: int, calls: list[str]) -> Callable[..., Any]:
    def call(*args: Any, **more: Any) -> Any:
        number = len(calls)
        calls.append(name)
        if number != at or kind == "none":
            return real(*args, **more)
        if kind == "kill":
            _die()
        if kind == "kill inside":
            try:
                real(*((args[0], bytes(args[1])[: len(args[1]) // 2]) if name == "write" else args), **more)
            finally:
                _die()
        if name not in REFUSING[kind]:
            return real(*args, **more)
        if name == "write" and kind == "ENOSPC":
            real(args[0], bytes(args[1])[: len(args[1]) // 2])  # the last free blocks
        if name == "close":
            real(*args, **more)
        raise OSError(getattr(errno, kind), os.strerror(getattr(errno, kind)))

    return call


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(arguments: Sequence[str]) -> None:
    root, command = Path(arguments[0]), list(arguments[1:])
    order = json.load(sys.stdin)
    import_everything()  # once: the children start from a process that has it
    for kind, at in order["faults"]:
        _reset(root, order["reset"])
        print(json.dumps({"kind": kind, "at": at, **_attempt(root, command, kind, at)}), flush=True)


def _reset(root: Path, files: dict[str, str]) -> None:
    for entry in root.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def _attempt(root: Path, command: list[str], kind: str, at: int) -> dict[str, Any]:
    log = root.parent / "log"
    child = os.fork()
    if child == 0:
        _child(root, command, kind, at, log)
    _, status = os.waitpid(child, 0)
    printed = log.read_text(encoding="utf-8")
    calls = json.loads((root.parent / "calls").read_text()) if (root.parent / "calls").exists() else []
    return {"code": os.waitstatus_to_exitcode(status), "printed": printed, "calls": calls, "left": _content(root)}


def _child(root: Path, command: list[str], kind: str, at: int, log: Path) -> None:
    calls: list[str] = []
    code = 99
    try:
        os.chdir(root)
        (root.parent / "calls").unlink(missing_ok=True)
        fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(fd, 1)
        os.dup2(fd, 2)
        from routecomp.cli.main import main

        really = {name: getattr(os, name) for name in COUNTED}
        arm(kind, at, calls)
        code = main(command)
        for name, real in really.items():
            setattr(os, name, real)
        sys.stdout.flush()
        (root.parent / "calls").write_text(json.dumps(calls))
    finally:
        os._exit(code)


def _content(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): b64encode(path.read_bytes()).decode()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".routecomp" not in path.parts
    }


if __name__ == "__main__":
    main(sys.argv[1:])
