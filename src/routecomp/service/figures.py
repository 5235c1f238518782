"""Check the figures that a service is opened with, so that a mad one is refused there and ends no thread later."""

from __future__ import annotations

import math
from typing import Final

MOST_S: Final = 1_000_000
"""The longest time that is given in seconds, eleven days: sockets and threads wait for no longer than a few weeks."""


def check_seconds(**named: object) -> None:
    """Raise ValueError for one that is not a number of seconds that a thread could wait."""
    for name, value in named.items():
        if type(value) not in (int, float) or not 0 < value <= MOST_S:  # type: ignore[operator]
            raise ValueError(f"`{name}` is seconds, more than 0 and at most {MOST_S}")


def check_age(name: str, value: object) -> None:
    """Raise ValueError for what is not a number of seconds more than 0; without an end, it is never reached."""
    if type(value) not in (int, float) or math.isnan(value) or value <= 0:  # type: ignore[operator,arg-type]
        raise ValueError(f"`{name}` is seconds, more than 0")


def check_whole(name: str, value: object) -> None:
    """Raise ValueError for what is not a whole number of at least 1."""
    if type(value) is not int or value < 1:
        raise ValueError(f"`{name}` is a whole number, at least 1")
