"""`routecomp probe`: two calls of each model, one answer for every way in which they can end."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.repository import Repository
from tests.cli.transcripts import in_process
from tests.hosts.conftest import KEY, routecomp
from tests.hosts.host import GOOD, Host


def probe(repository: Repository, *arguments: str) -> tuple[int, Any]:
    """Probe, and return the exit code and the document; the key is nowhere in what was said."""
    ran = routecomp(repository, "probe", *arguments, "--json")
    assert KEY not in ran.out + ran.err
    assert "Traceback" not in ran.err
    return ran.code, json.loads(ran.out)


def test_two_calls_over_one_connection(repository: Repository, host: Host) -> None:
    """The request is the one that `show wire` shows, with the key of the environment."""
    code, document = probe(repository)
    assert code == 0
    (found,) = document["results"]
    assert (found["model"], found["outcome"], found["status"], found["error"]) == ("small-a", "ok", 200, None)
    assert (found["input_tokens"], found["output_tokens"]) == (9, 3)
    assert found["cold_ms"] >= 0 <= found["warm_ms"]
    first, second = host.asked
    assert first.connection == second.connection
    assert (first.method, first.path) == ("POST", "/v1/chat/completions")
    assert first.headers["authorization"] == f"Bearer {KEY}"
    wire = json.loads(routecomp(repository, "show", "wire", "small-a", "--json").out)
    assert first.body == wire["body"]


@pytest.mark.parametrize(
    ("answers", "outcome", "error_class", "asked"),
    [
        ([(429, {"error": {"message": "slow down"}})], "rate_limited", "http_429", 1),
        ([(500, b"")], "retriable_error", "http_500", 1),
        ([(401, {"error": {"code": "invalid_api_key"}})], "terminal_error", "http_401", 1),
        ([(404, {"error": {"code": "model_not_found"}})], "terminal_error", "http_404", 1),
        ([(302, b"")], "terminal_error", "http_302", 1),
        ([(200, {"error": {"code": 502, "message": "down"}})], "retriable_error", "error_in_answer", 1),
        ([(200, b"<html>")], "terminal_error", "no_json_object", 1),
        ([(200, b"[]")], "terminal_error", "no_json_object", 1),
        (["reset"], "retriable_error", None, 1),
        (["hang"], "timeout", None, 1),
        (["drip"], "timeout", None, 1),
        ([(200, GOOD), (503, b"")], "retriable_error", "http_503", 2),
    ],
)
def test_every_failure_is_a_row(
    repository: Repository, host: Host, answers: list[Any], outcome: str, error_class: str | None, asked: int
) -> None:
    """Each has a word of the health vocabulary, an error in words, and ends in time; a redirect is not followed."""
    host.answers = answers
    code, document = probe(repository, "small-a", "--timeout", "1")
    assert code == 1
    assert document["failed"] is None
    (found,) = document["results"]
    assert found["outcome"] == outcome
    assert found["error"]["message"]
    assert found["error"]["class"] == error_class or error_class is None
    assert found["warm_ms"] is None
    assert len(host.asked) == asked
    text = routecomp(repository, "probe", "small-a", "--timeout", "1")
    assert text.out.startswith(outcome)
    assert text.code == 1


@pytest.mark.parametrize("key", [None, "", f"{KEY}\n", f" {KEY}", "schlüssel"])
def test_a_key_that_is_none(
    repository: Repository, host: Host, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    """Nothing is sent, and the variable is named."""
    monkeypatch.delenv("LOCAL_API_KEY") if key is None else monkeypatch.setenv("LOCAL_API_KEY", key)
    code, document = probe(repository, "small-a")
    (found,) = document["results"]
    assert (code, found["outcome"], found["error"]["class"]) == (1, None, "NoKey")
    assert "LOCAL_API_KEY" in found["error"]["message"]
    assert not key or key.strip() not in json.dumps(document)
    assert host.asked == []


def test_a_host_that_is_not_there(repository: Repository, host: Host) -> None:
    """A port at which nobody listens."""
    repository.edit("routes/all.yaml", (host.url, "http://127.0.0.1:1"))
    repository.commit("Elsewhere")
    code, document = probe(repository)
    assert (code, document["results"][0]["outcome"]) == (1, "retriable_error")


def test_rows_and_rounds(repository: Repository, host: Host, tmp_path: Path) -> None:
    """Each round writes a row for each model that was called."""
    database = tmp_path / "routing.db"
    repository.write({"routecomp.yaml": "dialects: [sqlite]\n"})
    assert routecomp(repository, "compile").code == 0
    url = f"sqlite:///{database}"
    assert routecomp(repository, "migrate", "up", "--database", url).code == 0
    assert probe(repository, "--database", url)[0] == 0
    host.answers = [(503, b"")]
    ran = routecomp(repository, "probe", "--every", "5", "--times", "1", "--database", url, "--json", "small-a")
    assert ran.code == 1
    assert json.loads(ran.out)["results"][0]["outcome"] == "retriable_error"
    with sqlite3.connect(database) as reader:
        rows = reader.execute("SELECT model, outcome, latency_ms IS NULL FROM provider_health_checks ORDER BY id")
        assert rows.fetchall() == [("small-a", "ok", 0), ("small-a", "retriable_error", 1)]
        assert reader.execute("SELECT model, state FROM circuit_breakers").fetchall() == [("small-a", "open")]
    host.answers = [(200, GOOD)]
    assert routecomp(repository, "probe", "--every", "5", "--times", "1", "--database", url, "small-a").code == 0
    with sqlite3.connect(database) as reader:
        assert reader.execute("SELECT model, state FROM circuit_breakers").fetchall() == [("small-a", "closed")]
    lost = routecomp(repository, "probe", "--database", f"sqlite:///{tmp_path}/none.db")
    assert lost.code == 2
    assert "cannot be written" in lost.err


def test_wrong_usage(repository: Repository) -> None:
    """Each is told before anything is called."""
    for arguments in (["--times", "2"], ["--shared", "redis://x"], ["--names", "--every", "5"], ["smal-a"]):
        ran = routecomp(repository, "probe", *arguments)
        assert ran.code == 2
    assert "did you mean `small-a`?" in ran.err


@pytest.mark.parametrize("proxy", ["http://user:p%40ss@HOST", "user:p%40ss@HOST"])
def test_a_proxy_with_a_password(repository: Repository, host: Host, proxy: str) -> None:
    """It is told who asks; nothing shows the password."""
    repository.edit("routes/all.yaml", (f'"{host.url}"', '"http://llm.internal:9", allow_http: true'))
    repository.commit("Behind a proxy")
    address = proxy.replace("HOST", host.url.removeprefix("http://"))
    ran = in_process(
        ["probe", "small-a"], repository.project, {"http_proxy": address, "LOCAL_API_KEY": KEY, "no_proxy": ""}
    )
    assert ran.code == 0, ran.err
    assert {asked.headers["proxy-authorization"] for asked in host.asked} == {"Basic dXNlcjpwQHNz"}
    assert host.asked[0].path == "http://llm.internal:9/v1/chat/completions"


@pytest.mark.parametrize("proxy", ["http://user:secret@proxy:port", "socks5://proxy:1080", "http://:3128"])
def test_a_proxy_that_is_none(repository: Repository, host: Host, proxy: str) -> None:
    """The variables are named, not what they hold."""
    repository.edit("routes/all.yaml", (f'"{host.url}"', '"http://llm.internal:9", allow_http: true'))
    repository.commit("Behind a proxy")
    for names in ([], ["--names"]):
        ran = in_process(["probe", *names], repository.project, {"http_proxy": proxy, "LOCAL_API_KEY": KEY})
        assert "http_proxy" in ran.out
        assert "secret" not in ran.out + ran.err
