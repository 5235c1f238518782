"""What the semantics page promises of every program holds on random ones, as claims that nobody has to write."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest

from routecomp.review.diff.decisions.compiled_side import CompiledSide, open_gates
from routecomp.runtime.resolver import Decision
from tests.properties.compare import Case
from tests.properties.strategies import Seeded, program_files
from tests.review.analysis.requests import Boundaries
from tests.review.analysis.test_claims import Asked, proofs

RANKED = ("feature", "target", "logical")
Request = Mapping[str, Any]


def policy_of(table: Mapping[str, Any], request: Request) -> Mapping[str, Any] | None:
    """The policy that binds a request; None where an unknown tenant passes nothing."""
    tenant, defaults = request.get("tenant"), table["defaults"]
    if tenant is None or tenant in table["tenants"]:
        return dict(table["policies"][table["tenants"][tenant] if tenant is not None else defaults["policy"]])
    return None if defaults["unknown_tenant"] == "reject" else dict(table["policies"][defaults["policy"]])


def is_permitted(table: Mapping[str, Any], request: Request, slug: str) -> bool:
    """Whether permission lets a model through, written from the page."""
    policy, model = policy_of(table, request), table["models"][slug]
    if policy is None or not model["active"]:
        return False
    banned = slug in policy["banned_models"] or model["logical"] in policy["banned_models"]
    if banned or model["provider"] in policy["banned_providers"] or model["compliance_bp"] < policy["compliance_bp"]:
        return False
    stack, wanted = table["providers"][model["provider"]]["stack"], request.get("stack")
    if policy["stacks"] is not None and stack not in policy["stacks"]:
        return False
    if wanted is None or wanted == stack:
        return True
    stacks = {each["stack"] for each in table["providers"].values()}
    avoided = wanted.removeprefix("avoid-")
    return bool(wanted.startswith("avoid-") and avoided in stacks and avoided != stack)


def broken_guarantees(asked: Asked, request: Request, decision: Decision) -> list[str]:
    """The guarantees that a decision breaks."""
    table = asked.table
    reached = {*decision.chain, *decision.shadows}
    policy = policy_of(table, request)
    ranked = decision.route in RANKED and decision.source == "table"
    floor = request.get("min_quality")
    default = (table["preferences"] or {}).get("default")
    plain = {key: value for key, value in request.items() if key != "preference"}
    guarantees = {
        "no permission filter is relaxed": all(is_permitted(table, request, slug) for slug in reached),
        "a pinned model is never swapped": decision.route != "direct" or decision.model in (None, decision.route_name),
        "the default position is no preference": default is None
        or asked.decide(plain) == asked.decide({**plain, "preference": default}),
        "an explicit floor is never relaxed": floor is None
        or ("preference_relaxed" not in decision.reasons
        and (not ranked or all(table["models"][slug]["quality_bp"] >= floor * 10_000 for slug in decision.chain))),
        "a chain is no longer than its attempts": len(decision.chain) <= table["resilience"]["max_attempts"],
        "without fallback a chain is its pick": not ranked or policy is None or policy["fallback"]
        or len(decision.chain) <= 1,
        "a chain names each model once, the pick first": len({*decision.chain}) == len(decision.chain)
        and (decision.model,) == (decision.chain[:1] or (None,)),
        "what is picked is not mirrored": decision.model not in decision.shadows,
        "no rejection of a feature falls down the ladder": request.get("feature") not in table["features"]
        or decision.source == "table",
    }  # fmt: skip
    return [words for words, holds in guarantees.items() if not holds]


@pytest.mark.parametrize("seed", range(16))
def test_guarantees_hold_on_every_program(seed: int) -> None:
    dice = random.Random(seed)
    case = Case.of(program_files(Seeded(f"guarantees-{seed}")))
    asked, boundaries = Asked(case), Boundaries([case.parsed_table])
    with open_gates(CompiledSide(case.table)):
        for _ in range(250):
            request = asked.drawn(boundaries, dice)
            assert broken_guarantees(asked, request, asked.decide(request)) == [], request


@pytest.mark.parametrize("seed", range(24))
def test_the_dial_is_proven_where_balanced_is_the_default(seed: int) -> None:
    case = Case.of(program_files(Seeded(f"guarantees-{seed}")))
    if (case.parsed_table["preferences"] or {}).get("default") == "balanced":
        words = ("balanced_is_no_preference", "dial_never_lowers_quality")
        outcomes = proofs(case, {word.replace("_", "-"): {"always": word} for word in words})
        assert all(claimed.proof.is_proven for claimed in outcomes)
