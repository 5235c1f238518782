"""Start a service of examples/ against hosts with faults, call it from many threads, and read what it wrote."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from routecomp.checker import Options
from routecomp.compiler import compile
from routecomp.testing.server import at_random
from tests.tour import PROJECT

EXAMPLES = PROJECT / "examples"
KEYS = dict.fromkeys(("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "MISTRAL_API_KEY"), "no-key")
HEALTHY = "mistral-medium-3"
"""The last model of the chain, which never fails: it could answer every call within `max_attempts` and the deadline."""
FAULTS = ("429", "500", "hang", "reset", "half_stream", "slow_first_token")
START_S = 60
"""How long a server may take to start, on a machine that does much else."""


def faults(seed: int) -> Callable[[str], str | None]:
    """Return hosts of which all but one fail, in two of five calls."""
    choose = at_random(dict(zip(FAULTS, (0.08, 0.08, 0.02, 0.08, 0.08, 0.06), strict=True)), seed)
    return lambda model: None if model == HEALTHY else choose(model)


def table_files(url: str, **changes: str) -> dict[str, bytes]:
    """Compile the project of the examples with its hosts at a URL; `changes` are texts of its YAML and their places."""
    files = {}
    for path in sorted((EXAMPLES / "project").glob("*/*.yaml")):
        text = path.read_text(encoding="utf-8").replace("http://127.0.0.1:9000", url)
        for old, new in {"failures: 5": "failures: 1000", "total_ms: 5000": "total_ms: 3000", **changes}.items():
            text = text.replace(old, new)
        files[path.relative_to(EXAMPLES / "project").as_posix()] = text.encode()
    artifacts = compile(files, Options(date(2026, 12, 1))).artifacts
    return {name: artifacts[name] for name in ("routing_table.json", "fallback.json")}


class Mount:
    """A folder of files as kubelet mounts a ConfigMap: links into a folder behind one link, which is swapped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._number = 0

    def write(self, files: dict[str, bytes]) -> None:
        """Put other files in the place of those that are there, all at once."""
        self._number += 1
        written = self.folder / f"..{self._number}"
        written.mkdir(parents=True)
        for name, data in files.items():
            (written / name).write_bytes(data)
            if not (self.folder / name).is_symlink():
                (self.folder / name).symlink_to(f"..data/{name}")
        (self.folder / "..data_tmp").symlink_to(written.name)
        os.replace(self.folder / "..data_tmp", self.folder / "..data")


class Answer(NamedTuple):
    """What a caller got: the text is None where a stream broke."""

    status: int
    text: str | None
    is_stream: bool


class Running:
    """A service of examples/, and the folder in which it keeps what it writes."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, state: Path, log: Path) -> None:
        self.process = process
        self.port = port
        self._state = state
        self._log = log

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def get(self, path: str) -> tuple[int, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()

    def chat(self, number: int, *, tenant: str = "acme", content: str = "Hello?") -> Answer:
        """Make a call; each third one is a stream."""
        is_stream = number % 3 == 0
        body = json.dumps({"messages": [{"role": "user", "content": content}], "stream": is_stream})
        headers = {"Content-Type": "application/json", "X-Tenant": tenant, "X-Request-Id": f"request-{number}"}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("POST", "/chat", body, headers)
            response = connection.getresponse()
            try:
                text = response.read().decode()
            except (http.client.IncompleteRead, ConnectionError):
                return Answer(response.status, None, is_stream)
        return Answer(response.status, text if is_stream else json.loads(text).get("text"), is_stream)

    def load(self, numbers: Sequence[int], threads: int = 6) -> list[Answer]:
        """Make calls from many threads."""
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(self.chat, numbers))

    def rows(self, *, shadows: bool = False) -> list[dict[str, Any]]:
        """Return the outcomes that were written: those of callers' calls, or those of shadows."""
        lines = [line for path in self._state.rglob("*.outcomes.jsonl") for line in path.read_text().splitlines()]
        rows = [json.loads(line) for line in lines]
        rows = [row for row in rows if row["event"] == "routing_outcomes"]
        return [row for row in rows if ("shadow" in (row["reasons"] or ())) == shadows]

    def terminate(self) -> int:
        """Send SIGTERM, and return the code with which the process ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def running(command: Sequence[str], table: Path, state: Path) -> Iterator[Running]:
    """Run a command with `PORT` in the place of its port; the service is ready when the block begins."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    state.mkdir()
    state.chmod(0o2770)  # as a volume of a cluster is, whose group may write
    environment = {
        **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
        **KEYS,
        "ROUTING_TABLE": str(table),
        "STATE_DIRECTORY": str(state),
        "RELOAD_S": "0.2",
        "PORT": str(port),
    }
    log = state / "log"
    words = [sys.executable, *(word.replace("PORT", str(port)) for word in command)]
    with log.open("wb") as output:
        process = subprocess.Popen(words, cwd=EXAMPLES, env=environment, stdout=output, stderr=output)
    service = Running(process, port, state, log)
    try:
        _wait_until_ready(service)
        yield service
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(service: Running) -> None:
    end = time.monotonic() + START_S
    while True:
        assert service.process.poll() is None, service.log
        try:
            if service.get("/ready")[0] == 200:
                return
        except OSError:
            pass
        assert time.monotonic() < end, service.log
        time.sleep(0.1)


def check_answers(answers: Sequence[Answer], broken_by_hosts: int) -> None:
    """See that each call was answered whole, but for streams that hosts broke off, which nobody takes for whole."""
    for answer in answers:
        assert answer.status == 200
        if answer.text is None:
            assert answer.is_stream
        else:
            assert answer.text.startswith("Hello from ")
            assert len(answer.text) > len("Hello from "), "half a stream passes for a whole one"
    assert sum(answer.text is None for answer in answers) <= broken_by_hosts


def check_rows(service: Running, answers: Sequence[Answer]) -> None:
    """See that each call has one outcome, and that broken streams alone have failed."""
    rows = service.rows()
    assert (len(rows), len({row["request_id"] for row in rows})) == (len(answers), len(answers))
    outcomes = Counter(row["outcome"] for row in rows)
    broken = sum(answer.text is None for answer in answers)
    assert outcomes["failed"] == broken, outcomes
    assert outcomes["succeeded"] + outcomes["fell_back"] == len(answers) - broken, outcomes
