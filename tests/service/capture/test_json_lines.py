"""A file of JSON lines has whole lines alone: after a kill, on a full disk, with many writers, across a rotation."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from routecomp.service.capture.rows import Row
from routecomp.service.capture.sinks.json_lines import JsonLines

PROJECT = Path(__file__).parents[3]


def rows(*names: str) -> list[Row]:
    return [Row("routing_outcomes", {"outcome_id": name, "tenant": "ü\n", "model": None}) for name in names]


def names(path: Path) -> list[str]:
    """Return the ids of a file's lines, all of which are whole."""
    text = path.read_bytes()
    assert text.endswith(b"\n") or not text
    return [json.loads(line)["outcome_id"] for line in text.splitlines()]


def test_a_line_is_a_row(tmp_path: Path) -> None:
    sink = JsonLines(tmp_path / "log")
    sink.write(rows("a", "b"))
    sink.close()
    sink.write(rows("c"))
    assert (tmp_path / "log").read_text().splitlines()[0] == (
        '{"event":"routing_outcomes","outcome_id":"a","tenant":"\\u00fc\\n","model":null}'
    )
    assert names(tmp_path / "log") == ["a", "b", "c"]
    sink.close()
    sink.close()


SERVING = """
import sys
from routecomp.service.capture.capture import Capture
from routecomp.service.capture.sinks.json_lines import JsonLines
from tests.service.capture.calls import answer
capture = Capture([JsonLines(sys.argv[1])], capacity=100)
number = 0
while True:
    for _ in range(50):
        answer(capture)
        number += 1
    assert capture.flush(60)
    print(number, flush=True)
"""


def test_a_service_that_is_killed_loses_what_waited_and_no_more(tmp_path: Path) -> None:
    """What was flushed is there; so is every line in whole but, at worst, one that the next writer removes."""
    command = [sys.executable, "-c", SERVING, str(tmp_path / "log")]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    flushed = [int(process.stdout.readline()) for _ in range(4)]
    process.kill()
    flushed += [int(line) for line in process.communicate()[0].split()]
    sink = JsonLines(tmp_path / "log")
    sink.write(rows("last"))
    sink.close()
    text = (tmp_path / "log").read_text()
    assert [json.loads(line)["event"] for line in text.splitlines()].count("routing_outcomes") >= flushed[-1] + 1


@pytest.mark.parametrize("way", ["move", "move and make", "delete"])
def test_a_rotation_begins_a_new_file(tmp_path: Path, way: str) -> None:
    path = tmp_path / "log"
    sink = JsonLines(path)
    sink.write(rows("a"))
    if way == "delete":
        path.unlink()
    else:
        path.rename(tmp_path / "log.1")
    if way == "move and make":
        path.touch()
    sink.write(rows("b"))
    assert names(path) == ["b"]
    assert way == "delete" or names(tmp_path / "log.1") == ["a"]
    sink.close()


def test_a_write_waits_for_another_process_s(tmp_path: Path) -> None:
    """Else the half line of one could be taken for that of a killed one."""
    sink, path = JsonLines(tmp_path / "log"), tmp_path / "log"
    thread = threading.Thread(target=sink.write, args=(rows("a"),))
    with path.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        thread.start()
        thread.join(0.1)
        assert thread.is_alive()
        assert names(path) == []
    thread.join()
    assert names(path) == ["a"]
    sink.close()


def test_a_folder_that_comes_later(tmp_path: Path) -> None:
    sink = JsonLines(tmp_path / "later" / "log")
    with pytest.raises(FileNotFoundError):
        sink.write(rows("a"))
    (tmp_path / "later").mkdir()
    sink.write(rows("b"))
    assert names(tmp_path / "later" / "log") == ["b"]
    sink.close()


def test_what_a_killed_process_left_of_a_line_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "log"
    sink = JsonLines(path)
    sink.write(rows("a"))
    with path.open("ab") as file:
        file.write(b'{"event":"routing_outcomes","day"')
    sink.write(rows("b"))
    assert names(path) == ["a", "b"]
    with path.open("ab") as file:
        file.write(b"{")  # what is left tells nothing, but the line above it does
    sink.write(rows("c"))
    assert names(path) == ["a", "b", "c"]
    path.write_bytes(b'{"event":"routing_attempts"')
    sink.write(rows("d"))
    assert names(path) == ["d"]
    sink.close()


FOREIGN = {
    "no line": b"no line at all",
    "half a line": b"first\nsecond, which somebody is still writing",
    "a line of JSON": b'{"event":"of another program","day":1',
    "the beginning of one": b"{",
    "one below ours": b'{"event":"routing_outcomes","outcome_id":"x"}\nof another program',
    "much": b"A" * 3_000_000,
    "much below a line": b"first\n" + b"A" * 1_500_000,
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_nothing_is_taken_from_a_file_of_others(tmp_path: Path, kind: str) -> None:
    """Its last line gets an end, and ours begin below it."""
    path = tmp_path / "theirs"
    path.write_bytes(FOREIGN[kind])
    sink = JsonLines(path)
    sink.write(rows("a"))
    sink.write(rows("b"))
    sink.close()
    raw = path.read_bytes()
    assert raw.startswith(FOREIGN[kind] + b"\n{")
    assert raw.count(b"\n") == FOREIGN[kind].count(b"\n") + 3


def test_a_new_file_begins_with_a_line_also_after_one_of_others(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"theirs" * 100)
    sink = JsonLines(path, max_bytes=300)
    sink.write(rows("a"))
    sink.close()
    assert names(path) == ["a"]
    assert (tmp_path / "log.1").read_bytes() == b"theirs" * 100


FULL = """
import resource, signal, sys
from routecomp.service.capture.sinks.json_lines import JsonLines
from tests.service.capture.test_json_lines import rows
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sink = JsonLines(sys.argv[1])
sink.write(rows("a"))
resource.setrlimit(resource.RLIMIT_FSIZE, (200, resource.RLIM_INFINITY))  # in the midst of the third line
try:
    sink.write(rows("b", "c"))
except OSError:
    print(open(sys.argv[1]).read().count("\\n"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    sink.write(rows("d"))
"""


def test_a_full_disk_leaves_no_half_line(tmp_path: Path) -> None:
    """A write that the system cuts short is taken back, and the next one is whole."""
    command = [sys.executable, "-c", FULL, str(tmp_path / "log")]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    assert done.stdout == "1\n"  # what was written of the others is taken back at once
    assert names(tmp_path / "log") == ["a", "d"]


WRITER = """
import sys
from routecomp.service.capture.sinks.json_lines import JsonLines
from tests.service.capture.test_json_lines import rows
sink = JsonLines(sys.argv[1])
for number in range(int(sys.argv[3])):
    sink.write(rows(*[f"{sys.argv[2]}-{number}-{place}" for place in range(20)]))
    if number == 0:
        print("begun", flush=True)
"""


def writer(path: Path, name: str, times: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(times)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE)


def test_processes_append_to_one_file_and_are_killed(tmp_path: Path) -> None:
    """Three append, and one of them is killed in the midst: every line is whole, each process's in order."""
    path = tmp_path / "log"
    victim = writer(path, "victim", 10**9)
    others = [writer(path, name, 100) for name in ("a", "b")]
    for process in (victim, *others):
        assert process.stdout is not None
        process.stdout.readline()
    os.kill(victim.pid, signal.SIGKILL)
    for process in (victim, *others):
        process.communicate()
    sink = JsonLines(path)
    sink.write(rows("last"))
    sink.close()
    written = names(path)
    for name in ("a", "b"):
        assert [line for line in written if line.startswith(f"{name}-")] == [
            f"{name}-{number}-{place}" for number in range(100) for place in range(20)
        ]
    assert written[-1] == "last"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    sink = JsonLines(tmp_path / "pipe")
    sink.write(rows("a"))
    assert os.read(reader, 1000).endswith(b"\n")
    sink.close()
    os.close(reader)


def test_a_file_that_would_grow_too_long_is_moved(tmp_path: Path) -> None:
    """The last of two files is lost when a third one begins; a batch that alone is longer is written all the same."""
    path, moved = tmp_path / "log", tmp_path / "log.1"
    sink = JsonLines(path, max_bytes=250)  # three rows
    for name in "abcdefg":
        sink.write(rows(name))
    assert (names(moved), names(path)) == (["d", "e", "f"], ["g"])
    sink.write(rows(*"hijkl"))
    assert (names(moved), names(path)) == (["g"], [*"hijkl"])
    sink.close()
    assert sorted(os.listdir(tmp_path)) == ["log", "log.1"]


def test_of_writers_that_wait_for_a_full_file_one_moves_it(tmp_path: Path) -> None:
    """Whoever comes next sees that it was moved, and does not move the new one over it."""
    path, moved = tmp_path / "log", tmp_path / "log.1"
    path.write_bytes(b'{"outcome_id":"old"}\n' * 45)
    sink = JsonLines(path, max_bytes=1000)
    writer = threading.Thread(target=sink.write, args=(rows("b"),))
    with path.open("rb") as file:  # as another writer
        fcntl.flock(file, fcntl.LOCK_EX)
        writer.start()
        while sink._file is None:
            time.sleep(0.001)
        path.rename(moved)
        JsonLines(path).write(rows("a"))
    writer.join()
    sink.close()
    assert (names(moved), names(path)) == (["old"] * 45, ["a", "b"])
