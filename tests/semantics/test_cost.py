"""docs/semantics.md, section 4, "Cost": blended and estimated cost, exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.semantics.worlds import Service, service

# Blended: steady 3 + 0.5 x 4 = 5 (the default ratio), terse 4 + 0.1 x 6 = 4.6, chatty 1 + 2.5 x 2 = 6.
MODELS = """
models:
  steady: {provider: mistral, quality: 0.70, price: {input: 3, output: 4}, latency_ms: 100, context_window: 1000000}
  terse: {provider: mistral, quality: 0.70, price: {input: 4, output: 6}, output_ratio: 0.1, latency_ms: 100,
          context_window: 1000000}
  chatty: {provider: mistral, quality: 0.70, price: {input: 1, output: 2}, output_ratio: 2.5, latency_ms: 100,
           context_window: 1000000}
  exact: {provider: mistral, quality: 0.10, price: {input: 0.000001, output: 0.333333}, output_ratio: 0.3333,
          latency_ms: 100, context_window: 1000000}
"""


@pytest.fixture(scope="module")
def world() -> Service:
    """Models whose input price alone, output price alone and blended cost order them differently."""
    return service(
        models=MODELS,
        defaults="defaults: {model: steady, policy: {objective: cheapest}}",
        targets="targets: {auto: {candidates: {models: [steady, terse, chatty]}}}",
    )


def test_blended_cost(world: Service) -> None:
    """ "Blended cost = input price + output_ratio · output price"."""
    assert world.ask(model="auto")["chain"] == ["terse", "steady", "chatty"]


def test_estimated_cost_without_a_limit_on_the_output(world: Service) -> None:
    """ "input_tokens · input price + min(input_tokens · output_ratio, …) · output price", in pico-dollars."""
    # 1,000 tokens at 3,000,000 pico-dollars, 500 at 4,000,000.
    assert world.ask(model="steady", input_tokens=1000)["estimated_cost_pusd"] == 5_000_000_000
    # 1,000 at 1,000,000, 2,500 at 2,000,000.
    assert world.ask(model="chatty", input_tokens=1000)["estimated_cost_pusd"] == 6_000_000_000


def test_estimated_cost_takes_the_smaller_output(world: Service) -> None:
    """ "min(input_tokens · output_ratio, max_output_tokens)"."""
    # 1,000 at 1,000,000, 10 at 2,000,000; then the expected 2,500 again.
    assert world.ask(model="chatty", input_tokens=1000, max_output_tokens=10)["estimated_cost_pusd"] == 1_020_000_000
    assert world.ask(model="chatty", input_tokens=1000, max_output_tokens=2501)["estimated_cost_pusd"] == 6_000_000_000
    assert world.ask(model="chatty", input_tokens=1000, max_output_tokens=0)["estimated_cost_pusd"] == 1_000_000_000


def test_estimated_cost_takes_the_models_own_ceiling() -> None:
    """ "min(input_tokens · output_ratio, max_output_tokens, the model's own ceiling)", on every route."""
    capped = MODELS.replace("output_ratio: 2.5", "output_ratio: 2.5, max_output_tokens: 100")
    world = service(models=capped, defaults="defaults: {model: steady}")
    # 1,000 at 1,000,000, and 100 (or 10) at 2,000,000. A pinned model is asked for more than it answers with.
    for most, dollars in ((None, "0.0012"), (10, "0.00102"), (100, "0.0012"), (5000, "0.0012")):
        asked = {"model": "chatty", "input_tokens": 1000, "max_output_tokens": most}
        assert world.ask(**asked)["estimated_cost_pusd"] == int(Decimal(dollars) * 10**12)
    asked = {"model": "auto", "input_tokens": 1000}
    assert "chatty" in world.ask(**asked, max_cost_usd=Decimal("0.0012"))["chain"]
    assert "chatty" not in world.ask(**asked, max_cost_usd=Decimal("0.001199999999"))["chain"]


def test_estimated_cost_is_rounded_up_once(world: Service) -> None:
    """ "computed exactly, rounded up once to a pico-dollar"."""
    # 1 + 0.3333 x 333,333 = 111,100.8889 pico-dollars; three times that is 333,302.6667, ten times 1,111,008.889
    # (and not 1,111,010, ten times the rounded one).
    assert world.ask(model="exact", input_tokens=1)["estimated_cost_pusd"] == 111_101
    assert world.ask(model="exact", input_tokens=3)["estimated_cost_pusd"] == 333_303
    assert world.ask(model="exact", input_tokens=10)["estimated_cost_pusd"] == 1_111_009
    # Nothing to round: 10,000 x 1 + 3,333 x 333,333.
    assert world.ask(model="exact", input_tokens=10_000)["estimated_cost_pusd"] == 1_111_008_889


def test_estimated_cost_of_no_tokens_is_zero(world: Service) -> None:
    """0 tokens are given tokens: the estimate is 0, not missing."""
    decision = world.ask(model="auto", input_tokens=0, max_cost_usd=0)
    assert (decision["status"], decision["estimated_cost_pusd"], decision["reasons"]) == ("ok", 0, [])


def test_max_cost_at_the_rounded_estimate(world: Service) -> None:
    """The limit binds the rounded estimate: 111,101 pico-dollars pass, 111,100 do not."""
    models = MODELS.replace("quality: 0.10", "quality: 0.80")
    alone = service(
        models=models, defaults="defaults: {model: exact}", targets="targets: {auto: {candidates: {models: [exact]}}}"
    )
    for pico, status in ((111_101, "ok"), (111_100, "rejected_cost")):
        asked = alone.ask(model="auto", input_tokens=1, max_cost_usd=Decimal(pico).scaleb(-12))
        assert asked["status"] == status


@pytest.mark.parametrize("name", ["auto", "steady"])
def test_without_input_tokens_there_is_no_estimate(world: Service, name: str) -> None:
    """ "without `input_tokens` there is none, and a `max_cost_usd` is then `ignored:max_cost_usd`"."""
    decision = world.ask(model=name, max_cost_usd=0, max_output_tokens=100)
    assert (decision["status"], decision["estimated_cost_pusd"]) == ("ok", None)
    assert decision["reasons"] == ["ignored:max_cost_usd"]


def test_ignored_input_tokens_are_not_given(world: Service) -> None:
    """Tokens of the wrong kind leave the limit without an estimate too: both are said."""
    decision = world.ask(model="auto", input_tokens="many", max_cost_usd=0)
    assert decision["reasons"] == ["ignored:input_tokens", "ignored:max_cost_usd"]
