"""Draw expectations for a program: requests of every kind, and all that is decided for them today."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from routecomp.expectations.run import Outcome, gate_as, gate_variable, run
from routecomp.model.call_names import call_names
from routecomp.model.project import Program
from routecomp.runtime.resolver import Router
from routecomp.testing.expected import KEYS, value_of
from tests.properties.compare import Case
from tests.properties.strategies import Choices, Files, chance, pick, some

PATH = "policies/expectations-drawn.yaml"
Entry = dict[str, Any]


def router_of(case: Case) -> Router:
    """The shipped resolver over a program's table."""
    return Router.from_bytes(case.table, case.fallback)


def outcomes_of(case: Case, *names: str) -> list[Outcome]:
    """What comes of a program's expectations."""
    return list(run(case.program, router_of(case), names or None))


def with_entries(files: Files, entries: dict[str, Entry]) -> Files:
    """A project's files with one more, which holds these expectations; JSON is YAML."""
    return {**files, PATH: json.dumps({"expectations": entries}, indent=2).encode()}


def request(c: Choices, program: Program) -> tuple[dict[str, Any], list[str]]:
    """A request in the author's units, and the names in it that nobody declares."""
    names = [each.name for each in call_names(program) if each.kind != "pattern"]
    features = [*program.features, *program.sure_defaults.routes]
    asked: dict[str, Any] = {}
    strangers = []
    if chance(c, 60) and features:
        asked["feature"] = pick(c, features)
    elif chance(c, 90):
        asked["model"] = pick(c, names)
    else:
        asked["feature"] = "nobody-declares-it"
        strangers.append(asked["feature"])
    if chance(c, 60):
        asked["tenant"] = pick(c, [*program.tenants, "stranger"])
        strangers += ["stranger"] if asked["tenant"] == "stranger" else []
    stacks = [word for stack in sorted(program.stacks) for word in (stack, f"avoid-{stack}")]
    capabilities = sorted({word for entry in program.models.values() for word in entry.body.capabilities})
    for key, values, percent in (
        ("unit", ["user-1", "user-2", "7", "Ü", ""], 40),
        ("request_id", ["r-1", "r-2"], 30),
        ("preference", ["quality", "balanced", "cost"], 40),
        ("min_quality", [0.5, 0.55, 0, 1, 0.8501], 20),
        ("latency_budget_ms", [0, 300, 900, 20000], 20),
        ("stack", stacks, 20),
        ("input_tokens", [0, 1000, 8001, 200001], 40),
        ("max_output_tokens", [0, 16, 1000], 20),
        ("max_cost_usd", [0, 0.0001, 0.01], 20),
        ("stream", [True, False], 20),
        ("tools", [True, False], 20),
    ):
        if chance(c, percent):
            asked[key] = pick(c, values)
    if chance(c, 15) and capabilities:
        asked["capabilities"] = some(c, capabilities, 2)
    if chance(c, 25):
        asked["unavailable"] = some(c, [*program.models, *program.providers], 3)
    return asked, strangers


def entry(c: Choices, program: Program, router: Router) -> Entry:
    """An expectation of one request, with everything that is decided for it."""
    asked, strangers = request(c, program)
    variable = gate_variable(program)
    is_open = variable is not None and chance(c, 50)
    arguments: dict[str, Any] = {
        key: Decimal(repr(value)) if isinstance(value, float) else value for key, value in asked.items()
    }
    with gate_as(variable, is_open=is_open):
        decision = router.resolve(**arguments)
    values = {key: value_of(decision, key, 2) for key in KEYS}
    expected = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in values.items()
        if value is not None and (key != "chain_begins" or value)
    }
    gate = {"gate": "open"} if is_open else {}
    return {"request": asked, **gate, **({"undeclared": strangers} if strangers else {}), "expect": expected}


def other_values(key: str, expected: Entry, program: Program) -> list[Any]:
    """Values that a key of a decision could have beside the others that are expected, and has not."""
    value, models = expected[key], list(program.models)
    variants = {slug: list(each.body.variants) for slug, each in program.experiments.items()}
    words: dict[str, list[Any]] = {
        "status": ["ok", "rejected_policy", "unknown_model"],
        "source": ["table", "default_model"],
        "route": ["feature", "target", "direct"],
        "model": models,
        "provider": list(program.providers),
        "experiment": [slug for slug, ids in variants.items() if expected.get("variant") in (None, *ids)],
        "variant": variants.get(expected.get("experiment", ""), []),
        "version": [1, 2],
        "slot": [0, 9999],
        "chain": [value[:-1], [*value, *models[:1]], value[::-1]] if isinstance(value, list) else [],
        "chain_begins": [[*value, *models[:1]], value[::-1]] if isinstance(value, list) else [],
        "shadows": [[], models[:1]],
        "reasons": [[], ["alias"], ["feature_unknown"]],
    }
    return [other for other in words[key] if other != value]
