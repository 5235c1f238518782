"""Measure what nobody counted, in tokens: messages that go upstream, and the chunks of a stream that came back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from routecomp.service.usage import part

PART_TOKENS: Final = 1_600
"""What a picture, a recording or a file counts: about as much as a large picture costs at most hosts."""
_BYTES_A_TOKEN: Final = 3
_DEEPEST: Final = 32
_ENCODED: Final = frozenset({"data", "file_data", "fileData", "bytes", "base64", "b64_json"})
"""The names under which the bytes of a part stand, as they are or in base64."""
_KINDS: Final = frozenset({"mime_type", "mimeType", "media_type", "format", "filename", "file_name"})
"""The names beside them that tell what they are; without one of these it is a text."""
_REFERENCES: Final = frozenset(
    {"image_url", "audio_url", "video_url", "document_url", "file_url", "file_id", "file_uri", "fileUri", "s3Location"}
)
"""The names under which a part stands elsewhere; its address is no text of the message."""
_ADDRESSES: Final = frozenset(
    {"url", "uri", "image", "audio", "video", "file", "document", "source", "data", "file_data"}
)
"""The names under which a part may stand as an address that holds its bytes (`data:…;base64,…`)."""
_OF_TOOLS: Final = frozenset({"input", "args", "arguments", "response", "json"})
"""The names of the values that a tool is given, or gives back; whoever writes them chooses the names within."""
_OF_JSON: Final = Mapping | list | tuple | int | float
_WRITTEN: Final = frozenset(
    {"text", "content", "refusal", "summary", "thinking", "partial_json", "arguments", "input", "tool_plan", "code"}
)
"""The names under which a chunk holds what the model has written."""
_ARGUMENTS: Final = ("args", "input", "arguments")
"""The same, of arguments as values: all texts in them."""


class _Size(NamedTuple):
    """The bytes of texts, and how many parts are no text."""

    text: int = 0
    parts: int = 0

    def plus(self, other: _Size) -> _Size:
        return _Size(self.text + other.text, self.parts + other.parts)


_NOTHING: Final = _Size()
_PART: Final = _Size(0, 1)


def tokens_of(messages: object) -> int:
    """Return the tokens to expect of messages: the UTF-8 bytes of texts divided by 3, and a fixed number a part.

    A part is what is no text, in the shape of any provider: a picture, a recording, a file, within the message or by
    its address. For texts that is more than most have, and less than some of other alphabets have. Nothing is read that
    could be read only once: 0 where there is nothing to measure.
    """
    size = _measured(messages, 0)
    return tokens_in(size.text) + size.parts * PART_TOKENS


def tokens_in(text_bytes: int) -> int:
    """Return the tokens to expect of a text of so many bytes."""
    return -(-text_bytes // _BYTES_A_TOKEN)


def bytes_seen(chunk: object) -> int:
    """Return the UTF-8 bytes of what a model has written in one chunk of a stream; 0 in one of an unknown kind."""
    if isinstance(chunk, str | bytes):
        return _length(chunk)
    seen = 0
    for places, name in (("choices", "delta"), ("choices", "text"), ("candidates", "content")):
        entries = part(chunk, places)
        for entry in entries if isinstance(entries, list) else ():
            seen += _written(part(entry, name), 0)
    for event in (chunk, part(chunk, "contentBlockDelta")):
        seen += 0 if event is None else _written(part(event, "delta"), 0)
    return seen + _seen_by_ollama(chunk) + _seen_by_cohere(chunk)


def _seen_by_ollama(chunk: object) -> int:
    """Return the bytes in a chunk of Ollama's own interface, of a chat or of a text."""
    if not isinstance(part(chunk, "done"), bool):
        return 0
    texts = [text for name in ("response", "thinking") if isinstance(text := part(chunk, name), str)]
    return _written(part(chunk, "message"), 0) + sum(map(_length, texts))


def _seen_by_cohere(chunk: object) -> int:
    """Return the bytes in a chunk of the first version of Cohere's interface; its last one says all of it again."""
    if part(chunk, "event_type") not in ("text-generation", "tool-calls-chunk"):
        return 0
    texts = part(chunk, "text"), part(part(chunk, "tool_call_delta"), "parameters")
    return sum(_length(text) for text in texts if isinstance(text, str))


def _measured(value: object, depth: int) -> _Size:
    if isinstance(value, str):
        return _Size(_length(value))
    if isinstance(value, bytes | bytearray):
        return _Size(len(value))
    if depth >= _DEEPEST or value is None:
        return _NOTHING
    size = _NOTHING
    if isinstance(value, list | tuple):
        for entry in list(value):
            size = size.plus(_measured(entry, depth + 1))
        return size
    fields = _fields(value)
    for name, entry in fields.items():
        if name == "images" and isinstance(entry, list | tuple):  # Ollama's
            size = size.plus(_Size(0, len(entry)))
        elif name in _OF_TOOLS and isinstance(entry, Mapping if name == "input" else _OF_JSON):
            size = size.plus(_Size(_texts(entry, depth + 1)))
        elif entry is not None:
            size = size.plus(_PART if _is_part(name, entry, fields) else _measured(entry, depth + 1))
    return size


def _texts(value: object, depth: int) -> int:
    """Return the bytes of the values that a tool is given, or gives back, about as JSON has them: none is a part."""
    if isinstance(value, str | bytes | bytearray):
        return _length(value)
    if depth >= _DEEPEST:
        return 0
    if value is None or isinstance(value, bool):
        return len("null")
    if isinstance(value, int):
        return int.bit_length(value) * 3 // 10 + 1  # the longest have no text
    if isinstance(value, float):
        return len(float.__repr__(value))
    if isinstance(value, list | tuple):
        return sum(1 + _texts(each, depth + 1) for each in list(value))  # with a comma
    # a name has its quotes, a colon and a comma
    return sum(4 + _texts(key, depth + 1) + _texts(each, depth + 1) for key, each in _fields(value).items())


def _is_part(name: str, entry: object, fields: Mapping[str, object]) -> bool:
    """Return whether an entry among others is a part that is no text: its bytes, or where it stands."""
    if isinstance(entry, str) and name in _ADDRESSES and entry[:5].lower() == "data:" and ";base64," in entry[:200]:
        return True
    if name in _ENCODED:
        if isinstance(entry, bytes | bytearray):
            return True
        is_described = name in ("bytes", "base64") or fields.get("type") == "base64" or not _KINDS.isdisjoint(fields)
        return isinstance(entry, str) and is_described and fields.get("type") != "text"
    return name in _REFERENCES or (name == "url" and fields.get("type") in ("url", "image", "document"))


def _written(value: object, depth: int) -> int:
    """Return the bytes of what a model has written, within a delta of any provider."""
    if isinstance(value, str):
        return _length(value)
    if depth >= _DEEPEST or value is None:
        return 0
    if isinstance(value, list | tuple):
        return sum(_written(entry, depth + 1) for entry in list(value) if not isinstance(entry, str))
    seen = thought = 0
    for name, entry in _fields(value).items():
        if name.startswith("reasoning"):  # hosts that give it under several names give it whole under each
            thought = max(thought, _written(entry, depth + 1))
        elif name in _ARGUMENTS and not isinstance(entry, str):
            seen += _texts(entry, depth + 1)
        elif name in _WRITTEN or not isinstance(entry, str):
            seen += _written(entry, depth + 1)
    return seen + thought


def _fields(value: object) -> dict[str, Any]:
    """Return the values of a mapping, or of an object of an SDK's own class; none of what raises."""
    try:
        if isinstance(value, Mapping):
            return dict(value.items())
        fields = getattr(value, "__dict__", None)
        more = getattr(value, "__pydantic_extra__", None)
        return {**(fields if isinstance(fields, dict) else {}), **(more if isinstance(more, dict) else {})}
    except Exception:
        return {}


def _length(text: str | bytes | bytearray) -> int:
    return len(text) if isinstance(text, bytes | bytearray) else len(text.encode(errors="replace"))
