"""Whole numbers are ids, and a tenant of any other wrong kind is one that nobody declares, wherever it is sent."""

from __future__ import annotations

import json
from decimal import Decimal
from enum import IntEnum, StrEnum
from itertools import product
from typing import Any

import pytest

from routecomp.runtime.resolver import Router, resolve_line, slot_of
from tests.properties.request_strategies import Indexed, Whole

from . import hostile
from .tables import FALLBACK, TABLE, changed, encode

TENANTS = {"42": "eu", "-7": "eu", "0": "eu", "1": "eu", "1000000000000000000": "eu", "-1000000000000000000": "eu"}
TABLES = {
    word: (
        encode(
            changed(
                TABLE,
                {"tenants": {name: f"p-{policy}" for name, policy in TENANTS.items()}, "defaults/unknown_tenant": word},
            )
        ),
        encode(
            changed(
                FALLBACK,
                {"tenants": {name: f"f-{policy}" for name, policy in TENANTS.items()}, "defaults/unknown_tenant": word},
            )
        ),
    )
    for word in ("default", "reject")
}
ROUTES: list[dict[str, Any]] = [
    {"feature": "chat"},
    {"feature": "batch"},
    {"model": "auto"},
    {"model": "router/auto"},
    {"model": "gpt-logical"},
    {"model": "gpt"},
    {"model": "preview/nimbus", "unit": "u"},
    {"model": "auto", "min_quality": 0.5, "unavailable": ["openai"]},
    {"feature": "chat", "input_tokens": 1200, "request_id": "r"},
    {"feature": "chat", "preference": "quality"},
    {"model": "auto", "input_tokens": 1200.0},
]


class Number(IntEnum):
    """Ids with names."""

    ACME = 42


class Name(StrEnum):
    """Names with names."""

    ACME = "42"


# What counts as the id beside it.
SAME: list[tuple[Any, str]] = [
    (42, "42"),
    (-7, "-7"),
    (0, "0"),
    (-0, "0"),
    (1, "1"),
    (10**18, "1" + "0" * 18),
    (-(10**18), "-1" + "0" * 18),
    (Number.ACME, "42"),
    (Name.ACME, "42"),
    (Whole(42), "42"),
    (hostile.made_of(int, 42), "42"),
    (hostile.made_of(str, "42"), "42"),
]
# What is no id.
WRONG: list[Any] = [
    True,
    False,
    1.0,
    42.0,
    -0.0,
    float("nan"),
    Decimal(42),
    Decimal("-0"),
    10**18 + 1,
    -(10**18) - 1,
    10**400,
    1 << 10_000_000,
    Whole(10**19),
    Indexed(),
    b"42",
    bytearray(b"42"),
    memoryview(b"42"),
    "\ud800",
    "42\udfff",
    [],
    ["42"],
    ("42",),
    {},
    {"42"},
    object(),
    42j,
    int,
    hostile.made_of(object, None),
    hostile.made_of(str, "\ud800"),
    hostile.made_of(float, 42.0),
]


def answers(served: Router, request: dict[str, Any]) -> dict[str, Any]:
    """Return the decision of a request, asked in every way and twice; fail where two of them differ."""
    decisions = [
        call
        for _ in range(2)
        for call in (
            served.resolve(**request).to_dict(),
            served.resolve_request(request).to_dict(),
            served.explain(**request)["decision"],
            served.explain_request(request)["decision"],
        )
    ]
    assert all(decision == decisions[0] for decision in decisions), request
    return decisions[0]


def served(word: str, has_table: bool = True, last_resort: str | None = None) -> Router:
    """Return a router of which every tenant is a number, with `unknown_tenant` as told."""
    table, fallback = TABLES[word]
    made = Router.from_bytes(table if has_table else None, fallback, last_resort)
    assert made.status()["serving"] == ("routing table" if has_table else "fallback file")
    return made


@pytest.mark.parametrize("has_table", [True, False], ids=["table", "fallback"])
@pytest.mark.parametrize("word", TABLES)
def test_a_tenant_of_the_wrong_kind_is_undeclared(word: str, has_table: bool) -> None:
    """It has the decision of a tenant that nobody declares, and passes nothing where those are rejected."""
    router = served(word, has_table)
    for route, tenant in product(ROUTES, WRONG):
        got, stranger = answers(router, {**route, "tenant": tenant}), answers(router, {**route, "tenant": "nobody"})
        assert "tenant_unknown" in stranger["reasons"]
        assert got == {**stranger, "reasons": sorted(["ignored:tenant", *stranger["reasons"]])}, (route, tenant)
        if word == "reject":
            assert got["model"] is None, (route, tenant)
    assert not hostile.ran


def test_a_rejected_tenant_reaches_no_rung() -> None:
    """Neither the last resort nor a rung of the ladder answers a tenant of the wrong kind that is to be rejected."""
    router = served("reject", last_resort="gpt")
    for tenant in WRONG:
        decision = answers(router, {"feature": "nobody-declares-me", "tenant": tenant})
        assert (decision["status"], decision["source"]) == ("rejected_policy", "last_resort")


@pytest.mark.parametrize("has_table", [True, False], ids=["table", "fallback"])
@pytest.mark.parametrize("word", TABLES)
def test_a_whole_number_is_the_tenant_of_its_digits(word: str, has_table: bool) -> None:
    """It decides as its text does, for a declared tenant and for one that is not."""
    router = served(word, has_table)
    for route, (number, digits) in product(ROUTES, [*SAME, (43, "43")]):
        got = answers(router, {**route, "tenant": number})
        assert got == answers(router, {**route, "tenant": digits})
        assert ("tenant_unknown" in got["reasons"]) is (digits == "43")
        stacks = [TABLE["providers"][TABLE["models"][slug]["provider"]]["stack"] for slug in got["chain"]]
        assert digits == "43" or route.get("feature") == "batch" or set(stacks) <= {"eu"}, (route, got)


def test_no_tenant_has_the_default_policy() -> None:
    """None is not an unknown tenant: it passes where undeclared ones are rejected."""
    router = served("reject")
    for request in ({"model": "auto"}, {"model": "auto", "tenant": None}):
        decision = answers(router, request)
        assert (decision["status"], decision["reasons"]) == ("ok", [])


@pytest.mark.parametrize("name", ["unit", "request_id"])
def test_a_whole_number_is_the_unit_of_its_digits(name: str) -> None:
    """A unit, and a request id, that is a whole number has the slot of its digits; what is no id is not given."""
    router = served("default")
    assert slot_of("opus-vs-gpt", "42") != slot_of("opus-vs-gpt", "1")
    for route in ({"model": "preview/nimbus"}, {"feature": "chat"}, {"feature": "chat", "input_tokens": 5}):
        for number, digits in [*SAME, *[(number, str(number)) for number in range(30)]]:
            got = answers(router, {**route, name: number})
            assert got == answers(router, {**route, name: digits})
            assert got["slot"] == (slot_of("opus-vs-gpt", digits) if name == "unit" and "model" in route else None)
        nobody = answers(router, route)
        for value in WRONG:
            got = answers(router, {**route, name: value})
            assert got == {**nobody, "reasons": sorted([*nobody["reasons"], f"ignored:{name}"])}, value
    assert not hostile.ran


@pytest.mark.parametrize("name", ["feature", "model", "preference"])
def test_a_number_names_nothing(name: str) -> None:
    """A feature, a model and a preference are text: a whole number is none."""
    router = served("default")
    request = {"feature": "chat", "model": "auto", name: 42}
    assert f"ignored:{name}" in answers(router, request)["reasons"]


LINES = {
    "42": "42",
    "-7": "-7",
    "-0": "0",
    "0": "0",
    "1000000000000000000": "1000000000000000000",
    "-1000000000000000000": "-1000000000000000000",
    '"42"': "42",
    '"042"': "042",
    '"-0"': "-0",
    '"4\\u0032"': "42",
    "1000000000000000001": None,
    "-1000000000000000001": None,
    "9999999999999999999": None,
    "1" * 21: None,
    "1" * 5000: None,
    "42.0": None,
    "4.2e1": None,
    "1e2": None,
    "1E0": None,
    "-0.0": None,
    "0e0": None,
    "true": None,
    "false": None,
    "NaN": None,
    "Infinity": None,
    '"\\ud800"': None,
    "[42]": None,
    "{}": None,
}


@pytest.mark.parametrize("text", LINES)
def test_ids_in_a_line(text: str) -> None:
    """Digits with at most a minus before them are an id; a point, an exponent or a digit too many makes them none."""
    digits = LINES[text]
    for word, name, route in product(TABLES, ("tenant", "unit", "request_id"), ROUTES):
        router, others = served(word), {key: value for key, value in route.items() if key != name}
        body = json.dumps(others)[:-1] + f', "{name}": {text}}}'
        got = json.loads(resolve_line(router, body.encode()))
        if digits is not None:
            assert got == answers(router, {**others, name: digits})
        elif name == "tenant":
            stranger = answers(router, {**others, name: "nobody"})
            assert got == {**stranger, "reasons": sorted(["ignored:tenant", *stranger["reasons"]])}
        else:
            without = answers(router, others)
            assert got == {**without, "reasons": sorted([*without["reasons"], f"ignored:{name}"])}


def test_lookalikes_are_not_confused() -> None:
    """Values that are equal to Python, such as 1, True and 1.0, are told apart in every order of asking."""
    lookalikes: list[Any] = [1, True, 1.0, Decimal(1), "1", Number(42), 42, 42.0, "42", 0, False, 0.0, -0.0, "0", "-0"]
    for name in ("tenant", "unit", "request_id"):
        for route in ROUTES:
            for values in (lookalikes, lookalikes[::-1]):
                one = served("reject")
                for value in values:
                    asked = {**route, name: value}
                    assert one.resolve_request(asked) == served("reject").resolve_request(asked), asked
