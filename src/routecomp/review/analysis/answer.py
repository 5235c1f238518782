"""Define what a route answers to a region of requests: pick, chain, shadows, variant, reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Mirror(NamedTuple):
    """A shadow of a feature: its place, the part of its calls, and the salt by which they are chosen."""

    place: int
    sample: int
    salt: str


class Answer(NamedTuple):
    """What a decision says, models by their places; shadows by the rows from which they are mirrored.

    `assigned` are experiment, variant and version; `key` is a variable that stands in for the model's own.
    """

    status: str
    pick: int | None = None
    chain: tuple[int, ...] = ()
    mirrors: tuple[Mirror, ...] = ()
    reasons: tuple[str, ...] = ()
    assigned: tuple[object, ...] = ()
    key: str | None = None
    source: str | None = "table"


class Dealt(NamedTuple):
    """An answer that depends on the slot of a request: the salt, where ranges of slots begin, the answer of a slot."""

    salt: str
    starts: Sequence[int]
    answer: Callable[[int | None], Answer]


class Step(NamedTuple):
    """What one side answers for latency budgets from one number to another."""

    first: int
    last: int
    answer: Answer | Dealt
