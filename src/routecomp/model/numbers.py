"""Convert the text of a number to an exact integer in the unit of its field, without floats.

Numbers are `[-+]?(0|[1-9][0-9]*)(\\.[0-9]+)?` (docs/semantics.md, section 2). Other notations are refused with a
remedy: the same number in this notation where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from routecomp.model.invalid import quote_value, refuse, require_scalar
from routecomp.parse.scalars import NULLS, NUMBER
from routecomp.parse.tree import Node, Scalar

ONE = 10_000
"""The number 1 in basis points."""

# Longer texts are out of the range of every field, and converting them to integers takes quadratic time.
_LONGEST = 40


def parse_decimal(text: str, decimals: int) -> int:
    """Return a number times 10**decimals, exactly.

    INVARIANT: its text has the notation of docs/semantics.md, section 2, and at most `decimals` decimals.
    """
    sign = -1 if text[0] == "-" else 1
    whole, _, fraction = text.lstrip("+-").partition(".")
    return sign * int(whole + fraction.ljust(decimals, "0"))


def format_decimal(value: int, scale: int) -> str:
    """Write value / 10**scale exactly, as a decimal without trailing zeros: the inverse of `parse_decimal`."""
    if scale == 0:
        return str(value)
    digits = str(abs(value)).rjust(scale + 1, "0")
    whole, fraction = digits[:-scale], digits[-scale:].rstrip("0")
    return ("-" if value < 0 else "") + whole + ("." + fraction if fraction else "")


def format_padded_decimal(value: int, scale: int, decimals: int = 2) -> str:
    """Write value / 10**scale exactly, with at least `decimals` decimals, as people read shares and amounts."""
    whole, _, rest = format_decimal(value, scale).partition(".")
    return f"{whole}.{rest.ljust(decimals, '0')}"


class NumberField(NamedTuple):
    """The numbers that a field accepts: at most `decimals` decimals, `low` to `high` in units of 10**-scale.

    `low_open` excludes `low` itself.
    """

    decimals: int
    scale: int
    low: int
    high: int
    low_open: bool = False

    @property
    def wanted(self) -> str:
        """What the field wants, for messages: `a whole number` or `a number`."""
        return "a whole number" if self.decimals == 0 else "a number"

    @property
    def is_share(self) -> bool:
        """Whether the field holds a share of 1: its largest number is 1, and it is no count."""
        return self.scale > 0 and self.high == 10**self.scale

    @property
    def bounds(self) -> str:
        """The range in the author's unit, for messages: `between 0 and 1`, `above 0, at most 1`."""
        first, last = format_decimal(self.low, self.scale), format_decimal(self.high, self.scale)
        return f"above {first}, at most {last}" if self.low_open else f"between {first} and {last}"

    def accepts_text(self, text: str) -> bool:
        """Return whether the field accepts a text without quotes: its notation, its decimals and its range."""
        if len(text) > _LONGEST or not NUMBER.fullmatch(text) or len(text.partition(".")[2]) > self.decimals:
            return False
        return self.is_in_range(parse_decimal(text, self.scale))

    def is_in_range(self, number: int) -> bool:
        """Return whether a number in units of 10**-scale is in range."""
        return self.low <= number <= self.high and not (self.low_open and number == self.low)


def number_reader(field: NumberField) -> Callable[[Node], int]:
    """Return a function that converts a scalar to an integer in units of 10**-scale.

    It refuses what is no number (RC115), has too many decimals (RC116) or is out of range (RC117).
    """
    wanted, decimals, scale, low, high = field.wanted, field.decimals, field.scale, field.low, field.high
    low_open = field.low_open
    match = NUMBER.fullmatch

    def read(value: Node) -> int:
        node = value if value.__class__ is Scalar and value.text not in NULLS else require_scalar(value, wanted)
        text = node.text
        if not node.plain or not match(text):
            _refuse_text(node, field)
        if len(text.partition(".")[2]) > decimals:
            _refuse_decimals(text, field)
        number = parse_decimal(text, scale) if len(text) <= _LONGEST else low - 1
        if not low <= number <= high or (low_open and number == low):
            refuse("RC117", f"is {quote_value(text)}; it must be {field.bounds}", _range_remedy(text, field))
        return number

    return read


def _refuse_text(node: Scalar, field: NumberField) -> NoReturn:
    """Refuse a scalar that is not a number (RC115)."""
    text = node.text
    if not node.plain and NUMBER.fullmatch(text):
        refuse(
            "RC115",
            f"is the text {quote_value(text)}; {field.wanted} is wanted",
            "write it without quotes",
            replacement=text if field.accepts_text(text) else None,
            is_spelling=True,
        )
    rewritten = _rewrite(text, field)
    if rewritten is not None:
        refuse(
            "RC115",
            f"is {quote_value(text)}, which is not {field.wanted} here",
            f"write {rewritten}",
            replacement=rewritten,
            is_spelling=True,
        )
    refuse("RC115", f"is {quote_value(text)}, which is not {field.wanted}", _text_remedy(text, field))


def _refuse_decimals(text: str, field: NumberField) -> NoReturn:
    """Refuse a number with too many decimals (RC116)."""
    rewritten = _rewrite(text, field)
    kept = "a whole number is wanted" if field.decimals == 0 else f"at most {field.decimals} are kept"
    remedy = (
        f"write {rewritten}"
        if rewritten is not None
        else ("write it without decimals" if field.decimals == 0 else f"round it to {field.decimals} decimals")
    )
    count = len(text.partition(".")[2])
    refuse(
        "RC116",
        f"has {count} {'decimal' if count == 1 else 'decimals'}; {kept}",
        remedy,
        replacement=rewritten,
        is_spelling=True,
    )


# Patterns of what is wrong: `re` compiles and keeps them when one is first asked for, which a sound project never does.
_OTHER_NOTATION = r"([-+]?)(?=\.?[0-9])([0-9]*(?:_[0-9]+)*)(?:\.([0-9]*(?:_[0-9]+)*))?(?:[eE]([-+]?[0-9]{1,3}))?"
_OTHER_BASE = r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+"


def _rewrite(text: str, field: NumberField) -> str | None:
    """Rewrite a number of another notation (`1e-3`, `0x10`, `1_000`) exactly.

    None where the text is no number in any of them, or the field refuses the number.
    """
    if len(text) > _LONGEST:
        return None
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


_MISTAKES = (
    (r"[-+]?\.(inf|nan)|[-+]?(inf|infinity|nan)", "write a finite number"),
    (r"[-+]?[0-9]+(_[0-9]+)+(\.[0-9_]*)?", "write it without underscores"),
    (r"[-+]?[0-9._]+e[-+]?[0-9]+", "write it without an exponent, as in 0.000001"),
    (r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?", "write it without thousands separators"),
    (r"[-+]?[0-9]+,[0-9]+", "use a point, not a comma"),
    (r"[-+]?[0-9.,]+ ?([$€£]|usd|eur|gbp)|[$€£] ?[0-9.,]+", "write the number alone, without a currency"),
    (
        r"[-+]?[0-9.,]+ ?[a-z]{1,7}(/[a-z]+)?",
        "write all digits of the number and no unit: the field has its own",
    ),
    (r"[0-9]+(:[0-9.]+)+", "write one number in the field's own unit, not a time of day"),
    (r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*", "write a number, not a date"),
)
_PER_CENT = r"([-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?) ?%"


def _range_remedy(text: str, field: NumberField) -> str:
    """Return the remedy for a number that is out of range; a share written in per cent is rewritten."""
    if field.is_share and len(text) <= _LONGEST:
        number = parse_decimal(text, field.decimals)
        of_hundred = format_decimal(number, field.decimals + 2)
        if number >= 2 * 10**field.decimals and field.accepts_text(of_hundred):
            return f"write it as a share of 1, as in {of_hundred}"
    return f"write a number {field.bounds}"


def _text_remedy(text: str, field: NumberField) -> str:
    """Return the remedy for a text that is not a number, by the kind of mistake."""
    per_cent = re.fullmatch(_PER_CENT, text, re.ASCII)
    if per_cent is not None and len(text) <= _LONGEST:
        number = per_cent[1]
        if field.is_share:
            whole, fraction = number.partition(".")[::2]
            share = format_decimal(parse_decimal(whole + "." + fraction, len(fraction)), len(fraction) + 2)
            return f"write it as a share of 1, as in {share}"
        return f"write {number} without the per cent sign"
    for pattern, remedy in _MISTAKES:
        if re.fullmatch(pattern, text, re.ASCII | re.IGNORECASE):
            return remedy
    if any(letter.isdecimal() and not letter.isascii() for letter in text):
        return "write it with the digits 0 to 9"
    return f"write {field.wanted}, as in " + ("1800" if field.decimals == 0 else "0.55")
