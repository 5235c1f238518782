"""Make any text safe to show: nothing invisible, no terminal control, no credential."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from unicodedata import category, combining, east_asian_width

from routecomp.diagnostics.credentials.detect import find_secret, star_secrets
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.source.text import Span

_PRINTABLE_ASCII = re.compile(r"[ -~]*")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


class Place(NamedTuple):
    """A span as people count: lines and columns from 1, columns in characters, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def place(span: Span) -> Place:
    """Return the place of a span; offsets outside of the text are drawn back into it.

    An end before the start becomes the start.
    """
    size = len(span.file.text)
    start = min(max(span.start, 0), size)
    end = min(max(span.end, start), size)
    line, column = span.file.location(start)
    end_line, end_column = span.file.location(end)
    return Place(line, column, end_line, end_column)


def where(span: Span) -> str:
    """Write `path:line:column` of a span, safe to show."""
    position = place(span)
    return f"{visible(span.path)}:{position.line}:{position.column}"


def visible(text: str) -> str:
    """Return the text with every control, format, bidi and other unshowable character written out (`\\u{202e}`).

    Tabs and line ends are written out too. The result can be encoded, holds no escape sequence, no line
    end and no character that XML forbids.
    """
    if _PRINTABLE_ASCII.fullmatch(text):
        return text
    return "".join([visible_character(c) for c in text])


def visible_character(c: str) -> str:
    """Return one character as `visible` shows it."""
    if " " <= c <= "~":
        return c
    named = _NAMED.get(c)
    if named is not None:
        return named
    code = ord(c)
    # Zl and Zp end a line for some readers; tag characters and non-characters show as nothing at all.
    hidden = category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") or 0xE0000 <= code <= 0xE007F
    if hidden or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}"
    return c


def visible_lines(text: str) -> list[str]:
    """Split a text at LF and CR LF into visible lines; an empty text has none."""
    return [visible(line) for line in text.replace("\r\n", "\n").split("\n")] if text else []


def encodable(text: str) -> str:
    """Write out the lone surrogates of a text and leave all else untouched: for formats that escape."""
    if text.isascii():
        return text
    return "".join([c if not "\ud800" <= c <= "\udfff" else visible_character(c) for c in text])


def width(text: str) -> int:
    """Count the columns of a terminal that visible text takes: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    columns = 0
    before = ""
    for c in text:
        if c == "\ufe0f":
            # The emoji presentation of a symbol that would be one column wide takes two.
            columns += 1 if before and ord(before) > 0xFF and _character_width(before) == 1 else 0
        else:
            columns += _character_width(c)
        before = c
    return columns


def _character_width(c: str) -> int:
    """Count the columns that one character takes."""
    if c.isascii():
        return 1
    if combining(c) or category(c) in ("Mn", "Me") or "\u1160" <= c <= "\u11ff":
        return 0
    return 2 if east_asian_width(c) in ("W", "F") else 1


def without_secrets(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics with a star for each character of a credential in their texts.

    The check stars credentials in the files themselves; this is the net below it, for words that quote a
    value. A fix that would show one is left out of the report: what is shown must be what would be written.
    """
    return [_without_secrets(d) for d in diagnostics]


def _without_secrets(d: Diagnostic) -> Diagnostic:
    """Return one diagnostic with a star for each character of a credential."""
    fix = d.fix
    if fix and any(map(find_secret, [fix.title, *(edit.replacement for edit in fix.edits)])):
        fix = None
    return replace(
        d,
        message=star_secrets(d.message),
        help=star_secrets(d.help),
        note=star_secrets(d.note),
        labels=tuple([replace(label, text=star_secrets(label.text)) for label in d.labels]),
        fix=fix,
    )
