"""The server of `routecomp.testing`: two wire formats, and each fault as a client meets it."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from typing import Any

import pytest

from routecomp import testing
from routecomp.testing.server import FAULTS, at_random


class StatusError(Exception):
    """An answer from 400 on."""


def post(server: testing.Server, path: str, *, timeout: float = 5, **body: Any) -> bytes:
    """Send a body, and return the whole answer."""
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=timeout)
    with closing(connection):
        connection.request("POST", path, json.dumps(body))
        answer = connection.getresponse()
        with answer:
            data = answer.read()
    if answer.status >= 400:
        raise StatusError(answer.status)
    return data


OPENAI, ANTHROPIC = "/v1/chat/completions", "/v1/messages"


def test_answers() -> None:
    """Each format, whole and in events."""
    with testing.serve() as server:
        whole = json.loads(post(server, OPENAI, model="gpt"))
        assert whole["choices"][0]["message"]["content"] == "Hello from gpt"
        assert whole["usage"]["prompt_tokens"] == 9
        assert json.loads(post(server, ANTHROPIC, model="claude"))["content"][0]["text"] == "Hello from claude"
        assert post(server, OPENAI, model="gpt", stream=True).endswith(b"data: [DONE]\n\n")
        assert b"event: message_stop" in post(server, ANTHROPIC, model="claude", stream=True)
        assert server.calls == {("gpt", None): 2, ("claude", None): 2}
        with pytest.raises(StatusError, match="404"):
            post(server, "/elsewhere", model="x")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("path", [OPENAI, ANTHROPIC])
@pytest.mark.parametrize("stream", [False, True])
def test_faults(fault: str, path: str, stream: bool) -> None:
    """Every fault is what a client meets."""
    with testing.serve(lambda model: fault) as server:
        server.slow_s = 0.0
        if fault == "slow_first_token" or (fault == "error_in_stream" and stream):
            data = post(server, path, model="m", stream=stream)
            assert (b"overloaded_error" in data) == (fault == "error_in_stream")
            return
        with pytest.raises((OSError, http.client.HTTPException, StatusError)) as raised:
            post(server, path, model="m", stream=stream, timeout=0.3)
        if fault in ("429", "500"):
            assert raised.value.args == (int(fault),)
        if fault == "hang":
            assert isinstance(raised.value, TimeoutError)
        assert server.calls[("m", fault)] == 1


def test_shares_of_faults() -> None:
    """A seed gives the same faults again, each about as often as asked."""
    chooser, again = at_random({"429": 0.2, "hang": 0.1}, 7), at_random({"429": 0.2, "hang": 0.1}, 7)
    drawn = [chooser("m") for _ in range(2000)]
    assert drawn == [again("m") for _ in range(2000)]
    assert 320 < drawn.count("429") < 480
    assert 140 < drawn.count("hang") < 260


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({"nonsense": 1}, "'nonsense' is no fault"),
        ({"429": -1}, "from 0 to 1"),
        ({"429": "x"}, "from 0 to 1"),
        ({"429": float("nan")}, "from 0 to 1"),
        ({"429": True}, "from 0 to 1"),
        ({"429": 0.7, "500": 0.7}, "add up to 1.4"),
    ],
)
def test_what_is_no_fault_is_refused(faults: Any, words: str) -> None:
    """At once: a test of a fault that never happens would pass for another reason."""
    with pytest.raises(ValueError, match=words), testing.serve(faults):
        raise AssertionError("it serves")
    with testing.serve({"429": 0.1, "500": 0.2, "reset": 0.7}):
        pass


def test_a_function_that_names_no_fault_is_seen_at_the_end() -> None:
    """Its calls are refused, and the block ends with the reason."""

    def wrong(model: str) -> str:
        return "nonsense"

    with pytest.raises(ValueError, match="returned 'nonsense'"), testing.serve(wrong) as server:  # noqa: SIM117
        with pytest.raises(StatusError, match="400"):
            post(server, OPENAI, model="gpt")
