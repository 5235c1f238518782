"""The table that serves is on the disk before it serves, whole or not at all, and nobody else's is ever used."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from routecomp.runtime.resolver import Router
from routecomp.service.state import default_folder
from routecomp.service.tables import last_good
from routecomp.service.tables.files import TABLE
from routecomp.service.tables.last_good import Kept, LastGood, Unusable
from routecomp.service.tables.protocol import TableId
from routecomp.service.tables.tables import Tables
from tests.runtime import tables

from .pieces import Heard, bad, good, kept, kept_file, model, replace

ROOT = os.geteuid() == 0


def table_id(number: int, generation: int | None = None) -> TableId:
    return TableId(sha256(good(number)).hexdigest(), generation)


def write(folder: Path, number: int, generation: int | None = None) -> TableId:
    return keeper(folder).write(good(number), table_id(number, generation), "2026-11-30T09:15:00Z")


def keeper(folder: Path) -> LastGood:
    return LastGood(str(folder), "source")


def only_what_is_kept(folder: Path) -> bool:
    """Return whether nothing lies beside a kept table but the lock."""
    return {*folder.iterdir()} == {folder / ".lock", kept_file(folder)}


def started(tmp_path: Path, **more: object) -> Tables:
    """Start a process anew."""
    return Tables(tmp_path / TABLE, last_good=tmp_path / "kept", **more)  # type: ignore[arg-type]


def test_a_process_starts_without_its_source(tmp_path: Path) -> None:
    """With what an earlier run kept, tried again; the source's own table follows when it comes."""
    heard = Heard()
    (tmp_path / TABLE).write_bytes(good(0))
    started(tmp_path)
    (tmp_path / TABLE).unlink()
    served = started(tmp_path, on_activated=[heard.append])
    status = served.status()
    assert (model(served), status["origin"], status["activated"], served.ready()) == ("opus", "last-good", 0, True)
    assert (status["last_failure"], status["last_good_fault"]) == ("the file does not exist", None)
    (tmp_path / TABLE).write_bytes(bad(3))
    assert (served.refresh().outcome, model(served)) == ("refused", "opus")
    (tmp_path / TABLE).write_bytes(good(0))
    assert (served.refresh().outcome, served.status()["origin"]) == ("unchanged", "source")
    (tmp_path / TABLE).write_bytes(good(1))
    assert (served.refresh().outcome, model(served), kept(tmp_path / "kept")) == ("activated", "thinker", good(1))
    assert [event.origin for event in heard] == ["last-good", "source"]


def test_it_is_kept_before_it_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends at any moment of a look starts with what served, or with what would have served next."""
    (tmp_path / TABLE).write_bytes(good(0))
    served, seen = started(tmp_path), []
    rename = os.rename

    def look(*arguments: object, **more: object) -> None:
        seen.append((model(served), kept(tmp_path / "kept")))
        rename(*arguments, **more)  # type: ignore[arg-type]
        seen.append((model(served), kept(tmp_path / "kept")))

    replace(tmp_path / TABLE, good(1))
    monkeypatch.setattr(os, "rename", look)
    served.refresh()
    assert seen == [("opus", good(0)), ("opus", good(1))]
    assert model(served) == "thinker"


def test_what_is_kept_is_private_and_says_what_it_is(tmp_path: Path) -> None:
    """0600 in a folder of 0700, whatever the umask; a line of JSON, then the table."""
    before = os.umask(0)
    try:
        (tmp_path / TABLE).write_bytes(good(0))
        started(tmp_path)
    finally:
        os.umask(before)
    folder = tmp_path / "kept"
    assert (folder.stat().st_mode & 0o777, kept_file(folder).stat().st_mode & 0o777) == (0o700, 0o600)
    header = json.loads(kept_file(folder).read_bytes().partition(b"\n")[0].rpartition(b" ")[0])
    assert (header["sha256"], header["bytes"]) == (sha256(good(0)).hexdigest(), len(good(0)))
    assert only_what_is_kept(folder)


def later(raw: bytes) -> bytes:
    """Return a kept table as a later version may write it."""
    header = raw.partition(b"\n")[0].rpartition(b" ")[0].replace(b'"last_good": 1', b'"last_good": 2')
    return header + b" " + sha256(header).hexdigest().encode() + b"\n" + raw.partition(b"\n")[2]


def spoil(path: Path, way: str) -> None:
    """Make of a kept table what must not be used."""
    raw = path.read_bytes()
    if way == "linked":
        path.rename(path.with_name("elsewhere"))
        path.symlink_to("elsewhere")
    elif way == "open to others":
        path.chmod(0o620)
    elif way == "a folder":
        path.unlink()
        path.mkdir()
    elif way == "a pipe":
        path.unlink()
        os.mkfifo(path)
    elif way == "of another user":
        os.chown(path, 12345, -1)
    else:
        ways: dict[str, bytes] = {
            "cut": raw[:-1],
            "longer": raw + b" ",
            "empty": b"",
            "no header": good(0),
            "a later format": later(raw),
            "another header": b"[" * 5000 + raw,
            "refused by this resolver": b"",
        }
        path.write_bytes(ways[way])
        if way == "refused by this resolver":
            newer = good(0).replace(b'"format":"2.0"', b'"format":"3.0"')
            LastGood(str(path.parent), str(path.parents[1] / TABLE)).write(
                newer, TableId(sha256(newer).hexdigest()), ""
            )


WAYS = [
    "linked", "open to others", "a folder", "a pipe", "cut", "longer", "empty", "no header", "a later format",
    "another header", "refused by this resolver",
    pytest.param("of another user", marks=pytest.mark.skipif(not ROOT, reason="only root gives files away")),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_what_cannot_be_trusted_is_not_used(tmp_path: Path, way: str) -> None:
    """It is said, the ladder answers; and the next good table takes its place, but for a folder of that name."""
    (tmp_path / TABLE).write_bytes(good(0))
    started(tmp_path)
    (tmp_path / TABLE).unlink()
    spoil(kept_file(tmp_path / "kept"), way)
    served = started(tmp_path)
    assert not served.ready()
    assert str(served.status()["last_good_fault"]).startswith("what was kept is not used: ")
    (tmp_path / TABLE).write_bytes(good(1))
    assert (served.refresh().outcome, model(served)) == ("activated", "thinker")
    if way == "a folder":
        assert str(served.status()["last_good_fault"]).startswith("the table that serves is not kept: ")
    else:
        assert (kept(tmp_path / "kept"), served.status()["last_good_fault"]) == (good(1), None)
        assert not kept_file(tmp_path / "kept").is_symlink()


def test_no_flipped_bit_is_used(tmp_path: Path) -> None:
    """Of the table, and of the line before it."""
    write(tmp_path, 0, 7)
    path = kept_file(tmp_path)
    raw = path.read_bytes()
    for place in [*range(raw.index(b"\n") + 1), *range(raw.index(b"\n"), len(raw), 97)]:
        path.write_bytes(raw[:place] + bytes([raw[place] ^ 1 << place % 8]) + raw[place + 1 :])
        with pytest.raises(Unusable):
            keeper(tmp_path).read()
    path.write_bytes(raw)
    assert keeper(tmp_path).read() == Kept(table_id(0, 7), good(0))


def test_a_folder_that_goes_away_is_made_again(tmp_path: Path) -> None:
    """At the next look, even though the table did not change."""
    (tmp_path / TABLE).write_bytes(good(0))
    served = started(tmp_path)
    for path in (tmp_path / "kept").iterdir():
        path.unlink()
    (tmp_path / "kept").rmdir()
    assert served.refresh().outcome == "unchanged"
    assert kept(tmp_path / "kept") == good(0)
    kept_file(tmp_path / "kept").unlink()
    (tmp_path / TABLE).unlink()  # and though the source is gone: now more than ever
    assert served.refresh().outcome == "unreadable"
    assert kept(tmp_path / "kept") == good(0)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file where the folder should be: the table serves, and is kept as soon as it can be."""
    (tmp_path / "kept").write_bytes(b"")
    (tmp_path / TABLE).write_bytes(good(0))
    served = started(tmp_path)
    assert (model(served), served.ready()) == ("opus", True)
    fault = "the table that serves is not kept: "
    assert str(served.status()["last_good_fault"]).startswith(fault)
    (tmp_path / TABLE).write_bytes(good(1))
    assert (served.refresh().outcome, model(served)) == ("activated", "thinker")
    assert str(served.status()["last_good_fault"]).startswith(fault)
    (tmp_path / "kept").unlink()
    assert served.refresh().outcome == "unchanged"
    assert (served.status()["last_good_fault"], kept(tmp_path / "kept")) == (None, good(1))


@pytest.mark.skipif(ROOT, reason="root may write everywhere: see the test of a file in the place of the folder")
def test_a_read_only_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / TABLE).write_bytes(good(0))
    started(tmp_path)
    (tmp_path / "kept").chmod(0o500)
    (tmp_path / TABLE).write_bytes(good(1))
    served = started(tmp_path)
    assert (model(served), kept(tmp_path / "kept")) == ("thinker", good(0))
    assert "Permission denied" in str(served.status()["last_good_fault"])


def in_child(work: Callable[[], bool]) -> int:
    """Run something in a forked child; return 0 if it is true, and the signal's number if the child was ended."""
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        os._exit(0 if work() else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_full_disk_keeps_the_old_table_whole(tmp_path: Path) -> None:
    """The system takes half of the bytes: the new table serves, the old one is kept, and nothing is left beside it."""
    (tmp_path / TABLE).write_bytes(good(0))
    started(tmp_path)
    (tmp_path / TABLE).write_bytes(good(1))

    def work() -> bool:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(good(1)) // 2, resource.RLIM_INFINITY))
        served = started(tmp_path)
        return model(served) == "thinker" and "too large" in str(served.status()["last_good_fault"])

    assert in_child(work) == 0
    assert kept(tmp_path / "kept") == good(0)
    assert only_what_is_kept(tmp_path / "kept")


def test_a_disk_that_writes_something_else_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written is read back before it takes the place of the old table."""
    (tmp_path / TABLE).write_bytes(good(0))
    served, real = started(tmp_path), os.write
    (tmp_path / TABLE).write_bytes(good(1))
    monkeypatch.setattr(os, "write", lambda descriptor, raw: real(descriptor, bytes(raw).replace(b"opus", b"0pus")))
    assert (served.refresh().outcome, kept(tmp_path / "kept")) == ("activated", good(0))
    assert served.status()["last_good_fault"] == (
        "the table that serves is not kept: its bytes are not those that were written"
    )
    assert only_what_is_kept(tmp_path / "kept")


CALLS = ("open", "write", "fsync", "rename", "close", "fchmod")


def interrupt(call: str, turn: int, way: str) -> None:
    """Let a call of the system be the last thing that this process does, or fail, when its turn comes."""
    real, made = getattr(os, call), []

    def interrupted(*arguments: object, **more: object) -> object:
        made.append(call)
        if len(made) <= turn:
            return real(*arguments, **more)
        if way == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(5, "Input/output error")

    setattr(os, call, interrupted)


@pytest.mark.parametrize("way", ["killed", "failing"])
def test_every_moment_of_writing_may_be_the_last(tmp_path: Path, way: str) -> None:
    """A process that is killed before any call of the system, and calls that fail: old or new, never torn."""
    moments = 0
    for call in CALLS:
        for turn in count():
            folder = tmp_path / f"{call}-{turn}"
            write(folder, 0)
            fine = in_child(partial(interrupted_write, call, turn, way, folder)) == 0
            found = keeper(folder).read()
            assert found is not None
            assert found.table in (good(1) if fine else good(0), good(1))
            assert write(folder, 2) == table_id(2)
            assert only_what_is_kept(folder)
            if fine:
                break
            moments += 1
    print(f"{moments} moments")
    assert moments >= 12


def interrupted_write(call: str, turn: int, way: str, folder: Path) -> bool:
    """Write a table, in a process of its own; return whether nothing failed."""
    interrupt(call, turn, way)
    try:
        write(folder, 1)
    except (OSError, Unusable):
        return False
    return True


def test_processes_that_share_a_folder_keep_the_newest(tmp_path: Path) -> None:
    """Many write at once: what is kept in the end is the highest number, whole, and an older one never replaces it."""
    children = []
    for number in range(12):
        child = os.fork()
        if child == 0:
            write(tmp_path, number, number)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 12
    assert keeper(tmp_path).read() == Kept(table_id(11, 11), good(11))
    assert write(tmp_path, 3, 3) == table_id(11, 11)
    assert write(tmp_path, 3, None) == table_id(11, 11)


LOCKING = """
import fcntl, sys
file = open(sys.argv[1], "r+")
fcntl.lockf(file, fcntl.LOCK_EX)
print("locked", flush=True)
input()
"""


def test_who_waits_for_a_lock_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is stopped while it writes holds nobody up for ever."""
    write(tmp_path, 0)
    command = [sys.executable, "-c", LOCKING, str(tmp_path / ".lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        monkeypatch.setattr(last_good._TURNS, "_patience_s", 0.05)
        with pytest.raises(Unusable, match="another process has been writing there for long"):
            write(tmp_path, 1)
        other.communicate(b"\n")
    assert write(tmp_path, 1) == table_id(1)


def test_threads_that_share_a_folder_wait_in_turn(tmp_path: Path) -> None:
    """A process may hold several tables, and the lock of a file does not keep its own threads apart."""
    faults: list[object] = []

    def work(name: str) -> None:
        shared = LastGood(str(tmp_path), name)
        for number in range(25):
            try:
                faults.extend([] if shared.write(good(number), table_id(number), "") == table_id(number) else [number])
            except Unusable as unusable:
                faults.append(unusable)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert {path.read_bytes().partition(b"\n")[2] for path in tmp_path.glob("*.last-good")} == {good(24)}


def test_sources_that_share_a_folder_keep_apart(tmp_path: Path) -> None:
    """A service never starts with the table of another one."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / TABLE).write_bytes(good(name == "two"))
        assert Tables(tmp_path / name, last_good=tmp_path / "kept").ready()
        (tmp_path / name / TABLE).unlink()
    served = [model(Tables(tmp_path / name, last_good=tmp_path / "kept")) for name in ("one", "two", "three")]
    assert served == ["opus", "thinker", None]


def test_the_usual_place(tmp_path: Path, state_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of systemd, else of the user; never beside the source, nor where the program happens to stand."""
    (tmp_path / TABLE).write_bytes(good(0))
    path = Path(str(Tables(tmp_path / TABLE).status()["last_good"]))
    assert (path.parent, kept(path.parent)) == (state_folder / "routecomp", good(0))
    monkeypatch.chdir(tmp_path)
    assert Tables(TABLE).status()["last_good"] == str(path)
    assert (
        default_folder({"STATE_DIRECTORY": "/var/lib/a:/var/lib/b", "XDG_STATE_HOME": "/x"}) == "/var/lib/a/routecomp"
    )
    assert default_folder({"XDG_STATE_HOME": "relative"}) == os.path.expanduser("~/.local/state/routecomp")
    assert LastGood("", "https://config.example/table?…").name.startswith("https-config.example-table-")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # a user without a home
    monkeypatch.delenv("XDG_STATE_HOME")
    homeless = Tables(tmp_path / TABLE)
    assert (model(homeless), {*tmp_path.iterdir()}) == ("opus", {tmp_path / TABLE})
    assert "this user has no folder for it" in str(homeless.status()["last_good_fault"])
    for off in (None, False):
        assert Tables(tmp_path / TABLE, last_good=off).status()["last_good"] is None


def test_a_kept_table_of_an_older_run_is_no_floor_for_a_plain_file(tmp_path: Path) -> None:
    """Without numbers the source decides: an older file that is put back serves again."""
    for number in (0, 1, 0):
        (tmp_path / TABLE).write_bytes(good(number))
        served = started(tmp_path)
        assert (model(served), kept(tmp_path / "kept")) == (("opus", "thinker")[number], good(number))
    assert Router.from_bytes(kept(tmp_path / "kept")).status()["ruleset_hash"] == table_id(0).digest
    assert tables.TABLE["features"]["chat"]["rows"][0]["model"] == "opus"
