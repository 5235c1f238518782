"""Hold what guards a change: what it may move, and what has to be proven or declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

KINDS: Final = ("tenant", "feature", "model")


@dataclass(frozen=True, slots=True)
class Guards:
    """What a change is held to: the options of `diff`, or the setting `guards` of the base.

    `only` are words KIND=NAME; without any, everything may move.
    """

    only: tuple[str, ...] = ()
    no_decision_change: bool = False
    require_proof: bool = False
    require_intent: bool = False

    def __bool__(self) -> bool:
        return self != NO_GUARDS


NO_GUARDS: Final = Guards()


class NotAllowedError(ValueError):
    """A word of `only` that cannot be read; the message says what it should be."""


def read_allowed(words: Sequence[str]) -> dict[str, set[str]]:
    """Return the names that may move, by kind; raise NotAllowedError for what is no KIND=NAME."""
    allowed: dict[str, set[str]] = {}
    for word in words:
        kind, equals, name = word.partition("=")
        if kind not in KINDS or not equals or not name:
            raise NotAllowedError("say tenant=NAME, feature=NAME or model=NAME")
        allowed.setdefault(kind, set()).add(name)
    return allowed
