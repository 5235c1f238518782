"""Wire contracts in YAML: words that are no adapter, values that are no text, and what a fix writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from routecomp.compiler import compile
from routecomp.runtime.resolver import Router
from tests.check.project import checked, findings, fixed, project
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


def test_a_provider_without_a_key_gets_auth_none() -> None:
    """What was meant so far is written down; nothing else changes."""
    files = project(routes_x=provider(", api_key_env: X_KEY", ""))
    after = fixed(files)
    assert b"adapter: openai, auth: none, base_url" in after["routes/x.yaml"]
    assert checked(after).diagnostics == []


@pytest.mark.parametrize(
    ("more", "rule", "message"),
    [
        ("headers: {x-a: 1}", "RC115", "`headers.x-a` is `1`, a number; text is wanted"),
        ("headers: {x-a: true}", "RC115", "`headers.x-a` is `true`, a boolean; text is wanted"),
        ("query: {a: 1.5}", "RC115", "`query.a` is `1.5`, a number; text is wanted"),
        ("headers: {x-a: é}", "RC118", "`headers.x-a` is `é`, which is not printable ASCII text"),
        ("headers: {'x a': b}", "RC118", "is `x a`, which is not the name of a header"),
        ("query: {é: b}", "RC118", "is `é`, which is not a name of the query"),
        ("secret_headers: {x-a: 'a b'}", "RC118", "is `a b`, which is not the name of an environment variable"),
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
