"""Read a stream that a caller passes on raw: server-sent events as lines or bytes, or JSON objects one after the other.

What its events say counts. Where it is open yet whether a stream is raw, its chunks count as texts, so that nothing is
lost where the stream is left in the middle.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import Any, Final

from routecomp.service.calls.raw_lines import FIELDS, MOST_FIELDS, RawLines
from routecomp.service.calls.raw_objects import BEGINNINGS, RawObjects

_BEFORE: Final = "\ufeff \r\n"
"""What may stand before the first event."""


class RawEvents:
    """The events in the chunks of one stream, in their order. Chunks that are no raw events are their own events."""

    __slots__ = ("_beginning", "_decoder", "_is_open", "_raw")

    def __init__(self) -> None:
        self._raw: RawLines | RawObjects | None = None
        self._is_open = True
        self._beginning = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def of(self, chunk: Any) -> Sequence[Any]:
        """Return what a chunk holds: the JSON values of its events, texts as they are; nothing for a part of one."""
        if not isinstance(chunk, str | bytes | bytearray) or (self._raw is None and not self._is_open):
            return (chunk,)
        text = chunk if isinstance(chunk, str) else self._decoder.decode(bytes(chunk))
        if chunk and not text:
            return ()  # a part of a character
        if self._is_open:
            text = self._beginning + text
            beginning = text.lstrip(_BEFORE)
            if not beginning and len(text) > MOST_FIELDS:
                self._beginning = ""
                return (text,)  # a model that writes blanks alone
            if any(field.startswith(beginning) for field in FIELDS):
                self._beginning = text  # too short to tell, or empty
                return ()
            self._beginning, self._is_open = "", False
            self._raw = RawLines() if beginning.startswith(FIELDS) else None
            if self._raw is None and beginning.startswith(BEGINNINGS):
                self._raw = RawObjects()
            if self._raw is None:
                return (text,)
            text = beginning
        assert self._raw is not None
        events = self._raw.of(text)
        if isinstance(self._raw, RawObjects) and self._raw.are_none:
            self._raw = None
        return events

    def rest(self) -> Sequence[Any]:
        """Return what the last line holds, where nothing ended it."""
        beginning, self._beginning = self._beginning, ""
        if self._raw is not None:
            return self._raw.rest()
        return (beginning,) if beginning else ()
