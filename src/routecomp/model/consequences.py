"""Leave out the faults of a body that follow from another of its faults, and let the cause say so.

A misspelt key is unknown, and the key that was meant is missing. A block that is not indented makes its key null and
its lines unknown keys. A line that stands too deep is unknown there, and missing where it belongs. Each is one mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, get_args, get_origin

from routecomp.model.blocks import (
    Faults,
    find_blocks_not_indented,
    find_headless_blocks,
    find_misplaced_keys,
    find_swallowed_blocks,
    headless_block,
)
from routecomp.model.body_types import is_part, mappings, numbers_at, numbers_of, type_at
from routecomp.model.foreign_names import meaning, translate
from routecomp.model.habits import gather
from routecomp.model.invalid import Beside, Fault, Location, quote_value
from routecomp.model.key_units import UNNAMED, OtherUnit, in_known_units, in_units_of_its_key, other_unit
from routecomp.model.meant_number import retyped
from routecomp.model.part import Part, plain_type
from routecomp.model.policy import PolicyFields, Tenant
from routecomp.model.price_units import find_units_of_prices
from routecomp.model.route import Row
from routecomp.model.several_names import find_lists_without_brackets, find_several_names
from routecomp.model.slot_ranges import find_ranges
from routecomp.model.spellings import find_other_spellings, gather_texts
from routecomp.model.suggest import closest, typo_of
from routecomp.model.to_do import take_to_dos
from routecomp.model.vocabulary import ROW_STATUSES
from routecomp.parse.scalars import SLUG
from routecomp.parse.tree import Mapping, Node, Scalar


def causes(body: type[Part], node: Mapping, faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults of a body without those that follow from another; a cause's help says what was meant."""
    left = {(fault.kind, fault.location, fault.is_key): fault for fault in faults}
    waiting = take_to_dos(node, left)
    _leave_out_doubled(node, left)
    find_lists_without_brackets(body, node, left)
    find_ranges(body, node, left)
    find_units_of_prices(body, node, left)
    _find_keys_of_tenants(body, node, left)
    _find_turned_rows(body, node, left)
    find_blocks_not_indented(body, node, left)
    find_misplaced_keys(body, node, left)
    find_swallowed_blocks(body, node, left)
    _find_flat_parts(body, node, left)
    find_headless_blocks(body, node, left, least=2)
    _find_other_units(body, node, left)
    _find_foreign_names(body, node, left)
    find_headless_blocks(body, node, left)
    find_other_spellings(body, node, left)
    _find_equals_signs(left)
    _find_other_words(left, _find_misspelt_keys(left))
    find_several_names(node, left)
    gather(node, left)
    gather_texts(left)
    return [*left.values(), *waiting]


def _leave_out_doubled(node: Mapping, faults: Faults) -> None:
    """Leave out what is missing or unknown in a mapping in which keys stand twice, and all at those keys."""
    for location, mapping in mappings(node):
        doubled = {key.text for key, _ in mapping.dropped}
        if not doubled:
            continue
        depth = len(location)
        for key in list(faults):
            kind, place, _ = key
            is_here = place[:depth] == location and len(place) > depth
            if is_here and (place[depth] in doubled or (len(place) == depth + 1 and kind in ("missing", "unknown"))):
                del faults[key]


def _find_keys_of_tenants(body: type[Part], node: Mapping, faults: Faults) -> None:
    """Let the keys that tenants alone have say so in a preset and in the default policy."""
    for location, mapping in mappings(node):
        part = type_at(body, location)
        if not is_part(part) or not issubclass(part, PolicyFields) or part is Tenant:
            continue
        places = [
            (*location, key.text) for key, _ in mapping.items if key.text in Tenant.fields.keys() - part.fields.keys()
        ]
        places = [place for place in places if ("unknown", place, False) in faults]
        if not places:
            continue
        first, *others = places
        title = "the default policy" if location else "a preset"
        names = " and no ".join(f"`{place[-1]}`" for place in places)
        help = f"{title} has no {names}: remove {'them' if others else 'it'}"
        if any(place[-1] == "budget" for place in places):
            help += "; what may be spent stands in a tenant"
        for place in others:
            del faults["unknown", place, False]
        fault = faults["unknown", first, False]
        faults["unknown", first, False] = fault._replace(help=help, beside=tuple(map(Beside, others)))


def _find_turned_rows(body: type[Part], node: Mapping, faults: Faults) -> None:
    """Let models that stand behind their status, and not before it, say so once."""
    for location, mapping in mappings(node):
        part = type_at(body, location)
        is_rows = get_origin(part) is dict and plain_type(get_args(part)[1]) is Row
        pairs = [(key.text, value.text) for key, value in mapping.items if isinstance(value, Scalar)]
        if not is_rows or not all(status in ROW_STATUSES and SLUG.fullmatch(name) for status, name in pairs):
            continue
        refused = [key for key in faults if key[1][: len(location)] == location]
        if not refused or not pairs or len(pairs) < len(mapping.items):
            continue
        for key in refused:
            del faults[key]
        first, *others = [(*location, status) for status, _ in pairs]
        listed = ", ".join(f"{name}: {status}" for status, name in pairs)
        message = f"is {quote_value(pairs[0][1])}, which is no status"
        help = f"a model stands before its status: write `{listed}`"
        beside = tuple(map(Beside, others))
        faults["refused", first, False] = Fault(first, "refused", "", "RC121", message, help, beside=beside)


def _find_other_units(body: type[Part], node: Mapping, faults: Faults) -> None:
    """Find unknown keys that are known ones in another unit; the first of a mapping says how all are written."""
    for location, mapping in mappings(node):
        _find_units_of_mappings(body, location, mapping, faults)
        numbers = {name: field for name, field in numbers_at(body, location).items() if mapping.key(name) is None}
        units: dict[Location, OtherUnit] = {}
        for key, value in mapping.items if numbers else ():
            fault = faults.get(("unknown", (*location, key.text), False))
            if fault is not None and not fault.help and (other := other_unit(key.text, value, numbers)) is not None:
                units[fault.location] = other
        if not units:
            continue
        first, *others = units
        for place in others:
            del faults["unknown", place, False]
        for other in units.values():
            faults.pop(("missing", (*location, other.keys[0]), False), None)
        help = in_known_units(list(units.values()))
        fault = faults["unknown", first, False]
        faults["unknown", first, False] = fault._replace(help=help, beside=tuple(map(Beside, others)))


def _find_units_of_mappings(body: type[Part], location: Location, mapping: Mapping, faults: Faults) -> None:
    """Find unknown keys of mappings that name the unit of all that stands below them: `price_per_1k`."""
    part = type_at(body, location)
    for key, value in mapping.items if is_part(part) else ():
        unknown = ("unknown", (*location, key.text), False)
        if unknown not in faults or faults[unknown].help or not isinstance(value, Mapping):
            continue
        for field, info in part.fields.items():
            inner = plain_type(info.annotation)
            if not is_part(inner) or info.hidden or mapping.key(field) is not None:
                continue
            help = in_units_of_its_key(key.text, value, field, numbers_of(inner))
            if help:
                faults[unknown] = faults[unknown]._replace(help=help)
                faults.pop(("missing", (*location, field), False), None)
                break


def _find_foreign_names(body: type[Part], node: Mapping, faults: Faults) -> None:
    """Give keys of other routers our word as their help; where it is missing, it is not said a second time."""
    inside = dict(mappings(node))
    for key, fault in list(faults.items()):
        kind, location, _ = key
        pair = inside[location[:-1]].pair(str(location[-1])) if kind == "unknown" and location[:-1] in inside else None
        if pair is None or fault.help:
            continue
        translation = translate(body, location[:-1], pair[0].text, pair[1])
        if translation is None:
            continue
        help, missing = translation.help, _missing(faults, location[:-1])
        if translation.key in missing:
            faults.pop(("missing", (*location[:-1], translation.key), False))
        elif len(missing) == 1 and sum(kind == "unknown" for kind, *_ in faults) == 1:
            faults.pop(("missing", (*location[:-1], missing[0]), False))
            help += f"; `{missing[0]}` is missing: if that is meant, rename it"
        faults[key] = fault._replace(help=help)


def _find_equals_signs(faults: Faults) -> None:
    """Find keys such as `input=2.00`; the first of a mapping says how all of them are written."""
    written: dict[Location, list[str]] = {}
    first: dict[Location, Location] = {}
    for kind, location, is_key in list(faults):
        name, sign, value = str(location[-1]).partition("=") if location else ("", "", "")
        above = location[:-1]
        if kind != "unknown" or not sign or faults.pop(("missing", (*above, name), False), None) is None:
            continue
        written.setdefault(above, []).append(f"{name.strip()}: {value.strip()}")
        if first.setdefault(above, location) != location:
            del faults[kind, location, is_key]
    for above, lines in written.items():
        key = ("unknown", first[above], False)
        faults[key] = faults[key]._replace(help=f"a colon and a space stand behind a key: write `{', '.join(lines)}`")


def _find_misspelt_keys(faults: Faults) -> set[Location]:
    """Leave out the missing keys for which a misspelt one stands in the same mapping; return the misspelt ones."""
    misspelt = set()
    reworded = _reworded(faults)
    for key, fault in list(faults.items()):
        kind, location, _ = key
        if kind != "unknown" or fault.help or location[:-1] in reworded:
            continue
        missing = _missing(faults, location[:-1])
        name = str(location[-1])
        meant = next((other for other in missing if name.startswith((other + " ", other + ":"))), None)
        if meant is not None:
            faults[key] = fault._replace(help=f"put a colon and a space behind `{meant}`")
        else:
            meant = closest(retyped_or_same(name), missing)
        if meant is not None:
            misspelt.add(location)
            del faults["missing", (*location[:-1], meant), False]
    return misspelt


def _reworded(faults: Faults) -> set[Location]:
    """Return the mappings within a body of which several keys are other words, and none surely a misspelling."""
    unknown: dict[Location, list[str]] = {}
    for kind, location, _ in faults:
        if kind == "unknown" and len(location) > 1:
            unknown.setdefault(location[:-1], []).append(str(location[-1]))
    reworded = set()
    for above, names in unknown.items():
        missing = _missing(faults, above)
        if len(missing) == len(names) > 1 and not any(typo_of(name, missing) for name in names):
            reworded.add(above)
    return reworded


def _find_other_words(faults: Faults, misspelt: set[Location]) -> None:
    """Leave out the missing keys of a mapping that has as many unknown ones: they are written as other words."""
    unknown: dict[Location, list[Location]] = {}
    for kind, location, _ in faults:
        if kind == "unknown" and location not in misspelt and not faults[kind, location, False].help:
            unknown.setdefault(location[:-1], []).append(location)
    for above, others in unknown.items():
        missing = _missing(faults, above)
        # A key that begins with a digit is the rest of a number that a comma splits.
        if len(missing) != len(others) or any(
            str(place[-1])[:1].isdigit() or retyped(str(place[-1])) for place in others
        ):
            continue
        names = ", ".join(f"`{name}`" for name in missing)
        help = (
            f"{names} is missing: if that is meant, rename it; else remove it, and add `{missing[0]}:`"
            if len(missing) == 1
            else f"{names} are missing: rename them"
            if above
            else f"{names} are missing: if one of them is meant, rename it"
        )
        for place in others:
            faults["unknown", place, False] = faults["unknown", place, False]._replace(help=help)
        if above and len(others) > 1:  # words of one habit
            key = ("unknown", others[0], False)
            faults[key] = faults[key]._replace(beside=tuple(map(Beside, others[1:])))
            for place in others[1:]:
                del faults["unknown", place, False]
        for name in missing:
            del faults["missing", (*above, name), False]


def _missing(faults: Faults, above: Location) -> list[str]:
    """Return the keys that are missing in the mapping at a location."""
    return [str(place[-1]) for kind, place, _ in faults if kind == "missing" and place[:-1] == above]


def _find_flat_parts(body: type[Part], node: Mapping, faults: Faults) -> None:
    """Find the keys of a mapping that is not there, written in the one around it: `price_input`, or `input` itself."""
    for location, mapping in mappings(node):
        part = type_at(body, location)
        if not is_part(part):
            continue
        unknown = [key for key, _ in mapping.items if ("unknown", (*location, key.text), False) in faults]
        for field, info in part.fields.items() if unknown else ():
            inner = plain_type(info.annotation)
            if mapping.key(field) is not None or info.hidden or not is_part(inner):
                continue
            required = [name for name, below in inner.fields.items() if below.is_required]
            wanted = required or [name for name, below in inner.fields.items() if not below.hidden]
            is_missing = ("missing", (*location, field), False) in faults
            if not required and (len(unknown) > 1 or is_missing) and headless_block(part, mapping) == field:
                continue  # its own line is gone
            flat: dict[str, _FlatKey] = {}
            for name in wanted:
                used = [each.key for each in flat.values()]
                pairs = [(key, mapping.get(key.text)) for key in unknown if key not in used]
                if (flat_key := _flat(body, field, inner, name, pairs)) is not None:
                    flat[name] = flat_key
            if not flat or (required and len(flat) < len(wanted) and not any(key.is_sure for key in flat.values())):
                continue
            listed = {name: flat.get(name) for name in wanted if name in flat or required}
            for key in _in_braces(faults, location, field, listed):
                unknown.remove(key)


class _FlatKey(NamedTuple):
    """An unknown key that stands for one of a mapping that is not there, its value, and what is to be said of it.

    `is_sure` says that it names the mapping as well.
    """

    key: Scalar
    shown: str
    note: str
    is_sure: bool


def _flat(
    body: type[Part], field: str, inner: type[Part], name: str, unknown: list[tuple[Scalar, Node | None]]
) -> _FlatKey | None:
    """Return the unknown key that stands for a key of the mapping `field`: both in one word, or its own name.

    It may also be that key in another unit.
    """
    shorts = (field, field.removesuffix("_ms"), field.removesuffix("s"))
    words = {_letters(word) for short in shorts for word in (short + name, name + short)}
    number = numbers_of(inner).get(name)
    for key, value in unknown:
        foreign = None if value is None or isinstance(value, Mapping) else meaning(body, key.text, value)
        if foreign is not None and foreign.key == f"{field}.{name}":
            return _FlatKey(key, foreign.shown, foreign.note, False)
        if key.text == name or _letters(key.text) in words:
            is_short = isinstance(value, Scalar) and 0 < len(value.text) < 40
            shown = value.text if isinstance(value, Scalar) and is_short else "…"
            return _FlatKey(key, shown, "", key.text != name)
        is_other = key.text not in inner.fields and not isinstance(value, Mapping)
        other = None if number is None or not is_other else other_unit(key.text, value, {name: number})
        if other is not None and other.apart != UNNAMED:
            return _FlatKey(key, other.figure or "…", other.told, False)
    return None


def _in_braces(faults: Faults, location: Location, field: str, flat: dict[str, _FlatKey | None]) -> list[Scalar]:
    """Let the first of the flat keys say how all of them are written; return them."""
    keys = sorted((each for each in flat.values() if each is not None), key=lambda each: each.key.start)
    listed = ", ".join(f"{name}: {'…' if each is None else each.shown}" for name, each in flat.items())
    faults.pop(("missing", (*location, field), False), None)
    for other in keys[1:]:
        del faults["unknown", (*location, other.key.text), False]
    note = f", {keys[0].note}" if keys[0].note else ""
    first = ("unknown", (*location, keys[0].key.text), False)
    faults[first] = faults[first]._replace(
        help=f"write `{field}: {{{listed}}}`{note}",
        beside=tuple(Beside((*location, other.key.text)) for other in keys[1:]),
    )
    return [each.key for each in keys]


def _letters(word: str) -> str:
    """Return a word in lower case, without what separates its parts."""
    return word.lower().replace("_", "").replace("-", "").replace(".", "")


def retyped_or_same(name: str) -> str:
    """Return a key without odd spaces."""
    return "".join(letter for letter in name if not letter.isspace() or letter == " ") if retyped(name) else name
