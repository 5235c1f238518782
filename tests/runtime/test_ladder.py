"""Docs/semantics.md, section 6: no call fails because a table, a feature or a file is missing."""

from __future__ import annotations

from typing import Any

import pytest

from routecomp.runtime.resolver import Router, load

from .tables import ladder, model, router

TABLE = router()
FILE = ladder()
ENDPOINT: dict[str, Any] = {
    "model": "spare",
    "provider": "spare-host",
    "upstream_model": "spare-1",
    "url": "https://spare.example/v1",
    "adapter": "openai",
}


def test_rungs_of_the_table() -> None:
    """An undeclared feature is served by its config route, else by the default model."""
    decision = TABLE.resolve(feature="batch", input_tokens=100)
    assert (decision.status, decision.route, decision.source) == ("ok", "feature", "default_route")
    assert (decision.model, decision.chain, decision.floor_bp) == ("mistral-3", ("mistral-3",), None)
    assert decision.estimated_cost_pusd == 100 * 1_000_000 + 50 * 3_000_000
    assert decision.reasons == ("feature_unknown",)
    assert decision.ruleset_hash is not None
    assert TABLE.resolve(feature="").source == "default_model"


def test_feature_without_a_usable_primary_has_no_rows() -> None:
    """No primary row, or one whose provider is unknown: the feature counts as having no rows."""
    no_primary = router({"features/chat/rows": [{"model": "gpt", "status": "shadow"}]})
    assert no_primary.resolve(feature="chat").source == "default_model"
    lost = router({"models/opus/provider": "gone"})
    assert lost.resolve(feature="chat").source == "default_model"
    assert lost.resolve(model="opus").status == "rejected_policy"
    assert "opus" not in lost.resolve(model="auto").chain


def test_two_primaries_serve_the_first() -> None:
    """Of two primary rows the first serves; if its provider is unknown the feature has no rows."""
    rows = [{"model": "gpt", "status": "primary"}, {"model": "opus", "status": "primary"}]
    assert router({"features/chat/rows": rows}).resolve(feature="chat").model == "gpt"
    lost = router({"features/chat/rows": rows, "models/gpt/provider": "gone", "defaults/model": "mini"})
    assert lost.resolve(feature="chat").source == "default_model"


def test_rung_needs_permission_and_prefers_ability() -> None:
    """The first rung that may and can; else the first that may; else rejected at the last rung tried."""
    # deep -> thinker has no tools; the default model gpt has
    assert TABLE.resolve(feature="deep", tools=True).source == "default_model"
    assert TABLE.resolve(feature="deep", capabilities=["telepathy"]).source == "default_route"
    rejected = TABLE.resolve(feature="deep", tenant="berlin")
    assert (rejected.status, rejected.route, rejected.source) == (
        "rejected_policy",
        "feature",
        "default_model",
    )
    assert rejected.reasons == ("feature_unknown",)
    assert TABLE.resolve(feature="batch", tenant="berlin").model == "mistral-3"


def test_demand_and_latency_do_not_bind_a_rung() -> None:
    """A rung knows no floor, no cost limit and no latency budget."""
    decision = TABLE.resolve(feature="batch", min_quality=1, input_tokens=9, max_cost_usd=0, latency_budget_ms=0)
    assert (decision.status, decision.reasons) == ("ok", ("feature_unknown",))


def test_a_rung_may_be_unlisted_but_not_inactive() -> None:
    """`listed` does not bind a rung; `active` does."""
    assert router({"defaults/model": "hidden"}).resolve(feature="?").model == "hidden"
    assert router({"defaults/model": "off"}).resolve(feature="?").status == "rejected_policy"


def test_rejections_never_fall_down() -> None:
    """A declared feature that is rejected stays rejected: the ladder would escape the policy."""
    assert TABLE.resolve(feature="secret", stack="eu").status == "rejected_policy"


def test_file_alone() -> None:
    """With no table the fallback file's rungs answer, under the tenants' permissions."""
    decision = FILE.resolve(feature="chat", tenant="picky")
    assert (decision.source, decision.model, decision.ruleset_hash) == ("default_model", "gpt", None)
    assert decision.reasons == ("feature_unknown",)
    assert FILE.resolve(feature="batch").source == "default_route"
    assert FILE.resolve(feature="chat", tenant="careful").status == "rejected_policy"  # gpt is banned
    assert FILE.resolve(feature="batch", tenant="careful").model == "mistral-3"
    assert FILE.resolve(feature="chat", tenant="berlin").source == "default_model"
    assert FILE.resolve(feature="batch", tenant="berlin").model == "mistral-3"
    assert FILE.resolve(feature="batch", stack="avoid-china").model == "mistral-3"
    assert FILE.resolve(feature="batch", stack="avoid-moon").status == "rejected_policy"


def test_file_alone_answers_pinned_models_only() -> None:
    """With no table `model=` answers what is in the file, as a direct call; nothing else is known."""
    decision = FILE.resolve(model="thinker", tools=True)
    assert (decision.status, decision.route, decision.source) == ("ok", "direct", "default_route")
    assert FILE.resolve(model="gpt").source == "default_model"
    assert FILE.resolve(model="gpt", tenant="careful").status == "rejected_policy"
    assert FILE.resolve(model="gpt", tenant="careful").source == "default_model"
    unlisted = ladder({"models/gpt/listed": False})
    assert unlisted.resolve(model="gpt").status == "rejected_policy"
    assert unlisted.resolve(feature="x").model == "gpt"
    for name in ("opus", "auto", "router/auto", "gpt-logical", "preview/nimbus"):
        decision = FILE.resolve(model=name)
        assert (decision.status, decision.route, decision.source) == ("unknown_model", None, None)
        assert decision.reasons == ()


def test_file_alone_says_the_same_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tenants and preferences are flagged without a table too."""
    monkeypatch.delenv("TEST_PREFERENCE_LIVE", raising=False)
    assert FILE.resolve(feature="batch", tenant="?", preference="cost").reasons == (
        "feature_unknown",
        "preference_inert",
        "tenant_unknown",
    )
    assert FILE.resolve(feature="batch", preference="?").reasons == ("feature_unknown", "preference_unknown")
    assert FILE.resolve(feature="batch", preference="balanced").reasons == ("feature_unknown",)
    monkeypatch.setenv("TEST_PREFERENCE_LIVE", "1")
    assert FILE.resolve(feature="batch", preference="cost").reasons == ("feature_unknown",)
    strict = ladder({"defaults/unknown_tenant": "reject"})
    assert strict.resolve(feature="batch", tenant="?").status == "rejected_policy"


def test_a_rung_the_file_does_not_hold_is_none() -> None:
    """A rung whose model the file lacks does not count."""
    decision = ladder({"models": {}}).resolve(feature="batch")
    assert (decision.status, decision.route, decision.source) == ("unknown_model", None, None)
    assert decision.reasons == ("feature_unknown",)
    assert ladder({"models/mistral-3": ...}).resolve(feature="batch").source == "default_model"


def test_nothing_at_all() -> None:
    """With neither file every tenant is unknown and only a last resort answers, features alone."""
    bare = Router.from_bytes(None, None)
    decision = bare.resolve(feature="chat", tenant="acme", preference="cost")
    assert (decision.status, decision.route, decision.source) == ("unknown_model", None, None)
    assert decision.reasons == ("feature_unknown", "preference_unknown", "tenant_unknown")
    spare = Router.from_bytes(None, None, ENDPOINT)
    decision = spare.resolve(feature="chat", input_tokens=5)
    assert decision[:10] == (
        "ok",
        "feature",
        "last_resort",
        "spare",
        "spare-host",
        "spare-1",
        "https://spare.example/v1",
        "openai",
        None,
        ("spare",),
    )
    assert decision.estimated_cost_pusd is None
    assert spare.resolve(model="spare").status == "unknown_model"
    assert spare.resolve(feature="chat", stack="us").status == "rejected_policy"
    assert spare.resolve(feature="chat", stack="us").source == "last_resort"
    assert Router.from_bytes(None, None, "gpt").resolve(feature="chat").status == "unknown_model"


def test_last_resort_below_a_table() -> None:
    """The last resort is the third rung, under the tenant's permissions as far as it declares anything."""
    spare = router(last_resort=ENDPOINT | {"stack": "us"})
    assert spare.resolve(feature="?").source == "default_model"
    assert spare.resolve(feature="?", unavailable=["gpt"]).source == "last_resort"
    assert spare.resolve(feature="?", unavailable=["gpt", "spare"]).source == "default_model"
    assert spare.resolve(feature="?", tenant="berlin").source == "last_resort"
    assert spare.resolve(feature="?", tenant="berlin").status == "rejected_policy"
    assert router(last_resort=ENDPOINT).resolve(feature="?", tenant="berlin").status == "rejected_policy"
    eu = router(last_resort=ENDPOINT | {"stack": "eu", "compliance_bp": 5000})
    assert eu.resolve(feature="?", tenant="berlin").model == "spare"
    lax = router(last_resort=ENDPOINT | {"stack": "eu", "compliance_bp": 4999})
    assert lax.resolve(feature="?", tenant="berlin").status == "rejected_policy"
    banned = router(last_resort=ENDPOINT | {"provider": "anthropic"})
    assert banned.resolve(feature="?", tenant="careful").status == "rejected_policy"
    assert router(last_resort="opus").resolve(feature="?", unavailable=["gpt"]).model == "opus"


@pytest.mark.parametrize(
    "bad",
    [7, "", {}, ENDPOINT | {"url": None}, ENDPOINT | {"colour": "red"}, ENDPOINT | {"capabilities": "tools"}],
)
def test_malformed_last_resort_raises_at_once(bad: Any) -> None:
    """A last resort that cannot work is the programmer's error, told at construction."""
    with pytest.raises(ValueError, match="last_resort"):
        load("/nowhere/routing_table.json", last_resort=bad)


def test_a_model_only_the_file_has() -> None:
    """A last resort by slug is looked up in the fallback file when there is no table."""
    file = ladder({"models/extra": model("openai", 1, (1, 1), 1), "models/gpt": ...}, last_resort="extra")
    assert file.resolve(feature="chat").source == "last_resort"


def test_a_cost_needs_both_prices_of_a_last_resort() -> None:
    """With one price missing no cost is estimated; what is left out has the defaults of a model in YAML."""

    def cost(**more: int) -> int | None:
        return Router(None, None, ENDPOINT | more).resolve(feature="f", input_tokens=10).estimated_cost_pusd

    assert cost() is cost(input_pusd=2) is cost(output_pusd=4) is None
    assert cost(input_pusd=2, output_pusd=4) == 10 * 2 + 5 * 4  # half an output token for each
    assert cost(input_pusd=2, output_pusd=4, output_ratio_bp=20_000) == 10 * 2 + 20 * 4


def test_an_avoided_stack_is_not_avoided_twice() -> None:
    """A stack word that nobody declared passes nothing, not even one made of the words that are."""
    for served in (router(last_resort=ENDPOINT | {"stack": "us"}), ladder(last_resort=ENDPOINT | {"stack": "us"})):
        assert served.resolve(feature="?", stack="us").status == "ok"
        for stack in ("avoid-avoid-eu", "avoid-", "avoid-moon", "Us", " us"):
            assert served.resolve(feature="?", stack=stack).status == "rejected_policy", stack
            assert served.resolve(model="gpt", stack=stack).status == "rejected_policy", stack
        spare = served.resolve(feature="?", stack="avoid-eu", unavailable=["gpt"])
        assert (spare.status, spare.source) == ("ok", "last_resort")
    alone = Router(None, None, ENDPOINT | {"stack": "us"})
    assert alone.resolve(feature="?", stack="us").status == "ok"
    assert alone.resolve(feature="?", stack="avoid-us").status == "rejected_policy"
    assert alone.resolve(feature="?", stack="eu").status == "rejected_policy"
