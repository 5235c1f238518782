"""Read a stream that a caller passes on raw, as lines or bytes of server-sent events: what its events say counts."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

_FIELDS: Final = ("data:", "event:", "id:", "retry:", ":")
"""How a line of server-sent events begins; `:` is a comment."""
_NAMED: Final = _FIELDS[:-1]
_LONGEST: Final = 1 << 20
"""Of a line that does not end, so many characters are kept; more of it counts as text."""


class RawEvents:
    """The events in the chunks of one stream, in their order. Chunks that are no raw events are their own events."""

    __slots__ = ("_decoder", "_is_raw", "_rest")

    def __init__(self) -> None:
        self._is_raw: bool | None = None
        self._rest = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def of(self, chunk: Any) -> Sequence[Any]:
        """Return what a chunk holds: the JSON values of its events, texts as they are; nothing for a part of one."""
        if self._is_raw is False or not isinstance(chunk, str | bytes | bytearray):
            return (chunk,)
        text = chunk if isinstance(chunk, str) else self._decoder.decode(bytes(chunk))
        if chunk and not text:
            return ()  # a part of a character
        if self._is_raw is None:
            text = self._rest + text
            beginning = text.lstrip("\ufeff \r\n")
            self._is_raw = beginning.startswith(_FIELDS)
            if not self._is_raw and any(field.startswith(beginning) for field in _FIELDS):
                self._is_raw, self._rest = None, text  # too short to tell, or empty
                return ()
            self._rest = ""
            if not self._is_raw:
                return (text,)
            text = beginning
        return self._events(text)

    def rest(self) -> Sequence[Any]:
        """Return what the last line holds, where nothing ended it."""
        rest, self._rest = self._rest, ""
        return _event(rest) if self._is_raw else (rest,) if rest else ()

    def _events(self, text: str) -> list[Any]:
        events: list[Any] = []
        if not text or (text.startswith(_NAMED) and not self._rest.removeprefix("data:").lstrip().startswith("{")):
            events += self.rest()  # given line by line, without their ends
        *lines, last = (self._rest + text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._rest = last
        for line in lines:
            events += _event(line)
        if (values := _values(last)) is not None:
            events.append(values)
            self._rest = ""
        elif len(last) > _LONGEST:
            events.append(last)
            self._rest = ""
        return events


def _event(line: str) -> Sequence[Any]:
    """Return what a line holds; its data as text where they are no JSON."""
    if not line.startswith("data:"):
        return () if not line or line.startswith(_FIELDS) else (line,)
    data = line.removeprefix("data:").strip()
    if data in ("", "[DONE]"):
        return ()
    values = _values(line)
    return (data if values is None else values,)


def _values(line: str) -> Mapping[str, Any] | None:
    """Return the JSON values in a line of data; None for what is none, or not yet."""
    if not line.startswith("data:") or not line.rstrip().endswith("}"):
        return None
    try:
        values = json.loads(line.removeprefix("data:"))
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, Mapping) else None
