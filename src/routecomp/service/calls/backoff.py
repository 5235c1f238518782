"""Say how long to wait before the same model is asked again."""

from __future__ import annotations

import random
from typing import Final

LONG_S: Final = 5.0
"""A wait that a host asks for and that is longer than this is not made while another model may answer."""
_FIRST_S: Final = 0.5
_LONGEST_S: Final = 8.0
_LEAST_S: Final = 0.1
"""The shortest wait: a host that asks for none is busy all the same."""


def back_off(retry: int, asked_s: float | None) -> float:
    """Return the seconds before a retry, counted from 1: what the host asks, else 0.5 s, doubled each time to 8 s.

    A quarter of it is left to chance, so that callers who failed together do not come back together. It is only added
    to what a host asks.
    """
    if asked_s is not None:
        return max(asked_s, _LEAST_S) * (1.0 + 0.05 * random.random())
    delay = min(_FIRST_S * 2.0 ** min(retry - 1, 10), _LONGEST_S)
    return delay * (1.0 - 0.25 * random.random())
