"""Streams that callers pass on raw count as their events, however they are cut; texts that look like them as texts."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from routecomp.service.calls.heard import Heard
from routecomp.service.usage import Usage
from tests.service.calls.world import World

OLLAMA: list[dict[str, Any]] = [
    {"model": "m", "message": {"role": "assistant", "content": 'grün {"a\\": 1'}, "done": False},
    {"model": "m", "message": {"role": "assistant", "content": "", "thinking": "soso"}, "done": False},
    {"model": "m", "message": {"content": ""}, "done": True, "prompt_eval_count": 3, "eval_count": 2},
]
OLLAMA_TEXT = [
    {"response": "grün", "done": False},
    {"response": "", "done": True, "prompt_eval_count": 3, "eval_count": 2},
]
GEMINI: list[dict[str, Any]] = [
    {"candidates": [{"content": {"parts": [{"text": 'grün {["\\\\"'}]}}]},
    {
        "candidates": [{"content": {"parts": [{"text": "}"}]}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2},
    },
]
OPENAI: list[dict[str, Any]] = [
    {"choices": [{"index": 0, "delta": {"content": "grün\n"}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {"content": "data: x"}, "finish_reason": "stop"}]},
    {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}},
]
STREAMS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "ollama": (OLLAMA, "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in OLLAMA)),
    "ollama, text": (OLLAMA_TEXT, "\n".join(json.dumps(each) for each in OLLAMA_TEXT)),
    "gemini": (GEMINI, json.dumps(GEMINI, indent=2, ensure_ascii=False)),
    "gemini, as it sends": (GEMINI, "[" + "\n,\r\n".join(json.dumps(each, indent=1) for each in GEMINI) + "\n]\n"),
    "events": (OPENAI, "".join(f"event: x\r\ndata: {json.dumps(each)}\r\n\r\n" for each in OPENAI)),
    "comments": (
        OPENAI,
        ": wait\n\nid: 7\n" + "".join(f"data:{json.dumps(each)}\n\n" for each in OPENAI) + "data: [DONE]\n",
    ),
}
LONG = "all that a model wrote " * 200
TEXTS = (
    *(f"{field} {LONG}" for field in ("id:", "event:", "retry:", ":", "data:", "identity", "{", "[", '{"a": 1} ')),
    *(f"{field} 1\n{LONG}" for field in ("id:", ":", "data:", "event: x\nid:", '{"message": "x"}', '[{"choices": 1},')),
    *("id: 1", ":", "{", "[]", "data", "data: a\ndata: b", "\n\n: ) well", '{"done": 1, "message": "x"}'),
    json.dumps({"answer": LONG, "candidate": [1, {"b": "}"}]}),
    json.dumps([LONG, {"b": LONG}]),
)


def cut(text: str, dice: Random, *, as_bytes: bool) -> list[Any]:
    """The text in random pieces."""
    whole: Any = text.encode() if as_bytes else text
    places = sorted(dice.randrange(len(whole) + 1) for _ in range(dice.choice((0, 1, 3, 20, len(whole)))))
    return [whole[start:end] for start, end in zip([0, *places], [*places, len(whole)], strict=True) if start < end]


def heard(chunks: list[Any]) -> Heard:
    stream, clock = Heard(), World().clock
    for chunk in chunks:
        assert stream.take(chunk, clock) is None
    return stream


@pytest.mark.parametrize("kind", STREAMS)
def test_events_count_as_objects_do(kind: str) -> None:
    """Tokens, ends and what was written, but for the first event of objects, whose bytes may count besides."""
    events, text = STREAMS[kind]
    plain, clock = heard(events), World().clock
    beside = len(json.dumps([events[0]], indent=2)) if "events" not in kind and "comments" not in kind else 0
    dice = Random(kind)
    for number in range(60):
        stream = heard(cut(text, dice, as_bytes=bool(number % 2)))
        seen = stream.seen_bytes
        ended = stream.take_rest(clock)
        assert ended.usage == Usage(3, 2)
        assert (ended.ended, ended.is_half) == (True, False)
        assert plain.seen_bytes <= seen <= plain.seen_bytes + beside
    whole = heard([text])
    assert whole.take_rest(clock).usage == Usage(3, 2)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:24]))
def test_a_text_counts_wherever_it_is_left(text: str) -> None:
    """Also where it begins like an event; where it is left before its end, all but a few bytes of it have counted."""
    dice = Random(len(text))
    for number in range(30):
        chunks = cut(text, dice, as_bytes=bool(number % 2))
        stream = heard(chunks)
        assert len(text.encode()) - 320 <= stream.seen_bytes <= len(text.encode()) + 2
        stream.take_rest(World().clock)
        assert len(text.encode()) - 40 <= stream.seen_bytes <= len(text.encode()) + 2


def test_a_line_that_does_not_end_takes_no_longer_for_it() -> None:
    """Pieces of one line are put together once: a line of a million pieces is not read a million times."""
    pieces = ['data: {"a": "', *["} " * 8] * 20_000]
    stream = heard(pieces)
    stream.take_rest(World().clock)
    assert stream.seen_bytes >= 300_000
