"""Find blocks of a body whose lines stand where they do not belong, and let one fault say so.

The line above a block is gone, or it stands too deep, or the lines below it are not deep enough: what follows is a
key that is missing or null, and keys that are unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_origin

from routecomp.model.body_types import is_part, keys_at, mappings, type_at
from routecomp.model.invalid import Beside, Fault, Location
from routecomp.model.params import JsonText
from routecomp.model.part import Part, plain_type
from routecomp.parse.scalars import is_null
from routecomp.parse.tree import Mapping, Node, Scalar

Faults = dict[tuple[str, Location, bool], Fault]


def find_blocks_not_indented(body: type[Part], node: Mapping, faults: Faults) -> None:
    """Find keys without a value whose lines stand below them as unknown keys, because they are not indented."""
    for location, mapping in mappings(node):
        part = type_at(body, location)
        # Below names the lines of an entry are no unknown keys, but further names.
        of_entry = keys_at(body, (*location, ""))[0] if get_origin(part) is dict else []
        owner: Scalar | None = None
        stray: list[str] = []
        for key, value in [*mapping.items, (None, None)]:
            is_unknown = key is not None and ("unknown", (*location, key.text), False) in faults
            if key is not None and owner is not None and (is_unknown or key.text in of_entry):
                stray.append(key.text)
                continue
            if owner is not None and stray:
                _indent(faults, (*location, owner.text), [(*location, name) for name in stray])
            owner, stray = None, []
            if key is not None and _is_null(value):
                owner = key if takes_keys(type_at(body, (*location, key.text))) else None


def find_misplaced_keys(body: type[Part], node: Mapping, faults: Faults) -> None:
    """Find unknown keys that are known, and not written, in a mapping above or beside them."""
    known = dict(mappings(node))
    for key, fault in list(faults.items()):
        kind, location, _ = key
        if kind != "unknown" or key not in faults:
            continue
        *above, name = location
        around = [tuple(above[:depth]) for depth in range(len(above) - 1, -1, -1)]
        beside = [place for place in known if place[:-1] == tuple(above) and len(place) == len(above) + 1]
        for place in (*around, *reversed(beside)):
            if place in known and name in keys_at(body, place)[0] and known[place].key(str(name)) is None:
                faults.pop(("missing", (*place, name), False), None)
                where = f"below `{place[-1]}`" if place in beside else f"as deep as `{above[len(place)]}`"
                below = [] if place in beside else _lines_below(body, known, faults, location, (*place, str(name)))
                faults[key] = fault._replace(help=f"indent it {where}", beside=tuple(map(Beside, below)))
                break
    _find_misplaced_entries(body, known, faults)


def find_swallowed_blocks(body: type[Part], node: Mapping, faults: Faults) -> None:
    """Find the lines of a block whose own line is gone in the block above them."""
    known = dict(mappings(node))
    for location, mapping in known.items():
        if not location or location[:-1] not in known or not is_part(type_at(body, location[:-1])):
            continue
        for field, inner in _absent_blocks(type_at(body, location[:-1]), known[location[:-1]]):
            missing = ("missing", (*location[:-1], field), False)
            required = {name for name, info in inner.fields.items() if info.is_required}
            unknown = _unknown_at(faults, location)
            doubled = {key.text for key, _ in mapping.dropped}
            if unknown and {str(place[-1]) for place in unknown} <= inner.fields.keys():
                faults.pop(missing, None)
                _put_above(faults, field, unknown)
            elif doubled and doubled <= inner.fields.keys():
                faults.pop(missing, None)  # the keys that stand twice are the mistake
            elif get_origin(type_at(body, location)) is dict:
                lines = [(*location, key.text) for key, _ in mapping.items if key.text in inner.fields]
                is_refused = bool(lines) and all(("refused", line, False) in faults for line in lines)
                if (missing in faults and required <= {line[-1] for line in lines}) or is_refused:
                    faults.pop(missing, None)
                    _drop_below(faults, lines)
                    _add_unknown(faults, lines)
                    _put_above(faults, field, lines)


def find_headless_blocks(body: type[Part], node: Mapping, faults: Faults, least: int = 1) -> None:
    """Find blocks of at least so many lines whose own line is gone, so that these stand in the mapping around it."""
    for location, mapping in mappings(node):
        part = type_at(body, location)
        unknown = _unknown_at(faults, location)
        if len(unknown) < least or not is_part(part) or any(faults["unknown", key, False].help for key in unknown):
            continue
        field = headless_block(part, mapping)
        if field is not None:
            faults.pop(("missing", (*location, field), False), None)
            _put_above(faults, field, unknown)


def headless_block(part: type[Part], node: Mapping) -> str | None:
    """Return the block of a part whose line is gone: all unknown keys are its lines, and nothing else is missing."""
    strange = [(key, value) for key, value in node.items if key.text not in part.fields]
    lacking = {name for name, info in part.fields.items() if info.is_required and node.key(name) is None}
    lines = Mapping(node.file, node.start, node.end, strange, False)
    for field, info in part.fields.items() if strange else ():
        inner = plain_type(info.annotation)
        is_block = is_part(inner) or (get_origin(inner) is dict and info.is_required)
        if is_block and node.key(field) is None and not info.hidden and lacking <= {field} and part.fits(field, lines):
            return field
    return None


def takes_keys(part: Any) -> bool:
    """Return whether a type is a mapping: with keys of its own, or with those of its author."""
    return get_origin(part) is dict or part is JsonText or is_part(part)


def _absent_blocks(part: type[Part], node: Mapping) -> Iterable[tuple[str, type[Part]]]:
    """Yield the mappings with keys of their own that may stand in a part and do not."""
    for field, info in part.fields.items():
        inner = plain_type(info.annotation)
        if is_part(inner) and not info.hidden and node.key(field) is None:
            yield field, inner


def _lines_below(
    body: type[Part], known: dict[Location, Mapping], faults: Faults, header: Location, place: Location
) -> list[Location]:
    """Take away the faults of the lines of a block whose own line stands as deep as they do; return those lines."""
    mapping, inner = known.get(header[:-1]), type_at(body, place)
    if mapping is None or not takes_keys(inner) or not _is_null(mapping.get(str(header[-1]))):
        return []
    lines: list[Location] = []
    names = [key.text for key, _ in mapping.items]
    for name in names[names.index(str(header[-1])) + 1 :]:
        line = (*header[:-1], name)
        if ("unknown", line, False) not in faults or (is_part(inner) and name not in inner.fields):
            break
        del faults["unknown", line, False]
        lines.append(line)
    return lines


def _find_misplaced_entries(body: type[Part], known: dict[Location, Mapping], faults: Faults) -> None:
    """Find blocks whose own line stands among the names of the mapping above, which takes any: they follow as names."""
    for location, mapping in known.items():
        around: Any = type_at(body, location[:-1]) if location else None
        if get_origin(type_at(body, location)) is not dict or not is_part(around) or location[:-1] not in known:
            continue
        names = [key.text for key, _ in mapping.items]
        for position, (key, value) in enumerate(mapping.items):
            is_absent = key.text in around.fields and known[location[:-1]].key(key.text) is None
            null = next((each for each in faults if each[1] == (*location, key.text) and not each[2]), None)
            if null is None or not (is_absent and takes_keys(plain_type(around.fields[key.text].annotation))):
                continue
            inner = value if isinstance(value, Mapping) else None
            if inner is None and not _is_null(value):
                continue
            _drop_below(faults, [(*location, name) for name in names[position + 1 :]])
            faults.pop(("missing", (*location[:-1], key.text), False), None)
            _drop_below(faults, [(*location, key.text)])
            _add_unknown(faults, [(*location, key.text)])
            unknown = ("unknown", (*location, key.text), False)
            faults[unknown] = faults[unknown]._replace(help=f"indent it as deep as `{location[-1]}`")
            break


def _put_above(faults: Faults, field: str, lines: list[Location]) -> None:
    """Let the first of some unknown keys say which line is missing above them, and how deep they stand below it."""
    first, *others = lines
    beside = tuple(Beside(faults.pop(("unknown", line, False)).location) for line in others)
    them = "them" if others else "it"
    fault = faults["unknown", first, False]
    faults["unknown", first, False] = fault._replace(
        help=f"put `{field}:` above {them}, and indent {them} below", beside=beside
    )


def _unknown_at(faults: Faults, location: Location) -> list[Location]:
    """Return the unknown keys of the mapping at a location."""
    return [place for kind, place, _ in faults if kind == "unknown" and place[:-1] == location]


def _add_unknown(faults: Faults, lines: list[Location]) -> None:
    """Note that keys are unknown where they stand."""
    for line in lines:
        faults["unknown", line, False] = Fault(line, "unknown")


def _drop_below(faults: Faults, places: list[Location]) -> None:
    """Leave out all faults at and below some places."""
    for key in list(faults):
        if any(key[1][: len(place)] == place for place in places):
            del faults[key]


def _indent(faults: Faults, owner: Location, stray: list[Location]) -> None:
    """Leave out the faults of keys that belong below a key without a value, which says so."""
    for key, fault in list(faults.items()):
        if key[1][: len(stray[0])] in stray:
            del faults[key]
        elif key[1] == owner:
            names = ", ".join(f"`{place[-1]}`" for place in stray[:4]) + (" …" if len(stray) > 4 else "")
            faults[key] = fault._replace(kind="shape", help=f"indent {names} below it")


def _is_null(node: Node | None) -> bool:
    """Return whether a value is null."""
    return isinstance(node, Scalar) and is_null(node)
