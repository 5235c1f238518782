"""Make values of any type what a column takes: short printable texts, slugs, whole numbers within their bounds."""

from __future__ import annotations

import re
from typing import Any, Final

MOST_CHARACTERS: Final = 255
MOST_WHOLE: Final = 10**9
_MOST_BITS: Final = 63
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?")
_NO_SLUG: Final = re.compile(r"[^a-z0-9._-]+")


def clean(value: Any) -> str | None:
    """Return a text cut to 255 characters, with a mark in place of each that does not print; None for no text.

    A whole number is its digits, because the router takes it so.
    """
    if type(value) is int and value.bit_length() <= 1024:
        value = str(value)
    if type(value) is not str:
        return None
    text = value[:MOST_CHARACTERS]
    return text if text.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in text)


def as_slug(value: Any) -> str | None:
    """Return the slug of a model; of a name that is none, as a last resort may have, the nearest slug."""
    text = clean(value)
    if text is None or _SLUG.fullmatch(text):
        return text
    return _NO_SLUG.sub("-", text.lower())[:63].strip("._-") or "unknown"


def whole(value: Any, most: int = MOST_WHOLE) -> int | None:
    """Return a number rounded to a whole one within 0 and a bound; None for what is no number."""
    if type(value) is float:
        if value != value:
            return None
        value = round(min(max(value, 0.0), float(most)))
    return min(max(value, 0), most) if type(value) is int else None


def amount(value: Any) -> int | None:
    """Return a whole number as large as databases have."""
    return whole(value, 2**_MOST_BITS - 1)
