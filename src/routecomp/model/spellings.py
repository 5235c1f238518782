"""Find several keys or values of one mapping that are written in one other way: all in capitals, all without quotes."""

from __future__ import annotations

from routecomp.model.blocks import Faults
from routecomp.model.body_types import keys_at, mappings
from routecomp.model.invalid import Beside, Fault, Location
from routecomp.model.part import Part
from routecomp.model.suggest import only_letters
from routecomp.parse.tree import Mapping


def find_other_spellings(body: type[Part], node: Mapping, faults: Faults) -> None:
    """Find unknown keys that have the letters of known ones (`RPM`, `connectMs`); of several the first says so."""
    for location, mapping in mappings(node):
        known = {only_letters(name): name for name in keys_at(body, location)[0] if mapping.key(name) is None}
        meant: dict[Location, str] = {}
        for key, _ in mapping.items if known else ():
            fault = faults.get(("unknown", (*location, key.text), False))
            name = known.get(only_letters(key.text))
            if fault is not None and name is not None and not fault.help and name not in meant.values() and key.plain:
                meant[fault.location] = name
        if len(meant) > 1:
            first, *others = meant
            for place, name in meant.items():
                faults.pop(("missing", (*location, name), False), None)
                if place != first:
                    del faults["unknown", place, False]
            listed = ", ".join(f"`{name}`" for name in meant.values())
            beside = tuple(Beside(place, meant[place]) for place in others)
            help = f"write {listed}"
            faults["unknown", first, False] = Fault(
                first, "unknown", help=help, replacement=meant[first], beside=beside
            )


def gather_texts(faults: Faults) -> None:
    """Gather the values of one mapping that are refused for their spelling alone, in one way: the first says so."""
    alike: dict[tuple[Location, str, str], list[Fault]] = {}
    for fault in faults.values():
        if fault.kind == "refused" and fault.replacement and fault.is_spelling and fault.number is None:
            help = "" if fault.help == f"write {fault.replacement}" else fault.help
            alike.setdefault((fault.location[:-1], fault.rule, help), []).append(fault)
    for (_, _, help), (first, *others) in alike.items():
        if not others or any(fault.beside for fault in (first, *others)):
            continue
        for other in others:
            del faults[other.kind, other.location, other.is_key]
        written = ", ".join(f"{fault.location[-1]}: {fault.replacement}" for fault in (first, *others))
        beside = tuple(Beside(other.location, other.replacement) for other in others)
        key = (first.kind, first.location, first.is_key)
        faults[key] = first._replace(help=help or f"write {written}", beside=beside)
