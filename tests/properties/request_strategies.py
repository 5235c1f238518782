"""Draw requests to a program: each constant of the program ± one unit, unknown names, garbage.

`requests` makes the keyword arguments of calls, `lines` JSON lines, `environment` the gate's variable.
"""

from __future__ import annotations

import json
import math
import re
from collections import OrderedDict
from collections.abc import Sequence
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

from routecomp.model.figures import MODEL
from routecomp.model.project import Program
from tests.properties.strategies import GATE, Choices, chance, pick, some


class Number(IntEnum):
    """Whole numbers with names."""

    NONE, SINGLE, LOST = 0, 1, 404


class Whole(int):
    """A subclass of int, whose text is not its digits."""

    def __str__(self) -> str:
        return "acme"

    __repr__ = __str__


class Indexed:
    """What counts as a whole number only where its methods are asked, as the integers of numpy do."""

    def __index__(self) -> int:
        return 404

    __int__ = __index__


# Whole numbers, and what looks like one.
NUMBERS: tuple[Any, ...] = (
    0,
    1,
    -1,
    404,
    10**18,
    -(10**18),
    10**18 + 1,
    -(10**18) - 1,
    2**64,
    True,
    False,
    -0.0,
    1.0,
    404.0,
    Decimal(404),
    Decimal("-0"),
    Decimal("1E+2"),
    Number.SINGLE,
    Number.LOST,
    Whole(404),
    Whole(10**19),
    Indexed(),
    "0404",
    "-1",
    "+1",
    " 1",
)
GARBAGE: tuple[Any, ...] = (
    *NUMBERS,
    {"tools": 1}.keys(),
    {"openai": 1, 2: 3}.keys(),
    OrderedDict(openai=1).keys(),
    {"tools": 1}.values(),
    (name for name in ("tools",)),
    0,
    "",
    "nobody-declares-me",
    True,
    False,
    1,
    -1,
    1.5,
    "0.5",
    [],
    {},
    (),
    set(),
    frozenset({"tools"}),
    "\ud800",
    "a\udfffb",
    b"bytes",
    math.nan,
    math.inf,
    -math.inf,
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("-Infinity"),
    Decimal("1E+999999"),
    Decimal("-1E-999999"),
    10**400,
    -(10**400),
    ["a", 1],
    [None],
    {"tools": 1},
    object(),
    1 + 2j,
    Fraction(1, 2),
    1e-320,
    Decimal("0.1") ** 40,
    ["\ud800"],
    "x" * 300,
    "É",
    Exception,
    len,
    10**9,
    10**9 + 1,
)
UNITS = ("user-1", "user-2", "", "Ü-π-💥", "0", "a:b", 0, 17)
UNKNOWN = ("temperature", "self", "Feature", "ignored", "", "_positional", "unknown", "request", "ü", "x:y")
ARGUMENTS = (
    "feature",
    "model",
    "tenant",
    "unit",
    "request_id",
    "preference",
    "min_quality",
    "latency_budget_ms",
    "stack",
    "input_tokens",
    "max_output_tokens",
    "max_cost_usd",
    "stream",
    "tools",
    "capabilities",
    "unavailable",
)


class Pools:
    """The constants of a program a request may touch."""

    def __init__(self, program: Program) -> None:
        models = {slug: entry.body for slug, entry in program.models.items()}
        self.models = models
        self.features = [*list(program.features) * 4, *program.sure_defaults.routes, "unheard-of", ""]
        bodies: list[Any] = [
            entry.body for section in (program.targets, program.features, program.models) for entry in section.values()
        ]
        aliases = [alias for body in bodies for alias in body.aliases]
        self.names = [
            *models,
            *list(program.targets) * 3,
            *program.logical_models,
            *aliases,
            # what begins as a pattern does, what does not quite, and the pattern itself
            *(alias[:-1] + more for alias in aliases if alias[-1] == "*" for more in ("", "gpt-5", "gpt", "É", "/one")),
            *(alias[:-2] for alias in aliases if alias[-1] == "*"),
            *(entry.body.public_model_id for entry in program.experiments.values()),
        ]
        self.tenants = list(program.tenants)
        self.stacks = sorted(program.stacks)
        floors = list(program.preferences.body.floors.values()) if program.preferences is not None else []
        policies: list[Any] = [entry.body for entry in program.tenants.values()]
        policies.append(program.sure_defaults.policy)
        self.qualities = sorted(
            {body.quality for body in models.values()}
            | set(floors)
            | {policy.min_quality for policy in policies if policy.min_quality is not None}
            | {
                entry.body.min_quality
                for section in (program.features, program.targets)
                for entry in section.values()
                if entry.body.min_quality is not None
            }
        )
        # By argument: every value of a figure that the argument is compared with.
        self.bounds: dict[str, list[int]] = {}
        for figure in MODEL:
            if figure.bound is not None:
                values = {figure.value(body) for body in models.values()} - {None}
                self.bounds[figure.bound.argument] = sorted(values.union(self.bounds.get(figure.bound.argument, ())))
        self.capabilities = sorted({word for body in models.values() for word in body.capabilities})
        self.hosts = sorted(program.providers)


def request(c: Choices, pools: Pools) -> dict[str, Any]:
    """Return the arguments of one call."""
    asked: dict[str, Any] = {}
    how = c.whole(0, 99)
    if how < 45 or how >= 95:
        asked["feature"] = pick(c, pools.features)
    if 45 <= how < 92 or how >= 95:
        asked["model"] = pick(c, pools.names) if not chance(c, 4) else "nobody-declares-me"
    if chance(c, 60):
        strangers = not pools.tenants or chance(c, 8)
        asked["tenant"] = pick(c, ("who", "", *NUMBERS) if strangers else pools.tenants)
    for key, percent in (("unit", 50), ("request_id", 25)):
        if chance(c, percent):
            asked[key] = pick(c, UNITS if not chance(c, 10) else NUMBERS)
    if chance(c, 40):
        asked["preference"] = pick(c, ("quality", "cost", "balanced", "quality", "cost", "turbo", ""))
    if chance(c, 20):
        asked["min_quality"] = share(c, pick(c, pools.qualities))
    if chance(c, 25):
        asked["latency_budget_ms"] = as_number(c, pick(c, pools.bounds["latency_budget_ms"]) + c.whole(-1, 1))
    if chance(c, 12):
        asked["stack"] = pick(c, ("", "avoid-")) + pick(c, (*pools.stacks * 3, "mars", ""))
    if chance(c, 35):
        least = pick(c, (*pools.bounds["max_output_tokens"], 50, 400, 400)) + c.whole(-1, 1)
        asked["max_output_tokens"] = as_number(c, max(least, 0))
    if chance(c, 40):
        out = asked.get("max_output_tokens", 0)
        room = pick(c, pools.bounds["input_tokens"]) + c.whole(-1, 1) - int(out)
        asked["input_tokens"] = as_number(c, max(pick(c, (10, 999, 999, room)), 0))
    if chance(c, 25):
        asked["max_cost_usd"] = money(c, pools, asked)
    for key in ("stream", "tools"):
        if chance(c, 10):
            asked[key] = pick(c, (True, False))
    if chance(c, 8):
        asked["capabilities"] = container(c, some(c, (*pools.capabilities, "flying"), 2))
    if chance(c, 20):
        asked["unavailable"] = container(c, some(c, (*pools.models, *pools.hosts, "nobody-declares-me"), 3))
    if chance(c, 12):
        for key in some(c, ARGUMENTS, 2, 1):
            asked[key] = pick(c, GARBAGE) if not chance(c, 30) else None
    if chance(c, 3):
        asked[pick(c, UNKNOWN)] = pick(c, (None, *GARBAGE))
    return asked


def requests(c: Choices, pools: Pools, count: int) -> list[dict[str, Any]]:
    """Return the arguments of many calls; some repeat an earlier call, or all but one argument of it."""
    made: list[dict[str, Any]] = []
    for _ in range(count):
        made.append(again(c, pick(c, made[-20:])) if made and chance(c, 20) else request(c, pools))
    return made


KEYS: Any = type({}.keys())


class Text(str):
    """A subclass of str: text like any other."""


def again(c: Choices, earlier: dict[str, Any]) -> dict[str, Any]:
    """Return the same call, one argument left out or written as something that looks, or is, the same."""
    asked = dict(earlier)
    key = pick(c, [*asked, ""])
    value: Any = asked.pop(key, None)
    if key == "" or chance(c, 15):
        return asked
    lookalikes: list[Any] = [value, value, None, [value]]
    if isinstance(value, int | float | Decimal) and Decimal(value).is_finite():
        lookalikes += [Decimal(value), str(value)]
        if abs(Decimal(value)) < 10**15:
            lookalikes += [float(value), int(value)]
        lookalikes += [bool(value)] if value in (0, 1) else []
    elif isinstance(value, str):
        lookalikes += [int(value)] * 3 if re.fullmatch("-?[0-9]{1,20}", value, re.ASCII) else []
        lookalikes += [Text(value), value.encode("utf-8", "replace"), value + " ", value.upper()]
    elif isinstance(value, list | tuple | set | frozenset | KEYS):
        lookalikes += [list(value), tuple(value), [*value, *value], [*value, 0], iter([*value])]
        names = dict.fromkeys(name for name in value if isinstance(name, str))
        lookalikes += [names, names.keys()]
    asked[key] = pick(c, lookalikes)
    return asked


def as_number(c: Choices, value: int) -> Any:
    """Return a whole number as callers may write it."""
    kind = c.whole(0, 9)
    return value if kind < 7 else float(value) if kind == 7 else Decimal(value) if kind == 8 else value + 0.5


def share(c: Choices, bp: int) -> Any:
    """Return a quality of the program ± one basis point or less, as a float, a Decimal or a whole number."""
    exact = Decimal(bp + c.whole(-1, 1)) / 10_000
    kind = c.whole(0, 5)
    if kind == 0:
        return exact
    if kind == 1:
        return exact + pick(c, (Decimal("1e-30"), Decimal("-1e-30"), Decimal("0.00005")))
    if kind == 2:
        return math.nextafter(float(exact), pick(c, (-10.0, 10.0)))
    return float(exact) if kind < 5 else pick(c, (0, 1, 2))


def money(c: Choices, pools: Pools, asked: dict[str, Any]) -> Any:
    """Return what the request would cost on some model ± one pico-dollar or less."""
    model = pools.models[pick(c, list(pools.models))]
    tokens = int(asked.get("input_tokens", 10))
    out = tokens * Fraction(model.output_ratio, 10_000)
    if "max_output_tokens" in asked:
        out = min(out, Fraction(int(asked["max_output_tokens"])))
    if model.max_output_tokens is not None:
        out = min(out, Fraction(model.max_output_tokens))
    pico = math.ceil(tokens * model.price.input + out * model.price.output) + c.whole(-1, 1)
    exact = Decimal(pico).scaleb(-12) + pick(c, (Decimal(0), Decimal("4e-13"), Decimal("-4e-13")))
    return exact if not chance(c, 30) else float(exact)


def container(c: Choices, names: Sequence[str]) -> Any:
    """Return the names as a list, a tuple, a set, a frozenset or the keys of a dict."""
    return pick(c, (list(names), tuple(names), {*names}, frozenset(names), dict.fromkeys(names).keys()))


def environment(c: Choices) -> dict[str, str]:
    """Return the environment: the gate open, shut or not there."""
    return pick(c, ({GATE: "1"}, {GATE: "1"}, {}, {GATE: "0"}, {GATE: "true"}, {GATE: ""}, {GATE: " 1"}))


BAD_LINES = (
    "",
    " ",
    "null",
    "[]",
    "7",
    '"feature"',
    "{",
    '{"model": }',
    '{"model": 01}',
    "{}{}",
    "{'model': 1}",
    '{"model": "a\nb"}',
    '{"unavailable": ' + "[" * 64 + "]" * 64 + "}",
    '{"x": ' + "[" * 20_000,
    '{"x": ' + '{"y": ' * 70 + "1" + "}" * 71,
    "NaN",
    "\ufeff{}",
    '{"model": 1}}',
    "[" * 70 + "]" * 70,
)
ODD_VALUES = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "-1E+999999999999999999999",
    "1e-99999999999999999999999",
    "0e99999999999999999999999",
    "1" * 5000,
    "-0",
    "0.5" + "0" * 400 + "1",
    "10000000000000000000000001e-25",
    '"\\ud800"',
    '"\\ud83d\\udca5"',
    "[" * 62 + "]" * 62,
    "[" * 63 + "]" * 63,
    "true",
    "null",
    "{}",
    "[1]",
    '["tools", "vision"]',
    '["tools", null]',
    '"nobody"',
    "1e3",
    "800.0",
    "5E-1",
    "42.0",
    "404",
    "404.0",
    "4.04e2",
    "-1",
    "-1000000000000000000",
    "-1000000000000000001",
    "1000000000000000000",
    "9999999999999999999",
    "01",
    "0.50000",
)


def line(c: Choices, pools: Pools) -> str:
    """One JSON line: a request, one with odd values, or no request at all."""
    if chance(c, 8):
        return pick(c, BAD_LINES)
    asked = {}
    for key, value in request(c, pools).items():
        if isinstance(value, list | tuple | set | frozenset | KEYS):
            asked[key] = json.dumps(sorted(value)) if all(isinstance(one, str) for one in value) else "[1]"
        elif isinstance(value, Decimal) or value is None or isinstance(value, bool | int | float | str):
            asked[key] = (
                str(value)
                if isinstance(value, Decimal) and value.is_finite()
                else json.dumps(None if isinstance(value, Decimal) else value)
            )
    if chance(c, 30):
        asked[pick(c, (*ARGUMENTS, "x"))] = pick(c, ODD_VALUES)
    inside = ", ".join(f"{json.dumps(key)}: {text}" for key, text in asked.items())
    return pick(c, ("", " ")) + "{" + inside + "}" + pick(c, ("", " ", "\r"))


def lines(c: Choices, pools: Pools, count: int) -> list[str]:
    """Many JSON lines."""
    return [line(c, pools) for _ in range(count)]
