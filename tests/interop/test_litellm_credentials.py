"""No report shows a credential, whatever its key is called and whatever it looks like; what is none is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.cli.output.findings import findings_page
from routecomp.interop.litellm.lint import lint_litellm
from routecomp.rules.registry import rules

_FORMATS = ("text", "json", "sarif", "github", "junit")
_HEAD = "model_list:\n- model_name: a\n  litellm_params:\n    model: openai/gpt-4o\n"
_SHAPELESS = "correcthorsebattery"


def report(folder: Path, text: str) -> tuple[list[str], str]:
    """Return the rules of the findings of a file, and its reports in all formats."""
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    linted = lint_litellm([file])
    pages = [findings_page(linted.diagnostics, linted.files, name, rules()) for name in _FORMATS]
    return [each.rule for each in linted.diagnostics], "\n".join(pages) + str(linted.variables)


def place(key: str, value: str, where: str) -> str:
    """Return a file with a key and its value in one of the places where keys stand."""
    if where == "params":
        return f'{_HEAD}    "{key}": {value}\n'
    if where == "general":
        return f'{_HEAD}general_settings:\n  "{key}": {value}\n'
    if where == "environment":
        return f'{_HEAD}environment_variables: {{"{key.upper()}": {value}, Q: }}\n'
    return f'{_HEAD}    extra_headers: {{"{key}": {value}}} ; x\n'


@pytest.mark.parametrize("where", ["params", "general", "environment", "broken"])
@pytest.mark.parametrize(
    "key",
    [
        *("api_ky", "api_kei", "aip_key", "ap_key", "apiKey", "API-KEY", "tokn", "master_kay", "vertex_credentals"),
        *("creds", "auth", "cookie", "bearer", "pat", "connection_string", "user_pass", "auth_header", "secret_access"),
        *("my_secret", "dsn", "xai_key", "sap_service_key", "mongodb_connection_string", "x-api-key", "token2"),
    ],
)
def test_a_key_that_means_a_credential_hides_it(tmp_path: Path, key: str, where: str) -> None:
    """A misspelt key, one that LiteLLM does not read, and one of few hosts; also where the file cannot be parsed."""
    found, pages = report(tmp_path, place(key, _SHAPELESS, where))
    assert _SHAPELESS not in pages
    assert ("RC103" if where == "broken" else "RC721") in found


@pytest.mark.parametrize("where", ["params", "general"])
@pytest.mark.parametrize("key", ["webhook", "session", "kee", "llave", "keyy"])
def test_nobody_knows_what_an_unheard_of_key_holds(tmp_path: Path, key: str, where: str) -> None:
    """What stands below a key that nobody has heard of is not shown."""
    found, pages = report(tmp_path, place(key, _SHAPELESS, where))
    assert _SHAPELESS not in pages
    assert found == ["RC705"]


@pytest.mark.parametrize(
    "value",
    [
        *("ZQ9VXK27LMPW83RTYB5N", "SUMMER2024WINTER", "PROD_MASTER_9Q8W7E", "hunter2hunter2", "/hunter2hunter"),
        *("$ummer2024winter", "$SUMMER2024", "${K:-correcthorse1}", "os.getenv('K', 'correcthorse1')"),
        *("env:correcthorse", "os.environ/hunter2-hunter2-x9", "correct horse battery staple"),
        *("os.environ/hunter2", "os.environ/Tr0ub4dor", "os.environ/sk-abcdef", "os.environ/hf_abcdef"),
    ],
)
@pytest.mark.parametrize("key", ["api_key", "redis_password", "api_ky"])
def test_a_credential_of_any_look_is_hidden(tmp_path: Path, key: str, value: str) -> None:
    """Capitals and digits, texts with a sign of a reference before them, and what a reference has for a default."""
    found, pages = report(tmp_path, f'{_HEAD}    foo: {{{key}: "{value}"}}\n    api_bse: x\n')
    assert value not in pages
    assert "RC721" in found


@pytest.mark.parametrize(
    "value",
    [
        *("not-used", "notneeded", "nokeyneeded", "sk-noauth", "token-abc123", "NOT_NEEDED", "DUMMY_KEY", "CHANGE_ME"),
        *("sk-xxxxxxxxxxxxxxxx", "141a****", "none-required", "vllm-local-token", "azure-key-123", "no-auth", "EMPTY"),
        *(
            "key-not-required",
            "your-api-key",
            "<your key>",
            "/run/secrets/key",
            "Bearer os.environ/K",
            "os.environ/GPT_4O",
        ),
    ],
)
def test_what_opens_nothing_is_no_finding(tmp_path: Path, value: str) -> None:
    """Stand-ins for hosts that ask for no key, paths and references."""
    text = f'{_HEAD}    api_base: http://localhost:8000/v1\n    api_key: "{value}"\n'
    assert [rule for rule in report(tmp_path, text)[0] if rule != "RC724" or "/K" not in value] == []


@pytest.mark.parametrize("value", ["OPENAI_API_KEY", "AZURE_API_KEY_EAST_2", "${OPENAI_API_KEY}", "env:OPENAI_API_KEY"])
def test_the_name_of_a_variable_is_shown(tmp_path: Path, value: str) -> None:
    """A name that is surely none of a credential is said, with the reference to write."""
    found, pages = report(tmp_path, f'{_HEAD}    api_key: "{value}"\n')
    assert found == ["RC724"]
    assert f"os.environ/{value.strip('${}').removeprefix('env:')}" in pages


def test_a_credential_is_hidden_wherever_it_stands(tmp_path: Path) -> None:
    """As the name of an anchor, as a key, in a comment, and as another value."""
    text = (
        f"{_HEAD}    api_key: &{_SHAPELESS} {_SHAPELESS}\n    api_bse: *{_SHAPELESS} # {_SHAPELESS}\n"
        f"    metadata: {{{_SHAPELESS}: x}}\n    weigth: {_SHAPELESS}\n"
    )
    found, pages = report(tmp_path, text)
    assert _SHAPELESS not in pages
    assert {"RC704", "RC721"} <= set(found)


def test_words_behind_the_names_of_credentials_are_hidden(tmp_path: Path) -> None:
    """In comments too, below misspelt names, and below keys of settings that nobody has heard of."""
    words = [f"{word}horsebattery" for word in ("correct", "trailing", "commented", "another")]
    text = (
        f"# passwrd: {words[2]}\n{_HEAD}    api_key: os.environ/K\n    api_bse: 'x # y' # api_key: {words[1]}\n"
        f"litellm_settings: {{cache_params: {{passwrd: {words[0]}, foo: 1}}, foo: 1}}\n"
        f"credential_list: [{{credential_name: c, credential_values: {{api_key: os.environ/K, foo: {words[3]}}}}}]\n"
    )
    found, pages = report(tmp_path, text)
    assert [word for word in words if word in pages] == []
    assert found.count("RC721") == 1
    assert "# y" in pages


def test_a_pair_of_a_name_and_its_value_is_one(tmp_path: Path) -> None:
    """The value beside the name of a credential, and the one below it."""
    text = f"{_HEAD}    headers: [{{name: x-api-key, value: {_SHAPELESS}}}]\nm: {{api_key: {{value: {_SHAPELESS}}}}}\n"
    found, pages = report(tmp_path, text)
    assert _SHAPELESS not in pages
    assert found.count("RC721") == 2


def test_references_that_litellm_fills_in_are_no_finding(tmp_path: Path) -> None:
    """Headers of a pass-through, and addresses of alerts in a list."""
    text = (
        f"{_HEAD}    api_key: os.environ/K\ngeneral_settings:\n  alert_to_webhook_url: {{x: [os.environ/A]}}\n"
        "  pass_through_endpoints:\n"
        "  - {path: /x, target: https://x.example, headers: {Authorization: bearer os.environ/B}}\n"
    )
    assert report(tmp_path, text)[0] == []
