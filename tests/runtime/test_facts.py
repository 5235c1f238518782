"""Router.facts and the endpoint's body: what files say beyond decisions, typed, for names of any type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from routecomp.runtime.resolver import (
    BudgetFacts,
    Facts,
    ModelFacts,
    ProviderFacts,
    ResilienceFacts,
    Router,
    ShadowFacts,
)

from . import hostile
from .tables import FALLBACK, TABLE, changed, encode, ladder, router

GIVEN: dict[str, Any] = {
    "providers/openai/params": '{"service_tier": "auto", "extra": {"a": 1}, "seed": 7}',
    "providers/openai/rpm": 4000,
    "providers/openai/parallel": 64,
    "providers/openai/connect_ms": 5000,
    "providers/openai/total_ms": 120_000,
    "models/gpt/params": '{"extra": {"b": 0.1}, "exact": 0.12345678901234567890, "big": 12345678901234567890}',
    "models/gpt/api_key_env": "GPT_KEY",
    "models/gpt/rpm": 500,
    "models/gpt/total_ms": 60_000,
    "models/gpt/max_output_tokens": 32_000,
    "models/gpt/sunset": "2027-03-31",
    "models/gpt/successor": "opus",
    "resilience/retries": 2,
    "budgets": {"berlin": {"daily_cents": 5000}, "404": {"daily_cents": 1, "monthly_cents": 90_000}},
}


def served() -> Router:
    """Return a router whose table says everything that a service keeps."""
    return router(GIVEN)


def test_what_a_table_declares() -> None:
    """A service that tries a table asks for each of its features and targets, and for tenants."""
    facts = served().facts
    assert facts.features == (*TABLE["features"],)
    assert facts.targets == (*TABLE["targets"],)
    assert facts.tenants == (*TABLE["tenants"],)
    without = ladder().facts
    assert (without.features, without.targets, without.tenants) == ((), (), (*FALLBACK["tenants"],))
    assert Router.from_bytes(None).facts.tenants == ()
    assert "secret" not in router({"models/hidden/provider": "nobody"}).facts.features  # it counts as having no rows


def test_an_endpoint_carries_what_the_call_needs() -> None:
    """The model's params and timeouts complete the provider's; both limits hold; the key is the model's own."""
    table = served()
    decision = table.resolve(model="gpt")
    assert decision.api_key_env == "GPT_KEY"
    endpoint = table.endpoint(decision, "gpt")
    assert endpoint is not None
    assert endpoint.params == {
        "service_tier": "auto",
        "extra": {"b": 0.1},
        "seed": 7,
        "exact": Decimal("0.12345678901234567890"),
        "big": 12345678901234567890,
    }
    assert type(endpoint.params["extra"]["b"]) is float
    assert endpoint.max_output_tokens == 32_000
    assert endpoint.timeouts == {"connect_ms": 5000, "total_ms": 60_000}
    assert endpoint.limits == {"provider": {"rpm": 4000, "parallel": 64}, "model": {"rpm": 500}}
    assert endpoint.api_key_env == "GPT_KEY"
    chained = table.resolve(feature="chat")
    assert table.endpoint(chained, "gpt") == endpoint
    other = table.endpoint(chained, "mistral-3")
    assert other is not None
    assert (other.params, other.max_output_tokens, other.timeouts) == ({}, None, {})
    assert other.limits == {"provider": {}, "model": {}}


def test_a_versions_key_counts_before_the_models() -> None:
    """Of three variables the version's is used, and else the model's."""
    table = router(GIVEN | {"models/opus/api_key_env": "OPUS_KEY"})
    keys = {table.resolve(model="preview/nimbus", unit=f"user-{number}").api_key_env for number in range(20)}
    assert keys == {"OPUS_KEY", "NIMBUS_KEY"}


def test_facts_name_the_models_of_a_key() -> None:
    """A model's own key counts before its provider's; what is no name of a variable names nothing."""
    facts = served().facts
    slugs = sorted(TABLE["models"])
    assert facts.called_with("GPT_KEY") == ("gpt",)
    for slug in slugs:
        model = facts.model(slug)
        assert model is not None
        assert slug in facts.called_with(model.api_key_env)
    of_each = [
        set(facts.called_with(key)) for key in (None, *{row["api_key_env"] for row in TABLE["providers"].values()})
    ]
    assert "gpt" not in set().union(*of_each)
    assert sorted({"gpt"}.union(*of_each)) == slugs
    assert facts.called_with("NIMBUS_KEY") == facts.called_with("") == ()
    for value in hostile.values():
        assert facts.called_with(value) == (facts.called_with(None) if value is None else ())


def test_facts_are_those_of_files() -> None:
    """Facts of one table are equal each time they are asked for; those of another, even of the same bytes, are not."""
    table = served()
    assert table.facts == table.facts
    assert len({table.facts, table.facts}) == 1
    assert table.facts != served().facts
    assert table.facts != object()
    other = served()
    assert hash(table.facts) != hash(other.facts)


def test_what_a_caller_changes_stays_its_own() -> None:
    """The mappings of an endpoint are the caller's."""
    table = served()
    decision = table.resolve(model="gpt")
    first: Any = table.endpoint(decision, "gpt")
    first.params["extra"]["b"] = first.timeouts["total_ms"] = first.limits["model"]["rpm"] = 0
    second: Any = table.endpoint(decision, "gpt")
    assert (second.params["extra"]["b"], second.timeouts["total_ms"], second.limits["model"]["rpm"]) == (
        0.1,
        60_000,
        500,
    )


def test_facts_of_models_and_providers() -> None:
    """Figures are in the table's units; what is not declared is None or left out."""
    facts = served().facts
    model = facts.model("gpt")
    assert model is not None
    assert (model.input_pusd, model.quality_bp, model.context_window) == (2_000_000, 8400, 100_000)
    assert (model.sunset, model.successor, model.max_output_tokens) == ("2027-03-31", "opus", 32_000)
    assert (model.limits, model.timeouts) == ({"rpm": 500}, {"connect_ms": 5000, "total_ms": 60_000})
    other = facts.model("mistral-3")
    assert other is not None
    assert (other.sunset, other.successor, other.limits, other.timeouts) == (None, None, {}, {})
    assert facts.provider("openai") == ProviderFacts(
        "openai",
        "openai",
        "us",
        "OPENAI_API_KEY",
        {"rpm": 4000, "parallel": 64},
        {"connect_ms": 5000, "total_ms": 120_000},
    )


def test_every_fact_of_a_model() -> None:
    """Each of the fields is that of its own figure: no two of them are alike."""
    body = {
        "provider": "mistral", "upstream": "up/gpt", "logical": "gpt-logical", "quality_bp": 8401,
        "compliance_bp": 9002, "input_pusd": 3, "output_pusd": 4, "output_ratio_bp": 5005, "latency_ms": 6,
        "context_window": 70_000, "min_output_tokens": 8, "max_output_tokens": 9_000,
        "capabilities": ["tools", "vision"], "active": True, "listed": True, "sunset": "2027-03-31",
        "successor": "opus", "rpm": 10, "tpm": 11, "parallel": 12, "connect_ms": 13, "first_token_ms": 14,
        "total_ms": 15, "api_key_env": "GPT_KEY",
    }  # fmt: skip
    wanted = ModelFacts(
        "gpt", "mistral", "up/gpt", "gpt-logical", 8401, 9002, 3, 4, 5005, 6, 70_000, 8, 9_000, ("tools", "vision"),
        True, True, "2027-03-31", "opus", {"rpm": 10, "tpm": 11, "parallel": 12},
        {"connect_ms": 13, "first_token_ms": 14, "total_ms": 15}, "GPT_KEY",
    )  # fmt: skip
    assert router({"models/gpt": body}).facts.model("gpt") == wanted
    assert ladder({"models/gpt": body}).facts.model("gpt") == wanted
    off = router({"models/gpt": {**body, "active": False, "listed": False, "api_key_env": None}}).facts.model("gpt")
    assert off == wanted._replace(active=False, listed=False, api_key_env="MISTRAL_API_KEY")
    lost = router({"models/gpt": {**body, "provider": "nobody", "api_key_env": None, "total_ms": None}}).facts
    assert lost.model("gpt") == wanted._replace(
        provider="nobody", api_key_env=None, timeouts={"connect_ms": 13, "first_token_ms": 14}
    )


def test_facts_of_tenants_features_and_trying_again() -> None:
    """Budgets by tenant, also by a whole number; shadows by feature and model; how to try again."""
    facts = served().facts
    assert facts.resilience == ResilienceFacts(5, 60, 60, 5, 2)
    assert router().facts.resilience == ResilienceFacts(5, 60, 60, 5, 0)
    assert facts.budgets == ("berlin", "404")
    assert router().facts.budgets == ladder().facts.budgets == ()
    budget = facts.budget("berlin")
    assert budget == BudgetFacts(5000, None)
    assert budget is not None
    assert (budget.daily_usd, budget.monthly_usd) == (Decimal("50.00"), None)
    assert facts.budget(404) == BudgetFacts(1, 90_000)
    assert BudgetFacts(None, 90_001).monthly_usd == Decimal("900.01")
    assert BudgetFacts(None, 90_001).daily_usd is None
    assert facts.budget("careful") is facts.budget("nobody") is facts.budget(None) is None
    shadow = facts.shadow("chat", "gpt")
    assert shadow == ShadowFacts(5000, 100)
    assert shadow is not None
    assert (shadow.sample, shadow.max_daily_usd) == (Decimal("0.5"), Decimal(1))
    assert facts.shadow("chat", "mini") == ShadowFacts(10_000, None)
    assert facts.shadow("chat", "qwen-max") is facts.shadow("chat", "opus") is facts.shadow("nobody", "gpt") is None


def test_facts_without_a_table() -> None:
    """The fallback file knows its models and providers; without any file nothing is known."""
    facts = Router.from_bytes(None, encode(changed(FALLBACK, {}))).facts
    assert facts.model("gpt") is not None
    assert facts.provider("openai") is not None
    assert (facts.resilience, facts.budget("berlin"), facts.shadow("chat", "gpt")) == (None, None, None)
    nothing = Router.from_bytes(None).facts
    assert (nothing.model("gpt"), nothing.provider("openai"), nothing.resilience) == (None, None, None)


def test_facts_are_those_of_the_table_that_served() -> None:
    """Facts are read-only, and stay what they were when another table is activated."""
    facts = served().facts
    assert type(facts) is Facts
    assert not [name for name in dir(facts) if not name.startswith("_") and name.startswith("set")]


def test_names_of_any_type_are_answered() -> None:
    """Nothing raises, and no method of a caller's own class runs."""
    facts = served().facts
    for value in hostile.values():
        assert facts.model(value) is None or isinstance(value, str)
        assert facts.provider(value) is None or isinstance(value, str)
        facts.budget(value)
        facts.shadow(value, value)


def test_params_that_are_no_object_are_refused() -> None:
    """The text of params is looked at when a table is loaded."""
    table = encode(changed(TABLE, {"models/gpt/params": "[1]"}))
    words = "routing table: model 'gpt': `params` is not the text of a JSON object or null"
    assert Router.from_bytes(table).status()["last_rejection"] == words


def test_facts_name_what_needs_a_variable() -> None:
    """Active models by their key and their secret headers, versions of experiments by theirs."""
    changes = GIVEN | {"providers/qwen/secret_headers": {"x-gateway": "GATEWAY_KEY"}}
    needed = router(changes).facts.key_variables
    assert needed["GATEWAY_KEY"] == ("qwen-max",)
    assert "preview/nimbus/gpt" in needed["NIMBUS_KEY"]
    assert "off" not in {slug for slugs in needed.values() for slug in slugs}
    assert list(needed) == sorted(needed)
    assert ladder().facts.key_variables == {"MISTRAL_API_KEY": ("mistral-3",), "OPENAI_API_KEY": ("gpt", "thinker")}
