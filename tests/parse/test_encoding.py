"""Test the decoding of files: strict UTF-8, and no character that a reader of the file cannot see."""

from __future__ import annotations

import sys

import pytest

from routecomp.parse import Limits, parse
from routecomp.parse.encoding import forbidden_in_text
from routecomp.parse.tree import Mapping


def findings(data: bytes) -> list[tuple[str, int, int]]:
    """Rule, line and column of what is found; there must be no tree."""
    parsed = parse("f.yaml", data)
    assert parsed.root is None
    return [
        (diagnostic.rule, diagnostic.span.line, diagnostic.span.column)
        for diagnostic in parsed.diagnostics
        if diagnostic.span
    ]


@pytest.mark.parametrize(
    "data", [b"a: caf\xe9\n", b"a: caf\xc3", b"a: caf\xed\xa0\x80", b"a: caf\xc0\xaf", b"a: caf\xff"]
)
def test_bytes_that_are_not_utf8_are_named_at_their_place(data: bytes) -> None:
    """Latin-1, a cut-off sequence, a surrogate, an overlong form: refused where the first bad byte stands."""
    assert findings(data)[0] == ("RC101", 1, 7)
    assert f"0x{data[6]:02X}" in parse("f.yaml", data).diagnostics[0].message


def test_columns_count_characters_also_behind_bytes_that_are_not_utf8() -> None:
    """Two bad bytes, with non-ASCII text before and between them."""
    data = "é: ".encode() + b"\xff" + "é\nb: 😀".encode() + b"\xfe"
    assert findings(data) == [("RC101", 1, 4), ("RC101", 2, 5)]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("a: b".encode("utf-16"), "UTF-16"),
        ("a: b".encode("utf-16-le"), "UTF-16"),
        ("a: b".encode("utf-16-be"), "UTF-16"),
        (b"\xfe\xff" + "a: b".encode("utf-16-be"), "UTF-16"),
        ("a: b".encode("utf-32"), "UTF-32"),
        ("a: b".encode("utf-32-be"), "UTF-32"),
        ("a: b".encode("utf-32-le"), "UTF-32"),
    ],
)
def test_other_unicode_encodings_are_named(data: bytes, name: str) -> None:
    """A file from an editor that writes UTF-16 is told so, once, instead of a finding per byte."""
    (diagnostic,) = parse("f.yaml", data).diagnostics
    assert (diagnostic.rule, diagnostic.message) == ("RC101", f"the file is {name}, not UTF-8")


def test_one_byte_order_mark_at_the_start_is_skipped() -> None:
    """It counts for no column; a second one, or one inside, is refused."""
    parsed = parse("f.yaml", b"\xef\xbb\xbfa: 1\n")
    assert parsed.source.text == "a: 1\n"
    assert isinstance(parsed.root, Mapping)
    assert parsed.root.span.column == 1
    assert findings(b"\xef\xbb\xbf\xef\xbb\xbfa: 1\n") == [("RC102", 1, 1)]
    assert findings(b"a: \xef\xbb\xbf1\n") == [("RC102", 1, 4)]


BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ZERO_WIDTH = "\u200b\u200c\u2060\ufeff"
LINES = "\x85\u2028\u2029"
TAGS = "\U000e0000\U000e0041\U000e007f"
NONCHARACTERS = "\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff"


@pytest.mark.parametrize("char", BIDI + ZERO_WIDTH + LINES + TAGS + NONCHARACTERS)
@pytest.mark.parametrize("text", ["a: x{}y\n", "a: 1 # {}\n", "a: 'x{}'\n", "a: |\n  x{}\n", "a{}: 1\n"])
def test_unseen_characters_are_refused_wherever_they_stand(char: str, text: str) -> None:
    """In values, comments, quotes, blocks and keys; the message names the character and does not hold it."""
    parsed = parse("f.yaml", text.format(char).encode())
    assert parsed.root is None
    (diagnostic,) = parsed.diagnostics
    assert diagnostic.rule == "RC102"
    assert f"U+{ord(char):04X}" in diagnostic.message
    assert char not in diagnostic.message + diagnostic.help
    assert diagnostic.span is not None
    assert diagnostic.span.text == char


def test_all_control_characters_but_three_are_refused() -> None:
    """Of C0, DEL and C1 only tab, line feed and a carriage return before a line feed may stand in a file."""
    for code in (*range(0x20), *range(0x7F, 0xA0)):
        parsed = parse("f.yaml", f"a: 1 # {chr(code)}\n".encode())
        assert (parsed.root is not None) == (chr(code) in "\t\n\r"), hex(code)


def test_exactly_the_named_characters_are_refused() -> None:
    """Everything else of Unicode may stand in a text: letters, marks, emoji, the joiner, U+FFFD, private use."""
    named = set(map(ord, BIDI + ZERO_WIDTH + LINES + "\u180e\ufff9\ufffa\ufffb"))
    named |= {*range(0x7F, 0xA0), *range(0x2061, 0x2066), *range(0x206A, 0x2070), *range(0xE0000, 0xE0080)}
    named |= {*range(0xFDD0, 0xFDF0), *(plane << 16 | low for plane in range(17) for low in (0xFFFE, 0xFFFF))}
    others = "".join(
        chr(code)
        for code in range(0x20, sys.maxunicode + 1)
        if code not in named and not 0xD800 <= code <= 0xDFFF and code != ord("'")
    )
    parsed = parse("f.yaml", f"a: '{others}'\n".encode(), Limits(max_bytes=8 << 20))
    assert parsed.diagnostics == []
    for code in sorted(named):
        assert forbidden_in_text().search(chr(code)), hex(code)


def test_line_ends() -> None:
    """LF and CR LF end lines, also mixed; a CR on its own is refused, also at the end of the file."""
    assert parse("f.yaml", b"a: 1\r\nb: 2\n").diagnostics == []
    assert findings(b"a: 1\rb: 2\r\n") == [("RC102", 1, 5)]
    assert findings(b"a: 1\r\n\r\r\nb: 2\r") == [("RC102", 2, 1), ("RC102", 3, 5)]


def test_many_findings_are_counted() -> None:
    """The first twenty stand alone, the rest is one finding with their number."""
    diagnostics = parse("f.yaml", b"a: '" + b"\x01" * 100 + b"'\n").diagnostics
    assert len(diagnostics) == 21
    assert diagnostics[-1].message == "and 80 more findings of this kind"
    diagnostics = parse("f.yaml", b"a: '" + b"\xff" * 100 + b"'\n").diagnostics
    assert len(diagnostics) == 21
    assert diagnostics[-1].message == "and 80 more findings of this kind"
    assert diagnostics[-1].span is not None
    assert diagnostics[-1].span.column == 25


@pytest.mark.parametrize(
    ("escape", "name"),
    [
        ("\\0", "U+0000"),
        ("\\a", "U+0007"),
        ("\\e", "U+001B"),
        ("\\r", "U+000D"),
        ("\\N", "U+0085"),
        ("\\L", "U+2028"),
        ("\\x85", "U+0085"),
        ("\\u202e", "U+202E"),
        ("\\u200B", "U+200B"),
        ("\\ufeff", "U+FEFF"),
        ("\\U000E0041", "U+E0041"),
        ("\\U0001FFFE", "U+1FFFE"),
    ],
)
def test_an_escape_cannot_smuggle_a_character_in(escape: str, name: str) -> None:
    """Escapes of double quotes that stand for a refused character are refused where the escape stands."""
    parsed = parse("f.yaml", f'a: "fine \\n \\t \\x41 \\\\0"\nb: "\\\\{escape} \\\\0"\n'.encode())
    assert parsed.root is None
    (diagnostic,) = parsed.diagnostics
    assert (diagnostic.rule, str(diagnostic.span)) == ("RC102", "f.yaml:2:7")
    assert name in diagnostic.message
    assert diagnostic.span is not None
    assert diagnostic.span.text == escape


@pytest.mark.parametrize(
    "escape", ["\\n", "\\t", "\\\\", '\\"', "\\/", "\\_", "\\x41", "\\u00e9", "\\U0001F600", "\\u200d"]
)
def test_other_escapes_are_read(escape: str) -> None:
    """Line feed, tab, letters, emoji and the joiner may be written as escapes."""
    assert parse("f.yaml", f'a: "{escape}"\n'.encode()).diagnostics == []


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "\\U00110000", "\\d", "\\'", "\\x4", "\\uZZZZ"])
def test_escapes_that_name_nothing_are_refused(escape: str) -> None:
    """Half characters, numbers beyond Unicode and unknown letters are refused at the escape."""
    assert findings(f'a: "b{escape}"\n'.encode()) == [("RC103", 1, 6)]
