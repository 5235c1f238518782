"""Find several names where one is written: in one text (`us; eu`), and behind a comma in braces without brackets.

What is offered keeps every name. Where a list is wanted it is the list; where one name is wanted, one is to be kept.
"""

from __future__ import annotations

from typing import Any, get_args, get_origin

from routecomp.model.blocks import Faults
from routecomp.model.body_types import keys_at, mappings, type_at
from routecomp.model.habits import node_at
from routecomp.model.invalid import Beside, Fault, Location
from routecomp.model.part import Part, plain_type
from routecomp.model.slot_ranges import NO_RANGES, as_ranges, is_ranges
from routecomp.model.slug_texts import EACH, FORM, LINES, ONE, as_slug, own_names, parted
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence

_CALL_NAMES = "aliases"
_LONGEST = 200
_ONE_NAME = frozenset(
    ("logical", "logical_slug", "model", "preset", "provider", "stack", "successor", "then", "was", "winner")
)
"""Keys whose value is one name; so is each below `routes`."""


def listed_names(key: str, text: str) -> list[str]:
    """Return the entries to write for a text that holds several names where a list is wanted; none for one name."""
    names = parted(text)
    if key != _CALL_NAMES:
        is_own = key == "capabilities"
        names = own_names(text, by_slash=is_own, by_space=is_own) or [as_slug(name) or name for name in names]
    elif not any(sign in text for sign in ",;|\n"):
        return []
    return names if len(names) > 1 else []


def find_several_names(node: Mapping, faults: Faults) -> None:
    """Let names that hold several say so; a list in which such a text stands need not lack entries."""
    for key, fault in list(faults.items()):
        *above, step = fault.location or ("",)
        inner = node_at(node, fault.location)
        if isinstance(inner, Sequence) and fault.rule == "RC120" and fault.help.endswith(" here"):
            faults[key] = fault._replace(help=_of_list(inner, isinstance(step, int)) or fault.help)
        if fault.rule != "RC118" or not fault.help.startswith((FORM, ONE)):
            continue
        text = str(step) if fault.is_key else inner.text if isinstance(inner, Scalar) else ""
        is_entry = isinstance(step, int)
        names = own_names(text, by_slash=not fault.is_key, by_space=is_entry)
        if not names:
            continue
        lead = LINES if fault.is_key else EACH if is_entry else ONE
        faults[key] = fault._replace(help=lead + ", ".join(names), number=None)
        entries = node_at(node, tuple(above))
        if is_entry and isinstance(entries, Sequence) and len(entries.items) + len(names) - 1 == 2:
            faults.pop(("count", tuple(above), False), None)


def _of_list(value: Sequence, is_entry: bool) -> str:
    """Say what to write for a list that stands where one value does; nothing where its entries are no short texts."""
    texts = [item.span.text for item in value.items if isinstance(item, Scalar) and item.text]
    if not texts or len(texts) < len(value.items) or len(", ".join(texts)) > _LONGEST:
        return ""
    lead = EACH if is_entry else "one value is wanted here: keep one of " if len(texts) > 1 else "write "
    return lead + ", ".join(texts)


def find_lists_without_brackets(body: type[Part], node: Mapping, faults: Faults) -> None:
    """Find the keys without a value that follow a name in braces: `{stacks: us, eu}` has a key `eu`."""
    for location, mapping in mappings(node):
        if not mapping.flow:
            continue
        known = keys_at(body, location)[0]
        owner: tuple[Scalar, Node] | None = None
        strays: list[Scalar] = []
        pairs = sorted((*mapping.items, *mapping.dropped), key=lambda pair: pair[0].start)
        for key, value in [*pairs, (None, None)]:
            if (
                key is not None
                and owner is not None
                and key.text not in known
                and _is_alone(faults, (*location, key.text), key, value)
            ):
                strays.append(key)
                continue
            if owner is not None and strays:
                _gather(type_at(body, (*location, owner[0].text)), location, owner, strays, faults)
            owner, strays = None if key is None or value is None else (key, value), []


def _is_alone(faults: Faults, place: Location, key: Scalar, value: Node | None) -> bool:
    """Return whether a key has no value, not even a colon, and is unknown, or a name that needs a value."""
    has_fault = ("unknown", place, False) in faults or ("refused", place, False) in faults
    is_bare = isinstance(value, Scalar) and value.start == value.end and not value.text
    return has_fault and is_bare and not key.file.text[key.end :].lstrip().startswith(":")


def _gather(wanted: Any, location: Location, owner: tuple[Scalar, Node], strays: list[Scalar], faults: Faults) -> None:
    """Let one fault say what a key and the words behind its value are together; `wanted` is the type at the key."""
    key, value = owner
    place = (*location, key.text)
    words = [word.span.text for word in strays]
    first, *others = [(*location, word.text) for word in strays]
    if get_origin(wanted) is tuple and get_args(wanted)[-1] is Ellipsis and not isinstance(value, Mapping):
        is_text = isinstance(value, Scalar)
        items = [value] if isinstance(value, Scalar) else value.items
        if is_ranges(wanted):
            text = f"{value.span.text}, {', '.join(words)}"
            help = f"write {as_ranges(text)}" if as_ranges(text) else NO_RANGES
        elif plain_type(get_args(wanted)[0]) is str and all(isinstance(item, Scalar) for item in items):
            help = f"write [{', '.join([*(item.span.text for item in items), *words])}]"
        else:
            return
        _drop(faults, [place, first, *others])
        message = "is one value; a list is wanted" if is_text else "ends before its last entries"
        faults["refused", place, False] = Fault(place, "refused", rule="RC120", message=message, help=help)
    elif isinstance(value, Scalar) and value.text and (key.text in _ONE_NAME or location[-1:] == ("routes",)):
        help = f"{ONE.replace('here', f'at `{key.text}`')}{', '.join([value.span.text, *words])}"
        _drop(faults, list(others))
        kind = "unknown" if ("unknown", first, False) in faults else "refused"
        fault = faults.pop((kind, first, False))
        kept = fault._replace(kind="shape" if kind == "refused" else kind, help=help, beside=tuple(map(Beside, others)))
        faults[kept.kind, first, False] = kept


def _drop(faults: Faults, places: list[Location]) -> None:
    """Leave out all faults at and below some places."""
    for key in list(faults):
        if any(key[1][: len(place)] == place for place in places):
            del faults[key]
