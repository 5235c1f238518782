"""Router.endpoint: where the models of a decision's chain are called, whatever it is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from routecomp.runtime.resolver import Decision, Endpoint, Router

from . import hostile
from .tables import MODELS, TABLE, encode, model, router


def address(endpoint: Endpoint | None) -> tuple[str | None, ...]:
    """Return what a decision says of its own model too."""
    assert endpoint is not None
    return endpoint[:6]


def test_every_model_of_a_chain_has_its_endpoint() -> None:
    """The decided model's is the decision's own; each other's is what a decision for that model says."""
    table = router()
    decision = table.resolve(feature="chat", input_tokens=1200)
    assert len(decision.chain) > 2
    for slug in decision.chain:
        endpoint = table.endpoint(decision, slug)
        assert endpoint is not None
        assert endpoint[:6] == table.resolve(model=slug)[3:9]
        assert endpoint.model == slug
    own = table.endpoint(decision, decision.model)
    assert own is not None
    assert own[:6] == decision[3:9]


def test_an_experiments_own_key_is_its_models_alone() -> None:
    """The version's key variable goes with the decided model."""
    table = router()
    decisions = [table.resolve(model="preview/nimbus", unit=f"user-{number}") for number in range(20)]
    assert {decision.api_key_env for decision in decisions} == {"ANTHROPIC_API_KEY", "NIMBUS_KEY"}
    for decision in decisions:
        endpoint = table.endpoint(decision, decision.model)
        assert endpoint is not None
        assert endpoint.api_key_env == decision.api_key_env
    chat = table.resolve(model="auto", unavailable=["anthropic"])
    endpoint = table.endpoint(chat, "gpt")
    assert endpoint is not None
    assert endpoint.api_key_env == "OPENAI_API_KEY"


def test_nothing_outside_the_chain_is_told() -> None:
    """A model that the policy left out, an unknown one and a rejection have no endpoint."""
    table = router()
    decision = table.resolve(model="auto", stack="eu")
    assert set(decision.chain) == {"mistral-3", "gpt-eu"}
    assert [table.endpoint(decision, slug) for slug in ("opus", "off", "nobody", "", None)] == [None] * 5
    refused = table.resolve(model="auto", stack="moon")
    assert refused.status == "rejected_policy"
    assert table.endpoint(refused, "opus") is table.endpoint(refused, None) is None


@pytest.mark.parametrize("change", ["gone", "off", "moved"])
def test_after_a_reload_the_table_that_serves_answers(tmp_path: Path, change: str) -> None:
    """A model that left or was switched off has no endpoint; a provider that moved has its new one."""
    path = tmp_path / "table.json"
    path.write_bytes(encode(TABLE))
    table = Router(str(path))
    decision = table.resolve(model="auto")
    later = next(slug for slug in decision.chain[1:] if MODELS[slug]["provider"] == "openai")
    body = dict(TABLE)
    if change == "gone":
        body = _without(decision)
    elif change == "off":
        body["models"] = {**MODELS, later: {**MODELS[later], "active": False}}
    else:
        there = {**TABLE["providers"]["openai"], "url": "https://elsewhere.example/v1"}
        body["providers"] = {**TABLE["providers"], "openai": there}
    path.write_bytes(encode(body))
    assert table.reload(), table.status()
    endpoint = table.endpoint(decision, later)
    if change == "moved":
        assert endpoint is not None
        assert endpoint.url == "https://elsewhere.example/v1"
    else:
        assert endpoint is None
    own = table.endpoint(decision, decision.model)
    assert own is not None
    assert own[:6] == decision[3:9]  # as it was decided


def _without(decision: Decision) -> dict[str, object]:
    """Return a table of one model, which the decision does not name."""
    slug, body = "new", model("mistral", 8000, (1, 1), 500)
    return {**TABLE, "models": {slug: body}, "orders": dict.fromkeys(TABLE["orders"], slug), "features": {},
            "experiments": {}, "aliases": {}, "targets": {"auto": {"candidates": "all", "min_quality_bp": None}},
            "policies": {name: {**policy, "banned_models": []} for name, policy in TABLE["policies"].items()},
            "defaults": {**TABLE["defaults"], "model": slug, "routes": {}}}  # fmt: skip


def test_without_a_table() -> None:
    """A rung's decision carries its own endpoint; a decision of an earlier life finds nothing to be looked up in."""
    decision = router().resolve(model="auto")
    nothing = Router.from_bytes(None)
    assert nothing.endpoint(decision, decision.chain[1]) is None
    resort: dict[str, Any] = {"model": "spare", "provider": "p", "upstream_model": "u", "url": "https://p.example/v1",
              "adapter": "openai", "api_key_env": "SPARE_KEY"}  # fmt: skip
    spare = Router.from_bytes(None, last_resort=resort)
    rung = spare.resolve(feature="chat")
    endpoint = spare.endpoint(rung, "spare")
    assert endpoint is not None
    assert endpoint[:6] == Endpoint(**resort)[:6]
    assert (endpoint.auth, endpoint.stream_url) == ("bearer", resort["url"])
    says = {"params": '{"a": 1}', "rpm": 5, "total_ms": 7, "max_output_tokens": 9, "auth": "api-key",
            "headers": {"x-a": "b"}, "base_url": "https://b.example", "context_window": 8}  # fmt: skip
    for table in (None, encode(TABLE)):
        told = Router.from_bytes(table, last_resort=resort | says)
        endpoint = told.endpoint(rung, "spare")
        assert endpoint is not None
        assert (endpoint.params, endpoint.timeouts, endpoint.auth) == ({"a": 1}, {"total_ms": 7}, "api-key")
        assert endpoint.limits == {"provider": {}, "model": {"rpm": 5}}
        assert (endpoint.max_output_tokens, endpoint.headers) == (9, {"x-a": "b"})
        assert endpoint.base_url == "https://b.example"


def test_a_decision_of_another_router() -> None:
    """Its own model is called as it says, and the others of its chain as this router's table says."""
    decision = router().resolve(model="auto")
    there = {**TABLE["providers"], **{
        name: {**body, "url": f"https://{name}.example/v1"} for name, body in TABLE["providers"].items()}}  # fmt: skip
    other = router({"providers": there, "models/mini/active": False})
    assert len(decision.chain) > 3
    for slug in decision.chain:
        endpoint = other.endpoint(decision, slug)
        if slug == "mini":
            assert endpoint is None
            continue
        assert endpoint is not None
        assert endpoint[:6] == (decision if slug == decision.model else other.resolve(model=slug))[3:9]


def test_a_decision_that_was_sent_as_json() -> None:
    """One made of its own JSON is the decision; that JSON itself, and whatever else is none, has no endpoint."""
    table = router()
    decision = table.resolve(feature="chat", input_tokens=1200)
    again = Decision(**json.loads(decision.to_json()))
    for slug in decision.chain:
        wanted = table.endpoint(decision, slug)
        assert wanted is not None
        assert table.endpoint(again, slug) == wanted
        nothing: list[Any] = [decision.to_dict(), decision.to_json(), None, (), tuple(decision), [*decision], wanted,
                              Decision, table, 42, b"", iter(decision)]  # fmt: skip
        for other in nothing:
            assert table.endpoint(other, slug) is None
    assert table.endpoint(again, "nobody") is table.endpoint(again, None) is None


def test_hostile_arguments() -> None:
    """Values of any type are answered, and no method of theirs is run."""
    table = router()
    decision = table.resolve(model="auto")
    slug = decision.chain[1]
    evil = [hostile.made_of(base, value, metaclass) for metaclass in (type, hostile._Meta)
            for base, value in ((object, None), (str, slug), (tuple, (slug,)), (int, 1))]  # fmt: skip
    wanted = table.endpoint(decision, slug)
    before = len(hostile.ran)
    for one in [*evil, None, 1, [], {}, "\ud800", ("ok",), object()]:
        for asked in (decision, decision._replace(chain=(one, slug)), decision._replace(model=one)):
            answer = table.endpoint(asked, slug)
            assert answer == wanted
        told = table.endpoint(decision, one)
        assert told is None or told == wanted
        assert table.endpoint(one, slug) is None
        assert table.endpoint(decision._replace(chain=one), slug) is None
        for field in ("provider", "upstream_model", "url", "adapter", "api_key_env"):
            own = table.endpoint(decision._replace(**{field: one}), decision.model)
            assert own is not None
            assert own[Endpoint._fields.index(field)] is one
    assert len(hostile.ran) == before


WIRED = {
    "adapter": "gemini", "api_key_env": "G_KEY", "stack": "us", "auth": "header:x-own", "region": None,
    "url": "https://g.example/v1beta/models/{model}:generateContent",
    "stream_url": "https://g.example/v1beta/models/{model}:streamGenerateContent?alt=sse",
    "headers": {"x-team": "a"}, "secret_headers": {"x-gate": "GATE_TOKEN"},
}  # fmt: skip


def wired(**said: Any) -> Router:
    """Return a router over a table in which one provider says how it is called, and its model's name is encoded."""
    table = json.loads(json.dumps(TABLE))
    table["format"], table["requires"] = "2.1", ["provider.stream_url"]
    table["providers"]["openai"] = WIRED | said
    for slug, body in table["models"].items():
        if body["provider"] == "openai":
            body["upstream_in_path"] = f"{slug}%3A0"
    return Router.from_bytes(encode(table))


def test_a_stream_has_its_own_address() -> None:
    """The decision's `url` is the one that the request asks for; the endpoint has both, whichever was asked."""
    table = wired()
    assert table.status()["last_rejection"] is None
    plain, streamed = table.resolve(model="gpt"), table.resolve(model="gpt", stream=True)
    assert plain.url == "https://g.example/v1beta/models/gpt%3A0:generateContent"
    assert streamed.url == "https://g.example/v1beta/models/gpt%3A0:streamGenerateContent?alt=sse"
    for decision in (plain, streamed):
        endpoint = table.endpoint(decision, "gpt")
        assert endpoint is not None
        assert (endpoint.url, endpoint.stream_url) == (plain.url, streamed.url)
        assert endpoint.base_url == "https://g.example"
        assert (endpoint.auth, endpoint.model_in, endpoint.stream_by) == ("header:x-own", "path", "path")
        assert (endpoint.headers, endpoint.secret_headers) == ({"x-team": "a"}, {"x-gate": "GATE_TOKEN"})


def test_the_mappings_are_the_callers_own() -> None:
    """Whoever adds a header to an endpoint adds it to nobody else's."""
    table = wired()
    decision = table.resolve(model="gpt")
    first, again = table.endpoint(decision, "gpt"), table.endpoint(decision, "gpt")
    assert first is not None
    assert again is not None
    first.headers["x-mine"] = "1"  # type: ignore[index]  # a dict, whatever its type says
    assert "x-mine" not in again.headers


@pytest.mark.parametrize("lost", ["stream_url", "upstream_in_path"])
def test_a_place_for_the_name_that_nothing_fills(lost: str) -> None:
    """A table that lost what stands in its URLs is refused: no call goes to an address with a brace in it."""
    table = json.loads(json.dumps(TABLE))
    table["format"] = "2.1"
    table["providers"]["openai"] = {key: value for key, value in WIRED.items() if key != lost}
    for body in table["models"].values():
        if body["provider"] == "openai" and lost != "upstream_in_path":
            body["upstream_in_path"] = "x"
    words = {
        "stream_url": "provider 'openai' has no `stream_url`, and its `url` holds {model}",
        "upstream_in_path": "model 'gpt' has no `upstream_in_path`, and the URLs of its provider hold {model}",
    }
    assert Router.from_bytes(encode(table)).status()["last_rejection"] == f"routing table: {words[lost]}"


def test_shadows_have_endpoints() -> None:
    """A shadow of a decision is called as the table says; a model that is none is not told."""
    table = router()
    decision = table.resolve(feature="chat", request_id="r-1")
    shadowed = decision._replace(shadows=("gpt", "off"))
    endpoint = table.shadow(shadowed, "gpt")
    assert endpoint is not None
    assert endpoint[:6] == table.resolve(model="gpt")[3:9]
    assert table.shadow(shadowed, "off") is None
    assert table.shadow(shadowed, decision.model) is None
    assert table.shadow(shadowed, None) is None


def test_what_an_older_table_does_not_say() -> None:
    """The adapter's own contract counts; a provider without a key is sent none."""
    table = router()
    by_key = table.endpoint(table.resolve(model="opus"), "opus")
    assert by_key is not None
    assert (by_key.auth, by_key.headers) == ("x-api-key", {"anthropic-version": "2023-06-01"})
    assert by_key.stream_url == by_key.url
    near = router({"models/qwen-max/compliance_bp": 9000})
    without = near.endpoint(near.resolve(model="qwen-max"), "qwen-max")
    assert without is not None
    assert (without.auth, without.api_key_env) == ("none", None)


BY_DEFAULT: dict[str, tuple[str, dict[str, str], str | None, str | None, tuple[str, ...]]] = {
    "openai": ("bearer", {}, "body", "body", ("/chat/completions",)),
    "openai_compatible": ("bearer", {}, "body", "body", ("/chat/completions",)),
    "openai_responses": ("bearer", {}, "body", "body", ("/responses",)),
    "azure_openai": ("api-key", {}, "path", "body", ("/openai/deployments/{model}/chat/completions",)),
    "anthropic": ("x-api-key", {"anthropic-version": "2023-06-01"}, "body", "body", ("/v1/messages",)),
    "gemini": ("x-goog-api-key", {}, "path", "path",
               ("/v1beta/models/{model}:generateContent", "/v1/models/{model}:generateContent")),
    "vertex": ("oauth", {}, "path", "path", ()),
    "bedrock": ("bearer", {}, "path", "path", ("/model/{model}/converse",)),
    "cohere": ("bearer", {}, "body", "body", ("/v2/chat",)),
    "custom": ("bearer", {}, None, None, ()),
    "of-tomorrow": ("bearer", {}, None, None, ()),
}  # fmt: skip
"""By adapter: how the key is sent, headers, where model and stream are asked, what an SDK appends to its base URL."""


@pytest.mark.parametrize("adapter", BY_DEFAULT)
@pytest.mark.parametrize("key", ["A_KEY", None])
def test_what_an_adapter_does_where_nobody_says_otherwise(adapter: str, key: str | None) -> None:
    """All of the endpoint, by a table that names a URL alone, and by a router that does not know the model."""
    auth, headers, model_in, stream_by, ends = BY_DEFAULT[adapter]
    if key is None and auth != "oauth":
        auth = "none"
    for end in (*ends, "/elsewhere"):
        url = f"https://h.example/x{end}"
        there = {"adapter": adapter, "api_key_env": key, "stack": "us", "url": url}
        table = router({"providers/openai": there})
        decision = table.resolve(model="gpt")
        wanted = Endpoint(
            "gpt", "openai", "upstream/openai", url, adapter, key, url,
            base_url="https://h.example/x" if end in ends else None, auth=auth, headers=headers, secret_headers={},
            region=None, model_in=model_in, stream_by=stream_by, params={}, max_output_tokens=None, timeouts={},
            limits={"provider": {}, "model": {}},
        )  # fmt: skip
        assert table.endpoint(decision, "gpt") == wanted
        for caller in (1, 2):  # to whom the mappings belong
            stranger: Any = Router.from_bytes(None).endpoint(decision, "gpt")
            assert stranger == wanted, caller
            for own in (stranger.headers, stranger.secret_headers, stranger.params, stranger.timeouts, stranger.limits,
                        stranger.limits["model"], stranger.limits["provider"]):  # fmt: skip
                own["x"] = caller
        asked = table.endpoint(decision._replace(url=f"{url}?version=1"), "gpt")
        assert asked == wanted._replace(url=f"{url}?version=1", stream_url=f"{url}?version=1")


def test_a_model_in_the_path_leaves_the_body_of_some() -> None:
    """Anthropic's body names the model unless the path does; others' bodies name it as well."""
    for adapter, place in (("anthropic", "path"), ("openai", "body"), ("custom", None)):
        table = router({"providers/openai/adapter": adapter, "providers/openai/url": "https://h.example/{model}/x"})
        endpoint = table.endpoint(table.resolve(model="gpt"), "gpt")
        assert endpoint is not None
        assert endpoint.model_in == place


@pytest.mark.parametrize("other", [{"provider": "p"}, {"upstream_model": "u"}, {"url": "https://u.example/"},
                                   {"adapter": "openai"}, {"provider": 5}, {"url": None}, {"adapter": b"gemini"}],
                         ids=str)  # fmt: skip
def test_a_model_that_was_moved_is_called_as_it_was_decided(other: dict[str, Any]) -> None:
    """What this table says of it holds for its own provider, name, URL and adapter alone, all of them text."""
    table = wired()
    decision = table.resolve(model="gpt")
    same = table.endpoint(decision, "gpt")
    assert same is not None
    assert same.headers
    moved = table.endpoint(decision._replace(**other), "gpt")
    assert moved is not None
    assert moved[:6] == decision._replace(**other)[3:9]
    assert (moved.headers, moved.secret_headers, moved.region, moved.base_url) == ({}, {}, None, None)
    assert moved.stream_url == moved.url
    assert moved == Router.from_bytes(None).endpoint(decision._replace(**other), "gpt")


@pytest.mark.parametrize(
    ("said", "base_url"),
    [
        ({"base_url": "https://g.example/{model}/v1"}, "https://g.example/gpt%3A0/v1"),
        ({"base_url": "https://g.example/v1"}, "https://g.example/v1"),
        ({"adapter": "custom"}, None),
        ({"url": "https://g.example/{model}/v1beta/models/{model}:generateContent"}, "https://g.example/gpt%3A0"),
    ],
    ids=str,
)
def test_the_base_url_of_an_sdk(said: dict[str, Any], base_url: str | None) -> None:
    """The declared one before that of the adapter, the model's name as in the path; its region is the provider's."""
    table = wired(**said, auth="sigv4", region="eu-west-1")
    endpoint = table.endpoint(table.resolve(model="gpt"), "gpt")
    assert endpoint is not None
    assert (endpoint.base_url, endpoint.region, endpoint.auth) == (base_url, "eu-west-1", "sigv4")


def test_a_brace_in_an_old_table_is_a_letter() -> None:
    """Before format 2.1 nothing stood for the name of the model in a URL, so nothing takes its place."""
    table = router({"providers/openai/url": "https://h.example/{model}/chat/completions"})
    endpoint = table.endpoint(table.resolve(model="gpt"), "gpt")
    assert endpoint is not None
    assert (endpoint.base_url, endpoint.url) == (
        "https://h.example/{model}", "https://h.example/{model}/chat/completions")  # fmt: skip
