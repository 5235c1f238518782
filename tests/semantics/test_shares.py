"""docs/semantics.md, section 4, Spread: models of one logical model divide its load by request, whatever their rank.

Three hosts of `big` share it: `a` 0.5, `b` 0.2, `c` 0.3; `d` is a host without a share. Ranked by quality alone they
stand b, d, a, c. The slots of the requests r-0, r-1, r-2 under the salt `share:big` are worked out below.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

from routecomp.runtime.resolver import Router
from tests.semantics.test_buckets import LONG_RUN, chi_square
from tests.semantics.worlds import Service, service

MODELS = """
models:
  a: {provider: anthropic, logical_slug: big, share: 0.5, quality: 0.70, price: {input: 4, output: 8}, latency_ms: 900,
      context_window: 9000, capabilities: [tools]}
  b: {provider: mistral, logical_slug: big, share: 0.2, quality: 0.90, price: {input: 2, output: 4}, latency_ms: 500,
      context_window: 9000}
  c: {provider: zhipu, logical_slug: big, share: 0.3, quality: 0.60, price: {input: 1, output: 2}, latency_ms: 500,
      context_window: 9000, capabilities: [tools]}
  d: {provider: mistral, logical_slug: big, quality: 0.80, price: {input: 1, output: 2}, latency_ms: 700,
      context_window: 9000}
  other: {provider: mistral, quality: 0.50, price: {input: 1, output: 2}, latency_ms: 100, context_window: 9000}
"""
DEFAULTS = """
defaults:
  model: other
  policy: {weights: {quality: 1.00, latency: 0, cost: 0}, max_quality_loss: 1}
"""
FEATURES = """
features:
  chat: {models: {b: primary}, fallback: [other, a], then: auto}
  alone: {models: {b: primary}}
"""
TENANTS = """
tenants:
  one-try: {fallback_enabled: false, weights: {quality: 1.00, latency: 0, cost: 0}}
"""
SLOTS = {"a": range(5_000), "b": range(5_000, 7_000), "c": range(7_000, 10_000)}


def spread(**parts: str) -> Service:
    return service(**{"models": MODELS, "defaults": DEFAULTS, "routes": FEATURES, "policies": TENANTS, **parts})


def owner(unit: str) -> str:
    """Return who owns the slot of a unit: first 8 bytes of SHA-256(salt:unit), times 10,000, over 2 to the 64."""
    digest = hashlib.sha256(f"share:big:{unit}".encode()).digest()
    slot = int.from_bytes(digest[:8], "big") * 10_000 >> 64
    return next(slug for slug, slots in SLOTS.items() if slot in slots)


OF = {slug: next(f"r-{n}" for n in range(1000) if owner(f"r-{n}") == slug) for slug in "abc"}
"""A request that each model owns."""


@pytest.mark.parametrize("named", [{"model": "big"}, {"model": "auto"}, {"feature": "chat"}, {"feature": "alone"}])
def test_the_owner_of_the_slot_serves(named: dict[str, str]) -> None:
    """On features, targets and logical models; whom a feature does not reach is no member, and the next one serves."""
    world = spread()
    members = {"chat": "abc", "alone": "b"}.get(named.get("feature", ""), "abc")
    for slug, request in OF.items():
        assert world.ask(**named, request_id=request)["model"] == (slug if slug in members else "b")


def test_the_others_follow_as_they_would() -> None:
    """The old pick stays in its place among them: in a target's penalised order, and in a feature's declared one."""
    world = spread()
    assert world.ask(model="auto", request_id=OF["c"])["chain"] == ["c", "b", "d", "a", "other"]
    assert world.ask(model="auto", request_id=OF["b"])["chain"] == ["b", "d", "a", "c", "other"]
    assert world.ask(feature="chat", request_id=OF["a"])["chain"] == ["a", "b", "other", "d", "c"]
    assert world.ask(feature="chat", request_id=OF["c"])["chain"] == ["c", "b", "other", "a", "d"]


def test_the_next_member_in_slug_order_takes_the_part_of_a_barred_one() -> None:
    """Whatever bars it; after the last comes the first."""
    world = spread()
    for barred, heir in (("a", "b"), ("b", "c"), ("c", "a")):
        assert world.ask(model="big", request_id=OF[barred], unavailable=[barred, "d"])["model"] == heir
    assert world.ask(model="big", request_id=OF["b"], unavailable=["b", "c", "d"])["model"] == "a"
    assert world.ask(model="big", request_id=OF["b"], tools=True)["model"] == "c"
    assert world.ask(model="big", request_id=OF["c"], min_quality=0.65)["model"] == "a"
    # a costs 0.008 dollars, b half of it
    assert world.ask(model="big", request_id=OF["a"], input_tokens=1000, max_cost_usd=0.005)["model"] == "b"


def test_a_member_that_is_not_active_keeps_its_slots() -> None:
    """All sharing models own slots, survivors or not."""
    world = spread(models=MODELS.replace("a: {", "a: {active: false, "))
    assert [world.ask(model="big", request_id=OF[slug])["model"] for slug in "abc"] == ["b", "b", "c"]


def test_a_pick_without_a_share_stays() -> None:
    """Only a pick that states a share is spread: here `d`, which ranks first without `b`, and then `a`, which does."""
    world = spread()
    assert world.ask(model="big", request_id=OF["c"], unavailable=["b"])["model"] == "d"
    assert world.ask(model="big", request_id=OF["c"], unavailable=["b", "d"])["model"] == "c"


def test_the_request_id_deals_and_else_the_unit() -> None:
    """Whole numbers count as their digits; text that is empty is an id like any other."""
    world = spread()
    assert world.ask(model="big", unit=OF["a"], request_id=OF["c"])["model"] == "c"
    assert world.ask(model="big", unit=OF["a"])["model"] == "a"
    for number in range(40):
        asked = world.ask(model="big", request_id=number)
        assert asked == world.ask(model="big", unit=str(number))
        assert asked["model"] == owner(str(number))
    assert world.ask(model="big", request_id="", unit=OF["a"])["model"] == owner("")
    assert world.ask_line('{"model": "big", "request_id": -7}')["model"] == owner("-7")


def test_without_an_id_the_pick_stays_and_the_decision_says_no_unit() -> None:
    """Even of one member; where the pick states no share there is nothing to say."""
    world = spread()
    for request in ({"model": "big"}, {"feature": "chat"}, {"feature": "alone"}, {"model": "big", "request_id": 1.5}):
        decision = world.ask(**request)
        assert (decision["model"], "no_unit" in decision["reasons"]) == ("b", True)
    assert world.ask(model="big", unavailable=["b"])["reasons"] == []
    assert world.ask(model="big", request_id="r", unavailable=["b"])["reasons"] == []


def test_a_latency_budget_binds_the_members() -> None:
    """Those over it are none, if the pick is within it; if it is missed, all survivors are."""
    world = spread()
    asked = world.ask(model="big", request_id=OF["a"], latency_budget_ms=600)
    assert (asked["model"], asked["reasons"]) == ("b", [])
    asked = world.ask(model="big", request_id=OF["a"], latency_budget_ms=400)
    assert (asked["model"], asked["reasons"]) == ("a", ["latency_budget_missed"])
    # max_quality_loss is asked for the pick alone: c is 0.30 worse than b
    narrow = spread(defaults=DEFAULTS.replace("max_quality_loss: 1", "max_quality_loss: 0"))
    assert narrow.ask(model="big", request_id=OF["c"], latency_budget_ms=600)["model"] == "c"


def test_without_fallbacks_a_target_is_spread_and_a_feature_is_not() -> None:
    """`fallback_enabled: false` cuts to the pick after the spread; of a feature only the primary is ever tried."""
    world = spread()
    asked = world.ask(model="big", tenant="one-try", request_id=OF["c"])
    assert (asked["model"], asked["chain"]) == ("c", ["c"])
    asked = world.ask(feature="chat", tenant="one-try", request_id=OF["c"])
    assert (asked["model"], asked["chain"], asked["reasons"]) == ("b", ["b"], [])
    assert world.ask(feature="chat", tenant="one-try")["reasons"] == []


def test_a_pinned_model_is_itself_and_a_rung_is_not_spread() -> None:
    """`model: b` is a direct call, whatever the slot; so is what answers below the registry."""
    world = spread(defaults=DEFAULTS.replace("model: other", "model: b"))
    for request in OF.values():
        assert world.ask(model="b", request_id=request)["model"] == "b"
        assert world.ask(feature="nobody", request_id=request)["model"] == "b"
        assert world.ask_without_table(model="b", request_id=request)["model"] == "b"


def test_the_shadow_is_not_the_model_that_serves() -> None:
    """The pick after the spread is the one that is never mirrored."""
    world = spread(routes="features:\n  chat: {models: {b: primary, c: {status: shadow, sample: 1}}, fallback: [c]}\n")
    assert world.ask(feature="chat", request_id=OF["c"])["shadows"] == []
    assert world.ask(feature="chat", request_id=OF["b"])["shadows"] == ["c"]


def test_what_is_remembered_deals_each_request_anew() -> None:
    """The same call with other ids, or none: a router that has answered before answers as one that has not."""
    shadow = "  seen: {models: {b: primary, other: {status: shadow, sample: 0.5}}, fallback: [a, c]}\n"
    world = spread(routes=FEATURES + shadow)
    hints: list[dict[str, Any]] = [
        {"model": "big"},
        {"feature": "seen", "input_tokens": 10},
        {"model": "auto", "unavailable": ["a"]},
        {"model": "auto", "min_quality": 0.65, "stream": False},
    ]
    for hint in hints:
        for number in range(60):
            ids: list[dict[str, Any]] = [{"request_id": f"r-{number}"}, {"unit": f"r-{number}"}, {}]
            for given in (*ids, {"unit": f"u-{number}", "request_id": f"r-{number}"}):
                asked = {**hint, **given}
                assert world.ask(**asked) == world.router.explain_request(asked)["decision"]


@pytest.mark.parametrize("requests", [10_000, pytest.param(1_000_000, marks=[LONG_RUN, pytest.mark.hard])])
def test_requests_are_spread_by_share_and_only_those_of_a_barred_member_move(requests: int) -> None:
    """Chi-square within 99 %; with `b` barred all its requests go to `c`, the next by name, and nobody else moves."""
    router = Router.from_bytes(spread().table)
    counts: Counter[str | None] = Counter()
    for number in range(requests):
        served = router.resolve(model="big", request_id=f"r-{number}").model
        barred = router.resolve(model="big", request_id=f"r-{number}", unavailable=["b", "d"]).model
        counts[served] += 1
        assert barred == ("c" if served == "b" else served)
    # 9.210 is the 99 % point of the chi-square distribution for two degrees of freedom.
    assert chi_square((counts[slug], Fraction(len(slots), 10_000) * requests) for slug, slots in SLOTS.items()) < (
        Fraction("9.210")
    )


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        ({"big": []}, "not a list"),
        ({"big": [[0, "a"], [0, "b"]]}, "do not rise"),
        ({"big": [[1, "a"]]}, "do not rise"),
        ({"big": [[0, "a"], [10_000, "b"]]}, "do not rise"),
        ({"big": [[0, "a"], [10, "a"]]}, "'a' twice"),
        ({"big": [[0, "other"]]}, "no model of 'big'"),
        ({"gone": [[0, "a"]]}, "no model of 'gone'"),
        ({"big": [[0, "a", 1]]}, "something else"),
        ({"big": [[0, 1]]}, "something else"),
        ([], "`shares` is not an object"),
    ],
)
def test_shares_that_do_not_hold_together_are_refused(slots: object, words: str) -> None:
    """A hand-edited table is refused in words, and the last good one would go on serving."""
    status = spread().edited(shares=slots).router.status()
    assert words in str(status["last_rejection"])
