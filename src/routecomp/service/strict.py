"""Raise where `resolve` would ignore an argument: for tests and staging, where a mistake should be found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from routecomp.runtime.resolver import Decision, Router


class WrongArgument(TypeError):
    """An argument is of the wrong kind: which, of what type, and what is meant; never its value."""


def resolve_strictly(router: Router, **arguments: Any) -> Decision:
    """Return what `resolve` decides; raise WrongArgument if it ignores an argument, or takes one for another."""
    decision = router.resolve(**arguments)
    check_arguments(decision, arguments)
    return decision


def check_arguments(decision: Decision, arguments: Mapping[str, object]) -> None:
    """Raise WrongArgument if an argument of the call that led to a decision is of the wrong kind.

    What the decision ignored stands in its reasons. Two kinds of argument are never ignored and wrong all the same:
    `stream` and `tools` that are neither true nor false count as false, and a `stack` that is not text as one that
    nobody declares.
    """
    ignored = [reason.removeprefix("ignored:") for reason in decision.reasons if reason.startswith("ignored:")]
    wrong = [name for name in arguments if name in ignored or _is_mistaken(name, arguments[name])]
    if wrong:
        raise WrongArgument("; ".join(_say(name, arguments) for name in wrong))


_TEXT: Final = "text without lone surrogates"
_ID: Final = "text without lone surrogates, or a whole number from -10^18 to 10^18"
_WHOLE: Final = "a whole number from 0 to 10^9"
_NAMES: Final = "a list, a tuple, a set or a dict's keys, of text"
_FLAG: Final = "True, False or None"
MEANT: Final = {
    "feature": _TEXT,
    "model": _TEXT,
    "tenant": _ID,
    "unit": _ID,
    "request_id": _ID,
    "preference": _TEXT,
    "min_quality": "a finite int, float or Decimal",
    "latency_budget_ms": _WHOLE,
    "stack": "text",
    "input_tokens": _WHOLE,
    "max_output_tokens": _WHOLE,
    "max_cost_usd": "a finite int, float or Decimal, beside `input_tokens`",
    "stream": _FLAG,
    "tools": _FLAG,
    "capabilities": _NAMES,
    "unavailable": _NAMES,
}
"""What each argument of `resolve` takes, in words."""


def _is_mistaken(name: str, value: object) -> bool:
    """Return whether an argument of the wrong kind is taken for something else, without a reason that says so."""
    if value is None:
        return False
    if name in ("stream", "tools"):
        return type(value) is not bool
    return name == "stack" and not issubclass(type(value), str)


def _say(name: str, arguments: Mapping[str, object]) -> str:
    """Say what is wrong with an argument; its value may be a secret, or may raise when it is shown."""
    kind = type(arguments[name]).__name__
    return f"`{name}` is of type {kind}, and {MEANT.get(name, 'no such argument')} is meant"
