"""File bytes in, text that may be parsed out: strict UTF-8, and no character a reader could not see.

Everything is decided on the raw text, before any YAML reader sees it, because one visible line must be one
line: U+0085 would split it, a bidirectional control would show it in another order.
"""

from __future__ import annotations

import re

from routecomp.parse.file_diagnostics import CAP, FileDiagnostics
from routecomp.source.text import SourceFile

# Character classes of what is refused. U+200D (zero-width joiner) is not among them: see `scalars.JOINER`.
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
FORBIDDEN_IN_TEXT = re.compile(rf"[{_ALL}]|\r(?!\n)")
FORBIDDEN_IN_VALUE = re.compile(rf"[{_ALL}\r]")

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
# What ASCII text in these encodings begins with when it has no byte-order mark.
_WIDE = (
    (re.compile(rb"[^\0]\0\0\0|\0\0\0[^\0]"), "UTF-32"),
    (re.compile(rb"[^\0]\0[^\0]\0|\0[^\0]\0[^\0]"), "UTF-16"),
)
_ASCII = bytes(range(128))
_NOT_ASCII = bytes(range(128, 256))
_ALLOWED_ASCII = b"\t\n\r" + bytes(range(0x20, 0x7F))


def decode_text(path: str, data: bytes, max_bytes: int) -> tuple[SourceFile, bytes, FileDiagnostics]:
    """The text of a file, its UTF-8 bytes without a byte-order mark, and what is wrong with its characters.

    With findings the bytes must not be parsed. Of a file over the limit the text is the first 4 KiB.
    """
    if len(data) > max_bytes:
        findings = FileDiagnostics(SourceFile(path, data[:4096].decode("utf-8", "replace").removeprefix("\ufeff")))
        findings.add(
            "RC105",
            f"the file has {len(data):,} bytes; the limit is {max_bytes:,}",
            0,
            0,
            "split it: a section may be spread over any number of files",
        )
        return findings.source, b"", findings
    wide = _wide_encoding(data)
    if wide is not None:
        findings = FileDiagnostics(SourceFile(path, data.decode("utf-8", "replace").removeprefix("\ufeff")))
        findings.add("RC101", f"the file is {wide}, not UTF-8", 0, 0, "save it as UTF-8")
        return findings.source, b"", findings
    body = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        findings = _not_utf8(path, body)
    else:
        findings = FileDiagnostics(SourceFile(path, text))
        if _looks_clean(body):
            return findings.source, body, findings
    _forbidden_characters(findings)
    return findings.source, body, findings


def character_name(char: str) -> str:
    """A character as a message shows it: `U+202E (right-to-left override)`, never the character itself."""
    import unicodedata

    code = ord(char)
    name = _CONTROL_NAMES.get(code) or unicodedata.name(char, "").lower()
    return f"U+{code:04X} ({name})" if name else f"U+{code:04X}"


def reason_forbidden(char: str) -> tuple[str, str]:
    """Why a forbidden character is refused, and what to do about it."""
    if char == "\r":
        return _WHY["cr"]
    kind = next(kind for kind, members in _KINDS.items() if re.match(f"[{members}]", char))
    return _WHY[kind]


def _looks_clean(body: bytes) -> bool:
    # Two passes at memory speed instead of a regular expression over every character: what remains after
    # deleting ASCII is still UTF-8, and in ordinary files nearly nothing remains.
    if body.translate(None, _ALLOWED_ASCII + _NOT_ASCII):
        return False
    if b"\r" in body and body.count(b"\r") != body.count(b"\r\n"):
        return False
    return body.isascii() or FORBIDDEN_IN_TEXT.search(body.translate(None, _ASCII).decode("utf-8")) is None


def _wide_encoding(data: bytes) -> str | None:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name
    return next((name for pattern, name in _WIDE if pattern.match(data)), None)


def _not_utf8(path: str, body: bytes) -> FileDiagnostics:
    """Decode with U+FFFD where bytes are not UTF-8, and report those places."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []  # offset in the text, the first bad byte
    at = length = 0
    rest = ""
    while True:
        try:
            rest = body[at:].decode("utf-8", "strict" if len(places) < CAP else "replace")
            break
        except UnicodeDecodeError as bad:
            good = body[at : at + bad.start].decode("utf-8")
            places.append((length + len(good), body[at + bad.start]))
            parts += (good, "\ufffd")
            length += len(good) + 1
            at += bad.end
    findings = FileDiagnostics(SourceFile(path, "".join(parts) + rest))
    for offset, byte in places:
        latin = f"; in Latin-1 this byte is {character_name(chr(byte))}" if byte >= 0xA0 else ""
        findings.add("RC101", f"byte 0x{byte:02X} is not UTF-8", offset, offset + 1, "save the file as UTF-8" + latin)
    # Beyond the cap only their number counts: what U+FFFD stands in the rest and not in the bytes.
    hidden = rest.count("\ufffd") - body.count(b"\xef\xbf\xbd", at)
    if hidden > 0:
        findings.add_hidden("RC101", hidden, length + rest.index("\ufffd"))
    return findings


def _forbidden_characters(findings: FileDiagnostics) -> None:
    text = findings.source.text
    for bad in FORBIDDEN_IN_TEXT.finditer(text):
        why, remedy = reason_forbidden(bad.group())
        findings.add("RC102", f"{character_name(bad.group())} {why}", bad.start(), bad.end(), remedy)
        if findings.full("RC102"):
            hidden = FORBIDDEN_IN_TEXT.search(text, bad.end())
            if hidden is not None:
                findings.add_hidden(
                    "RC102", sum(1 for _ in FORBIDDEN_IN_TEXT.finditer(text, bad.end())), hidden.start()
                )
            break
