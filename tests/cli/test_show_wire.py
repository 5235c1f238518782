"""`routecomp show wire`: the command it prints sends what the endpoint says, and sh runs nothing else."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from routecomp.checker import Options, check
from routecomp.explain.curl import curl_text
from routecomp.explain.wire import ACCESS_TOKEN, Header, WireRequest, wire_request
from routecomp.model.adapters import ADAPTERS
from routecomp.model.project import Program

CURL = shutil.which("curl")
HARD = pytest.mark.skipif(os.environ.get("ROUTECOMP_HARD") != "1", reason="a long run: make hard")
NEEDS_CURL = pytest.mark.skipif(CURL is None, reason="curl is not installed")
SECRET = 'it\'s "$(touch key)" `touch key`; touch key\\'
TOKEN = "!#$%&'*+.^_`|~aZ09-"
PIECES = (
    *(
        "$(touch x)",
        "`touch x`",
        "';touch x;'",
        '";touch x;"',
        "$HOME",
        "${IFS}",
        "!!",
        "\\",
        "%41",
        "&",
        "|",
        "<x",
        ">x",
    ),
    *("@/etc/passwd", "~", "#", "*", "a", "[1]", "{a,b}", "/../", "\\n", "'", '"'),
)


class Recorder:
    """A local server that keeps the bytes of each request."""

    def __init__(self) -> None:
        self.requests: list[tuple[bytes, list[bytes], bytes]] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed
                return
            with connection, connection.makefile("rb") as stream:
                line, headers = stream.readline(), []
                while (header := stream.readline()) not in (b"\r\n", b""):
                    headers.append(header.removesuffix(b"\r\n"))
                length = next((int(h[15:]) for h in headers if h.lower().startswith(b"content-length:")), 0)
                self.requests.append((line, headers, stream.read(length)))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """Serve for a while."""
    server = Recorder()
    yield server
    server.close()


def program(provider: dict[str, Any], model: dict[str, Any] | None = None) -> Program | None:
    """Return a program of one model; None where the check refuses it, as a text that looks like a credential."""
    figures = {"quality": 0.5, "price": {"input": 1, "output": 1}, "latency_ms": 1, "context_window": 9}
    files = {
        "routes/all.yaml": json.dumps(
            {
                "providers": {"p": {"stack": "eu", **provider}},
                "models": {"m": {"provider": "p", **figures, **(model or {})}},
                "defaults": {"model": "m"},
                "scoring": {"cost": {"best": 0, "worst": 9}, "latency_ms": {"best": 0, "worst": 9}},
            }
        ).encode()
    }
    return check(files, Options(today=date(2026, 11, 20))).program


def shown(provider: dict[str, Any], model: dict[str, Any] | None = None, *, stream: bool = False) -> WireRequest:
    """Return the request of the one model of a program that is sound."""
    made = program(provider, model)
    assert made is not None
    return wire_request(made, "m", stream=stream)


def hostile_text(dice: random.Random, letters: str = "") -> str:
    """Return a text of pieces that mean something to a shell, or of these letters."""
    if letters:
        return "".join(dice.choices(letters, k=dice.randrange(1, 9)))
    return "".join(dice.choices([*PIECES, " "], k=dice.randrange(5)))


def hostile_params(dice: random.Random, depth: int = 0) -> Any:
    """Return a value of params whose texts mean something to a shell."""
    if depth > 3 or dice.random() < 0.6:
        return dice.choice([hostile_text(dice) + "é", 12, 0.25, True, hostile_text(dice)])
    if dice.random() < 0.5:
        return [hostile_params(dice, depth + 1) for _ in range(dice.randrange(3))]
    return {hostile_text(dice): hostile_params(dice, depth + 1) for _ in range(dice.randrange(3))}


def hostile(dice: random.Random, port: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a provider and a model that say as odd things as the language allows."""
    path = "/" + "".join(
        letter for letter in "".join(dice.choices(PIECES, k=3)) if letter not in "{}#\\?" and letter != " "
    )
    headers = {hostile_text(dice, TOKEN): hostile_text(dice) for _ in range(dice.randrange(4))}
    provider = {
        "adapter": dice.choice(["openai", "anthropic", "custom", "cohere"]),
        "base_url": f"http://127.0.0.1:{port}",
        "chat_path": path + "{model}",
        "stream_path": path + "{model}/s",
        "headers": headers,
        "secret_headers": {hostile_text(dice, TOKEN) + "s": "OTHER_TOKEN"},
        "query": {hostile_text(dice) or "q": hostile_text(dice) for _ in range(dice.randrange(3))},
        "auth": dice.choice(["bearer", "api-key", "header:" + hostile_text(dice, TOKEN) + "k"]),
        "api_key_env": "HOST_KEY",
    }
    upstream = hostile_text(dice).replace(" ", "") or "m"
    params = {hostile_text(dice): hostile_params(dice) for _ in range(dice.randrange(4))}
    return provider, {"provider_model_name": upstream, **({"params": params} if params else {})}


def sent(requests: list[WireRequest], recorder: Recorder, folder: Path) -> None:
    """Run the commands of requests with sh; fail unless exactly their bytes arrive, and nothing else happens."""
    script = "".join(curl_text(request).replace("curl ", "curl -q --silent --show-error ", 1) for request in requests)
    environment = {"PATH": os.environ["PATH"], "HOST_KEY": SECRET, "OTHER_TOKEN": SECRET, ACCESS_TOKEN: SECRET}
    recorder.requests.clear()
    ran = subprocess.run(["sh"], input=script, text=True, capture_output=True, env=environment, cwd=folder, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", ""), script
    assert list(folder.iterdir()) == [], script
    assert SECRET not in script
    assert len(recorder.requests) == len(requests), script
    for request, (line, headers, body) in zip(requests, recorder.requests, strict=True):
        target = request.url.partition("127.0.0.1")[2].partition("/")[2]
        assert line == f"POST /{target} HTTP/1.1\r\n".encode(), curl_text(request)
        for header in request.headers:
            value = header.value + (SECRET if header.variable else "")
            wanted = f"{header.name}: {value}" if value.strip() else f"{header.name}:"
            assert wanted.encode() in headers, (headers, curl_text(request))
        assert body == request.body.encode(), curl_text(request)


def hostile_requests(seed: int, count: int, port: int) -> list[WireRequest]:
    """Return requests of programs that a seed draws."""
    dice, requests = random.Random(seed), list[WireRequest]()
    while len(requests) < count:
        made = program(*hostile(dice, port))
        if made is not None:
            requests.append(wire_request(made, "m", stream=dice.random() < 0.5))
    return requests


@NEEDS_CURL
def test_hostile_texts_arrive_as_they_are(recorder: Recorder, tmp_path: Path) -> None:
    """A sample of what the long run does."""
    sent(hostile_requests(1, 40, recorder.port), recorder, tmp_path)


@HARD
@pytest.mark.hard
@NEEDS_CURL
def test_ten_thousand_hostile_texts(recorder: Recorder, tmp_path: Path) -> None:
    """Whatever the language lets stand in a URL, a header or a name of a model reaches the host byte for byte."""
    for seed in range(100):
        sent(hostile_requests(seed + 2, 100, recorder.port), recorder, tmp_path)


PLAIN: dict[str, dict[str, Any]] = {
    "azure_openai": {"query": {"api-version": "2024-10-21"}},
    "vertex": {"chat_path": "/p/{model}:generateContent", "stream_path": "/p/{model}:streamGenerateContent?alt=sse"},
    "custom": {"chat_path": "/call"},
}


@NEEDS_CURL
@pytest.mark.parametrize("stream", [False, True])
def test_every_adapter(recorder: Recorder, tmp_path: Path, stream: bool) -> None:
    """The command of each adapter calls its URL with its key; the body names model and stream where it is to."""
    requests = []
    for adapter, contract in ADAPTERS.items():
        key = {} if contract.auth == "oauth" else {"api_key_env": "HOST_KEY"}
        body = {"adapter": adapter, "base_url": f"http://127.0.0.1:{recorder.port}", **key, **PLAIN.get(adapter, {})}
        request = shown(body, {"provider_model_name": "org/name:1"}, stream=stream)
        requests.append(request)
        content = json.loads(request.body)
        assert (content.get("model") == "org/name:1") == (contract.model_in == "body")
        assert (content.get("stream") is True) == (stream and contract.stream_by == "body")
        assert ("org%2Fname%3A1" in request.url) == (contract.model_in == "path")
    sent(requests, recorder, tmp_path)


def test_params_stand_in_the_body_as_they_are_written() -> None:
    """Numbers keep their digits, the model's keys stand before its provider's, and the limit of output gives way."""
    made = check(
        {
            "routes/all.yaml": b"""
providers: {p: {adapter: anthropic, base_url: "https://a.example", api_key_env: A_KEY, stack: eu,
                params: {top_k: 4, max_tokens: 10}}}
models: {m: {provider: p, quality: 0.5, price: {input: 1, output: 1}, latency_ms: 1, context_window: 9,
             api_key_env: OWN_KEY, params: {max_tokens: 20, temperature: 0.70, x: 12345678901234567890}}}
defaults: {model: m}
scoring: {cost: {best: 0, worst: 9}, latency_ms: {best: 0, worst: 9}}
"""
        },
        Options(today=date(2026, 11, 20)),
    )
    assert made.program is not None, made.diagnostics
    request = wire_request(made.program, "m")
    assert '"max_tokens": 20' in request.body
    assert request.body.endswith('"top_k": 4, "temperature": 0.70, "x": 12345678901234567890}')
    assert Header("x-api-key", "", "OWN_KEY") in request.headers


def test_claude_elsewhere() -> None:
    """Where the path names the model, Anthropic's body does not; on Vertex it says the version."""
    paths = {"chat_path": "/model/{model}/invoke", "stream_path": "/model/{model}/invoke-with-response-stream"}
    body = json.loads(
        shown({"adapter": "anthropic", "base_url": "https://a.example", "api_key_env": "A_KEY", **paths}).body
    )
    assert "model" not in body
    assert body["max_tokens"] > 0
    paths = {"chat_path": "/x/{model}:rawPredict", "stream_path": "/x/{model}:streamRawPredict"}
    request = shown({"adapter": "vertex", "base_url": "https://a.example", **paths}, stream=True)
    body = json.loads(request.body)
    assert body["anthropic_version"] == "vertex-2023-10-16"
    assert body["stream"] is True
    assert f'"authorization: Bearer ${ACCESS_TOKEN}"' in curl_text(request)


def test_a_signed_request() -> None:
    """curl signs it for the region, with the variables that AWS's own tools read."""
    bedrock = {"adapter": "bedrock", "base_url": "https://bedrock-runtime.eu-central-1.amazonaws.com", "auth": "sigv4"}
    text = curl_text(shown(bedrock))
    assert "--aws-sigv4 aws:amz:eu-central-1:bedrock" in text
    assert "$AWS_SECRET_ACCESS_KEY" in text
    assert "Bearer" not in text
