"""What credentials are called by is no name of a plain header, of a query or of params."""

from __future__ import annotations

import pytest

from tests.check.project import PROVIDERS, findings


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
