"""What stands in variables counts as said once `--set` says it; what nobody says is `TODO`, and never a default."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecomp.interop.writer import project_files
from tests.interop.importing.project import checked, fates, filled, imported

AZURE = "model: azure/gpt-4o, api_key: os.environ/AZ_KEY, api_base: 'https://r.openai.azure.com'"
FOUNDRY = "model: azure_ai/mistral-large, api_key: os.environ/AZ_KEY, api_base: 'https://r.services.ai.azure.com'"
BEDROCK = "model: 'bedrock/anthropic.claude-3-haiku-20240307-v1:0'"
VERTEX = "model: vertex_ai/gemini-2.5-pro"
PLAIN = "model: openai/gpt-4o"
LOCAL = "https://own.example/v1"
ARN = "arn:aws:bedrock:eu-west-1:1:provisioned-model/x"


def config(*params: str, info: str = "", more: str = "") -> str:
    """Return a file whose deployments have these parameters."""
    entries = "".join(
        f"- {{model_name: m, litellm_params: {{{each}}}, model_info: {{{info if each is params[0] else ''}}}}}\n"
        for each in params
    )
    return f"model_list:\n{entries}{more}"


SAID = [
    ("model: @", "openai/gpt-4o"),
    (f"{PLAIN}, api_base: '@'", LOCAL),
    ("model: gpt-4o, custom_llm_provider: @", "openai"),
    (AZURE.replace("https://r.openai.azure.com", "@"), "https://r.openai.azure.com"),
    (f"{AZURE}, api_version: '@'", "2024-10-21"),
    (f"{AZURE}, api_version: '@'", "v1"),
    (f"{AZURE}, deployment_id: '@'", "mine"),
    (f"{FOUNDRY}, api_version: '@'", "2024-05-01"),
    (f"{BEDROCK}, aws_region_name: '@'", "eu-west-1"),
    (f"{BEDROCK}, aws_bedrock_runtime_endpoint: '@'", "https://vpce.example"),
    (f"{BEDROCK}, model_id: '@'", ARN),
    (f"{VERTEX}, vertex_project: '@', vertex_location: us-east1", "pro"),
    (f"{VERTEX}, vertex_project: p, vertex_location: '@'", "us-east1"),
    (f"{PLAIN}, input_cost_per_token: '@'", "1e-6"),
    (f"{PLAIN}, output_cost_per_token: '@'", "0.00000123"),
    (f"{PLAIN}, rpm: '@'", "77"),
    (f"{PLAIN}, tpm: '@'", "1000"),
    (f"{PLAIN}, max_parallel_requests: '@'", "5"),
    (f"{PLAIN}, timeout: '@'", "2.5"),
    (f"{PLAIN}, stream_timeout: '@'", "3"),
    (f"{PLAIN}, weight: '@'", "3"),
    (f"{PLAIN}, order: '@'", "1"),
    (f"{PLAIN}, region_name: '@'", "eu"),
    (f"{PLAIN}, service_tier: '@'", "flex"),
    (f"{PLAIN}, extra_body: {{user: '@'}}", "us"),
]
"""Parameters, and what they may say."""
INFO = [
    ("max_input_tokens: '@'", "32000"),
    ("max_output_tokens: '@'", "1000"),
    ("input_cost_per_token: '@'", "1e-6"),
    ("base_model: '@'", "openai/gpt-4o-mini"),
    ("mode: '@'", "responses"),
]
SETTINGS = [
    ("num_retries: '@'", "3"),
    ("allowed_fails: '@'", "4"),
    ("cooldown_time: '@'", "30"),
    ("timeout: '@'", "20"),
    ("routing_strategy: '@'", "cost-based-routing"),
    ("model_group_alias: {a: '@'}", "m"),
]
CASES = [
    *((config(params, f"{PLAIN}-mini, weight: 1"), value) for params, value in SAID),
    *((config("model: openai/gpt-4o", info=info), value) for info, value in INFO),
    *(
        (config(PLAIN, f"{PLAIN}-mini, api_key: os.environ/B_KEY", more=f"router_settings: {{{setting}}}\n"), value)
        for setting, value in SETTINGS
    ),
]


@pytest.mark.parametrize(("text", "value"), CASES)
def test_a_value_that_set_says_is_the_same_as_one_that_the_file_states(tmp_path: Path, text: str, value: str) -> None:
    stated = imported(tmp_path, text.replace("@", value))
    reference = text.replace("@", "os.environ/RATE_PER_TOKEN" if value.isdigit() else "os.environ/VAR")
    said = imported(tmp_path, reference, said={"RATE_PER_TOKEN": value, "VAR": value})
    assert project_files(said.project) == project_files(stated.project)
    assert fates(said) == fates(stated)
    unsaid = imported(tmp_path, reference)
    assert unsaid.report.lost or unsaid.project.missing != stated.project.missing


UNSAID = [
    ("model: @", ["provider m: adapter", "provider m: base_url", "model m: provider_model_name"]),
    ("model: gpt-4o, custom_llm_provider: @", ["provider m: adapter", "provider m: base_url"]),
    (f"{PLAIN}, api_base: @", ["provider m: base_url"]),
    ("model: anthropic/claude-sonnet-4-5, api_base: @", ["provider m: base_url"]),
    ("model: gemini/gemini-2.5-pro, api_base: @", ["provider m: base_url"]),
    ("model: cohere/command-r, api_base: @", ["provider m: base_url"]),
    ("model: mistral/mistral-large, api_base: @", ["provider m: base_url"]),
    ("model: ollama/llama3, api_base: @", ["provider m: base_url"]),
    (AZURE.replace("'https://r.openai.azure.com'", "@"), ["provider m: base_url"]),
    (FOUNDRY.replace("'https://r.services.ai.azure.com'", "@"), ["provider m: base_url"]),
    (f"{AZURE}, api_version: @", ["provider m: query.api-version"]),
    (f"{FOUNDRY}, api_version: @", ["provider m: query.api-version"]),
    (f"{AZURE.replace('gpt-4o', 'responses/gpt-4o')}, api_version: @", ["provider m: query.api-version"]),
    (f"{AZURE}, deployment_id: @", ["model m: provider_model_name"]),
    (f"{BEDROCK}, aws_region_name: @", ["provider m: base_url"]),
    (f"{BEDROCK}, aws_bedrock_runtime_endpoint: @", ["provider m: base_url"]),
    (f"{BEDROCK}, api_key: os.environ/B_KEY, aws_bedrock_runtime_endpoint: @", ["provider m: base_url"]),
    (
        f"{BEDROCK}, aws_region_name: @, aws_bedrock_runtime_endpoint: 'https://vpce.example'",
        ["provider m: region"],
    ),
    (f"{BEDROCK}, model_id: @", ["model m: provider_model_name"]),
    (f"{VERTEX}, vertex_location: us-east1, vertex_project: @", ["provider m: chat_path"]),
    (f"{VERTEX}, vertex_location: us-east1", ["provider m: chat_path"]),
    (f"{VERTEX}, vertex_project: p, vertex_location: @", ["provider m: base_url"]),
    (f"{VERTEX}, vertex_project: @P, vertex_location: @L", ["provider m: base_url", "provider m: chat_path"]),
    ("model: vertex_ai/claude-sonnet-4-5, vertex_project: p, vertex_location: @", ["provider m: base_url"]),
    (f"{PLAIN}, rpm: @", ["model m: limits.rpm"]),
    (f"{PLAIN}, tpm: @, rpm: 7", ["model m: limits.tpm"]),
    (f"{PLAIN}, timeout: @", ["model m: timeouts.total_ms"]),
    (f"{PLAIN}, stream_timeout: @", ["model m: timeouts.first_token_ms"]),
]


def in_short(missing: list[str]) -> list[str]:
    """Return what is to be said, the slug of each provider or model as `m`."""
    return [f"{each.split()[0]} m: {each.rpartition(': ')[2]}" for each in (text.replace("`", "") for text in missing)]


@pytest.mark.parametrize(("params", "missing"), UNSAID)
def test_a_value_that_nobody_says_is_to_be_said_and_refused_once(
    tmp_path: Path, params: str, missing: list[str]
) -> None:
    made = filled(imported(tmp_path, config(params.replace("@", "os.environ/VAR"))))
    assert in_short(made.project.missing) == missing
    assert [each.rule for each in checked(made).diagnostics] == ["RC126"] * len(missing)
    assert made.report.routes_lost == ()


@pytest.mark.parametrize("params", [each for each, missing in UNSAID if "@" in each and "provider m:" in missing[0]])
def test_what_stands_in_two_variables_is_never_one_provider(tmp_path: Path, params: str) -> None:
    one, other = (params.replace("@", f"os.environ/{name}") for name in ("A_VAR", "B_VAR"))
    made = imported(tmp_path, config(one, other, one))
    providers = [model.provider for model in made.project.models]
    assert providers[0] == providers[2] != providers[1]
    assert not any(slug.endswith("-2") for slug in providers)


def test_a_reason_says_that_a_variable_is_not_known(tmp_path: Path) -> None:
    text = config(
        f"{PLAIN}, weight: @, temperature: @, seed: 3", PLAIN, info="id: a", more="router_settings: {num_retries: @}\n"
    )
    made = imported(
        tmp_path, text.replace("@", "os.environ/VAR").replace("model_name: m", "model_name: os.environ/N", 1)
    )
    told = {field.key.rpartition(".")[2]: field for field in made.report.lost}
    told.pop("model_info", None)
    assert set(told) == {"weight", "temperature", "num_retries", "model_name"}
    assert {field.instead for name, field in told.items() if name != "model_name"} == {"say it with `--set VAR=…`"}
    assert {name for name, field in told.items() if field.routes} == {"weight", "model_name"}


SECRET = "sk-abcdefabcdefabcdefabcdef0123456789"


@pytest.mark.parametrize(
    "params",
    [
        f"{PLAIN}, api_key: @",
        f"{PLAIN}, api_base: @",
        f"{PLAIN}, temperature: @",
        f"{PLAIN}, extra_headers: {{x-a: @}}",
        f"{PLAIN}, organization: @",
        f"{PLAIN}, region_name: @",
        f"{BEDROCK}, aws_secret_access_key: @",
        f"{AZURE}, api_version: @",
        f"{VERTEX}, vertex_credentials: @, vertex_project: @",
        "model: @",
    ],
)
def test_a_credential_that_is_said_is_never_written(tmp_path: Path, params: str) -> None:
    made = imported(tmp_path, config(params.replace("@", "os.environ/VAR")), said={"VAR": SECRET})
    text = "".join(data.decode() for data in project_files(made.project).values()) + made.report.json()
    assert SECRET not in text


def test_values_of_another_router_that_nobody_says(tmp_path: Path) -> None:
    text = """\
[models.a]
routing = ["x"]
[models.a.providers.x]
type = "azure"
deployment_id = "d"
endpoint = "env::A_BASE"
[models.b]
routing = ["x"]
[models.b.providers.x]
type = "azure"
deployment_id = "d"
endpoint = "env::B_BASE"
[models.c]
routing = ["x"]
[models.c.providers.x]
type = "anthropic"
model_name = "claude-x"
api_base = "env::C_BASE"
[models.d]
routing = ["x"]
[models.d.providers.x]
type = "gcp_vertex_gemini"
model_id = "gemini-x"
location = "env::LOC"
project_id = "env::PRO"
"""
    made = filled(imported(tmp_path, text, "tensorzero", name="tensorzero.toml"))
    keys = ["base_url", "base_url", "base_url", "base_url", "chat_path"]
    assert [each.rpartition(": ")[2] for each in made.project.missing] == keys
    assert len({model.provider for model in made.project.models}) == 4
    assert [each.rule for each in checked(made).diagnostics] == ["RC126"] * 5
    portkey = '{"provider": "azure-openai", "azure_resource_name": "r", "azure_deployment_id": "d"}'
    made = filled(imported(tmp_path, portkey, "portkey", name="p.json"))
    assert [each.rpartition(": ")[2] for each in made.project.missing] == ["query.api-version"]
