"""The Python of the pages is what a service can copy: a strict type checker accepts it, and the README's runs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from routecomp.service import CallError

PROJECT = Path(__file__).parents[1]
PAGES = [
    PROJECT / "README.md",
    *sorted((PROJECT / "docs").rglob("*.md")),
    *sorted((PROJECT / "src" / "routecomp" / "workspace" / "templates").rglob("*.md")),
]
BLOCK = re.compile(r"^```python(?: \S+)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CODE = {
    f"{page.relative_to(PROJECT).as_posix()}-{number}": text
    for page in PAGES
    for number, text in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), start=1)
}


def test_the_pages_pass_a_strict_type_checker(tmp_path: Path) -> None:
    """Every block of Python on every page, with the compiled resolver beside it, is clean for `mypy --strict`."""
    assert len(CODE) >= 5
    (tmp_path / "resolver.py").write_bytes((PROJECT / "generated" / "resolver.py").read_bytes())
    for name, text in CODE.items():
        (tmp_path / f"{re.sub('[^a-z0-9]', '_', name.lower())}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


class Hosts(ThreadingHTTPServer):
    """A server that stands for every host: `down` are the providers it answers for with 500; calls are remembered."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.down: set[str] = set()
        self.calls: list[tuple[str, str, str | None]] = []


class Handler(BaseHTTPRequestHandler):
    """One call: the path is the provider, the body an OpenAI chat."""

    server: Hosts

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.calls.append((self.path[1:], body["model"], self.headers["Authorization"]))
        text = f"{body['model']}: {body['messages'][0]['content']}"
        answer = json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()
        self.send_response(500 if self.path[1:] in self.server.down else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    with Hosts() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path, hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which we are then, with the example's files, all of whose hosts are the server here."""
    for name in ("resolver.py", "fallback.json"):
        (tmp_path / name).write_bytes((PROJECT / "generated" / name).read_bytes())
    table = json.loads((PROJECT / "generated" / "routing_table.json").read_bytes())
    for slug, provider in table["providers"].items():
        provider["url"] = f"http://127.0.0.1:{hosts.server_port}/{slug}"
        if provider["api_key_env"] is not None:
            monkeypatch.setenv(provider["api_key_env"], f"key of {slug}")
    primary = next(row["model"] for row in table["features"]["support-chat"]["rows"] if row["status"] == "primary")
    table["providers"][table["models"][primary]["provider"]]["api_key_env"] = None  # a host that needs no key
    (tmp_path / "routing_table.json").write_text(json.dumps(table), encoding="ascii")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "resolver", raising=False)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def service(folder: Path) -> ModuleType:
    """Return the README's loop as a module."""
    return module_of("README.md-1")


def module_of(name: str) -> ModuleType:
    """Return the code of a page as a module."""
    module = ModuleType("service")
    exec(compile(CODE[name], name, "exec"), module.__dict__)
    return module


def test_the_readmes_loop_serves(service: Any, hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host without a key is called without one; after one that fails, or whose key is not set, comes the next."""
    decision = service.router.resolve(feature="support-chat", input_tokens=1)
    first, second, third = (service.router.endpoint(decision, slug) for slug in decision.chain[:3])
    assert first.api_key_env is None
    assert service.answer("Hi", None) == f"{first.upstream_model}: Hi"
    assert hosts.calls == [(first.provider, first.upstream_model, None)]

    hosts.down.add(first.provider)
    assert service.answer("Hi", None) == f"{second.upstream_model}: Hi"
    assert hosts.calls[1:] == [
        (first.provider, first.upstream_model, None),
        (second.provider, second.upstream_model, f"Bearer key of {second.provider}"),
    ]

    monkeypatch.delenv(second.api_key_env)
    assert service.answer("Hi", None) == f"{third.upstream_model}: Hi"
    assert [provider for provider, *_ in hosts.calls[3:]] == [first.provider, third.provider]

    hosts.down |= {service.router.endpoint(decision, slug).provider for slug in decision.chain}
    assert service.answer("Hi", None) is None


def test_the_readmes_loop_without_hosts(service: Any, hosts: Hosts) -> None:
    """Hosts that nobody answers for leave no answer, and no traceback."""
    hosts.shutdown()
    hosts.server_close()
    assert service.answer("Hi", None) is None


def test_the_readmes_service_layer_serves(folder: Path, hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a host that fails comes the next; where nobody answers an error knows the status; all is written down."""
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    module: Any = module_of("README.md-2")
    with module.router as router:
        decision = router.resolve(feature="support-chat")
        first, second = (router.endpoint(decision, slug) for slug in decision.chain[:2])
        assert module.answer("Hi", None) == f"{first.upstream_model}: Hi"
        hosts.down.add(first.provider)
        assert module.answer("Hi", None) == f"{second.upstream_model}: Hi"
        assert hosts.calls[2:] == [(second.provider, second.upstream_model, f"Bearer key of {second.provider}")]
        hosts.down |= {router.endpoint(decision, slug).provider for slug in decision.chain}
        assert status_of(module) == 503
    (file,) = (folder / "state" / "routecomp").glob("*.outcomes.jsonl")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    outcomes = [row["outcome"] for row in rows if row["event"] == "routing_outcomes"]
    assert outcomes == ["succeeded", "fell_back", "failed"]


def status_of(module: Any) -> int:
    """Return the HTTP status that fits how a call ends. The error is let go here, and with it the host's answer."""
    try:
        module.answer("Hi", None)
    except CallError as error:
        return error.http_status
    return 200
