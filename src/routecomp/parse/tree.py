"""The positioned tree of one YAML file: scalars as their text, mappings and sequences in their order.

Nodes are mutable slots classes only because building them is the hot loop of the parser; nobody changes
a node after `parse` returned it.
"""

from __future__ import annotations

from routecomp.source.text import SourceFile, Span


class Scalar:
    """A scalar: `text` is its value as text; `plain` is true when it stood without quotes or block style.

    The span covers the scalar as it was written: quotes included, a block scalar from its `|` or `>` to the
    end of its last line that holds something. A missing value (`key:`) is an empty plain scalar at a place.
    """

    __slots__ = ("end", "file", "plain", "start", "text")

    def __init__(self, file: SourceFile, start: int, end: int, text: str, plain: bool) -> None:
        self.file = file
        self.start = start
        self.end = end
        self.text = text
        self.plain = plain

    @property
    def span(self) -> Span:
        return Span(self.file, self.start, self.end)

    def __repr__(self) -> str:
        return f"Scalar({self.text!r})"


class Mapping:
    """A mapping: `items` are (key, value) pairs in their order; keys are unique scalars.

    `dropped` holds the pairs whose key stood earlier already; it is empty in a file without errors.
    A block mapping's span ends where its last value ends.
    """

    __slots__ = ("dropped", "end", "file", "flow", "items", "start")

    def __init__(self, file: SourceFile, start: int, end: int, items: list[tuple[Scalar, Node]], flow: bool) -> None:
        self.file = file
        self.start = start
        self.end = end
        self.items = items
        self.flow = flow
        self.dropped: tuple[tuple[Scalar, Node], ...] = ()

    @property
    def span(self) -> Span:
        return Span(self.file, self.start, self.end)

    def get(self, key: str) -> Node | None:
        """The value under a key's text, or None."""
        for k, v in self.items:
            if k.text == key:
                return v
        return None

    def key(self, key: str) -> Scalar | None:
        """The key's own node, or None."""
        for k, _ in self.items:
            if k.text == key:
                return k
        return None

    def __repr__(self) -> str:
        return f"Mapping({self.items!r})"


class Sequence:
    """A sequence: `items` in their order. A block sequence's span ends where its last item ends."""

    __slots__ = ("end", "file", "flow", "items", "start")

    def __init__(self, file: SourceFile, start: int, end: int, items: list[Node], flow: bool) -> None:
        self.file = file
        self.start = start
        self.end = end
        self.items = items
        self.flow = flow

    @property
    def span(self) -> Span:
        return Span(self.file, self.start, self.end)

    def __repr__(self) -> str:
        return f"Sequence({self.items!r})"


Collection = Mapping | Sequence
Node = Scalar | Mapping | Sequence


def scalars(root: Node) -> list[Scalar]:
    """Every scalar that stands in the text, in its order; missing values left out, dropped pairs included."""
    found: list[Scalar] = []
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            if node.end > node.start:
                found.append(node)
        elif isinstance(node, Mapping):
            for pair in node.items:
                waiting += pair
            for pair in node.dropped:
                waiting += pair
        else:
            waiting += node.items
    found.sort(key=_start)
    return found


def _start(scalar: Scalar) -> int:
    return scalar.start
