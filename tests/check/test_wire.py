"""Wire contracts in YAML: words that are no adapter, values that are no text, and what a fix writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routecomp.compiler import compile
from routecomp.runtime.resolver import Router
from tests.check.project import MODELS, checked, findings, fixed, project
from tests.diff.test_exact import OPTIONS

CASE = Path(__file__).parents[3] / "shared" / "cases" / "in-cluster-http"
BODY = "{adapter: openai, base_url: 'https://x.example', stack: us, api_key_env: X_KEY}"


def provider(old: str, new: str) -> str:
    """Return a file with a provider, of which one piece of text is another."""
    assert old in BODY
    return "providers:\n  x: " + BODY.replace(old, new) + "\n"


@pytest.mark.parametrize(
    ("word", "help", "written"),
    [
        ("openay", "did you mean `openai`?", "openai"),
        ("anthropik", "did you mean `anthropic`?", "anthropic"),
        ("open_ai", "did you mean `openai`?", "openai"),
        ("groq", "write `openai_compatible`", "openai_compatible"),
        ("azure", "write `azure_openai`", None),
        ("vertex_ai", "write `vertex`", None),
        ("telnet", "`custom` is for a protocol of its own", None),
    ],
)
def test_words_that_are_no_adapter(word: str, help: str, written: str | None) -> None:
    """A slip and another router's word get ours; the fix writes it, or `custom`, and only if it is asked for."""
    files = project(routes_x=provider("adapter: openai", f"adapter: {word}, chat_path: /x"))
    (found,) = checked(files).diagnostics
    assert found.rule == "RC121"
    assert help in found.help
    assert found.fix is not None
    assert not found.fix.is_safe
    after = fixed(files)
    if written is not None:
        assert f"adapter: {written}".encode() in after["routes/x.yaml"]
        assert checked(after).diagnostics == []


def test_an_unknown_adapter_becomes_custom() -> None:
    """What no word of ours is near keeps its own protocol."""
    after = fixed(project(routes_x=provider("adapter: openai", "adapter: telnet, chat_path: /x")))
    assert b"adapter: custom" in after["routes/x.yaml"]
    assert checked(after).diagnostics == []


def test_a_provider_without_a_key_gets_no_fix() -> None:
    """Only its author knows whether a key was forgotten: `auth: none` is never written for them."""
    (found,) = checked(project(routes_x=provider(", api_key_env: X_KEY", ""))).diagnostics
    assert found.rule == "RC334"
    assert "`auth: oauth`" in found.help
    assert found.fix is None


@pytest.mark.parametrize(
    ("more", "rule", "message"),
    [
        ("headers: {x-a: 1}", "RC115", "`headers.x-a` is `1`, a number; text is wanted"),
        ("headers: {x-a: true}", "RC115", "`headers.x-a` is `true`, a boolean; text is wanted"),
        ("query: {a: 1.5}", "RC115", "`query.a` is `1.5`, a number; text is wanted"),
        ("headers: {x-a: é}", "RC118", "`headers.x-a` is `é`, which is not printable ASCII text"),
        ("headers: {'x a': b}", "RC118", "is `x a`, which is not the name of a header"),
        ("query: {é: b}", "RC118", "is `é`, which is not a name of the query"),
        ("secret_headers: {x-a: 'a b'}", "RC118", "is `********`, which is not the name of an environment variable"),
        ("auth: basic", "RC121", "`auth` is `basic`; it must be one of"),
        ("auth: baerer", "RC121", "`auth` is `baerer`; it must be one of"),
        ("auth: 'header:x y'", "RC118", "`auth` is `x y`, which is not the name of a header"),
        ("region: EU", "RC118", "`region` is `EU`, which is not an AWS region"),
        (
            "secret_headers: {x-a: GITHUB_TOKEN}",
            "RC326",
            "header `x-a` of provider `x` takes its key from GITHUB_TOKEN",
        ),
    ],
)
def test_values(more: str, rule: str, message: str) -> None:
    """Each is one finding."""
    (found,) = findings(routes_x=provider("stack: us", f"stack: us, {more}"))
    assert found.rule == rule
    assert message in found.message


def host(adapter: str, more: str, upstream: str = "gpt-4o", capabilities: str = "[]") -> dict[str, bytes]:
    """Return a project with one more provider, of an adapter and with more keys, and a model there."""
    models = MODELS + MODELS.splitlines()[-1].replace("poor", "last").replace("beta", "x").replace(
        "quality", f"provider_model_name: {json.dumps(upstream)}, capabilities: {capabilities}, quality"
    )
    return project(routes_x=provider("adapter: openai", f"adapter: {adapter}, {more}"), routes_models=models + "\n")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("secret_headers: {Anthropic-Version: V_KEY}", "sets header `Anthropic-Version` in `secret_headers`, and its"),
        ("auth: 'header:anthropic-version'", "the key cannot be sent in `anthropic-version`: the adapter sends it"),
        ("auth: 'header:x-a', secret_headers: {X-A: V_KEY}", "sets header `X-A`, which carries its key"),
        ("headers: {ANTHROPIC-VERSION: a}, secret_headers: {Anthropic-Version: V_KEY}", "`Anthropic-Version` twice"),
        ("headers: {anthropic-version: a}, auth: 'header:Anthropic-Version'", "which carries its key"),
    ],
)
def test_one_header_of_each_name(more: str, message: str) -> None:
    """Whatever two of headers, secret headers, the key's and the adapter's share a name, in any case: one finding."""
    found = checked(host("anthropic", more)).diagnostics
    assert [diagnostic.rule for diagnostic in found] == ["RC333"]
    assert message in found[0].message


NO_MODEL = [
    ("bedrock", "chat_path: /model"),
    ("gemini", "chat_path: /v1beta/openai/chat/completions"),
    ("gemini", "stream_path: /v1beta/stream"),
    ("azure_openai", "chat_path: /openai/deployments/gpt-4/chat/completions, query: {api-version: '1'}"),
    ("vertex", "auth: bearer, chat_path: '/v1/x:rawPredict', stream_path: '/v1/{model}:streamRawPredict'"),
    ("anthropic", "chat_path: '/model/{model}/invoke', stream_path: /v1/messages"),
]


@pytest.mark.parametrize(("adapter", "more"), NO_MODEL)
def test_calls_that_name_no_model(adapter: str, more: str) -> None:
    """Where the path is the only place for the model, a path without it is one finding; a fix leads to none."""
    files = host(adapter, more, capabilities="[streaming]")
    (found,) = checked(files).diagnostics
    assert (found.rule, "has no {model} in its" in found.message) == ("RC432", True)
    if found.fix is not None:
        assert not found.fix.is_safe
        assert checked(fixed(files)).diagnostics == []


@pytest.mark.parametrize(
    ("adapter", "more", "upstream"),
    [
        ("azure_openai", "chat_path: /openai/deployments/gpt-4o/chat/completions, query: {api-version: '1'}", "gpt-4o"),
        ("bedrock", "chat_path: '/model/a.b%3A0/converse', stream_path: '/model/a.b%3A0/converse-stream'", "a.b:0"),
        ("bedrock", "chat_path: '/model/a.b:0/converse'", "a.b:0"),
        ("custom", "chat_path: /generate", "gpt-4o"),
        ("openai", "stream_path: '/v1/{model}/stream'", "gpt-4o"),
    ],
)
def test_calls_whose_path_or_body_names_the_model(adapter: str, more: str, upstream: str) -> None:
    """A path may hold the name itself; whose body holds it needs none."""
    assert checked(host(adapter, more, upstream)).diagnostics == []


def test_one_path_for_both_calls() -> None:
    """Where the path alone asks for a stream, a model that streams needs a second one."""
    more = "chat_path: /model/gpt-4o/converse"
    assert checked(host("bedrock", more)).diagnostics == []
    (found,) = checked(host("bedrock", more, capabilities="[streaming]")).diagnostics
    assert (found.rule, found.help) == ("RC432", "add `stream_path:`, the path of the call that streams")


AZURE = "/openai/deployments/{model}/chat/completions"


@pytest.mark.parametrize(
    ("more", "help"),
    [
        (f"chat_path: '{AZURE}?api-version=1'", f'write `chat_path: {AZURE}`, and `query: {{api-version: "1"}}`'),
        (
            f"chat_path: '{AZURE}?a=b&api%2Dversion=1&c', query: {{z: y}}",
            f'write `chat_path: {AZURE}?a=b&c`, and `api-version: "1"` below `query`',
        ),
        (
            f"chat_path: '{AZURE}?api-version=1', stream_path: '{AZURE}?api-version=1'",
            f'write `chat_path: {AZURE}` and `stream_path: {AZURE}`, and `query: {{api-version: "1"}}`',
        ),
        (
            f"chat_path: '{AZURE}?api-version='",
            f'write `chat_path: {AZURE}`, and `query: {{api-version: "2024-10-21"}}`',
        ),
    ],
)
def test_azures_version_moves_out_of_the_path(more: str, help: str) -> None:
    """The remedy names the lines, the fix writes them, and nothing is left; the URL stays what it was."""
    files = host("azure_openai", more)
    (found,) = checked(files).diagnostics
    assert (found.rule, found.help) == ("RC332", help)
    assert checked(fixed(files)).diagnostics == []


def test_azures_version_in_both_places_leaves_the_path() -> None:
    """The one remedy that works is said; an empty version is none."""
    (found,) = checked(
        host("azure_openai", f"chat_path: '{AZURE}?api-version=1', query: {{api-version: '1'}}")
    ).diagnostics
    assert found.help == f"take it out of the path: write `chat_path: {AZURE}`"
    (found,) = checked(host("azure_openai", "query: {api-version: ''}")).diagnostics
    assert "`api-version` of its `query` is empty" in found.message


TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
NUMBERS = st.from_regex(r"[-+]?(0|[1-9][0-9]{0,120})(\.[0-9]{1,120})?", fullmatch=True)
PARAMS = st.recursive(
    st.one_of(NUMBERS, st.sampled_from(["true", "false"]), st.text(max_size=8).map(json.dumps)),
    lambda below: st.one_of(
        st.lists(below, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(TEXTS, below, max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{json.dumps(name)}: {value}" for name, value in pairs.items()) + "}"
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(TEXTS, PARAMS, max_size=3),
    st.dictionaries(st.from_regex(r"[A-Za-z-]{1,6}", fullmatch=True), TEXTS, max_size=2),
    st.dictionaries(TEXTS, TEXTS, max_size=2),
)
def test_what_check_accepts_the_resolver_loads(
    params: dict[str, str], headers: dict[str, str], query: dict[str, str]
) -> None:
    """Any params, headers and query of a provider that pass, `Router` takes and gives back."""
    written = ", ".join(f"{json.dumps(name)}: {value}" for name, value in params.items())
    more = f"params: {{{written}}}, headers: {json.dumps(headers)}, query: {json.dumps(query)}"
    compilation = compile(host("openai", more), OPTIONS)
    if compilation.table is None:
        assert compilation.checked.diagnostics
        return
    router = Router.from_bytes(compilation.table.data)
    assert router.status()["last_rejection"] is None
    decision = router.resolve(model="last")
    endpoint = router.endpoint(decision, "last")
    assert endpoint is not None
    assert dict(endpoint.headers) == headers
    assert list(endpoint.params) == list(params)


@pytest.mark.parametrize("value", ['""', '"1"', "2023-06-01", "yes", "a b", "012", "1e3"])
def test_values_that_are_text(value: str) -> None:
    """Empty text, quoted numbers, days, and what other languages take for numbers and booleans."""
    assert (
        findings(routes_x=provider("stack: us", f"stack: us, headers: {{x-a: {value}}}, query: {{a: {value}}}")) == []
    )


def test_a_number_is_quoted_by_a_safe_fix() -> None:
    """The value stays."""
    files = project(routes_x=provider("stack: us", "stack: us, query: {version: 2}"))
    (found,) = checked(files).diagnostics
    assert found.fix is not None
    assert found.fix.is_safe
    assert b'query: {version: "2"}' in fixed(files)["routes/x.yaml"]


@pytest.mark.skipif(not CASE.exists(), reason="../shared/cases is absent")
def test_a_host_of_ones_own_cluster() -> None:
    """A case from the field: plain http within a cluster is refused, and called as soon as it is said to be meant."""
    files = {path.relative_to(CASE).as_posix(): path.read_bytes() for path in CASE.rglob("*.yaml")}
    (found,) = checked(files).diagnostics
    assert (found.rule, found.fix) == ("RC312", None)
    assert "`allow_http: true`" in found.help
    text = files["routes/all.yaml"]
    meant = files | {"routes/all.yaml": text.replace(b"    stack: us", b"    stack: us\n    allow_http: true", 1)}
    compilation = compile(meant, OPTIONS)
    assert compilation.table is not None, compilation.checked.diagnostics
    assert json.loads(compilation.table.data)["format"] == "2.0"
    decision = Router.from_bytes(compilation.table.data).resolve(feature="chat")
    assert decision.url == "http://vllm.llm.svc.cluster.local:8000/v1/chat/completions"
