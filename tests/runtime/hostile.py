"""Values that no caller should send: types whose every method raises and is counted, numbers of any size."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

METHODS = (
    "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__str__", "__repr__", "__bool__",
    "__len__", "__iter__", "__contains__", "__getitem__", "__int__", "__float__", "__index__", "__add__",
    "__radd__", "__mul__", "__rmul__", "__neg__", "__pos__", "__abs__", "__round__", "__trunc__", "__floor__",
    "__ceil__", "__format__", "__call__", "__enter__", "__next__", "__fspath__", "__bytes__", "__complex__",
)  # fmt: skip
ran: list[str] = []
"""The methods of hostile values that were run; a resolver runs none."""


class HostileError(Exception):
    """What every hostile method raises."""


def _raising(name: str) -> Callable[..., Any]:
    def method(*_: object, **__: object) -> Any:
        ran.append(name)
        raise HostileError(name)

    return method


class _Meta(type):
    """A type whose own comparisons raise."""

    __eq__ = _raising("type.__eq__")
    __hash__ = type.__hash__
    __instancecheck__ = _raising("__instancecheck__")
    __subclasscheck__ = _raising("__subclasscheck__")


def made_of(base: Any, value: Any, metaclass: type = type) -> Any:
    """Return an object of a subclass of `base` that holds a value, and whose every method raises."""
    body: dict[str, Any] = {name: _raising(name) for name in METHODS}
    body["__class__"] = property(_raising("__class__"))
    body["__getattribute__"] = _raising("__getattribute__")
    kind = metaclass("Hostile", (base,), body)
    if base is object:
        return base.__new__(kind)
    if base not in (list, set, dict):
        return base.__new__(kind, value)
    one = base.__new__(kind)
    base.__init__(one, value)
    return one


def values() -> list[Any]:
    """One of everything."""
    made: list[Any] = []
    for metaclass in (type, _Meta):
        for base, value in (
            (object, None), (str, "auto"), (str, "\ud800"), (int, 5), (float, 0.5), (Decimal, Decimal("0.5")),
            (bytes, b"auto"), (tuple, ("tools",)), (frozenset, ("tools",)), (list, ["tools"]), (set, {"tools"}),
            (dict, {"a": 1}),
        ):  # fmt: skip
            made.append(made_of(base, value, metaclass))
    itself: list[Any] = []
    itself.append(itself)
    hostile = made[0]
    return [
        *made, itself, [hostile], (hostile, "tools"), {"tools": hostile}, object(), type, len, ..., NotImplemented,
        None, True, False, 0, 1, -1, 10**9, 10**9 + 1, 10**400, -(10**5000), 0.0, -0.0, 0.5, 1.0, 5e-324, 1.8e308,
        float("nan"), float("inf"), float("-inf"), 1000.0, 0.1 + 0.2, 1j, Decimal(0), Decimal("0.55"),
        Decimal("1e999999999"), Decimal("-1e999999999"), Decimal("1e-999999999"), Decimal("NaN"), Decimal("sNaN"),
        Decimal("Infinity"), Decimal("-Infinity"), Decimal("0." + "1" * 9999), "", "auto", "chat", "opus", "eu",
        "avoid-china", "avoid-", "quality", "preview/nimbus", "\ud800", "a\udfff", "x" * 100_000, "\0", b"auto",
        bytearray(b"x"), memoryview(b"x"), [], (), set(), {}, ["tools"], ("openai",), {"vision"}, [1], [None],
        ["\ud800"], range(3), iter([]), (name for name in "ab"), [["tools"]], ["x"] * 1000,
        {"tools": 1}.keys(), {1: 1, "tools": 1}.keys(), 10**18, -(10**18) - 1,
    ]  # fmt: skip


def calls(seed: int, count: int, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return calls with any of the values in any of the arguments, unknown ones among them."""
    chance, pool = random.Random(seed), values()
    keys = [*names, "self", "_positional", "others", "request", "", "\ud800", "Feature"]
    return [
        {key: chance.choice(pool) for key in chance.sample(keys, chance.choice((0, 1, 1, 2, 2, 3, 5, 9, 16)))}
        for _ in range(count)
    ]
