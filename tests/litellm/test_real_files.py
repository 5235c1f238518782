"""Real configuration files of LiteLLM, said in routecomp by hand: who calls which name reaches the same models.

What a file says is read from the file itself (../shared/data beside the checkout; without it nothing is compared),
what we say from the table compiled from `said/`. A value that a file takes from the environment counts as given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
import yaml

from routecomp.checker import Options
from routecomp.compiler import compile
from routecomp.runtime.resolver import Endpoint, Router

HERE = Path(__file__).parent
FILES = HERE.parents[2] / "shared" / "data" / "configs" / "litellm"
if not FILES.is_dir():
    pytest.skip(f"no configuration files to compare with: {FILES}", allow_module_level=True)

SAID = {
    "aliases_config": "BerriAI__litellm__example_config_yaml__aliases_config.yaml",
    "antigravity_gateway": "Hazuki-san__antigravity-gateway__litellm-config.yaml",
    "bedrock_advpo": "Krxtopher__bedrock-advpo-agent-skill__litellm-config.yaml",
    "config_with_env_vars": (
        "BudEcosystem__bud-litellm__tests__local_testing__example_config_yaml__config_with_env_vars.yaml"
    ),
    "daily_stock_analysis": "007xc__daily_stock_analysis__litellm_config.example.yaml",
    "digithings_dev": "digithings-ai__digithings__config__litellm.dev.yaml",
    "dry_agent": "EnigmaCurry__dry_agent__litellm__config.yaml",
    "lammastudio": "RATDEO__lammastudio__config__litellm.yaml",
    "project_lodestar": "RichardHam-co-uk__ProjectLodestar__config__litellm_config.yaml",
    "simple_config": "BerriAI__litellm__example_config_yaml__simple_config.yaml",
    "spend_tracking_config": "BerriAI__litellm__example_config_yaml__spend_tracking_config.yaml",
    "test_custom_logger": "BudEcosystem__bud-litellm__tests__local_testing__test_configs__test_custom_logger.yaml",
}
"""What is said here, and the file that says it to LiteLLM."""

NOT_SAID = {
    "BerriAI__litellm__example_config_yaml__adaptive_router_example.yaml": "learns the order from callers' feedback",
    "BerriAI__litellm__example_config_yaml__load_balancer.yaml": "names a provider whose address nobody can know",
    "BerriAI__litellm__example_config_yaml__oai_misc_config.yaml": "sends any name on, as it is",
    "BudEcosystem__bud-litellm__cookbook__misc__config.yaml": "signs calls of SageMaker; falls back by cause",
    "Cyberpaisa__DOF-MESH__config__litellm_config.yaml": "orders five hosts by the latency of the last minutes",
    "D0wn10ad__ai-gateway__litellm__config.yaml": "orders two models by the latency of the last minutes",
    "Fast-Editor__Lynkr__benchmark-configs__litellm_config.yaml": "picks by cost, then falls back in another order",
    "Kode-Rex__insight-mesh__config__litellm_config.yaml": "sends a Vertex call to a host that is not Vertex",
    "ambastha-nitesh__stc-framework__config__litellm_config.yaml": "passes over a deployment whose budget is spent",
    "mitodl__learn-ai__config__litellm_config.yml": "sends any name on, as it is",
}
"""The files that are not said here, and what would be lost."""

ENVIRONMENT = {
    "AZURE_API_BASE": "https://canada.openai.azure.com",
    "AZURE_API_VERSION": "2024-10-21",
    "AWS_REGION": "us-east-1",
    "FAKE_OPENAI_API_BASE": "https://fake.example/v1",
    "OPENAI_BASE_URL": "https://llm.example/v1",
    "OPENAI_MODEL_ASSISTANT": "model-assistant",
    "OPENAI_MODEL_LITE": "model-lite",
}
"""Values that the files take from the environment."""

HOSTS = {
    "anthropic": "https://api.anthropic.com/v1/messages",
    "deepseek": "https://api.deepseek.com/chat/completions",
    "fireworks_ai": "https://api.fireworks.ai/inference/v1/chat/completions",
    "gemini": "https://generativelanguage.googleapis.com/v1beta/models/{}:generateContent",
    "ollama": "http://localhost:11434/api/generate",
    "openai": "https://api.openai.com/v1/chat/completions",
    "perplexity": "https://api.perplexity.ai/chat/completions",
    "xai": "https://api.x.ai/v1/chat/completions",
}
"""Where LiteLLM calls a provider if the file names no base."""

# Of a deployment's parameters, what is not sent on in the body: the rest is.
NOT_IN_THE_BODY = {"model", "api_base", "api_key", "api_version", "deployment_id", "extra_body", "rpm", "tpm", "stream"}
KEY_NAMES = ("*_API_KEY", "*_KEY", "*_TOKEN", "AZURE_GPT_4O", "FIREWORKS", "GEMINI_API_KEY_*")


class Call(NamedTuple):
    """One deployment, as it is called."""

    url: str
    model: str
    key: str | None
    limits: tuple[int | None, int | None]
    params: str
    total_ms: int | None


def test_every_file_is_accounted_for() -> None:
    """At least twelve of the files are said without loss; of every other one it is known what would be lost."""
    assert {*SAID.values(), *NOT_SAID} == {path.name for path in FILES.iterdir()}
    assert not {*SAID.values()} & {*NOT_SAID}
    assert len(SAID) >= 12


@pytest.mark.parametrize("said", SAID)
def test_each_name_reaches_what_it_reaches_there(said: str) -> None:
    """The deployments of a name come first, in whatever order, then its fallbacks in theirs."""
    config, router = _config(said), _router(said)
    for name, calls, fallbacks in _names(config):
        decision = router.resolve(model=name, request_id="one")
        assert decision.status == "ok", name
        keys = {call.key for call in (*calls, *fallbacks) if call.key}
        chain = [_call(router.endpoint(decision, slug), keys) for slug in decision.chain]
        assert Counter(chain[: len(calls)]) == Counter(calls), name
        assert chain[len(calls) :] == fallbacks, name


@pytest.mark.parametrize("said", SAID)
def test_deployments_of_one_name_share_its_load(said: str) -> None:
    """Over many requests each of them is the first as often as the others."""
    config, router = _config(said), _router(said)
    for name, calls, _ in _names(config):
        picked = Counter(router.resolve(model=name, request_id=f"{number}").model for number in range(400))
        assert len(picked) == len(calls)
        assert all(abs(times - 400 / len(calls)) < 60 for times in picked.values())


@pytest.mark.parametrize("said", SAID)
def test_retries_are_the_files(said: str) -> None:
    """A file that says how often a call is tried again is followed."""
    config = _config(said)
    settings = config.get("litellm_settings", {}) | config.get("router_settings", {})
    resilience = _router(said).facts.resilience
    assert resilience is not None
    assert resilience.retries == settings.get("num_retries", 0)


@cache
def _config(said: str) -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load((FILES / SAID[said]).read_text(encoding="utf-8"))
    return config


@cache
def _router(said: str) -> Router:
    text = (HERE / "said" / f"{said}.yaml").read_bytes()
    compilation = compile({"routes/all.yaml": text}, Options(date(2026, 11, 30), key_names=KEY_NAMES))
    assert not compilation.checked.diagnostics
    router = Router.from_bytes(compilation.artifacts["routing_table.json"])
    assert router is not None
    return router


def _names(config: dict[str, Any]) -> Iterator[tuple[str, list[Call], list[Call]]]:
    """Give each name that callers send, with its deployments and the calls of its fallbacks."""
    deployments: dict[str, list[Call]] = {}
    settings = config.get("litellm_settings", {}) | config.get("router_settings", {})
    for row in config["model_list"]:
        call = _there(row["litellm_params"], settings)
        deployments.setdefault(row["model_name"], []).append(call)
    fallbacks = {name: others for row in settings.get("fallbacks", []) for name, others in row.items()}
    for name, calls in deployments.items():
        others = fallbacks.get(name, settings.get("default_fallbacks", []))
        yield name, calls, [call for other in others if other != name for call in deployments[other]]


def _there(params: dict[str, Any], settings: dict[str, Any]) -> Call:
    """Return the call that LiteLLM makes for a deployment."""
    params = {name: _value(value) for name, value in params.items()}
    prefix, _, rest = params["model"].partition("/")
    if prefix not in {*HOSTS, "azure", "bedrock"}:
        prefix, rest = ("gemini" if prefix.startswith("gemini") else "openai"), params["model"]
    base = str(params.get("api_base", "")).rstrip("/")
    if prefix == "azure":
        path = "embeddings" if "embedding" in rest else "chat/completions"
        version = params.get("api_version", ENVIRONMENT["AZURE_API_VERSION"])
        url = f"{base}/openai/deployments/{rest}/{path}?api-version={version}"
    elif prefix == "bedrock":
        region = ENVIRONMENT["AWS_REGION"]
        url = f"https://bedrock-runtime.{region}.amazonaws.com/model/{quote(rest, safe='')}/converse"
    elif prefix == "ollama" and base:
        url = f"{base}/api/generate"
    elif base:
        url = f"{base}/chat/completions"
    else:
        url = HOSTS[prefix].format(rest)
    body = {name: value for name, value in params.items() if name not in NOT_IN_THE_BODY}
    seconds = settings.get("timeout", settings.get("request_timeout"))
    return Call(
        url,
        rest,
        params.get("api_key") if str(params.get("api_key")).isupper() else None,
        (params.get("rpm"), params.get("tpm")),
        repr(body | params.get("extra_body", {})),
        seconds and seconds * 1000,
    )


def _value(value: Any) -> Any:
    """Return a value that is taken from the environment; of a key, the name of its variable."""
    if isinstance(value, str) and value.startswith("os.environ/"):
        name = value.removeprefix("os.environ/")
        return ENVIRONMENT.get(name, name)
    return value


def _call(endpoint: Endpoint | None, keys: Set[str]) -> Call:
    """Return the call that a service makes; a key that the file writes out is in a variable here, and not compared."""
    assert endpoint is not None
    limits = endpoint.limits["model"]
    return Call(
        endpoint.url,
        endpoint.upstream_model,
        endpoint.api_key_env if endpoint.api_key_env in keys else None,
        (limits.get("rpm"), limits.get("tpm")),
        repr(dict(endpoint.params)),
        endpoint.timeouts.get("total_ms"),
    )
