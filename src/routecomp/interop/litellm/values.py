"""Turn parsed trees of LiteLLM files into values: anchors and merge keys expanded, references told from texts."""

from __future__ import annotations

from routecomp.interop.litellm.secrets import Credentials
from routecomp.interop.litellm.stand_ins import REFERENCE
from routecomp.interop.scalars import number_in, plain_kind
from routecomp.interop.value import Kind, Path, Value
from routecomp.parse.tree import Alias, Mapping, Node, Scalar, Sequence
from routecomp.source.text import SourceFile, Span

MOST_VALUES = 50_000
DEEPEST = 64
Pair = tuple[Scalar, Node]


class TooLargeError(Exception):
    """The expanded file holds more than the limits allow; `span` is where that was seen, `message` says what."""

    def __init__(self, span: Span, message: str) -> None:
        super().__init__(message)
        self.span = span
        self.message = message


class Values:
    """Makes values of nodes, within limits for all files together, and gathers what was overridden."""

    def __init__(self) -> None:
        self.credentials: dict[SourceFile, Credentials] = {}
        self.overridden: list[Value] = []
        self._count = 0
        self._pairs: dict[Mapping, tuple[list[Pair], list[Pair]]] = {}

    def of(self, node: Node, path: Path, key: Span | None = None) -> Value:
        """Return the value of a node; raise `TooLargeError` where it expands beyond the limits."""
        node = _target(node)
        self._count += 1
        if self._count > MOST_VALUES:
            raise TooLargeError(node.span, f"with its anchors expanded the file holds more than {MOST_VALUES:,} values")
        if len(path) > DEEPEST:
            raise TooLargeError(node.span, f"with its anchors expanded the file is nested more than {DEEPEST} deep")
        if isinstance(node, Scalar):
            return self._scalar(node, path, key)
        if isinstance(node, Sequence):
            items = tuple(self.of(item, (*path, index)) for index, item in enumerate(node.items))
            return Value(path, Kind.LIST, node.span, key, items=items)
        fields: dict[str, Value] = {}
        pairs, replaced = self.pairs(node)
        for name, value in pairs:
            fields[key_text(name)] = self.of(value, (*path, key_text(name)), name.span)
        for name, value in replaced:
            self.overridden.append(self.of(value, (*path, key_text(name)), name.span))
        return Value(path, Kind.MAPPING, node.span, key, fields=fields)

    def pairs(self, mapping: Mapping, depth: int = 0) -> tuple[list[Pair], list[Pair]]:
        """Return the pairs of a mapping as YAML 1.1 has them, and those that others replace.

        The last key of a name counts, at the place of the first. What a merge key (`<<`) brings comes after, where no
        key of the mapping has the name; of several merged mappings the first counts. Raises `TooLargeError` where
        merge keys are nested too deep.
        """
        known = self._pairs.get(mapping)
        if known is not None:
            return known
        if depth > DEEPEST:
            raise TooLargeError(mapping.span, f"merge keys lead through more than {DEEPEST} mappings")
        own: dict[str, Pair] = {}
        replaced: list[Pair] = []
        merged: list[Node] = []
        for key, value in (*mapping.items, *mapping.dropped):
            if key.plain and key.text == "<<":
                node = _target(value)
                merged += node.items if isinstance(node, Sequence) else [node]
                continue
            name = key_text(key)
            if name in own:
                replaced.append(own[name])
            own[name] = (key, value)
        for source in dict.fromkeys(map(_target, merged)):
            if isinstance(source, Mapping):
                for key, value in self.pairs(source, depth + 1)[0]:
                    own.setdefault(key_text(key), (key, value))
        self._pairs[mapping] = list(own.values()), replaced
        return self._pairs[mapping]

    def _scalar(self, node: Scalar, path: Path, key: Span | None) -> Value:
        """Return the value of a scalar."""
        text = node.text
        hidden = self.credentials[node.file].scalars.get(node.start) if node.file in self.credentials else None
        if hidden is not None:
            return Value(path, Kind.CREDENTIAL, node.span, key, text, None, "", not node.plain, *hidden)
        if text.startswith(REFERENCE):
            variable = text.removeprefix(REFERENCE)
            return Value(path, Kind.ENVIRONMENT, node.span, key, text, None, variable, not node.plain)
        kind = plain_kind(text) if node.plain else Kind.TEXT
        return Value(path, kind, node.span, key, text, number_in(text), "", not node.plain)


def key_text(key: Scalar) -> str:
    """Return the text of a key, which may be an alias."""
    target = _target(key)
    return target.text if isinstance(target, Scalar) else key.text


def _target(node: Node) -> Node:
    """Return what an alias stands for, or the node itself."""
    while isinstance(node, Alias):
        node = node.target
    return node
