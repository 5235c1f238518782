"""Gather the faults of one habit into one: several values of a mapping or list that are refused for the same reason.

Weights of 40, 30 and 30, prices with decimal commas and words in capitals are each one mistake. The first of them
says how all are written, and the places of the others stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingOf
from fractions import Fraction
from typing import Any, NamedTuple

from routecomp.model.invalid import Beside, Fault, Location
from routecomp.model.meant_number import A_SHARE, IN_MILLISECONDS, OR_THOUSANDS, POINT, Remedy, remedy
from routecomp.model.numbers import LONGEST_NUMBER, NumberField, format_padded_decimal
from routecomp.parse.scalars import NUMBER, SLUG
from routecomp.parse.tree import Mapping, Node, Scalar
from routecomp.parse.tree import Sequence as List

_Faults = dict[tuple[str, Location, bool], Fault]
_OF_ONE = ("weights", "weight")
"""The keys above, or of, numbers that add up to 1."""
_SHARES = "they are shares of 1"
_SECONDS = "milliseconds are wanted, and these are seconds"
_PLAIN = re.compile(r"\+?([0-9]{1,12}(?:\.[0-9]{1,6})?)(?: ?%|/([0-9]{1,6}))?")
_MOST_PARTS = 20
_FIGURES = re.compile(r"[-+0-9.]+( or [-+0-9.]+)*")


class Figure(NamedTuple):
    """What to write in one place: the key there, the figure, and why (`a number is written with a point`)."""

    key: str
    cause: str
    figure: str


def figure_of(key: str, text: str, wanted: Remedy) -> Figure | None:
    """Return what to write at a key in place of a text, by its remedy; None where that is no single figure."""
    cause, _, figure = wanted.help.rpartition("write ")
    if wanted.replacement is not None:
        # The same number in another notation: a habit is the same shape (`1e3` and `2e3`).
        shape = cause or (
            wanted.help if wanted.help != f"write {wanted.replacement}" else re.sub("[0-9]+", "0", text.lstrip("+-"))
        )
        return Figure(key, shape, wanted.replacement)
    cause = cause.removesuffix(": ")
    if " or " in figure and cause.startswith(POINT):  # a comma that may also part thousands
        return Figure(key, cause.replace(OR_THOUSANDS, ""), figure)
    if IN_MILLISECONDS in cause:
        cause = _SECONDS
    return Figure(key, cause, figure) if _FIGURES.fullmatch(figure) else None


def together(figures: Sequence[Figure]) -> str:
    """Return the remedy for several places that have one cause."""
    cause = figures[0].cause
    if cause == A_SHARE and len(figures) > 1:
        cause, figures = _SHARES, [each._replace(figure=_padded(each.figure)) for each in figures]
    listed = ", ".join(f"{each.key}: {each.figure}" for each in figures)
    cause = cause.replace("round it", "round them")
    if cause.startswith("write it "):
        return f"{cause.replace('write it', 'write them', 1)}: {listed}"
    return f"{cause}: write {listed}" if " " in cause else f"write {listed}"


def _padded(figure: str) -> str:
    """Write a share with at least two decimals."""
    whole, _, decimals = figure.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def gather(node: Mapping, faults: _Faults) -> None:
    """Gather the refused numbers of each mapping, or of each column of named mappings, and the words of each list."""
    numbers: dict[tuple[Location, object], list[Fault]] = {}
    words: dict[Location, list[Fault]] = {}
    for fault in faults.values():
        *above, step = fault.location or ("",)
        value = node_at(node, fault.location)
        if fault.kind != "refused" or fault.is_key or not isinstance(value, Scalar):
            continue
        if fault.number is not None and isinstance(step, str):
            is_column = len(above) > 1 and step == "weight"
            numbers.setdefault((tuple(above[:-1]), step) if is_column else (tuple(above), None), []).append(fault)
        elif isinstance(step, int) and fault.rule == "RC118" and SLUG.fullmatch(value.text.lower()):
            words.setdefault(tuple(above), []).append(fault)
    for (place, column), refused in numbers.items():
        _gather_numbers(node, faults, place, column, refused)
    for refused in words.values():
        texts = [_text(node, fault).lower() for fault in refused]
        if len(texts) > 1:
            help = f"use lower-case letters: write {', '.join(texts)}"
            _keep_first(faults, refused, Habit([], help, [None] * len(texts)))


def _gather_numbers(node: Mapping, faults: _Faults, above: Location, column: Any, refused: list[Fault]) -> None:
    """Gather the refused numbers of a mapping, or of a column, by their causes."""
    step = -1 if column is None else -2
    numbers = []
    for fault in refused:
        value, path = node_at(node, fault.location), [str(part) for part in fault.location]
        assert isinstance(value, Scalar)
        assert fault.number is not None
        numbers.append(RefusedNumber(path[step], value.text, value.plain, fault.number, ".".join(path)))
    texts: dict[str, str] | None = None
    if column in _OF_ONE or (above and above[-1] in _OF_ONE):
        parent, texts = node_at(node, above), {}
        for key, value in parent.items if isinstance(parent, Mapping) else ():
            inner = value if column is None else value.get(column) if isinstance(value, Mapping) else None
            texts[key.text] = inner.text if isinstance(inner, Scalar) else ""
    for habit in habits_of(numbers, texts):
        _keep_first(faults, [refused[place] for place in habit.places], habit)


class RefusedNumber(NamedTuple):
    """A refused number: its key among its neighbours, its text, what is wanted, and the keys above it."""

    key: str
    text: str
    plain: bool
    number: NumberField
    path: str


class Habit(NamedTuple):
    """The places of refused numbers that have one cause, what to write, and what a fix writes in each place."""

    places: list[int]
    help: str
    replacements: list[str | None]
    is_spelling: bool = False


def habits_of(numbers: Sequence[RefusedNumber], of_one: MappingOf[str, str] | None = None) -> list[Habit]:
    """Return the habits among refused numbers that stand side by side.

    `of_one` are the texts of all numbers, by their keys, where they add up to 1.
    """
    wanted = [remedy(each.text, each.plain, each.number, each.path) for each in numbers]
    figures = [figure_of(each.key, each.text, own) for each, own in zip(numbers, wanted, strict=True)]
    if of_one is not None:
        meant = {figure.key: figure.figure for figure in figures if figure is not None}
        shares = _of_one(of_one, meant, len(numbers), numbers[0].number)
        if shares:
            return [Habit(list(range(len(numbers))), shares, [None] * len(numbers))]
    _read_as_seconds(numbers, figures)
    alike: dict[str, list[int]] = {}
    for place, (own, figure) in enumerate(zip(wanted, figures, strict=True)):
        alike.setdefault(own.help if figure is None else figure.cause, []).append(place)
    habits = []
    for places in alike.values():
        if len(places) > 1:
            known = [figure for place in places if (figure := figures[place]) is not None]
            help = together(known) if known else wanted[places[0]].help.replace("convert it", "convert them")
            is_spelling = all(wanted[place].is_spelling for place in places)
            habits.append(Habit(places, help, [wanted[place].replacement for place in places], is_spelling))
    return habits


def _read_as_seconds(numbers: Sequence[RefusedNumber], figures: list[Figure | None]) -> None:
    """Read all decimals beside one of seconds as seconds too, where milliseconds are wanted."""
    if not any(figure is not None and figure.cause == _SECONDS for figure in figures):
        return
    for place, each in enumerate(numbers):
        if each.key.endswith("_ms") and NUMBER.fullmatch(each.text) and len(each.text) <= LONGEST_NUMBER:
            milliseconds = Fraction(each.text) * 1000
            if milliseconds.denominator == 1 and each.number.accepts_text(str(milliseconds)):
                figures[place] = Figure(each.key, _SECONDS, str(milliseconds))


def _of_one(texts: MappingOf[str, str], meant: MappingOf[str, str], refused: int, number: NumberField) -> str:
    """Return how numbers that add up to 1 are written, where their own remedies do not add up; empty otherwise.

    `meant` are the figures of those remedies; `refused` is how many of the numbers are refused.
    """
    values = [_part(meant.get(key, text)) for key, text in texts.items()]
    total_meant = sum((value for value in values if value is not None), Fraction(0))
    is_read = None not in values
    if is_read and total_meant == 1 and len(meant) == refused:
        return ""
    written = [_part(text) for text in texts.values()]
    parts = [part for part in written if part is not None]
    total = sum(parts)
    if len(parts) < len(texts) or not total:
        return ""
    units = [part / total * 10**number.decimals for part in parts]
    is_near = (refused > 1 and is_read and abs(total_meant - 1) <= Fraction(1, 50)) or total == 1
    # `2` and `1` are parts of three; percentages that miss 100 are a slip in one of them.
    are_few = total <= _MOST_PARTS and all(part.denominator == 1 for part in parts)
    if is_near or are_few or all(unit.denominator == 1 for unit in units):
        shares = in_proportion(texts, number)
        if shares:
            return f"{_SHARES}: write {shares}"
    return f"{_SHARES}: write some that add up to 1" if refused > 1 else ""


def in_proportion(texts: MappingOf[str, str], number: NumberField) -> str:
    """Return the shares of 1 that stand in the proportion of some numbers; empty where there are none.

    They add up to exactly 1.
    """
    parts = [_part(text) for text in texts.values()]
    known = [part for part in parts if part is not None]
    total = sum(known)
    if len(known) < len(parts) or not total:
        return ""
    units = [part / total * 10**number.decimals for part in known]
    if min(units) < 1:
        return ""
    listed = zip(texts, _rounded(units), strict=True)
    return ", ".join(f"{key}: {format_padded_decimal(unit, number.decimals)}" for key, unit in listed)


def _part(text: str) -> Fraction | None:
    """Return a text as a number of equal parts (`40`, `40 %`, `2/3`); None for none."""
    plain = _PLAIN.fullmatch(text)
    if plain is None or (plain[2] and not int(plain[2])):
        return None
    return Fraction(plain[1]) / int(plain[2] or 1)


def _rounded(units: list[Fraction]) -> list[int]:
    """Round numbers so that their sum stays: those that lose most by it are rounded up."""
    whole = [int(unit) for unit in units]
    most = sorted(range(len(units)), key=lambda place: (whole[place] - units[place], -place))
    for place in most[: int(sum(units)) - sum(whole)]:
        whole[place] += 1
    return whole


def _keep_first(faults: _Faults, alike: list[Fault], habit: Habit) -> None:
    """Leave out all faults but the first, which gets the help and the places of the others."""
    first, *others = alike
    is_fix = all(replacement is not None for replacement in habit.replacements)
    beside = tuple(
        Beside(other.location, replacement if is_fix else None)
        for other, replacement in zip(others, habit.replacements[1:], strict=True)
    )
    for other in others:
        del faults[other.kind, other.location, other.is_key]
    replacement = habit.replacements[0] if is_fix else None
    faults[first.kind, first.location, first.is_key] = first._replace(
        help=habit.help, number=None, replacement=replacement, is_spelling=habit.is_spelling, beside=beside
    )


def node_at(node: Node, location: Iterable[str | int]) -> Node | None:
    """Return the node at a location; None where there is none."""
    inner: Node | None = node
    for step in location:
        if isinstance(inner, Mapping):
            inner = inner.get(str(step))
        elif isinstance(inner, List) and isinstance(step, int) and step < len(inner.items):
            inner = inner.items[step]
        else:
            return None
    return inner


def _text(node: Mapping, fault: Fault) -> str:
    """Return the text of the scalar at which a fault is; empty for a long one."""
    value = node_at(node, fault.location)
    return value.text if isinstance(value, Scalar) and len(value.text) <= LONGEST_NUMBER * 4 else ""
