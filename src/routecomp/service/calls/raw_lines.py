"""Read server-sent events from pieces of their lines, cut anywhere, or line by line without their ends."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any, Final

FIELDS: Final = ("data:", "event:", "id:", "retry:", ":")
"""How a line of server-sent events begins; `:` is a comment."""
_NAMED: Final = FIELDS[:-1]
LONGEST: Final = 1 << 20
"""Of a line, or an object, that does not end, so many characters are kept; more of it counts as text."""
MOST_FIELDS: Final = 300
"""So many characters of fields, or of blanks, may stand before the first event."""
_GOES_ON: Final = re.compile(r'\s*\{\s*("|\Z)')
"""How data begins whose JSON object may go on in the next line."""


class _Line(Enum):
    """What a line is, as far as its beginning tells."""

    OPEN = auto()
    VALUES = auto()
    TEXT = auto()
    FIELD = auto()


class RawLines:
    """The events in the lines of one stream. Data of one event may stand in several lines.

    A text may begin like a field. So until an event was read, fields beside data are held, and count as text where they
    are long, or nothing follows.
    """

    __slots__ = ("_data", "_depth", "_fields", "_is_sure", "_length", "_line", "_next", "_parts", "_returned")

    def __init__(self) -> None:
        self._is_sure = self._returned = False
        self._fields = ""
        self._begin_event()

    def _begin_event(self) -> None:
        self._data: list[str] = []  # of its lines that have ended
        self._depth = 0
        self._begin_line()

    def _begin_line(self) -> None:
        self._line, self._parts = _Line.OPEN, list[str]()
        if not self._data:
            self._length = self._next = 0

    def of(self, text: str) -> list[Any]:
        """Return the events and the texts that a piece brings to an end."""
        events: list[Any] = []
        is_begun = self._line is not _Line.OPEN or bool(self._parts)
        if is_begun and (not text or (text.startswith(_NAMED) and self._line is not _Line.VALUES)):
            self._end_line(events)  # given line by line, without their ends
        if not text:
            self._end_event(events)
        elif self._returned and text[0] == "\n":
            text = text[1:]  # of an end of a line that was cut in two
        self._returned = text.endswith("\r")
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
        self._end_event(events)
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
                self._end_event(events)
                self._line = _Line.TEXT
                self._tell_fields(events)
                events.append(_content(text))
            elif self._line is _Line.FIELD:
                self._hold(text, events)
        if self._line is not _Line.VALUES:
            return
        if not self._data and piece.rstrip().endswith("}") and self._length >= self._next:
            self._next = self._length * 5 // 4  # so that a long line is not read again at each of its braces
            if (values := _values(_content("".join(self._parts)))) is not None:
                events.append(values)
                self._begin_event()
                self._line, self._is_sure = _Line.FIELD, True
        if self._line is _Line.VALUES and self._length > LONGEST:
            events += (*self._data, "".join(self._parts))
            self._begin_event()
            self._line = _Line.TEXT
        if self._line is not _Line.VALUES:
            self._parts = []

    def _hold(self, text: str, events: list[Any]) -> None:
        """Take a piece of a field that no event has come before."""
        if not self._is_sure:
            self._fields += text
            if len(self._fields) > MOST_FIELDS:
                self._tell_fields(events)

    def _kind_of(self, text: str) -> _Line:
        """Return what a line is that begins so."""
        if text.startswith("data:"):
            content = text.removeprefix("data:").lstrip()
            if not content:
                return _Line.OPEN if len(text) <= MOST_FIELDS else _Line.TEXT
            return _Line.VALUES if content[0] in "{[" or self._data else _Line.TEXT
        if text.startswith(FIELDS):
            return _Line.FIELD
        return _Line.OPEN if any(field.startswith(text) for field in FIELDS) else _Line.TEXT

    def _end_line(self, events: list[Any]) -> None:
        """Take the end of a line; one that is blank is the end of an event."""
        line = "".join(self._parts)
        if self._line is _Line.VALUES:
            self._end_data(_content(line), events)
        elif self._line is _Line.OPEN and not line.startswith("data:"):
            self._end_event(events)
            events += [line] if line else ()
        self._begin_line()

    def _end_data(self, content: str, events: list[Any]) -> None:
        """Take the end of a line of data: of an event, or of a part of one."""
        if not self._data and any(part.startswith("data:") for part in self._parts[1:]) and _values(content) is None:
            content = "\n".join(map(_content, self._parts))  # lines without their ends
        self._data.append(content)
        self._depth += content.count("{") - content.count("}")
        if content.strip() == "[DONE]":
            self._data.pop()
            self._is_sure = True
            self._end_event(events)
        elif len(self._data) == 1 or (self._depth <= 0 and self._length >= self._next):
            self._next = self._length * 5 // 4
            if not self._tell_data(events) and not _GOES_ON.match(self._data[0]):
                self._end_event(events)

    def _tell_data(self, events: list[Any]) -> bool:
        """Tell what an event holds; return whether it is whole."""
        values = _values("\n".join(self._data))
        if values is not None:
            events.append(values)
            self._is_sure = True
            self._begin_event()
        return values is not None

    def _end_event(self, events: list[Any]) -> None:
        """Take the end of an event: what it holds counts as text where it is no JSON object."""
        if self._data and not self._tell_data(events):
            events += self._data
            self._begin_event()


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
