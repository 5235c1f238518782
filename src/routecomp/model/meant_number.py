"""Say what is wrong with a value that is not the number its field wants, and which figure its author meant.

The same number in another notation (`1e3`, `.5`, `0x10`) can be rewritten by a fix. All else is a reading: a decimal
comma, a unit, seconds for milliseconds. The message says it in words, and the author writes the figure.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import NamedTuple

from routecomp.model.invalid import quote_value
from routecomp.model.numbers import LONGEST_NUMBER, NumberField, format_decimal
from routecomp.parse.scalars import NUMBER

PER_MILLION = "prices are US dollars per million tokens"
POINT = "a number is written with a point, not a comma"
OR_THOUSANDS = ", and without thousands separators"
THOUSANDS = "a number is written without thousands separators"
NO_UNIT = "a number is written without its unit"
IN_DOLLARS = "amounts are in US dollars: convert it"
A_SHARE = "it is a share of 1"
NO_SHARE = "it is no share of anything"
HUNDREDTHS = "a number is written without its unit, and per cent are hundredths"
IN_MILLISECONDS = "is in milliseconds"
NO_CURRENCY = "a number is written without a currency"


_SEVERAL = re.compile(r"[-+]?[0-9]+\.[0-9]+(, ?[-+]?[0-9]+\.[0-9]+)+", re.ASCII)
"""Numbers with a point and a comma between them: none of the two signs can stand for the other."""


class Remedy(NamedTuple):
    """What to write: in words, and as a text that a fix may write, if it is the same number in another notation.

    `is_spelling` is false where other readers of YAML take the author's text for another number.
    """

    help: str
    replacement: str | None = None
    is_spelling: bool = True


def remedy(text: str, plain: bool, field: NumberField, keys: str) -> Remedy:
    """Return the remedy for a text that a field refuses; `keys` are the keys above it, which may name its unit."""
    if len(text) > LONGEST_NUMBER:
        return Remedy(_general(field))
    if not plain and field.accepts_text(text):
        return Remedy("write it without quotes", text)
    if _SEVERAL.fullmatch(text):
        return Remedy(f"one number is wanted here: keep one of {', '.join(re.split(', ?', text))}")
    key = keys.rpartition(".")[2]
    is_doubtful = field.is_price and re.search(r"[eE]-|^[-+]?0*\.000[0-9]*[1-9]", text) is not None
    is_doubtful = is_doubtful or _may_be_thousands(text, field)
    rewritten = None if is_doubtful else _rewrite(text, field)
    if rewritten is not None and "." in text and _larger_units(Fraction(rewritten), field, _time_unit(keys), key):
        rewritten = None
    if rewritten is not None and (plain or not NUMBER.fullmatch(text)):
        return Remedy(f"write {rewritten}", rewritten, re.match(r"[-+]?0[0-9]", text) is None or "." in text)
    reading = _read(text, field, _time_unit(keys), key)
    if reading is not None:
        return Remedy(reading)
    return Remedy(_in_general(text, field))


def retyped(text: str) -> str:
    """Say which odd character a text holds, and write the text without it; empty where it holds none."""
    odd = odd_character(text)
    plain = in_ascii(text).strip()
    return f"it holds {odd}: write {quote_value(plain)}" if odd and plain else ""


def odd_character(text: str) -> str:
    """Name the first space, digit or sign in a text that only looks like one of ASCII; empty where there is none."""
    for letter in text:
        plain = _ASCII.get(letter) or (" " if letter.isspace() and letter not in " \t\r\n" else "")
        if plain or (letter.isdecimal() and not letter.isascii()):
            return f"U+{ord(letter):04X} ({unicodedata.name(letter, 'unnamed').lower()})"
    return ""


def in_ascii(text: str) -> str:
    """Return a text with the digits, spaces and signs of ASCII for those that only look like them."""
    letters = [
        str(unicodedata.decimal(letter))
        if letter.isdecimal()
        else " "
        if letter.isspace()
        else _ASCII.get(letter, letter)
        for letter in text
    ]
    return "".join(letters)


# --- the same number in another notation ---

_OTHER_NOTATION = r"([-+]?)(?=\.?[0-9])([0-9]*(?:_[0-9]+)*)(?:\.([0-9]*(?:_[0-9]+)*))?(?:[eE]([-+]?[0-9]{1,3}))?"
_OTHER_BASE = r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+"


def _rewrite(text: str, field: NumberField) -> str | None:
    """Rewrite a number of another notation (`1e-3`, `0x10`, `1_000`) exactly.

    None where the text is no number in any of them, or the field refuses the number.
    """
    if re.fullmatch(_OTHER_BASE, text, re.ASCII):
        rewritten = str(int(text, 0))
        return rewritten if field.accepts_text(rewritten) else None
    match = re.fullmatch(_OTHER_NOTATION, text, re.ASCII)
    if match is None:
        return None
    sign, whole, fraction, exponent = (group or "" for group in match.groups())
    whole, fraction = whole.replace("_", ""), fraction.replace("_", "")
    shift = int(exponent or "0")
    if shift > 0:
        whole, fraction = whole + fraction[:shift].ljust(shift, "0"), fraction[shift:]
    elif shift < 0:
        whole, fraction = whole[:shift], whole[shift:].rjust(-shift, "0") + fraction
    while len(fraction) > field.decimals and fraction.endswith("0"):
        fraction = fraction[:-1]
    rewritten = sign + (whole.lstrip("0") or "0") + ("." + fraction if fraction else "")
    return rewritten if field.accepts_text(rewritten) else None


def _may_be_thousands(text: str, field: NumberField) -> bool:
    """Return whether the point of a whole number, or of an amount in cents, may separate thousands (`200.000`)."""
    return (field.decimals == 0 or field.is_amount) and re.fullmatch(
        r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}", text
    ) is not None


# --- what an author may have meant ---

_ASCII = {
    "\u2212": "-",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\ufe63": "-",
    "\uff0d": "-",
    "\uff0b": "+",
    "\uff0e": ".",
    "\uff0c": ",",
    "\u066b": ",",
    "\u066c": "'",
    "\u2019": "'",
    "\uff05": "%",
    "\uff04": "$",
}
_QUOTES = "\"'“”‘’‚„«»‹›`"
_NUMBER = r"[-+]?(?:[0-9][0-9 ,.'_]*|\.[0-9]+)(?:e[-+]?[0-9]{1,3})?"
_PARTS = rf"(?P<before>[^0-9.+-]*?) ?(?P<number>{_NUMBER}) ?(?P<after>.*)"
_CURRENCIES = dict.fromkeys(("$", "us$", "usd", "dollar", "dollars"), Fraction(1))
_CURRENCIES |= dict.fromkeys(("¢", "c", "ct", "cts", "cent", "cents"), Fraction(1, 100))
_CURRENCIES |= dict.fromkeys(("€", "£", "¥", "eur", "euro", "euros", "gbp", "jpy", "chf", "cny"), Fraction(0))
"""What one of each is in dollars; 0 for those that an author must convert."""
_CURRENCY = "|".join(map(re.escape, _CURRENCIES))
_PER_SIZE = r"(?P<size>1 ?m|1 ?k|m|k|mio|million|thousand|1,?000,?000|1,?000|1)?"
_PER = rf"(?:/|per) ?(?:{_PER_SIZE} ?(?:tok(?:en)?s?)?|(?P<short>[mk])tok)"
TIMES = {"ns": Fraction(1, 10**6), "us": Fraction(1, 1000), "µs": Fraction(1, 1000), "ms": Fraction(1)}
TIMES |= dict.fromkeys(("millisecond", "msec", "milli"), Fraction(1))
TIMES |= dict.fromkeys(("s", "sec", "second"), Fraction(1000))
TIMES |= dict.fromkeys(("m", "min", "minute"), Fraction(60_000))
TIMES |= dict.fromkeys(("h", "hr", "hour"), Fraction(3_600_000))
TIMES |= {"d": Fraction(86_400_000), "day": Fraction(86_400_000)}
_SCALES = {
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "mio": 10**6,
    "million": 10**6,
    "b": 10**9,
    "bn": 10**9,
}
_SCALES |= {"ki": 2**10, "mi": 2**20}
_IN_THOUSANDS = ("context_window", "rpm", "tpm")
"""Keys, beside those of tokens, whose numbers people know in thousands and millions."""
_PER_MINUTE = ("rpm", "tpm")
_RATE = re.compile(r"(?P<scale>k|m)? ?(?:req(?:uest)?s?|tok(?:en)?s?)? ?(?:/|per) ?(?P<time>[a-zµ]+)")
_UNIT_NAMES = {"ms": "milliseconds", "s": "seconds"}


def _read(text: str, field: NumberField, time: str, key: str) -> str | None:
    """Read a text as people write numbers, and say what is wrong with it and which figure to write; None if unclear.

    `time` is the unit of time that the field is in, if any; `key` is its own key.
    """
    plain, causes = _in_ascii(text)
    match = re.fullmatch(_PARTS, plain, re.ASCII | re.IGNORECASE)
    if match is None:
        return None
    currency = match["before"].strip().lower()
    dollars = _CURRENCIES.get(currency) if currency else Fraction(1)
    if dollars is None:
        return None
    if not dollars:
        return _join([*causes, IN_DOLLARS], [], field)
    if currency:
        causes.append(NO_CURRENCY)
    readings, separators = _separated(match["number"].strip(), field.decimals == 0)
    if field.is_amount and not separators and _may_be_thousands(readings[0], field):
        readings, separators = [readings[0].replace(".", ""), readings[0]], [THOUSANDS]
    causes += separators
    unit = _unit(match["after"].strip().lower(), field, time, key)
    if unit is None or not readings:
        return None
    factor, cause = unit
    if cause:
        causes.append(cause)
    if not factor:  # a unit nobody knows
        return _join(causes, [], field)
    is_bare = not match["before"] and not match["after"]
    figures: list[str] = []
    for reading in readings:
        figure, cause = _fitted(reading, factor * dollars, field, time, key, is_bare)
        if figure is not None and figure not in figures:
            figures.append(figure)
            causes += [cause] if cause and cause not in causes else []
    return _join(causes, figures, field) if causes or figures else None


def _in_ascii(text: str) -> tuple[str, list[str]]:
    """Return a text with ASCII for what only looks like it, without quotes, and what to say of that."""
    causes = []
    odd = odd_character(text)
    if odd:
        causes.append(f"it holds {odd}, which is not a character of numbers")
    plain = in_ascii(text)
    bare = plain.strip(_QUOTES + " ")
    if bare != plain.strip():
        causes.append("a number is written without quotes")
    return bare, causes


def _separated(number: str, is_whole: bool) -> tuple[list[str], list[str]]:
    """Return what a number with commas, points and spaces may be, as plain decimals, and what to say of these."""
    mantissa, letter, exponent = re.sub("[ '_]", "", number).lower().partition("e")
    exponent = letter + exponent
    causes = [THOUSANDS] if re.search("[0-9][ '_]+[0-9]", number) else []
    commas, points = mantissa.count(","), mantissa.count(".")
    sign = mantissa[:1] if mantissa[:1] in ("-", "+") else ""
    digits = mantissa.removeprefix(sign)
    are_groups = re.fullmatch(r"[1-9][0-9]{0,2}([,.][0-9]{3})+", digits) is not None
    joined, decimal = re.sub("[,.]", "", mantissa), mantissa.replace(",", ".")
    if commas and points:
        last = max(mantissa.rfind(","), mantissa.rfind("."))
        decimal = re.sub("[,.]", "", mantissa[:last]) + "." + mantissa[last + 1 :]
        return [decimal + exponent], list(
            dict.fromkeys([*causes, THOUSANDS, *([POINT] if mantissa[last] == "," else [])])
        )
    if commas + points > 1:
        return ([joined + exponent], [*causes, THOUSANDS]) if are_groups else ([], [])
    if commas and are_groups:
        if is_whole:
            return [joined + exponent], [*causes, THOUSANDS]
        return [decimal + exponent, joined + exponent], [*causes, POINT + OR_THOUSANDS]
    if commas:
        return [decimal + exponent], [*causes, POINT]
    if points and is_whole and are_groups:
        return [joined + exponent, *([mantissa[: mantissa.find(".")]] if mantissa.endswith(".000") else [])], [
            *causes,
            THOUSANDS,
        ]
    return [mantissa + exponent], causes


def _unit(after: str, field: NumberField, time: str, key: str) -> tuple[Fraction, str] | None:
    """Return by what a number is multiplied for the unit behind it, and what to say of it; None for no known unit."""
    if not after:
        return Fraction(1), ""
    if after in ("%", "percent", "per cent", "pct"):
        if field.is_percent:
            return Fraction(1), NO_UNIT
        return (
            (Fraction(1, 100), A_SHARE)
            if field.is_share
            else (Fraction(1, 100), HUNDREDTHS)
            if field.is_ratio
            else (Fraction(0), NO_SHARE)
        )
    unit = after if after in TIMES else after.removesuffix("s")
    if time and unit in TIMES:
        return TIMES[unit] / TIMES[time], f"a number is written without its unit, which is {_UNIT_NAMES[time]} here"
    match = re.fullmatch(rf"(?P<currency>{_CURRENCY})? ?{_PER}", after)
    if field.is_price and match is not None:
        size = (match["size"] or match["short"] or "1")[:9].replace(" ", "").replace(",", "")
        scale = {"1": 10**6, "1000": 10**3, "1000000": 1}.get(size) or (10**3 if size.lstrip("1")[:1] in "kt" else 1)
        dollars = _CURRENCIES[match["currency"] or "$"]
        return scale * dollars, NO_UNIT if dollars else IN_DOLLARS
    match = _RATE.fullmatch(after) if key in _PER_MINUTE else None
    if match is not None:
        span = next((TIMES[word] for word in (match["time"], match["time"].removesuffix("s")) if word in TIMES), None)
        if span is not None:
            cause = NO_UNIT if span == TIMES["min"] else f"`{key}` is per minute"
            return _SCALES.get(match["scale"] or "", 1) * TIMES["min"] / span, cause
    if after in _CURRENCIES:
        return _CURRENCIES[after], NO_CURRENCY if _CURRENCIES[after] else IN_DOLLARS
    match = re.fullmatch(r"(?P<scale>ki|mi|k|m|b|bn|mio|thousand|million)? ?-?(?:tok(?:en)?s?|times|x)?", after)
    if match is not None:
        return Fraction(_SCALES.get(match["scale"] or "", 1)), NO_UNIT
    return (Fraction(0), NO_UNIT) if re.fullmatch("[a-zµ/ ]{1,20}", after) else None


def _fitted(
    reading: str, factor: Fraction, field: NumberField, time: str, key: str, is_bare: bool
) -> tuple[str | None, str]:
    """Return a number as the field wants it, None where it wants none such, and what to say of the change.

    A bare number, without a unit, may be one of seconds or per cent.
    """
    value = Fraction(reading) * factor
    if field.is_price and 0 < value < Fraction(1, 1000):
        return _figure(reading, factor * 10**6, field), PER_MILLION
    if field.is_price and "e-" in reading and value < Fraction(1, 10):
        alternative = _figure(reading, factor * 1000, field)
        figure = _figure(reading, factor, field)
        return figure and f"{alternative}, if it is meant per thousand tokens, else {figure}", PER_MILLION
    figure = _figure(reading, factor, field)
    if is_bare and "." in reading and (units := _larger_units(value, field, time, key)):
        figures = [text for unit in units if (text := _figure(reading, Fraction(unit), field)) is not None]
        seconds = f"`{key}` {IN_MILLISECONDS}: {reading} seconds are {figures[0]}" if time and figures else ""
        figures += [figure] if figure is not None else []
        if figures:
            return " or ".join(figures), seconds or f"`{key}` is a whole number, in no larger unit"
    if figure is not None:
        return figure, ""
    if is_bare and field.is_share and 2 <= value <= 10 and value.denominator > 1:
        tenth, hundredth = _figure(reading, factor / 10, field), _figure(reading, factor / 100, field)
        return tenth and hundredth and f"{tenth}, if it is of 10, else {hundredth}", A_SHARE
    if is_bare and field.is_share and abs(value) >= 2:
        return _figure(reading, factor / 100, field), A_SHARE
    return _rounded(value, field)


def _larger_units(value: Fraction, field: NumberField, time: str, key: str) -> tuple[int, ...]:
    """Return the larger units in which a whole number with a point was likely meant: seconds, millions, thousands."""
    if field.decimals or value <= 0:
        return ()
    if time == "ms":
        return (1000,) if value < 100 else ()
    if key not in _IN_THOUSANDS and not key.endswith("_tokens"):
        return ()
    return (10**6, 1000) if value < 10 else (1000,) if value < 1000 else ()


def _rounded(value: Fraction, field: NumberField) -> tuple[str | None, str]:
    """Return a number with too many decimals as the nearest with as many as the field keeps, and what to say of it."""
    units = value * 10**field.decimals
    if units.denominator == 1:
        return None, ""
    is_open = field.decimals == 0 or 0 < abs(units) < 1 or units.denominator == 2
    nearest = [int(units // 1), int(units // 1) + 1] if is_open else [round(units)]
    texts = [text for text in (format_decimal(unit, field.decimals) for unit in nearest) if field.accepts_text(text)]
    if not texts:
        return None, ""
    kept = "whole numbers are wanted" if field.decimals == 0 else f"round it to {field.decimals} decimals"
    return " or ".join(texts), kept


def _figure(reading: str, factor: Fraction, field: NumberField) -> str | None:
    """Write a number times a factor as the field accepts it, with the author's own decimals; None if it is refused."""
    value = Fraction(reading) * factor
    units = value * 10**field.decimals
    if units.denominator > 1 or abs(units) >= 10**LONGEST_NUMBER:
        return None
    own = reading.removeprefix("+")
    figure = own if factor == 1 and NUMBER.fullmatch(own) else format_decimal(int(units), field.decimals)
    figure = figure if field.accepts_text(figure) else format_decimal(int(units), field.decimals)
    return figure if field.accepts_text(figure) else None


def _time_unit(keys: str) -> str:
    """Return the unit of time that the keys above a value name: `ms`, `s` or none."""
    parts = {part.rpartition("_")[2] for part in keys.split(".")}
    return "ms" if "ms" in parts else "s" if "s" in parts else ""


def _join(causes: list[str], figures: list[str], field: NumberField) -> str:
    """Return causes and figures as one remedy; of prices it says what they are."""
    if field.is_price and PER_MILLION not in causes:
        causes = [*causes, PER_MILLION]
    words = "; ".join(causes)
    if not figures:
        general = f"write a number {field.bounds}"
        return f"{words}; {general}" if words else general
    figure = "write " + " or ".join(figures)
    return f"{words}: {figure}" if words else figure


_MISTAKES = (
    (r"[-+]?\.(inf|nan)|[-+]?(inf|infinity|nan)", "write a finite number"),
    (r"[-+]?[0-9._]+e[-+]?[0-9]+", "write it without an exponent"),
    (r"[0-9]+(:[0-9.]+)+", "write one number in the field's own unit, not a time of day"),
    (r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*", "write a number, not a date"),
)


def _in_general(text: str, field: NumberField) -> str:
    """Return the remedy for a text that cannot be read as a number."""
    for pattern, words in _MISTAKES:
        if re.fullmatch(pattern, text, re.ASCII | re.IGNORECASE):
            return words
    if field.is_price and text.lower() in ("free", "none", "n/a", "-", "gratis"):
        return f"write 0 for a model that costs nothing; {PER_MILLION}"
    if NUMBER.fullmatch(text):
        return _general(field)
    words = f"write {field.wanted}, as in " + ("1800" if field.decimals == 0 else "0.55")
    return f"{words}; {PER_MILLION}" if field.is_price else words


def _general(field: NumberField) -> str:
    """Return the remedy for a number that is out of range."""
    return f"write a number {field.bounds}" + (f"; {PER_MILLION}" if field.is_price else "")
