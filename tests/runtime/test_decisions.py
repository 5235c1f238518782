"""Docs/semantics.md, section 4, sentence by sentence, on a table small enough to check by hand."""

from __future__ import annotations

import json
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from routecomp.runtime.resolver import Decision, slot_of

from .tables import TABLE, encode, experiment, router

R = router()
LIVE = "TEST_PREFERENCE_LIVE"


def reasons(**arguments: Any) -> tuple[str, ...]:
    return R.resolve(**arguments).reasons


# --- which route ---


def test_feature_is_its_chain() -> None:
    """Primary, declared fallbacks, then the target's ranking without retired models; at most max_attempts."""
    decision = R.resolve(feature="chat")
    assert decision.status == "ok"
    assert decision.route == "feature"
    assert decision.source == "table"
    assert decision.model == "opus"
    # after mistral-3 and gpt: the penalised order is mini (gpt-eu retired, qwen-max below compliance), thinker
    assert decision.chain == ("opus", "mistral-3", "gpt", "mini", "thinker")


def test_endpoint_is_the_picks() -> None:
    """The endpoint's fields are those of the model picked and of its provider."""
    decision = R.resolve(feature="chat")
    assert decision[3:9] == (
        "opus",
        "anthropic",
        "upstream/anthropic",
        "https://api.anthropic.com/v1/messages",
        "anthropic",
        "ANTHROPIC_API_KEY",
    )


def test_target_takes_plain_order_then_penalised() -> None:
    """A target's pick is the first of the plain order; the rest of the chain follows in the penalised one."""
    decision = R.resolve(model="auto")
    assert decision.route == "target"
    assert decision.chain == ("mistral-3", "mini", "gpt-eu", "gpt", "opus")


def test_alias_is_a_target() -> None:
    """An alias answers as its target and says so."""
    assert R.resolve(model="router/auto") == R.resolve(model="auto")._replace(reasons=("alias",))


@pytest.mark.parametrize(
    ("target", "chain"),
    [
        ("listed", ("mini", "opus")),
        ("europe", ("mistral-3", "gpt-eu")),
        ("logic", ("gpt", "gpt-eu")),
        ("frontier", ("opus", "thinker")),
    ],
)
def test_selectors(target: str, chain: tuple[str, ...]) -> None:
    """Each selector names its candidates, and only active, listed ones are left."""
    assert R.resolve(model=target).chain == chain


def test_target_without_candidates() -> None:
    """A target whose candidates are all inactive or unlisted is rejected by policy."""
    decision = R.resolve(model="nothing")
    assert (decision.status, decision.route, decision.chain) == ("rejected_policy", "target", ())


def test_logical_model_ranks_its_hosts() -> None:
    """A logical slug is routed among its hosts like a target."""
    decision = R.resolve(model="gpt-logical")
    assert (decision.route, decision.chain, decision.floor_bp) == ("logical", ("gpt", "gpt-eu"), 5000)


def test_pinned_model_is_untouched() -> None:
    """A model slug is served whatever ability and demand say, with no floor."""
    decision = R.resolve(
        model="thinker",
        min_quality=1,
        tools=True,
        max_output_tokens=1,
        unavailable=["thinker"],
        input_tokens=1,
        max_cost_usd=0,
    )
    assert (decision.status, decision.route, decision.model) == ("ok", "direct", "thinker")
    assert decision.floor_bp is None
    assert decision.reasons == ()
    assert decision.estimated_cost_pusd == 3_000_000 + 12_000_000 // 2


@pytest.mark.parametrize("slug", ["hidden", "off"])
def test_pinned_model_needs_permission(slug: str) -> None:
    """An unlisted or inactive pinned model is rejected, never swapped."""
    decision = R.resolve(model=slug)
    assert (decision.status, decision.model, decision.chain) == ("rejected_policy", None, ())


def test_feature_wins_over_model() -> None:
    """With both, the feature wins and the model is not looked up."""
    assert R.resolve(feature="chat", model="router/auto") == R.resolve(feature="chat")
    assert R.resolve(feature="chat", model=7).reasons == ("ignored:model",)  # type: ignore[arg-type]


@pytest.mark.parametrize("arguments", [{}, {"model": "nobody"}, {"model": ""}, {"tenant": "picky"}])
def test_unknown_model(arguments: dict[str, Any]) -> None:
    """Anything else is unknown, with no substitute, and the table is what said so."""
    decision = R.resolve(**arguments)
    assert decision == Decision("unknown_model", source="table", ruleset_hash=decision.ruleset_hash)


def test_feature_reaches_unlisted_models() -> None:
    """A feature that names an unlisted model reaches it."""
    assert R.resolve(feature="secret").model == "hidden"


# --- the floor ---

DIAL = [
    # base, quality, balanced, cost: the table of section 4
    (5000, 6000, 5000, 5000),
    (5500, 6500, 5500, 5000),
    (4000, 5000, 4000, 4000),
    (8000, 8500, 8000, 7000),
    (8500, 8500, 8500, 7500),
    (9500, 9500, 9500, 8500),
]


@pytest.mark.parametrize(("base", "quality", "balanced", "cost"), DIAL)
def test_dial(monkeypatch: pytest.MonkeyPatch, base: int, quality: int, balanced: int, cost: int) -> None:
    """The dial table of the semantics page."""
    monkeypatch.setenv(LIVE, "1")
    dialled = router({"targets/auto/min_quality_bp": base, "models/opus/quality_bp": 10000})
    found = [dialled.resolve(model="auto", preference=p).floor_bp for p in ("quality", "balanced", "cost", None)]
    assert found == [quality, balanced, cost, balanced]


def test_base_is_the_higher_floor() -> None:
    """The base is the higher of the policy's and the route's floor; without either floors.good."""
    assert R.resolve(model="auto").floor_bp == 5000
    assert R.resolve(model="auto", tenant="picky").floor_bp == 8000
    assert R.resolve(model="frontier", tenant="picky").floor_bp == 8500
    assert R.resolve(feature="chat", tenant="picky").floor_bp == 8000
    assert router({"preferences": None}).resolve(model="auto").floor_bp == 0


def test_floor_is_never_inherited_from_then() -> None:
    """A feature whose `then` has a floor keeps its own."""
    assert router({"features/chat/then": "frontier"}).resolve(feature="chat").floor_bp == 5000


def test_explicit_floor_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """An explicit min_quality wins over everything, whatever the dial says."""
    monkeypatch.setenv(LIVE, "1")
    decision = R.resolve(model="frontier", tenant="picky", min_quality=0.1, preference="quality")
    assert (decision.floor_bp, decision.model) == (1000, "mistral-3")


def test_shut_gate_is_inert(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the gate is shut a declared preference changes nothing and says so; it is read at each call."""
    monkeypatch.delenv(LIVE, raising=False)
    assert R.resolve(model="auto", preference="quality").floor_bp == 5000
    assert reasons(model="auto", preference="quality") == ("preference_inert",)
    monkeypatch.setenv(LIVE, "true")
    assert reasons(model="auto", preference="cost") == ("preference_inert",)
    monkeypatch.setenv(LIVE, "1")
    assert reasons(model="auto", preference="cost") == ()
    ungated = router({"preferences/gate_env": None})
    assert ungated.resolve(model="auto", preference="cost").reasons == ("preference_inert",)


@pytest.mark.parametrize("word", ["", "Quality", "fast"])
def test_unknown_preference(word: str) -> None:
    """An unknown preference behaves as the default and says so; without preferences every one is unknown."""
    assert R.resolve(model="auto", preference=word).reasons == ("preference_unknown",)
    assert router({"preferences": None}).resolve(model="auto", preference="balanced").reasons == ("preference_unknown",)


def test_default_preference_is_byte_identical() -> None:
    """Naming the default preference changes nothing at all."""
    assert R.resolve(model="auto", preference="balanced").to_json() == R.resolve(model="auto").to_json()


def test_relaxed(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the dial alone emptied the set, the base is used for the whole decision, and it says so."""
    monkeypatch.setenv(LIVE, "1")
    arguments: dict[str, Any] = {
        "model": "auto",
        "unavailable": ["gpt", "gpt-eu", "opus", "thinker", "mistral-3"],
    }
    decision = R.resolve(preference="quality", **arguments)
    assert (decision.status, decision.model, decision.floor_bp) == ("ok", "mini", 5000)
    assert decision.reasons == ("preference_relaxed",)
    # Nothing survives the base either: the dialled request's status and floor.
    decision = R.resolve(preference="quality", **(arguments | {"unavailable": ["openai", "mistral", "anthropic"]}))
    assert (decision.status, decision.floor_bp, decision.reasons) == ("rejected_unavailable", 6000, ())
    # The dial did not move the floor: nothing to relax.
    decision = R.resolve(model="frontier", preference="quality", unavailable=["opus", "thinker"])
    assert (decision.status, decision.floor_bp, decision.reasons) == ("rejected_floor", 8500, ())


# --- filters ---


def test_statuses_name_the_first_filter_that_emptied() -> None:
    """The status is named after the first filter, in order, after which nothing was left."""

    def status(**arguments: Any) -> str:
        return R.resolve(**arguments).status

    assert status(model="auto", stack="moon") == "rejected_policy"
    assert status(model="auto", stack="moon", unavailable=["openai"]) == "rejected_policy"
    assert status(model="auto", capabilities=["telepathy"]) == "rejected_unavailable"
    assert status(model="auto", capabilities=["telepathy"], min_quality=1) == "rejected_unavailable"
    assert status(model="auto", input_tokens=200_000, min_quality=1) == "rejected_unavailable"
    assert status(model="auto", min_quality=1) == "rejected_floor"
    assert status(model="auto", min_quality=1, input_tokens=1, max_cost_usd=0) == "rejected_floor"
    assert status(model="auto", input_tokens=1, max_cost_usd=0) == "rejected_cost"


def test_bans_bind_every_entry() -> None:
    """Banned models, logical models and providers are gone from every route, fallbacks included."""
    assert R.resolve(feature="chat", tenant="careful").chain == ("mistral-3", "thinker")
    assert R.resolve(model="auto", tenant="careful").chain == ("mistral-3", "thinker")
    assert R.resolve(model="gpt-logical", tenant="careful").status == "rejected_policy"
    assert R.resolve(model="gpt", tenant="careful").status == "rejected_policy"
    assert R.resolve(model="preview/done", tenant="careful").status == "rejected_policy"


def test_stacks_of_policy_and_caller_both_bind() -> None:
    """The policy's stacks and the caller's are both applied."""
    assert R.resolve(model="auto", tenant="berlin").chain == ("mistral-3", "gpt-eu")
    assert R.resolve(model="auto", stack="eu").chain == ("mistral-3", "gpt-eu")
    assert R.resolve(model="auto", stack="avoid-us").chain == ("mistral-3", "gpt-eu")
    assert R.resolve(model="auto", tenant="berlin", stack="us").status == "rejected_policy"
    assert R.resolve(model="auto", tenant="berlin", stack="avoid-china").chain == ("mistral-3", "gpt-eu")


@pytest.mark.parametrize("stack", ["", "EU", "avoid-moon", "avoid-", "avoid-avoid-us", 5, True, ["eu"], "\ud800"])
def test_stack_fails_closed(stack: object) -> None:
    """A stack that is no text, or that no provider declares, passes nothing, and is not `ignored`."""
    decision = R.resolve(model="auto", stack=stack)  # type: ignore[arg-type]
    assert (decision.status, decision.reasons) == ("rejected_policy", ())


def test_compliance_threshold_is_inclusive() -> None:
    """A model at the threshold passes, one below does not."""
    at = router({"policies/p-default/compliance_bp": 9000}).resolve(model="auto").chain
    assert "opus" in at
    above = router({"policies/p-default/compliance_bp": 9001}).resolve(model="auto").chain
    assert above == ("mistral-3",)


def test_ability_filters_at_their_edges() -> None:
    """Availability, capabilities, context and the reasoning floor, each at its boundary."""

    def chain(**arguments: Any) -> tuple[str, ...]:
        return R.resolve(model="auto", min_quality=0.88, **arguments).chain

    assert chain() == ("opus", "thinker")
    assert chain(unavailable=["opus"]) == ("thinker",)
    assert chain(unavailable=["anthropic", "nobody", ""]) == ("thinker",)
    assert chain(stream=True) == ("opus",)
    assert chain(tools=True) == ("opus",)
    assert chain(stream="yes", tools=1) == ("opus", "thinker")
    assert chain(capabilities=["vision"]) == ("opus",)
    assert chain(capabilities=("vision", "tools")) == ("opus",)
    assert chain(capabilities={"vision"}) == ("opus",)
    assert chain(capabilities=[]) == ("opus", "thinker")
    assert chain(max_output_tokens=4096) == ("opus", "thinker")
    assert chain(max_output_tokens=4095) == ("opus",)
    assert chain(input_tokens=95_904, max_output_tokens=4096) == ("opus", "thinker")
    assert chain(input_tokens=95_905, max_output_tokens=4096) == ()
    assert chain(input_tokens=100_000) == ("opus", "thinker")
    assert chain(input_tokens=100_001) == ()


def test_quality_is_inclusive_and_rounded_up() -> None:
    """A floor at a model's quality keeps it; the caller's number is rounded up to a basis point."""
    assert R.resolve(model="auto", min_quality=0.9).chain == ("opus",)
    assert R.resolve(model="auto", min_quality=Decimal("0.90000001")).floor_bp == 9001
    assert R.resolve(model="auto", min_quality=7).floor_bp == 10_001
    assert R.resolve(model="auto", min_quality=-7).floor_bp == -1
    assert R.resolve(model="auto", min_quality=-0.00001).floor_bp == 0
    assert R.resolve(model="auto", min_quality=0.1 + 0.2).floor_bp == 3001  # 0.30000000000000004


def test_cost() -> None:
    """Estimated cost, to the pico-dollar, rounded up once; the limit is inclusive."""
    # opus: 1001 tokens * 5e6 + 500.5 * 25e6 pico-dollars
    assert R.resolve(feature="chat", input_tokens=1001).estimated_cost_pusd == 1001 * 5_000_000 + 12_512_500_000
    capped = R.resolve(feature="chat", input_tokens=1001, max_output_tokens=10)
    assert capped.estimated_cost_pusd == 1001 * 5_000_000 + 10 * 25_000_000
    assert R.resolve(feature="chat").estimated_cost_pusd is None
    exact = Decimal(capped.estimated_cost_pusd) / 10**12
    limits: dict[str, Any] = {"feature": "chat", "input_tokens": 1001, "max_output_tokens": 10}
    assert R.resolve(max_cost_usd=exact, **limits).model == "opus"
    assert R.resolve(max_cost_usd=exact - Decimal("1e-13"), **limits).model == "mistral-3"
    assert R.resolve(model="auto", input_tokens=0, max_cost_usd=0).status == "ok"
    assert R.resolve(model="auto", input_tokens=0, max_cost_usd=-1).status == "rejected_cost"


def test_cost_is_rounded_up_once() -> None:
    """A third of a pico-dollar costs a whole one, and only at the end."""
    odd = router({"models/opus/input_pusd": 1, "models/opus/output_pusd": 1, "models/opus/output_ratio_bp": 3333})
    decision = odd.resolve(model="opus", input_tokens=1)
    assert decision.estimated_cost_pusd == 2  # 1 + 0.3333
    assert odd.resolve(model="opus", input_tokens=3).estimated_cost_pusd == 4  # 3 + 0.9999


def test_max_cost_without_tokens_is_ignored() -> None:
    """A limit without (valid) input_tokens is ignored on every route."""
    for route in (
        {"model": "auto"},
        {"model": "opus"},
        {"feature": "chat"},
        {"feature": "batch"},
        {"model": "x"},
    ):
        assert "ignored:max_cost_usd" in reasons(max_cost_usd=0, **route)
    assert reasons(model="auto", max_cost_usd=0, input_tokens="5") == (
        "ignored:input_tokens",
        "ignored:max_cost_usd",
    )


# --- chain, latency ---


def test_max_attempts_cuts_the_chain() -> None:
    """The surviving chain is cut to max_attempts, the pick included."""
    assert router({"resilience/max_attempts": 1}).resolve(model="auto").chain == ("mistral-3",)
    assert router({"resilience/max_attempts": 2}).resolve(feature="chat").chain == ("opus", "mistral-3")


def test_fallback_disabled() -> None:
    """Without fallback a target is cut to its pick, and a feature tries its primary alone."""
    assert R.resolve(model="auto", tenant="strict").chain == ("mistral-3",)
    assert R.resolve(feature="chat", tenant="strict").chain == ("opus",)
    assert R.resolve(feature="chat", tenant="strict", unavailable=["opus"]).status == "rejected_unavailable"


def test_latency_budget() -> None:
    """The first survivor within budget and within the quality loss; else the pick stays and it says so."""
    # unconstrained: mistral-3 (900 ms, 0.70); mini has 0.55, further down than 0.10
    assert R.resolve(model="auto", latency_budget_ms=900).model == "mistral-3"
    missed = R.resolve(model="auto", latency_budget_ms=899)
    assert (missed.model, missed.reasons) == ("mistral-3", ("latency_budget_missed",))
    # feature: opus (0.90, 1800 ms); 0.80 is the least: gpt (0.84, 1500)
    quick = R.resolve(feature="chat", latency_budget_ms=1500)
    assert quick.chain == ("gpt", "opus", "mistral-3", "mini", "thinker")
    lossy = router({"policies/p-default/max_quality_loss_bp": 2000})
    assert lossy.resolve(feature="chat", latency_budget_ms=1500).model == "mistral-3"
    assert R.resolve(feature="chat", tenant="strict", latency_budget_ms=1500).reasons == ("latency_budget_missed",)


def test_latency_is_picked_before_the_cut() -> None:
    """A model beyond max_attempts can still be the quick pick."""
    short = router({"resilience/max_attempts": 2, "policies/p-default/max_quality_loss_bp": 10000})
    assert short.resolve(feature="chat", latency_budget_ms=400).chain == ("mini", "opus")


# --- tenants and reasons ---


def test_unknown_tenant() -> None:
    """An undeclared tenant has the default policy, or a permission filter that nothing passes."""
    decision = R.resolve(model="auto", tenant="nobody")
    assert decision == R.resolve(model="auto")._replace(reasons=("tenant_unknown",))
    strict = router({"defaults/unknown_tenant": "reject"})
    routes: list[dict[str, Any]] = [{"model": "auto"}, {"model": "opus"}, {"feature": "chat"}, {"feature": "batch"}]
    for route in routes:
        rejected = strict.resolve(tenant="", **route)
        assert rejected.status == "rejected_policy"
        assert "tenant_unknown" in rejected.reasons
        assert strict.resolve(**route).status == "ok"
        wrong = strict.resolve(tenant=5.0, **route)  # type: ignore[arg-type]
        assert wrong == rejected._replace(reasons=tuple(sorted((*rejected.reasons, "ignored:tenant"))))


def test_reasons_are_sorted_and_said_everywhere() -> None:
    """Flags of the request are said on every route, unknown models included."""
    decision = R.resolve_request(
        {"model": "x", "tenant": "?", "preference": "?", "unit": b"u", "max_cost_usd": "1", "colour": "red"}
    )
    assert decision.reasons == (
        "ignored:colour",
        "ignored:max_cost_usd",
        "ignored:unit",
        "preference_unknown",
        "tenant_unknown",
    )


# --- experiments and shadows ---


@pytest.mark.parametrize(("unit", "slot"), [("user-1", 1933), ("user-2", 7795), ("", 330), ("Ü-π-💥", 6951)])
def test_slot_vectors(unit: str, slot: int) -> None:
    """The slot vectors of section 5, and the variant that owns each."""
    decision = R.resolve(model="preview/nimbus", unit=unit)
    variant, version, model, key = (
        ("control", 1, "opus", "ANTHROPIC_API_KEY") if slot < 5000 else ("gpt", 3, "gpt", "NIMBUS_KEY")
    )
    assert decision.slot == slot
    assert (decision.route, decision.experiment, decision.variant) == ("experiment", "opus-vs-gpt", variant)
    assert (decision.version, decision.model, decision.api_key_env) == (version, model, key)
    assert (decision.chain, decision.floor_bp, decision.reasons) == ((model,), None, ())


def test_other_salt() -> None:
    """The vector of another salt: the salt is part of the slot."""
    assert slot_of("s2", "user-1") == 3710
    salted = router({"experiments": {"x": experiment("x", salt="s2")}})
    assert salted.resolve(model="x", unit="user-1").slot == 3710


def test_no_unit() -> None:
    """Without a unit the first variant serves, and only an active experiment says so."""
    decision = R.resolve(model="preview/nimbus")
    assert (decision.variant, decision.slot, decision.reasons) == ("control", None, ("no_unit",))
    assert R.resolve(model="preview/done").reasons == ()
    assert R.resolve(model="preview/paused").reasons == ()


def test_paused_and_completed() -> None:
    """Paused rejects or serves the first variant; completed serves its winner; the slot is said always."""
    rejected = R.resolve(model="preview/paused", unit="user-2", stack="moon")
    assert rejected == Decision(
        "rejected_experiment",
        "experiment",
        "table",
        experiment="exp-paused",
        slot=7795,
        ruleset_hash=rejected.ruleset_hash,
        route_name="preview/paused",
    )
    control = R.resolve(model="preview/control", unit="user-2")
    assert (control.model, control.variant, control.slot) == ("opus", "control", 7795)
    assert control.reasons == ("paused_control",)
    done = R.resolve(model="preview/done", unit="user-1")
    assert (done.model, done.variant, done.slot, done.reasons) == ("gpt", "gpt", 1933, ())


def test_variant_needs_permission_and_ability_but_no_demand() -> None:
    """A variant that does not pass is rejected, with what was assigned, never swapped."""
    decision = R.resolve(model="preview/nimbus", unit="user-1", unavailable=["anthropic"])
    assert (decision.status, decision.variant, decision.version) == ("rejected_unavailable", "control", 1)
    assert (decision.model, decision.chain, decision.slot) == (None, (), 1933)
    assert R.resolve(model="preview/nimbus", unit="user-1", stack="eu").status == "rejected_policy"
    assert R.resolve(model="preview/nimbus", min_quality=1, input_tokens=1, max_cost_usd=0).status == "ok"


def test_variant_may_be_unlisted() -> None:
    """`listed` does not bind an experiment's variant; `active` does."""
    variants = experiment_variants("hidden")
    assert router({"experiments": variants}).resolve(model="x").model == "hidden"
    assert router({"experiments": experiment_variants("off")}).resolve(model="x").status == "rejected_policy"


def experiment_variants(slug: str) -> dict[str, Any]:
    one = [{"api_key_env": None, "id": "control", "model": slug, "version": 1}]
    return {"x": experiment("x", variants=one, slots=[[0, 0]])}


def test_shadows() -> None:
    """A sampled shadow is mirrored by its own slot, unless it is the pick or a filter bars it."""
    unit = next(f"r{i}" for i in range(99) if slot_of("shadow:chat:gpt", f"r{i}") < 5000)
    other = next(f"r{i}" for i in range(99) if slot_of("shadow:chat:gpt", f"r{i}") >= 5000)
    assert R.resolve(feature="chat").shadows == ()
    assert R.resolve(feature="chat", request_id=unit).shadows == ("gpt", "mini")
    assert R.resolve(feature="chat", request_id=other).shadows == ("mini",)
    assert R.resolve(feature="chat", unit=unit).shadows == ("gpt", "mini")
    assert R.resolve(feature="chat", unit=unit, request_id=other).shadows == ("mini",)
    assert R.resolve(feature="chat", request_id="").shadows[-1:] == ("mini",)
    assert R.resolve(feature="chat", request_id=unit, unavailable=["mini"]).shadows == ("gpt",)
    assert R.resolve(feature="chat", request_id=unit, tenant="careful").shadows == ()
    assert R.resolve(feature="chat", request_id=unit, latency_budget_ms=1500).shadows == ("mini",)
    assert R.resolve(feature="chat", request_id=unit, min_quality=0.9).shadows == ("gpt", "mini")  # no demand
    assert R.resolve(feature="chat", request_id=unit, min_quality=1).shadows == ()  # not ok
    assert R.resolve(feature="batch", request_id=unit).shadows == ()


# --- the decision as a value ---


def test_decision_is_an_immutable_value() -> None:
    """Decisions compare by value, hash, and cannot be changed."""
    decision = R.resolve(model="auto")
    assert decision == R.resolve(model="auto")
    assert hash(decision) == hash(R.resolve(model="auto"))
    with pytest.raises(AttributeError):
        decision.model = "x"  # type: ignore[misc]


def test_json_has_the_keys_in_order() -> None:
    """The JSON form has section 4's keys in section 4's order, lists where the page says lists."""
    body = json.loads(R.resolve(model="auto").to_json())
    assert list(body) == [
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
    assert body["chain"] == ["mistral-3", "mini", "gpt-eu", "gpt", "opus"]
    assert body["shadows"] == body["reasons"] == []
    assert body == R.resolve(model="auto").to_dict()


def test_ruleset_hash_is_the_sha256_of_the_bytes() -> None:
    """The hash is that of the bytes loaded."""
    assert R.resolve(model="auto").ruleset_hash == sha256(encode(TABLE)).hexdigest()


# --- arguments of the wrong kind ---

WRONG: list[tuple[str, list[Any]]] = [
    ("unit", [5.0, True, b"u", ["u"], "\ud800"]),
    ("request_id", [5.0, False, b"u", "\udfff"]),
    ("preference", [5, True, "\ud800"]),
    ("min_quality", ["0.9", True, float("nan"), float("inf"), Decimal("-Infinity"), Decimal("sNaN"), [0.9], 1j]),
    ("latency_budget_ms", ["9", 1.5, -1, 10**9 + 1, True, float("inf"), Decimal("0.5"), Decimal("1e10")]),
    ("input_tokens", ["9", 1.5, -1, 10**9 + 1, False, -0.5, Decimal("1e999999999")]),
    ("max_output_tokens", ["9", 1.5, -1, 10**9 + 1, 1e10]),
    ("capabilities", ["vision", 5, ["vision", 5], [None], {"vision": 1}, iter(["vision"]), range(1)]),
    ("unavailable", ["opus", ["opus", 5], {"opus": 1}, b"opus", (b"opus",)]),
]


@pytest.mark.parametrize(("name", "values"), WRONG)
def test_wrong_kinds_count_as_not_given(name: str, values: list[Any]) -> None:
    """What is of the wrong kind changes nothing, and is said, on every route and with other hints beside."""
    for beside in (
        {"model": "auto"},
        {"feature": "chat"},
        {"model": "opus"},
        {"model": "preview/done"},
        {"feature": "batch"},
        {"model": "auto", "stream": True},
        {"model": "?"},
    ):
        plain = R.resolve(**beside)
        for value in values:
            said = tuple(sorted([*plain.reasons, f"ignored:{name}"]))
            assert R.resolve(**beside, **{name: value}) == plain._replace(reasons=said), value


def test_wrong_names_of_routes() -> None:
    """A feature of the wrong kind is not given, so that the model counts; a wrong model leaves nothing."""
    for wrong in (5, b"chat", ["chat"], "\ud800", True):
        decision = R.resolve(feature=wrong, model="auto")  # type: ignore[arg-type]
        assert decision == R.resolve(model="auto")._replace(reasons=("ignored:feature",))
        decision = R.resolve(model=wrong)  # type: ignore[arg-type]
        assert (decision.status, decision.reasons) == ("unknown_model", ("ignored:model",))


def test_good_kinds_of_numbers() -> None:
    """Whole floats and Decimals are whole numbers; a Decimal of many digits is read to the last."""
    for tokens in (1000, 1000.0, Decimal(1000), Decimal("1e3"), Decimal("1000.000")):
        assert R.resolve(model="opus", input_tokens=tokens).estimated_cost_pusd == 1000 * 5_000_000 + 500 * 25_000_000  # type: ignore[arg-type]
    assert R.resolve(model="auto", latency_budget_ms=900.0).model == "mistral-3"  # type: ignore[arg-type]
    assert R.resolve(model="auto", input_tokens=-0.0).estimated_cost_pusd == 0  # type: ignore[arg-type]
    assert R.resolve(model="auto", min_quality=Decimal("0.9" + "0" * 100 + "1")).floor_bp == 9001
    assert R.resolve(model="auto", max_cost_usd=10**30, input_tokens=10**9).status == "rejected_unavailable"
    assert R.resolve(model="auto", max_cost_usd=10**30, input_tokens=1).reasons == ()


def test_only_true_is_true() -> None:
    """`stream` and `tools` are true only for true; anything else is false, and nothing is said of it."""
    for wrong in (1, 1.0, "true", [True], object()):
        assert R.resolve(model="auto", min_quality=0.88, tools=wrong).chain == ("opus", "thinker")  # type: ignore[arg-type]
        assert R.resolve(model="auto", stream=wrong) == R.resolve(model="auto")  # type: ignore[arg-type]


def test_a_shadow_at_the_edge_of_its_sample() -> None:
    """A slot below the sample is mirrored, the slot that equals it is not: 5,000 of 10,000 slots are half."""
    found: dict[int, str] = {}
    for number in range(200_000):
        found.setdefault(slot_of("shadow:chat:gpt", f"r{number}"), f"r{number}")
        if found.keys() >= {4999, 5000}:
            break
    served = router()
    for slot, mirrored in ((4999, True), (5000, False)):
        for hints in ({}, {"input_tokens": 1}):
            asked: dict[str, Any] = {"feature": "chat", "request_id": found[slot], **hints}
            assert ("gpt" in served.resolve(**asked).shadows) is mirrored
            assert served.explain(**asked)["shadows"][0]["mirrored"] is mirrored
