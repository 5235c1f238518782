"""Claims that are proven hold for every request that is asked, and each of the others has a request that breaks it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import pytest

from routecomp.checker import Options, check
from routecomp.cli.output.report import proof_required
from routecomp.compiler import compile
from routecomp.diagnostics.diagnostic import Severity
from routecomp.model.claim import Claim
from routecomp.model.project import Program
from routecomp.model.vocabulary import ALWAYS
from routecomp.review.analysis.claims.prove import Claimed, finding_of, prove
from routecomp.review.diff.decisions.compiled_side import CompiledSide, open_gates
from routecomp.runtime.resolver import Decision, Router
from tests.properties.compare import TODAY, Case
from tests.properties.strategies import Seeded, program_files
from tests.review.analysis.requests import Boundaries

PATH = "policies/claims-drawn.yaml"
DIAL = ("cost", "balanced", "quality")
Request = Mapping[str, Any]
HINTS = ("preference", "min_quality", "unit", "request_id")


@dataclass
class Asked:
    """A program whose claims are asked for, request by request, of the shipped resolver."""

    case: Case

    @cached_property
    def router(self) -> Router:
        return Router.from_bytes(self.case.table)

    @cached_property
    def table(self) -> dict[str, Any]:
        return self.case.parsed_table

    @property
    def features(self) -> list[str]:
        return [*self.table["features"], *self.table["defaults"]["routes"]]

    def decide(self, request: Request) -> Decision:
        decision = self.router.resolve(**request)
        reasons = tuple(reason for reason in decision.reasons if reason != "preference_inert")
        return decision._replace(floor_bp=None, reasons=reasons)

    def quality(self, decision: Decision) -> int:
        return int(self.table["models"][decision.model]["quality_bp"])

    def provider(self, slug: str) -> str:
        return str(self.table["models"][slug]["provider"])

    def barred(self, claim: Claim) -> set[str]:
        never = claim.never_reaches
        assert never is not None
        return {
            slug
            for slug, model in self.table["models"].items()
            if slug in never.models
            or model["logical"] in never.models
            or model["provider"] in never.providers
            or self.table["providers"][model["provider"]]["stack"] in never.stacks
        }

    def is_about(self, claim: Claim, request: Request) -> bool:
        """Whether a claim is about a request: its tenant, and the feature or the name that it gives."""
        if claim.tenants is not None and request.get("tenant") not in claim.tenants:
            return False
        if claim.features is not None:
            return request.get("feature") in claim.features
        return claim.costs_at_most is None or request.get("feature") in self.features

    def breaks(self, claim: Claim, request: Request) -> bool:
        """Whether the answer to a request breaks a claim that is about it."""
        if (never := claim.never_reaches) is not None:
            decision = self.decide(request)
            if never.by == "pick":
                return "unavailable" not in request and decision.model in self.barred(claim)
            return not {decision.model, *decision.chain, *decision.shadows}.isdisjoint(self.barred(claim))
        if (most := claim.costs_at_most) is not None:
            output = request.get("max_output_tokens", 10**10)
            if request.get("input_tokens", 10**10) > most.input_tokens:
                return False
            if most.max_output_tokens is not None and output > most.max_output_tokens:
                return False
            return (self.decide(request).estimated_cost_pusd or 0) > most.usd
        if (least := claim.at_least) is not None:
            chain = self.decide(request).chain
            return len(chain) < (least.models or 0) or len({*map(self.provider, chain)}) < (least.providers or 0)
        plain = {key: value for key, value in request.items() if key not in HINTS[:2]}
        if claim.always == "answered":
            return self.decide(request).status != "ok"
        if claim.always == "alike":
            answers = [self.decide({**request, "tenant": tenant}) for tenant in claim.tenants or ()]
            return any(answer != answers[0] for answer in answers)
        if claim.always == "balanced_is_no_preference":
            request = {key: value for key, value in request.items() if key != "preference"}
            return self.decide(request) != self.decide({**request, "preference": "balanced"})
        if claim.always == "dial_never_lowers_quality":
            plain = {key: value for key, value in plain.items() if key not in HINTS}
        picks = [self.decide({**plain, "preference": word}) for word in DIAL]
        qualities = [self.quality(each) for each in picks if each.status == "ok"]
        return qualities != sorted(qualities)

    def plain_requests(self, claim: Claim) -> list[Request]:
        """The calls without hints that a claim is about."""
        tenants = [None, *self.table["tenants"]] if claim.tenants is None else claim.tenants
        return [
            {"feature": feature, **({} if tenant is None else {"tenant": tenant})}
            for feature in claim.features or self.features
            for tenant in tenants
        ]

    def drawn(self, boundaries: Boundaries, dice: random.Random) -> Request:
        """A request at a boundary, often with few models left, or with a cap of cost."""
        request = boundaries.request(dice)
        models = list(self.table["models"])
        if dice.random() < 0.6:
            kept = dice.sample(models, min(len(models), dice.choice((1, 2, 2, 3))))
            request["unavailable"] = [slug for slug in models if slug not in kept]
        if dice.random() < 0.3:
            request["min_quality"] = 0
        if dice.random() < 0.3:
            request["max_cost_usd"] = Decimal(dice.choice((0, 1, 10**8, 10**9, 10**10))) / 10**12
        return request


def drawn_claims(case: Case, dice: random.Random) -> dict[str, dict[str, Any]]:
    """Claims of every kind about a program."""
    table = case.parsed_table
    features = [*table["features"], *table["defaults"]["routes"]]
    tenants = list(table["tenants"])
    models = list(table["models"])
    claims: dict[str, dict[str, Any]] = {}

    def add(kind: dict[str, Any], *, about: bool = True) -> None:
        body = dict(kind)
        if about and tenants and dice.random() < 0.6:
            body["tenants"] = dice.sample(tenants, dice.randint(1, min(2, len(tenants))))
        if about and features and dice.random() < 0.6:
            body["features"] = dice.sample(features, dice.randint(1, min(2, len(features))))
        claims[f"c{len(claims)}"] = body

    for by in ("any", "any", "any", "pick", "pick"):
        provider = dice.choice(list(table["providers"]))
        stack = table["providers"][provider]["stack"]
        reached = dice.choice(({"stacks": [stack]}, {"providers": [provider]}, {"models": [dice.choice(models)]}))
        add({"never_reaches": {**reached, "by": by}})
    add({"at_least": dice.choice(({"providers": 1}, {"providers": 2}, {"models": 2}, {"models": 1, "providers": 1}))})
    for usd in dice.sample(["0", "0.0000001", "0.001", "0.05", "1", "1000"], 3):
        outputs = {} if dice.random() < 0.4 else {"max_output_tokens": dice.choice((0, 1, 1000, 100_000))}
        tokens = dice.choice((1, 1000, 200_000, 10**9))
        add({"costs_at_most": {"usd": Decimal(usd), "input_tokens": tokens, **outputs}})
    for word in ALWAYS:
        if word == "alike":
            if len(tenants) >= 2:
                claims["alike"] = {"always": word, "tenants": dice.sample(tenants, 2)}
        elif word == "answered" or table["preferences"] is not None:
            add({"always": word})
    return claims


def proofs(case: Case, claims: Mapping[str, Any], nodes: int = 200_000) -> list[Claimed]:
    """What comes of claims about a program."""
    text = json.dumps({"claims": claims}, default=lambda value: f"@{value:f}@").replace('"@', "").replace('@"', "")
    declared = check({**case.files, PATH: text.encode()}, Options(today=TODAY)).declared
    assert declared.claims.keys() == claims.keys(), declared.broken
    return prove(Program.checked(declared), case.table, case.fallback, nodes=nodes)


@pytest.mark.parametrize("seed", range(12))
def test_claims_are_what_the_resolver_answers(seed: int) -> None:
    dice = random.Random(seed)
    case = Case.of(program_files(Seeded(f"claims-{seed}")))
    asked, boundaries = Asked(case), Boundaries([case.parsed_table])
    outcomes = proofs(case, drawn_claims(case, dice))
    with open_gates(CompiledSide(case.table)):
        for claimed in outcomes:
            example = claimed.proof.counterexample
            if example is not None and "no table" not in example.words:
                assert all(asked.is_about(claimed.entry.body, request) for request in example.requests)
                assert asked.breaks(claimed.entry.body, example.requests[0]), (claimed.entry.slug, example)
        proven = [claimed.entry.body for claimed in outcomes if claimed.proof.counterexample is None]
        for claim in proven:
            if claim.at_least is not None or claim.always == "answered":
                assert not any(asked.breaks(claim, request) for request in asked.plain_requests(claim))
        for _ in range(150):
            request = asked.drawn(boundaries, dice)
            for claim in proven:
                if claim.at_least is None and claim.always != "answered":
                    about = dict(request)
                    if claim.tenants is not None:
                        about["tenant"] = dice.choice(claim.tenants)
                    if claim.features is not None:
                        about = {**about, "feature": dice.choice(claim.features)}
                    if asked.is_about(claim, about):
                        assert not asked.breaks(claim, about), (claim.__dict__, about)


def outcome(case: Case, claim: Mapping[str, Any], nodes: int = 200_000) -> Claimed:
    """What comes of one claim."""
    (claimed,) = proofs(case, {"one": claim}, nodes)
    return claimed


def small(**sections: Any) -> Case:
    """A project of four models, of which a test says what differs from the others."""
    files: dict[str, Any] = {
        "routes/providers": {
            "providers": {
                slug: {
                    "adapter": "openai",
                    "base_url": f"https://{slug}.example",
                    "api_key_env": "A_KEY",
                    "stack": stack,
                }
                for slug, stack in (("eins", "eu"), ("zwei", "us"))
            }
        },
        "routes/models": {
            "models": {
                slug: {
                    "provider": provider,
                    "quality": quality,
                    "price": {"input": price, "output": price},
                    "latency_ms": latency,
                    "context_window": window,
                }
                for slug, provider, quality, price, latency, window in (
                    ("weak", "eins", 0.5, 1, 100, 1000),
                    ("fair", "eins", 0.6, 2, 200, 10_000),
                    ("good", "zwei", 0.7, 4, 400, 100_000),
                    ("best", "zwei", 0.9, 8, 800, 100_000),
                )
            }
        },
        "routes/features": {
            "features": {"chat": {"models": {"fair": "primary"}, "fallback": ["good"], "then": "auto"}}
        },
        "routes/targets": {"targets": {"auto": {"candidates": "all"}}},
        "routes/defaults": {
            "defaults": {"model": "fair"},
            "scoring": {"cost": {"best": 0, "worst": 75}, "latency_ms": {"best": 0, "worst": 10_000}},
        },
        "policies/all": {
            "tenants": {
                "europe": {"stacks": ["eu"]},
                "twin": {"stacks": ["eu"]},
                "strict": {"fallback_enabled": False},
            },
            "preferences": {
                "default": "balanced",
                "floors": {"good": 0.5, "frontier": 0.9},
                "dial": {"quality": 0.1, "balanced": 0, "cost": -0.1},
                "clamp": ["good", "frontier"],
                "gate_env": "A_GATE",
            },
        },
    }
    for path, section in sections.items():
        files[path.replace("_", "/", 1)] |= section
    return Case.of({f"{path}.yaml": json.dumps(body).encode() for path, body in files.items()})


PREFERENCES = {
    "default": "cost",
    "floors": {"good": 0.5, "frontier": 0.9},
    "dial": {"quality": 0.2, "balanced": 0.1, "cost": 0},
    "clamp": ["good", "frontier"],
    "gate_env": "A_GATE",
}


STRICT = {"tenants": ["strict"]}


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ({"tenants": ["europe"], "never_reaches": {"providers": ["zwei"]}}, None),
        ({"tenants": ["europe"], "never_reaches": {"models": ["weak"]}}, "`weak`"),
        ({"never_reaches": {"models": ["best"]}, "features": ["chat"], "tenants": ["strict"]}, None),
        ({"never_reaches": {"stacks": ["us"]}, "features": ["chat"]}, "falls back to `good`"),
        ({"features": ["chat"], "never_reaches": {"models": ["weak"], "by": "pick"}}, "picks `weak`"),
        ({"tenants": ["strict"], "features": ["chat"], "never_reaches": {"models": ["weak"], "by": "pick"}}, None),
        ({"features": ["chat"], "never_reaches": {"models": ["good"], "by": "pick"}}, "picks `good`"),
        ({"at_least": {"models": 2}, "tenants": ["europe"]}, None),
        ({"at_least": {"models": 2}, "tenants": ["strict"]}, "has 1 model at 1 provider: fair"),
        ({"at_least": {"providers": 2}, "tenants": ["europe"]}, "has 2 models at 1 provider"),
        ({"always": "answered"}, None),
        # the window of the dearest holds 100,000 tokens: 99,500 in, 500 out
        ({"costs_at_most": {"usd": 0.8, "input_tokens": 10**9, "max_output_tokens": 10**9}}, None),
        ({"costs_at_most": {"usd": 0.799999, "input_tokens": 10**9, "max_output_tokens": 10**9}}, "estimated at 0.8"),
        ({**STRICT, "costs_at_most": {"usd": 0.012, "input_tokens": 5000, "max_output_tokens": 1000}}, None),
        ({**STRICT, "costs_at_most": {"usd": 0.011, "input_tokens": 5000, "max_output_tokens": 1000}}, "12"),
        ({"tenants": ["europe", "twin"], "always": "alike"}, None),
        ({"tenants": ["europe", "strict"], "always": "alike"}, "has chain"),
        ({"always": "balanced_is_no_preference"}, None),
        ({"always": "dial_never_lowers_quality"}, None),
        ({"always": "dial_never_lowers_served_quality"}, None),
    ],
)  # fmt: skip
def test_each_kind_holds_or_breaks(claim: dict[str, Any], words: str | None) -> None:
    proof = outcome(small(), claim).proof
    if words is None:
        assert proof.is_proven
    else:
        assert proof.counterexample is not None
        assert words in proof.counterexample.words


@pytest.mark.parametrize("word", ["dial_never_lowers_quality", "balanced_is_no_preference"])
def test_a_default_at_the_end_of_the_dial_breaks_what_is_said_of_it(word: str) -> None:
    """Where `quality` is out of reach it gives way to `cost`, below what `balanced` reaches."""
    case = small(policies_all={"preferences": PREFERENCES})
    claimed = outcome(case, {"features": ["chat"], "always": word})
    example = claimed.proof.counterexample
    assert example is not None
    assert len(claimed.commands) == 2
    assert all("A_GATE=1 " in command for command in claimed.commands if "--preference" in command)
    with open_gates(CompiledSide(case.table)):
        assert Asked(case).breaks(claimed.entry.body, example.requests[0])


def test_what_is_over_the_bound_is_sampled_and_never_called_proven() -> None:
    claimed = outcome(small(), {"never_reaches": {"models": ["best"], "by": "pick"}, "features": ["chat"]}, nodes=1)
    assert not claimed.proof.is_proven
    finding = finding_of(claimed)
    assert finding is not None
    if claimed.proof.counterexample is None:
        assert finding.rule == "RC802"
        assert "sampled, not proven" in finding.message
        assert "seed 15" in finding.message
        assert [each.severity for each in proof_required([finding])] == [Severity.ERROR]


def test_the_fallback_file_is_asked_too() -> None:
    """The primary is permitted, and a service without a table would answer by the config route."""
    case = small(
        routes_defaults={"defaults": {"model": "fair", "routes": {"chat": "good"}}},
        routes_features={"features": {"chat": {"models": {"fair": "primary"}}}},
    )
    example = outcome(case, {"features": ["chat"], "never_reaches": {"models": ["good"]}}).proof.counterexample
    assert example is not None
    assert "where a service has no table" in example.words


def test_claims_reach_no_artifact() -> None:
    files = dict(small().files)
    claims = {PATH: b"claims:\n  it-is-answered: {always: answered}\n"}
    plain, claimed = (compile(each, Options(today=TODAY)) for each in (files, {**files, **claims}))
    assert claimed.checked.table is not None
    assert plain.artifacts == claimed.artifacts


def test_a_broken_claim_stops_check_and_not_the_command_that_explains_it() -> None:
    files = {**small().files, PATH: b"claims:\n  dear: {costs_at_most: {usd: 0, input_tokens: 1}}\n"}
    checked = check(files, Options(today=TODAY))
    assert [each.rule for each in checked.diagnostics] == ["RC801"]
    assert checked.program is None
    assert "routecomp explain --feature chat --input-tokens 1" in checked.diagnostics[0].help
    assert compile(files, Options(today=TODAY, prove=False)).table is not None


def test_a_project_without_claims_does_not_load_the_proofs() -> None:
    code = (
        "import sys; from routecomp.checker import Options, check; from datetime import date; "
        "check({}, Options(today=date(2026, 11, 20))); "
        "assert not any(name.startswith('routecomp.review.analysis') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def model(**figures: Any) -> dict[str, Any]:
    """A model of which a test says what matters."""
    price = {"input": 1, "output": 1}
    body = {"provider": "eins", "quality": 0.6, "price": price, "latency_ms": 200, "context_window": 1000}
    return body | figures


def test_a_shadow_is_reached_too() -> None:
    rows = {"fair": "primary", "best": {"status": "shadow", "sample": 0.05}}
    case = small(routes_features={"features": {"chat": {"models": rows}}})
    proof = outcome(case, {"features": ["chat"], "never_reaches": {"models": ["best"]}}).proof
    assert proof.counterexample is not None
    assert "mirrors to `best`" in proof.counterexample.words


def test_tenants_who_allow_other_losses_of_quality_are_not_alike() -> None:
    tenants = {"loose": {"max_quality_loss": 1}, "tight": {"max_quality_loss": 0}}
    case = small(policies_all={"tenants": tenants})
    proof = outcome(case, {"tenants": ["loose", "tight"], "features": ["chat"], "always": "alike"}).proof
    assert proof.counterexample is not None
    assert "latency_budget_ms" in proof.counterexample.requests[0]


def test_the_dearest_call_may_lie_on_the_edge_of_the_window() -> None:
    """Of 1,000 tokens, 667 in and 333 out cost most: more output than the ratio says is not estimated."""
    sole = {"models": {"fair": model(price={"input": 1, "output": 10})}}
    case = small(routes_models=sole, routes_features={"features": {"chat": {"models": {"fair": "primary"}}}})
    for usd, holds in ((Decimal("0.003997"), True), (Decimal("0.003996"), False)):
        most = {"usd": usd, "input_tokens": 1000, "max_output_tokens": 1000}
        assert outcome(case, {"features": ["chat"], "costs_at_most": most}).proof.is_proven is holds


def test_what_only_a_cap_of_cost_brings_to_the_front_is_not_called_proven() -> None:
    models = {
        "fair": model(price={"input": 2, "output": 2}),
        "weak": model(quality=0.5, latency_ms=300, context_window=500),
    }
    feature = {"models": {"fair": "primary"}, "fallback": ["weak"]}
    case = small(routes_models={"models": models}, routes_features={"features": {"chat": feature}})
    claim = {"features": ["chat"], "never_reaches": {"models": ["weak"], "by": "pick"}}
    assert not outcome(case, claim).proof.is_proven
