"""What credentials are called by is no name of a plain header, of a query or of params."""

from __future__ import annotations

import pytest

from tests.check.project import MODELS, PROVIDERS, findings


@pytest.mark.parametrize("name", ["api_key", "apikey", "token", "access_token", "x-auth-token", "client_secret"])
@pytest.mark.parametrize(("field", "rule"), [("query", "RC332"), ("headers", "RC333"), ("params", "RC343")])
def test_a_secret_by_its_name(field: str, rule: str, name: str) -> None:
    """It is one finding, whatever the value looks like; among `secret_headers` it is right."""
    providers = PROVIDERS.replace("stack: us", f'{field}: {{{name}: "abcdefgh"}}, stack: us')
    (finding,) = findings(routes_providers=providers)
    assert finding.rule == rule
    assert "abcdefgh" not in finding.message
    secret = PROVIDERS.replace("stack: us", f"secret_headers: {{{name}: HOST_TOKEN}}, stack: us")
    assert findings(routes_providers=secret) == []


def test_names_of_figures_are_none() -> None:
    """Names that only sound like it."""
    providers = PROVIDERS.replace("stack: us", 'params: {max_tokens: 5}, query: {key_id: "a"}, stack: us')
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
