"""Serve `routecomp` from a process that has imported it, so that a command costs a fork instead of a start.

`commands()` is a folder with a program `routecomp`, for the PATH of pages, scripts and Git drivers. The program sends
its arguments, environment, folder and standard streams to the server of this test process. The server forks, and the
fork runs the console script. Tests about the process itself (its start, signals, locale, hash seed) run the installed
program instead.
"""

from __future__ import annotations

import gc
import marshal
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from importlib import import_module
from pathlib import Path

INSTALLED = Path(sys.executable).parent
CLIENT = """\
#!{python} -IS
import _socket, marshal, os, struct, sys
try:
    server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    server.connect({socket!r})
    request = marshal.dumps((sys.argv[1:], os.getcwd(), dict(os.environ)))
    streams = _socket.SOL_SOCKET, _socket.SCM_RIGHTS, struct.pack("3i", 0, 1, 2)
    server.sendmsg([struct.pack("=Q", len(request))], [streams])
    server.sendall(request)
except OSError:  # no server any more, or a stream that is closed
    os.execv({program!r}, [{program!r}, *sys.argv[1:]])
code = server.recv(1)
os._exit(code[0] if code else 255)
"""


def search_path() -> str:
    """Return a PATH on which `routecomp` is the served one, and `python` that of this test run."""
    return os.pathsep.join([str(commands()), str(INSTALLED), os.environ["PATH"]])


@cache
def commands() -> Path:
    """Return the folder that holds `routecomp`; the first call of a test process starts its server."""
    folder = Path(tempfile.mkdtemp(prefix="routecomp-"))
    address = str(folder / "socket")
    # The server reads the end of its input when this process ends.
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.command_server", address],
        cwd=Path(__file__).parents[2],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    _servers.append(server)
    program = folder / "bin" / "routecomp"
    program.parent.mkdir()
    program.write_text(
        CLIENT.format(python=sys.executable, socket=address, program=str(INSTALLED / "routecomp")), encoding="utf-8"
    )
    program.chmod(0o755)
    return program.parent


def stop() -> None:
    """End the server of this test process, if it has one, and wait for it: its processor time counts as this run's."""
    for server in _servers:
        server.communicate()


_servers: list[subprocess.Popen[bytes]] = []


def serve(address: str) -> None:
    """Fork for each command; return in the fork, where the streams, the folder and sys.argv are the command's.

    In the server itself this function does not return: it exits when the test process has ended.
    """
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    print("ready", flush=True)
    clients: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([0, listener.fileno(), awake], [], [])
        if 0 in ready:
            shutil.rmtree(Path(address).parent, ignore_errors=True)
            os._exit(0)
        if listener.fileno() in ready:
            client, _ = listener.accept()
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _take_over(client)
                return
            clients[pid] = client
        if awake in ready:
            os.read(awake, 512)
            _answer(clients)


def import_everything() -> None:
    """Import every module of routecomp, so that a fork of this process need not."""
    for module in pkgutil.walk_packages(import_module("routecomp").__path__, "routecomp."):
        if not module.name.endswith("__main__"):
            import_module(module.name)


def _take_over(client: socket.socket) -> None:
    """Read the request of a client, and make its arguments, folder, environment and streams those of this process."""
    header, streams, _, _ = socket.recv_fds(client, 8, 3)
    size = int.from_bytes(header, sys.byteorder)
    request = b""
    while len(request) < size:
        request += client.recv(size - len(request))
    arguments, folder, environment = marshal.loads(request)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["routecomp", *arguments]


def _answer(clients: dict[int, socket.socket]) -> None:
    """Send the exit code of each command that has ended to its client."""
    while clients:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        code = os.waitstatus_to_exitcode(status)
        with clients.pop(pid) as client:
            try:
                client.send(bytes([code if code >= 0 else 128 - code]))
            except BrokenPipeError:  # the client was killed
                continue


if __name__ == "__main__":
    import_everything()
    gc.collect()
    gc.freeze()
    serve(sys.argv[1])
    sys.exit(import_module("routecomp_start").start())
