"""docs/semantics.md, section 4, "The decision": each key of the answer, and the answer as a JSON line."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime import resolver
from tests.semantics.worlds import GATE, MODELS, PREFERENCES, Service, service

KEYS = [
    "status",
    "route",
    "source",
    "model",
    "provider",
    "upstream_model",
    "url",
    "adapter",
    "api_key_env",
    "chain",
    "shadows",
    "experiment",
    "variant",
    "version",
    "slot",
    "floor_bp",
    "estimated_cost_pusd",
    "reasons",
    "ruleset_hash",
    "route_name",
]
PICK = ("model", "provider", "upstream_model", "url", "adapter", "api_key_env")
EXPERIMENTS = """
experiments:
  live: {public_model_id: id/live, status: active, variants: {
    a: {weight: 0.5, versions: [{version: 1, model: best}]}, b: {weight: 0.5, versions: [{version: 1, model: best}]}}}
  shut: {public_model_id: id/shut, status: paused, variants: {
    a: {weight: 0.5, versions: [{version: 1, model: best}]}, b: {weight: 0.5, versions: [{version: 1, model: best}]}}}
  held: {public_model_id: id/held, status: paused, on_pause: control, variants: {
    a: {weight: 0.5, versions: [{version: 1, model: best}]}, b: {weight: 0.5, versions: [{version: 1, model: best}]}}}
"""


@pytest.fixture(scope="module")
def world() -> Service:
    """Every route; unknown tenants are refused."""
    models = MODELS.replace("best: {", "best: {logical_slug: family, provider_model_name: Best-2026.11, ")
    defaults = """
    defaults:
      model: good
      routes: {routed: weak}
      policy: {weights: {quality: 1.00, latency: 0, cost: 0}}
      unknown_tenant: reject
    """
    return service(
        models=models,
        defaults=defaults,
        policies=PREFERENCES,
        experiments=EXPERIMENTS,
        routes="features: {chat: {models: {best: primary, good: {status: shadow, sample: 1}}}}",
    )


REQUESTS: list[dict[str, Any]] = [
    {"feature": "chat", "unit": "u"},
    {"feature": "nowhere"},
    {"model": "auto"},
    {"model": "family"},
    {"model": "best"},
    {"model": "id/live"},
    {"model": "id/shut"},
    {"model": "nobody"},
    {},
    {"model": "auto", "min_quality": 1},
]


@pytest.mark.parametrize("request_", REQUESTS)
def test_keys(world: Service, request_: dict[str, Any]) -> None:
    """ "it has these keys, `null` or `[]` where there is nothing to say": every decision, in the page's order."""
    decision = world.ask(**request_)
    assert list(decision) == KEYS
    for key in KEYS:
        assert isinstance(decision[key], list) == (key in ("chain", "shadows", "reasons"))


def test_decision_is_a_value(world: Service) -> None:
    """ "**The decision** is a value": it cannot be changed, and two equal ones are equal."""
    one = world.router.resolve(model="auto")
    with pytest.raises((AttributeError, TypeError)):
        one.status = "ok"  # type: ignore[misc]
    assert one == world.router.resolve(model="auto")
    changed = one.to_dict()
    changed["chain"].append("mine")
    assert world.ask(model="auto")["chain"] == ["best", "good", "cheap"]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"model": "auto"}, "ok"),
        ({"model": "auto", "stack": "mars"}, "rejected_policy"),
        ({"model": "auto", "tenant": "stranger"}, "rejected_policy"),
        ({"model": "auto", "capabilities": ["audio"]}, "rejected_unavailable"),
        ({"model": "auto", "min_quality": 0.91}, "rejected_floor"),
        ({"model": "auto", "input_tokens": 1, "max_cost_usd": 0}, "rejected_cost"),
        ({"model": "id/shut"}, "rejected_experiment"),
        ({"model": "nobody"}, "unknown_model"),
    ],
)
def test_status(world: Service, request_: dict[str, Any], status: str) -> None:
    """`status`: the whole vocabulary."""
    decision = world.ask(**request_)
    assert decision["status"] == status
    if status != "ok":
        assert [decision[key] for key in PICK] == [None] * 6
        assert (decision["chain"], decision["shadows"], decision["estimated_cost_pusd"]) == ([], [], None)


@pytest.mark.parametrize(
    ("request_", "route"),
    [
        ({"feature": "chat"}, "feature"),
        ({"feature": "nowhere"}, "feature"),
        ({"model": "auto"}, "target"),
        ({"model": "router/auto"}, "target"),
        ({"model": "family"}, "logical"),
        ({"model": "id/live"}, "experiment"),
        ({"model": "id/shut"}, "experiment"),
        ({"model": "best"}, "direct"),
        ({"model": "nobody"}, None),
        ({}, None),
    ],
)
def test_route(world: Service, request_: dict[str, Any], route: str | None) -> None:
    """ "`feature`, `target`, `logical`, `experiment`, `direct`; null for `unknown_model`", rejections included."""
    assert world.ask(**request_)["route"] == route
    assert world.ask(**request_, tenant="stranger")["route"] == route


@pytest.mark.parametrize(
    ("request_", "source"),
    [
        ({"feature": "chat"}, "table"),
        ({"feature": "chat", "min_quality": 1}, "table"),
        ({"model": "auto"}, "table"),
        ({"model": "auto", "stack": "mars"}, "table"),
        ({"model": "id/shut"}, "table"),
        ({"model": "best"}, "table"),
        ({"model": "nobody"}, "table"),
        ({"feature": "routed"}, "default_route"),
        ({"feature": "nowhere"}, "default_model"),
    ],
)
def test_source(world: Service, request_: dict[str, Any], source: str) -> None:
    """ "`table` whenever the table answered, rejections included; else the rung of section 6"."""
    assert world.ask(**request_)["source"] == source


def test_picks_endpoint(world: Service) -> None:
    """ "`model`, `provider`, `upstream_model`, `url`, `adapter`, `api_key_env` | the pick's"."""
    decision = world.ask(model="auto")
    assert [decision[key] for key in PICK] == [
        "best",
        "anthropic",
        "Best-2026.11",
        "https://api.anthropic.com/v1/messages",
        "anthropic",
        "ANTHROPIC_API_KEY",
    ]


def test_upstream_model_defaults_to_the_slug(world: Service) -> None:
    """Section 2: `provider_model_name` "default: the slug"; a provider without a key has a null `api_key_env`."""
    decision = world.ask(model="cheap")
    assert (decision["upstream_model"], decision["api_key_env"]) == ("cheap", None)


@pytest.mark.parametrize(
    ("model", "url"),
    [
        ("best", "https://api.anthropic.com/v1/messages"),
        ("good", "https://api.mistral.ai/v1/chat/completions"),
        ("cheap", "https://open.bigmodel.cn/api/v4/chat"),
    ],
)
def test_url_is_joined_with_one_slash(world: Service, model: str, url: str) -> None:
    """Section 3: "base and path joined with exactly one slash", whichever of the two brings it, or both, or none."""
    assert world.ask(model=model)["url"] == url


def test_chain(world: Service) -> None:
    """ "slugs that survive, in order, the pick first"."""
    decision = world.ask(model="auto", latency_budget_ms=1000, unavailable=["cheap"])
    assert (decision["chain"], decision["model"]) == (["good", "best"], "good")


def test_shadows_stand_on_ok_from_the_table_alone(world: Service) -> None:
    """ "slugs to mirror, in declared order; empty unless `ok` from the table"."""
    assert world.ask(feature="chat", unit="u")["shadows"] == ["good"]
    assert world.ask(feature="chat", unit="u", min_quality=1)["shadows"] == []
    assert world.ask_without_table(feature="chat", unit="u")["shadows"] == []


def test_experiment_keys_on_experiment_routes_alone(world: Service) -> None:
    """ "on experiment routes: those assigned, also when a filter rejects them"."""
    served = world.ask(model="id/live", unit="u")
    rejected = world.ask(model="id/live", unit="u", stack="mars")
    for decision in (served, rejected):
        assert decision["experiment"] == "live"
        assert (decision["variant"], decision["version"]) == (served["variant"], 1)
        assert decision["slot"] == served["slot"]
    assert rejected["status"] == "rejected_policy"
    plain = world.ask(model="auto", unit="u")
    assert [plain[key] for key in ("experiment", "variant", "version", "slot")] == [None] * 4


def test_paused_experiment_that_rejects_assigns_nothing(world: Service) -> None:
    """ "variant and version null when paused rejects"; the slot is said as on every experiment route with a unit."""
    decision = world.ask(model="id/shut", unit="u")
    assert [decision[key] for key in ("experiment", "variant", "version")] == ["shut", None, None]
    assert decision["slot"] == int.from_bytes(hashlib.sha256(b"shut:u").digest()[:8], "big") * 10_000 >> 64
    assert world.ask(model="id/shut")["slot"] is None


@pytest.mark.parametrize(
    ("request_", "floor"),
    [
        ({"model": "auto"}, 5000),
        ({"model": "auto", "min_quality": 0.7}, 7000),
        ({"feature": "chat"}, 5000),
        ({"model": "family"}, 5000),
        ({"model": "auto", "stack": "mars"}, 5000),
        ({"model": "best"}, None),
        ({"model": "id/live"}, None),
        ({"model": "id/shut"}, None),
        ({"feature": "nowhere"}, None),
        ({"model": "nobody"}, None),
    ],
)
def test_floor_bp(world: Service, request_: dict[str, Any], floor: int | None) -> None:
    """ "the floor that was applied; null where none was (direct, experiment, rungs, unknown)"."""
    assert world.ask(**request_)["floor_bp"] == floor


@pytest.mark.parametrize(
    "request_", [{"feature": "chat"}, {"model": "auto"}, {"model": "family"}, {"model": "best"}, {"model": "id/live"}]
)
def test_estimated_cost_is_the_picks(world: Service, request_: dict[str, Any]) -> None:
    """ "the pick's, or null", on every `ok` decision with `input_tokens`: 100 x 10,000,000 + 50 x 20,000,000."""
    assert world.ask(**request_, input_tokens=100)["estimated_cost_pusd"] == 2_000_000_000
    assert world.ask(**request_)["estimated_cost_pusd"] is None


def test_estimated_cost_on_a_rung(world: Service) -> None:
    """The same on a rung: `good`, 100 x 4,000,000 + 50 x 8,000,000."""
    assert world.ask(feature="nowhere", input_tokens=100)["estimated_cost_pusd"] == 800_000_000
    assert world.ask_without_table(model="good", input_tokens=100)["estimated_cost_pusd"] == 800_000_000


@pytest.mark.parametrize(
    ("request_", "flag"),
    [
        ({"model": "router/auto"}, "alias"),
        ({"model": "auto", "preference": "turbo"}, "preference_unknown"),
        ({"model": "auto", "preference": "cost"}, "preference_inert"),
        ({"model": "id/live"}, "no_unit"),
        ({"model": "id/held"}, "paused_control"),
        ({"model": "auto", "tenant": "stranger"}, "tenant_unknown"),
        ({"feature": "nowhere"}, "feature_unknown"),
        ({"model": "auto", "unit": 1.0}, "ignored:unit"),
        ({"model": "auto", "latency_budget_ms": 0}, "latency_budget_missed"),
    ],
)
def test_reasons(world: Service, monkeypatch: pytest.MonkeyPatch, request_: dict[str, Any], flag: str) -> None:
    """`reasons`: each flag where it belongs (`preference_relaxed` is in test_chains.py)."""
    monkeypatch.delenv(GATE, raising=False)
    assert world.ask(**request_)["reasons"] == [flag]


@pytest.mark.parametrize("request_", REQUESTS)
def test_flags_are_said_on_every_route(
    world: Service, monkeypatch: pytest.MonkeyPatch, request_: dict[str, Any]
) -> None:
    """ "sorted flags, said on every route", where the preference or the tenant changes nothing too."""
    monkeypatch.delenv(GATE, raising=False)
    reasons = world.ask(**request_, tenant="stranger", preference="quality", request_id=0.0, zeal=1)["reasons"]
    assert reasons == sorted(reasons)
    assert set(reasons) >= {"tenant_unknown", "preference_inert", "ignored:request_id", "ignored:zeal"}


def test_preference_is_inert_beside_an_explicit_floor(world: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """`preference_inert`: "a declared, non-default preference while the gate is shut", whatever else is asked."""
    monkeypatch.delenv(GATE, raising=False)
    assert world.ask(model="auto", preference="cost", min_quality=0.5)["reasons"] == ["preference_inert"]
    monkeypatch.setenv(GATE, "1")
    assert world.ask(model="auto", preference="cost", min_quality=0.5)["reasons"] == []


def test_no_unit_is_said_of_active_experiments_alone(world: Service) -> None:
    """ "`no_unit` (active experiment)"."""
    assert world.ask(model="id/live", unit="")["reasons"] == []
    assert world.ask(model="id/shut")["reasons"] == []


def test_ruleset_hash(world: Service) -> None:
    """ "`ruleset_hash` | the table's": the SHA-256 of its bytes, on every decision."""
    wanted = hashlib.sha256(world.table).hexdigest()
    assert {world.ask(**request_)["ruleset_hash"] for request_ in REQUESTS} == {wanted}


@pytest.mark.parametrize("request_", REQUESTS)
def test_json_line(world: Service, request_: dict[str, Any]) -> None:
    """ "as JSON … one request object per line in, one decision per line out": the same decision."""
    assert world.ask_line(json.dumps(request_)) == world.ask(**request_)
    assert list(world.ask_line(json.dumps(request_))) == KEYS


def test_refused_tenant_is_refused_on_every_route(world: Service) -> None:
    """Section 2: `unknown_tenant: reject`: "a permission filter that nothing passes"."""
    for request_ in REQUESTS:
        status = world.ask(**request_, tenant="stranger")["status"]
        if request_.get("model") == "id/shut":
            assert status == "rejected_experiment"
        else:
            assert status == ("unknown_model" if request_ in ({}, {"model": "nobody"}) else "rejected_policy")


def test_no_tenant_is_never_refused(world: Service) -> None:
    """ "No tenant is not an unknown one: it has the default policy"; one whose tenant is ignored "passes nothing"."""
    assert world.ask(model="auto")["status"] == "ok"
    assert world.ask(model="auto", tenant=None)["status"] == "ok"
    assert world.ask(model="auto", tenant=17)["status"] == "rejected_policy"
    assert world.ask(model="auto", tenant=b"17")["status"] == "rejected_policy"
    assert world.ask(model="auto", tenant="")["status"] == "rejected_policy"


def test_resolver_as_a_program(world: Service, tmp_path: Path) -> None:
    """ "the same from `python generated/resolver.py < requests.jsonl`", "one decision per line out, for every line"."""
    for name, content in (
        ("routing_table.json", world.table),
        ("fallback.json", world.fallback),
        ("resolver.py", Path(resolver.__file__).read_bytes()),
    ):
        (tmp_path / name).write_bytes(content)
    lines = [*map(json.dumps, REQUESTS), "", "nonsense", '{"model": "auto", "min_quality": NaN}', "[]"]
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(tmp_path / "resolver.py")],
        check=True,
        timeout=60,
        input="\n".join(lines).encode(),
        capture_output=True,
    )
    assert [json.loads(line) for line in done.stdout.splitlines()] == [world.ask_line(line) for line in lines]


def test_explain_adds_the_log(world: Service) -> None:
    """ "`explain` adds the log: for each filter the survivors and the first three by rank"."""
    request: dict[str, Any] = {"model": "auto", "stack": "avoid-china", "max_output_tokens": 99, "min_quality": 0.5}
    explained = world.router.explain(**request)
    assert explained["decision"] == world.ask(**request)
    log = {entry["filter"]: (entry["group"], entry["survivors"], entry["first"]) for entry in explained["filters"]}
    # best, good, cheap, weak: without china no `cheap`; `best` needs 100 tokens of output; `weak` is below 0.50.
    assert log["active"] == ("permission", 4, ["best", "good", "cheap"])
    assert log["compliance"] == ("permission", 3, ["best", "good", "weak"])
    assert log["reasoning_floor"] == ("ability", 2, ["good", "weak"])
    assert log["quality"] == ("demand", 1, ["good"])
    names = [entry["group"] for entry in explained["filters"]]
    assert names == sorted(names, key=["permission", "ability", "demand"].index)
