"""Set where LiteLLM calls Azure: Azure OpenAI by deployment or by its v1 API, and the models of Azure AI."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from routecomp.interop.environment import Environment
from routecomp.interop.from_litellm.params import Params
from routecomp.interop.from_litellm.upstream import Refusal
from routecomp.interop.imported import Provider
from routecomp.interop.ledger import Fate

AZURE_VERSION = "2025-02-01-preview"
"""The `api_version` that LiteLLM sends to Azure OpenAI where a file states none."""
_V1 = ("v1", "latest", "preview")
_DEPLOYMENT = re.compile(r"(.*)/openai/deployments/([^/?#]+)")
_COMPLETIONS = "/chat/completions"


def set_azure(provider: Provider, base: str, params: Params, environment: Environment) -> Refusal | None:
    """Set what Azure OpenAI asks for: the version of the API in the query, or the base of its v1 API."""
    version = environment.text(params.get("api_version")) or environment.get("AZURE_API_VERSION") or AZURE_VERSION
    if version in _V1:
        root = base.removesuffix("/openai/v1")
        if _holds_api(root):
            return _lost(params, "write the resource alone, as in `https://NAME.openai.azure.com`")
        provider.adapter, provider.auth = "openai_compatible", "api-key"
        provider.base_url = f"{root}/openai" if root else ""
        return None
    provider.query = {"api-version": version}
    if (deployment := _DEPLOYMENT.fullmatch(base)) is not None:
        provider.base_url = deployment[1]
        provider.chat_path = f"/openai/deployments/{deployment[2]}/chat/completions"
    elif _holds_api(base):
        instead = "write the resource alone, as in `https://NAME.openai.azure.com`"
        return _lost(params, f"{instead}; for the v1 API say `api_version: v1`" if base.endswith("/v1") else instead)
    return None


def set_azure_ai(provider: Provider, name: str, base: str, params: Params, environment: Environment) -> Refusal | None:
    """Set what models of Azure AI ask for: Claude by Anthropic's contract, the others by OpenAI's."""
    if not base:
        return None
    url, _, query = base.partition("?")
    url = url.rstrip("/")
    if "claude" in name.lower():
        provider.base_url = url.removesuffix("/v1/messages").removesuffix("/anthropic")
        provider.adapter, provider.chat_path = "anthropic", "/anthropic/v1/messages"
        if query or "/" in provider.base_url.partition("://")[2]:
            return _lost(params, "write the resource alone, as in `https://NAME.services.ai.azure.com`")
        return None
    ending = f"/models{_COMPLETIONS}" if "services.ai.azure.com" in url else _COMPLETIONS
    root = url.removesuffix(ending)
    if root == url:
        root = url.removesuffix("/models") if ending.startswith("/models") else url
    provider.base_url, provider.chat_path = root, ending
    provider.query = dict(parse_qsl(query, keep_blank_values=True))
    if version := environment.text(params.get("api_version")):
        provider.query.setdefault("api-version", version)
    if "services.ai.azure.com" in url or "openai.azure.com" in url:
        provider.auth = "api-key"
    return None


def _holds_api(base: str) -> bool:
    """Return whether a base URL holds a part of Azure's API already, or a query: what LiteLLM then calls is not known.

    It joins the path behind, so that most of these answer nothing.
    """
    path = base.partition("://")[2].partition("/")[2]
    return "openai" in path.split("/") or "?" in base


def _lost(params: Params, instead: str) -> Refusal:
    """Return that a deployment is lost by its base URL."""
    reason = "LiteLLM joins a path of its own to this base URL, and what that leads to is not known"
    blamed = params.get("api_base") or params.get("base_url") or params.get("model")
    return Refusal(blamed, Fate("lost", reason, instead, True))
