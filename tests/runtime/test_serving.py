"""The program from inside: what it reads, when it answers, what it says and how it ends."""

from __future__ import annotations

import io
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime import resolver

from .tables import FALLBACK, TABLE, encode, router

LINE = b'{"model":"opus"}'


class Sink(io.BytesIO):
    """Remembers what had been written at every flush."""

    def __init__(self) -> None:
        super().__init__()
        self.flushed: list[bytes] = []

    def flush(self) -> None:
        self.flushed.append(self.getvalue())


def piped(*pieces: bytes) -> tuple[list[bytes], list[int]]:
    """Return the answers to pieces, each written and flushed after the answer before it was read."""
    reading, writing = os.pipe()
    sink, counts = Sink(), list[int]()
    server = threading.Thread(target=resolver.serve, args=(router(), reading, sink))
    server.start()
    try:
        for piece in pieces:
            os.write(writing, piece)
            wanted = b"".join(pieces[: len(counts) + 1]).count(b"\n")
            for _ in range(2_000):
                if (sink.flushed[-1].count(b"\n") if sink.flushed else 0) == wanted:
                    break
                server.join(0.005)
            counts.append(sink.flushed[-1].count(b"\n") if sink.flushed else 0)
    finally:
        os.close(writing)
        server.join()
        os.close(reading)
    assert not sink.flushed or sink.flushed[-1] == sink.getvalue()
    return sink.getvalue().splitlines(), counts


ANSWER = router().resolve(model="opus").to_json().encode()
NO_REQUEST = resolver.resolve_line(router(), b"").encode()


def test_whole_lines_are_answered_as_they_come() -> None:
    """As many answers as whole lines have arrived, however they were cut; the last line needs no end."""
    assert piped(LINE + b"\n", LINE + b"\n") == ([ANSWER] * 2, [1, 2])
    assert piped(LINE[:5], LINE[5:] + b"\n" + LINE[:3], LINE[3:7], LINE[7:] + b"\n") == ([ANSWER] * 2, [0, 1, 1, 2])
    assert piped(LINE + b"\n" + LINE + b"\n" + LINE) == ([ANSWER] * 3, [2])
    assert piped(LINE) == ([ANSWER], [0])
    assert piped(b"\n\n") == ([NO_REQUEST] * 2, [2])
    assert piped() == ([], [])


def test_many_lines_at_once(tmp_path: Path) -> None:
    """A file much larger than what is read at once is answered line by line."""
    path = tmp_path / "requests.jsonl"
    path.write_bytes((LINE + b"\n") * 20_000)
    sink = Sink()
    with path.open("rb") as file:
        resolver.serve(router(), file.fileno(), sink)
    assert sink.getvalue().splitlines() == [ANSWER] * 20_000
    assert len(sink.flushed) < 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "routing_table.json").write_bytes(encode(TABLE))
    (tmp_path / "fallback.json").write_bytes(encode(FALLBACK))
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, raw: bytes, *arguments: str) -> tuple[int, list[Any], str]:
    """Return the program's exit code, its answers and what it wrote to standard error."""
    (folder / "requests").write_bytes(raw)
    errors = io.StringIO()
    with (folder / "requests").open() as requests, (folder / "answers").open("w+") as answers:
        monkeypatch.setattr(sys, "stdin", requests)
        monkeypatch.setattr(sys, "stdout", answers)
        monkeypatch.setattr(sys, "stderr", errors)
        monkeypatch.setattr(resolver, "__file__", str(folder / "resolver.py"))
        code = resolver.main(list(arguments))
    return code, [json.loads(one) for one in (folder / "answers").read_text().splitlines()], errors.getvalue()


def test_the_table_beside_the_program(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Without arguments the files beside the program serve, and nothing is said."""
    code, answers, errors = run(monkeypatch, folder, LINE + b"\n" + b'{"feature":"batch"}')
    assert (code, errors) == (0, "")
    assert [(one["status"], one["model"]) for one in answers] == [("ok", "opus"), ("ok", "mistral-3")]
    assert [one["source"] for one in answers] == ["table", "default_route"]


def test_files_that_are_named(monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path) -> None:
    """--table and --fallback; a table that is refused is a warning that says what serves in its place."""
    (folder / "fallback.json").rename(folder / "f.json")
    gone = str(folder / "gone.json")
    code, answers, errors = run(monkeypatch, folder, LINE, "--table", gone, "--fallback", str(folder / "f.json"))
    assert (code, [one["status"] for one in answers]) == (0, ["unknown_model"])
    warning = "resolver.py: warning: routing table: the file does not exist; serving from: "
    assert errors == warning + "fallback file\n"
    code, answers, errors = run(monkeypatch, folder, LINE, "--table", gone)
    assert (code, errors) == (0, warning + "nothing\n")
    assert run(monkeypatch, folder, LINE, "--table", str(folder / "routing_table.json"))[1][0]["model"] == "opus"


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    """--help says what is read and written, and where the files are looked for."""
    with pytest.raises(SystemExit) as ended:
        resolver.main(["--help"])
    assert ended.value.code == 0
    assert " ".join(capsys.readouterr().out.split()) == (
        "usage: resolver.py [-h] [--table PATH] [--fallback PATH] [--sha256 HEX] "
        "Reads requests as JSON lines on standard input and writes one decision for every line. "
        "options: -h, --help show this help message and exit "
        "--table PATH default: routing_table.json beside this file "
        "--fallback PATH default: fallback.json beside the table --sha256 HEX refuse a table that has another SHA-256"
    )


def test_interrupted(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Ctrl-C ends the program with 130, as a shell expects, without a traceback."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(resolver, "serve", interrupted)
    assert run(monkeypatch, folder, b"")[::2] == (130, "")


def test_a_reader_that_left(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """When nobody reads any more the program ends well, and what is flushed at its exit has a place to go."""

    def left(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(resolver, "serve", left)
    (folder / "requests").write_bytes(b"")
    reading, writing = os.pipe()
    os.close(reading)
    with (folder / "requests").open() as requests, open(writing, "w") as answers:
        monkeypatch.setattr(sys, "stdin", requests)
        monkeypatch.setattr(sys, "stdout", answers)
        assert resolver.main(["--table", str(folder / "routing_table.json")]) == 0
        answers.write("x")
        answers.flush()  # into nothing, in place of a broken pipe
