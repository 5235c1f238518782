"""What stands where only a credential stands is shown in no report, whatever it looks like; names of variables are."""

from __future__ import annotations

import pytest

from routecomp.checker import Options, check
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.render import FORMATS, render
from routecomp.rules.registry import rules
from tests.check.project import MODELS, PROVIDERS, TODAY, findings, project

PLACES = {
    "a header": ("stack: us", "headers: {x-api-key: VALUE}, stack: us"),
    "a header with a scheme": ("stack: us", "headers: {authorization: Bearer VALUE}, stack: us"),
    "headers as a list": ("stack: us", "headers: [{x-llm-password: VALUE}], stack: us"),
    "headers as pairs": ("stack: us", "headers: [{name: x-api-key, value: VALUE}], stack: us"),
    "headers as texts": ("stack: us", "headers: ['x-api-key: VALUE'], stack: us"),
    "a query": ("stack: us", "query: {api_key: VALUE}, stack: us"),
    "params": ("stack: us", "params: {extra: {client_secret: VALUE}}, stack: us"),
    "a secret header": ("stack: us", "secret_headers: {cf-token: VALUE}, stack: us"),
    "a key of a provider": ("stack: us", "api_key: VALUE, stack: us"),
    "a short key of a provider": ("stack: us", "key: VALUE, stack: us"),
    "a password": ("stack: us", "password: {value: VALUE}, stack: us"),
    "a variable": ("api_key_env: ALPHA_KEY", "api_key_env: VALUE"),
    "a variable and its value": ("api_key_env: ALPHA_KEY", "api_key_env: ALPHA_KEY=VALUE"),
    "a variable's default": ("api_key_env: ALPHA_KEY", "api_key_env: '${ALPHA_KEY:-VALUE}'"),
    "auth": ("stack: us", "auth: 'header:x-key: VALUE', stack: us"),
    "auth with a scheme": ("stack: us", "auth: Bearer VALUE, stack: us"),
    "a URL": ("https://alpha.example", "https://alpha.example/?api_key=VALUE"),
    "no provider's name": ("alpha: {", "api_key: VALUE\n  alpha: {"),
    "no section": ("providers:\n", "api_key: VALUE\nproviders:\n"),
    "a key that stands twice": ("stack: us", "api_key: other1, api_key: VALUE, stack: us"),
    "a file that is no YAML": ("stack: us}", "api_key: VALUE, stack: us"),
    "a text of two lines": ("providers:\n", "providers:\n  gamma:\n    api_key: VALUE\n     stack: us\n"),
}
VALUES = ("Winter2026!", "hunter2secretvalue", "token-abc123", "correct-horse-battery", "llm-gw-prod-7f3a")


def shown(files: dict[str, bytes]) -> tuple[str, list[Diagnostic]]:
    """Return every format's report, one after the other, and the findings."""
    found = check(files, Options(TODAY)).diagnostics
    return "".join(render(each, found, rules(), version="0", checked=1) for each in FORMATS), found


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_by_its_place_is_not_shown(place: str) -> None:
    """The project is refused, and no report holds the value: no message, no remedy, no line of the source."""
    old, new = PLACES[place]
    for value in VALUES:
        text = PROVIDERS.replace(old, new.replace("VALUE", value), 1)
        report, found = shown(project(routes_providers=text))
        assert found
        assert value not in report, report
        assert not any(value in repr((each.message, each.help, each.labels, each.fix)) for each in found)


@pytest.mark.parametrize("field", ["params: {password: VALUE}", "api_key: VALUE", "api_key_env: VALUE"])
def test_in_a_model(field: str) -> None:
    """A model's own key and params are such places too."""
    for value in VALUES:
        models = MODELS.replace("quality: 0.9", field.replace("VALUE", value) + ", quality: 0.9")
        report, found = shown(project(routes_models=models))
        assert found
        assert value not in report, report


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ALPHA_KEY", "HOUSE_PASSPHRASE"),
        ("ALPHA_KEY", "github_token"),
        ("stack: us", "api_key: HOUSE_VARIABLE, stack: us"),
        ("stack: us", "secret_headers: {cf-token: '${HOUSE_VARIABLE}'}, stack: us"),
    ],
)
def test_the_name_of_a_variable_is_shown(old: str, new: str) -> None:
    """It is no secret, and the finding is of it."""
    report, found = shown(project(routes_providers=PROVIDERS.replace(old, new)))
    assert found
    assert any(name in report for name in ("HOUSE_PASSPHRASE", "HOUSE_VARIABLE", "github_token"))


def test_what_is_legal_is_read_as_it_is() -> None:
    """Names of the author's choice are no places of credentials, and the settings say which variables hold keys."""
    features = "features:\n  reset-password:\n    models: {client-token: primary}\n    fallback: [good]\n"
    models = MODELS + MODELS.splitlines()[1].replace("good", "client-token") + "\n"
    preferences = "preferences: {default: balanced, floors: {good: 0.5, password: 0.8}, clamp: [good, password]}\n"
    preferences = preferences.replace("floors", "dial: {quality: +0.10, balanced: 0, cost: -0.10}, floors")
    variable = PROVIDERS.replace("ALPHA_KEY", "acme2llm")
    files = project(
        routes_features=features, routes_models=models, policies_preferences=preferences, routes_providers=variable
    )
    checked = check(files, Options(TODAY, key_names=("acme*", "*_KEY")))
    assert checked.diagnostics == []
    assert checked.declared.providers["alpha"].body.api_key_env == "acme2llm"
    assert checked.declared.preferences is not None
    assert list(checked.declared.preferences.body.floors) == ["good", "password"]
    assert "client-token" in checked.declared.features["reset-password"].body.models


def test_params_keep_what_is_no_secret() -> None:
    """A schema may describe a password, and a boolean is none."""
    params = "params: {schema: {password: {type: text}}, use_token: true, max_tokens_key: abc}"
    assert findings(routes_providers=PROVIDERS.replace("stack: us", f"{params}, stack: us")) == []
