"""The table that serves is on the disk before it serves, whole or not at all, and nobody else's is ever used."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from routecomp.runtime.resolver import Router
from routecomp.service.tables import last_good
from routecomp.service.tables.files import TABLE
from routecomp.service.tables.last_good import LastGood, Unusable, default_folder
from routecomp.service.tables.protocol import TableId
from routecomp.service.tables.tables import Tables
from tests.runtime import tables

from .pieces import Heard, bad, good, kept, model, replace

ROOT = os.geteuid() == 0


def table_id(number: int, generation: int | None = None) -> TableId:
    return TableId(sha256(good(number)).hexdigest(), generation)


def write(folder: Path, number: int, generation: int | None = None) -> TableId:
    return LastGood(str(folder)).write(good(number), table_id(number, generation), "source", "2026-11-30T09:15:00Z")


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
    assert (folder.stat().st_mode & 0o777, (folder / "last-good").stat().st_mode & 0o777) == (0o700, 0o600)
    header = json.loads((folder / "last-good").read_bytes().partition(b"\n")[0])
    assert (header["sha256"], header["bytes"]) == (sha256(good(0)).hexdigest(), len(good(0)))
    assert sorted(path.name for path in folder.iterdir()) == [".lock", "last-good"]


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
            "a later format": raw.replace(b'"last_good": 1', b'"last_good": 2'),
            "a header of lists": b"[" * 5000 + raw,
            "refused by this resolver": b"",
        }
        path.write_bytes(ways[way])
        if way == "refused by this resolver":
            newer = good(0).replace(b'"format":"2.0"', b'"format":"3.0"')
            LastGood(str(path.parent)).write(newer, TableId(sha256(newer).hexdigest()), "source", "")


WAYS = [
    "linked", "open to others", "a folder", "a pipe", "cut", "longer", "empty", "no header", "a later format",
    "a header of lists", "refused by this resolver",
    pytest.param("of another user", marks=pytest.mark.skipif(not ROOT, reason="only root gives files away")),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_what_cannot_be_trusted_is_not_used(tmp_path: Path, way: str) -> None:
    """It is said, the ladder answers; and the next good table takes its place, but for a folder of that name."""
    (tmp_path / TABLE).write_bytes(good(0))
    started(tmp_path)
    (tmp_path / TABLE).unlink()
    spoil(tmp_path / "kept" / "last-good", way)
    served = started(tmp_path)
    assert not served.ready()
    assert str(served.status()["last_good_fault"]).startswith("what was kept is not used: ")
    (tmp_path / TABLE).write_bytes(good(1))
    assert (served.refresh().outcome, model(served)) == ("activated", "thinker")
    if way == "a folder":
        assert str(served.status()["last_good_fault"]).startswith("the table that serves is not kept: ")
    else:
        assert (kept(tmp_path / "kept"), served.status()["last_good_fault"]) == (good(1), None)
        assert not (tmp_path / "kept" / "last-good").is_symlink()


def test_no_flipped_bit_is_used(tmp_path: Path) -> None:
    """Any bit of the table, and any of the header that says something of it."""
    write(tmp_path, 0, 7)
    path = tmp_path / "last-good"
    raw = path.read_bytes()
    said = raw.index(b', "source"')
    for place in [*range(said), *range(raw.index(b"\n"), len(raw), 97)]:
        path.write_bytes(raw[:place] + bytes([raw[place] ^ 1 << place % 8]) + raw[place + 1 :])
        try:
            found = LastGood(str(tmp_path)).read()
        except Unusable:
            continue
        assert found is not None
        assert (found.table, found.table_id.digest) == (good(0), table_id(0).digest)  # spaces, the generation
    path.write_bytes(raw)
    assert LastGood(str(tmp_path)).read() == (table_id(0, 7), good(0))


def test_a_folder_that_goes_away_is_made_again(tmp_path: Path) -> None:
    """At the next look, even though the table did not change."""
    (tmp_path / TABLE).write_bytes(good(0))
    served = started(tmp_path)
    for name in ("last-good", ".lock"):
        (tmp_path / "kept" / name).unlink()
    (tmp_path / "kept").rmdir()
    assert served.refresh().outcome == "unchanged"
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
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == [".lock", "last-good"]


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
            found = LastGood(str(folder)).read()
            assert found is not None
            assert found.table in (good(1) if fine else good(0), good(1))
            assert write(folder, 2) == table_id(2)
            assert sorted(path.name for path in folder.iterdir()) == [".lock", "last-good"]
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
    assert LastGood(str(tmp_path)).read() == (table_id(11, 11), good(11))
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
        monkeypatch.setattr(last_good, "_PATIENCE_S", 0.05)
        with pytest.raises(Unusable, match="another process has been writing there for long"):
            write(tmp_path, 1)
        other.communicate(b"\n")
    assert write(tmp_path, 1) == table_id(1)


def test_the_usual_place(tmp_path: Path, state_folder: Path) -> None:
    """Of systemd, else of the user; one for each source, never beside it, and without what a URL hides."""
    (tmp_path / TABLE).write_bytes(good(0))
    served = Tables(tmp_path / TABLE)
    folder = Path(str(served.status()["last_good"]))
    assert folder.is_relative_to(state_folder / "routecomp")
    assert kept(folder) == good(0)
    assert default_folder("a", {"STATE_DIRECTORY": "/var/lib/a:/var/lib/b"}).startswith("/var/lib/a/routecomp/")
    assert default_folder("a", {"XDG_STATE_HOME": "relative"}).startswith(
        os.path.expanduser("~/.local/state/routecomp")
    )
    assert default_folder("a", {}) == default_folder(os.path.abspath("a"), {}) != default_folder("b", {})
    assert "/https-config.example-table-" in default_folder("https://config.example/table", {})
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
