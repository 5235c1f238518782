"""Read server-sent events from pieces of their lines, cut anywhere, or line by line without their ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any, Final

FIELDS: Final = ("data:", "event:", "id:", "retry:", ":")
"""How a line of server-sent events begins; `:` is a comment."""
_NAMED: Final = FIELDS[:-1]
LONGEST: Final = 1 << 20
"""Of a line, or an object, that does not end, so many characters are kept; more of it counts as text."""
_MOST_FIELDS: Final = 300
"""So many characters of fields may stand before the first event."""


class _Line(Enum):
    """What a line is, as far as its beginning tells."""

    OPEN = auto()
    VALUES = auto()
    TEXT = auto()
    FIELD = auto()


class RawLines:
    """The events in the lines of one stream.

    A text may begin like a field. So until an event was read, fields beside data are held, and count as text where they
    are long, or nothing follows.
    """

    __slots__ = ("_fields", "_is_sure", "_length", "_line", "_next", "_parts")

    def __init__(self) -> None:
        self._is_sure = False
        self._fields = ""
        self._begin_line()

    def _begin_line(self) -> None:
        self._line, self._parts = _Line.OPEN, list[str]()
        self._length = self._next = 0

    def of(self, text: str) -> list[Any]:
        """Return the events and the texts that a piece brings to an end."""
        events: list[Any] = []
        if not text or (text.startswith(_NAMED) and self._line is not _Line.VALUES):
            self._end_line(events)  # given line by line, without their ends
        for number, piece in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
            if number:
                self._end_line(events)
            if piece:
                self._add(piece, events)
        return events

    def rest(self) -> list[Any]:
        """Return what the last line holds, where nothing ended it."""
        events: list[Any] = []
        self._end_line(events)
        self._tell_fields(events)
        return events

    def _tell_fields(self, events: list[Any]) -> None:
        """Count what was held as text, unless events were read since."""
        if self._fields and not self._is_sure:
            events.append(self._fields)
        self._fields = ""

    def _add(self, piece: str, events: list[Any]) -> None:
        """Take one more piece of a line."""
        if self._line is _Line.TEXT:
            events.append(piece)
        if self._line is _Line.FIELD:
            self._hold(piece, events)
        if self._line in (_Line.TEXT, _Line.FIELD):
            return
        self._parts.append(piece)
        self._length += len(piece)
        if self._line is _Line.OPEN:
            text = "".join(self._parts)
            self._line = self._kind_of(text)
            if self._line is _Line.TEXT:
                self._tell_fields(events)
                events.append(_content(text))
            elif self._line is _Line.FIELD:
                self._hold(text, events)
        if self._line is not _Line.VALUES:
            return
        if piece.rstrip().endswith("}") and self._length >= self._next:
            self._next = self._length * 5 // 4  # so that a long line is not read again at each of its braces
            if (values := _values(_content("".join(self._parts)))) is not None:
                events.append(values)
                self._line, self._is_sure = _Line.FIELD, True
        if self._line is _Line.VALUES and self._length > LONGEST:
            events.append("".join(self._parts))
            self._line = _Line.TEXT
        if self._line is not _Line.VALUES:
            self._parts = []

    def _hold(self, text: str, events: list[Any]) -> None:
        """Take a piece of a field that no event has come before."""
        if not self._is_sure:
            self._fields += text
            if len(self._fields) > _MOST_FIELDS:
                self._tell_fields(events)

    def _kind_of(self, text: str) -> _Line:
        """Return what a line is that begins so."""
        if text.startswith("data:"):
            content = text.removeprefix("data:").lstrip()
            return _Line.OPEN if not content else _Line.VALUES if content[0] in "{[" else _Line.TEXT
        if text.startswith(FIELDS):
            return _Line.FIELD
        return _Line.OPEN if any(field.startswith(text) for field in FIELDS) else _Line.TEXT

    def _end_line(self, events: list[Any]) -> None:
        """Take the end of a line."""
        content = _content("".join(self._parts)).strip()
        if self._line is _Line.VALUES:
            values = _values(content)
            self._is_sure = self._is_sure or values is not None or content == "[DONE]"
            if values is not None:
                events.append(values)
            elif content != "[DONE]":
                events.append(content)
        elif self._line is _Line.OPEN and content:
            events.append(content)
        self._begin_line()


def _content(line: str) -> str:
    """Return what a line of data holds; another line as it is."""
    return line.removeprefix("data:").removeprefix(" ") if line.startswith("data:") else line


def _values(text: str) -> Mapping[str, Any] | None:
    """Return JSON values; None for what is none, or not yet."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, Mapping) else None
