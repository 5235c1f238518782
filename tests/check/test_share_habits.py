"""Shares of a logical model in another unit: one finding, with figures that add up to exactly 1."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from routecomp.diagnostics.diagnostic import Diagnostic
from tests.check.project import MODELS, findings

SLUGS = ("good", "fair", "poor")


def of(*shares: str) -> list[Diagnostic]:
    """What is found where the models of one logical model state these shares."""
    text = MODELS
    for slug, share in zip(SLUGS, shares, strict=False):
        text = text.replace(f"{slug}: {{", f"{slug}: {{logical_slug: l, share: {share}, ")
    return findings(routes_models=text)


FIGURES = [
    (("60", "40"), "good: 0.60, fair: 0.40"),
    (("60%", "40%"), "good: 0.60, fair: 0.40"),
    (("60 %", "40"), "good: 0.60, fair: 0.40"),
    (("0,6", "0,4"), "good: 0.6, fair: 0.4"),
    (("6", "4"), "good: 0.60, fair: 0.40"),
    (("3", "1"), "good: 0.75, fair: 0.25"),
    (("2", "1"), "good: 0.6667, fair: 0.3333"),
    (("3", "1", "1"), "good: 0.60, fair: 0.20, poor: 0.20"),
    (("50%", "30", "20%"), "good: 0.50, fair: 0.30, poor: 0.20"),
    (("33", "33", "33"), "good: 0.3333, fair: 0.3333, poor: 0.3334"),
    (("1/3", "2/3"), "good: 0.3333, fair: 0.6667"),
    (("0.33333", "0.66667"), "good: 0.3333, fair: 0.6667"),
    (("400", "600"), "good: 0.40, fair: 0.60"),
    (("'0.6'", "'0.4'"), "good: 0.6, fair: 0.4"),
]


@pytest.mark.parametrize(("shares", "figures"), FIGURES)
def test_one_finding_with_figures_that_add_up(shares: tuple[str, ...], figures: str) -> None:
    """The figures are those of all shares, the ones that could be read too."""
    (diagnostic,) = of(*shares)
    assert diagnostic.rule in ("RC115", "RC116", "RC117")
    assert diagnostic.help.endswith(f": {figures}") or diagnostic.help.endswith(f"write {figures}")
    assert sum(map(Fraction, re.findall("[0-9.]+", figures))) == 1
    assert of(*re.findall("[0-9.]+", figures)) == []


def test_figures_that_nobody_can_tell() -> None:
    """Percentages that miss 100 by a slip are one finding without figures."""
    (diagnostic,) = of("60", "50")
    assert diagnostic.help == "they are shares of 1: write some that add up to 1"
    assert len(diagnostic.labels) == 1


def test_two_logical_models_are_two_findings() -> None:
    """Each divides its own load."""
    text = MODELS.replace("fair: {", "fair: {logical_slug: l, share: 60, ")
    text = text.replace("poor: {", "poor: {logical_slug: m, share: 100, ")
    assert [(d.rule, d.help) for d in findings(routes_models=text)] == [
        ("RC117", "they are shares of 1: write fair: 1.00"),
        ("RC117", "it is a share of 1: write 1"),
    ]


def test_quoted_shares_are_fixed_together() -> None:
    """The same number in another notation is rewritten in every body."""
    (diagnostic,) = of("'0.6'", "'0.4'")
    assert diagnostic.fix is not None
    assert [edit.replacement for edit in diagnostic.fix.edits] == ["0.6", "0.4"]
    assert of("60", "40")[0].fix is None


def test_another_mistake_beside_is_said_too() -> None:
    """A model without a provider that also states its share in percent has two findings."""
    text = MODELS.replace("good: {provider: alpha, ", "good: {logical_slug: l, share: 60, ")
    text = text.replace("fair: {", "fair: {logical_slug: l, share: 40, ")
    assert sorted(d.rule for d in findings(routes_models=text)) == ["RC113", "RC117"]


WEIGHTS = [
    (("2", "1"), "good: 0.6667, fair: 0.3333"),
    (("0.6", "0.4"), "good: 0.60, fair: 0.40"),
    (("1",), "good: 1.00"),
    (("1", "1", "1"), "good: 0.3333, fair: 0.3333, poor: 0.3334"),
    (("100", "37", "5"), "good: 0.7042, fair: 0.2606, poor: 0.0352"),
    (("2.5", "0.5"), "good: 0.8333, fair: 0.1667"),
    (("'2'", "1"), "good: 0.6667, fair: 0.3333"),
]


def weighted(*weights: str, key: str = "weight") -> list[Diagnostic]:
    """What is found where the models of one logical model state weights, as in another router."""
    text = MODELS
    for slug, weight in zip(SLUGS, weights, strict=False):
        text = text.replace(f"{slug}: {{", f"{slug}: {{logical_slug: l, {key}: {weight}, ")
    return findings(routes_models=text)


@pytest.mark.parametrize(("weights", "figures"), WEIGHTS)
def test_weights_of_another_router_are_one_finding(weights: tuple[str, ...], figures: str) -> None:
    """Only their proportion counts; the shares to write add up to exactly 1, and following them leaves nothing."""
    (diagnostic,) = weighted(*weights)
    assert diagnostic.help == f"write `share`, which add up to 1: {figures}"
    assert len(diagnostic.labels) == len(weights) - 1
    assert sum(map(Fraction, re.findall("[0-9.]+", figures))) == 1
    assert weighted(*re.findall("[0-9.]+", figures), key="share") == []


@pytest.mark.parametrize("weights", [("2", "x"), ("0", "1"), ("-1", "2")])
def test_weights_of_no_proportion(weights: tuple[str, ...]) -> None:
    """No figure is said that could be followed to a wrong load."""
    (diagnostic,) = weighted(*weights)
    assert diagnostic.help == "write `share`, which add up to 1: …"


def test_weights_of_no_logical_model() -> None:
    """Where nobody says whose load they divide, no figure is said: a weight of 1 is hardly all of it."""
    text = MODELS.replace("good: {", "good: {weight: 2, ").replace("fair: {", "fair: {weight: 1, ")
    help = "write `share: …`, a part of 1, which those of one `logical_slug` are together"
    assert [each.help for each in findings(routes_models=text)] == [help, help]
