"""Gather the faults of one habit into one: several values of a mapping or list that are refused for the same reason.

Weights of 40, 30 and 30, prices with decimal commas and words in capitals are each one mistake. The first of them
says how all are written, and the places of the others stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from routecomp.model.invalid import Beside, Fault, Location
from routecomp.model.meant_number import A_SHARE, OR_THOUSANDS, POINT, Remedy, remedy
from routecomp.model.numbers import LONGEST_NUMBER, NumberField, format_padded_decimal
from routecomp.parse.scalars import NUMBER, SLUG
from routecomp.parse.tree import Mapping, Node, Scalar
from routecomp.parse.tree import Sequence as List

_Faults = dict[tuple[str, Location, bool], Fault]
_OF_ONE = ("weights", "weight")
"""The keys above, or of, numbers that add up to 1."""
_SHARES = "they are shares of 1"
_PLAIN = re.compile(r"\+?([0-9]{1,12}(?:\.[0-9]{1,6})?) ?%?")


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
    return Figure(key, cause, figure) if re.fullmatch("[-+0-9.]+", figure) else None


def together(figures: Sequence[Figure]) -> str:
    """Return the remedy for several places that have one cause."""
    cause = figures[0].cause
    if cause == A_SHARE and len(figures) > 1:
        cause, figures = _SHARES, [each._replace(figure=_padded(each.figure)) for each in figures]
    listed = ", ".join(f"{each.key}: {each.figure}" for each in figures)
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
            _keep_first(faults, refused, f"use lower-case letters: write {', '.join(texts)}", [None] * len(texts))


def _gather_numbers(node: Mapping, faults: _Faults, above: Location, column: Any, refused: list[Fault]) -> None:
    """Gather the refused numbers of a mapping, or of a column, by their causes."""
    by_cause: dict[str, list[tuple[Fault, Figure, Remedy]]] = {}
    step = -1 if column is None else -2
    for fault in refused:
        value, path = node_at(node, fault.location), [str(part) for part in fault.location]
        assert isinstance(value, Scalar)
        assert fault.number is not None
        wanted = remedy(value.text, value.plain, fault.number, ".".join(path))
        figure = figure_of(path[step], value.text, wanted)
        if figure is not None:
            by_cause.setdefault(figure.cause, []).append((fault, figure, wanted))
    for alike in by_cause.values():
        figures = [figure for _, figure, _ in alike]
        replacements = [wanted.replacement for _, _, wanted in alike]
        help = together(figures)
        if column in _OF_ONE or (above and above[-1] in _OF_ONE):
            number = alike[0][0].number
            assert number is not None
            of_one = _of_one(node, above, column, figures, number)
            if of_one:
                help, replacements = of_one, [None] * len(figures)
        elif len(alike) < 2:
            continue
        if len(alike) > 1 or help != together(figures):
            is_spelling = all(wanted.is_spelling for _, _, wanted in alike)
            _keep_first(faults, [fault for fault, _, _ in alike], help, replacements, is_spelling)


def _of_one(node: Mapping, above: Location, column: Any, figures: list[Figure], number: NumberField) -> str:
    """Return how numbers that add up to 1 are written, where their own remedies do not add up; empty otherwise."""
    parent = node_at(node, above)
    if not isinstance(parent, Mapping):
        return ""
    texts: dict[str, str] = {}
    for key, value in parent.items:
        inner = value if column is None else value.get(column) if isinstance(value, Mapping) else None
        texts[key.text] = inner.text if isinstance(inner, Scalar) else ""
    meant = {figure.key: figure.figure for figure in figures}
    values = [_PLAIN.fullmatch(meant.get(key, text)) for key, text in texts.items()]
    total_meant = sum((Fraction(value[1]) for value in values if value), Fraction(0))
    if all(values) and total_meant == 1:
        return ""
    written = [_PLAIN.fullmatch(text) for text in texts.values()]
    parts = [Fraction(value[1]) for value in written if value]
    total = sum(parts)
    if len(parts) < len(texts) or not total:
        return ""
    units = [part / total * 10**number.decimals for part in parts]
    is_near = len(figures) > 1 and abs(total_meant - 1) <= Fraction(1, 50)
    if is_near or all(unit.denominator == 1 for unit in units):
        listed = zip(texts, _rounded(units), strict=True)
        shares = ", ".join(f"{key}: {format_padded_decimal(unit, number.decimals)}" for key, unit in listed)
        return f"{_SHARES}: write {shares}"
    return f"{_SHARES}: write some that add up to 1" if len(figures) > 1 else ""


def _rounded(units: list[Fraction]) -> list[int]:
    """Round numbers so that their sum stays: those that lose most by it are rounded up."""
    whole = [int(unit) for unit in units]
    most = sorted(range(len(units)), key=lambda place: (whole[place] - units[place], -place))
    for place in most[: int(sum(units)) - sum(whole)]:
        whole[place] += 1
    return whole


def _keep_first(
    faults: _Faults, alike: list[Fault], help: str, replacements: Sequence[str | None], is_spelling: bool = False
) -> None:
    """Leave out all faults but the first, which gets the help and the places of the others."""
    first, *others = alike
    is_fix = all(replacement is not None for replacement in replacements)
    beside = tuple(
        Beside(other.location, replacement if is_fix else None)
        for other, replacement in zip(others, replacements[1:], strict=True)
    )
    for other in others:
        del faults[other.kind, other.location, other.is_key]
    replacement = replacements[0] if is_fix else None
    faults[first.kind, first.location, first.is_key] = first._replace(
        help=help, number=None, replacement=replacement, is_spelling=is_spelling, beside=beside
    )


def find_missing_commas(node: Mapping, faults: _Faults) -> None:
    """Find entries of lists that hold several names; such a list need not lack entries."""
    for key, fault in list(faults.items()):
        *above, step = fault.location or ("",)
        form = {"RC118": SLUG, "RC115": NUMBER}.get(fault.rule)
        if form is None or not isinstance(step, int):
            continue
        parent, words = node_at(node, tuple(above)), _text(node, fault).split()
        if not isinstance(parent, List) or len(words) < 2 or not all(form.fullmatch(word) for word in words):
            continue
        help = f"entries are separated by commas: write {', '.join(words)}"
        faults[key] = fault._replace(help=help, number=None)
        if len(parent.items) + len(words) - 1 == 2:
            faults.pop(("count", tuple(above), False), None)


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
