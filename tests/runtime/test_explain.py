"""`explain` tells how a decision came about: each filter, the floor's derivation, slots, rungs."""

from __future__ import annotations

from typing import Any

import pytest

from routecomp.runtime.resolver import Router, slot_of

from .tables import TABLE, experiment, ladder, router

R = router()
LIVE = "TEST_PREFERENCE_LIVE"


def test_a_target_filter_by_filter() -> None:
    """Every filter in order, with its group, what it left, the first three by rank and what it dropped."""
    log = R.explain(model="router/auto", tenant="careful", tools=True, min_quality=0.6)
    assert log["decision"] == R.resolve(model="router/auto", tenant="careful", tools=True, min_quality=0.6).to_dict()
    assert log["route"] == {"kind": "target", "name": "auto"}
    assert (log["tenant"], log["policy"]) == ("careful", "p-nobans")
    assert log["orders"] == {"pick": "o-plain", "chain": "o-pen"}
    assert log["candidates"] == ["off", "hidden", "mistral-3", "mini", "gpt", "gpt-eu", "qwen-max", "opus", "thinker"]
    assert log["filters"] == [
        step("permission", "active", 8, ["hidden", "mistral-3", "mini"], ["off"]),
        step("permission", "listed", 7, ["mistral-3", "mini", "gpt"], ["hidden"]),
        step("permission", "bans", 3, ["mistral-3", "qwen-max", "thinker"], ["gpt", "gpt-eu", "mini", "opus"]),
        step("permission", "stacks", 3, ["mistral-3", "qwen-max", "thinker"], []),
        step("permission", "compliance", 2, ["mistral-3", "thinker"], ["qwen-max"]),
        step("ability", "capabilities", 1, ["mistral-3"], ["thinker"]),
        step("demand", "quality", 1, ["mistral-3"], []),
    ]


def step(group: str, name: str, survivors: int, first: list[str], dropped: list[str]) -> dict[str, Any]:
    return {"group": group, "filter": name, "survivors": survivors, "first": first, "dropped": dropped}


@pytest.mark.parametrize(
    ("arguments", "floor"),
    [
        ({"model": "auto"}, (5000, "good", 0, None, 5000, False)),
        ({"model": "auto", "tenant": "picky"}, (8000, "policy", 0, None, 8000, False)),
        ({"model": "frontier", "tenant": "picky"}, (8500, "target", 0, None, 8500, False)),
        ({"feature": "chat"}, (5000, "feature", 0, None, 5000, False)),
        ({"model": "auto", "min_quality": 0.7, "preference": "cost"}, (7000, "explicit", 0, None, 7000, False)),
        ({"model": "auto", "preference": "quality"}, (5000, "good", 1000, [5000, 8500], 6000, False)),
        (
            {"model": "auto", "preference": "quality", "unavailable": ["anthropic", "openai", "mistral-3", "gpt-eu"]},
            (5000, "good", 1000, [5000, 8500], 6000, False),
        ),
        (
            {"model": "listed", "preference": "quality", "stack": "us", "unavailable": ["anthropic"]},
            (5000, "good", 1000, [5000, 8500], 5000, True),
        ),
    ],
)
def test_floors(monkeypatch: pytest.MonkeyPatch, arguments: dict[str, Any], floor: tuple[Any, ...]) -> None:
    """The base, whose it is, what the dial adds, the clamp, the result, and whether it was relaxed."""
    monkeypatch.setenv(LIVE, "1")
    log = R.explain(**arguments)
    assert tuple(log["floor"].values()) == floor
    assert list(log["floor"]) == ["base_bp", "from", "dial_bp", "clamp_bp", "result_bp", "relaxed"]
    assert log["decision"]["floor_bp"] == floor[4]
    assert ("preference_relaxed" in log["decision"]["reasons"]) is floor[5]
    if floor[5]:
        assert log["filters"][-1]["survivors"] > 0


def test_floor_without_preferences() -> None:
    """Without preferences and without a declared floor the floor is 0 and comes from nobody."""
    log = router({"preferences": None}).explain(model="auto")
    assert (log["floor"]["base_bp"], log["floor"]["from"]) == (0, "none")


def test_latency_step() -> None:
    """The budget, the unconstrained pick, the least quality, how many are within, the pick, and if it was missed."""
    assert R.explain(feature="chat", latency_budget_ms=1500)["latency"] == {
        "budget_ms": 1500, "unconstrained": "opus", "least_quality_bp": 8000, "survivors": 1, "pick": "gpt",
        "missed": False,
    }  # fmt: skip
    assert R.explain(feature="chat", latency_budget_ms=10)["latency"] == {
        "budget_ms": 10, "unconstrained": "opus", "least_quality_bp": 8000, "survivors": 0, "pick": "opus",
        "missed": True,
    }  # fmt: skip
    assert "latency" not in R.explain(feature="chat")


def test_experiments_and_their_slots() -> None:
    """The slot, its range and owner, whoever serves; the filters of the model that does."""
    assert R.explain(model="preview/nimbus", unit="user-2")["experiment"] == {
        "experiment": "opus-vs-gpt", "status": "active", "slot": 7795, "range": [5000, 9999], "owner": "gpt",
        "unavailable": None,
    }  # fmt: skip
    assert R.explain(model="preview/nimbus", unit="user-1")["experiment"]["range"] == [0, 4999]
    assert R.explain(model="preview/nimbus")["experiment"]["range"] is None
    log = R.explain(model="preview/control", unit="user-2")
    assert (log["experiment"]["owner"], log["filters"][-1]["first"]) == ("gpt", ["opus"])
    assert R.explain(model="preview/done", unit="user-1")["filters"][0]["first"] == ["gpt"]
    assert "filters" not in R.explain(model="preview/paused", unit="user-2")
    kind = router({"experiments": {"preview/nimbus": experiment("opus-vs-gpt", on_unavailable="control")}})
    log = kind.explain(model="preview/nimbus", unit="user-2", unavailable=["gpt"])
    assert (log["decision"]["variant"], log["experiment"]["unavailable"]) == ("control", "gpt")
    assert log["filters"][-1]["dropped"] == ["gpt"]
    log = kind.explain(model="preview/nimbus", unit="user-2", unavailable=["gpt", "opus"])
    assert (log["decision"]["status"], log["experiment"]["unavailable"]) == ("rejected_unavailable", None)
    assert R.explain(model="preview/paused", unit="user-2")["experiment"]["owner"] == "gpt"


def test_pinned_models_and_shadows() -> None:
    """A pinned model has the permission filters alone; each sampled shadow says why it is mirrored or not."""
    log = R.explain(model="thinker", tools=True)
    assert [one["filter"] for one in log["filters"]] == ["active", "listed", "bans", "stacks", "compliance"]
    shadows = R.explain(feature="chat", request_id="r", unavailable=["gpt"])["shadows"]
    assert [(one["model"], one["sample_bp"], one["allowed"]) for one in shadows] == [
        ("gpt", 5000, False), ("mini", 10000, True),
    ]  # fmt: skip
    assert shadows[1]["mirrored"] is True
    assert R.explain(feature="chat")["shadows"][0]["slot"] is None


def test_rungs() -> None:
    """Each rung with what refused it, to the one that answers and beyond."""
    log = R.explain(feature="deep", tools=True)
    assert log["route"] == {"kind": "feature", "name": "deep"}
    assert [(one["source"], one["model"], one["refused"]) for one in log["rungs"]] == [
        ("default_route", "thinker", "rejected_unavailable"), ("default_model", "gpt", None),
    ]  # fmt: skip
    assert log["rungs"][0]["filters"][-1]["dropped"] == ["thinker"]
    assert ladder().explain(feature="x", tenant="careful")["rungs"][0]["refused"] == "rejected_policy"
    assert Router.from_bytes(None).explain(feature="x")["rungs"] == []


def test_unknown_tenants_and_models() -> None:
    """A tenant that is turned away is a filter of its own; an unknown model leaves only the decision."""
    strict = router({"defaults/unknown_tenant": "reject"})
    first = strict.explain(model="auto", tenant="?")["filters"][0]
    assert first == step("permission", "unknown_tenant", 0, [], sorted(R.explain(model="auto")["candidates"]))
    assert list(R.explain(model="?")) == ["decision", "tenant", "policy"]
    log = R.explain_request({"model": "?", "colour": 1, "self": 2})
    assert log["decision"]["reasons"] == ["ignored:colour", "ignored:self"]


def test_a_relaxed_floor_filters_like_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the base is used in the end, its filters are told, every one of them."""
    monkeypatch.setenv(LIVE, "1")
    log = R.explain(model="listed", preference="quality", stack="us", unavailable=["anthropic"])
    assert log["floor"]["relaxed"] is True
    names = ["active", "listed", "bans", "stacks", "compliance", "available", "quality"]
    assert [one["filter"] for one in log["filters"]] == names
    log = R.explain(feature="chat", preference="quality", unavailable=["opus", "mistral-3", "gpt"])
    assert "listed" not in [one["filter"] for one in log["filters"]]


def test_every_filter_has_its_name() -> None:
    """A request that gives everything meets the filters of docs/semantics.md, section 4, in their order."""
    log = R.explain(
        model="auto", stack="us", unavailable=["anthropic"], capabilities=["tools"], input_tokens=5,
        max_output_tokens=5, min_quality=0.1, max_cost_usd=5,
    )  # fmt: skip
    assert [(one["group"], one["filter"]) for one in log["filters"]] == [
        ("permission", "active"), ("permission", "listed"), ("permission", "bans"), ("permission", "stacks"),
        ("permission", "compliance"), ("ability", "available"), ("ability", "capabilities"), ("ability", "context"),
        ("ability", "reasoning_floor"), ("demand", "quality"), ("demand", "cost"),
    ]  # fmt: skip


def test_the_slot_of_a_shadow() -> None:
    """A shadow's slot is that of its own salt: for the request_id, else for the unit."""
    calls: list[tuple[dict[str, Any], str]] = [({"request_id": "r", "unit": "u"}, "r"), ({"unit": "u"}, "u")]
    for arguments, unit in calls:
        shadows = R.explain(feature="chat", **arguments)["shadows"]
        assert [one["slot"] for one in shadows] == [
            slot_of("shadow:chat:gpt", unit), slot_of("shadow:chat:mini", unit)]  # fmt: skip
        mirrored = [one["model"] for one in shadows if one["mirrored"]]
        assert mirrored == [*R.resolve(feature="chat", **arguments).shadows]


@pytest.mark.parametrize(("unit", "slot", "mirrored"), [("u-21970", 4999, True), ("u-13529", 5000, False)])
def test_the_last_slot_that_is_mirrored(unit: str, slot: int, mirrored: bool) -> None:
    """The slots of a sample of 0.5 are 0 to 4999, for the log and for the decision that is made anew."""
    log = R.explain(feature="chat", request_id=unit)
    shadow = log["shadows"][0]
    assert (shadow["model"], shadow["slot"], shadow["mirrored"]) == ("gpt", slot, mirrored)
    assert ("gpt" in log["decision"]["shadows"]) == mirrored


def test_the_log_goes_on_when_nothing_is_left() -> None:
    """Every filter is told, those after the one that left nothing too: each may be what has to change."""
    log = R.explain(model="auto", stack="moon", tools=True, min_quality=0.6)
    assert [(one["filter"], one["survivors"]) for one in log["filters"]] == [
        ("active", 8), ("listed", 7), ("bans", 7), ("stacks", 0), ("compliance", 0), ("capabilities", 0),
        ("quality", 0),
    ]  # fmt: skip
    assert log["decision"]["status"] == "rejected_policy"


def test_the_filters_are_those_of_the_variant_that_serves() -> None:
    """Which variant's model is filtered is decided by the unit's slot; without a unit by the first."""
    for unit, model in (("user-1", "opus"), ("user-2", "gpt"), (None, "opus")):
        log = R.explain(model="preview/nimbus", unit=unit)
        assert {tuple(one["first"]) for one in log["filters"]} == {(model,)}
        assert log["decision"]["model"] == model


def test_how_a_load_is_dealt() -> None:
    """The slot of the request, whose it is and from where to where, who may serve, and who does."""
    # Three hosts share a load: in the order of their slots they are gpt, gpt-eu, gpt-far, and so is their rank.
    shared = router(
        {
            "shares": {"gpt-logical": [[0, "gpt"], [2_500, "gpt-eu"], [5_000, "gpt-far"]]},
            "models/gpt-far": {**TABLE["models"]["gpt"], "quality_bp": 6000, "latency_ms": 900},
            "orders": {name: f"{order} gpt-far" for name, order in TABLE["orders"].items()},
        }
    )
    slots = {id_: slot_of("share:gpt-logical", id_) for id_ in ("r-0", "r-1", "r-2", "r-3", "r-4", "7")}
    assert {min(slot // 2_500, 2) for slot in slots.values()} == {0, 1, 2}
    for id_, slot in slots.items():
        owner, span = (("gpt", [0, 2_499]) if slot < 2_500 else
                       ("gpt-eu", [2_500, 4_999]) if slot < 5_000 else ("gpt-far", [5_000, 9_999]))  # fmt: skip
        dealt = {
            "logical": "gpt-logical", "stated": "gpt", "slot": slot, "range": span, "owner": owner,
            "members": ["gpt", "gpt-eu", "gpt-far"], "pick": owner,
        }  # fmt: skip
        asked: dict[str, Any] = {"model": "gpt-logical", "unit": "r-9", "request_id": id_}
        assert shared.explain(**asked)["spread"] == dealt
        assert shared.explain(**asked)["decision"]["model"] == owner
        assert shared.explain(model="gpt-logical", unit=id_)["spread"] == dealt
        near = shared.explain(**asked, min_quality=0.8)["spread"]
        heir = "gpt" if owner == "gpt-far" else owner
        assert near == {**dealt, "members": ["gpt", "gpt-eu"], "pick": heir}
        both = shared.explain(**asked, min_quality=0.8, latency_budget_ms=1500)
        assert (both["spread"], both["decision"]["model"]) == ({**dealt, "members": ["gpt"], "pick": "gpt"}, "gpt")
        within = shared.explain(**asked, latency_budget_ms=1500)["spread"]
        assert within == {**dealt, "members": ["gpt", "gpt-far"], "pick": "gpt-far" if owner == "gpt-eu" else owner}
    without = shared.explain(model="gpt-logical")["spread"]
    assert without == {
        "logical": "gpt-logical", "stated": "gpt", "slot": None, "range": None, "owner": None,
        "members": ["gpt", "gpt-eu", "gpt-far"], "pick": "gpt",
    }  # fmt: skip
    assert "spread" not in shared.explain(model="gpt-logical", unit="u", unavailable=["gpt", "gpt-eu", "gpt-far"])
    assert "spread" not in shared.explain(model="europe", stack="eu", unit="u", unavailable=["gpt-eu"])


def test_a_shadow_is_not_mirrored_to_whom_the_load_was_dealt() -> None:
    """The log's shadows are those of the model that serves, after the load is dealt and after a latency budget."""
    rows = [{"model": "gpt-eu", "status": "primary"}] + [
        {"model": slug, "status": "shadow", "sample_bp": 10_000, "max_daily_cents": None} for slug in ("gpt", "mini")
    ]
    served = router(
        {
            "shares": {"gpt-logical": [[0, "gpt"], [5_000, "gpt-eu"]]},
            "features/chat": {"fallback": ["gpt", "mini"], "min_quality_bp": None, "rows": rows, "then": None},
        }
    )
    models = set()
    for number in range(12):
        asked: dict[str, Any] = {"feature": "chat", "request_id": f"r-{number}"}
        hinted: list[dict[str, Any]] = [asked, {**asked, "latency_budget_ms": 500}]
        for call in hinted:
            log = served.explain(**call)
            mirrored = [one["model"] for one in log["shadows"] if one["mirrored"]]
            assert mirrored == log["decision"]["shadows"] == [*served.resolve(**call).shadows]
            assert log["decision"]["model"] not in mirrored
            models.add(log["decision"]["model"])
    assert models == {"gpt", "gpt-eu"}
