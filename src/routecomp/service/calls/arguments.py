"""Say what a call may be asked with, and read what is not for the router."""

from __future__ import annotations

from collections.abc import Callable, Iterable, KeysView
from contextlib import suppress
from decimal import Decimal
from numbers import Real
from typing import Any, Final, TypedDict

from routecomp.service.calls.desk import LONGEST_S, Desk
from routecomp.service.strict import WrongArgument

_KINDS: Final[tuple[Any, ...]] = (list, tuple, set, frozenset, type({}.keys()))
_Names = list[str] | tuple[str, ...] | set[str] | frozenset[str] | KeysView[str]


class _Arguments(TypedDict, total=False):
    """What decisions and calls are asked with alike; docs/semantics.md, section 4, says what it means."""

    feature: str | None
    model: str | None
    tenant: str | int | None
    unit: str | int | None
    request_id: str | int | None
    preference: str | None
    min_quality: float | Decimal | None
    latency_budget_ms: int | None
    stack: str | None
    max_output_tokens: int | None
    max_cost_usd: float | Decimal | None
    stream: bool | None
    tools: bool | None
    capabilities: _Names | None
    unavailable: _Names | None


class Question(_Arguments, total=False):
    """The arguments of `Router.resolve`, by their names."""

    input_tokens: int | None


class Request(_Arguments, total=False):
    """What a call may be asked with: the arguments of `Router.resolve`, and more that a budget needs."""

    input_tokens: int | Callable[[], int] | None
    """A number, or a function that returns it, which is called once."""
    messages: object
    """What goes upstream: read for its length alone, where a tenant has a budget and `input_tokens` is not given."""


def seconds(name: str, value: Any, desk: Desk) -> float:
    """Return a time-out as seconds; one that is no number is the default, or is refused where the service is strict.

    A longer one than clients can wait for counts as the longest, and one below 0 as one that is over.
    """
    if isinstance(value, Real | Decimal) and not isinstance(value, bool):
        with suppress(ArithmeticError, ValueError):  # of a signalling NaN
            if value == value:  # no NaN
                return float(min(max(value, 0), LONGEST_S))
    if desk.strict:
        raise WrongArgument(f"`{name}` is of type {type(value).__name__}, and seconds from 0 on are meant")
    return desk.deadline_s


def settle(request: Any) -> None:
    """Copy the names that a call is asked with, once: the caller may change a list while the call goes on.

    The methods of a subclass are not asked; what the router ignores is left as it is.
    """
    for argument in ("unavailable", "capabilities"):
        given = request.get(argument)
        kind = next((kind for kind in _KINDS if given is not None and issubclass(type(given), kind)), None)
        if kind is not None:
            request[argument] = [*kind.__iter__(given)]


def unavailable_with(request: Request, more: Iterable[str]) -> list[str]:
    """Return what a caller says is unavailable, and more; what is no list of names is left out, as the router does."""
    given = request.get("unavailable")
    names = given if type(given) is list and all(issubclass(type(name), str) for name in given) else []
    return [*names, *more]
