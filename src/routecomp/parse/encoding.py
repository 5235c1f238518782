"""Decode the bytes of a file as strict UTF-8, and refuse characters that a reader of the file cannot see.

The raw text is checked before libyaml reads it, so that a visible line is a line of YAML: U+0085 would split it, and
a bidirectional control would show it in another order.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from routecomp.parse.file_diagnostics import CAP, FileDiagnostics
from routecomp.source.text import SourceFile

# The characters that are refused, by kind. U+200D (zero-width joiner) is allowed, because emoji and Indic scripts need
# it in free text; the patterns of keys and names do not match it.
_KINDS = {
    "control": r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f",
    "line": "\u2028\u2029",
    "bidi": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "bom": "\ufeff",
    "invisible": "\u180e\u200b\u200c\u2060-\u2065\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e007f",
    "noncharacter": "\ufdd0-\ufdef" + "".join(map(chr, (p << 16 | low for p in range(17) for low in (0xFFFE, 0xFFFF)))),
    "surrogate": "\ud800-\udfff",
}
_ALL = "".join(_KINDS.values())

_WHY = {
    "control": ("is a control character", "remove it"),
    "cr": ("is a line end of its own on no system of today", "end lines with LF or CR LF"),
    "line": ("ends a line for some readers and not for others", "replace it by a plain line end or a space"),
    "bidi": ("changes the order in which the line is shown", "remove it"),
    "bom": ("is a byte-order mark; only the very start of a file may hold one", "remove it"),
    "invisible": ("cannot be seen", "remove it"),
    "noncharacter": ("is not a character", "remove it"),
    "surrogate": ("is half of a character", "write the whole character"),
}
_CONTROL_NAMES = {
    0x00: "NUL",
    0x07: "bell",
    0x08: "backspace",
    0x0B: "vertical tab",
    0x0C: "form feed",
    0x0D: "carriage return",
    0x1A: "substitute",
    0x1B: "escape",
    0x7F: "delete",
    0x85: "next line",
}
_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
# How ASCII text begins in these encodings without a byte-order mark.
_WIDE = (
    (re.compile(rb"[^\0]\0\0\0|\0\0\0[^\0]"), "UTF-32"),
    (re.compile(rb"[^\0]\0[^\0]\0|\0[^\0]\0[^\0]"), "UTF-16"),
)
_ASCII = bytes(range(128))
_NOT_ASCII = bytes(range(128, 256))
_ALLOWED_ASCII = b"\t\n\r" + bytes(range(0x20, 0x7F))


def decode_text(path: str, data: bytes, max_bytes: int) -> tuple[SourceFile, bytes, FileDiagnostics]:
    """Return the text of a file, its UTF-8 bytes without a byte-order mark, and the errors in its characters.

    With errors the bytes must not be parsed. For a file over the limit the text is its first 4 KiB.
    """
    if len(data) > max_bytes:
        diagnostics = FileDiagnostics(SourceFile(path, data[:4096].decode("utf-8", "replace").removeprefix("\ufeff")))
        diagnostics.add(
            "RC105",
            f"the file has {len(data):,} bytes; the limit is {max_bytes:,}",
            0,
            0,
            "split it: a section may be spread over any number of files",
        )
        return diagnostics.source, b"", diagnostics
    encoding = _wide_encoding(data)
    if encoding is not None:
        diagnostics = FileDiagnostics(SourceFile(path, data.decode("utf-8", "replace").removeprefix("\ufeff")))
        diagnostics.add("RC101", f"the file is {encoding}, not UTF-8", 0, 0, "save it as UTF-8")
        return diagnostics.source, b"", diagnostics
    body = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        diagnostics = _not_utf8(path, body)
    else:
        diagnostics = FileDiagnostics(SourceFile(path, text))
        if _is_clean(body):
            return diagnostics.source, body, diagnostics
    _report_forbidden(diagnostics)
    return diagnostics.source, body, diagnostics


@cache
def forbidden_in_text() -> re.Pattern[str]:
    """Return the pattern of what no text may hold; files in ASCII never ask for it."""
    return re.compile(rf"[{_ALL}]|\r(?!\n)")


@cache
def forbidden_in_value() -> re.Pattern[str]:
    """Return the pattern of what no value may hold that is written with escapes."""
    return re.compile(rf"[{_ALL}\r]")


def character_name(char: str) -> str:
    """Name a character for a message, as in `U+202E (right-to-left override)`, without the character itself."""
    code = ord(char)
    name = _CONTROL_NAMES.get(code) or unicodedata.name(char, "").lower()
    return f"U+{code:04X} ({name})" if name else f"U+{code:04X}"


def reason_forbidden(char: str) -> tuple[str, str]:
    """Return why a forbidden character is refused (a predicate for a message), and what to do about it."""
    if char == "\r":
        return _WHY["cr"]
    kind = next(kind for kind, members in _KINDS.items() if re.match(f"[{members}]", char))
    return _WHY[kind]


def _is_clean(body: bytes) -> bool:
    """Return whether a text, as valid UTF-8, holds no forbidden character."""
    # Two passes of `translate` are much faster than a regular expression over every character: of ordinary files
    # nearly nothing remains without ASCII, and what remains is still UTF-8.
    if body.translate(None, _ALLOWED_ASCII + _NOT_ASCII):
        return False
    if b"\r" in body and body.count(b"\r") != body.count(b"\r\n"):
        return False
    return body.isascii() or forbidden_in_text().search(body.translate(None, _ASCII).decode("utf-8")) is None


def _wide_encoding(data: bytes) -> str | None:
    """Return `UTF-16` or `UTF-32` where the first bytes (a byte-order mark, or ASCII) are of it, else None."""
    if data[:1].isascii() and b"\0" not in data[:4]:
        return None
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name
    return next((name for pattern, name in _WIDE if pattern.match(data)), None)


def _not_utf8(path: str, body: bytes) -> FileDiagnostics:
    """Return a text with U+FFFD for each broken sequence of bytes, and errors that name the first byte of each."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []  # offset in the text, first bad byte
    position = length = 0  # in bytes, in characters
    rest = ""
    while True:
        try:
            rest = body[position:].decode("utf-8", "strict" if len(places) < CAP else "replace")
            break
        except UnicodeDecodeError as bad:
            good = body[position : position + bad.start].decode("utf-8")
            places.append((length + len(good), body[position + bad.start]))
            parts += (good, "\ufffd")
            length += len(good) + 1
            position += bad.end
    diagnostics = FileDiagnostics(SourceFile(path, "".join(parts) + rest))
    for offset, byte in places:
        latin = f"; in Latin-1 this byte is {character_name(chr(byte))}" if byte >= 0xA0 else ""
        diagnostics.add(
            "RC101", f"byte 0x{byte:02X} is not UTF-8", offset, offset + 1, "save the file as UTF-8" + latin
        )
    # Beyond the cap the places are only counted: U+FFFD in the decoded rest that does not stand in the bytes.
    hidden = rest.count("\ufffd") - body.count(b"\xef\xbf\xbd", position)
    if hidden > 0:
        diagnostics.add_hidden("RC101", hidden, length + rest.index("\ufffd"))
    return diagnostics


def _report_forbidden(diagnostics: FileDiagnostics) -> None:
    """Report the forbidden characters of a text: the first `CAP` of them, and the number of the others."""
    text = diagnostics.source.text
    for bad in forbidden_in_text().finditer(text):
        why, remedy = reason_forbidden(bad.group())
        diagnostics.add("RC102", f"{character_name(bad.group())} {why}", bad.start(), bad.end(), remedy)
        if diagnostics.is_full("RC102"):
            hidden = forbidden_in_text().search(text, bad.end())
            if hidden is not None:
                diagnostics.add_hidden(
                    "RC102", sum(1 for _ in forbidden_in_text().finditer(text, bad.end())), hidden.start()
                )
            break
