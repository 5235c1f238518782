"""Settle what LiteLLM calls a model at its provider: it reads prefixes of its own out of the name first.

Checked against the URLs that LiteLLM 1.110.2 calls. What is not known for certain is lost.
"""

from __future__ import annotations

from typing import NamedTuple

from routecomp.interop.catalogue import Catalogue
from routecomp.interop.environment import Environment
from routecomp.interop.from_litellm.hosts import ELSEWHERE, HOSTS, provider_name
from routecomp.interop.from_litellm.params import Params
from routecomp.interop.ledger import Fate
from routecomp.interop.urls import AWS_REGION
from routecomp.interop.value import Value

_KINDS_OF_AZURE = ("o_series/", "gpt5_series/")
"""Prefixes that tell LiteLLM what a deployment of Azure can do, and that it takes out of the name."""
_ROUTES_OF_BEDROCK = ("converse/", "converse_like/", "invoke/", "nova/", "nova-2/")
"""Prefixes of models of Bedrock that a conversation can be sent to."""
_RESPONSES = "responses/"
_FOUNDRY = "services.ai.azure.com"


class Refusal(NamedTuple):
    """Why no model can be made of a deployment: the value that says so, if one does, and its fate."""

    value: Value | None
    fate: Fate


class Named(NamedTuple):
    """A model's text in LiteLLM's words: the provider, and its name there.

    `is_response` is true where LiteLLM calls the API of responses. `region` is the one that stands before the name.
    """

    kind: str
    rest: str
    is_response: bool = False
    region: str = ""


def name_provider(model: str, custom: str, catalogue: Catalogue) -> Named | None:
    """Return the provider that LiteLLM reads out of a model's text; None where it finds none.

    A bare name is looked up in the catalogue, as LiteLLM does.
    """
    if custom:
        return Named(provider_name(custom), model.removeprefix(f"{custom}/"))
    prefix, slash, rest = model.partition("/")
    if slash and (prefix in HOSTS or prefix in ELSEWHERE or provider_name(prefix) in HOSTS):
        return Named(provider_name(prefix), rest)
    if slash and any(entry.provider == prefix for entry in catalogue.entries.values()):
        return Named(prefix, rest)
    entry = catalogue.entries.get(model)
    if entry is not None and entry.provider:
        return Named(provider_name(entry.provider), model)
    return Named("openai", model) if model.startswith("ft:gpt-") else None


def settle_name(
    params: Params, named: Named, environment: Environment, catalogue: Catalogue, mode: str
) -> Named | Refusal:
    """Return the name that is called, without prefixes that LiteLLM reads; else why it is not known."""
    if named.kind == "azure_ai" and _is_azure_openai(params, named.rest, environment, catalogue):
        named = named._replace(kind="azure")
    kind, rest = named.kind, named.rest
    if kind == "azure":
        for prefix in _KINDS_OF_AZURE:
            rest = rest.removeprefix(prefix)
    entry = catalogue.entries.get(f"{kind}/{rest}") or (catalogue.entries.get(rest) if kind == "openai" else None)
    mode = mode or (entry.mode if entry is not None else "")
    if rest.startswith(_RESPONSES) or (kind in ("openai", "azure") and mode == "responses"):
        if kind != "openai":
            instead = "declare a provider with `adapter: openai_responses` and its `chat_path`"
            return _lost(params, "LiteLLM calls the API of responses there, at a path that is not known", instead)
        return named._replace(rest=rest.removeprefix(_RESPONSES), is_response=True)
    if kind == "bedrock":
        return _bedrock(params, named)
    if kind in ("azure", "azure_ai") and "/" in rest:
        return _lost(params, f"`{rest.partition('/')[0]}/` is no part of a deployment's name that is known")
    if kind == "azure_ai" and "router" in rest.lower() and "model" in rest.lower():
        return _lost(params, "the model router of Azure AI picks a model by itself, at a path that is not known")
    if kind == "azure" and any(f"{other}/{rest}" in catalogue.entries for other in ("mistral", "cohere_chat")):
        return _lost(params, "LiteLLM calls models of Mistral and Cohere at Azure by another contract")
    if kind == "vertex_ai" and "/" in rest and rest.startswith(("gemini", "claude")):
        instead = "declare it as a provider with `adapter: vertex` and the `chat_path` of the endpoint"
        return _lost(params, "the path of a tuned endpoint of Vertex AI is not known", instead)
    return named._replace(rest=rest)


def _bedrock(params: Params, named: Named) -> Named | Refusal:
    """Return the name of a model of Bedrock, and the region before it."""
    rest, region = named.rest, ""
    for _ in range(2):
        for prefix in _ROUTES_OF_BEDROCK:
            rest = rest.removeprefix(prefix)
        first, slash, behind = rest.partition("/")
        if slash and AWS_REGION.fullmatch(first):
            region, rest = first, behind
    if "/" in rest and not rest.startswith("arn:"):
        prefix = rest.partition("/")[0]
        reason = f"LiteLLM calls what stands behind `{prefix}/` by another API of Bedrock than the one of conversations"
        return _lost(params, reason, "declare it as a provider with `adapter: custom` if your service can call it")
    return named._replace(rest=rest, region=region)


def region_of_arn(name: str) -> str:
    """Return the region in a name of AWS, empty where it holds none."""
    parts = name.split(":") if name.startswith("arn:") else []
    return parts[3] if len(parts) > 3 and AWS_REGION.fullmatch(parts[3]) else ""


def _is_azure_openai(params: Params, name: str, environment: Environment, catalogue: Catalogue) -> bool:
    """Return whether LiteLLM takes a model of Azure AI for a deployment of Azure OpenAI: by its name, and the host."""
    base = environment.text(params.get("api_base") or params.get("base_url")) or environment.get("AZURE_AI_API_BASE")
    entry = catalogue.entries.get(name)
    return bool(base) and _FOUNDRY not in base and entry is not None and entry.provider == "openai"


def _lost(params: Params, reason: str, instead: str = "declare the provider and the model yourself") -> Refusal:
    """Return that a model is lost, which decides calls."""
    return Refusal(params.get("model"), Fate("lost", reason, instead, True))
