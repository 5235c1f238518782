"""Find ranges of slots that are written otherwise: without the outer brackets, with a dash, as parts of 1."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, get_args, get_origin

from routecomp.model.blocks import Faults
from routecomp.model.body_types import mappings, type_at
from routecomp.model.habits import node_at
from routecomp.model.invalid import Beside, Fault, Location
from routecomp.model.part import Part, plain_type
from routecomp.parse.scalars import is_null
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence

NO_RANGES = "write ranges of slots, 0 to 9999, the first and the last slot of each: [[0, 4999]]"
_SLOTS = 10_000
_LONGEST = 200
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_BETWEEN = re.compile(r"[\s\[\](){},.;:|'\"\-–—]|to|till|until|through|from|first|last|start|begin|end|slots?")


def is_ranges(part: Any) -> bool:
    """Return whether a type is a list of pairs."""
    part = plain_type(part)
    inner = plain_type(get_args(part)[0]) if get_origin(part) is tuple and get_args(part)[-1] is Ellipsis else None
    return get_origin(inner) is tuple


def as_ranges(text: str) -> str:
    """Return the ranges that a text means, as a list of pairs; empty where that cannot be told."""
    if len(text) > _LONGEST or _BETWEEN.sub("", _NUMBER.sub("", text)):
        return ""
    numbers = [Fraction(number) for number in _NUMBER.findall(text)]
    if "." in "".join(_NUMBER.findall(text)) and max(numbers) < 1:
        numbers = [number * _SLOTS for number in numbers]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    are_slots = all(number.denominator == 1 and number < _SLOTS for number in numbers)
    if not pairs or len(numbers) % 2 or not are_slots or any(first > last for first, last in pairs):
        return ""
    return f"[{', '.join(f'[{first}, {last}]' for first, last in pairs)}]"


def find_ranges(body: type[Part], node: Mapping, faults: Faults) -> None:
    """Let one fault say how ranges are written that are no list of pairs of whole numbers, those of all neighbours."""
    refused: dict[Location, str] = {}
    for location, mapping in mappings(node):
        for key, value in mapping.items:
            place = (*location, key.text)
            if not is_ranges(type_at(body, place)) or (isinstance(value, Scalar) and is_null(value)):
                continue
            below = [each for each in faults if each[1][: len(place)] == place and not each[2]]
            if not below or (_are_lists(value) and not any(_is_other_notation(value, faults[each]) for each in below)):
                continue
            told = faults[below[0]]
            known = told.help.removeprefix("write ") if told.rule == "RC120" and told.help != NO_RANGES else ""
            for each in below:
                del faults[each]
            refused[place] = known if known.startswith("[[") else as_ranges(value.span.text)
    if not refused:
        return
    first, *others = refused
    named = [f"{place[-2]}: {ranges}" for place, ranges in refused.items() if ranges and len(place) > 1]
    written = ", ".join(named) if others else refused[first]
    help = NO_RANGES if len(named) < len(refused) else f"write {written}"
    message = "is not a list of ranges of slots"
    faults["refused", first, False] = Fault(
        first, "refused", rule="RC120", message=message, help=help, beside=tuple(map(Beside, others))
    )


def _are_lists(value: Node) -> bool:
    """Return whether a value is a list of lists of single values: what is wrong in them is told one by one."""
    return isinstance(value, Sequence) and all(
        isinstance(item, Sequence) and all(isinstance(each, Scalar) for each in item.items) for item in value.items
    )


def _is_other_notation(value: Node, fault: Fault) -> bool:
    """Return whether a refused number within ranges is a part of 1, or no number but a range by itself."""
    inner = node_at(value, fault.location[-2:])
    return fault.rule == "RC116" or (
        fault.rule == "RC115" and isinstance(inner, Scalar) and len(_NUMBER.findall(inner.text)) > 1
    )
