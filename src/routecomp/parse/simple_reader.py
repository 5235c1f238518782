"""Read a simple file without libyaml: block mappings of one-line values, as nearly every file of a project is.

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
# Indentation, key, the space before its value, the value, and the rest of the line: every character of it.
_VALUE = rf"{_PLAIN}|{_QUOTED}|[\[{{][^\n#]*[\]}}]"
_REST = r"(?: +#[^\n]*| *)\n|(?<![^ \n])#[^\n]*\n"
_LINES = re.compile(rf"( *)(?:({_KEY}):(?:( +)({_VALUE}))?(?=[ \n]))?({_REST})").findall
# In brackets also `,`, `[`, `]`, `{` and `}` end a plain text; only the plainest words are known here.
_WORD = rf"{_FIRST}[A-Za-z0-9_/.+~$@%=-]*(?: [A-Za-z0-9_/.+~$@%=-]+)*"
_WORDS = re.compile(rf"\[{_WORD}(?:, {_WORD})*\]").fullmatch
_PAIRS = re.compile(rf"\{{{_KEY}: {_WORD}(?:, {_KEY}: {_WORD})*\}}").fullmatch
_TOKEN = re.compile(
    rf" *(?:(?P<key>{_KEY}): +|(?P<plain>{_WORD})(?= *[,\]}}])|(?P<quoted>{_QUOTED})(?= *[,\]}}])|([\[\]{{}},]))"
)
_DEEPEST_INDENT = 400


def read_simple(source: SourceFile, max_depth: int, max_nodes: int) -> Mapping | None:
    """Return the tree of a file; None where libyaml must read it."""
    text = source.text if source.text.endswith("\n") else source.text + "\n"
    if "\t" in text or "\r" in text or len(text) > max_nodes:  # no character makes more than one node
        return None
    items: list[tuple[Scalar, Node]] = []  # of the innermost mapping
    indent = 0
    stack: list[tuple[int, Mapping]] = []
    pending: Scalar | None = None  # the last key, where its value stands on the lines below it
    offset = 0
    value: Node
    for space, key, gap, word, rest in _LINES(text):
        if not key:  # an empty line or a comment
            offset += len(space) + len(rest)
            continue
        column = len(space)
        start = offset + column
        if pending is not None:
            if column <= indent or column > _DEEPEST_INDENT or len(stack) >= max_depth:
                return None
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
            if column != indent:
                return None
            items = stack[-1][1].items
        elif not stack:
            stack.append((0, Mapping(source, start, start, items, False)))
        end = start + len(key)
        name = Scalar(source, start, end, key, True)
        if not word:
            pending = name
            offset = end + 1 + len(rest)
            continue
        start = end + 1 + len(gap)
        end = start + len(word)
        sign = word[0]
        if sign in "[{":
            brackets = _read_brackets(source, text, word, start, max_depth - len(stack))
            if brackets is None or brackets.end != end:
                return None
            value = brackets
        elif sign in "\"'":
            value = Scalar(source, start, end, word[1:-1], False)
        else:
            value = Scalar(source, start, end, word, True)
        items.append((name, value))
        offset = end + len(rest)
    # What no line matched was passed over.
    if offset != len(text) or not stack or pending is not None:
        return None
    root = stack[0][1]
    while stack:
        if not _close(stack.pop()[1]):
            return None
    return root


def _close(mapping: Mapping) -> bool:
    """Set where a block mapping ends; return False if one of its keys stands there twice."""
    items = mapping.items
    if not mapping.flow:
        mapping.end = items[-1][1].end
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
