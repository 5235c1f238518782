"""docs/semantics.md, section 4, "Arguments of the wrong kind": they never raise, and what they count as."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from tests.semantics.worlds import DEFAULTS, PREFERENCES, Service, service


@pytest.fixture(scope="module")
def world() -> Service:
    """best .90, good .80, cheap .60, weak .40; unknown tenants are refused."""
    return service(
        defaults=DEFAULTS + "  unknown_tenant: reject\n",
        policies=PREFERENCES,
        routes="features: {chat: {models: {good: primary, best: {status: shadow, sample: 1}}}}",
    )


TEXTS = ("feature", "model", "preference")
IDS = ("unit", "request_id")
NO_TEXT: list[Any] = [1.5, True, b"auto", ["auto"], {}, object(), Decimal(1), "\ud800", "auto\udfff"]


@pytest.mark.parametrize(
    ("key", "value"), [*product((*TEXTS, *IDS), NO_TEXT), *product(TEXTS, [0]), *product(IDS, [10**18 + 1])]
)
def test_text_that_is_none_counts_as_not_given(world: Service, key: str, value: Any) -> None:
    """ "Text arguments … that are not text, or hold lone surrogates, count as not given and are
    `ignored:<argument>`"."""
    request: dict[str, Any] = {"model": "auto", key: value}
    without = {"model": "auto"} if key != "model" else {}
    assert world.ask(**request) == {**world.ask(**without), "reasons": [f"ignored:{key}"]}


@pytest.mark.parametrize("value", [*NO_TEXT, 10**18 + 1, -(10**18) - 1])
def test_tenant_of_the_wrong_kind_is_undeclared(world: Service, value: Any) -> None:
    """ "A `tenant` that is neither … is `ignored:tenant` and counts as undeclared (`tenant_unknown`)"."""
    decision = world.ask(model="auto", tenant=value)
    assert decision == {**world.ask(model="auto", tenant="who"), "reasons": ["ignored:tenant", "tenant_unknown"]}
    assert decision["status"] == "rejected_policy"


def test_whole_numbers_are_ids() -> None:
    """ "A `tenant`, `unit` or `request_id` that is a whole number … counts as its digits": integer ids are ids."""
    policies = "tenants: {42: {banned_models: [good]}, 0: {banned_models: [cheap]}, 1000000000000000000: {}}"
    world = service(
        defaults=DEFAULTS + "  unknown_tenant: reject\n",
        policies=policies,
        routes="features: {chat: {models: {good: primary, best: {status: shadow, sample: 0.5}}}}",
    )
    for number in (42, 0, -7, 10**18, -(10**18)):
        assert world.ask(model="auto", tenant=number) == world.ask(model="auto", tenant=str(number))
    assert "good" not in world.ask(model="auto", tenant=42)["chain"]
    assert world.ask(model="auto", tenant=-7)["reasons"] == ["tenant_unknown"]
    mirrored = set()
    for number in range(20):
        for key in IDS:
            decision = world.ask(feature="chat", **{key: number})
            assert decision == world.ask(feature="chat", **{key: str(number)})
            mirrored.add(len(decision["shadows"]))
    assert mirrored == {0, 1}


def test_empty_text_is_given(world: Service) -> None:
    """ "`""` is a given value"."""
    assert world.ask(feature="")["reasons"] == ["feature_unknown"]
    assert world.ask(model="")["status"] == "unknown_model"
    assert world.ask(model="auto", tenant="")["reasons"] == ["tenant_unknown"]
    assert world.ask(model="auto", preference="")["reasons"] == ["preference_unknown"]
    assert world.ask(feature="chat", unit="")["shadows"] == ["best"]
    assert world.ask(feature="chat", request_id="")["shadows"] == ["best"]
    assert world.ask(feature="chat")["shadows"] == []


@pytest.mark.parametrize("value", [1, 1.0, Decimal(1), Decimal("1.000")])
def test_numbers(world: Service, value: Any) -> None:
    """ "Numbers are finite int, float or Decimal"."""
    assert world.ask(model="auto", min_quality=value)["floor_bp"] == 10000
    assert world.ask(model="auto", latency_budget_ms=value)["reasons"] == ["latency_budget_missed"]
    assert world.ask(model="best", input_tokens=value)["estimated_cost_pusd"] == 20_000_000


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        "1",
        "",
        True,
        False,
        Fraction(1, 2),
        1j,
        [1],
        b"1",
        object(),
    ],
)
@pytest.mark.parametrize("key", ["min_quality", "latency_budget_ms", "input_tokens", "max_output_tokens"])
def test_what_is_no_number_is_ignored(world: Service, key: str, value: Any) -> None:
    """ "… not text or booleans; … anything else is ignored likewise"."""
    assert world.ask(model="auto", **{key: value}) == {**world.ask(model="auto"), "reasons": [f"ignored:{key}"]}


@pytest.mark.parametrize(
    "value", [-1, 10**9 + 1, 0.5, Decimal("0.5"), -0.5, 10**400, Decimal("1E+99999"), Decimal("1E-99999"), 1e300]
)
@pytest.mark.parametrize("key", ["latency_budget_ms", "input_tokens", "max_output_tokens"])
def test_tokens_and_milliseconds_are_whole_and_bounded(world: Service, key: str, value: Any) -> None:
    """ "tokens and milliseconds whole, 0..10⁹"."""
    assert world.ask(model="auto", **{key: value}) == {**world.ask(model="auto"), "reasons": [f"ignored:{key}"]}


def test_bounds_of_tokens_and_milliseconds_are_within(world: Service) -> None:
    """0 and 10⁹ are given."""
    assert world.ask(model="auto", input_tokens=10**9)["status"] == "rejected_unavailable"
    assert world.ask(model="auto", max_output_tokens=10**9)["status"] == "rejected_unavailable"
    assert world.ask(model="auto", max_output_tokens=0)["chain"] == ["good", "cheap"]
    assert world.ask(model="auto", latency_budget_ms=10**9)["reasons"] == []
    assert world.ask(model="auto", latency_budget_ms=-0.0)["reasons"] == ["latency_budget_missed"]


@pytest.mark.parametrize(
    ("value", "bp"),
    [
        (0.55, 5500),
        (0.5500000001, 5501),
        (Decimal("0.55000000000000000000001"), 5501),
        (0.1 + 0.2, 3001),
        (0.3, 3000),
        (0.00001, 1),
        (1e-320, 1),
        (0, 0),
        (-0.00001, 0),
        (-0.0001, -1),
        (-0.00011, -1),
        (-7, -1),
        (1, 10000),
        (1.0001, 10001),
        (1.0002, 10001),
        (10**400, 10001),
        (Decimal("1E+9999"), 10001),
        (Decimal("-1E+9999"), -1),
        (Decimal("1E-9999"), 1),
        (Decimal("-1E-9999"), 0),
    ],
)
def test_min_quality(world: Service, value: Any, bp: int) -> None:
    """ "`min_quality` is rounded up to a basis point, then held within −1..10,001"."""
    assert world.ask(model="auto", min_quality=value)["floor_bp"] == bp


def test_float_counts_as_its_shortest_decimal(world: Service) -> None:
    """ "(a float counts as its shortest round-trip decimal)": 0.85 is 0.85, not the 0.84999… or 0.8500…1 it holds."""
    for bp in range(0, 10_001, 7):
        assert world.ask(model="auto", min_quality=bp / 10_000)["floor_bp"] == bp


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (Decimal("0.000020000000"), "ok"),
        (Decimal("0.0000200000009"), "ok"),
        (Decimal("0.0000199999999"), "rejected_cost"),
        (0.00002, "ok"),
        (0, "rejected_cost"),
        (-1, "rejected_cost"),
        (-1e-30, "rejected_cost"),
        (10**400, "ok"),
        (Decimal("1E+99999"), "ok"),
    ],
)
def test_max_cost_usd(value: Any, status: str) -> None:
    """ "`max_cost_usd` down to a pico-dollar, at most 10³⁰": one token of `best` costs 20,000,000 pico-dollars."""
    world = service(targets="targets: {one: {candidates: {models: [best]}}}")
    decision = world.ask(model="one", input_tokens=1, max_cost_usd=value)
    assert (decision["status"], decision["reasons"]) == (status, [])


def test_free_models_do_not_pass_a_negative_limit() -> None:
    """A negative limit is a number: rounded down it stays below zero, and nothing costs less than nothing."""
    models = """
    models: {free: {provider: mistral, quality: 1, price: {input: 0, output: 0}, latency_ms: 1, context_window: 9}}
    """
    world = service(models=models, defaults="defaults: {model: free}")
    assert world.ask(model="auto", input_tokens=1, max_cost_usd=0)["status"] == "ok"
    assert world.ask(model="auto", input_tokens=1, max_cost_usd=Decimal("-1E-40"))["status"] == "rejected_cost"


@pytest.mark.parametrize("value", ["1", math.nan, True, [], math.inf])
def test_max_cost_of_the_wrong_kind_is_ignored(world: Service, value: Any) -> None:
    """The same for `max_cost_usd`."""
    decision = world.ask(model="auto", input_tokens=1, max_cost_usd=value)
    assert (decision["status"], decision["reasons"]) == ("ok", ["ignored:max_cost_usd"])


@pytest.mark.parametrize("value", [1, "true", "yes", [True], 1.0, object()])
def test_stream_and_tools_are_true_only_for_true(world: Service, value: Any) -> None:
    """ "`stream`, `tools` are true only for `true`": anything else is false, and nothing is said."""
    assert world.ask(model="auto", stream=value, tools=value, min_quality=0) == world.ask(model="auto", min_quality=0)
    assert world.ask(model="auto", stream=True, min_quality=0)["chain"] == ["best", "good", "cheap"]


@pytest.mark.parametrize("kind", [list, tuple, set, frozenset, lambda names: dict.fromkeys(names).keys()])
def test_lists_tuples_sets_and_keys(world: Service, kind: Callable[[list[str]], Any]) -> None:
    """ "`capabilities` and `unavailable` are lists, tuples, sets, or a dict's `.keys()`, of text"."""
    assert world.ask(model="auto", capabilities=kind(["tools"]))["chain"] == ["best", "good"]
    assert world.ask(model="auto", unavailable=kind(["best", "zhipu"]))["chain"] == ["good"]


@pytest.mark.parametrize(
    "value",
    [
        "tools",
        {"tools": 1},
        {"tools": "best"}.values(),
        {"tools": 1, 7: 1}.keys(),
        (n for n in ["best"]),
        7,
        ["tools", 1],
        [None],
        ("best", b"best"),
        iter(["best"]),
        b"best",
        True,
    ],
)
@pytest.mark.parametrize("key", ["capabilities", "unavailable"])
def test_other_containers_are_ignored_whole(world: Service, key: str, value: Any) -> None:
    """ "… else ignored whole": the names that are text in them count for nothing either."""
    assert world.ask(model="auto", **{key: value}) == {**world.ask(model="auto"), "reasons": [f"ignored:{key}"]}


def test_unavailable_names_nobody_declares(world: Service) -> None:
    """ "names in `unavailable` that nobody declares mean nothing"."""
    assert world.ask(model="auto", unavailable=["nobody", "", "\ud800"]) == world.ask(model="auto")


@pytest.mark.parametrize(
    "value",
    [
        7,
        True,
        ["eu"],
        b"eu",
        object(),
        "",
        "mars",
        "EU",
        "avoid-",
        "avoid-mars",
        "avoid-avoid-china",
        " eu",
        "\ud800",
        "avoid",
    ],
)
@pytest.mark.parametrize(
    "request_", [{"model": "auto"}, {"model": "best"}, {"feature": "chat"}, {"feature": "nowhere"}]
)
def test_stack_fails_closed(world: Service, request_: dict[str, Any], value: Any) -> None:
    """ "a `stack` that is not text or names a stack (plain or `avoid-`) that no provider declares passes nothing"."""
    decision = world.ask(**request_, stack=value)
    assert (decision["status"], decision["model"]) == ("rejected_policy", None)
    assert "ignored:stack" not in decision["reasons"]


def test_capability_fails_closed(world: Service) -> None:
    """ "a capability that no model declares passes nothing"."""
    assert world.ask(model="auto", capabilities=["telepathy"])["status"] == "rejected_unavailable"
    assert world.ask(model="auto", capabilities=["\ud800"])["status"] == "rejected_unavailable"


@pytest.mark.parametrize("value", [None, 1, "x"])
@pytest.mark.parametrize("key", ["temperature", "Feature", "self", "max_tokens", "", "ö"])
def test_unknown_keys(world: Service, key: str, value: Any) -> None:
    """ "Unknown keys of a JSON request are `ignored:<key>`, null or not"."""
    assert world.ask(model="auto", **{key: value}) == {**world.ask(model="auto"), "reasons": [f"ignored:{key}"]}


def test_unknown_arguments(world: Service) -> None:
    """ "An unknown argument of a direct call is a mistake of the program: a `TypeError`"."""
    unknown: dict[str, Any] = {"temperature": None}
    with pytest.raises(TypeError):
        world.router.resolve(model="auto", **unknown)


def test_feature_and_model_both_ignored(world: Service) -> None:
    """ "neither `feature` nor `model` is `unknown_model`"."""
    decision = world.ask(feature=1, model=2, unit="u")
    assert (decision["status"], decision["reasons"]) == ("unknown_model", ["ignored:feature", "ignored:model"])


# -- JSON lines ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "",
        " ",
        "null",
        "[]",
        "1",
        '"auto"',
        "{",
        "{}x",
        '{"model": auto}',
        "\ufeff{}",
        "{'model': 'auto'}",
        '{"model": "auto",}',
        "true",
        "NaN",
    ],
)
def test_line_that_is_no_json_object(world: Service, line: str) -> None:
    """ "a line that is no JSON object … is `unknown_model` with `ignored:request`"."""
    decision = world.ask_line(line)
    assert decision == {**world.ask(), "reasons": ["ignored:request"]}


def test_line_that_is_not_utf_8(world: Service) -> None:
    """The same for bytes that are no text."""
    assert world.ask_line(b'{"model": "\xff"}')["reasons"] == ["ignored:request"]


def test_line_nested_deeper_than_64(world: Service) -> None:
    """ "or is nested deeper than 64": the object itself is the first level."""
    for levels, reasons in ((63, ["ignored:unit"]), (64, ["ignored:request"]), (100_000, ["ignored:request"])):
        line = '{"model": "auto", "unit": ' + "[" * levels + "]" * levels + "}"
        assert world.ask_line(line)["reasons"] == reasons, levels


@pytest.mark.parametrize(
    ("text", "bp"),
    [
        ("0.55", 5500),
        ("0.550000000000000000000000001", 5501),
        ("5.5e-1", 5500),
        ("1" + "0" * 5000, 10001),
        ("0." + "0" * 5000 + "1", 1),
        ("1E+400", 10001),
        ("-1e400", -1),
        ("1e-400", 1),
        ("-0", 0),
        ("1e99999999999999999999", 10001),
        ("1e-99999999999999999999", 1),
        ("0e99999999999999999999", 0),
    ],
)
def test_numbers_in_lines_are_decimals_of_any_length(world: Service, text: str, bp: int) -> None:
    """ "numbers in JSON lines are read as decimals, of any length"."""
    decision = world.ask_line('{"model": "auto", "min_quality": ' + text + "}")
    assert (decision["floor_bp"], decision["reasons"]) == (bp, [])


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_nan_and_infinity_in_lines_are_not_finite(world: Service, text: str) -> None:
    """ "`NaN` and `Infinity` as numbers that are not finite"."""
    decision = world.ask_line('{"model": "auto", "min_quality": ' + text + "}")
    assert decision == {**world.ask(model="auto"), "reasons": ["ignored:min_quality"]}


def test_long_whole_numbers_in_lines(world: Service) -> None:
    """A whole number may be written with a point or an exponent, and may be too long to be a token count."""
    assert world.ask_line('{"model": "best", "input_tokens": 1.0e2}') == world.ask(model="best", input_tokens=100)
    decision = world.ask_line('{"model": "best", "input_tokens": ' + "9" * 10_000 + "}")
    assert decision["reasons"] == ["ignored:input_tokens"]


def test_surrogates_in_lines(world: Service) -> None:
    """A lone surrogate makes a text argument none; a pair is a character."""
    assert world.ask_line('{"model": "\\ud800"}')["reasons"] == ["ignored:model"]
    paired = world.ask_line('{"model": "auto", "tenant": "\\ud83d\\udca5"}')
    assert paired["reasons"] == ["tenant_unknown"]


def test_booleans_and_null_in_lines(world: Service) -> None:
    """`true` is true, `null` not given, other types of the wrong kind."""
    decision = world.ask_line('{"model": "auto", "stream": true, "tools": null, "unit": false, "stack": null}')
    assert decision == world.ask(model="auto", stream=True, unit=False)
    assert world.ask_line('{"model": "auto", "stack": 5}')["status"] == "rejected_policy"
    assert world.ask_line('{"model": "auto", "x": null}')["reasons"] == ["ignored:x"]
