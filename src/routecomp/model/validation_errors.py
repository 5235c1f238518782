"""Turn the validation errors of one body into diagnostics: each at the smallest node, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple, get_args, get_origin

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.diagnostics.once import other_places
from routecomp.model.body_types import is_part, keys_at, numbers_of, type_at
from routecomp.model.consequences import causes
from routecomp.model.figure import number_fields
from routecomp.model.habits import RefusedNumber, habits_of
from routecomp.model.invalid import Fault, Location, Refused, quote_value
from routecomp.model.lone_entry import MAY_BE_EMPTY, is_entry, says_how_many
from routecomp.model.meant_number import remedy, retyped
from routecomp.model.numbers import NumberField
from routecomp.model.part import Part, plain_type
from routecomp.model.several_names import listed_names
from routecomp.model.suggest import suggestion, typo_of
from routecomp.parse.edit import key_removal, replace_scalar
from routecomp.parse.scalars import SLUG, is_null, is_number_rest
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence, first_line_span
from routecomp.source.edits import Edit, Fix
from routecomp.source.text import Span

# Unknown keys of one mapping for which a known key is suggested; nobody reads more suggestions.
_GUESSES = 20
_LONGEST_SHOWN = 80
_SENDING_KEYS = frozenset({"api_key_env", "auth", "secret_headers"})
"""Keys that say how a key is sent: no fix removes them, whatever they lack."""


def explain_validation_error(
    title: str, body: type[Part], key: Scalar, node: Mapping, failure: Refused
) -> Iterator[Diagnostic]:
    """Yield the diagnostics of one body; `title` is its name in messages, `key` the node of its slug."""
    split = _SplitNumbers(body, node)
    missing: dict[Location, list[str]] = {}
    unknown: dict[Location, dict[str, Fault]] = {}
    miscounted: set[Location] = set()
    for fault in causes(body, node, failure.faults):
        location = fault.location
        if location in split.locations:
            continue
        if fault.kind == "missing":
            missing.setdefault(location[:-1], []).append(str(location[-1]))
        elif fault.kind == "count":
            miscounted.add(location)
        elif fault.kind == "unknown":
            unknown.setdefault(location[:-1], {})[str(location[-1])] = fault
        else:
            yield _report_value(_Place(title, body, key, node, location, fault.is_key), fault)
    for numbers in split.numbers.values():
        yield from _report_split_numbers(numbers, [_Place(title, body, key, node, each.location) for each in numbers])
    for location, names in missing.items():
        yield _report_missing(_Place(title, body, key, node, location), names)
    for location in sorted(miscounted, key=str):
        yield from _report_counts(_Place(title, body, key, node, location))
    for location, faults in unknown.items():
        yield from _report_unknown_keys(_Place(title, body, key, node, location), faults)


class _Place:
    """A location in a body: the node there, the node's parent, the key above it, and words for messages.

    `is_key` is true where the error is about a key of the mapping. Where the location ends early, the node is the
    last one on the way.
    """

    def __init__(
        self, title: str, body: type[Part], key: Scalar, node: Mapping, location: Location, is_key: bool = False
    ) -> None:
        self.title, self.body = title, body
        self.is_key = is_key
        self.top = node
        self.parent: Node = node
        self.node: Node = node
        self.owner = key
        steps = 0
        for step in location:
            below = _below(self.node, step)
            if below is None:
                break
            steps += 1
            if isinstance(self.node, Mapping):
                self.owner = below[0]
            self.parent, self.node = self.node, below[1]
        self.location = location[:steps]

    @property
    def path(self) -> str:
        """The keys of the location, joined by points, without the indices of list entries."""
        return ".".join(str(step) for step in self.location if isinstance(step, str))

    @property
    def subject(self) -> str:
        """The subject of a message."""
        if self.is_key:
            above = self.path.rpartition(".")[0] if self.parent is not self.node else ""
            return f"{self.title}: a key of `{above}`" if above else f"{self.title}: a key"
        if not self.location:
            return self.title
        entry = "an entry of " if isinstance(self.location[-1], int) else ""
        return f"{self.title}: {entry}`{self.path}`"

    @property
    def where(self) -> str:
        """The mapping at the location, for messages about its keys."""
        return f"`{self.path}` of {self.title}" if self.path else self.title

    @property
    def keys(self) -> list[str]:
        """The keys that the model knows at the location."""
        return keys_at(self.body, self.location)[0]

    @property
    def required(self) -> list[str]:
        """The keys that the model requires at the location."""
        return keys_at(self.body, self.location)[1]


class _SplitNumber(NamedTuple):
    """A number that a comma splits: where it stands, its whole text, and its span."""

    location: Location
    text: str
    span: Span


class _SplitNumbers:
    """The numbers of a body that commas split, as in `{input: 5,00}`: their keys read as `input` and `00`.

    `numbers` has those of each mapping, `locations` those of the keys that are none.
    """

    def __init__(self, body: type[Part], node: Mapping) -> None:
        self.body = body
        self.numbers: dict[Location, list[_SplitNumber]] = {}
        self.locations: set[Location] = set()
        waiting: list[tuple[Location, Node]] = [((), node)]
        while waiting:
            location, inner = waiting.pop()
            if isinstance(inner, Sequence):
                waiting += [((*location, index), item) for index, item in enumerate(inner.items)]
            elif isinstance(inner, Mapping):
                waiting += [((*location, key.text), value) for key, value in inner.items]
                if inner.flow:
                    self._look_into(location, inner)

    def _look_into(self, location: Location, mapping: Mapping) -> None:
        """Find the split numbers of a mapping in braces."""
        number: tuple[Scalar, Scalar] | None = None
        text, end = "", 0
        pairs = sorted((*mapping.items, *mapping.dropped), key=lambda pair: pair[0].start)
        for key, value in [*pairs, (None, None)]:
            is_rest = key is not None and number is not None and is_number_rest(key, value)
            if is_rest and key is not None:
                self.locations.add((*location, key.text))
                text, end = f"{text},{key.text}", key.end
                continue
            if number is not None and text != number[1].text:
                span = Span(number[1].file, number[1].start, end)
                split = _SplitNumber((*location, number[0].text), text, span)
                self.numbers.setdefault(location, []).append(split)
                self.locations.add((*location, number[0].text))
            is_start = key is not None and isinstance(value, Scalar) and value.plain and value.text[-1:].isdigit()
            is_start = is_start and get_origin(type_at(self.body, (*location, key.text if key else ""))) is not tuple
            number = (key, value) if is_start and key is not None and isinstance(value, Scalar) else None
            text = "" if number is None else number[1].text


def _report_split_numbers(numbers: list[_SplitNumber], places: list[_Place]) -> Iterator[Diagnostic]:
    """Report the numbers of a mapping that commas split: once, where one remedy is that of all."""
    fields = [_number_at(place.body, each.location) for each, place in zip(numbers, places, strict=True)]
    refused = [
        RefusedNumber(str(each.location[-1]), each.text, True, field, place.path)
        for each, field, place in zip(numbers, fields, places, strict=True)
        if field is not None
    ]
    habits = habits_of(refused) if len(refused) == len(numbers) else []
    help = next((habit.help for habit in habits if len(habit.places) == len(numbers)), "")
    others = tuple(Label(each.span, "and here") for each in numbers[1:]) if help else ()
    for each, field, place in zip(numbers, fields, places, strict=True):
        kind = "a number" if field is None else field.wanted
        more = f" (and so {other_places(len(others))})" if others else ""
        message = f"{place.subject} is {quote_value(each.text)}, which is not {kind}{more}"
        otherwise = "write it with a point, not a comma"
        own = otherwise if field is None else remedy(each.text, True, field, place.path).help
        yield error("RC115", message, each.span, help or own, labels=others)
        if others:
            return


def _number_at(body: type[Part], location: Location) -> NumberField | None:
    """Return the numbers that the model wants at a location; None where it wants something else."""
    part, step = type_at(body, location[:-1]), str(location[-1])
    if isinstance(part, type) and issubclass(part, Part):
        annotation: Any = part.fields[step].annotation if step in part.fields else None
    else:
        annotation = get_args(part)[-1] if get_origin(part) is dict else None
    return next(number_fields(annotation), None)


def _below(node: Node, step: str | int) -> tuple[Scalar, Node] | None:
    """Return key and value of one step below a node, or None; a list entry has no key."""
    if isinstance(node, Mapping):
        return node.pair(str(step))
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        return _NO_KEY, node.items[step]
    return None


_NO_KEY: Any = None


def _report_missing(place: _Place, names: list[str]) -> Diagnostic:
    """Report the required keys that a mapping does not have."""
    listed = ", ".join(f"`{name}`" for name in names)
    span = (
        place.owner.span
        if place.node.start == place.node.end or not isinstance(place.parent, Sequence)
        else first_line_span(place.node)
    )
    return error("RC113", f"{place.where} has no {listed}", span, "add " + ", ".join(f"`{name}:`" for name in names))


def _report_counts(place: _Place) -> Iterator[Diagnostic]:
    """Report a pair without exactly two entries, or an empty list."""
    assert isinstance(place.node, Sequence)
    count = len(place.node.items)
    entries = "no entries" if count == 0 else "1 entry" if count == 1 else f"{count} entries"
    if _is_pair(place.body, place.location):
        yield error(
            "RC120",
            f"{place.subject} holds {entries}; exactly 2 are wanted",
            first_line_span(place.node),
            "write a first and a last one",
        )
    else:
        yield error(
            "RC120",
            f"{place.subject} is an empty list",
            first_line_span(place.node),
            "add an entry, or leave the key out",
        )


def _report_unknown_keys(place: _Place, names: dict[str, Fault]) -> Iterator[Diagnostic]:
    """Report unknown keys of a mapping, each with its help if that is known already.

    A misspelled one gets a fix, unless an earlier one took the right name. Neighbours that are near no known key are
    one mistake: the line above them is missing.
    """
    mapping = place.node
    assert isinstance(mapping, Mapping)
    keys = {key.text: (key, value) for key, value in mapping.items}
    free = [word for word in place.keys if word not in keys]
    order = {key.text: position for position, (key, _) in enumerate(mapping.items)}
    taken: set[str] = set()
    above: Diagnostic | None = None  # an unknown key that is near no known one
    last = 0
    for index, (name, fault) in enumerate(names.items()):
        key, _ = keys[name]
        known_help = fault.help
        corrected = typo_of(name, free) if index < _GUESSES and key.plain and name and not known_help else None
        fix = None
        if corrected is not None and corrected not in taken:
            taken.add(corrected)
            fix = Fix(f"rename it to `{corrected}`", (Edit(key.span, corrected),))
        if fault.replacement is not None:
            renamed = (
                (fault.location, fault.replacement),
                *((each.location, each.replacement) for each in fault.beside),
            )
            fix = Fix("rename them", tuple(Edit(keys[str(place[-1])][0].span, str(word)) for place, word in renamed))
        otherwise = "remove it" + (f"; known keys are {', '.join(free)}" if 0 < len(free) <= 12 else "")
        help = known_help or (retyped(name) or suggestion(name, free, otherwise) if index < _GUESSES else otherwise)
        is_far = help == otherwise
        if above is not None and is_far and order[name] == last + 1:
            above, last = replace(above, labels=(*above.labels, Label(key.span, "unknown too"))), order[name]
            continue
        if above is not None:
            yield above
        labels = tuple(Label(keys[str(other.location[-1])][0].span, "unknown too") for other in fault.beside)
        message = f"{place.where} has the unknown key {quote_value(name)}"
        unknown = error("RC112", message, key.span, help, labels=labels, fix=fix)
        above, last = unknown if is_far else None, order[name]
        if not is_far:
            yield unknown
    if above is not None:
        yield above


def _report_value(place: _Place, fault: Fault) -> Diagnostic:
    """Report a value that a type refused (see `refuse`), or that is not the list or mapping that is wanted."""
    node = place.node
    if place.is_key:
        help = retyped(place.owner.text) or fault.help
        return error(fault.rule, f"{place.subject} {fault.message}", place.owner.span, help)
    if isinstance(node, Scalar) and is_null(node):
        return _report_null(place, node, fault.help if fault.kind == "shape" else "")
    if fault.kind == "shape":
        return _report_wrong_shape(place, node, fault.wanted)
    fix = None
    if fault.number is not None and isinstance(node, Scalar):
        wanted = remedy(node.text, node.plain, fault.number, place.path)
        fault = fault._replace(help=wanted.help, replacement=wanted.replacement, is_spelling=wanted.is_spelling)
    elif isinstance(node, Scalar) and (words := retyped(node.text)):
        fault = fault._replace(help=words)
    if fault.replacement is not None and isinstance(node, Scalar):
        edit = replace_scalar(node, fault.replacement)
        fix = Fix(f"write {quote_value(fault.replacement)}", (edit,), fault.is_spelling)
    message = f"{place.subject} {fault.message}"
    labels: tuple[Label, ...] = ()
    if fault.beside:
        others = [_Place(place.title, place.body, place.owner, place.top, other.location) for other in fault.beside]
        labels = tuple(Label(first_line_span(other.node), "and here") for other in others)
        message += f" (and so {other_places(len(others))})"
        if fix is not None:
            fix = Fix("write all of them so", (*fix.edits, *_edits(fault, others)), fix.is_safe)
    return error(fault.rule, message, first_line_span(node), fault.help, fault.note, labels, fix)


def _edits(fault: Fault, others: list[_Place]) -> Iterator[Edit]:
    """Yield the edits that write the further places of a fault."""
    for place, other in zip(others, fault.beside, strict=True):
        if isinstance(place.node, Scalar) and other.replacement is not None:
            yield replace_scalar(place.node, other.replacement)


def _report_wrong_shape(place: _Place, node: Node, wanted: str) -> Diagnostic:
    """Report a value that is not the list or mapping that is wanted."""
    shape = "a list" if isinstance(node, Sequence) else "a mapping" if isinstance(node, Mapping) else "one value"
    help, fix = f"write {wanted}", None
    if wanted == "a list" and isinstance(node, Scalar):
        help = "write a list, even of one entry"
        key = place.owner.text
        if not _takes_names(place):
            help = f"write a list, as in {_example(place, node.text)}"
        elif says_how_many(node.text):
            help = f"write a list of names, not `{node.text}`" + ("; [] for none" if key in MAY_BE_EMPTY else "")
        elif names := listed_names(key, node.text):
            listed = f"[{', '.join(names)}]"
            help = f"write a list: {listed}"
            if all(is_entry(key, name) for name in names):
                fix = Fix(f"write {quote_value(listed)}", (Edit(node.span, listed),))
        elif node.plain and "\n" not in node.span.text and is_entry(key, node.text):
            listed = f"[{node.span.text}]"
            help += f": {listed}"
            fix = Fix(
                f"write {quote_value(listed)}",
                (Edit(node.span, listed),),
                is_safe=not any(sign in listed[1:-1] for sign in ",[]{}"),
            )
    elif wanted == "a list" and isinstance(node, Mapping):
        help = _as_list(place, node)
    elif wanted == "a mapping" and 0 < len(keys := place.required or place.keys) <= 4:
        help = "write a mapping: {" + ", ".join(f"{key}: …" for key in keys) + "}"
    return error("RC120", f"{place.subject} is {shape}; {wanted} is wanted", first_line_span(node), help, fix=fix)


def _takes_names(place: _Place) -> bool:
    """Return whether the entries of the list at a place are names."""
    return plain_type(get_args(type_at(place.body, place.location))[0]) is str


def _example(place: _Place, text: str) -> str:
    """Return a list of one entry in place of a value: a mapping, with what the value says."""
    inner = plain_type(get_args(type_at(place.body, place.location))[0])
    numbers = numbers_of(inner) if is_part(inner) else {}
    required = [name for name, info in inner.fields.items() if info.is_required] if is_part(inner) else []
    if not SLUG.fullmatch(text) or (says_how_many(text) and not text.isdigit()):
        text = "…"
    is_number = all(letter.isdigit() for letter in text)
    written = (f"{name}: {text if (name in numbers) == is_number else '…'}" for name in required)
    return "[{" + ", ".join(written) + "}]"


def _as_list(place: _Place, node: Mapping) -> str:
    """Say how a mapping is written that stands where a list is wanted."""
    names = [key.text for key, _ in node.items]
    are_marked = all(isinstance(value, Scalar) and value.text in ("", "true") for _, value in node.items)
    if _takes_names(place):
        return f"write a list: [{', '.join(names)}]" if are_marked and names else "write a list"
    if not set(names) <= set(keys_at(place.body, (*place.location, 0))[0]):
        return f"write a list, as in {_example(place, '')}"
    if node.flow and "\n" not in node.span.text and len(node.span.text) < _LONGEST_SHOWN:
        return f"write a list, even of one entry: [{node.span.text}]"
    return "write a list, even of one entry: `- ` before its first key"


def _report_null(place: _Place, node: Scalar, help: str) -> Diagnostic:
    """Report a null; fix it by removing the key where the key is optional, and `help` says nothing else."""
    span = node.span if node.end > node.start else place.owner.span
    if isinstance(place.location[-1], int):
        return error("RC114", f"{place.subject} is null", span, "give it a value, or remove the entry")
    fix = None
    required = place.location[-1] in keys_at(place.body, place.location[:-1])[1]
    sends_key = not _SENDING_KEYS.isdisjoint(map(str, place.location))
    if isinstance(place.parent, Mapping) and not required and not help and not sends_key:
        others = (value for key, value in place.parent.items if key is not place.owner)
        edit = key_removal(place.parent, place.owner.text)
        if edit is not None and any(not (isinstance(other, Scalar) and is_null(other)) for other in others):
            fix = Fix(f"remove {quote_value(place.owner.text)}", (edit,))
    return error(
        "RC114",
        f"{place.subject} is null",
        span,
        help or ("give it a value" if required or sends_key else "give it a value, or leave the key out"),
        fix=fix,
    )


def _is_pair(body: type[Part], location: Location) -> bool:
    """Return whether the model wants a list of two entries at a location."""
    part = type_at(body, location)
    return get_origin(part) is tuple and get_args(part)[-1] is not Ellipsis
