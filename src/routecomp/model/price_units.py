"""Find keys that name the unit of prices (`price: {input: 0.1, output: 0.5, unit: 1k}`): ours have one unit alone."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from fractions import Fraction
from typing import Any

from routecomp.model.blocks import Faults
from routecomp.model.body_types import is_part, mappings, numbers_of, type_at
from routecomp.model.invalid import Beside, Location
from routecomp.model.key_units import converted
from routecomp.model.numbers import NumberField
from routecomp.model.opposites import parts_of, singular
from routecomp.model.part import Part, plain_type
from routecomp.parse.tree import Mapping, Scalar

_UNIT = "prices are US dollars per million tokens"
_NAMES = frozenset(
    (
        "unit",
        "per",
        "currency",
        "scale",
        "denominator",
        "divisor",
        "multiplier",
        "basis",
        "quantity",
        "measure",
        "token",
    )
)
"""Words that name a unit, alone in a key or with the next ones."""
_BESIDE = frozenset(("price", "pricing", "cost", "billing", "unit", "per", "token", "size", "count", "in", "of", "usd"))
_SIZES: MappingOf[str, Fraction] = {
    **dict.fromkeys(("k", "thousand", "1000", "ktok"), Fraction(1000)),
    **dict.fromkeys(("m", "million", "mio", "mtok", "1000000", "1"), Fraction(1)),
    **dict.fromkeys(("b", "billion", "1000000000"), Fraction(1, 1000)),
}
"""By a number of tokens, what a price for so many is multiplied by; one token is told apart."""
_MONEY: MappingOf[str, Fraction] = {
    **dict.fromkeys(("cent", "ct"), Fraction(1, 100)),
    **dict.fromkeys(("usd", "dollar", "us"), Fraction(1)),
}
_THOUSANDS = re.compile(r"(?<=[0-9])[ _,.](?=000)")
_LONGEST = 40


def find_units_of_prices(body: type[Part], node: Mapping, faults: Faults) -> None:
    """Let unknown keys that name the unit of prices say what ours is, with the figures to write where that is told."""
    for location, mapping in mappings(node):
        part = type_at(body, location)
        prices = _prices_of(part)
        if prices:
            _report(location, mapping, mapping, prices, faults)
        elif is_part(part):
            for field, info in part.fields.items():
                below, inner = mapping.get(field), _prices_of(plain_type(info.annotation))
                if inner and isinstance(below, Mapping):
                    _report(location, mapping, below, inner, faults)


def _prices_of(part: Any) -> dict[str, NumberField]:
    """Return the numbers of a part all of whose values are prices; none of any other."""
    numbers = numbers_of(part) if is_part(part) else {}
    return (
        numbers
        if numbers and len(numbers) == len(part.fields) and all(number.is_price for number in numbers.values())
        else {}
    )


def _report(
    location: Location, mapping: Mapping, below: Mapping, prices: dict[str, NumberField], faults: Faults
) -> None:
    """Report the keys of a mapping that name the unit of the prices that stand below another one, or beside them."""
    units = [
        key
        for key, value in mapping.items
        if ("unknown", (*location, key.text), False) in faults and _names_unit(key.text) and isinstance(value, Scalar)
    ]
    if not units:
        return
    factor: Fraction | None = Fraction(1)
    for key in units:
        value = mapping.get(key.text)
        size = _factor(key.text, value.text if isinstance(value, Scalar) else "")
        factor = None if factor is None or size is None else factor * size
    written = {name: below.get(name) for name in prices if below.key(name) is not None}
    figures = {
        name: "" if factor is None else converted(value, factor, prices[name]) for name, value in written.items()
    }
    names = " and ".join(f"`{key.text}`" for key in units)
    if factor == 1:
        help = f"{_UNIT} already: remove {names}"
    elif figures and all(figures.values()):
        listed = ", ".join(f"{name}: {figure}" for name, figure in figures.items())
        help = f"{_UNIT}: write `{listed}`, and remove {names}"
    else:
        help = f"{_UNIT}: convert the figures, then remove {names}"
    first, *others = [(*location, key.text) for key in units]
    for place in others:
        del faults["unknown", place, False]
    fault = faults["unknown", first, False]
    faults["unknown", first, False] = fault._replace(help=help, beside=tuple(map(Beside, others)))


def _names_unit(key: str) -> bool:
    """Return whether a key names a unit: `unit`, `per_tokens`, `price_currency`."""
    words = [singular(word) for word in parts_of(key)] if len(key) <= _LONGEST else []
    return any(word in _NAMES for word in words) and all(word in _NAMES | _BESIDE or word in _SIZES for word in words)


def _factor(key: str, text: str) -> Fraction | None:
    """Return by what prices in a unit are multiplied to be in ours; None where that is not told."""
    if len(text) > _LONGEST:
        return None
    plain = _THOUSANDS.sub("", text.lower()).replace("1e3", "1000").replace("1e6", "1000000").replace("$", " usd ")
    words = [singular(word) for word in parts_of(key if plain == "true" else plain)]
    read = [word for word in words if word in _SIZES or word in _MONEY]
    if any(word not in read and word not in _NAMES | _BESIDE for word in words):
        return None
    factor = Fraction(1)
    sizes = [word for word in read if word in _SIZES]
    for word in sizes[1:] if sizes[:1] == ["1"] else sizes:  # `1 k`, `1M`, or one token
        factor *= _SIZES[word]
    if sizes == ["1"] or (not sizes and "token" in words):
        factor *= 10**6
    for word in read:
        factor *= _MONEY.get(word, 1)
    return factor if read or "token" in words else None
