"""Make hostile texts of a given size, by name. Each kind made some YAML reader slow, or took much stack or memory."""

from __future__ import annotations

from collections.abc import Callable


def filled(unit: str, before: str = "", after: str = "") -> Callable[[int], bytes]:
    """`before`, then as many `unit` as fit, then `after`."""

    def make(size: int) -> bytes:
        piece, head, tail = unit.encode(), before.encode(), after.encode()
        return head + piece * ((size - len(head) - len(tail)) // len(piece)) + tail

    return make


def numbered(unit: str, before: str = "", after: str = "") -> Callable[[int], bytes]:
    """The same with a number in each unit, for keys that differ."""

    def make(size: int) -> bytes:
        text, number, parts = len(before) + len(after), 0, [before]
        while text + len(piece := unit.format(number)) <= size:
            parts.append(piece)
            text += len(piece)
            number += 1
        return "".join([*parts, after]).encode()

    return make


def staircase(size: int) -> bytes:
    """Each key one space deeper than the one before."""
    lines: list[str] = []
    length = 0
    while length + len(lines) + 3 <= size:
        lines.append(" " * len(lines) + "a:\n")
        length += len(lines[-1])
    return "".join(lines).encode()


SHAPES: dict[str, Callable[[int], bytes]] = {
    "open brackets": filled("["),
    "open braces": filled("{"),
    "dashes": filled("- "),
    "question marks": filled("? "),
    "keys on one line": filled("a: "),
    "staircase": staircase,
    "double quotes": filled('"'),
    "single quotes": filled("'"),
    "anchors": filled("&a "),
    "aliases": filled("*a "),
    "tags": filled("!a "),
    "list of anchors": filled("&a a,", "[", "]"),
    "list of aliases": filled("*a,", "[", "]"),
    "list of escapes": filled('"\\0",', "[", "]"),
    "same key in braces": filled("a: 1,", "{", "}"),
    "keys in braces": numbered("k{}: 1,", "{{", "}"),
    "same key": filled("a: 1\n"),
    "keys": numbered("k{}: 1\n"),
    "merge keys": filled("<<: 1,", "{", "}"),
    "items": filled("- a\n"),
    "empty items": filled("-\n"),
    "items in brackets": filled("a,", "[", "]"),
    "lists in brackets": filled("[],", "[", "]"),
    "braces in brackets": filled("{},", "[", "]"),
    "pairs in brackets": filled("a: b,", "[", "]"),
    "directives": filled("%a b\n"),
    "tag directives": numbered("%TAG !a{}! b\n"),
    "one directive": filled("a", "%"),
    "one comment": filled("#"),
    "comments": filled("#\n"),
    "comments in a list": filled("#\n", "a: [b,", " c]"),
    "crowded comments": filled("#a#\n", "a: b\n"),
    "question marks in comments": filled("# ?\n", "a: b\n"),
    "question marks in text": filled("b ?", "a: "),
    "hashes in quotes": filled("x#", 'a: "', '"'),
    "one word": filled("a"),
    "words": filled("a "),
    "words on lines": filled("a\n"),
    "colons": filled("a:b"),
    "empty lines": filled("\n"),
    "empty lines in quotes": filled("\n", 'a: "x', ' "'),
    "spaces": filled(" "),
    "tabs": filled("\t"),
    "escapes in quotes": filled("\\u202e", 'a: "', '"'),
    "lines in quotes": filled("b\n ", 'a: "', '"'),
    "left lines in quotes": filled("b\n", 'a: "', '"'),
    "block text": filled(" b\n", "a: |\n"),
    "empty block text": filled("\n", "a: |+\n"),
    "block texts": filled("- |\n"),
    "lines in brackets": filled("b,\n ", "a: [", "]"),
    "left lines in brackets": filled("b,\n", "a: [", "]"),
    "template braces": filled("{{"),
    "template braces in quotes": filled("{{\n", '"', '" x'),
    "document starts": filled("---\n"),
    "document ends": filled("...\n"),
    "documents": filled("a\n...\n"),
    "carriage returns": filled("\r"),
    "controls": filled("\x01a"),
    "bidi": filled("\u202e"),
    "emoji": filled("😀", "a: "),
    "not UTF-8": lambda size: b"\xff" * size,
}
