"""`resolve` in a pipe answers line by line, ends quietly when the reader goes, and ends at an interrupt."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.transcripts import SMALL, environment, project, run

START = "import sys\nfrom routecomp.cli.main import main\nsys.exit(main(['resolve']))"


@contextmanager
def resolving(root: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A running `routecomp resolve` with pipes at both ends."""
    with subprocess.Popen(
        [sys.executable, "-c", START],
        cwd=root,
        env=environment(root),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_answers_come_line_by_line() -> None:
    """Each request is answered before the next one is sent: nothing waits in a buffer."""
    with project(SMALL) as root, resolving(root) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for model in ("auto", "claude", "nobody", "auto"):
            process.stdin.write(json.dumps({"model": model}).encode() + b"\n")
            process.stdin.flush()
            decision = json.loads(process.stdout.readline())
            assert (decision["status"] == "ok") == (model != "nobody")
        process.stdin.close()
        assert process.wait() == 0


def test_an_interrupt_ends_it() -> None:
    """Ctrl-C while it waits: exit code 130, one word, no traceback."""
    with project(SMALL) as root, resolving(root) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b'{"model": "auto"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
        assert process.stderr.read() == b"error: interrupted\n"


def test_a_reader_that_goes_is_no_error() -> None:
    """`routecomp resolve | head -1` over many requests says nothing on standard error."""
    with project({**SMALL, "many.jsonl": '{"model": "auto"}\n' * 20_000}) as root:
        ran = run("routecomp resolve < many.jsonl | head -1 | cut -c 1-15", root)
        assert (ran.out, ran.err) == ('{"status": "ok"\n', "")


def test_every_line_is_answered() -> None:
    """Whatever stands in a line, it gets one decision: bytes that are not UTF-8, nothing at all, no end of line."""
    lines = [
        b'{"model": "auto"}',
        b"",
        b"\xff\xfe",
        b"[1]",
        b'"text"',
        b"{" * 100,
        b'{"model": "auto"}\r',
        b'{"model": "\xc3\xbc"}',
        b'{"feature": "support-chat"}',
    ]
    with project(SMALL) as root:
        done = subprocess.run(
            [sys.executable, "-c", START],
            cwd=root,
            env=environment(root),
            input=b"\n".join(lines),
            capture_output=True,
            check=True,
        )
    decisions = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["status"] for one in decisions] == ["ok", *["unknown_model"] * 5, "ok", "unknown_model", "ok"]
    assert done.stderr == b""
