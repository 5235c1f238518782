"""Read JSON objects that follow each other in a stream, one a line (Ollama, Cohere) or in one list (Gemini)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from routecomp.service.calls.raw_lines import LONGEST

BEGINNINGS: Final = ("{", "[")
_KNOWN: Final = ("candidates", "usageMetadata", "event_type", "is_finished")
"""The keys that an event of such a stream has; Ollama's have `done` beside what was written."""
_MARK: Final = re.compile(r'\\(?:.|\Z)|["{}]', re.DOTALL)
_BETWEEN: Final = " \t\r\n,[]"
"""What may stand between two objects."""


class RawObjects:
    """The objects in the pieces of one stream, cut anywhere.

    A model may write JSON itself. So until the first object is whole and of a kind that is known, its pieces are texts
    besides; where it is of no such kind, the stream is a text, and `are_none` says so.
    """

    __slots__ = ("_depth", "_is_escaped", "_is_quoted", "_is_sure", "_length", "_parts", "are_none")

    def __init__(self) -> None:
        self.are_none = self._is_sure = False
        self._is_quoted = self._is_escaped = False
        self._depth = self._length = 0
        self._parts: list[str] = []

    def of(self, text: str) -> list[Any]:
        """Return the objects that a piece brings to an end, and what is none."""
        events: list[Any] = []
        began = 0
        for match in _MARK.finditer(text, 1 if self._is_escaped else 0):
            mark, place = match[0], match.start()
            if mark[0] == "\\":
                continue
            if mark == '"':
                self._is_quoted = not self._is_quoted
            elif not self._is_quoted and mark == "{":
                if not self._depth:
                    self._add_text(text[began:place], events)
                    began = place
                self._depth += 1
            elif not self._is_quoted and self._depth:
                self._depth -= 1
                if not self._depth:
                    self._parts.append(text[began : place + 1])
                    began = place + 1
                    self._end_object(events)
                    if self.are_none:
                        return [text]
        if text:
            last = len(text) - len(text.rstrip("\\"))
            self._is_escaped = (last - (self._is_escaped and last == len(text))) % 2 == 1
        self._take_rest(text[began:], events)
        return events if self._is_sure else [text]

    def rest(self) -> list[Any]:
        """Return what was begun and never ended, as a text."""
        rest, self._parts = "".join(self._parts), []
        return [rest] if rest and self._is_sure else []

    def _take_rest(self, text: str, events: list[Any]) -> None:
        """Keep what begins an object; it is a text where it has become too long for one."""
        if not self._depth:
            self._add_text(text, events)
            return
        self._parts.append(text)
        self._length += len(text)
        if self._length > LONGEST:
            events += self.rest()
            self.are_none = True

    def _add_text(self, text: str, events: list[Any]) -> None:
        """Count what stands between objects and should not."""
        if self._is_sure and (between := text.strip(_BETWEEN)):
            events.append(between)

    def _end_object(self, events: list[Any]) -> None:
        """Take the end of an object."""
        text, self._parts, self._length = "".join(self._parts), [], 0
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            values = None
        if self._is_sure:
            events.append(text if values is None else values)
        elif isinstance(values, Mapping) and _is_known(values):
            self._is_sure = True
            events.append(values)
        else:
            self.are_none = True


def _is_known(values: Mapping[str, Any]) -> bool:
    """Return whether an object is an event of a stream."""
    if isinstance(values.get("done"), bool):
        return "message" in values or "response" in values
    return any(name in values for name in _KNOWN)
