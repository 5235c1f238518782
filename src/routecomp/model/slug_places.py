"""Find every place in the files where the slug of a thing stands: where it is declared, and where it is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.model import sections
from routecomp.model.project import Declared, Entry
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence

KEY = "<key>"
"""The last step of a path to the keys of a mapping; `*` stands for every value of a mapping or a list."""
_POLICIES = ("presets", "tenants")


def _in_policies(*lists: str) -> tuple[tuple[str, ...], ...]:
    """Return the paths of lists of a policy in all bodies that have one."""
    return tuple(
        path
        for name in lists
        for path in (*((section, name, "*") for section in _POLICIES), ("defaults", "policy", name, "*"))
    )


def _in_requests(argument: str, *below: str) -> tuple[tuple[str, ...], ...]:
    """Return the paths of an argument in the requests of expectations; `below` it stands the slug."""
    return (
        ("expectations", "request", argument, *below),
        ("expectations", "for", argument, "*", *below),
        ("expectations", "rows", "*", "where", argument, *below),
    )


def _in_decisions(key: str, *below: str) -> tuple[tuple[str, ...], ...]:
    """Return the paths of a key in what expectations want of a decision; `below` it stands the slug."""
    return (
        ("expectations", "expect", key, *below),
        ("expectations", "rows", "*", "expect", key, *below),
    )


PLACES: dict[str, tuple[tuple[str, ...], ...]] = {
    "provider": (
        ("models", "provider"),
        *_in_policies("banned_providers", "preferred_providers"),
        *_in_requests("unavailable", "*"),
        *_in_decisions("provider"),
        ("claims", "never_reaches", "providers", "*"),
    ),
    "model": (
        ("models", "successor"),
        ("features", "models", KEY),
        ("features", "fallback", "*"),
        ("targets", "candidates", "models", "*"),
        ("defaults", "model"),
        ("defaults", "routes", "*"),
        ("experiments", "variants", "*", "versions", "*", "model"),
        *_in_policies("banned_models"),
        *_in_requests("model"),
        *_in_requests("unavailable", "*"),
        *_in_decisions("model"),
        *_in_decisions("chain", "*"),
        *_in_decisions("chain_begins", "*"),
        *_in_decisions("shadows", "*"),
        ("claims", "never_reaches", "models", "*"),
    ),
    "logical model": (
        ("models", "logical_slug"),
        ("targets", "candidates", "logical"),
        *_in_policies("banned_models"),
        *_in_requests("model"),
        ("claims", "never_reaches", "models", "*"),
    ),
    "feature": (("defaults", "routes", KEY), *_in_requests("feature"), ("claims", "features", "*")),
    "target": (("features", "then"), *_in_requests("model")),
    "tenant": (*_in_requests("tenant"), ("claims", "tenants", "*")),
    "experiment": _in_decisions("experiment"),
}
"""By kind, the section and the path within its bodies where a slug of that kind is named.

INVARIANT: models and logical models share one namespace, so a ban names one thing.
"""
SECTIONS = {section.kind: name for name, section in sections.SECTIONS.items() if section.kind in PLACES}
"""The section that declares the slugs of a kind; a logical model is declared by its hosts."""


def slug_places(declared: Declared, kind: str, slug: str) -> Iterator[Scalar]:
    """Yield the node of each place where the slug of a thing stands, its declaration first."""
    if kind in SECTIONS and slug in getattr(declared, SECTIONS[kind]):
        yield getattr(declared, SECTIONS[kind])[slug].key
    for section, *path in PLACES[kind]:
        for entry in _entries(declared, section):
            yield from (node for node in _nodes(entry.node, path) if node.text == slug)


def _entries(declared: Declared, section: str) -> list[Entry[Any]]:
    """Return the bodies of a section."""
    bodies = getattr(declared, section)
    if isinstance(bodies, Entry):
        return [bodies]
    return [] if bodies is None else list(bodies.values())


def _nodes(node: Node, path: list[str]) -> Iterator[Scalar]:
    """Yield the scalars at a path below a node."""
    if not path:
        if isinstance(node, Scalar):
            yield node
        return
    step, *rest = path
    if isinstance(node, Mapping):
        for key, value in node.items:
            if step == KEY:
                yield key
            elif step in (key.text, "*"):
                yield from _nodes(value, rest)
    elif isinstance(node, Sequence) and step == "*":
        for item in node.items:
            yield from _nodes(item, rest)
