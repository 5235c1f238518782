"""Represent one YAML file as a tree with positions: scalars as text, mappings and sequences in their order.

Nodes are plain mutable classes because building them is the hot loop of the parser. After `parse` returned a tree,
nobody changes it, but `redact` replaces credentials in it.
"""

from __future__ import annotations

from functools import lru_cache

from routecomp.source.text import SourceFile, Span

_LARGE = 32  # keys of a mapping from which on an index of its keys pays


class Scalar:
    """A scalar: `text` is its value as text; `plain` is true where it has neither quotes nor block style.

    The span covers the scalar as written: with its quotes; a block scalar from its `|` or `>` to the end of its last
    line that is not blank. A missing value (`key:`) is a plain scalar whose text and span are empty.
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
        """The characters of the node."""
        return Span(self.file, self.start, self.end)

    def __repr__(self) -> str:
        return f"Scalar({self.text!r})"


class Alias(Scalar):
    """An alias (`*name`) in a file whose anchors are kept; `target` is the node that has the anchor."""

    __slots__ = ("target",)

    def __init__(self, file: SourceFile, start: int, end: int, text: str, target: Node) -> None:
        super().__init__(file, start, end, text, True)
        self.target = target


class Mapping:
    """A mapping: `items` are (key, value) pairs in the order of the text; no two keys have the same text.

    `dropped` holds the pairs whose key repeats an earlier key; it is empty in a file without errors. The span of a
    block mapping ends where its last value ends. `flow` is true for a mapping in braces.
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
        """The characters of the node."""
        return Span(self.file, self.start, self.end)

    def get(self, key: str) -> Node | None:
        """Return the value of a key, or None; a null is its node."""
        for k, v in self.items:
            if k.text == key:
                return v
        return None

    def key(self, key: str) -> Scalar | None:
        """Return the node of a key, or None."""
        for k, _ in self.items:
            if k.text == key:
                return k
        return None

    def pair(self, key: str) -> tuple[Scalar, Node] | None:
        """Return the key's node and its value, or None; fast in large mappings too."""
        index = self.position(key)
        return None if index is None else self.items[index]

    def position(self, key: str) -> int | None:
        """Return the index of a key in `items`, or None; fast in large mappings too."""
        if len(self.items) > _LARGE:
            return _positions(self).get(key)
        for index, (node, _) in enumerate(self.items):
            if node.text == key:
                return index
        return None

    def __repr__(self) -> str:
        return f"Mapping({self.items!r})"


class Sequence:
    """A sequence: `items` in the order of the text. The span of a block sequence ends where its last item ends."""

    __slots__ = ("end", "file", "flow", "items", "start")

    def __init__(self, file: SourceFile, start: int, end: int, items: list[Node], flow: bool) -> None:
        self.file = file
        self.start = start
        self.end = end
        self.items = items
        self.flow = flow

    @property
    def span(self) -> Span:
        """The characters of the node."""
        return Span(self.file, self.start, self.end)

    def __repr__(self) -> str:
        return f"Sequence({self.items!r})"


Collection = Mapping | Sequence
Node = Scalar | Mapping | Sequence


def first_line_span(node: Node) -> Span:
    """Return the span of a node, cut to its first line, as reports underline it."""
    end = node.file.text.find("\n", node.start, node.end)
    return Span(node.file, node.start, node.end if end == -1 else end)


def scalars(root: Node) -> list[Scalar]:
    """Return every scalar of a tree in the order of the text, dropped pairs included, missing values left out."""
    written: list[Scalar] = []
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            if node.end > node.start:
                written.append(node)
        elif isinstance(node, Mapping):
            for pair in node.items:
                waiting += pair
            for pair in node.dropped:
                waiting += pair
        else:
            waiting += node.items
    written.sort(key=_start)
    return written


def _start(scalar: Scalar) -> int:
    """Return the offset at which a scalar begins: the sort key of `scalars`."""
    return scalar.start


# A rule that reports every entry of a mapping asks for thousands of positions in it, one after another. Searching
# from the first key each time would take minutes for a file of 4 MiB.
@lru_cache(maxsize=4)
def _positions(mapping: Mapping) -> dict[str, int]:
    """Return the index of each key in the items of a mapping."""
    return {key.text: index for index, (key, _) in enumerate(mapping.items)}
