"""Read the arguments of a call as exact built-in values, whatever the caller gave.

INVARIANT: no method of a caller's own class ever runs: everything is asked of exact built-in types.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from routecomp.runtime.parts.kinds import _is_text
from routecomp.runtime.parts.limits import _MAX_ID, _MAX_LENGTH, ARGUMENTS
from routecomp.runtime.parts.model import _Model
from routecomp.runtime.parts.numbers import _MAX_WHOLE, _basis_points, _pico_dollars, _whole_number


class _Request:
    """The arguments of a call; an argument that was not given, or is of the wrong kind, is None or empty.

    `flags` names those of the wrong kind; not `stream` and `tools`, nor a stack, which becomes one without models.
    `stranger` says that the tenant is of the wrong kind: it counts as a tenant that nobody declares.
    """

    __slots__ = (
        "capabilities",
        "feature",
        "flags",
        "input_tokens",
        "latency",
        "max_cost",
        "max_output",
        "min_quality",
        "model",
        "preference",
        "request_id",
        "stack",
        "stranger",
        "stream",
        "tenant",
        "unavailable",
        "unit",
    )
    feature: str | None
    model: str | None
    tenant: str | None
    stack: str | None
    latency: int | None
    input_tokens: int | None
    max_output: int | None

    def __init__(
        self,
        feature: Any,
        model: Any,
        tenant: Any,
        unit: object,
        request_id: object,
        preference: object,
        min_quality: Any,
        latency: Any,
        stack: Any,
        input_tokens: Any,
        max_output: Any,
        max_cost: Any,
        stream: object,
        tools: object,
        capabilities: object,
        unavailable: object,
    ) -> None:
        """Read the arguments, which stand in the order of ARGUMENTS."""
        self.flags: list[str] = []  # become the decision's reasons
        if feature is not None and not (type(feature) is str and feature.isascii()):
            feature = self._text("feature", feature)
        if model is not None and not (type(model) is str and model.isascii()):
            model = self._text("model", model)
        self.stranger = False
        if tenant is not None and not (type(tenant) is str and tenant.isascii()):
            tenant = self._id("tenant", tenant)
            self.stranger = tenant is None
        self.feature, self.model, self.tenant = feature, model, tenant
        # What guards a policy fails closed: a stack that is not text counts as a stack that nobody declares.
        self.stack = stack if stack is None or type(stack) is str else _exact_text(stack) or ""
        if latency is not None and not (type(latency) is int and 0 <= latency <= _MAX_WHOLE):
            latency = self._whole("latency_budget_ms", latency)
        if input_tokens is not None and not (type(input_tokens) is int and 0 <= input_tokens <= _MAX_WHOLE):
            input_tokens = self._whole("input_tokens", input_tokens)
        if max_output is not None and not (type(max_output) is int and 0 <= max_output <= _MAX_WHOLE):
            max_output = self._whole("max_output_tokens", max_output)
        self.latency, self.input_tokens, self.max_output = latency, input_tokens, max_output
        self.min_quality: int | None = None  # basis points
        self.max_cost: int | None = None  # pico-dollars
        if min_quality is not None:
            self.min_quality = _basis_points(min_quality)
            if self.min_quality is None:
                self.flags.append("ignored:min_quality")
        if max_cost is not None:
            self.max_cost = None if self.input_tokens is None else _pico_dollars(max_cost)
            if self.max_cost is None:  # not a number, or nothing to estimate a cost from
                self.flags.append("ignored:max_cost_usd")
        self.unavailable = () if unavailable is None else self._names("unavailable", unavailable)
        self.capabilities = () if capabilities is None else self._names("capabilities", capabilities)
        self.stream = stream is True
        if self.stream:
            self.capabilities += ("streaming",)
        if tools is True:
            self.capabilities += ("tools",)
        self.unit = None if unit is None else self._id("unit", unit)
        self.request_id = None if request_id is None else self._id("request_id", request_id)
        self.preference = None if preference is None else self._text("preference", preference)

    @classmethod
    def of(cls, arguments: Mapping[str, object]) -> _Request:
        """Read a request from a mapping; a key that is not an argument is reported as ignored."""
        named: dict[str, Any] = dict.fromkeys(ARGUMENTS)
        unknown = []
        for key, value in arguments.items():
            name = _exact_text(key) or ""  # a method of the key itself would run if it were hashed or compared
            if name in named:
                named[name] = value
            else:
                unknown.append(f"ignored:{name}")
        request = cls(*named.values())
        request.flags += unknown
        return request

    def affords(self, model: _Model) -> bool:
        """Return whether a model passes the cost filter; without a limit or `input_tokens` every model does."""
        limit, tokens = self.max_cost, self.input_tokens
        return limit is None or tokens is None or model.cost(tokens, self.max_output) <= limit

    def _text(self, name: str, value: object) -> str | None:
        """Return an argument that should be text; None, and a flag, if it is not."""
        text = _exact_text(value)
        if text is not None and (text.isascii() or _is_text(text)):
            return text
        self.flags.append(f"ignored:{name}")
        return None

    def _id(self, name: str, value: Any) -> str | None:
        """Return an argument that should be text or a whole number, as text; None, and a flag, if it is neither."""
        kind = type(value)
        if issubclass(kind, int) and kind is not bool:
            value = _digits(int.__pos__(value))
        return self._text(name, value)

    def _whole(self, name: str, value: object) -> int | None:
        """Return an argument that should be a whole number from 0 to 10⁹; None, and a flag, if it is not."""
        number = _whole_number(value)
        if number is not None and 0 <= number <= _MAX_WHOLE:
            return number
        self.flags.append(f"ignored:{name}")
        return None

    def _names(self, name: str, value: object) -> tuple[str, ...]:
        """Return an argument that should be a collection of texts; empty, and a flag, if it is not."""
        names = _exact_names(value)
        if names is None:
            self.flags.append(f"ignored:{name}")
        return names or ()


def _exact_text(value: Any) -> str | None:
    """Return text as an exact str, without the methods of a subclass; None for anything else."""
    if type(value) is str:
        return value
    return str.__str__(value) if issubclass(type(value), str) else None


_KEYS: Final[Any] = type({}.keys())


def _digits(value: Any) -> Any:
    """Return a whole number that is an id as the text of its digits; anything else as it is."""
    return str(value) if type(value) is int and -_MAX_ID <= value <= _MAX_ID else value


def _exact_names(value: Any) -> tuple[str, ...] | None:
    """Return the texts of a list, a tuple, a set or a dict's keys; None for anything else, or what is not all text."""
    kind = type(value)
    if issubclass(kind, (set, frozenset)):  # copied in one step, because another thread may be changing it
        members: Iterable[Any] = frozenset[Any]().union(value)
    elif issubclass(kind, list):
        members = list.__iter__(value)
    elif issubclass(kind, tuple):
        members = tuple.__iter__(value)
    elif issubclass(kind, _KEYS):  # copied in one step as well
        members = (*value,)
    else:
        return None
    names = [_exact_text(name) for name in members]
    texts = tuple([name for name in names if name is not None])
    return texts if len(texts) == len(names) else None


def _names_key(capabilities: Any, unavailable: Any) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return two collections of exact texts as a hashable key, None counting as an empty one.

    None is returned if either is anything but a list, a tuple, a set or a dict's keys, or holds anything but exact
    texts.
    """
    for value in (capabilities, unavailable):
        kind = type(value)  # compared with `is`, because even a type may have an __eq__ of its own
        if value is not None and kind is not list and kind is not tuple and kind is not set and kind is not _KEYS:
            return None
    # Each is copied in one step, as `*` does it: another thread may be changing it.
    first, second = (*(capabilities or ()),), (*(unavailable or ()),)
    for name in first + second:
        if type(name) is not str:
            return None
    return first, second


def _is_short(feature: Any, model: Any, stack: Any, names: Any) -> bool:
    """Return whether the texts of a call are short enough, all together, to be remembered."""
    length = sum([len(text) for text in (feature, model, stack) if text is not None])
    if names:
        length += sum([len(name) + 8 for group in names for name in group])
    return length <= _MAX_LENGTH
