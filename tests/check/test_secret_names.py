"""What credentials are called by is no name of a plain header, of a query or of params."""

from __future__ import annotations

import re

import pytest

from routecomp.diagnostics.credentials.names import names_credential
from tests.check.project import MODELS, PROVIDERS, findings


@pytest.mark.parametrize(
    "name", ["api_key", "apikey", "token", "access_token", "x-auth-token", "client_secret", "x-vault-token"]
)
@pytest.mark.parametrize(("field", "rule"), [("query", "RC332"), ("headers", "RC333"), ("params", "RC343")])
def test_a_secret_by_its_name(field: str, rule: str, name: str) -> None:
    """It is one finding, whatever the value looks like; among `secret_headers` it is right."""
    providers = PROVIDERS.replace("stack: us", f'{field}: {{{name}: "abcdefgh"}}, stack: us')
    (finding,) = findings(routes_providers=providers)
    assert finding.rule == rule
    assert "abcdefgh" not in finding.message
    secret = PROVIDERS.replace("stack: us", f"secret_headers: {{{name}: HOST_TOKEN}}, stack: us")
    assert findings(routes_providers=secret) == []


@pytest.mark.parametrize("name", ["api_key", "authorization", "'x-vault-token'"])
@pytest.mark.parametrize("field", ["query", "headers", "params"])
def test_a_name_and_its_value_are_one_finding(field: str, name: str) -> None:
    """What looks like a credential and is called like one is one mistake; a second header is another one."""
    value = "sk-ant-api03-" + "Zq8vT1mYp0Kd7RwXu3Lb" * 4
    providers = PROVIDERS.replace("stack: us", f"{field}: {{{name}: {value}}}, stack: us")
    assert [finding.rule for finding in findings(routes_providers=providers)] == ["RC122"]
    more = providers.replace("Lb}", "Lb, x-api-secret: abcdefgh}")
    assert len(findings(routes_providers=more)) == 2


ENDS = (
    "api-key api_key apikey api_keys access_key auth-key secret-key private_key client-key subscription-key master_key "
    "litellm-key openai_key token access-token authtoken password passwd pwd passphrase secret secrets client-secret "
    "credentials authorization jwt api_key_2"
)
BENIGN = (
    "max_tokens max_token stop_token eos_token next-page-token token_type token_count tokens key key_id key_names "
    "prompt_cache_key idempotency-key sort_key x-cache-key public_key x-auth use_auth auth_mode secretary passage "
    "password_policy api_key_mode authorization_type credentialed keyring tokenizer monkey"
)


@pytest.mark.parametrize("end", ENDS.split())
def test_a_name_that_ends_as_those_of_credentials_do_is_one(end: str) -> None:
    """Whatever stands before it, in each way in which names are parted."""
    for before in ("", "x-", "x-goog-", "team_", "X-Portkey-", "my.", "LLM "):
        assert names_credential(before + end), before + end
    assert names_credential("openai" + "".join(word.title() for word in re.split("[-_]", end)))
    assert names_credential(f"x-{end}".upper())
    assert not names_credential(f"{end}_type")


@pytest.mark.parametrize("name", BENIGN.split())
def test_names_that_only_sound_like_it_are_none(name: str) -> None:
    """Names of pieces of text, of entries, and of what is said about a credential."""
    assert not names_credential(name)
    assert not names_credential(f"my_{name}") or name == "x-auth"


def test_names_of_figures_are_none() -> None:
    """A project with such names is clean."""
    query = "query: {key_id: a, token_type: b, prompt_cache_key: c}, headers: {idempotency-key: a, x-cache-key: b}"
    params = "params: {max_tokens: 5, prompt_cache_key: a, stop_token: b, key_names: c}"
    providers = PROVIDERS.replace("stack: us", f"{params}, {query}, stack: us")
    assert findings(routes_providers=providers) == []


@pytest.mark.parametrize(
    "params",
    [
        "{metadata: {k: ALPHA_API_KEY}}",
        "{metadata: [a, ALPHA_API_KEY]}",
        "{a: [{b: {c: '${ALPHA_API_KEY}'}}]}",
        "{user: CF_AIG_SECRET}",
    ],
)
def test_no_value_of_params_is_the_name_of_a_variable(params: str) -> None:
    """Whatever the depth, on a provider and on a model: its name would go upstream in every request."""
    for files in (
        {"routes_providers": PROVIDERS.replace("stack: us", f"params: {params}, stack: us")},
        {"routes_models": MODELS.replace("quality: 0.9,", f"quality: 0.9, params: {params},")},
    ):
        (finding,) = findings(**files)
        assert finding.rule == "RC333"
        assert "the name of a variable" in finding.message


def test_texts_that_only_resemble_variables_are_values() -> None:
    """A mode in capitals, a text with a variable's name in it, a short word."""
    params = "{auth: {type: API_KEY}, a: [TOP_P, b_c], prompt: 'write ALPHA_API_KEY here', x_mode: API_KEY}"
    assert findings(routes_models=MODELS.replace("quality: 0.9,", f"quality: 0.9, params: {params},")) == []
