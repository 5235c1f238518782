"""Read TOML and JSON into values that know their place, their numbers exact and their credentials hidden."""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.diagnostics.credentials.names import names_credential
from routecomp.interop.value import Kind, Path, Value
from routecomp.source.text import SourceFile, Span

DEEPEST = 64
_MOST_SHOWN = 20
_STARS = "********"
_ELSEWHERE = re.compile(r"(?:env|path|dynamic|path_from_env|sdk|none)(?:::.*)?", re.DOTALL)
"""How TensorZero says where a credential is kept."""
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_JSON_BLANK = re.compile(r"[ \t\r\n]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_BARE_VALUE = re.compile(r"[^,\]\}\n#]+")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)


class NotThisError(Exception):
    """A file is not what its reader reads; the text says where and why, and `help` what to give instead.

    `others` are further places at which something is wrong, with what to do there.
    """

    def __init__(self, message: str, help: str, others: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.help = help
        self.others = others


def read_toml(path: str, data: bytes) -> Value:
    """Return the value of a TOML file; raise `NotThisError` where it is none."""
    text = _text(path, data)
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as failure:
        raise _broken("TOML", path, text, failure) from None
    return _Maker(SourceFile(path, text), _TomlPlaces(text.replace("\r\n", " \n")).places).make(content, (), "", 0)


def read_json(path: str, data: bytes) -> Value:
    """Return the value of a JSON file; raise `NotThisError` where it is none, or where a key stands twice."""
    text = _text(path, data)
    try:
        content = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        places = _JsonPlaces(text)
    except (json.JSONDecodeError, RecursionError, ValueError) as failure:
        raise _broken("JSON", path, text, failure) from None
    file = SourceFile(path, text)
    if places.repeated:
        help = "keep one of the two: programs take the last, and nobody sees the first"
        first, *others = (
            f"{_place(file, start)}: the key {text[start:end]} stands here again"
            for start, end in places.repeated[:_MOST_SHOWN]
        )
        raise NotThisError(first, help, [(other, help) for other in others])
    return _Maker(file, places.places).make(content, (), "", 0)


def merged(values: list[Value]) -> Value:
    """Return several mappings as one; of two values that are no mappings the first counts."""
    first, *others = values
    for other in others:
        for name, inner in other.fields.items():
            own = first.fields.get(name)
            both = own is not None and own.fields and inner.fields
            if own is None or both:
                first.fields[name] = inner if own is None else merged([own, inner])
    return first


class _Maker:
    """Makes values of plain ones."""

    def __init__(self, file: SourceFile, places: dict[Path, tuple[int, int]]) -> None:
        self.file = file
        self.places = places

    def make(self, content: Any, path: Path, key: str, above: int) -> Value:
        """Return the value of a plain one; `above` is where the one around it begins."""
        if len(path) > DEEPEST:
            raise NotThisError(
                f"{_place(self.file, above)}: it is nested more than {DEEPEST} deep", "name another file"
            )
        start, end = self.places.get(path, (above, above))
        span = Span(self.file, start, end)
        if isinstance(content, dict):
            fields = {name: self.make(inner, (*path, name), name, start) for name, inner in content.items()}
            return Value(path, Kind.MAPPING, span, fields=fields)
        if isinstance(content, list):
            items = tuple(self.make(inner, (*path, place), key, start) for place, inner in enumerate(content))
            return Value(path, Kind.LIST, span, items=items)
        return _scalar(content, path, key, span)


def _scalar(content: Any, path: Path, key: str, span: Span) -> Value:
    """Return the value of a scalar; stars stand for a credential."""
    if content is None:
        return Value(path, Kind.NULL, span)
    if isinstance(content, bool):
        return Value(path, Kind.BOOL, span, text="true" if content else "false")
    if isinstance(content, (int, float, Decimal)):
        number = content if isinstance(content, Decimal) else Decimal(str(content))
        is_number = number.is_finite() and number.adjusted() < 60
        return Value(
            path, Kind.NUMBER if is_number else Kind.TEXT, span, text=str(content), number=number if is_number else None
        )
    text = (
        content
        if isinstance(content, str)
        else content.isoformat()
        if isinstance(content, (date, datetime, time))
        else ""
    )
    is_named = names_credential(key) and text and not _ELSEWHERE.fullmatch(text)
    if is_named or star_secrets(text) != text:
        return Value(path, Kind.CREDENTIAL, span, text=_STARS, is_quoted=True)
    return Value(path, Kind.TEXT, span, text=text, is_quoted=True)


class _JsonPlaces:
    """Where each key or entry of a JSON text stands. INVARIANT: the text is JSON."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: dict[Path, tuple[int, int]] = {}
        self.repeated: list[tuple[int, int]] = []
        self._value(_blank(_JSON_BLANK, text, 0), ())

    def _value(self, start: int, path: Path) -> int:
        """Note where a value and all in it stand; return where it ends."""
        self.places.setdefault(path, (start, start + 1))
        sign = self.text[start]
        if sign == '"':
            return _end(_STRING, self.text, start)
        if sign not in "{[":
            return _end(_BARE_VALUE, self.text, start)
        keys: set[str] = set()
        place, position = 0, _blank(_JSON_BLANK, self.text, start + 1)
        while self.text[position] not in "}]":
            below: Path = (*path, place)
            if sign == "{":
                end = _end(_STRING, self.text, position)
                key = json.loads(self.text[position:end])
                self.repeated += [(position, end)] if key in keys else []
                keys.add(key)
                below = (*path, key)
                self.places[below] = (position, end)
                position = _blank(_JSON_BLANK, self.text, _blank(_JSON_BLANK, self.text, end) + 1)
            position = _blank(_JSON_BLANK, self.text, self._value(position, below))
            if self.text[position] == ",":
                position = _blank(_JSON_BLANK, self.text, position + 1)
            place += 1
        return position + 1


class _TomlPlaces:
    """Where each key or entry of a TOML text stands. INVARIANT: the text is TOML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: dict[Path, tuple[int, int]] = {(): (0, 0)}
        self._counts: dict[Path, int] = {}
        table: Path = ()
        position = _blank(_BLANK, text, 0)
        while position < len(text):
            if text[position] == "[":
                table, position = self._header(position)
            else:
                position = self._pair(position, table)
            position = _blank(_BLANK, text, position)

    def _header(self, start: int) -> tuple[Path, int]:
        """Note where a table begins; return its path, and where its header ends."""
        is_list = self.text.startswith("[[", start)
        keys, position = self._keys(_blank(_BLANK, self.text, start + 1 + is_list))
        path: Path = ()
        for place, key in enumerate(keys):
            path = (*path, key)
            is_last = place == len(keys) - 1
            if is_last and is_list:
                self._counts[path] = self._counts.get(path, -1) + 1
            self.places.setdefault(path, (start, position))
            if path in self._counts:
                path = (*path, self._counts[path])
                self.places.setdefault(path, (start, position))
        return path, self.text.index("]", position) + 1 + is_list

    def _pair(self, start: int, table: Path) -> int:
        """Note where a key and its value stand; return where the value ends."""
        keys, end = self._keys(start)
        path = table
        for key in keys:
            path = (*path, key)
            self.places.setdefault(path, (start, end))
        position = self.text.index("=", end) + 1
        return self._value(_blank(re.compile(r"[ \t]*"), self.text, position), path)

    def _keys(self, position: int) -> tuple[list[str], int]:
        """Return the parts of a dotted key, and where it ends."""
        keys: list[str] = []
        end = position
        while True:
            pattern = _STRING if self.text[position] in "\"'" else _BARE_KEY
            end = _end(pattern, self.text, position)
            part = self.text[position:end]
            keys.append(next(iter(tomllib.loads(f"{part} = 0"))))
            position = _blank(re.compile(r"[ \t]*"), self.text, end)
            if not self.text.startswith(".", position):
                return keys, end
            position = _blank(re.compile(r"[ \t]*"), self.text, position + 1)

    def _value(self, start: int, path: Path) -> int:
        """Note where a value and all in it stand; return where it ends."""
        self.places.setdefault(path, (start, start + 1))
        sign = self.text[start]
        if sign in "\"'":
            return _end(_STRING, self.text, start)
        if sign not in "{[":
            return _end(_BARE_VALUE, self.text, start)
        place, position = 0, _blank(_BLANK, self.text, start + 1)
        while self.text[position] not in "}]":
            if sign == "{":
                position = self._pair(position, path)
            else:
                self.places[(*path, place)] = (position, position + 1)
                position = self._value(position, (*path, place))
            position = _blank(_BLANK, self.text, position)
            if self.text[position] == ",":
                position = _blank(_BLANK, self.text, position + 1)
            place += 1
        return position + 1


def _text(path: str, data: bytes) -> str:
    """Return the text of a file."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as failure:
        before = SourceFile(path, data[: failure.start].decode("utf-8"))
        place = _place(before, len(before.text))
        raise NotThisError(f"{place}: this is not UTF-8", "write the file in UTF-8, or name another one") from None


def _broken(kind: str, path: str, text: str, failure: Exception) -> NotThisError:
    """Return that a text could not be parsed and where, without a word of the text."""
    file = SourceFile(path, text)
    help = "repair the file, or name another one"
    if isinstance(failure, json.JSONDecodeError):
        return NotThisError(f"{_place(file, failure.pos)}: from here on it is no {kind}", help)
    match = re.search(r"\(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", str(failure))
    if match is None:
        reason = "it is nested too deep, or holds a number of thousands of digits"
        return NotThisError(f"{_place(file, 0)}: {reason}", help)
    place = f"{path}:{match[1]}:{match[2]}" if match[1] else _place(file, len(text))
    return NotThisError(f"{place}: from here on it is no {kind}", help)


def _place(file: SourceFile, position: int) -> str:
    """Return a place of a file as messages name it."""
    line, column = file.location(position)
    return f"{file.path}:{line}:{column}"


def _blank(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Return where blanks and comments end."""
    match = pattern.match(text, start)
    return start if match is None else match.end()


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Return where a token ends."""
    match = pattern.match(text, start)
    return start + 1 if match is None else match.end()
