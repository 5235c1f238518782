"""What is kept and what is looked at first changes the speed of an answer, never the answer."""

from __future__ import annotations

import random
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import nextafter
from typing import Any

import pytest

from routecomp.runtime import resolver
from routecomp.runtime.resolver import Router

from .tables import TABLE, crowd, encode, router

CROWD = crowd(300)
LONG = Decimal.from_float(0.1)  # 0.1000000000000000055…: equal to the float, and not what it means


def request(chance: random.Random) -> dict[str, Any]:
    """Return a request to the crowd: some hints, often few survivors."""
    asked: dict[str, Any] = {
        "tenant": chance.choice([None, *TABLE["tenants"], "nobody"]),
        chance.choice(["model", "feature"]): chance.choice(
            ["auto", "auto", "auto", "europe", "frontier", "gpt-logical", "chat", "chat", "secret", "m0007", "x"]
        ),
    }
    hints: dict[str, Any] = {
        "min_quality": chance.choice([0.31, 0.5, 0.85, 0.9, 0.95, 0.97, Decimal("0.55"), 1]),
        "latency_budget_ms": chance.choice([0, 150, 400, 1500, 9000]),
        "stack": chance.choice(["eu", "us", "avoid-us", "avoid-china", "moon"]),
        "input_tokens": chance.choice([0, 1, 900, 7600, 31_999, 120_000]),
        "max_output_tokens": chance.choice([0, 1, 500, 1024, 8000]),
        "max_cost_usd": chance.choice([0, 0.0001, 0.002, 0.01, 0.05, Decimal("0.0004"), 1.5]),
        "stream": True,
        "tools": True,
        "capabilities": chance.choice([[], ["vision"], ("tools", "vision"), ["telepathy"]]),
        "unavailable": chance.choice([["openai"], ["anthropic", "mistral"], {"m0001", "m0002", "opus"}]),
        "unit": chance.choice(["a", "b"]),
        "request_id": chance.choice(["r1", "r2"]),
        "preference": chance.choice(["quality", "balanced", "cost", "?"]),
    }
    for name in chance.sample([*hints], chance.choice([0, 1, 2, 3, 5, 7])):
        asked[name] = hints[name]
    if chance.random() < 0.3:  # where both prices count, and neither alone decides
        asked |= {"input_tokens": 1000, "max_output_tokens": 300, "max_cost_usd": chance.uniform(0.0005, 0.004)}
    return asked


def requests(seed: int, count: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    return [request(chance) for _ in range(count)]


def served(body: dict[str, Any] = CROWD) -> Router:
    made = Router.from_bytes(encode(body))
    assert made.status()["last_rejection"] is None, made.status()
    return made


def test_log_and_decision_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log walks every filter over all models; the decision, found by shortcuts, is the one it leads to."""
    monkeypatch.setenv("TEST_PREFERENCE_LIVE", "1")
    table, statuses = served(), set()
    for asked in requests(1, 1_000):
        decision = table.resolve(**asked)
        log = table.explain(**asked)
        assert log["decision"] == decision.to_dict(), asked
        statuses.add(decision.status)
        if decision.route not in ("target", "logical", "feature") or decision.source != "table":
            continue
        assert log["floor"]["result_bp"] == decision.floor_bp
        last = log["filters"][-1]
        if decision.status != "ok":
            emptied = next(step for step in log["filters"] if step["survivors"] == 0)
            ability = {"permission": "rejected_policy", "ability": "rejected_unavailable"}
            assert decision.status == ability.get(
                emptied["group"], "rejected_floor" if emptied["filter"] == "quality" else "rejected_cost"
            )
            continue
        pick = log["latency"]["pick"] if "latency" in log else last["first"][0]
        assert decision.model == decision.chain[0] == pick, asked
        dropped = {slug for step in log["filters"] for slug in step["dropped"]}
        survivors = [slug for slug in log["candidates"] if slug not in dropped]
        assert set(decision.chain) <= set(survivors)
        strict = asked.get("tenant") == "strict"
        assert len(decision.chain) == min(1 if strict else 5, len(survivors)), asked
        penalised = CROWD["orders"][log["orders"]["chain"]].split(" ")
        head = ["opus", "mistral-3", "gpt"] if asked.get("feature") == "chat" else []
        rest = sorted(survivors, key=lambda slug: (slug not in head, [*head, *penalised].index(slug)))
        rest = [pick, *(slug for slug in rest if slug != pick)]
        assert decision.chain == tuple(rest[: len(decision.chain)]), asked
    assert statuses == {
        "ok", "rejected_policy", "rejected_unavailable", "rejected_floor", "rejected_cost", "unknown_model",
    }  # fmt: skip


def test_what_is_remembered_is_what_was_decided() -> None:
    """Asked again, and asked in another order, the same call has the same decision."""
    asked = requests(2, 800)
    first, second = served(), served()
    wanted = [first.resolve(**one) for one in asked]
    assert [first.resolve(**one) for one in asked] == wanted
    shuffled = list(range(len(asked)))
    random.Random(1).shuffle(shuffled)
    for at in shuffled:
        assert second.resolve(**asked[at]) == wanted[at]


def test_calls_that_look_alike_are_told_apart() -> None:
    """Equal keys of different kinds: true and 1, 0.1 and its exact decimal, a list and a tuple."""
    table = router()
    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"stream": True}, {"stream": 1}),
        ({"min_quality": 0.1}, {"min_quality": LONG}),
        ({"min_quality": 1.0}, {"min_quality": True}),
        ({"input_tokens": 1}, {"input_tokens": True}),
        ({"capabilities": ["vision"]}, {"unavailable": ["vision"]}),
        ({"capabilities": ["vision"]}, {"capabilities": "vision"}),
        ({"tools": True}, {"stream": True}),
    ]
    for one, other in pairs:
        for _ in range(2):
            fresh = [router().resolve(model="auto", **arguments) for arguments in (one, other)]
            assert [table.resolve(model="auto", **arguments) for arguments in (one, other)] == fresh
    assert table.resolve(model="auto", min_quality=0.1).floor_bp == 1000
    assert table.resolve(model="auto", min_quality=LONG).floor_bp == 1001
    names = ["vision"]
    assert table.resolve(model="auto", capabilities=names).model == "opus"
    names[0] = "telepathy"
    assert table.resolve(model="auto", capabilities=names).status == "rejected_unavailable"


def test_the_gate_is_read_at_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that depends on the environment is remembered."""
    table = router()
    for live, floor in (("1", 6000), ("0", 5000), ("1", 6000)):
        monkeypatch.setenv("TEST_PREFERENCE_LIVE", live)
        assert table.resolve(model="auto", preference="quality").floor_bp == floor


def test_stores_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that is full is begun anew: it never grows past its bound, and no answer changes."""
    asked = requests(3, 500)
    wanted = [served().resolve(**one) for one in asked[:100]] + [None] * 400
    for name, most in (("_MAX_HINTED", 7), ("_MAX_PLAIN", 5), ("_MAX_VIEWS", 3), ("_MAX_NEAR", 4)):
        monkeypatch.setattr(resolver, name, most)
    table = served()
    memory = table._memory
    views = memory.decider.views
    assert views is not None
    for one, want in zip(asked, wanted, strict=True):
        decision = table.resolve(**one)
        assert want is None or decision == want
        table.resolve(model="preview/nimbus", unit=str(one))
        plain = sum(len(terms.by_feature) + len(terms.by_model) for terms in memory.terms)
        slots = sum(len(by_slot) for terms in memory.terms for _, by_slot, *_ in terms.sticky.values())
        assert plain + slots <= 5
        assert len(memory.hinted) <= 7
        assert len(memory.patterns) <= 7
        assert len(views.views) <= 3
        assert sum(near is not None for view in views.views.values() for near in view.near) <= 4


def test_names_made_up_by_callers_are_not_kept() -> None:
    """Features and models that nobody declared leave nothing behind."""
    table = router()
    for number in range(50):
        table.resolve(feature=f"f{number}")
        table.resolve(model=f"m{number}")
        table.resolve(feature=f"f{number}", unit="u", input_tokens=5)
        table.resolve(model=f"m{number}", request_id="r")
        table.resolve(feature="chat", tenant=f"t{number}", preference=f"p{number}", unit="u")
        table.resolve(
            model="auto", stack=f"s{number}", capabilities=[f"c{number}"], unavailable=[f"u{number}"], unit="u"
        )
    memory = table._memory
    assert memory.decider.table is not None
    catalogue = memory.decider.table.catalogue
    assert not any(terms.by_feature or terms.by_model for terms in memory.terms)
    assert len(catalogue.stacks) + len(catalogue.capabilities) == 0
    assert [*memory.by_tenant] == [None]
    assert {key[1:3] for key in memory.patterns} == {("chat", None), (None, "auto")}


@pytest.mark.parametrize("masks", [1, 3, 50])
def test_scales_with_few_masks(monkeypatch: pytest.MonkeyPatch, masks: int) -> None:
    """A scale that keeps a mask for some of its numbers only answers for all of them."""
    asked = requests(4, 400)
    wanted = [served().resolve(**one) for one in asked[:1]]
    full = served()
    wanted = [full.resolve(**one) for one in asked]
    monkeypatch.setattr(resolver, "_MAX_MASKS", masks)
    sparse = served()
    assert [sparse.resolve(**one) for one in asked] == wanted


def test_units_are_spread_by_weight() -> None:
    """20,000 units fall into the variants' slots by chi-square (99.9 %), and two salts are independent."""
    units = [f"user-{number}" for number in range(20_000)]
    for salt in ("opus-vs-gpt", "s2"):
        counts = [0] * 10
        for unit in units:
            counts[resolver.slot_of(salt, unit) // 1000] += 1
        assert sum((count - 2000) ** 2 / 2000 for count in counts) < 27.88  # 9 degrees of freedom
    both = [[0, 0], [0, 0]]
    for unit in units:
        both[resolver.slot_of("a", unit) < 5000][resolver.slot_of("b", unit) < 5000] += 1
    assert sum((count - 5000) ** 2 / 5000 for row in both for count in row) < 16.27  # 3 degrees of freedom


def test_floats_count_as_their_shortest_decimals() -> None:
    """Floors and limits given as floats are those of the decimals that the floats print as, to the last digit."""
    chance = random.Random(7)
    found = [chance.random() * 10 ** chance.randrange(-13, 4) for _ in range(20_000)]
    found += [number / 10_000 for number in range(10_001)]
    found += [chance.randrange(10**15) / 10**12 for _ in range(5_000)]
    found += [nextafter(number / 10_000, side) for number in range(0, 10_001, 7) for side in (-1, 2)]
    found += [nextafter(chance.randrange(10**12) / 10**12, side) for _ in range(2_000) for side in (-1, 2)]
    for number in found:
        exact = Decimal(repr(number))
        floor = (exact * 10_000).to_integral_value(ROUND_CEILING)
        assert resolver._basis_points(number) == max(-1, min(floor, 10_001)), number
        limit = (exact * 10**12).to_integral_value(ROUND_FLOOR)
        assert resolver._pico_dollars(number) == max(-1, limit), number
        assert resolver._basis_points(exact) == resolver._basis_points(number)
        assert resolver._pico_dollars(exact) == resolver._pico_dollars(number)


def test_the_pick_is_never_a_near_fallback() -> None:
    """Where none of a route's nearest candidates is left, the pick is the next by its own order."""
    names = [f"m{number:02d}" for number in range(80)]
    one = TABLE["models"]["mini"]
    orders = dict.fromkeys(("o-cheap", "o-plain"), " ".join(names)) | {"o-pen": " ".join(reversed(names))}
    defaults = {**TABLE["defaults"], "model": names[0], "routes": {}}
    body = {**TABLE, "models": dict.fromkeys(names, one), "orders": orders, "features": {}, "experiments": {},
            "defaults": defaults, "aliases": {}, "targets": {"auto": {"candidates": "all", "min_quality_bp": None}},
            "policies": {"p-default": TABLE["policies"]["p-default"]}, "tenants": {}}  # fmt: skip
    table = served(body)
    for gone in (0, 1, 29, 30, 31, 50, 74, 75, 79):
        decision = table.resolve(model="auto", unavailable=names[:gone])
        assert decision.chain == (names[gone], *reversed(names[gone + 1 :]))[:5], gone
    for attempts in (1, 2, 3):
        table = served({**body, "resilience": {**TABLE["resilience"], "max_attempts": attempts}})
        decision = table.resolve(model="auto", unavailable=names[1:30] + names[50:])  # one of the nearest is left
        assert decision.chain == ("m00", "m49", "m48")[:attempts]


@pytest.mark.parametrize("attempts", [1, 2, 3, 40])
def test_chains_are_as_long_as_attempts(attempts: int) -> None:
    """A chain has as many models as may be tried, or as survive."""
    table = served({**CROWD, "resilience": {**CROWD["resilience"], "max_attempts": attempts}})
    for asked in requests(5, 200):
        asked.pop("tenant", None)
        decision = table.resolve(**asked)
        if decision.status == "ok" and decision.source == "table" and decision.route in ("target", "logical"):
            left = table.explain(**asked)["filters"][-1]["survivors"]
            assert len(decision.chain) == min(attempts, left), asked
