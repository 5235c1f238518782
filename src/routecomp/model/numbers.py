"""Convert the text of a number to an exact integer in the unit of its field, without floats, and back.

Numbers are `[-+]?(0|[1-9][0-9]*)(\\.[0-9]+)?` (docs/semantics.md, section 2). What other texts mean is worked out
in `meant_number`, when one is reported.
"""

from __future__ import annotations

from typing import NamedTuple

from routecomp.parse.scalars import NUMBER

ONE = 10_000
"""The number 1 in basis points."""

# Longer texts are out of the range of every field, and converting them to integers takes quadratic time.
LONGEST_NUMBER = 40


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

    `low_open` excludes `low` itself. `is_price` is true for US dollars per million tokens.
    """

    decimals: int
    scale: int
    low: int
    high: int
    low_open: bool = False
    is_price: bool = False

    @property
    def wanted(self) -> str:
        """What the field wants, for messages: `a whole number` or `a number`."""
        return "a whole number" if self.decimals == 0 else "a number"

    @property
    def is_share(self) -> bool:
        """Whether the field holds a share of 1: its largest number is 1, and it is no count."""
        return self.scale > 0 and self.high == 10**self.scale

    @property
    def is_percent(self) -> bool:
        """Whether the field holds per cent: its largest number is 100."""
        return self.scale > 0 and self.high == 100 * 10**self.scale

    @property
    def is_amount(self) -> bool:
        """Whether the field holds dollars and cents."""
        return self.scale == self.decimals == 2 and not self.is_percent

    @property
    def is_ratio(self) -> bool:
        """Whether the field holds a ratio, which may be above 1 and is kept in basis points."""
        return self.scale == self.decimals == 4 and not self.is_share

    @property
    def bounds(self) -> str:
        """The range in the author's unit, for messages: `between 0 and 1`, `above 0, at most 1`."""
        first, last = format_decimal(self.low, self.scale), format_decimal(self.high, self.scale)
        return f"above {first}, at most {last}" if self.low_open else f"between {first} and {last}"

    def accepts_text(self, text: str) -> bool:
        """Return whether the field accepts a text without quotes: its notation, its decimals and its range."""
        if len(text) > LONGEST_NUMBER or not NUMBER.fullmatch(text) or len(text.partition(".")[2]) > self.decimals:
            return False
        return self.is_in_range(parse_decimal(text, self.scale))

    def is_in_range(self, number: int) -> bool:
        """Return whether a number in units of 10**-scale is in range."""
        return self.low <= number <= self.high and not (self.low_open and number == self.low)
