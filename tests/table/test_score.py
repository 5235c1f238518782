"""Test that scores follow docs/semantics.md, section 4, exactly, and that orders follow the scores."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from routecomp.checker import Options, check
from routecomp.model.project import Program
from routecomp.table.rank import Ranker, exact_score, measure

FILES = {
    "routes/all.yaml": b"""
providers:
  here: {adapter: openai, auth: none, base_url: "https://here.example", chat_path: /v1/chat, stack: us}
models:
  mid: {provider: here, quality: 0.80, price: {input: 20, output: 40}, latency_ms: 2000, context_window: 1000}
  dear: {provider: here, quality: 1, price: {input: 200, output: 0}, latency_ms: 9000, context_window: 1000}
  free: {provider: here, quality: 0, price: {input: 0, output: 0}, latency_ms: 1, context_window: 1000}
defaults:
  model: mid
  policy: {weights: {quality: 0.50, latency: 0.20, cost: 0.30}}
scoring:
  cost: {best: 10, worst: 110}
  latency_ms: {best: 1000, worst: 5000}
"""
}


@pytest.fixture(scope="module")
def program() -> Program:
    checked = check(FILES, Options(today=date(2026, 11, 20)))
    assert checked.program is not None, checked.diagnostics
    return checked.program


@pytest.mark.parametrize(
    ("slug", "penalised", "paper"),
    [
        # quality .5 x .8; latency .2 x (1 - 1000/4000); cost 40: .3 x (1 - 30/100), penalised 42: .3 x (1 - 32/100)
        ("mid", False, "0.760"),
        ("mid", True, "0.754"),
        ("dear", False, "0.5"),  # beyond both scales' worst
        ("dear", True, "0.5"),
        ("free", False, "0.5"),  # below both scales' best
        ("free", True, "0.5"),
    ],
)
def test_score_is_the_formula(program: Program, slug: str, penalised: bool, paper: str) -> None:
    """Weights times quality, 1 - norm(latency) and 1 - norm(blended cost), norms held within 0..1."""
    scoring, policy = program.sure_scoring, program.default_policy
    measured = measure(slug, program.models[slug].body, scoring)
    assert exact_score(measured, policy, scoring, penalised=penalised) == Fraction(paper)


def test_order_is_that_of_the_scores(program: Program) -> None:
    """The best score first; equal ones by the lower blended cost."""
    scoring, policy = program.sure_scoring, program.default_policy
    models = [measure(slug, entry.body, scoring) for slug, entry in program.models.items()]
    for penalised in (False, True):
        assert Ranker(models, scoring).rank(policy, penalised=penalised) == ["mid", "free", "dear"]
