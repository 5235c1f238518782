"""Bring the arguments of a call into shape: exact built-in values, exact numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from math import ceil, floor
from typing import Any, Final

from routecomp.runtime.parts.limits import _LONGEST, _TOP, ARGUMENTS
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.table_fields import _is_text

# --- The request, brought into shape ------------------------------------------------------------------------


_MOST_WHOLE: Final = 10**9  # tokens, milliseconds
_MOST_COST: Final = 10**24  # pico-dollars
_PICO: Final = 10**12  # pico-dollars of a dollar


class _Request:
    """A request's arguments as exact built-in values; what was not given, or is of the wrong kind, is None.

    INVARIANT: no method of a caller's own class ever runs: everything is asked of exact built-in types.
    """

    __slots__ = ("capabilities", "feature", "flags", "input_tokens", "latency", "max_cost", "max_output",
                 "min_quality", "model", "preference", "request_id", "stack", "tenant", "unavailable", "unit")
    feature: str | None
    model: str | None
    tenant: str | None
    stack: str | None
    latency: int | None
    input_tokens: int | None
    max_output: int | None
    unit: str | None
    request_id: str | None
    preference: str | None

    def __init__(self, feature: Any, model: Any, tenant: Any, min_quality: Any, latency: Any, stack: Any,
                 input_tokens: Any, max_output: Any, max_cost: Any, stream: object, tools: object,
                 capabilities: object, unavailable: object, unit: Any, others: dict[str, Any]) -> None:
        self.flags: list[str] = []
        if feature is not None and not (type(feature) is str and feature.isascii()):
            feature = self._text("feature", feature)
        if model is not None and not (type(model) is str and model.isascii()):
            model = self._text("model", model)
        if tenant is not None and not (type(tenant) is str and tenant.isascii()):
            tenant = self._text("tenant", tenant)
        self.feature, self.model, self.tenant = feature, model, tenant
        # What guards a policy fails closed: a stack that is no text is a stack nobody declares.
        self.stack = stack if stack is None or type(stack) is str else _exact_text(stack) or ""
        if latency is not None and not (type(latency) is int and 0 <= latency <= _MOST_WHOLE):
            latency = self._whole("latency_budget_ms", latency)
        if input_tokens is not None and not (type(input_tokens) is int and 0 <= input_tokens <= _MOST_WHOLE):
            input_tokens = self._whole("input_tokens", input_tokens)
        if max_output is not None and not (type(max_output) is int and 0 <= max_output <= _MOST_WHOLE):
            max_output = self._whole("max_output_tokens", max_output)
        self.latency, self.input_tokens, self.max_output = latency, input_tokens, max_output
        self.min_quality: int | None = None
        self.max_cost: int | None = None
        if min_quality is not None:
            self.min_quality = _basis_points(min_quality)
            if self.min_quality is None:
                self.flags.append("ignored:min_quality")
        if max_cost is not None:
            self.max_cost = None if self.input_tokens is None else _pico_dollars(max_cost)
            if self.max_cost is None:  # no number, or nothing to estimate a cost from
                self.flags.append("ignored:max_cost_usd")
        self.unavailable = () if unavailable is None else self._names("unavailable", unavailable)
        self.capabilities = () if capabilities is None else self._names("capabilities", capabilities)
        if stream is True:
            self.capabilities += ("streaming",)
        if tools is True:
            self.capabilities += ("tools",)
        self.unit = None if unit is None else self._text("unit", unit)
        self.request_id = self.preference = None
        for key, value in others.items() if others else ():
            name = _exact_text(key) or ""
            if name not in ("request_id", "preference"):
                self.flags.append(f"ignored:{name}")
            elif value is not None:
                setattr(self, name, self._text(name, value))

    @classmethod
    def of(cls, arguments: dict[str, Any]) -> _Request:
        """The request of a call's keyword arguments."""
        named = dict.fromkeys(ARGUMENTS[:-2])
        others: dict[str, Any] = {}
        for key, value in arguments.items():
            name = _exact_text(key) or ""  # the key itself would be hashed and compared
            (named if name in named else others)[name] = value
        return cls(*named.values(), others)  # type: ignore[arg-type, call-arg]

    def affords(self, model: _Model) -> bool:
        """The cost filter for one model."""
        most, tokens = self.max_cost, self.input_tokens
        return most is None or tokens is None or model.cost(tokens, self.max_output) <= most

    def _text(self, name: str, value: Any) -> str | None:
        text = _exact_text(value)
        if text is not None and (text.isascii() or _is_text(text)):
            return text
        self.flags.append(f"ignored:{name}")
        return None

    def _whole(self, name: str, value: Any) -> int | None:
        number = _whole_number(value)
        if number is not None and 0 <= number <= _MOST_WHOLE:
            return number
        self.flags.append(f"ignored:{name}")
        return None

    def _names(self, name: str, value: Any) -> tuple[str, ...]:
        names = _exact_names(value)
        if names is None:
            self.flags.append(f"ignored:{name}")
        return names or ()


def _exact_text(value: Any) -> str | None:
    """A str, without whatever a subclass of it may do; None for anything else."""
    if type(value) is str:
        return value
    return str.__str__(value) if issubclass(type(value), str) else None


def _exact_names(value: Any) -> tuple[str, ...] | None:
    """The texts of a list, tuple or set; None for anything else, or if one of them is no text."""
    kind = type(value)
    if issubclass(kind, (set, frozenset)):  # in one step: another thread may be changing it
        held: Iterable[Any] = frozenset[Any]().union(value)
    elif issubclass(kind, list):
        held = list.__iter__(value)
    elif issubclass(kind, tuple):
        held = tuple.__iter__(value)
    else:
        return None
    names = [_exact_text(name) for name in held]
    texts = tuple([name for name in names if name is not None])
    return texts if len(texts) == len(names) else None


def _names_key(capabilities: Any, unavailable: Any) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Lists of exact texts as something to remember by; None if they are anything else."""
    for value in (capabilities, unavailable):
        kind = type(value)  # asked with `is`: even a type may have an __eq__ of its own
        if value is not None and kind is not list and kind is not tuple and kind is not set:
            return None
    # Each in one step, as `*` does it: another thread may be changing a set.
    first, second = (*(capabilities or ()),), (*(unavailable or ()),)
    for name in first + second:
        if type(name) is not str:
            return None
    return first, second


def _is_short(feature: Any, model: Any, stack: Any, names: Any) -> bool:
    """Whether the texts a call would be remembered by are of a length that names have."""
    return ((feature is None or len(feature) <= _LONGEST) and (model is None or len(model) <= _LONGEST)
            and (stack is None or len(stack) <= _LONGEST)
            and (not names or sum([len(name) + 8 for group in names for name in group]) <= _LONGEST))


def _number(value: Any) -> int | Decimal | None:
    """A finite int or Decimal; a float counts as its shortest round-trip decimal. None for anything else."""
    kind = type(value)
    if kind is Decimal:
        return value if value.is_finite() else None
    if kind is bool:
        return None
    if issubclass(kind, int):
        return int.__pos__(value)
    if issubclass(kind, float):
        plain = float.__pos__(value)
        return Decimal(repr(plain)) if plain - plain == 0 else None
    return _number(Decimal(value)) if issubclass(kind, Decimal) else None


def _whole_number(value: Any) -> int | None:
    """A number that is whole, or None; also from 10¹¹ on: 1e999999999 has a billion digits."""
    number = _number(value)
    if isinstance(number, Decimal):
        if number and number.adjusted() > 10:
            return None
        return int(number) if int(number) == number else None
    return number


# INVARIANT: different doubles keep their order as decimals, and a decimal of up to 15 digits is the shortest of
# its double. So a double is compared exactly with such a decimal by comparing it with that one's double.


def _basis_points(value: Any) -> int | None:
    """`min_quality` rounded up to a basis point, held within -1..10,001; None if it is no number."""
    if type(value) is float and 0 <= value <= 1:
        points = int(value * _TOP)
        while points / _TOP < value:
            points += 1
        return points
    number = _number(value)
    if number is None:
        return None
    points = _times(number, _TOP, _UP, ceil)
    return points if -1 <= points <= _TOP else -1 if points < 0 else _TOP + 1


def _pico_dollars(value: Any) -> int | None:
    """`max_cost_usd` rounded down to a pico-dollar, at most 10²⁴ (all below 0 are alike); None if no number."""
    if type(value) is float and 0 <= value <= 999:
        pico = int(value * _PICO) + 1
        while pico / _PICO > value:
            pico -= 1
        return pico
    number = _number(value)
    if number is None:
        return None
    pico = _times(number, _PICO, _DOWN, floor)
    return pico if -1 <= pico <= _MOST_COST else -1 if pico < 0 else _MOST_COST


# Contexts of our own: the caller's may trap, or round to few digits. What is too large for these becomes infinite,
# what is too small the smallest number there is, before anyone computes with a billion digits.
_UP: Final = Context(prec=60, Emin=-90, Emax=90, rounding=ROUND_CEILING, traps=[])
_DOWN: Final = Context(prec=60, Emin=-90, Emax=90, rounding=ROUND_FLOOR, traps=[])


def _times(number: int | Decimal, factor: int, context: Context, whole: Callable[[Any], int]) -> int:
    """A number times a factor, made whole the way the context rounds; beyond every limit if it is enormous."""
    if type(number) is int:
        return number * factor
    try:
        return whole(context.multiply(number, factor))
    except OverflowError:  # infinite
        return 10**30 if number > 0 else -(10**30)
