"""`generated/vectors.json` holds what an implementer elsewhere needs: every kind of answer, and each of them right."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from routecomp.checker import Options, check
from routecomp.model.vocabulary import DECISION_REASONS, DECISION_ROUTES, DECISION_STATUSES
from routecomp.runtime.resolver import Router
from tests.properties import reference

ROOT = Path(__file__).parents[2]
FILE = json.loads((ROOT / "generated/vectors.json").read_text(encoding="ascii"))
VECTORS: list[dict[str, Any]] = FILE["vectors"]


def test_every_kind_of_answer_occurs() -> None:
    """At least 2,000 vectors, with every status, route and reason, and every filter that drops and that empties."""
    assert len(VECTORS) >= 2_000
    decisions = [one["decision"] for one in VECTORS]
    assert {one["status"] for one in decisions} == set(DECISION_STATUSES)
    assert {one["route"] for one in decisions} == {*DECISION_ROUTES, None}
    assert {reason for one in decisions for reason in one["reasons"]} >= set(DECISION_REASONS)
    router = Router.from_bytes((ROOT / "generated/routing_table.json").read_bytes(), None)
    drops: Counter[str] = Counter()
    empties: Counter[str] = Counter()
    for one in VECTORS:
        for step in router.explain_request(one["request"]).get("filters", ()):
            drops[step["filter"]] += bool(step["dropped"])
            empties[step["filter"]] += step["survivors"] == 0
    wanted = {
        "active",
        "listed",
        "bans",
        "stacks",
        "compliance",
        "available",
        "capabilities",
        "context",
        "reasoning_floor",
        "quality",
        "cost",
    }
    assert {name for name, count in drops.items() if count} == wanted
    assert {name for name, count in empties.items() if count} >= wanted - {"reasoning_floor"}


def test_every_decision_is_the_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin, which knows the YAML and not the table, decides each request alike."""
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in ("routes", "policies", "experiments")
        for path in (ROOT / folder).rglob("*.yaml")
    }
    program = check(files, Options(today=date(2026, 11, 20))).program
    assert program is not None
    twin = reference.Twin(program)  # one for all, which works out each policy's orders once
    for one in VECTORS:
        env = {FILE["gate_env"]: "1" if one["gate"] else "0"}
        decision = dict(twin.decide(one["request"], env, one["table"]))
        decision.pop("ruleset_hash", None)
        assert json.loads(json.dumps(decision)) == one["decision"], one["request"]
