"""docs/semantics.md, section 4, "Which route": what answers a request."""

from __future__ import annotations

import pytest

from tests.semantics.worlds import MODELS, Service, service

FEATURES = """
features:
  chat: {models: {good: primary}, fallback: [best]}
"""


@pytest.fixture(scope="module")
def world() -> Service:
    """Feature `chat`, target `auto` (alias `router/auto`), logical model `family`, experiments in every state."""
    experiments = """
    experiments:
      running: {public_model_id: id/active, status: active, variants: {
        a: {weight: 0.5, versions: [{version: 1, model: weak}]},
        b: {weight: 0.5, versions: [{version: 1, model: weak}]}}}
      stopped: {public_model_id: id/paused, status: paused, on_pause: control, variants: {
        a: {weight: 0.5, versions: [{version: 1, model: weak}]},
        b: {weight: 0.5, versions: [{version: 1, model: good}]}}}
      decided: {public_model_id: id/won, status: completed, winner: b, variants: {
        a: {weight: 0.5, versions: [{version: 1, model: weak}]},
        b: {weight: 0.5, versions: [{version: 1, model: good}]}}}
      undecided: {public_model_id: id/no-winner, status: completed, variants: {
        a: {weight: 0.5, versions: [{version: 1, model: weak}]},
        b: {weight: 0.5, versions: [{version: 1, model: good}]}}}
      planned: {public_model_id: id/draft, status: draft, variants: {
        a: {weight: 1, versions: [{version: 1, model: weak}]}}}
      old: {public_model_id: id/archived, status: completed, archived: true, winner: a, variants: {
        a: {weight: 1, versions: [{version: 1, model: weak}]}}}
      shelved: {public_model_id: id/archived-pause, status: paused, archived: true, on_pause: control, variants: {
        a: {weight: 0.5, versions: [{version: 1, model: weak}]},
        b: {weight: 0.5, versions: [{version: 1, model: good}]}}}
    """
    models = MODELS.replace("good: {", "good: {logical_slug: family, ")
    models = models.replace("best: {", "best: {logical_slug: family, ")
    return service(models=models, routes=FEATURES, experiments=experiments)


def test_no_argument_is_needed(world: Service) -> None:
    """ "all optional": a call without arguments is a decision too, `unknown_model`."""
    decision = world.ask()
    assert (decision["status"], decision["route"], decision["model"]) == ("unknown_model", None, None)
    assert decision["reasons"] == []


def test_none_is_not_given(world: Service) -> None:
    """ "`None` (`null`) is not given"."""
    nothing = dict.fromkeys(
        (
            "tenant",
            "unit",
            "request_id",
            "preference",
            "min_quality",
            "latency_budget_ms",
            "stack",
            "input_tokens",
            "max_output_tokens",
            "max_cost_usd",
            "stream",
            "tools",
            "capabilities",
            "unavailable",
            "feature",
        )
    )
    assert world.ask(model="auto", **nothing) == world.ask(model="auto")
    assert world.ask_line('{"model": "auto", "feature": null, "min_quality": null}') == world.ask(model="auto")


def test_feature_wins_over_model(world: Service) -> None:
    """ "With both `feature` and `model` the feature wins and `model` is not looked up"."""
    assert world.ask(feature="chat", model="router/auto") == world.ask(feature="chat")
    assert world.ask(feature="chat", model="no-such-model") == world.ask(feature="chat")


def test_model_of_the_wrong_kind_is_said_beside_a_feature(world: Service) -> None:
    """ "(of the wrong kind it is still `ignored:model`)"."""
    decision = world.ask(feature="chat", model=7)
    assert decision["reasons"] == ["ignored:model"]
    assert decision["model"] == "good"


def test_feature_is_its_chain(world: Service) -> None:
    """ "`feature=`: the feature's chain"."""
    decision = world.ask(feature="chat")
    assert (decision["route"], decision["chain"]) == ("feature", ["good", "best"])


def test_target_is_automatic(world: Service) -> None:
    """ "`model=`: a target or alias → automatic"."""
    decision = world.ask(model="auto")
    assert (decision["route"], decision["model"], decision["reasons"]) == ("target", "best", [])
    aliased = world.ask(model="router/auto")
    assert aliased == {**decision, "reasons": ["alias"]}


@pytest.mark.parametrize(
    ("public", "variant", "model"), [("id/active", "a", "weak"), ("id/paused", "a", "weak"), ("id/won", "b", "good")]
)
def test_public_model_id_is_its_variant(world: Service, public: str, variant: str, model: str) -> None:
    """ "a public model id whose experiment is active or paused, or completed with a `winner` → its variant"."""
    decision = world.ask(model=public)
    assert (decision["route"], decision["variant"], decision["model"]) == ("experiment", variant, model)


@pytest.mark.parametrize("public", ["id/no-winner", "id/draft", "id/archived", "id/archived-pause"])
def test_other_experiments_answer_nothing(world: Service, public: str) -> None:
    """ "… completed with a `winner`, and not archived": drafts, archived and undecided ones are unknown."""
    decision = world.ask(model=public)
    assert (decision["status"], decision["route"], decision["experiment"]) == ("unknown_model", None, None)


def test_model_slug_is_pinned(world: Service) -> None:
    """ "a model slug → pinned (direct), untouched, no scoring, no substitution"."""
    decision = world.ask(model="weak", latency_budget_ms=1, min_quality=0.9, preference="quality")
    assert (decision["status"], decision["route"], decision["chain"]) == ("ok", "direct", ["weak"])
    assert decision["floor_bp"] is None


def test_logical_slug_is_ranked(world: Service) -> None:
    """ "a logical slug → its hosts, ranked like a target"."""
    decision = world.ask(model="family")
    assert (decision["route"], decision["chain"]) == ("logical", ["best", "good"])


@pytest.mark.parametrize("name", ["best ", "BEST", "bes", "chat", "acme", "running", "anthropic", ""])
def test_anything_else_is_unknown(world: Service, name: str) -> None:
    """ "Anything else is `unknown_model`: no stealth substitution"."""
    decision = world.ask(model=name)
    assert (decision["status"], decision["route"], decision["model"]) == ("unknown_model", None, None)
    assert (decision["chain"], decision["source"]) == ([], "table")


def test_undeclared_feature_walks_the_ladder(world: Service) -> None:
    """ "An undeclared `feature=` walks the ladder of section 6"."""
    decision = world.ask(feature="no-such-feature")
    assert (decision["source"], decision["model"]) == ("default_model", "good")
    assert decision["reasons"] == ["feature_unknown"]
