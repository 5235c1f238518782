"""Messages and chunks are measured in the shape of every provider; what is no text counts a fixed number of tokens."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any

import pytest

from routecomp.service.budgets.measure import PART_TOKENS, bytes_seen, tokens_of

BYTES = bytes(range(256)) * 400
TEXT = base64.b64encode(BYTES).decode()
URL = f"data:image/png;base64,{TEXT}"
LONG = "word " * 30_000
PARTS: dict[str, Any] = {
    "openai": {"type": "image_url", "image_url": {"url": URL, "detail": "high"}},
    "openai by address": {"type": "image_url", "image_url": {"url": "https://pictures.example/" + "a" * 5000}},
    "responses": {"type": "input_image", "image_url": URL},
    "audio": {"type": "input_audio", "input_audio": {"data": TEXT, "format": "wav"}},
    "file": {"type": "file", "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{TEXT}"}},
    "file without a header": {"type": "input_file", "filename": "a.pdf", "file_data": TEXT},
    "file by id": {"type": "file", "file": {"file_id": "file-1"}},
    "anthropic": {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": TEXT}},
    "anthropic by address": {"type": "document", "source": {"type": "url", "url": "https://e.example/" + "a" * 5000}},
    "gemini": {"inline_data": {"mime_type": "image/png", "data": TEXT}},
    "gemini in camel case": {"inlineData": {"mimeType": "audio/mp3", "data": TEXT}},
    "gemini's own class": SimpleNamespace(
        text=None, inline_data=SimpleNamespace(data=BYTES, mime_type="image/png", display_name=None)
    ),
    "gemini by address": {"file_data": {"file_uri": "gs://bucket/a.mp4", "mime_type": "video/mp4"}},
    "bedrock": {"image": {"format": "png", "source": {"bytes": BYTES}}},
    "bedrock in JSON": {"document": {"format": "pdf", "name": "a", "source": {"bytes": TEXT}}},
    "by an address of its own": {"type": "image", "image": URL},
    "in what a tool gives back": {
        "toolResult": {"content": [{"image": {"format": "png", "source": {"bytes": BYTES}}}]}
    },
    "langchain": {"type": "image", "base64": TEXT, "mime_type": "image/png"},
}


@pytest.mark.parametrize("content", PARTS.values(), ids=list(PARTS))
def test_a_part_counts_a_fixed_number(content: Any) -> None:
    """Whatever its bytes are, beside the few words that describe it; the text beside it counts as ever."""
    messages = [{"role": "user", "content": [{"type": "text", "text": "What is it?"}, content]}]
    assert PART_TOKENS < tokens_of(messages) < PART_TOKENS + 40
    twice = [{"role": "user", "content": [content, content, {"type": "text", "text": LONG}]}]
    assert 2 * PART_TOKENS + len(LONG) // 3 < tokens_of(twice) < 2 * PART_TOKENS + len(LONG) // 3 + 60


def test_pictures_of_ollama() -> None:
    assert tokens_of([{"role": "user", "content": "x", "images": [TEXT, TEXT]}]) == 2 * PART_TOKENS + 2


@pytest.mark.parametrize(
    "content",
    [
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": LONG}},
        {"type": "text", "text": LONG},
        {"data": LONG},
        {"role": "user", "content": LONG},
        {"tool_calls": [{"function": {"name": "f", "arguments": LONG}}]},
        SimpleNamespace(content=LONG),
        "data: " + LONG,
        "data:x;base64," + LONG,
        {"role": "user", "content": "data:image/png;base64," + LONG},
        {"type": "text", "text": "DATA:image/png;base64," + LONG},
        {"type": "tool_use", "id": "1", "name": "f", "input": {"filename": "a.py", "data": LONG}},
        {"type": "tool_use", "name": "f", "input": {"image_url": LONG, "type": "url"}},
        {"functionCall": {"name": "f", "args": {"mime_type": "x", "data": LONG}}},
        {"functionResponse": {"name": "f", "response": {"filename": "x", "file_data": LONG}}},
        {"toolResult": {"content": [{"json": {"format": "csv", "data": LONG}}]}},
        {"toolResult": {"content": [{"json": [{"format": "csv", "data": LONG}]}]}},
        {"functionResponse": {"name": "f", "response": {"rows": [{"format": "csv", "bytes": LONG}]}}},
        LONG.encode(),
    ],
)
def test_texts_count_by_their_bytes(content: Any) -> None:
    assert len(LONG) // 3 <= tokens_of([content]) < len(LONG) // 3 + 20


@pytest.mark.parametrize(
    "values",
    [
        {"rows": [round(number / 7, 6) for number in range(5_000)]},
        {"rows": list(range(10_000, 15_000))},
        {f"a key of a table {number}": None for number in range(1_000)},
        [{"id": number, "ok": True} for number in range(3_000)],
        {"nested": [[[number, [number]]] for number in range(2_000)]},
        {"rows": [None, True] * 3_000},
        {"rows": tuple((number, {"format": "csv", "data": "word " * 20}) for number in range(500))},
        {"long": 10**4_000},
        [{"at": round(number / 7, 3), "seen": None} for number in range(2_000)],
    ],
)
def test_numbers_and_names_of_a_tool_s_values_count_about_as_their_json(values: Any) -> None:
    """A tool that gives back a table of numbers does not escape the budget."""
    whole = len(json.dumps(values, separators=(",", ":"))) // 3
    for message in (
        {"toolResult": {"content": [{"json": values}]}},
        {"type": "tool_use", "name": "f", "input": values if isinstance(values, dict) else {"all": values}},
        {"functionResponse": {"name": "f", "response": values}},
        {"tool_calls": [{"function": {"name": "f", "arguments": tuple(values) if type(values) is list else values}}]},
        {"args": [SimpleNamespace(values=values)]},
    ):
        assert whole * 0.6 <= tokens_of([message]) <= whole * 1.1


class Nameless:
    """A name that has no text."""

    def __str__(self) -> str:
        raise ValueError

    __repr__ = __str__


@pytest.mark.parametrize("values", [{"long": 10**5_000}, {Nameless(): LONG}, [float("nan")], {"a": {1: {None: 2.5}}}])
def test_values_that_no_json_has_raise_nothing(values: Any) -> None:
    assert tokens_of([{"json": values}]) > 0
    assert bytes_seen({"candidates": [{"content": {"parts": [{"functionCall": {"args": values}}]}}]}) > 0


@pytest.mark.parametrize(
    "chunk",
    [
        "grün, nicht",
        {"model": "m", "message": {"role": "assistant", "content": "grün, nicht"}, "done": False},
        {"model": "m", "message": {"role": "assistant", "content": "", "thinking": "grün, nicht"}, "done": False},
        {"model": "m", "response": "grün, nicht", "done": False},
        SimpleNamespace(message=SimpleNamespace(role="assistant", content="grün, nicht"), done=False, response=None),
        {"event_type": "text-generation", "is_finished": False, "text": "grün, nicht"},
        {"event_type": "tool-calls-chunk", "text": "grün, nicht"},
        {"event_type": "tool-calls-chunk", "tool_call_delta": {"index": 0, "parameters": "grün, nicht"}},
        {"message": {"content": "", "tool_calls": [{"function": {"arguments": {"ab": "grün,"}}}]}, "done": False},
        SimpleNamespace(
            message=SimpleNamespace(tool_calls=[SimpleNamespace(function=SimpleNamespace(arguments={"ab": "grün,"}))]),
            done=False,
        ),
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "grün, nicht"}}]},
        {"choices": [{"delta": {"reasoning_content": "grün, nicht"}}]},
        {"choices": [{"delta": {"tool_calls": [{"id": "call_1", "function": {"arguments": "grün, nicht"}}]}}]},
        {"choices": [{"delta": {"reasoning": "grün, nicht", "reasoning_content": "grün, nicht"}}]},
        {
            "choices": [
                {"delta": {"reasoning": "grün, nicht", "reasoning_details": [{"type": "r", "text": "grün, nicht"}]}}
            ]
        },
        {"choices": [{"text": "grün, nicht"}]},
        SimpleNamespace(choices=[SimpleNamespace(delta=SimpleNamespace(content="grün, nicht", role=None))]),
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "grün, nicht"}},
        {"type": "content_block_delta", "delta": {"type": "input_json_delta", "partial_json": "grün, nicht"}},
        {"type": "content_block_delta", "delta": {"type": "thinking_delta", "thinking": "grün, nicht"}},
        {"type": "response.output_text.delta", "item_id": "msg_1", "delta": "grün, nicht"},
        {"candidates": [{"content": {"role": "model", "parts": [{"text": "grün, nicht"}]}}]},
        {"candidates": [{"content": {"parts": [{"functionCall": {"name": "f", "args": {"ab": "grün,"}}}]}}]},
        {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "grün, nicht"}}},
        {"contentBlockDelta": {"delta": {"toolUse": {"input": "grün, nicht"}}}},
        {"type": "content-delta", "delta": {"message": {"content": {"text": "grün, nicht"}}}},
        {"type": "tool-plan-delta", "delta": {"message": {"tool_plan": "grün, nicht"}}},
        {"candidates": [{"content": {"parts": [{"executableCode": {"language": "PYTHON", "code": "grün, nicht"}}]}}]},
        SimpleNamespace(
            candidates=[
                SimpleNamespace(
                    content=SimpleNamespace(
                        parts=[SimpleNamespace(executable_code=SimpleNamespace(language="PYTHON", code="grün, nicht"))]
                    )
                )
            ]
        ),
    ],
)
def test_what_a_chunk_holds_is_seen(chunk: Any) -> None:
    assert bytes_seen(chunk) == 12


@pytest.mark.parametrize(
    "chunk",
    [
        None,
        {"type": "response.output_text.done", "text": "all of it"},
        {"event_type": "stream-end", "is_finished": True, "response": {"text": "all of it"}},
        {"model": "m", "message": {"role": "assistant", "content": ""}, "done": True, "eval_count": 3},
        {"type": "message_start", "message": {"role": "assistant", "content": []}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}},
        {"choices": [], "usage": {"prompt_tokens": 5}},
        {"messageStop": {"stopReason": "end_turn"}},
        {
            "type": "content_block_delta",
            "delta": {"type": "citations_delta", "citation": {"cited_text": "of a source"}},
        },
    ],
)
def test_what_is_no_text_of_the_model_is_not_seen(chunk: Any) -> None:
    assert bytes_seen(chunk) == 0
