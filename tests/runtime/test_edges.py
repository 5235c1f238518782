"""What lies on an edge: numbers to the last digit, names of any letters, lists just as long as they may be."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from routecomp.runtime import resolver
from routecomp.runtime.resolver import Router, resolve_line
from tests.runtime.tables import TABLE, changed, encode, ladder, router
from tests.runtime.test_ladder import ENDPOINT


def ranked(names: list[str], model: dict[str, Any], changes: dict[str, Any] | None = None) -> Router:
    """Return a router for models that are alike, the first in every order first, and a target of them all."""
    order = dict.fromkeys(("o-cheap", "o-plain", "o-pen"), " ".join(names))
    return router(
        {
            "models": {name: {**TABLE["models"]["mini"], **model} for name in names},
            "orders": order,
            "features": {},
            "experiments": {},
            "aliases": {},
            "tenants": {},
            "policies": {"p-default": TABLE["policies"]["p-default"]},
            "targets": {"auto": TABLE["targets"]["auto"]},
            "defaults": {**TABLE["defaults"], "model": names[0], "routes": {}},
            **(changes or {}),
        }
    )


# --- numbers ---


@pytest.mark.parametrize(
    ("given", "floor"),
    [
        (Decimal("1e999"), 10_001),
        (10**400, 10_001),
        (Decimal("1.00011"), 10_001),
        (Decimal("-0.0001"), -1),
        (Decimal("-0.0002"), -1),
        (-0.0002, -1),
        (Decimal("-1e999"), -1),
        (-5, -1),
    ],
)
def test_a_floor_beyond_all_qualities(given: object, floor: int) -> None:
    """A floor is told as at most one basis point above the best, or below the worst, there can be."""
    assert router().resolve(model="auto", min_quality=given).floor_bp == floor  # type: ignore[arg-type]


def test_a_number_of_millions_of_digits() -> None:
    """A whole number of any length is answered without its digits being worked out, which would take minutes."""
    asked: dict[str, Any] = {"model": "auto", "input_tokens": 5}
    assert router().resolve(**asked, min_quality=1 << 10_000_000).floor_bp == 10_001
    assert router().resolve(**asked, max_cost_usd=-1 << 10_000_000).status == "rejected_cost"
    assert router().resolve(**asked, latency_budget_ms=1 << 10_000_000).reasons == ("ignored:latency_budget_ms",)


def test_a_floor_below_all_qualities_bars_nobody() -> None:
    """Below 0 even models of no quality pass, all of them, in the order's order."""
    names = [f"m{number:02d}" for number in reversed(range(80))]
    decision = ranked(names, {"quality_bp": 0}).resolve(model="auto", min_quality=-1)
    assert (decision.floor_bp, decision.chain) == (-1, tuple(names[:5]))


@pytest.mark.parametrize("most", [10**9, 1e9, Decimal(10**9), Decimal("1e9")])
def test_the_greatest_number_of_tokens(most: Any) -> None:
    """A thousand million is a number of tokens in each form a number has, and one more is none."""
    names = ("input_tokens", "max_output_tokens", "latency_budget_ms")
    assert router().resolve(model="gpt", **dict.fromkeys(names, most)).reasons == ()
    beyond = router().resolve(model="gpt", **dict.fromkeys(names, most + 1))
    assert beyond.reasons == tuple(sorted(f"ignored:{name}" for name in names))


def test_a_decimal_of_the_callers_own_class() -> None:
    """What is derived from Decimal counts as the number it is."""

    class Money(Decimal):
        pass

    asked: dict[str, Any] = {"min_quality": Money("0.85"), "input_tokens": Money(1000), "max_cost_usd": Money("0.0174")}
    decision = router().resolve(model="auto", **asked)
    assert decision == router().resolve(model="auto", min_quality=0.85, input_tokens=1000, max_cost_usd=0.0174)
    assert (decision.chain, decision.floor_bp, decision.reasons) == (("thinker",), 8500, ())


@pytest.mark.parametrize(
    ("number", "floor"),
    [
        ("1e9999999999999999999999", 10_001),
        ("-1E+9999999999999999999999", -1),
        ("1E-9999999999999999999999", 1),
        ("1e-9999999999999999999999", 1),
        ("-1e-9999999999999999999999", 0),
        ("0e9999999999999999999999", 0),
        ("-0.0E-9999999999999999999999", 0),
    ],
)
def test_exponents_of_any_length(number: str, floor: int) -> None:
    """A number in JSON may have an exponent that no Decimal holds: it counts as enormous, tiny or 0, by its signs."""
    line = f'{{"model": "auto", "min_quality": {number}}}'.encode()
    assert json.loads(resolve_line(router(), line))["floor_bp"] == floor


# --- costs ---


def test_a_limit_is_exact_to_the_last_digit() -> None:
    """What 10⁹ tokens cost is affordable, and not with a pico-dollar less."""
    served = router({"models/opus/context_window": 2 * 10**9})
    asked: dict[str, Any] = {"model": "listed", "unavailable": ["mini"], "input_tokens": 10**9}
    cost = served.resolve(**asked).estimated_cost_pusd
    assert cost == 17_500 * 10**12
    assert served.resolve(**asked, max_cost_usd=Decimal(cost).scaleb(-12)).model == "opus"
    assert served.resolve(**asked, max_cost_usd=Decimal(cost - 1).scaleb(-12)).status == "rejected_cost"


@pytest.mark.parametrize("side", ["input_pusd", "output_pusd"])
def test_prices_that_no_double_holds(side: str) -> None:
    """Of ten models that cost just the limit, each is affordable, whichever of the two prices makes the cost."""
    cost = 2**53 + 1
    other = {"output_pusd": 8} if side == "input_pusd" else {"input_pusd": 0}
    served = ranked([f"m{number}" for number in range(10)], {side: cost, **other, "output_ratio_bp": 20_000})
    asked: dict[str, Any] = {"model": "auto", "input_tokens": 1, "max_output_tokens": 0 if side == "input_pusd" else 1}
    assert served.resolve(**asked).estimated_cost_pusd == cost
    assert served.resolve(**asked, max_cost_usd=Decimal(cost).scaleb(-12)).chain == ("m0", "m1", "m2", "m3", "m4")
    assert served.resolve(**asked, max_cost_usd=Decimal(cost - 1).scaleb(-12)).status == "rejected_cost"


def test_no_tokens_cost_nothing_but_bring_nobody_back() -> None:
    """Of no tokens everything is affordable; a model that is unavailable stays out."""
    names = ["m0", "m1", "m2"]
    decision = ranked(names, {}).resolve(model="auto", input_tokens=0, max_cost_usd=0.01, unavailable=["m0"])
    assert decision.chain == ("m1", "m2")


def test_a_fallback_that_only_short_answers_afford() -> None:
    """A feature's fallback stays ahead of the target's models, where it is affordable for the output asked alone."""
    names = [f"m{number:02d}" for number in range(60)]
    free = {**TABLE["models"]["mini"], "output_pusd": 0, "output_ratio_bp": 20_000}
    models = {**dict.fromkeys(names, free), "m41": {**free, "output_pusd": 10**9}}
    rows = {
        "fallback": ["m41"],
        "min_quality_bp": None,
        "rows": [{"model": "m40", "status": "primary"}],
        "then": "auto",
    }
    decision = ranked(names, {}, {"features": {"chat": rows}, "models": models}).resolve(
        feature="chat", unavailable=names[:35], input_tokens=1000, max_output_tokens=1, max_cost_usd=0.002
    )
    assert decision.chain == ("m40", "m41", "m35", "m36", "m37")


# --- names ---


def test_a_name_may_hold_any_letter_but_a_space() -> None:
    """Whatever else is blank, a tab or a hard space, is a letter of a name."""
    names = ["tab\tname", "hard\u00a0space", "line\nend"]
    assert ranked(names, {}).resolve(model="auto").chain == tuple(names)


@pytest.mark.parametrize("stack", ["XXXX", "7", "None", "(7,)"])
def test_what_is_no_stack_is_on_no_stack(stack: str) -> None:
    """A stack that is no text passes nothing, whatever the stacks are called."""
    served = router({"providers/openai/stack": stack})
    assert served.resolve(model="auto", stack=stack).status == "ok"
    for given in (7, (7,), b"7", ["XXXX"]):
        assert served.resolve(model="auto", stack=given).status == "rejected_policy"  # type: ignore[arg-type]


def test_a_call_that_names_nothing_reaches_nothing() -> None:
    """Without feature and model no route is meant, whatever the names of routes are."""
    served = router({"aliases": dict.fromkeys(["XXXX", "None", "?"], "auto")})
    assert served.resolve(model="XXXX").status == "ok"
    assert (served.resolve().status, served.resolve(min_quality=0.5).status) == ("unknown_model",) * 2


def test_an_argument_of_no_name() -> None:
    """An argument whose name is an empty text is told like any other that means nothing."""
    asked: dict[str, Any] = {"model": "auto", "": 1}
    assert router().resolve_request(asked).reasons == ("ignored:",)
    assert router().explain_request(asked)["decision"]["reasons"] == ["ignored:"]


# --- the log ---


def test_whose_the_floor_is() -> None:
    """Without a floor of its own a route has that of `good`; of two equal floors the policy's is named."""
    served = router({"targets/frontier/min_quality_bp": 8000, "targets/listed/min_quality_bp": 8001})
    said = {
        (tenant, name): served.explain(model=name, tenant=tenant)["floor"]["from"]
        for tenant in (None, "picky")
        for name in ("auto", "frontier", "listed")
    }
    assert said == {
        (None, "auto"): "good",
        (None, "frontier"): "target",
        (None, "listed"): "target",
        ("picky", "auto"): "policy",
        ("picky", "frontier"): "policy",
        ("picky", "listed"): "target",
    }


def test_the_log_names_three_of_a_feature() -> None:
    """However many fallbacks a feature has, the log names the first three that are left."""
    log = router({"features/chat/fallback": ["mistral-3", "gpt", "gpt-eu", "mini"]}).explain(feature="chat")
    assert [step["first"] for step in log["filters"]] == [["opus", "mistral-3", "gpt"]] * len(log["filters"])


def test_the_log_of_the_fallback_file_names_the_policy() -> None:
    """Without a table the policy is the tenant's permission in the fallback file."""
    served = ladder()
    assert [served.explain(feature="batch", tenant=tenant)["policy"] for tenant in (None, "berlin")] == [
        "f-open",
        "f-eu",
    ]


# --- the last resort ---


def test_a_last_resort_has_no_limits_of_its_own() -> None:
    """What an endpoint given in code does not say bars nothing: not even an output of no tokens."""
    served = router(last_resort=ENDPOINT)
    calls: list[dict[str, Any]] = [{"max_output_tokens": 0}, {"input_tokens": 10**9, "max_output_tokens": 10**9}]
    for asked in calls:
        assert served.resolve(feature="?", unavailable=["gpt"], **asked).source == "last_resort"


def test_a_last_resort_alone_needs_no_compliance() -> None:
    """With no file there is no policy, and so nothing that a last resort would have to comply with."""
    alone = Router(None, None, ENDPOINT | {"compliance_bp": 0}).resolve(feature="?")
    assert (alone.status, alone.model) == ("ok", "spare")


# --- what is refused, and in which words ---


def test_what_an_editor_did_is_said() -> None:
    """A byte-order mark is named, with what to do and who did it."""
    raw = encode(TABLE)
    assert Router.from_bytes(b"\xef\xbb\xbf" + raw).status()["last_rejection"] == (
        "routing table: the file begins with a byte-order mark, put there by an editor: compile it again"
    )


@pytest.mark.parametrize("blank", [b" ", b"\t", b"\r"])
def test_a_key_twice_and_spaced(blank: bytes) -> None:
    """A key that stands twice is found although one of the two has a blank behind it."""
    raw = encode(TABLE)
    twice = raw.replace(b'"capabilities":', b'"active"' + blank + b':false,"capabilities":', 1)
    assert twice != raw
    assert Router.from_bytes(twice).status()["last_rejection"] == (
        "routing table: key 'active' stands twice in one object"
    )


class Counted(str):
    """A key that counts how often keys like it are compared."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)


def test_the_last_of_many_keys_twice() -> None:
    """Which of many keys stands twice is found without comparing each with each: minutes for 100,000 tenants."""
    pairs: list[tuple[str, Any]] = [(Counted(number), None) for number in (*range(2_000), 1_999)]
    Counted.compared = 0
    with pytest.raises(resolver._Refused, match="key '1999' stands twice in one object"):
        resolver._refuse_duplicates(pairs)
    assert Counted.compared < 10 * len(pairs)


def test_a_policy_that_only_begins_like_one() -> None:
    """A tenant's policy is looked up by its whole name."""
    body = changed(TABLE, {"tenants": {"acme": "p-default-of-yore"}})
    assert Router.from_bytes(encode(body)).status()["last_rejection"] == (
        "routing table: tenant 'acme' names the policy 'p-default-of-yore', which is not in the file"
    )


def test_the_dearest_call_there_can_be_is_affordable() -> None:
    """Above 10²⁴ pico-dollars a limit still counts as it is given, as the highest prices ask."""
    dear = {"context_window": 10**9, "input_pusd": 10**12, "output_pusd": 10**12, "output_ratio_bp": 10**10}
    served = ranked(["dear"], dear)
    cost = 10**9 * 10**12 * (10**6 + 1)
    for limit in (Decimal(cost).scaleb(-12), 10**18, 1e18, Decimal("1e40")):
        assert served.resolve(model="auto", input_tokens=10**9, max_cost_usd=limit).estimated_cost_pusd == cost
    less = Decimal(cost - 1).scaleb(-12)
    assert served.resolve(model="auto", input_tokens=10**9, max_cost_usd=less).status == "rejected_cost"


def test_a_limit_counts_at_most_a_billion_billion_dollars() -> None:
    """A cost just above 10³⁰ pico-dollars is above every limit: no limit is more than that."""
    dear = {"context_window": 10**9, "input_pusd": 1, "output_pusd": 10**18, "output_ratio_bp": 10**10}
    served = ranked(["dear"], dear)
    for limit in (10**18, 10**19, 1e19, Decimal("1e40")):
        assert served.resolve(model="auto", input_tokens=10**6, max_cost_usd=limit).status == "rejected_cost"
        assert served.resolve(model="auto", input_tokens=10**6 - 1, max_cost_usd=limit).status == "ok"
