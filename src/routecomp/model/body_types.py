"""Tell what the model declares at each place of a body: its type, its keys, the mappings that are written."""

from __future__ import annotations

from typing import Any, get_args, get_origin

from routecomp.model.figure import number_fields
from routecomp.model.invalid import Location
from routecomp.model.numbers import NumberField
from routecomp.model.part import Part, plain_type
from routecomp.parse.tree import Mapping, Node, Sequence


def type_at(body: type[Part], location: Location) -> Any:
    """Return the declared type at a location of `body`; None where the model declares nothing."""
    part: Any = body
    for step in location:
        part = plain_type(part)
        arguments = get_args(part)
        if isinstance(part, type) and issubclass(part, Part):
            info = part.fields.get(str(step))
            part = None if info is None else info.annotation
        elif get_origin(part) is dict:
            part = arguments[1]
        elif get_origin(part) is tuple and isinstance(step, int):
            part = arguments[0] if arguments[-1] is Ellipsis else arguments[min(step, len(arguments) - 1)]
        else:
            return None
    return plain_type(part)


def keys_at(body: type[Part], location: Location) -> tuple[list[str], list[str]]:
    """Return the keys that the model knows at a location, and those of them that it requires; none outside of parts."""
    part = type_at(body, location)
    if not (isinstance(part, type) and issubclass(part, Part)):
        return [], []
    fields = {name: info for name, info in part.fields.items() if not info.hidden}
    return list(fields), [name for name, info in fields.items() if info.is_required]


def numbers_at(body: type[Part], location: Location) -> dict[str, NumberField]:
    """Return the keys at a location whose value is a number, and the numbers that each takes."""
    part = type_at(body, location)
    return numbers_of(part) if isinstance(part, type) and issubclass(part, Part) else {}


def numbers_of(part: type[Part]) -> dict[str, NumberField]:
    """Return the keys of a part whose value is a number, and the numbers that each takes."""
    fields = {name: info.annotation for name, info in part.fields.items() if plain_type(info.annotation) is int}
    return {name: number for name, annotation in fields.items() if (number := next(number_fields(annotation), None))}


def mappings(node: Node, location: Location = ()) -> list[tuple[Location, Mapping]]:
    """Return every mapping of a body with its location, outer ones first."""
    below: list[tuple[Location, Mapping]] = []
    if isinstance(node, Mapping):
        below.append((location, node))
        for key, value in node.items:
            below += mappings(value, (*location, key.text))
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            below += mappings(item, (*location, index))
    return below


def is_part(part: Any) -> bool:
    """Return whether a type is a mapping with keys of its own."""
    return isinstance(part, type) and issubclass(part, Part)
