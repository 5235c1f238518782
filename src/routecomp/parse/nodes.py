"""A mapping of the tree and a key's text in, the pair that stands there out; fast for large mappings too."""

from __future__ import annotations

from functools import lru_cache

from routecomp.parse.tree import Mapping, Node, Scalar

_LARGE = 32


def pair(mapping: Mapping, name: str) -> tuple[Scalar, Node] | None:
    """The key and the value under a key's text."""
    at = position(mapping, name)
    return None if at is None else mapping.items[at]


def position(mapping: Mapping, name: str) -> int | None:
    """Where in its mapping a key stands."""
    if len(mapping.items) > _LARGE:
        return _index(mapping).get(name)
    for at, (key, _) in enumerate(mapping.items):
        if key.text == name:
            return at
    return None


# A rule that finds something in every entry of a mapping asks for thousands of places in it, one after another:
# looked for from its beginning each time, a file of 4 MiB would take minutes.
@lru_cache(maxsize=4)
def _index(mapping: Mapping) -> dict[str, int]:
    return {key.text: at for at, (key, _) in enumerate(mapping.items)}
