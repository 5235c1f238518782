"""docs/semantics.md, section 4, "Filters": which models a request leaves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.semantics.worlds import MODELS, Service, service

TENANTS = """
presets:
  balanced: {weights: {quality: 1.00, latency: 0, cost: 0}}
tenants:
  no-mistral: {banned_providers: [mistral]}
  no-best: {banned_models: [best]}
  no-family: {banned_models: [family]}
  eu-only: {stacks: [eu]}
  west: {stacks: [us, eu]}
  careful: {compliance_veto_threshold: 0.90}
  demanding: {min_quality: 0.95}
"""
EXPERIMENT = """
experiments:
  test: {public_model_id: id/test, status: completed, winner: a, variants: {
    a: {weight: 1, versions: [{version: 1, model: MODEL}]}}}
"""


@pytest.fixture(scope="module")
def world() -> Service:
    """Four models on three stacks; tenants with one permission each; `best` and `good` are hosts of `family`."""
    models = MODELS.replace("best: {", "best: {logical_slug: family, compliance: 0.89, ")
    models = models.replace("good: {", "good: {logical_slug: family, compliance: 0.90, ")
    routes = "features: {chat: {models: {best: primary}, fallback: [good, cheap, weak]}}"
    return service(models=models, routes=routes, policies=TENANTS, experiments=EXPERIMENT.replace("MODEL", "best"))


def outcome(decision: dict[str, Any]) -> tuple[str, list[str]]:
    """Status and chain."""
    return decision["status"], decision["chain"]


def world_with(model: str, extra: str) -> Service:
    """Return a service with one more field on one model, in every kind of route; features lead with another model."""
    models = MODELS.replace(f"  {model}: {{", f"  {model}: {{logical_slug: twin, {extra}, ")
    targets = f"targets: {{auto: {{candidates: all}}, only: {{candidates: {{models: [{model}]}}}}}}"
    routes = f"features: {{chat: {{models: {{good: primary}}, fallback: [{model}]}}}}"
    return service(models=models, targets=targets, routes=routes, experiments=EXPERIMENT.replace("MODEL", model))


def test_active() -> None:
    """ "active": a model that is not active serves on no route."""
    world = world_with("best", "active: false")
    assert outcome(world.ask(model="auto")) == ("ok", ["good", "cheap", "weak"])
    assert outcome(world.ask(feature="chat")) == ("ok", ["good"])
    for name in ("only", "twin", "best", "id/test"):
        assert outcome(world.ask(model=name)) == ("rejected_policy", []), name


def test_listed_binds_target_logical_and_direct() -> None:
    """ "listed (target, logical and direct routes)"."""
    world = world_with("best", "listed: false")
    assert outcome(world.ask(model="auto")) == ("ok", ["good", "cheap", "weak"])
    for name in ("only", "twin", "best"):
        assert outcome(world.ask(model=name)) == ("rejected_policy", []), name


def test_unlisted_models_serve_features_and_experiments_that_name_them() -> None:
    """Section 2: "false: only features and experiments that name it reach it"."""
    world = world_with("best", "listed: false")
    assert outcome(world.ask(feature="chat")) == ("ok", ["good", "best"])
    assert outcome(world.ask(model="id/test")) == ("ok", ["best"])


def test_banned_provider(world: Service) -> None:
    """ "bans": no model of a banned provider, on any route."""
    assert outcome(world.ask(model="auto", tenant="no-mistral")) == ("ok", ["best", "cheap"])
    assert outcome(world.ask(feature="chat", tenant="no-mistral")) == ("ok", ["best", "cheap"])
    assert outcome(world.ask(model="good", tenant="no-mistral")) == ("rejected_policy", [])


def test_banned_model(world: Service) -> None:
    """ "bans": no banned model, whatever names it."""
    assert outcome(world.ask(model="auto", tenant="no-best")) == ("ok", ["good", "cheap", "weak"])
    assert outcome(world.ask(feature="chat", tenant="no-best")) == ("ok", ["good", "cheap", "weak"])
    assert outcome(world.ask(model="best", tenant="no-best")) == ("rejected_policy", [])
    assert outcome(world.ask(model="id/test", tenant="no-best")) == ("rejected_policy", [])


def test_banned_logical_slug(world: Service) -> None:
    """Section 2: `banned_models` are "model or logical slugs": a logical one bans each host."""
    assert outcome(world.ask(model="auto", tenant="no-family")) == ("ok", ["cheap", "weak"])
    assert outcome(world.ask(model="family", tenant="no-family")) == ("rejected_policy", [])
    assert outcome(world.ask(model="good", tenant="no-family")) == ("rejected_policy", [])


def test_policy_stacks(world: Service) -> None:
    """ "stacks (the policy's list …)"."""
    assert outcome(world.ask(model="auto", tenant="eu-only")) == ("ok", ["good", "weak"])
    assert outcome(world.ask(model="auto", tenant="west")) == ("ok", ["best", "good", "weak"])
    assert outcome(world.ask(model="cheap", tenant="west")) == ("rejected_policy", [])


def test_callers_stack(world: Service) -> None:
    """ "the caller's `stack: eu` or `avoid-china`"."""
    assert outcome(world.ask(model="auto", stack="eu")) == ("ok", ["good", "weak"])
    assert outcome(world.ask(model="auto", stack="avoid-china")) == ("ok", ["best", "good", "weak"])
    assert outcome(world.ask(model="cheap", stack="avoid-china")) == ("rejected_policy", [])
    assert outcome(world.ask(model="id/test", stack="eu")) == ("rejected_policy", [])


def test_callers_stack_never_widens_the_policys(world: Service) -> None:
    """Both bind: the policy's list and the caller's."""
    assert outcome(world.ask(model="auto", tenant="eu-only", stack="us")) == ("rejected_policy", [])
    assert outcome(world.ask(model="auto", tenant="west", stack="avoid-us")) == ("ok", ["good", "weak"])


def test_compliance(world: Service) -> None:
    """ "compliance (`compliance ≥ compliance_veto_threshold`)": 0.90 passes 0.90, 0.89 does not."""
    assert outcome(world.ask(model="auto", tenant="careful")) == ("ok", ["good", "cheap", "weak"])
    assert outcome(world.ask(model="best", tenant="careful")) == ("rejected_policy", [])


def test_available_models(world: Service) -> None:
    """ "available (`unavailable` names models or providers)": models."""
    assert outcome(world.ask(model="auto", unavailable=["best", "cheap"])) == ("ok", ["good", "weak"])
    assert outcome(world.ask(feature="chat", unavailable=["best"])) == ("ok", ["good", "cheap", "weak"])


def test_available_providers(world: Service) -> None:
    """ "available (`unavailable` names models or providers)": providers; logical slugs are neither."""
    assert outcome(world.ask(model="auto", unavailable=["mistral"])) == ("ok", ["best", "cheap"])
    assert outcome(world.ask(model="auto", unavailable=["family"])) == ("ok", ["best", "good", "cheap", "weak"])


def test_capabilities(world: Service) -> None:
    """ "capabilities (`stream` needs `streaming`, `tools` needs `tools`, and those named)"."""
    assert outcome(world.ask(model="auto", stream=True)) == ("ok", ["best", "good", "cheap"])
    assert outcome(world.ask(model="auto", tools=True)) == ("ok", ["best", "good"])
    assert outcome(world.ask(model="auto", capabilities=["vision"])) == ("ok", ["best"])
    assert outcome(world.ask(model="auto", stream=True, capabilities=["tools"])) == ("ok", ["best", "good"])
    assert outcome(world.ask(model="auto", stream=False, tools=False)) == ("ok", ["best", "good", "cheap", "weak"])


def test_context(world: Service) -> None:
    """ "context (`input_tokens + max_output_tokens ≤ context_window`)": 4900 + 100 fits 5000, one more does not."""
    assert outcome(world.ask(model="auto", input_tokens=4900, max_output_tokens=100)) == ("ok", ["best", "good"])
    assert outcome(world.ask(model="auto", input_tokens=4901, max_output_tokens=100)) == ("ok", ["best"])


def test_context_counts_a_missing_number_as_zero(world: Service) -> None:
    """ "a missing one counts 0"."""
    assert outcome(world.ask(model="auto", input_tokens=2000)) == ("ok", ["best", "good", "cheap"])
    assert outcome(world.ask(model="auto", max_output_tokens=2000)) == ("ok", ["best", "good", "cheap"])
    assert outcome(world.ask(model="auto", max_output_tokens=2001)) == ("ok", ["best", "good"])
    assert outcome(world.ask(model="auto", input_tokens=10001)) == ("rejected_unavailable", [])


def test_reasoning_floor(world: Service) -> None:
    """ "reasoning floor (`max_output_tokens ≥ min_output_tokens`)": `best` needs 100."""
    assert outcome(world.ask(model="auto", max_output_tokens=100)) == ("ok", ["best", "good", "cheap", "weak"])
    assert outcome(world.ask(model="auto", max_output_tokens=99)) == ("ok", ["good", "cheap", "weak"])
    assert outcome(world.ask(model="auto", input_tokens=1)) == ("ok", ["best", "good", "cheap", "weak"])


def test_output_ceiling() -> None:
    """ "output ceiling (`max_output_tokens ≤` the model's own, where both are given)": `best` answers with 100."""
    capped = MODELS.replace("min_output_tokens: 100", "min_output_tokens: 100, max_output_tokens: 100")
    world = service(models=capped, experiments=EXPERIMENT.replace("MODEL", "best"))
    assert outcome(world.ask(model="auto", max_output_tokens=100)) == ("ok", ["best", "good", "cheap", "weak"])
    assert outcome(world.ask(model="auto", max_output_tokens=101)) == ("ok", ["good", "cheap", "weak"])
    assert outcome(world.ask(model="auto", input_tokens=1000)) == ("ok", ["best", "good", "cheap", "weak"])
    assert outcome(world.ask(model="best", max_output_tokens=101)) == ("ok", ["best"])
    assert outcome(world.ask(model="id/test", max_output_tokens=101)) == ("rejected_unavailable", [])


def test_quality(world: Service) -> None:
    """ "*demand*: quality ≥ floor": equal is enough."""
    assert outcome(world.ask(model="auto", min_quality=0.6)) == ("ok", ["best", "good", "cheap"])
    assert outcome(world.ask(model="auto", min_quality=0.6001)) == ("ok", ["best", "good"])
    assert outcome(world.ask(model="auto", tenant="demanding")) == ("rejected_floor", [])


def test_cost(world: Service) -> None:
    """ "cost (`estimated cost ≤ max_cost_usd`)": 1,000 tokens cost 8,000 micro-dollars on `good`; equal is enough."""
    from decimal import Decimal

    assert outcome(world.ask(model="auto", input_tokens=1000, max_cost_usd=0.008)) == ("ok", ["good", "cheap", "weak"])
    just_less = Decimal("0.008") - Decimal("1e-12")
    assert outcome(world.ask(model="auto", input_tokens=1000, max_cost_usd=just_less)) == ("ok", ["cheap", "weak"])
    assert outcome(world.ask(model="auto", input_tokens=1000, max_cost_usd=0)) == ("rejected_cost", [])


def test_every_entry_of_a_chain_is_held_to_all_three_groups(world: Service) -> None:
    """ "feature, target, logical model: every entry of the chain | yes | yes | yes"."""
    assert outcome(world.ask(feature="chat", stack="avoid-us")) == ("ok", ["good", "cheap", "weak"])
    assert outcome(world.ask(feature="chat", tools=True)) == ("ok", ["best", "good"])
    assert outcome(world.ask(feature="chat", min_quality=0.8)) == ("ok", ["best", "good"])
    assert outcome(world.ask(model="family", min_quality=0.85)) == ("ok", ["best"])
    assert outcome(world.ask(model="family", tools=True, unavailable=["anthropic"])) == ("ok", ["good"])
    assert outcome(world.ask(model="family", input_tokens=1000, max_cost_usd=0.01)) == ("ok", ["good"])


def test_variant_is_held_to_permission_and_ability(world: Service) -> None:
    """ "experiment variant, shadow | yes | yes | no": quality and cost do not bind it."""
    asked = {"model": "id/test", "min_quality": 1, "input_tokens": 1000, "max_cost_usd": 0}
    assert outcome(world.ask(**asked)) == ("ok", ["best"])
    assert outcome(world.ask(**asked, stack="eu")) == ("rejected_policy", [])
    assert outcome(world.ask(**asked, capabilities=["audio"])) == ("rejected_unavailable", [])
    assert outcome(world.ask(**asked, unavailable=["best"])) == ("rejected_unavailable", [])
    assert outcome(world.ask(model="id/test", max_output_tokens=99)) == ("rejected_unavailable", [])
    assert outcome(world.ask(model="id/test", input_tokens=10001)) == ("rejected_unavailable", [])


def test_pinned_model_is_held_to_permission_alone(world: Service) -> None:
    """ "pinned (direct) | yes | no | no"."""
    asked = {
        "model": "weak",
        "min_quality": 1,
        "input_tokens": 10**9,
        "max_output_tokens": 1,
        "max_cost_usd": 0,
        "tools": True,
        "stream": True,
        "capabilities": ["vision"],
        "unavailable": ["weak", "mistral"],
    }
    assert outcome(world.ask(**asked)) == ("ok", ["weak"])
    assert outcome(world.ask(**asked, stack="us")) == ("rejected_policy", [])


def test_no_fallback_escapes_a_policy(world: Service) -> None:
    """ "No permission filter is ever relaxed … a fallback cannot escape a policy"."""
    asked = {"feature": "chat", "tenant": "eu-only"}
    assert outcome(world.ask(**asked)) == ("ok", ["good", "weak"])
    assert outcome(world.ask(**asked, unavailable=["good", "weak"])) == ("rejected_unavailable", [])
    assert outcome(world.ask(**asked, unavailable=["mistral"], min_quality=0.95)) == ("rejected_unavailable", [])


def test_nothing_is_swapped_for_a_variant_or_pinned_model(world: Service) -> None:
    """ "A variant or pinned model that does not pass is rejected, never swapped for another"."""
    for name in ("id/test", "best"):
        decision = world.ask(model=name, tenant="no-best")
        assert (decision["status"], decision["model"], decision["chain"]) == ("rejected_policy", None, [])


def test_input_that_is_not_given_filters_nothing(world: Service) -> None:
    """ "An input the caller did not give filters nothing"."""
    assert outcome(world.ask(model="auto")) == ("ok", ["best", "good", "cheap", "weak"])
    assert outcome(world.ask(model="auto", capabilities=[], unavailable=[])) == (
        "ok",
        ["best", "good", "cheap", "weak"],
    )


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        # Nothing is left after the stack; that nothing had the capability either comes later in the order.
        ({"stack": "mars", "capabilities": ["audio"], "min_quality": 1}, "rejected_policy"),
        # us alone (`best`), and `best` is unavailable.
        ({"stack": "us", "unavailable": ["anthropic"], "min_quality": 1}, "rejected_unavailable"),
        # `cheap` is too weak, `best` too dear: the last to fall falls at quality … or at cost.
        ({"unavailable": ["mistral"], "min_quality": 0.95, "input_tokens": 1, "max_cost_usd": 0}, "rejected_floor"),
        ({"unavailable": ["mistral"], "min_quality": 0.90, "input_tokens": 1, "max_cost_usd": 0}, "rejected_cost"),
        # `best` cannot (reasoning floor), the others may not: ability comes after permission.
        ({"tenant": "no-mistral", "stack": "us", "max_output_tokens": 1}, "rejected_unavailable"),
    ],
)
def test_status_is_the_first_filter_after_which_nothing_is_left(
    world: Service, request_: dict[str, Any], status: str
) -> None:
    """ "`status` … named after the first filter, in the order above, after which nothing was left"."""
    assert world.ask(model="auto", **request_)["status"] == status
