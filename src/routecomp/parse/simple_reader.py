"""Read a simple file without libyaml: block mappings and lists of one-line values, as nearly every file is.

INVARIANT: this reader gives the tree that libyaml gives, or None where it is not sure. It is three times as fast, and
knows little of YAML: keys without quotes, plain and quoted values and brackets that end on their line, comments.
Whatever it does not know, errors included, is left to `reader`. Tests compare the two on random and hostile texts.
"""

from __future__ import annotations

import re
from typing import Any

from routecomp.parse.tree import Mapping, Node, Scalar, Sequence
from routecomp.source.text import SourceFile

# No plain text begins with an indicator. A colon before white space would make a key of it; a `#` after white space
# begins a comment. Every other character may stand in it.
_FIRST = r"(?:[A-Za-z0-9_/.+~$(]|-(?=[A-Za-z0-9.]))"
_PLAIN = rf"{_FIRST}(?:[^ \n:#]++|:(?=[^ \n])|(?<=[^ ])#| ++(?=[^ #\n:])| ++:(?=[^ \n]))*+"
_QUOTED = r"\"[^\"\\\n]*\"|'[^'\n]*'"
_KEY = r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,100}+"
# Indentation, a key or a dash, the space before the value, the value, and the rest: every character of a line.
_VALUE = rf"{_PLAIN}|{_QUOTED}|[\[{{][^\n#]*[\]}}]"
_REST = r"(?: +#[^\n]*| *)\n|(?<![^ \n])#[^\n]*\n"
_LINES = re.compile(rf"( *)(?:(?:({_KEY}):|(-))(?:( +)({_VALUE}))?(?=[ \n]))?({_REST})").findall
# In brackets also `,`, `[`, `]`, `{` and `}` end a plain text; only the plainest words are known here.
_WORD = rf"{_FIRST}[A-Za-z0-9_/.+~$@%=-]*(?: [A-Za-z0-9_/.+~$@%=-]+)*"
_WORDS = re.compile(rf"\[{_WORD}(?:, {_WORD})*\]").fullmatch
_PAIRS = re.compile(rf"\{{{_KEY}: {_WORD}(?:, {_KEY}: {_WORD})*\}}").fullmatch
_TOKEN = re.compile(
    rf" *(?:(?P<key>{_KEY}): +|(?P<plain>{_WORD})(?= *[,\]}}])|(?P<quoted>{_QUOTED})(?= *[,\]}}])|([\[\]{{}},]))"
)
_DEEPEST_INDENT = 400
_LONGEST = 512 * 1024  # characters; all lines of a longer file at once would take too much memory


def read_simple(source: SourceFile, max_depth: int, max_nodes: int) -> Mapping | None:
    """Return the tree of a file; None where libyaml must read it."""
    text = source.text if source.text.endswith("\n") else source.text + "\n"
    if "\t" in text or "\r" in text or len(text) > min(_LONGEST, max_nodes):  # no character makes more than one node
        return None
    items: list[tuple[Scalar, Node]] = []  # of the innermost mapping
    entries: list[Node] | None = None  # of the list that is being read, which holds no blocks
    indent = 0
    stack: list[tuple[int, Mapping | Sequence]] = []
    pending: Scalar | None = None  # the last key, where its value stands on the lines below it
    offset = 0
    value: Node | None
    for space, key, dash, gap, word, rest in _LINES(text):
        if not key and not dash:  # an empty line or a comment
            offset += len(space) + len(rest)
            continue
        column = len(space)
        start = offset + column
        if pending is not None:
            if column <= indent or column > _DEEPEST_INDENT or len(stack) >= max_depth:
                return None
            if dash:
                entries = []
                sequence = Sequence(source, start, start, entries, False)
                items.append((pending, sequence))
                stack.append((column, sequence))
                indent, pending = column, None
        if dash:
            if entries is None or column != indent or not word:
                return None
            start += 1 + len(gap)
            value = _read_value(source, text, word, start, max_depth - len(stack))
            if value is None:
                return None
            entries.append(value)
            offset = start + len(word) + len(rest)
            continue
        if pending is not None:
            below: list[tuple[Scalar, Node]] = []
            mapping = Mapping(source, start, start, below, False)
            items.append((pending, mapping))
            stack.append((column, mapping))
            items, indent, pending = below, column, None
        elif column != indent:
            if column > indent or not stack:
                return None
            while column < indent:
                if not _close(stack.pop()[1]):
                    return None
                indent = stack[-1][0]
            above = stack[-1][1]
            if column != indent or not isinstance(above, Mapping):
                return None
            items, entries = above.items, None
        elif entries is not None:
            return None
        elif not stack:
            stack.append((0, Mapping(source, start, start, items, False)))
        end = start + len(key)
        name = Scalar(source, start, end, key, True)
        if not word:
            pending = name
            offset = end + 1 + len(rest)
            continue
        start = end + 1 + len(gap)
        value = _read_value(source, text, word, start, max_depth - len(stack))
        if value is None:
            return None
        items.append((name, value))
        offset = start + len(word) + len(rest)
    # What no line matched was passed over.
    if offset != len(text) or not stack or pending is not None:
        return None
    root = stack[0][1]
    while stack:
        if not _close(stack.pop()[1]):
            return None
    assert isinstance(root, Mapping)
    return root


def _read_value(source: SourceFile, text: str, word: str, start: int, depth: int) -> Node | None:
    """Return the value that begins and ends on its line, where `word` stands; None where this is not sure."""
    end = start + len(word)
    sign = word[0]
    if sign in "[{":
        brackets: Node | None = _read_brackets(source, text, word, start, depth)
        return None if brackets is None or brackets.end != end else brackets
    if sign in "\"'":
        return Scalar(source, start, end, word[1:-1], False)
    return Scalar(source, start, end, word, True)


def _close(node: Mapping | Sequence) -> bool:
    """Set where a block ends; return False if one of a mapping's keys stands there twice."""
    if isinstance(node, Sequence):
        node.end = node.items[-1].end
        return True
    items = node.items
    if not node.flow:
        node.end = items[-1][1].end
    return len(items) == 1 or len({key.text for key, _ in items}) == len(items)


def _read_brackets(source: SourceFile, text: str, word: str, offset: int, depth: int) -> Any:
    """Return the sequence or mapping in brackets at an offset, where `word` stands; None where this is not sure."""
    if depth > 0 and _WORDS(word) is not None:
        values: list[Node] = []
        begin = offset + 1
        for entry in word[1:-1].split(", "):
            end = begin + len(entry)
            values.append(Scalar(source, begin, end, entry, True))
            begin = end + 2
        return Sequence(source, offset, begin - 1, values, True)
    if depth > 0 and _PAIRS(word) is not None:
        items: list[tuple[Scalar, Node]] = []
        begin = offset + 1
        for pair in word[1:-1].split(", "):
            key, _, entry = pair.partition(": ")
            middle, end = begin + len(key), begin + len(pair)
            name = Scalar(source, begin, middle, key, True)
            items.append((name, Scalar(source, middle + 2, end, entry, True)))
            begin = end + 2
        mapping = Mapping(source, offset, begin - 1, items, True)
        return mapping if _close(mapping) else None
    return _read_tokens(source, text, offset, depth)


def _read_tokens(source: SourceFile, text: str, offset: int, depth: int) -> Any:
    """Return the sequence or mapping in brackets at an offset, token by token; None where this is not sure."""
    top: Any = None
    stack: list[Any] = []
    name: Scalar | None = None
    # What may come next: a value (or a key, in a mapping), or a comma or bracket.
    may_end, wants_comma = False, False
    while True:
        token = _TOKEN.match(text, offset)
        if token is None:
            return None
        offset = token.end()
        kind = token.lastgroup
        node: Any
        if kind == "key":
            if wants_comma or name is not None or not stack or stack[-1].__class__ is not Mapping:
                return None
            word = token["key"]
            name = Scalar(source, token.start("key"), token.start("key") + len(word), word, True)
            may_end = False
            continue
        if kind is None:
            sign = text[offset - 1]
            if sign == ",":
                if not wants_comma:
                    return None
                wants_comma = may_end = False
                continue
            if sign in "]}":
                if not stack or not (wants_comma or may_end) or (sign == "]") is not (stack[-1].__class__ is Sequence):
                    return None
                node = stack.pop()
                node.end = offset
                if sign == "}" and len({key.text for key, _ in node.items}) != len(node.items):
                    return None
                if not stack:
                    return top
                wants_comma, may_end = True, False
                continue
            node = (
                Sequence(source, offset - 1, offset, [], True)
                if sign == "["
                else Mapping(source, offset - 1, offset, [], True)
            )
        elif kind == "plain":
            node = Scalar(source, token.start("plain"), offset, token["plain"], True)
        else:
            node = Scalar(source, token.start("quoted"), offset, token["quoted"][1:-1], False)
        if wants_comma:
            return None
        if not stack:
            top = node
        elif stack[-1].__class__ is Mapping:
            if name is None:
                return None
            stack[-1].items.append((name, node))
            name = None
        else:
            stack[-1].items.append(node)
        if kind is None:
            stack.append(node)
            if len(stack) > depth:
                return None
            may_end = True
        else:
            wants_comma = True
