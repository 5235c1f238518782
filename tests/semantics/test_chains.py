"""docs/semantics.md, section 4: chains, the latency budget, and what happens when nothing survives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.semantics.worlds import DEFAULTS, GATE, MODELS, PREFERENCES, Service, service

# Weights .5 quality and .5 cost with a penalty of 100 %: plain order x .750, y .740, z .725, penalised order
# z .700, y .690, x .550 (worked out in test_ranking.py).
CROSSED = """
models:
  lead: {provider: anthropic, quality: 0.95, price: {input: 90, output: 0}, latency_ms: 900, context_window: 1000}
  x: {provider: anthropic, quality: 0.90, price: {input: 40, output: 0}, latency_ms: 900, context_window: 1000}
  y: {provider: mistral, quality: 0.58, price: {input: 10, output: 0}, latency_ms: 500, context_window: 1000}
  z: {provider: mistral, quality: 0.50, price: {input: 5, output: 0}, latency_ms: 100, context_window: 1000}
"""
CROSSED_DEFAULTS = """
defaults:
  model: lead
  policy: {weights: {quality: 0.50, latency: 0, cost: 0.50}, fallback_cost_penalty_pct: 100}
"""
CROSSED_TARGETS = "targets: {auto: {candidates: {models: [x, y, z]}}}"


def crossed(routes: str, models: str = CROSSED, targets: str = CROSSED_TARGETS, policies: str = "") -> Service:
    """Return a program over the four models whose plain and penalised orders differ."""
    return service(models=models, defaults=CROSSED_DEFAULTS, targets=targets, routes=routes, policies=policies)


def chain(decision: dict[str, Any]) -> list[str]:
    """Return the chain, whose first is the pick."""
    assert decision["model"] == (decision["chain"][0] if decision["chain"] else None)
    return list(decision["chain"])


# -- a feature's chain ------------------------------------------------------------------------------------------


def test_features_chain() -> None:
    """ "A feature's chain = primary, declared `fallback` in declared order, then `then`'s candidates in penalised
    order"."""
    world = crossed("features: {f: {models: {lead: primary}, then: auto}}")
    assert chain(world.ask(feature="f")) == ["lead", "z", "y", "x"]
    world = crossed("features: {f: {models: {lead: primary}, fallback: [y, x], then: auto}}")
    assert chain(world.ask(feature="f")) == ["lead", "y", "x", "z"]


def test_retired_models_are_left_out_of_then() -> None:
    """ "(the feature's retired models left out)"; shadows are not."""
    world = crossed("features: {f: {models: {lead: primary, z: retired, x: shadow}, then: auto}}")
    assert chain(world.ask(feature="f")) == ["lead", "y", "x"]


def test_each_model_once() -> None:
    """ "each model once": where it stands first. YAML that repeats one in `fallback` is refused; a table published
    before that was so still serves."""
    world = crossed("features: {f: {models: {x: primary}, fallback: [z], then: auto}}")
    assert chain(world.ask(feature="f")) == ["x", "z", "y"]
    features = json.loads(world.table)["features"]
    features["f"]["fallback"] = ["z", "x", "z"]
    assert chain(world.edited(features=features).ask(feature="f")) == ["x", "z", "y"]


def test_then_adds_active_listed_candidates_alone() -> None:
    """Section 2: candidates are "active, listed ones only"; what `fallback` names may be unlisted."""
    models = CROSSED.replace("  y: {", "  y: {listed: false, ").replace("  z: {", "  z: {active: false, ")
    world = crossed("features: {f: {models: {lead: primary}, then: auto}}", models)
    assert chain(world.ask(feature="f")) == ["lead", "x"]
    world = crossed("features: {f: {models: {lead: primary}, fallback: [y], then: auto}}", models)
    assert chain(world.ask(feature="f")) == ["lead", "y", "x"]


def test_then_does_not_lend_its_floor() -> None:
    """Section 2: a feature's `min_quality` is "never inherited from `then`"."""
    targets = "targets: {auto: {candidates: {models: [x, y, z]}, min_quality: 0.80}}"
    world = crossed("features: {f: {models: {lead: primary}, then: auto}}", targets=targets)
    decision = world.ask(feature="f")
    assert (decision["floor_bp"], chain(decision)) == (0, ["lead", "z", "y", "x"])


def test_features_pick_is_its_first_survivor() -> None:
    """ "one fixed order, the pick is its first survivor": a better one further down does not overtake."""
    world = crossed("features: {f: {models: {lead: primary}, fallback: [z, y], then: auto}}")
    assert chain(world.ask(feature="f", unavailable=["lead"])) == ["z", "y", "x"]
    assert chain(world.ask(feature="f", min_quality=0.55)) == ["lead", "y", "x"]


# -- a target's or logical model's -------------------------------------------------------------------------------


def test_targets_pick_is_plain_and_the_rest_penalised() -> None:
    """ "the pick is the first survivor of the plain order, the rest follow in the penalised one"."""
    world = crossed("")
    assert chain(world.ask(model="auto")) == ["x", "z", "y"]
    assert chain(world.ask(model="auto", unavailable=["x"])) == ["y", "z"]


def test_logical_models_chain_is_a_targets() -> None:
    """ "A target's or logical model's: …"."""
    models = CROSSED
    for slug in "xyz":
        models = models.replace(f"  {slug}: {{", f"  {slug}: {{logical_slug: family, ")
    assert chain(crossed("", models).ask(model="family")) == ["x", "z", "y"]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("all", ["x", "z", "y", "lead"]),
        ("{models: [z, y]}", ["y", "z"]),
        ("{stacks: [eu]}", ["y", "z"]),
        ("{stacks: [us, eu]}", ["x", "z", "y", "lead"]),
        ("{logical: pair}", ["x", "z"]),
    ],
)
def test_candidates(selector: str, expected: list[str]) -> None:
    """Section 2: "all | {models: […]} | {stacks: […]} | {logical: slug}: one selector"."""
    # lead: plain .475 + .05 = .525, penalised .475 + 0: the last either way.
    models = CROSSED.replace("  x: {", "  x: {logical_slug: pair, ").replace("  z: {", "  z: {logical_slug: pair, ")
    world = crossed("", models, f"targets: {{auto: {{candidates: {selector}}}}}")
    assert chain(world.ask(model="auto")) == expected


def test_target_without_a_living_candidate() -> None:
    """A target whose candidates are all inactive or unlisted: nothing is left after the permission filters."""
    models = CROSSED.replace("  y: {", "  y: {listed: false, ").replace("  z: {", "  z: {active: false, ")
    decision = crossed("", models, "targets: {auto: {candidates: {models: [y, z]}}}").ask(model="auto")
    assert (decision["status"], chain(decision)) == ("rejected_policy", [])


# -- cuts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "feature", "target"),
    [(1, ["lead"], ["x"]), (2, ["lead", "z"], ["x", "z"]), (3, ["lead", "z", "y"], ["x", "z", "y"])],
)
def test_chain_is_cut_to_max_attempts(most: int, feature: list[str], target: list[str]) -> None:
    """ "The surviving chain is cut to `max_attempts` models"."""
    world = crossed(f"features: {{f: {{models: {{lead: primary}}, then: auto}}}}\nresilience: {{max_attempts: {most}}}")
    assert chain(world.ask(feature="f")) == feature
    assert chain(world.ask(model="auto")) == target


def test_survivors_are_cut_not_candidates() -> None:
    """The *surviving* chain is cut: models that fall out make room."""
    world = crossed("features: {f: {models: {lead: primary}, then: auto}}\nresilience: {max_attempts: 2}")
    assert chain(world.ask(feature="f", unavailable=["lead", "z"])) == ["y", "x"]


def test_default_of_max_attempts_is_five() -> None:
    """Section 2: `max_attempts: 5` "these are the defaults"."""
    models = "models:\n" + "".join(
        f"  m{number}: {{provider: mistral, quality: 0.9, price: {{input: 1, output: 1}}, latency_ms: {number}, "
        "context_window: 1000}\n"
        for number in range(7)
    )
    world = service(models=models, defaults="defaults: {model: m0}")
    assert chain(world.ask(model="auto")) == ["m0", "m1", "m2", "m3", "m4"]


def test_without_fallback_a_target_is_cut_to_its_pick() -> None:
    """ "`fallback_enabled: false` cuts it to its pick": the next survivor may be the pick, none follows it."""
    policies = "tenants: {solo: {preset: strict_no_fallback, weights: {quality: 1, latency: 0, cost: 0}}}"
    world = crossed("", policies=policies)
    assert chain(world.ask(model="auto", tenant="solo")) == ["x"]
    assert chain(world.ask(model="auto", tenant="solo", unavailable=["x"])) == ["y"]


def test_without_fallback_only_the_primary_is_tried() -> None:
    """ "for a feature only the primary is ever tried"."""
    policies = "tenants: {solo: {fallback_enabled: false}}"
    world = crossed("features: {f: {models: {lead: primary}, fallback: [x], then: auto}}", policies=policies)
    assert chain(world.ask(feature="f", tenant="solo")) == ["lead"]
    decision = world.ask(feature="f", tenant="solo", unavailable=["lead"])
    assert (decision["status"], chain(decision)) == ("rejected_unavailable", [])


# -- latency budget -------------------------------------------------------------------------------------------------

ROOMY = "tenants: {acme: {weights: {quality: 1, latency: 0, cost: 0}, max_quality_loss: 0.30}}"


@pytest.fixture(scope="module")
def timed() -> Service:
    """best .90/3000 ms, good .80/1000, cheap .60/500, weak .40/200; a default loss of 0.10, `acme` allows 0.30."""
    routes = """
    features:
      f: {models: {best: primary}, fallback: [cheap, good, weak]}
    resilience: {max_attempts: 3}
    """
    return service(routes=routes, policies=ROOMY)


def test_latency_budget_moves_the_pick(timed: Service) -> None:
    """ "among survivors whose latency ≤ budget and whose quality ≥ (unconstrained pick's quality −
    `max_quality_loss`), the first in the pick's order": 1,000 ms and 0.80 are just enough."""
    decision = timed.ask(model="auto", latency_budget_ms=1000)
    assert (decision["model"], decision["reasons"]) == ("good", [])


def test_latency_budget_that_the_pick_meets_changes_nothing(timed: Service) -> None:
    """The unconstrained pick is the first in the pick's order when it is fast enough itself."""
    assert timed.ask(model="auto", latency_budget_ms=3000) == timed.ask(model="auto")


def test_latency_budget_has_a_hard_cap_in_quality(timed: Service) -> None:
    """ "if there is none, the unconstrained pick stays and the decision says `latency_budget_missed`"."""
    for budget in (999, 500, 199, 0):
        decision = timed.ask(model="auto", latency_budget_ms=budget)
        assert (decision["model"], decision["reasons"]) == ("best", ["latency_budget_missed"]), budget
        assert decision["chain"] == timed.ask(model="auto")["chain"]


def test_max_quality_loss_is_the_policys(timed: Service) -> None:
    """`acme` may lose 0.30: 0.60 on `cheap` is just enough."""
    assert timed.ask(model="auto", tenant="acme", latency_budget_ms=500)["model"] == "cheap"
    assert timed.ask(model="auto", tenant="acme", latency_budget_ms=499)["model"] == "best"


def test_latency_budget_binds_the_pick_only(timed: Service) -> None:
    """ "binds the pick only": slower models stay in the chain, after the pick."""
    assert chain(timed.ask(model="auto", latency_budget_ms=1000)) == ["good", "best", "cheap"]


def test_latency_budget_on_a_feature_follows_the_chain(timed: Service) -> None:
    """ "(feature, target, logical)", "the first in the pick's order": for a feature, that of its chain."""
    assert chain(timed.ask(feature="f", tenant="acme", latency_budget_ms=1000)) == ["cheap", "best", "good"]
    assert chain(timed.ask(feature="f", latency_budget_ms=1000)) == ["good", "best", "cheap"]


def test_chain_is_cut_after_the_latency_budget() -> None:
    """ "The chain is cut afterwards": the pick may come from beyond the cut."""
    world = service(policies=ROOMY, routes="resilience: {max_attempts: 1}")
    assert chain(world.ask(model="auto", tenant="acme", latency_budget_ms=500)) == ["cheap"]


def test_latency_budget_without_fallback_of_a_target() -> None:
    """A chain cut to its pick is cut to the pick the budget chose."""
    policies = ROOMY.replace("{acme: {", "{acme: {fallback_enabled: false, ")
    world = service(policies=policies, routes="features: {f: {models: {best: primary}, fallback: [cheap]}}")
    assert chain(world.ask(model="auto", tenant="acme", latency_budget_ms=500)) == ["cheap"]
    decision = world.ask(feature="f", tenant="acme", latency_budget_ms=500)
    assert (chain(decision), decision["reasons"]) == (["best"], ["latency_budget_missed"])


def test_latency_budget_compares_with_the_surviving_pick(timed: Service) -> None:
    """The unconstrained pick is the first *survivor*: without `best`, 0.80 − 0.30 lets `cheap` in, not `weak`."""
    asked = {"model": "auto", "tenant": "acme", "unavailable": ["best"]}
    assert timed.ask(**asked, latency_budget_ms=500)["model"] == "cheap"
    assert timed.ask(**asked, latency_budget_ms=200)["model"] == "good"


@pytest.mark.parametrize("request_", [{"model": "best"}, {"feature": "unheard-of"}])
def test_latency_budget_means_nothing_elsewhere(timed: Service, request_: dict[str, str]) -> None:
    """It is for feature, target and logical routes: a pinned model and a rung say nothing about it."""
    assert timed.ask(**request_, latency_budget_ms=0) == timed.ask(**request_)


# -- nothing survives ------------------------------------------------------------------------------------------------


def test_nothing_survives() -> None:
    """ "**Nothing survives**: a rejection"."""
    decision = service().ask(model="auto", min_quality=0.91)
    assert (decision["status"], decision["model"], decision["floor_bp"]) == ("rejected_floor", None, 9100)


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> Service:
    """Return a service with an open gate and a target `t` of `cheap` (0.60) and `weak` (0.40), with the floor 0.50."""
    monkeypatch.setenv(GATE, "1")
    models = MODELS.replace("quality: 0.60", "quality: 0.59")
    return service(
        models=models,
        targets="targets: {t: {candidates: {models: [cheap, weak]}}}",
        routes="features: {f: {models: {cheap: primary}, fallback: [weak]}}",
        policies=PREFERENCES,
    )


@pytest.mark.parametrize("request_", [{"model": "t"}, {"feature": "f"}])
def test_preference_relaxed(dialled: Service, request_: dict[str, str]) -> None:
    """ "If the dial had moved the floor and with the base something survives, the base is used and the decision says
    `preference_relaxed`": 0.60 leaves nothing, 0.50 leaves `cheap`."""
    decision = dialled.ask(**request_, preference="quality")
    assert (decision["status"], chain(decision), decision["floor_bp"]) == ("ok", ["cheap"], 5000)
    assert decision["reasons"] == ["preference_relaxed"]


def test_not_relaxed_when_the_base_leaves_nothing_either(dialled: Service) -> None:
    """ "otherwise status and floor are the dialled request's"."""
    decision = dialled.ask(model="t", preference="quality", unavailable=["cheap"])
    assert (decision["status"], decision["floor_bp"], decision["reasons"]) == ("rejected_floor", 6000, [])


def test_status_is_the_dialled_requests_not_the_bases(dialled: Service) -> None:
    """The same: under the base the last to fall would fall at cost, under the dial it falls at quality."""
    asked = {"model": "t", "input_tokens": 1, "max_cost_usd": 0}
    assert dialled.ask(**asked)["status"] == "rejected_cost"
    decision = dialled.ask(**asked, preference="quality")
    assert (decision["status"], decision["floor_bp"], decision["reasons"]) == ("rejected_floor", 6000, [])


def test_explicit_floor_is_never_relaxed(dialled: Service) -> None:
    """Only what the dial moved is taken back, not what the caller asked for."""
    decision = dialled.ask(model="t", preference="quality", min_quality=0.6)
    assert (decision["status"], decision["floor_bp"], decision["reasons"]) == ("rejected_floor", 6000, [])


def test_latency_budget_after_relaxing(dialled: Service) -> None:
    """The budget chooses among what survives under the base."""
    decision = dialled.ask(model="t", preference="quality", latency_budget_ms=499)
    assert decision["reasons"] == ["latency_budget_missed", "preference_relaxed"]


def test_default_policy_is_used_without_a_tenant() -> None:
    """Section 2: `defaults.policy` is "for a request with no tenant, or an undeclared one"."""
    defaults = DEFAULTS.replace("{weights", "{fallback_enabled: false, weights")
    world = service(defaults=defaults, policies="tenants: {acme: {weights: {quality: 1, latency: 0, cost: 0}}}")
    assert chain(world.ask(model="auto")) == ["best"]
    assert chain(world.ask(model="auto", tenant="stranger")) == ["best"]
    assert chain(world.ask(model="auto", tenant="acme")) == ["best", "good", "cheap", "weak"]
