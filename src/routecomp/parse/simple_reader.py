"""Read a simple file without libyaml: block mappings of one-line values, as nearly every file of a project is.

INVARIANT: this reader gives the tree that libyaml gives, or None where it is not sure. It is three times as fast, and it
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
_PLAIN = rf"{_FIRST}(?:[^ \n:#]|:(?=[^ \n])|(?<=[^ ])#| +(?=[^ #\n:])| +:(?=[^ \n]))*"
_QUOTED = r"\"[^\"\\\n]*\"|'[^'\n]*'"
_KEY = r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,100}"
_LINE = re.compile(
    rf"(?P<indent> *)(?:(?P<key>{_KEY}):(?: +(?:(?P<plain>{_PLAIN})|(?P<quoted>{_QUOTED})|(?P<open>[\[{{])))?)?"
)
_REST = re.compile(r"(?: +#[^\n]*| *)\n")
_COMMENT = re.compile(r"#[^\n]*\n")
# In brackets also `,`, `[`, `]`, `{` and `}` end a plain text; only the plainest words are known here.
_WORD = rf"{_FIRST}[A-Za-z0-9_/.+~$@%=-]*(?: [A-Za-z0-9_/.+~$@%=-]+)*"
_TOKEN = re.compile(
    rf" *(?:(?P<key>{_KEY}): +|(?P<plain>{_WORD})(?= *[,\]}}])|(?P<quoted>{_QUOTED})(?= *[,\]}}])|([\[\]{{}},]))"
)
_UNKNOWN = re.compile(r"[\t\r]")
_DEEPEST_INDENT = 400


def read_simple(source: SourceFile, max_depth: int, max_nodes: int) -> Mapping | None:
    """Return the tree of a file; None where libyaml must read it."""
    text = source.text if source.text.endswith("\n") else source.text + "\n"
    if _UNKNOWN.search(text) is not None or len(text) > max_nodes:  # no character makes more than one node
        return None
    match_line, match_rest = _LINE.match, _REST.match
    root: Mapping | None = None
    items: list[tuple[Scalar, Node]] = []  # of the innermost mapping
    indent = 0
    stack: list[tuple[int, Mapping]] = []
    key: Scalar | None = None  # the last key, where its value stands on the lines below it
    offset, length = 0, len(text)
    while offset < length:
        line: Any = match_line(text, offset)
        start, word = line.end("indent"), line["key"]
        if word is None:  # an empty line, or a comment
            rest = match_rest(text, start) or _COMMENT.match(text, start)
            if rest is None:
                return None
            offset = rest.end()
            continue
        column = start - offset
        if root is None:
            if column:
                return None
            root = Mapping(source, start, start, items, False)
            stack.append((0, root))
        elif key is not None:
            if column <= indent or column > _DEEPEST_INDENT or len(stack) >= max_depth:
                return None
            below: list[tuple[Scalar, Node]] = []
            mapping = Mapping(source, start, start, below, False)
            items.append((key, mapping))
            stack.append((column, mapping))
            items, indent, key = below, column, None
        elif column != indent:
            if column > indent:
                return None
            while column < indent:
                if not _close(stack.pop()[1]):
                    return None
                indent = stack[-1][0]
            if column != indent:
                return None
            items = stack[-1][1].items
        name = Scalar(source, start, start + len(word), word, True)
        value: Node
        kind = line.lastgroup
        end = line.end()
        if kind == "plain":
            value = Scalar(source, line.start("plain"), end, line["plain"], True)
        elif kind == "quoted":
            value = Scalar(source, line.start("quoted"), end, line["quoted"][1:-1], False)
        elif kind == "open":
            brackets = _read_brackets(source, text, end - 1, max_depth - len(stack))
            if brackets is None:
                return None
            value, end = brackets, brackets.end
        else:
            key = name
        if kind != "key":
            items.append((name, value))
        rest = match_rest(text, end)
        if rest is None:
            return None
        offset = rest.end()
    if root is None or key is not None:
        return None
    while stack:
        if not _close(stack.pop()[1]):
            return None
    return root


def _close(mapping: Mapping) -> bool:
    """Set where a block mapping ends; return False if one of its keys stands there twice."""
    items = mapping.items
    mapping.end = items[-1][1].end
    return len({key.text for key, _ in items}) == len(items)


def _read_brackets(source: SourceFile, text: str, offset: int, depth: int) -> Any:
    """Return the sequence or mapping in brackets at an offset; None where it does not end on its line, or is not sure."""
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
                if not (wants_comma or may_end) or (sign == "]") is not (stack[-1].__class__ is Sequence):
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
