"""What is remembered never changes an answer: random calls one after the other, each also decided anew.

The calls draw every argument, often all but one from the call before, on one router whose files, environment and
stores change meanwhile.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, MutableMapping
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest

from routecomp.runtime import resolver
from routecomp.runtime.resolver import ARGUMENTS, Decision, Router

from . import hostile
from .tables import TABLE, changed, crowd, encode, experiment, router

GATE = TABLE["preferences"]["gate_env"]


class Text(str):
    """A subclass of str: text like any other."""


# What callers send, and beside it what they should not: numbers next to a limit of some model, of another kind or out
# of range, names that nobody declared, lone surrogates.
VALUES: dict[str, list[Any]] = {
    "feature": ["chat", "chat", "secret", "batch", "deep", "nobody", "\ud800", "", Text("chat")],
    "model": ["auto", "auto", "router/auto", "europe", "gpt-logical", "opus", "mini", "preview/nimbus",
              "preview/nimbus", "preview/control", "preview/done", "preview/paused", "nobody", "\udfff"],
    "tenant": [*TABLE["tenants"], "nobody", "nobody else", "ünknown", "\ud800", "", 7, "7", 1, True, 1.0,
               "1", -8, 10**18 + 1, b"strict", Text("strict")],
    "unit": ["user-1", "user-2", "user-3", "", "Ü-π-💥", "\ud800", 5, "5", 5.0, 1, True, 10**18 + 1, Text("user-1")],
    "request_id": ["r1", "r2", "r3", "r4", "", "π", "a\udfff", 5, "5", 5.0, 1, True, Text("r1")],
    "preference": ["quality", "balanced", "cost", "fancy", "", "\ud800", True, Text("quality")],
    "min_quality": [0.5, 0.55, 0.9, 0.95, 1, True, Decimal("0.55"), float("nan"), -3.0],
    "latency_budget_ms": [0, 400, 1500, 9000, 900.0, -1, 10**9 + 1, True],
    "stack": ["eu", "us", "avoid-us", "moon", "", "\ud800", 7],
    "input_tokens": [0, 1, 10, 1200, 7000, 7999, 8000, 8001, 31_999, 32_000, 99_000, 128_000, 400_000, 10**9, 10**9 + 1,
                     -1, 10**400, True, 5.0, 5.5, Decimal(1200), float("inf")],
    "max_output_tokens": [0, 1, 10, 300, 1000, 1023, 1024, 1025, 4095, 4096, 100_000, 10**9, 10**9 + 1, -1,
                          -(10**400), False, 300.0],
    "max_cost_usd": [0.0, 0.0001, 0.002, 0.05, 1.5, 1, Decimal("0.002"), float("nan"), True],
    "stream": [True, False, 1, "yes"],
    "tools": [True, False, 1],
    "capabilities": [[], ["vision"], ("vision",), {"vision"}, ["telepathy"], "vision", {"vision": 0}.keys(),
                     [Text("vision")], [7]],
    "unavailable": [["openai"], ("opus", "gpt"), {"m0001"}, frozenset({"anthropic"}), {"opus": 0}.keys(), iter("ab"),
                    ["\ud800"], []],
}  # fmt: skip

# The crowd has context windows of 8,000 to 128,000 tokens, and models that need 1,024 or 4,096 output tokens.
CROWD = changed(crowd(120), {"features/chat/rows/2/sample_bp": 2500, "features/chat/rows/4/sample_bp": 7000})
# A last resort holds more tokens than any model of the small table, which is why it is not reached by the same calls.
SHARED = {
    "preview/control": changed(experiment("exp-control", "paused", on_pause="control"), {"variants/0/model": "gpt"}),
    "preview/done": experiment("exp-done", "completed", winner=1),
    "preview/nimbus": changed(experiment("opus-vs-gpt"), {"variants/0/model": "gpt", "variants/1/model": "gpt-eu"}),
    "preview/paused": experiment("exp-paused", "paused"),
}
UNPRICED = {
    "model": "spare", "provider": "p", "upstream_model": "m", "url": "https://p.example", "adapter": "openai",
    "context_window": 500_000, "min_output_tokens": 5,
}  # fmt: skip
ENDPOINT = {**UNPRICED, "input_pusd": 3, "output_pusd": 7}
TABLES: dict[str, tuple[dict[str, Any], Any]] = {
    "many models": (CROWD, None),
    "a tenant must be declared": (
        changed(CROWD, {"defaults/unknown_tenant": "reject", "tenants/1": "p-eu", "tenants/7": "p-nobans"}),
        "mini",
    ),
    "models that answer with so much at most": (
        changed(CROWD, {f"models/m{place:04d}/max_output_tokens": 100 * place + 900 for place in range(0, 120, 3)}),
        None,
    ),
    "a load is shared, and experiments serve its models": (
        changed(
            CROWD,
            {
                "format": "2.1",
                "requires": ["model.shares"],
                "shares": {"gpt-logical": [[0, "gpt"], [3000, "gpt-eu"]]},
                "experiments": SHARED,
                "features/chat/rows/0/model": "gpt",
                "features/chat/rows/2/model": "opus",
                "features/chat/fallback": ["mistral-3", "gpt-eu"],
                "models/m0001/logical": "gpt-logical",
            },
        ),
        None,
    ),
    "no preferences": (changed(TABLE, {"preferences": None}), None),
    "no gate": (changed(TABLE, {"preferences/gate_env": None}), ENDPOINT),
    "a dial that does nothing": (changed(TABLE, {"preferences/dial_bp/quality": 0}), None),
    "only the last resort is allowed": (changed(TABLE, {"policies/p-default/compliance_bp": 9999}), UNPRICED),
}


def next_call(chance: random.Random, before: dict[str, Any], pool: list[Any]) -> dict[str, Any]:
    """Return a call: another one, or the one before with one or two arguments changed."""
    if before and chance.random() < 0.7:
        call = dict(before)
        likely = chance.choice([ARGUMENTS, ("input_tokens", "max_output_tokens", "unit", "request_id")])
        for name in chance.sample(likely, chance.choice([1, 1, 2])):
            call.pop(name, None)
            if chance.random() < 0.7:
                call[name] = chance.choice(VALUES[name])
        return call
    names = chance.sample(ARGUMENTS, chance.choice([0, 2, 4, 8]))
    call = {name: chance.choice(VALUES[name]) for name in {chance.choice(["feature", "model"]), "tenant", *names}}
    if chance.random() < 0.1:
        call[chance.choice(ARGUMENTS)] = chance.choice(pool)
    return call


def decided_anew(served: Router, call: dict[str, Any]) -> Decision:
    """Return the decision of the way on which nothing of earlier calls is looked at."""
    return served._memory.decider.decide(resolver._Request.of(call))


def check(served: Router, call: dict[str, Any]) -> Decision:
    """Resolve a call and return the decision; fail if it differs from the one that is made anew."""
    want, got = decided_anew(served, call), served.resolve(**call)
    assert got == want, call
    assert type(got) is Decision
    assert [type(value) for value in got] == [type(value) for value in want], call
    return got


def test_the_values_are_those_of_every_argument() -> None:
    """An argument that is added to the resolver is drawn here as well."""
    assert [*VALUES] == [*ARGUMENTS]


@pytest.mark.parametrize("size", [None, 1, 3], ids=["room for all", "room for one", "room for three"])
@pytest.mark.parametrize("name", TABLES)
def test_no_answer_leaks(name: str, size: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was asked before, whoever changed the environment, however little room there is."""
    if size is not None:
        for bound in ("_MAX_PLAIN", "_MAX_HINTED", "_MAX_UNITS", "_MAX_VIEWS", "_MAX_NEAR"):
            monkeypatch.setattr(resolver, bound, size)
    body, last_resort = TABLES[name]
    served = Router.from_bytes(encode(body), last_resort=last_resort)
    assert served.status()["last_rejection"] is None, served.status()
    chance, pool, call = random.Random(f"{name}/{size}"), hostile.values(), dict[str, Any]()
    statuses = set()
    for _ in range(1_500):
        if chance.random() < 0.2:
            live = chance.choice([None, "1", "1", "0", "", "11"])
            monkeypatch.delenv(GATE, raising=False)
            if live is not None:
                monkeypatch.setenv(GATE, live)
        call = next_call(chance, call, pool)
        statuses.add(check(served, call).status)
    assert len(statuses) > 4
    assert not hostile.ran


@pytest.mark.parametrize("name", ["many models", "a load is shared, and experiments serve its models"])
def test_an_id_is_not_taken_for_another(name: str) -> None:
    """A unit, a request's id, both and neither are told apart on every route, whichever came before."""
    served, chance = Router.from_bytes(encode(TABLES[name][0])), random.Random(7)
    ids: list[dict[str, Any]] = [{}, *({"unit": f"user-{number}"} for number in range(1, 9))]
    ids += [{"request_id": f"r{number}"} for number in range(1, 9)]
    ids += [{"unit": "user-1", "request_id": "r1"}, {"unit": "user-2", "request_id": "r3"}]
    hints: list[dict[str, Any]] = [{}, {"stream": True}, {"input_tokens": 900}, {"unavailable": ["opus"]}]
    routes = [("feature", route) for route in TABLE["features"]] + [("feature", "batch")]
    routes += [("model", route) for route in (*TABLE["targets"], "gpt-logical", *TABLE["experiments"], "gpt", "nobody")]
    for kind, route in routes:
        for hint in hints:
            for own in chance.sample(ids * 2, 2 * len(ids)):
                check(served, {kind: route, **hint, **own})


def test_no_answer_outlives_its_table(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a reload every call is decided from the table that serves then."""
    monkeypatch.setenv(GATE, "1")
    path = tmp_path / "routing_table.json"
    bodies = [TABLE, changed(TABLE, {"models/gpt/quality_bp": 9800, "models/gpt/context_window": 5000,
                                     "tenants/nobody": "p-eu", "features/chat/rows/2/sample_bp": 100,
                                     "preferences/gate_env": "TEST_ANOTHER_GATE"})]  # fmt: skip
    path.write_bytes(encode(TABLE))
    served, chance, call = Router(str(path)), random.Random(5), dict[str, Any]()
    for number in range(600):
        if number % 20 == 0:
            path.write_bytes(encode(bodies[number // 20 % 2]))
            assert served.reload()
        call = next_call(chance, call, [None])
        check(served, call)


def test_another_environment_is_seen() -> None:
    """The gate is read anew when the variable changes, and when another mapping stands in place of `os.environ`."""
    served = router()
    floors = []
    for word in ("quality", "balanced", "cost"):
        for live in ({}, {GATE: "1"}, {GATE: "0"}):
            for patch in (mock.patch.dict(os.environ, live), mock.patch("os.environ", live)):
                for _ in range(2):
                    with patch:
                        floors.append(check(served, {"model": "auto", "tenant": "picky", "preference": word}).floor_bp)
    assert floors == [8000] * 4 + [8500] * 4 + [8000] * 4 + [8000] * 12 + [8000] * 4 + [7000] * 4 + [8000] * 4


class Kept(MutableMapping[str, str]):
    """A mapping that keeps what it holds as `os.environ` does, with other keys."""

    def __init__(self, held: dict[str, str]) -> None:
        self._data = held

    def __getitem__(self, key: str) -> str:
        return self._data[key]

    def __setitem__(self, key: str, value: str) -> None:
        self._data[key] = value

    def __delitem__(self, key: str) -> None:
        del self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


@pytest.mark.parametrize("kind", [dict, Kept])
@pytest.mark.parametrize("before", [None, "0"])
def test_a_table_loads_while_another_environment_stands_there(
    kind: Any, before: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading needs nothing of `os.environ`, and what was remembered of the old one does not answer for the new one."""
    monkeypatch.delenv(GATE, raising=False)
    if before is not None:
        monkeypatch.setenv(GATE, before)
    served = router()
    request = {"model": "auto", "tenant": "picky", "preference": "quality"}
    assert check(served, request).floor_bp == 8000
    monkeypatch.setattr(os, "environ", kind({GATE: "1"}))
    assert check(served, request).floor_bp == 8500
    assert check(router(), request).floor_bp == 8500
    assert served.reload()
    assert check(served, request).floor_bp == 8500


def test_terms_are_not_made_anew_at_every_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gate that opens and shuts, and words that callers make up, leave no more behind than a few dials."""
    served = router()
    for number in range(200):
        monkeypatch.setenv(GATE, str(number % 3))
        for word in ("quality", "cost", "balanced", f"made-up-{number}"):
            check(served, {"feature": "chat", "tenant": f"nobody-{number}", "preference": word})
            check(served, {"feature": "chat", "tenant": "berlin", "preference": word})
    assert len(served._memory.terms) <= 3 * 5
    assert len(served._memory.by_tenant) == 2


def test_other_ids_and_token_counts_are_not_decided_anew() -> None:
    """One pattern serves the calls that the filters do not tell apart; each is given its own cost and shadows."""
    served, seen = router(), set()
    for number in range(200):
        decision = check(
            served,
            {"feature": "chat", "tenant": "cheap", "request_id": f"r{number}", "input_tokens": 100 + number,
             "max_output_tokens": 5000 + number, "stream": True},
        )  # fmt: skip
        seen.add((decision.estimated_cost_pusd, decision.shadows))
    assert len(served._memory.patterns) == 1
    assert served._memory.decider.views is not None
    assert [key[1:] for key in served._memory.decider.views.views] == [("feature", "chat")]
    assert {shadows for _, shadows in seen} == {("mini",), ("gpt", "mini")}
    assert len(seen) == 200


@pytest.mark.parametrize("total", [2_000, 2_001])
def test_the_texts_of_a_call_are_short_together(total: int) -> None:
    """All texts of a call that is remembered, and 8 for each word of a collection, make 2,000 at most."""
    calls: list[dict[str, Any]] = [{"feature": "chat", "stack": "s"}, {"model": "auto"}, {"model": "auto", "stack": ""}]
    for call in calls:
        rest = "x" * (total - sum(map(len, call.values())))
        for more in ({"stack": rest + call.get("stack", "")}, {"unavailable": ["ab", rest[18:]]}):
            served = router()
            check(served, {**call, **more})
            check(served, {**call, **more, "input_tokens": 5})
            assert len(served._memory.hinted) == len(served._memory.patterns) == (total == 2_000)


DEALT = changed(
    TABLE,
    {
        "shares": {"gpt-logical": [[0, "gpt"], [5_000, "gpt-eu"]]},
        "patterns": {"openai/*": "auto", "é/*": "gpt-host"},
        "targets/gpt-host": {"candidates": {"logical": "gpt-logical"}, "min_quality_bp": None},
        "aliases/host": "gpt-host",
        "budgets": {},
    },
)
IDS = [f"id-{number}" for number in range(12)]
ALIKE: dict[str, list[dict[str, Any]]] = {
    "a name": [{"model": "auto"}, {"model": "auto"}],
    "an alias": [{"model": "host"}, {"model": "host"}],
    "a feature": [{"feature": "chat"}, {"feature": "chat"}],
    "a feature with a route alone": [{"feature": "batch"}, {"feature": "batch"}],
    "names that begin with one pattern": [{"model": f"openai/{name}"} for name in ("a", "b", "é", "*", "")],
    "the same of others": [{"model": f"é/{name}"} for name in ("a", "b", "é", "*", "")],
    "names that lead nowhere": [{"model": name} for name in ("a", "b", "é", "*", "")],
    "names that begin so, with ids": [{"model": f"openai/{id_}", "request_id": id_} for id_ in IDS],
    "and with tokens": [{"model": f"é/{id_}", "unit": id_, "input_tokens": 7} for id_ in IDS],
    "requests whose load is dealt": [{"model": "gpt-logical", "request_id": id_} for id_ in IDS],
    "and units of an alias": [{"model": "host", "unit": id_, "max_output_tokens": 7} for id_ in IDS],
    "a feature's requests": [{"feature": "chat", "request_id": id_, "input_tokens": 10} for id_ in IDS],
    "units of an experiment": [{"model": "preview/done", "unit": id_, "input_tokens": 10} for id_ in IDS],
    "and those of its variants": [{"model": "preview/nimbus", "unit": id_, "input_tokens": 10} for id_ in IDS],
    "whole numbers that deal a load": [{"model": "gpt-logical", "request_id": number} for number in range(12)],
    "and those of units": [{"feature": "chat", "unit": number, "request_id": "r"} for number in range(12)],
    "and those of experiments": [{"model": "preview/nimbus", "unit": number, "stack": "us"} for number in range(12)],
    "hints without ids": [{"model": "auto", "stack": "eu"}, {"model": "auto", "stack": "eu"}],
}


@pytest.mark.parametrize("calls", ALIKE.values(), ids=ALIKE)
@pytest.mark.parametrize("tenant", [None, "cheap", "nobody"])
def test_calls_that_are_alike_are_decided_once(
    calls: list[dict[str, Any]], tenant: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer is the one that is made anew; once those of all parts were given, none is made for such a call."""
    served = Router.from_bytes(encode(DEALT))
    for call in calls:
        check(served, {"tenant": tenant, **call})
    decisions = []
    for name in ("decide_route", "decide_ranked", "decide_experiment"):
        monkeypatch.setattr(resolver._Decider, name, lambda *_, name=name: decisions.append(name))
    for call in calls:
        served.resolve(tenant=tenant, **call)
    assert decisions == []


@pytest.mark.parametrize("last_resort", [None, ENDPOINT, "mini"], ids=["none", "endpoint", "slug"])
def test_token_counts_next_to_every_limit(last_resort: Any) -> None:
    """Counts one below, at and one above each limit of a model are told apart, in whatever order they come."""
    served = router({"models/gpt/min_output_tokens": 700}, last_resort=last_resort)
    outputs = [None, *(limit + step for limit in (1, 5, 700, 4096) for step in (-1, 0, 1))]
    totals = [None, *(limit + step for limit in (32_000, 100_000, 500_000) for step in (-1, 0, 1))]
    pairs = [
        {"input_tokens": total if total is None else total - (output or 0), "max_output_tokens": output}
        for total in totals
        for output in outputs
    ]
    random.Random(6).shuffle(pairs)
    for named in ("feature chat", "feature secret", "feature batch", "feature deep", "model auto", "model europe",
                  "model thinker", "model gpt-logical", "model preview/nimbus"):  # fmt: skip
        kind, name = named.split(" ")
        for pair in pairs:
            check(served, {kind: name, "unit": "user-2", **pair})


@pytest.mark.parametrize("sample", [1, 2, 4999, 9999, 10_000])
def test_a_digest_below_the_limit_is_a_slot_below_the_sample(sample: int) -> None:
    """A unit is mirrored by its digest alone, as by its slot."""
    shadow = resolver._Shadow(router()._memory.decider.table.catalogue["gpt"], sample, "salt", None)  # type: ignore[union-attr]
    limit, edge = shadow.limit(), -(-(sample << 64) // 10_000)
    for number in (0, edge - 1, edge, edge + 1, (1 << 64) - 1):
        if 0 <= number < 1 << 64:
            for rest in (b"\0" * 24, b"\xff" * 24):
                assert (number.to_bytes(8, "big") + rest < limit) is (number * 10_000 >> 64 < sample)
