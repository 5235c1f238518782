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


def in_lines(values: dict[str, Any]) -> str:
    """One event whose JSON stands in several lines of data."""
    return "".join(f"data: {line}\n" for line in json.dumps(values, indent=1, ensure_ascii=False).split("\n"))


STREAMS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "ollama": (OLLAMA, "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in OLLAMA)),
    "ollama, text": (OLLAMA_TEXT, "\n".join(json.dumps(each) for each in OLLAMA_TEXT)),
    "gemini": (GEMINI, json.dumps(GEMINI, indent=2, ensure_ascii=False)),
    "gemini, as it sends": (GEMINI, "[" + "\n,\r\n".join(json.dumps(each, indent=1) for each in GEMINI) + "\n]\n"),
    "events": (OPENAI, "".join(f"event: x\r\ndata: {json.dumps(each)}\r\n\r\n" for each in OPENAI)),
    "events in several lines": (OPENAI, "".join(f"{in_lines(each)}\n" for each in OPENAI) + "data: [DONE]\n\n"),
    "events in several lines, with other ends": (
        OPENAI,
        "".join(f"id: 1\n{in_lines(each)}: wait\n\n" for each in OPENAI).replace("\n", "\r\n"),
    ),
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
    *(
        "data: {\ndata: a",
        'data: {"a": 1\nand so on',
        'data: {"a"\n\ndata: {"b"\n\nx',
        "data: [1,\ndata: 2]",
        "data: {'a': 1}",
    ),
    *(f"{blanks}word{blanks}" for blanks in (" " * 700, "\n" * 700, "data:" + " " * 700)),
    " " * 1000,
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


@pytest.mark.parametrize(
    "pieces",
    [
        ['data: {"a": "', *["} " * 8] * 8_000],
        ['data: {"a": "\n', *["data: } \n"] * 30_000],
        [" "] * 120_000,
        ["data:", *[" " * 4] * 30_000],
    ],
    ids=["a line", "lines of an event", "blanks", "blanks of data"],
)
def test_what_does_not_end_takes_no_longer_for_it(pieces: list[str]) -> None:
    """Pieces are put together once: a line of a million pieces is not read a million times."""
    stream = heard(pieces)
    stream.take_rest(World().clock)
    assert stream.seen_bytes >= sum(map(len, pieces)) // 5


def test_lines_of_an_event_may_come_without_their_ends() -> None:
    """As from an HTTP client that reads lines; the blank one ends the event."""
    lines = "".join(f"{in_lines(each)}\n" for each in OPENAI).split("\n")
    stream = heard(lines)
    assert stream.take_rest(World().clock).usage == Usage(3, 2)
    assert stream.seen_bytes == heard(OPENAI).seen_bytes
