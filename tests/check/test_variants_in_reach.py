"""RC421: variants whose models a tenant's policy bars, with the part of its users that will be rejected."""

from __future__ import annotations

import pytest

from tests.check.project import MODELS, at, findings

TRIAL = """\
experiments:
  trial:
    public_model_id: x/y
    STANDING
    variants:
      a: {weight: 0.7, versions: [{version: 1, model: poor}, {version: 2, model: good}]}
      b: {weight: 0.2, versions: [{version: 1, model: fair}]}
      c: {weight: 0.1, versions: [{version: 1, model: fair}]}
"""
TENANTS = "tenants:\n  acme: {banned_models: [fair]}\n  bank: {stacks: [us]}\n  shop: {banned_models: [good]}\n"
ONE = "variant `a` of experiment `trial` is out of reach for tenant `shop`: its {} % of shop's users will be rejected"
TWO = (
    "variants `b`, `c` of experiment `trial` are out of reach for tenants `acme`, `bank`: "
    "their 30 % of the users of 2 tenants will be rejected"
)


def said(*fields: str, models: str = MODELS) -> dict[str, str]:
    """Return what RC421 says of the experiment, and what it underlines."""
    trial = TRIAL.replace("STANDING", "\n    ".join(fields))
    found = findings(policies_tenants=TENANTS, experiments_e=trial, routes_models=models)
    return {one.message: at(one) for one in found if one.rule == "RC421"}


def test_the_variants_of_an_active_experiment() -> None:
    """Tenants that the same variants are out of reach for are one finding, at the last version of the first."""
    assert said("status: active") == {TWO: "fair", ONE.format(70): "good"}


@pytest.mark.parametrize(
    ("fields", "is_served"),
    [
        (("status: draft",), False),
        (("status: paused",), False),
        (("status: paused", "on_pause: control"), True),
        (("status: completed", "winner: a"), True),
        (("status: completed", "winner: a", "archived: true"), False),
        (("status: completed",), False),
    ],
)
def test_a_variant_that_serves_everyone_or_nobody(fields: tuple[str, ...], is_served: bool) -> None:
    """The control of a pause, and a winner, have all users; where nobody is assigned there is nothing to say."""
    assert said(*fields) == ({ONE.format(100): "good"} if is_served else {})


def test_a_model_that_is_not_active_is_out_of_reach_for_all() -> None:
    """Nobody may use it, whatever the policy; those that reach no other variant have no part in the test."""
    models = MODELS.replace("good: {", "good: {active: false, ")
    assert said("status: active", models=models) == {ONE.format(70): "good"}


def test_other_errors_come_first() -> None:
    """What cannot be compiled has no users yet."""
    assert said("status: active", models=MODELS.replace("0.9", "high")) == {}
