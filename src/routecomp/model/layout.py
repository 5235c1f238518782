"""Tell which keys of a section or of a file are no names and no sections, but lines that are not indented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, get_args, get_origin

from routecomp.model.blocks import takes_keys
from routecomp.model.body_types import is_part, mappings
from routecomp.model.part import Part, plain_type
from routecomp.model.suggest import closest
from routecomp.parse.scalars import SLUG, is_null
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence


class Known(NamedTuple):
    """The keys of a body and of the mappings in it; `takes_names` is true where some of these have names as keys."""

    keys: frozenset[str]
    takes_names: bool


_KNOWN: dict[object, Known] = {}


def known_keys(body: type[Part]) -> Known:
    """Return the keys that may stand in a body of a type."""
    known = _KNOWN.get(body)
    if known is None:
        known = _KNOWN[body] = _known_keys(body)
    return known


def _known_keys(body: type[Part]) -> Known:
    """Collect the keys that may stand in a body of a type."""
    keys: set[str] = set()
    takes_names = False
    waiting: list[Any] = [body]
    while waiting:
        part = plain_type(waiting.pop())
        if isinstance(part, type) and issubclass(part, Part):
            keys.update(name for name, info in part.fields.items() if not info.hidden)
            waiting += [info.annotation for info in part.fields.values()]
        elif get_origin(part) in (dict, tuple):
            takes_names = takes_names or get_origin(part) is dict
            waiting += [argument for argument in get_args(part) if argument is not Ellipsis]
    return Known(frozenset(keys), takes_names)


def is_stray(body: type[Part], key: Scalar, value: Node) -> bool:
    """Return whether a key where a body's name is wanted is one of the lines of the body above it."""
    known = known_keys(body)
    if isinstance(value, Scalar) and is_null(value):
        return key.text in body.fields
    if isinstance(value, Mapping):
        strange = [inner.text for inner, _ in value.items if inner.text not in body.fields]
        if key.text in body.fields and len(strange) < len(value.items):
            return bool(strange) and _are_lines_of(body, key.text, strange)
        return key.text in known.keys and len(strange) == len(value.items)
    return key.text in known.keys or known.takes_names


def _are_lines_of(body: type[Part], field: str, names: list[str]) -> bool:
    """Return whether keys may be lines of a block of a body, below which further lines of that body then stand."""
    inner = plain_type(body.fields[field].annotation)
    return takes_keys(inner) and (not is_part(inner) or set(names) <= inner.fields.keys())


def is_doubled(mapping: Mapping) -> bool:
    """Return whether the keys of a mapping begin anew: a name is missing above them."""
    return len(mapping.dropped) > 1


def has_doubled_keys(node: Mapping) -> bool:
    """Return whether a key stands twice anywhere in a body, so that its values are not known."""
    return any(mapping.dropped for _, mapping in mappings(node))


def stated_slug(node: Mapping, field: str) -> str | None:
    """Return the slug that a key of a body states, empty if the body has no such key; None where that is not known."""
    if has_doubled_keys(node):
        return None
    value = node.get(field)
    if value is None:
        return None if closest(field, [key.text for key, _ in node.items]) else ""
    return value.text if isinstance(value, Scalar) and SLUG.fullmatch(value.text) else None


def hidden_names(body: type[Part], node: Mapping) -> list[str]:
    """Return the names that stand too deep, as unknown keys of the body above them."""
    return [
        key.text
        for key, value in node.items
        if key.text not in body.fields
        and SLUG.fullmatch(key.text)
        and (isinstance(value, Mapping) or (isinstance(value, Scalar) and is_null(value)))
    ]


def fits(body: type[Part], node: Mapping) -> bool:
    """Return whether a mapping has only keys of a body, and all that it must have."""
    keys = {key.text for key, _ in node.items}
    fields = {name: info for name, info in body.fields.items() if not info.hidden}
    return keys <= fields.keys() and {name for name, info in fields.items() if info.is_required} <= keys


def swallowed_sections(body: type[Part], node: Mapping, others: dict[str, type[Part]]) -> dict[str, str]:
    """Return the keys of a body that are lines of another section, to that section: it has all that one must have."""
    strange = {key.text for key, _ in node.items} - body.fields.keys()
    swallowed: dict[str, str] = {}
    for name, other in others.items():
        required = {key for key, info in other.fields.items() if info.is_required}
        if required and required <= strange:
            swallowed |= dict.fromkeys(strange & other.fields.keys(), name)
    return swallowed


class Lines(NamedTuple):
    """A key with its value, and the keys below it that are lines of its own, not indented.

    At the top of a mapping such lines may stand below no key: then `key` is None.
    """

    key: Scalar | None
    value: Node | None
    stray: list[Scalar]


def lines_of_section(body: type[Part], mapping: Mapping) -> list[Lines] | None:
    """Return the bodies of a section with the lines that belong to them; None where all stand where they should."""
    strays = {key.text for key, value in mapping.items if is_stray(body, key, value)}
    return _grouped(mapping, strays) if strays else None


def lines_of_file(root: Mapping, bodies: dict[str, type[Part]], is_near: Callable[[str], bool]) -> list[Lines]:
    """Return the sections of a file, given with their types, with the lines that belong to them.

    `is_near` tells whether an unknown key seems to be a misspelt section.
    """
    strays: set[str] = set()
    above: type[Part] | None = None
    is_empty = False
    for key, value in root.items:
        body = bodies.get(key.text)
        is_open = is_empty and isinstance(value, Scalar) and is_null(value)
        is_line = (
            above is not None and key.text in known_keys(above).keys and (body is None or is_block(value) or is_open)
        )
        is_entry = above is not None and body is None and _is_entry(above, value)
        if is_line or is_entry or (body is None and is_empty and not is_near(key.text)):
            strays.add(key.text)
        elif body is not None:
            above, is_empty = body, _ends_open(value)
    return _grouped(root, strays)


def _is_entry(body: type[Part], value: Node) -> bool:
    """Return whether a value has the keys of a mapping within a body, and none of the body's own."""
    keys = {key.text for key, _ in value.items} if isinstance(value, Mapping) else set()
    return bool(keys) and keys <= known_keys(body).keys and not keys & body.fields.keys()


def _ends_open(value: Node) -> bool:
    """Return whether the last line of a value is a key without one."""
    while isinstance(value, Mapping) and value.items:
        value = value.items[-1][1]
    return isinstance(value, Scalar) and is_null(value)


def is_block(value: Node) -> bool:
    """Return whether a value is a list, or a mapping that holds no bodies: no section, but a block within a body."""
    if not isinstance(value, Mapping):
        return isinstance(value, Sequence)
    first = value.items[0][1] if value.items else None
    return not holds_mappings(value) or (isinstance(first, Scalar) and not is_null(first))


def holds_mappings(value: Node | None) -> bool:
    """Return whether a value is a mapping to mappings."""
    return isinstance(value, Mapping) and any(isinstance(inner, Mapping) for _, inner in value.items)


def lacks_name(body: type[Part], stray: list[Scalar]) -> bool:
    """Return whether lines that are not indented are all that a body must have: its name is not known."""
    required = {name for name, info in body.fields.items() if info.is_required}
    return bool(required) and required <= {key.text for key in stray}


def _grouped(mapping: Mapping, strays: set[str]) -> list[Lines]:
    """Return the pairs of a mapping, each with the stray keys that follow it."""
    groups: list[Lines] = []
    for key, value in mapping.items:
        if key.text not in strays:
            groups.append(Lines(key, value, []))
        elif groups:
            groups[-1].stray.append(key)
        else:
            groups.append(Lines(None, None, [key]))
    return groups
