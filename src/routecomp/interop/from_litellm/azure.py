"""Set where LiteLLM calls Azure: Azure OpenAI by deployment or by its v1 API, and the models of Azure AI."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from routecomp.interop.environment import Environment
from routecomp.interop.from_litellm.hosts import HOSTS
from routecomp.interop.from_litellm.params import Params
from routecomp.interop.from_litellm.upstream import CLOUDFLARE, Named, Refusal
from routecomp.interop.imported import Provider
from routecomp.interop.ledger import Fate
from routecomp.model.adapters import HOLE

AZURE_VERSION = "2025-02-01-preview"
"""The `api_version` that LiteLLM sends to Azure OpenAI where a file states none."""
ENTRA = ("azure_ad_token", "client_secret", "client_id", "tenant_id", "azure_username", "azure_password")
"""Parameters that say how to get a token of Entra."""
_VERSION = "api-version"
_V1 = ("v1", "latest", "preview")
_DEPLOYMENT = re.compile(r"(.*)/openai/deployments/([^/?#]+)")
_COMPLETIONS = "/chat/completions"
_RESPONSES_ENDS = ("/openai/v1/responses", "/openai/v1", "/openai/responses")
_RELEASED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
"""A version of the API that is no preview: there is no API of responses in it."""
_FOUNDRY_HOSTS = (".services.ai.azure.com", ".openai.azure.com")


def set_azure(provider: Provider, named: Named, base: str, params: Params, environment: Environment) -> Refusal | None:
    """Set what Azure OpenAI asks for: the version of the API in the query, or the base of its v1 API."""
    provider.auth = "oauth" if _is_entra(params) else None
    stated = _version(params, environment)
    if named.is_response:
        return _set_responses(provider, base, stated, params)
    version = AZURE_VERSION if stated == "" else stated or ""
    provider.open_query = [_VERSION] if stated is None else []
    if CLOUDFLARE in base:
        provider.chat_path, provider.query = f"/{HOLE}{_COMPLETIONS}", {_VERSION: version}
        return _lost(params, "declare the provider yourself") if "?" in base else None
    if version in _V1:
        root = base.removesuffix("/openai/v1")
        if _holds_api(root):
            return _lost(params, "write the resource alone, as in `https://NAME.openai.azure.com`")
        provider.adapter, provider.auth = "openai_compatible", provider.auth or "api-key"
        provider.base_url = f"{root}/openai" if root else ""
        return None
    provider.query = {_VERSION: version}
    url, _, query = base.partition("?")
    if query and url.endswith(_COMPLETIONS) and (deployment := _DEPLOYMENT.fullmatch(url.removesuffix(_COMPLETIONS))):
        reason = "LiteLLM calls this deployment, with `api_version` in the place of the query"
        params.ledger.hint(params.base, reason, "state `api_version`")
        base = url.removesuffix(_COMPLETIONS)
    if (deployment := _DEPLOYMENT.fullmatch(base)) is not None:
        provider.base_url = deployment[1]
        provider.chat_path = f"/openai/deployments/{deployment[2]}/chat/completions"
    elif _holds_api(base):
        instead = "write the resource alone, as in `https://NAME.openai.azure.com`"
        return _lost(params, f"{instead}; for the v1 API say `api_version: v1`" if base.endswith("/v1") else instead)
    return None


def _version(params: Params, environment: Environment) -> str | None:
    """Return the version of the API that a file states, empty where it states none, None where nobody has said it."""
    stated = params.get("api_version")
    if environment.is_unsaid(stated):
        return None
    return environment.text(stated) or environment.get("AZURE_API_VERSION")


def _add_version(provider: Provider, version: str | None) -> None:
    """Add the version of the API to the query, where that has none; None is one that is still to be said."""
    if _VERSION not in provider.query:
        provider.query[_VERSION] = version or ""
        provider.open_query = [_VERSION] if version is None else []


def _set_responses(provider: Provider, base: str, stated: str | None, params: Params) -> Refusal | None:
    """Set where Azure's API of responses is called: with a version of the day where the base holds a query, else v1."""
    url, _, query = base.partition("?")
    url = url.rstrip("/")
    root = next((url.removesuffix(end) for end in _RESPONSES_ENDS if url.endswith(end)), url)
    provider.query = dict(parse_qsl(query, keep_blank_values=True))
    version = stated
    if version == "" or (version and _VERSION not in provider.query and _RELEASED.fullmatch(version)):
        version = "preview"
    _add_version(provider, version)
    is_v1 = version in _V1 or url.endswith(_RESPONSES_ENDS[:2])
    provider.adapter, provider.auth, provider.base_url = "openai_responses", provider.auth or "api-key", root
    provider.chat_path = "/openai/v1/responses" if is_v1 else "/openai/responses"
    return (
        _lost(params, "write the resource alone, as in `https://NAME.openai.azure.com`") if _holds_api(root) else None
    )


def set_azure_ai(
    provider: Provider, named: Named, base: str, params: Params, environment: Environment
) -> Refusal | None:
    """Set what models of Azure AI ask for: Claude by Anthropic's contract, the others by OpenAI's."""
    name = named.rest
    if not base:
        return None
    scheme, _, rest = base.partition("://")
    host, _, path = rest.partition("/")
    if named.is_response and "claude" not in name.lower() and host.endswith(_FOUNDRY_HOSTS):
        if path.startswith("api/projects/"):
            return _lost(params, "write the resource alone, as in `https://NAME.services.ai.azure.com`")
        provider.base_url, provider.auth = f"{scheme}://{host}/openai", "oauth" if _is_entra(params) else "api-key"
        return None
    provider.adapter, provider.auth = HOSTS["azure_ai"].adapter, "oauth" if _is_entra(params) else None
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
    stated = params.get("api_version")
    if (version := environment.text(stated)) or environment.is_unsaid(stated):
        _add_version(provider, version or None)
    if "services.ai.azure.com" in url or "openai.azure.com" in url:
        provider.auth = provider.auth or "api-key"
    return None


def _is_entra(params: Params) -> bool:
    """Return whether a deployment is opened by a token of Entra: it states no key, and how to get a token."""
    return params.get("api_key") is None and any(params.get(name) is not None for name in ENTRA)


def _holds_api(base: str) -> bool:
    """Return whether a base URL holds a part of Azure's API already, or a query: what LiteLLM then calls is not known.

    It joins the path behind, so that most of these answer nothing.
    """
    path = base.partition("://")[2].partition("/")[2]
    return "openai" in path.split("/") or "?" in base


def _lost(params: Params, instead: str) -> Refusal:
    """Return that a deployment is lost by its base URL."""
    reason = "LiteLLM joins a path of its own to this base URL, and what that leads to is not known"
    blamed = params.base or params.get("model")
    return Refusal(blamed, Fate("lost", reason, instead, True))
