"""What LiteLLM reads as it stands is no finding, or a warning that says what is so."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.interop.litellm.lint import lint_litellm
from routecomp.parse import parse

_HEAD = "model_list:\n- model_name: a\n  litellm_params:\n    model: {model}\n    api_key: os.environ/K\n"
_FLOW = "general_settings:\n  alert_to_webhook_url: {\n    slow: os.environ/A,\n  }\n"


def found(folder: Path, text: str, model: str = "openai/gpt-4o") -> list[tuple[str, str, str]]:
    """Return the severity, rule and help of each finding of a file: the first deployment, and what follows it."""
    file = folder / "config.yaml"
    file.write_text(_HEAD.replace("{model}", model) + text, encoding="utf-8")
    return [(each.severity.value, each.rule, each.help) for each in lint_litellm([file], None).diagnostics]


@pytest.mark.parametrize(
    "text",
    [
        "  model_info: {max_tokens: 9, version: 2, tags: [x], user: u, reasoning: high, speed: 3, agents: 1}\n",
        "  model_info: {temperature: 0.2, description: x, organization: research, ids: 7, policies: none}\n",
        f"  model_info: {{id: {'7c9f2a1b3d8e4f0a' * 2}}}\n",
        f"  model_info: {{id: {'7c9f2a1b3d8e4f0a' * 4}}}\n",
        "    vector_store_ids: [T]\n",
        "    serviceTier: {type: priority}\n    performanceConfig: {latency: optimized}\n",
        "general_settings:\n  key_management_settings: {prefix_for_stored_virtual_keys: litellm/}\n",
        _FLOW,
        _FLOW.replace("  }", "}"),
        'general_settings:\n  alerting: [\n"slack"\n  ]\n',
        'general_settings:\n  database_url: "postgres:\n  //x"\n',
        "router_settings: {default_fallbacks: [a], fallbacks: [{a: []}]}\n",
        "router_settings: {max_fallbacks: 3, enable_pre_call_checks: 'true'}\n",
        "policies: {p: {guardrails: {add: [a]}}}\npolicy_attachments: [{policy: p, scope: '*'}]\n",
        "router_settings: {retry_policy: {TimeoutErrorRetries: 3}}\n",
        "router_settings: {allowed_fails_policy: {TimeoutErrorAllowedFails: 0}}\n",
    ],
)
def test_what_may_stand_there_is_no_finding(tmp_path: Path, text: str) -> None:
    """Notes in `model_info`, ids, parameters of some providers, and brackets that end at the column of their key."""
    assert found(tmp_path, text) == []


def test_a_project_keeps_its_own_layout() -> None:
    """Only files of others may close a bracket at the column of its key."""
    assert [each.rule for each in parse("x.yaml", _FLOW.encode()).diagnostics] == ["RC103"]
    assert parse("x.yaml", _FLOW.encode(), keeps_anchors=True).diagnostics == []


@pytest.mark.parametrize(
    ("text", "severity", "rule", "help"),
    [
        ("  model_info: {modee: chat}\n", "warning", "RC704", "did you mean `mode`?"),
        ("  model_info: {max_token: 9}\n", "warning", "RC704", "did you mean `max_tokens`?"),
        ("  model_info: {weight: 9}\n", "warning", "RC706", "move it to `litellm_params`, where it is"),
        ("  model_info: {mode: tts}\n", "error", "RC708", "use `audio_speech`"),
        ("    timeout: 0\n", "warning", "RC708", "write a number above 0, or remove it"),
        ("    max_parallel_requests: 0\n", "warning", "RC708", "write a number above 0, or remove it"),
        ("    tpm: 0\n", "warning", "RC708", "write a number above 0, or remove it"),
        ("litellm_settings: {max_budget: 0}\n", "warning", "RC708", "write a number above 0, or remove it"),
        (
            "    rpm: 0\nrouter_settings: {optional_pre_call_checks: [enforce_model_rate_limits]}\n",
            "error",
            "RC708",
            "write a number above 0",
        ),
        (
            "router_settings: {retry_policy: {TimeoutErrorRetries: -3}}\n",
            "error",
            "RC708",
            "write how often, as a whole number",
        ),
        (
            "router_settings: {allowed_fails_policy: {TimeoutAllowedFails: 3}}\n",
            "error",
            "RC704",
            "did you mean `TimeoutErrorAllowedFails`?",
        ),
        ("router_settings: {allowed_fails: -1}\n", "error", "RC708", "write 0 or more"),
        ("router_settings: {routing_strategy: least-bussy}\n", "error", "RC708", "did you mean `least-busy`?"),
        ("    apikey: os.environ/K\n", "error", "RC704", "did you mean `api_key`?"),
    ],
)
def test_one_finding_says_what_is_so(tmp_path: Path, text: str, severity: str, rule: str, help: str) -> None:
    """One mistake is one finding, of its weight, with a remedy that mends it."""
    assert found(tmp_path, text) == [(severity, rule, help)]


@pytest.mark.parametrize(
    "model",
    [
        *("claude-sonnet-4-20250514", "claude-opus-4-20250514", "claude-newfamily-7", "anthropic.claude-v9"),
        *("gpt-image-9", "ft:gpt-4o-mini:acme", "gpt-4o"),
    ],
)
def test_a_bare_model_whose_provider_is_known_by_its_name(tmp_path: Path, model: str) -> None:
    """LiteLLM tells some providers by the form of a name that no list has."""
    assert found(tmp_path, "", model) == []


@pytest.mark.parametrize("model", ["claude-3-opus-20240229", "o1-preview", "ft:davinci-9:acme", "gpt-9"])
def test_a_bare_model_that_is_off_the_list(tmp_path: Path, model: str) -> None:
    """Others are left out, as the real one does."""
    assert [rule for _, rule, _ in found(tmp_path, "", model)] == ["RC709"]


def test_one_mistake_is_one_finding(tmp_path: Path) -> None:
    """What is merged into several entries, a name in several places, and parameters beside `litellm_params`."""
    merged = "".join(f"- {{model_name: g{n}, litellm_params: {{<<: *d, model: openai/m{n}}}}}\n" for n in range(3))
    text = f"x-d: &d {{api_bse: https://x.example, rpm: ten}}\nmodel_list:\n{merged}"
    assert rules_of(tmp_path, text) == ["RC704", "RC708"]
    names = "router_settings:\n  fallbacks: [{a: [nope]}, {b: [nope]}]\n  default_fallbacks: [nope]\n"
    groups = "model_list:\n- {model_name: a, litellm_params: {model: openai/x}}\n"
    assert rules_of(tmp_path, groups + names) == ["RC711", "RC711"]
    assert rules_of(tmp_path, "model_list:\n- {model_name: a, model: openai/x, api_key: os.environ/K}\n") == ["RC707"]
    assert rules_of(tmp_path, "model_list:\n- {model: a, litellm_params: {model: openai/x}}\n") == ["RC704"]
    level = "model_list:\n- model_name: a\n  litellm_params:\n  model: openai/x\n  api_key: os.environ/K\n"
    assert rules_of(tmp_path, level) == ["RC707"]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("{}\n", ["RC701"]),
        ("", ["RC111"]),
        ("# a comment\n", ["RC111"]),
        ("model_list:\n", ["RC707"]),
        ("model_list: []\n", []),
        ("model_list:\ngeneral_settings: {store_model_in_db: true}\n", []),
    ],
)
def test_a_file_without_models_is_said_to_be_one(tmp_path: Path, text: str, rules: list[str]) -> None:
    """Nothing at all, and an empty list, unless models are stored in the database."""
    assert rules_of(tmp_path, text) == rules


def test_an_include_beside_the_first_file_is_read(tmp_path: Path) -> None:
    """LiteLLM looks beside the file that names it, then beside the first one."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "more.yaml").write_text("litellm_settings: {drop_parms: true}\n")
    (tmp_path / "parts" / "part.yaml").write_text("include: [more.yaml]\n")
    text = "include: [parts/part.yaml]\nmodel_list:\n- {model_name: a, litellm_params: {model: openai/x}}\n"
    assert rules_of(tmp_path, text) == ["RC704", "RC702"]
    (tmp_path / "parts" / "more.yaml").write_text("litellm_settings: {drop_params: true}\n")
    assert rules_of(tmp_path, text) == []


def rules_of(folder: Path, text: str) -> list[str]:
    """Return the rules that find something in a file."""
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return [each.rule for each in lint_litellm([file], None).diagnostics]


@pytest.mark.parametrize(
    ("first", "second", "severity"),
    [
        ("openai/gpt-4o", "openai/text-embedding-3-small", "warning"),
        ("openai/gpt-4o", "azure/gpt-4o-mini-tts", "warning"),
        ("azure/mine, {mode: chat}", "openai/bge-m3, {mode: embedding}", "error"),
        ("azure/mine, {mode: chat}", "openai/bge-m3, {mode: responses}", ""),
        ("azure/mine", "openai/text-embedding-3-small", ""),
        ("openai/text-embedding-3-small", "azure/text-embedding-3-small", ""),
        ("openai/gpt-4o", "anthropic/claude-sonnet-4-5", ""),
    ],
)
def test_modes_that_do_not_mix(tmp_path: Path, first: str, second: str, severity: str) -> None:
    """A group answers calls of one kind; what nobody knows is left alone."""
    lines = ["model_list:"]
    for each in (first, second):
        model, _, info = each.partition(", ")
        host = "api_base: https://x.example, api_key: os.environ/K"
        info = f", model_info: {info}" if info else ""
        lines.append(f"- {{model_name: a, litellm_params: {{model: {model}, {host}}}{info}}}")
    file = tmp_path / "config.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")
    told = [each.severity.value for each in lint_litellm([file], None).diagnostics if each.rule == "RC735"]
    assert told == [severity] * bool(severity)


def test_a_parameter_of_one_provider_is_known_there(tmp_path: Path) -> None:
    """`apikey` is read for watsonx."""
    assert found(tmp_path, "    apikey: os.environ/K\n", "watsonx/ibm/granite-3-8b-instruct") == []


def test_fallbacks_count_for_the_written_name(tmp_path: Path) -> None:
    """Two aliases that stand in for each other's groups are no loop; two that name each other are one."""
    other = (
        "- model_name: b\n  litellm_params: {model: azure/gpt-4o, api_key: os.environ/K, api_base: https://x.example}\n"
    )
    aliases = other + "router_settings:\n  model_group_alias: {x: a, y: b}\n  fallbacks: "
    assert "RC716" not in {rule for _, rule, _ in found(tmp_path, aliases + "[{x: [b]}, {y: [a]}]\n")}
    assert "RC716" in {rule for _, rule, _ in found(tmp_path, aliases + "[{x: [y]}, {y: [x]}]\n")}


def test_a_credential_as_a_key_is_called_one(tmp_path: Path) -> None:
    """The finding says that the key is a credential, and a comment that the comment is."""
    file = tmp_path / "config.yaml"
    first, second = (f"sk-ant-api03-{part * 2}" for part in ("abcdefghij0123456789", "bcdefghijk0123456789"))
    text = f"general_settings:\n  {first}: x # {second}\n"
    file.write_text(text, encoding="utf-8")
    told = [each.message.split(" holds")[0] for each in lint_litellm([file], None).diagnostics if each.rule == "RC721"]
    assert told == ["this key", "this comment"]


@pytest.mark.parametrize(
    ("text", "switches"),
    [
        ("litellm_settings: {drop_params: 'false', cache: true}\n", 1),
        ('litellm_settings: {drop_params: false, modify_params: "true"}\n', 1),
        ("general_settings: {infer_model_from_keys: 'FALSE', store_model_in_db: 'true'}\n", 2),
        ("    stream: 'false'\n    drop_params: 'false'\n", 1),
        ("  model_info: {supports_vision: 'false'}\n", 1),
        ("  model_info: {supports_vision: false}\nlitellm_settings: {drop_params: true}\n", 0),
    ],
)
def test_a_switch_in_quotes_is_told(tmp_path: Path, text: str, switches: int) -> None:
    """Wherever LiteLLM leaves the text as it is; what its types make true or false is none."""
    assert found(tmp_path, text) == [("warning", "RC708", "remove the quotes")] * switches
