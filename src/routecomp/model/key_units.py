"""Read the unit that a key names: an unknown key may be a known one in another unit (`window_ms` for `window_s`).

Its value is converted exactly, or the message names the unit that is wanted and gives no figure. A near word of
another unit is never suggested as a slip: see `opposites`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from routecomp.model.edit_distance import edit_distance
from routecomp.model.meant_number import TIMES
from routecomp.model.numbers import LONGEST_NUMBER, NumberField, format_decimal
from routecomp.model.opposites import RATE, difference, parts_of, singular
from routecomp.parse.tree import Mapping, Node, Scalar

NumberFields = MappingOf[str, NumberField]
_Factors = MappingOf[str, Fraction | None]
_NO_FACTOR: Fraction | None = None
_PERIODS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}
_PERIODS |= {"annual": "year", "annually": "year", "quarterly": "quarter", "minutely": "minute", "lifetime": "lifetime"}
_PERIODS |= {period: period for period in (*_PERIODS.values(), "second")}
_MONEY: _Factors = {
    **dict.fromkeys(("usd", "dollar"), Fraction(1)),
    **dict.fromkeys(("cent", "ct"), Fraction(1, 100)),
    **dict.fromkeys(("eur", "euro", "gbp", "jpy", "chf", "cny"), _NO_FACTOR),
}
_SHARES: _Factors = {
    **dict.fromkeys(("share", "fraction", "ratio"), Fraction(1)),
    **dict.fromkeys(("pct", "percent", "percentage"), Fraction(1, 100)),
    **dict.fromkeys(("bp", "bps", "bip"), Fraction(1, 10**4)),
    "permille": Fraction(1, 1000),
}
_COUNTS: _Factors = {
    **dict.fromkeys(("k", "thousand"), Fraction(10**3)),
    **dict.fromkeys(("m", "million", "mio"), Fraction(10**6)),
    **dict.fromkeys(["byte", "kb", "mb", "gb", "kib", "mib", "gib", "char", "character", "word"], _NO_FACTOR),
}
_PRICES: _Factors = {
    **dict.fromkeys(("cent", "ct"), Fraction(1, 100)),
    **dict.fromkeys(("k", "thousand", "1000"), Fraction(1000)),
    **dict.fromkeys(("m", "million", "mio", "mtok", "1000000"), Fraction(1)),
    "1": Fraction(1),
    **dict.fromkeys(("eur", "euro", "gbp", "jpy", "chf", "cny"), _NO_FACTOR),
}
_TABLES: MappingOf[str, _Factors] = {
    "time": TIMES,
    "money": _MONEY,
    "percent": _SHARES,
    "share": _SHARES,
    "price": _PRICES,
    "count": _COUNTS,
}
_TOLD = {"money": "in US dollars", "percent": "in percent", "share": "as a part of 1", "rate": "per minute"}
_TOLD |= {"price": "in US dollars per million tokens"}
_COUNTED = dict.fromkeys(("r", "q", "request", "req", "query", "querie", "call"), "request")
_COUNTED |= dict.fromkeys(("t", "token", "tok"), "token")
_ANY_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?")
_FILLERS = frozenset(["timeout", "limit", "in", "per", "rate"])
_FILLERS_OF = {"count": ("token",), "money": ("max", "budget", "cap", "spend")}
_OF_PRICES = frozenset(["cost", "price", "usd", "dollar", "token", "tok"])


UNNAMED = "the unit is part of the key"


class OtherUnit(NamedTuple):
    """The known keys that an unknown one may stand for, and its value in the unit of the first; empty for no figure.

    `apart` says how the units differ; it is empty where both are the same, in other words. `told` is the unit wanted.
    `is_period` is false for an amount of another period.
    """

    keys: tuple[str, ...]
    figure: str
    apart: str
    told: str
    is_period: bool = True


class _Measure(NamedTuple):
    """What a key measures: its words without units, the unit it names, its factor, and the period of an amount."""

    stem: str
    unit: str = ""
    factor: Fraction | None = Fraction(1)
    period: str = ""


def other_unit(written: str, value: Node | None, known: NumberFields) -> OtherUnit | None:
    """Return which of the known keys an unknown one is in another unit; None where it is no such key."""
    if len(written) > LONGEST_NUMBER:
        return None
    alike = [each for key, field in known.items() if (each := _compared(written, value, key, field)) is not None]
    first = next((each for each in alike if each.figure), None)
    if first is not None or not alike:
        return first
    near = [each for each in alike if each.is_period] or alike
    return near[0]._replace(keys=tuple(each.keys[0] for each in near))


def in_units_of_its_key(written: str, value: Mapping, field: str, known: NumberFields) -> str:
    """Return how a mapping is written whose own key names the unit: `price_per_1k: {input: 0.002}`; empty for none."""
    words, own = parts_of(written), parts_of(field)
    if not known or list(map(singular, words[: len(own)])) != list(map(singular, own)) or len(words) == len(own):
        return ""
    unit = "_".join(words[len(own) :])
    figures: dict[str, str] = {}
    for key, node in value.items:
        name = f"{key.text}_{unit}"
        other = None if name in known else other_unit(name, node, known)
        if other is None and name not in known:
            return ""
        figures[name if other is None else other.keys[0]] = node_text(node) if other is None else other.figure or "…"
    listed = ", ".join(f"{key}: {figure}" for key, figure in figures.items())
    told = _TOLD["price"] if any(number.is_price for number in known.values()) else ""
    return f"write `{field}: {{{listed}}}`" + (f", {told}" if told else "") if figures else ""


def node_text(node: Node) -> str:
    """Return a short scalar as it is written; `…` for all else."""
    return node.text if isinstance(node, Scalar) and 0 < len(node.text) <= LONGEST_NUMBER else "…"


def in_known_units(units: Sequence[OtherUnit]) -> str:
    """Return the remedy for the unknown keys of a mapping that are known ones in other units."""
    first = units[0]
    causes = list(dict.fromkeys(each.apart for each in units if each.apart))
    is_one_cause = len({each.apart for each in units}) == 1
    cause = causes[0] if is_one_cause and causes else causes[0].partition(":")[0] if causes else ""
    before = f"{cause}: " if cause else ""
    if not any(each.figure for each in units):
        named = ", ".join(dict.fromkeys(" or ".join(f"`{key}`" for key in each.keys) for each in units))
        told = {each.told for each in units}
        return f"{before}write {named}" + (f", {first.told}" if len(told) == 1 else ", each in its own unit")
    pairs = [f"{' or '.join(each.keys)}: {each.figure or '…'}" for each in units]
    price = f", {first.told}" if first.told == _TOLD["price"] else ""
    return f"{before}write `{', '.join(pairs)}`{price}"


def _compared(written: str, value: Node | None, key: str, field: NumberField) -> OtherUnit | None:
    """Compare an unknown key with a known one; None where they do not measure the same, or differ as slips do."""
    kind = _kind(key, field)
    mine, wanted = _measure(written, kind, key), _measure(key, kind, key)
    if mine is None or wanted is None or "".join(parts_of(written)) == "".join(parts_of(key)):
        return None
    if not _is_same(mine.stem, wanted.stem):
        return None
    told = _TOLD.get(kind) or {"ms": "in milliseconds", "s": "in seconds"}.get(wanted.unit, "")
    told = told or ("in tokens" if "token" in key or "context" in key else "as a whole number")
    if not mine.unit and not mine.period:
        is_named = kind in ("time", "percent", "money", "rate") and mine.stem == wanted.stem
        # Without a stem (`max` for `max_daily_usd`) a word must say at least what is measured: `rate` is none.
        is_named = is_named and (
            mine.stem != "" or any(word in _FILLERS_OF.get(kind, ()) for word in parts_of(written))
        )
        return OtherUnit((key,), "", UNNAMED, told) if is_named else None
    if mine.period != wanted.period:
        if not mine.period:
            return OtherUnit((key,), "", "the period is part of the key", told)
        words = [next((word for word in parts_of(text) if word in _PERIODS), "") for text in (written, key)]
        return OtherUnit((key,), "", f"the units differ: `{words[0]}` is not `{words[1]}`", told, False)
    apart = f"the units differ: `{mine.unit}` is not `{wanted.unit}`" if wanted.unit else "the units differ"
    if not mine.unit:
        return OtherUnit((key,), "", UNNAMED, told)
    if mine.factor is None or wanted.factor is None:
        return OtherUnit((key,), "", apart, told)
    factor = mine.factor / wanted.factor
    if factor == 1 and mine.stem != wanted.stem:
        return None  # a slip in its other words
    return OtherUnit((key,), converted(value, factor, field), "" if factor == 1 else apart, told)


def _kind(key: str, field: NumberField) -> str:
    """Return what a known key measures, by its last word or by the numbers that it takes."""
    words = parts_of(key)
    if RATE.fullmatch(key):
        return "rate"
    if words[-1] in ("ms", "s"):
        return "time"
    named = {"usd": "money", "pct": "percent"}.get(words[-1])
    return named or ("price" if field.is_price else "share" if field.scale == 4 else "count")


def _measure(text: str, kind: str, key: str) -> _Measure | None:
    """Return what a key measures, read as one of a kind beside the known key; None where it is none of that kind."""
    if kind == "rate":
        return _rate([singular(word) for word in parts_of(text)], text)
    known, table = [singular(word) for word in parts_of(key)], _TABLES[kind]
    words = [singular(part) for word in parts_of(text) for part in _unglued(word, known, table)]
    period = next((_PERIODS[word] for word in words if word in _PERIODS), "") if kind == "money" else ""
    own = known if kind == "share" else []
    units = [word for word in words if word in table and word not in own]
    unread = {*units, *_FILLERS, *(_PERIODS if period else ()), *_FILLERS_OF.get(kind, ())}
    words = [word for word in words if word not in unread]
    if kind == "price":
        return _price(words, units, text)
    factor = Fraction(1) if not units else table[units[0]] if len(units) == 1 else None
    return _Measure("".join(words), units[0] if units else "", factor, period)


def _rate(words: list[str], text: str) -> _Measure | None:
    """Read a key as a rate: `rpm`, `requests_per_second`, `daily_tokens`."""
    sizes = [word for word in words if word in _COUNTS]
    words = [word for word in words if word not in ("max", "limit", "rate", *sizes)]
    short = RATE.fullmatch(words[0]) if len(words) == 1 else None
    if short is not None:
        counted, time, unit = short[2], short[3], words[0]
        sizes += filter(None, [short[1]])
    elif len(words) == 1 and len(text) > 1 and parts_of(text) in (words, [words[0] + "s"]):
        return _Measure(_COUNTED[words[0]]) if words[0] in _COUNTED else None
    elif "per" in words and len(words) == 3:
        counted, time, unit = words[0], words[2], "_".join(parts_of(text))
    elif len(words) == 2 and {*words} & {*_PERIODS} - {"second"}:
        unit = next(word for word in words if word in _PERIODS)
        counted, time = next((word for word in words if word != unit), ""), _PERIODS[unit]
    else:
        return None
    if counted not in _COUNTED:
        return None
    length = TIMES.get(singular(time))
    factor = None if length is None else 1 / length
    for size in map(_COUNTS.get, sizes):
        factor = None if factor is None or size is None else factor * size
    return _Measure(_COUNTED[counted], "_".join(parts_of(text)) if sizes else unit, factor)


def _price(words: list[str], units: list[str], text: str) -> _Measure | None:
    """Read a key as a price: `input_per_1k`, `input_cents`, `input_usd_per_million_tokens`."""
    is_per_token = "per" in parts_of(text) and not set(units) - {"cent", "ct", "1"}
    stem = "".join(word for word in words if word not in _OF_PRICES)
    factor: Fraction | None = Fraction(10**6 if is_per_token else 1)
    for unit in units:
        size = _PRICES[unit]
        factor = None if factor is None or size is None else factor * size
    named = bool(units) or is_per_token or len(words) > 1
    return _Measure(stem, "_".join(parts_of(text)) if named else "", factor)


def _unglued(word: str, known: list[str], table: _Factors) -> list[str]:
    """Part a word such as `windowms` into a word of the known key and a unit."""
    for start in known:
        rest = word.removeprefix(start)
        if len(start) > 3 and rest != word and singular(rest) in table and word not in known:
            return [start, rest]
    return [word]


def _is_same(mine: str, known: str) -> bool:
    """Return whether two stems are the same word; one of them may have a slip in it."""
    if mine == known:
        return True
    most = 2 if len(known) >= 8 else 1 if len(known) >= 5 else 0
    return bool(mine) and edit_distance(mine, known, most) <= most and not difference(mine, known)


def converted(value: Node | None, factor: Fraction, field: NumberField) -> str:
    """Return a value times a factor as the field takes it; empty where it is no such number."""
    text = value.text if isinstance(value, Scalar) else ""
    if len(text) > LONGEST_NUMBER or not _ANY_NUMBER.fullmatch(text):
        return ""
    units = Fraction(text) * factor * 10**field.decimals
    if units.denominator != 1 or len(str(units)) > LONGEST_NUMBER:
        return ""
    figure = text if factor == 1 and field.accepts_text(text) else format_decimal(int(units), field.decimals)
    return figure if field.accepts_text(figure) else ""
