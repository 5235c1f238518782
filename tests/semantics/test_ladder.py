"""docs/semantics.md, section 6: never fail a live call, and never escape a policy on the way down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime.resolver import Router, load
from tests.semantics.worlds import DEFAULTS, GATE, MODELS, PREFERENCES, Service, service

ROUTED = """
defaults:
  model: good
  routes: {support: cheap, chat: weak}
  policy: {weights: {quality: 1.00, latency: 0, cost: 0}}
"""
FEATURES = "features: {chat: {models: {best: primary}, fallback: [good]}}"
TENANTS = """
tenants:
  no-china: {stacks: [us, eu]}
  us-only: {stacks: [us]}
  no-mistral: {banned_providers: [mistral]}
  no-cheap: {banned_models: [cheap]}
  careful: {compliance_veto_threshold: 0.95}
"""
REJECTED = ("rejected_policy", "default_model", None)


@pytest.fixture(scope="module")
def world() -> Service:
    """Feature `chat` has rows; `support` (zhipu's cheap) only a config route; default model mistral's good."""
    models = MODELS.replace("  good: {", "  good: {compliance: 0.94, ")
    models = models.replace("  cheap: {", "  cheap: {compliance: 0.96, ")
    return service(models=models, defaults=ROUTED, routes=FEATURES, policies=PREFERENCES + TENANTS)


def rung(decision: dict[str, Any]) -> tuple[str, str | None, str | None]:
    """Status, source and model of a decision on the ladder."""
    assert decision["route"] == "feature"
    assert decision["chain"] == ([] if decision["model"] is None else [decision["model"]])
    return decision["status"], decision["source"], decision["model"]


# With the table, and with the fallback file alone: the ladder is the same.
ASK = pytest.mark.parametrize("ask", ["ask", "ask_without_table"])


def test_registry_rows_come_first(world: Service) -> None:
    """ "registry rows → `defaults.routes[feature]` → …"."""
    assert world.ask(feature="chat")["source"] == "table"
    assert world.ask(feature="chat")["model"] == "best"


@ASK
def test_config_route_then_default_model(world: Service, ask: str) -> None:
    """ "→ `defaults.routes[feature]` → `defaults.model`"."""
    assert rung(getattr(world, ask)(feature="support")) == ("ok", "default_route", "cheap")
    assert rung(getattr(world, ask)(feature="unheard-of")) == ("ok", "default_model", "good")


def test_last_resort(world: Service) -> None:
    """ "→ the last resort given to the resolver in code"."""
    router = Router.from_bytes(world.table, world.fallback, "best")
    asked: dict[str, Any] = {"feature": "support", "tenant": "us-only"}
    assert rung(router.resolve(**asked).to_dict()) == ("ok", "last_resort", "best")
    assert rung(world.ask(**asked)) == REJECTED


def test_rungs_answer_without_a_table(world: Service) -> None:
    """ "The rungs below the registry answer when there is no usable table": also for features with rows."""
    assert rung(world.ask_without_table(feature="chat")) == ("ok", "default_route", "weak")


def test_no_rejection_falls_down_the_ladder(world: Service) -> None:
    """ "no rejection ever falls down the ladder: it would escape the policy"."""
    for request in ({"unavailable": ["best", "good"]}, {"min_quality": 1}, {"stack": "china"}):
        decision = world.ask(feature="chat", **request)
        assert (decision["status"][:8], decision["source"]) == ("rejected", "table")


@ASK
def test_rung_needs_permission_and_ability(world: Service, ask: str) -> None:
    """ "A rung is taken if its model passes permission and ability": each filter of both sends on to the next."""
    for request in (
        {"tenant": "no-china"},
        {"tenant": "no-cheap"},
        {"stack": "eu"},
        {"stack": "avoid-china"},
        {"unavailable": ["cheap"]},
        {"unavailable": ["zhipu"]},
        {"tools": True},
        {"capabilities": ["tools"]},
        {"input_tokens": 2001},
    ):
        assert rung(getattr(world, ask)(feature="support", **request)) == ("ok", "default_model", "good"), request
    assert rung(getattr(world, ask)(feature="support", tenant="no-mistral")) == ("ok", "default_route", "cheap")
    assert rung(getattr(world, ask)(feature="support", tenant="careful")) == ("ok", "default_route", "cheap")


@ASK
def test_first_that_passes_permission(world: Service, ask: str) -> None:
    """ "if none does, the first that passes permission": ability gives way, policy does not."""
    asked = getattr(world, ask)(feature="support", unavailable=["mistral", "zhipu"])
    assert rung(asked) == ("ok", "default_route", "cheap")
    asked = getattr(world, ask)(feature="support", tenant="no-china", unavailable=["mistral", "zhipu"])
    assert rung(asked) == ("ok", "default_model", "good")


@ASK
def test_rejected_with_the_last_rung_tried(world: Service, ask: str) -> None:
    """ "if none does, `rejected_policy` with the last rung tried as `source`"."""
    assert rung(getattr(world, ask)(feature="support", tenant="us-only")) == REJECTED
    assert rung(getattr(world, ask)(feature="unheard-of", tenant="no-mistral")) == REJECTED
    assert rung(getattr(world, ask)(feature="unheard-of", tenant="careful")) == REJECTED
    router = Router.from_bytes(None, world.fallback, "good")
    asked = router.resolve(feature="support", tenant="us-only").to_dict()
    assert rung(asked) == ("rejected_policy", "last_resort", None)


@ASK
def test_demand_and_latency_budget_do_not_apply_on_a_rung(world: Service, ask: str) -> None:
    """ "demand and latency budget do not apply on a rung"; an estimate is still said."""
    decision = getattr(world, ask)(
        feature="support", min_quality=1, latency_budget_ms=0, input_tokens=100, max_cost_usd=0
    )
    assert rung(decision) == ("ok", "default_route", "cheap")
    assert (decision["floor_bp"], decision["reasons"]) == (None, ["feature_unknown"])
    # 100 x 1,000,000 + 50 x 2,000,000
    assert decision["estimated_cost_pusd"] == 200_000_000


@ASK
def test_feature_unknown_whichever_rung_answers(world: Service, ask: str) -> None:
    """ "`feature_unknown` is said whichever rung answers", rejections included."""
    for request in ({"feature": "support"}, {"feature": "unheard-of"}, {"feature": "support", "tenant": "us-only"}):
        assert getattr(world, ask)(**request)["reasons"] == ["feature_unknown"]


@ASK
@pytest.mark.parametrize("mark", ["active", "listed"])
def test_rungs_of_inactive_or_unlisted_models(ask: str, mark: str) -> None:
    """Permission on a rung is a feature's: an inactive model is passed over, an unlisted one serves."""
    models = MODELS.replace("  cheap: {", f"  cheap: {{{mark}: false, ")
    decision = getattr(service(models=models, defaults=ROUTED), ask)(feature="support")
    assert decision["model"] == ("good" if mark == "active" else "cheap")


@ASK
@pytest.mark.parametrize(("unknown", "model"), [("default", "cheap"), ("reject", None)])
def test_unknown_tenant_on_the_ladder(ask: str, unknown: str, model: str | None) -> None:
    """ "an undeclared tenant is treated as `unknown_tenant` says there too"."""
    world = service(defaults=ROUTED + f"  unknown_tenant: {unknown}\n")
    decision = getattr(world, ask)(feature="support", tenant="stranger")
    assert (decision["model"], decision["reasons"]) == (model, ["feature_unknown", "tenant_unknown"])
    assert rung(decision)[1] == ("default_route" if model else "default_model")


# -- without a table ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "source"), [("cheap", "default_route"), ("weak", "default_route"), ("good", "default_model")]
)
def test_model_without_a_table_is_a_direct_call(world: Service, model: str, source: str) -> None:
    """ "Without a table `model=` answers only what is in `fallback.json`, as a direct call"."""
    decision = world.ask_without_table(model=model, min_quality=1, unavailable=[model], tools=True)
    assert (decision["status"], decision["route"], decision["source"]) == ("ok", "direct", source)
    assert (decision["chain"], decision["floor_bp"], decision["reasons"]) == ([model], None, [])


@pytest.mark.parametrize("model", ["best", "auto", "router/auto", "nobody", ""])
def test_other_models_without_a_table_are_unknown(world: Service, model: str) -> None:
    """… "only": not a model that no default names, no target, no alias; nothing answered, so `source` is null."""
    decision = world.ask_without_table(model=model)
    assert (decision["status"], decision["route"], decision["source"]) == ("unknown_model", None, None)
    assert decision["reasons"] == []


@pytest.mark.parametrize(
    ("model", "tenant"),
    [("cheap", "no-china"), ("good", "us-only"), ("good", "no-mistral"), ("cheap", "no-cheap"), ("good", "careful")],
)
def test_banned_stays_banned_without_a_table(world: Service, model: str, tenant: str) -> None:
    """ "with no table at all, a banned provider stays banned"; so do models, stacks and compliance."""
    decision = world.ask_without_table(model=model, tenant=tenant)
    assert (decision["status"], decision["route"], decision["model"]) == ("rejected_policy", "direct", None)


def test_unlisted_model_is_not_called_directly_without_a_table() -> None:
    """A direct call, so `listed` binds it there too."""
    models = MODELS.replace("  good: {", "  good: {listed: false, ")
    assert service(models=models).ask_without_table(model="good")["status"] == "rejected_policy"


def test_direct_call_without_a_table_fails_closed_on_stacks(world: Service) -> None:
    """Section 4's guards hold there too, and every stack word any provider declares is still known."""
    assert world.ask_without_table(model="cheap", stack="china")["status"] == "ok"
    assert world.ask_without_table(model="cheap", stack="avoid-us")["status"] == "ok"
    assert world.ask_without_table(model="cheap", stack="mars")["status"] == "rejected_policy"
    assert world.ask_without_table(model="cheap", stack="avoid-mars")["status"] == "rejected_policy"


def test_flags_without_a_table(world: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flags are said there too."""
    monkeypatch.delenv(GATE, raising=False)
    assert world.ask_without_table(model="good", preference="turbo")["reasons"] == ["preference_unknown"]
    assert world.ask_without_table(model="good", preference="cost")["reasons"] == ["preference_inert"]
    assert world.ask_without_table(model="good", preference="balanced")["reasons"] == []
    assert world.ask_without_table(model="good", tenant="who", unit=b"1")["reasons"] == [
        "ignored:unit",
        "tenant_unknown",
    ]
    monkeypatch.setenv(GATE, "1")
    assert world.ask_without_table(model="good", preference="cost")["reasons"] == []


def test_no_ruleset_hash_without_a_table(world: Service) -> None:
    """There is no table whose hash it could be."""
    assert world.ask_without_table(model="good")["ruleset_hash"] is None


# -- tables that are not activated ------------------------------------------------------------------------------------


def damaged(table: bytes, how: str) -> bytes:
    """Return a table in one of the states section 6 names."""
    parsed = json.loads(table)
    if how == "half-written":
        return table[: len(table) // 2]
    if how == "corrupt":
        return table.replace(b'"providers"', b'"provider$"')
    if how == "newer":
        return json.dumps({**parsed, "format": "3.0"}).encode()
    if how == "requires":
        return json.dumps({**parsed, "requires": ["time-travel"]}).encode()
    return b""


DAMAGES = pytest.mark.parametrize("how", ["half-written", "corrupt", "newer", "requires", "empty"])


@DAMAGES
def test_bad_table_is_not_activated(world: Service, how: str) -> None:
    """ "A table that is missing, half-written, corrupt, of another major format, with an unknown `requires` or with
    other bytes than those asked for (`sha256=`) is not activated: … else the ladder"."""
    router = Router.from_bytes(damaged(world.table, how), world.fallback)
    assert router.resolve(feature="chat").to_dict() == world.ask_without_table(feature="chat")


def test_other_bytes_than_those_asked_for(world: Service) -> None:
    """The same holds for a good table that is not the one asked for."""
    router = Router.from_bytes(world.table, world.fallback, sha256="0" * 64)
    assert router.resolve(feature="chat").to_dict() == world.ask_without_table(feature="chat")


@DAMAGES
def test_last_good_table_keeps_serving(world: Service, tmp_path: Path, how: str) -> None:
    """ "the last good one keeps serving"."""
    place = tmp_path / "routing_table.json"
    place.write_bytes(world.table)
    (tmp_path / "fallback.json").write_bytes(world.fallback)
    router = load(place)
    place.write_bytes(damaged(world.table, how))
    assert not router.reload()
    assert router.resolve(feature="chat").to_dict() == world.ask(feature="chat")
    place.unlink()
    assert not router.reload()
    assert router.resolve(feature="chat").to_dict() == world.ask(feature="chat")


def test_newer_minor_format_is_read(world: Service) -> None:
    """Only a newer *major* format is refused."""
    edited = world.edited(format="2.9", novelty={"key": {"part": 1}})
    assert edited.ask(feature="chat")["source"] == "table"


def test_hand_edited_second_primary() -> None:
    """ "A table that, hand-edited, carries two primaries serves the first"."""
    world = service(routes="features: {chat: {models: {good: shadow, best: primary, weak: shadow}}}")
    feature = json.loads(world.table)["features"]["chat"]
    rows = [{**row, "status": "primary"} if row["model"] != "weak" else row for row in feature["rows"]]
    assert [row["model"] for row in rows if row["status"] == "primary"] == ["good", "best"]
    edited = world.edited(features={"chat": {**feature, "rows": rows}})
    assert edited.ask(feature="chat")["chain"] == ["good"]


def test_primary_whose_provider_is_unknown() -> None:
    """ "a feature whose primary's provider is unknown counts as having no rows"."""
    world = service(defaults=DEFAULTS + "  routes: {chat: weak}\n", routes=FEATURES)
    models = json.loads(world.table)["models"]
    edited = world.edited(models={**models, "best": {**models["best"], "provider": "gone"}})
    assert rung(edited.ask(feature="chat")) == ("ok", "default_route", "weak")
    assert edited.ask(feature="chat")["reasons"] == ["feature_unknown"]


def test_fallback_file_holds_no_more_than_the_rungs(world: Service) -> None:
    """ "(config routes, default model, their endpoints, and for each the tenants that may not use it)"."""
    fallback = json.loads(world.fallback)
    assert sorted(fallback["models"]) == ["cheap", "good", "weak"]
    assert sorted(fallback["tenants"]) == ["careful", "no-cheap", "no-china", "no-mistral", "us-only"]
