"""Settle what LiteLLM calls a model at its provider: it reads prefixes of its own out of the name first.

Checked against the URLs that LiteLLM 1.110.2 calls. What is not known for certain is lost.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from routecomp.interop.catalogue import Catalogue
from routecomp.interop.environment import Environment
from routecomp.interop.from_litellm.hosts import HOSTS, RESPONSES, SPEAKS_NO_CHAT, provider_at, provider_name
from routecomp.interop.from_litellm.params import Params
from routecomp.interop.ledger import Fate
from routecomp.interop.litellm.names import names
from routecomp.interop.scalars import TRUE
from routecomp.interop.urls import AWS_REGION
from routecomp.interop.value import Value

_KINDS_OF_AZURE = ("o_series/", "gpt5_series/")
"""Prefixes that tell LiteLLM what a deployment of Azure can do, and that it takes out of the name."""
_O_SERIES = ("o1", "o3", "o4", _KINDS_OF_AZURE[0])
"""What is in the names of models that LiteLLM calls at Cloudflare's gateway as it calls Azure itself."""
CLOUDFLARE = "gateway.ai.cloudflare.com"
_OWN_APIS_OF_BEDROCK = re.compile(r"(?:[a-z-]+\.)?(openai\.gpt-[5-9]|xai|twelvelabs)[.-]?")
"""Models of Bedrock that LiteLLM calls by other APIs than those of conversations: OpenAI's contract, or their own."""
_ROUTES_OF_BEDROCK = ("converse/", "converse_like/", "invoke/", "nova/", "nova-2/")
"""Prefixes of models of Bedrock that a conversation can be sent to."""
_RESPONSES = "responses/"
_FOUNDRY = "services.ai.azure.com"
_NOT_BARE = frozenset(("deepseek", "volcengine", "fireworks_ai", "gemini", "together_ai", "jina_ai", "xai"))
"""Providers of the catalogue whose models LiteLLM does not know without the provider before them."""
_FIREWORKS_ROUTERS = ("firerouter", "auto", "auto-instant")


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


def name_provider(model: str, custom: str, base: str, catalogue: Catalogue) -> Named | None:
    """Return the provider that LiteLLM reads out of a model's text, or knows by its base URL; None where it finds none.

    A bare name is looked up in the catalogue, as LiteLLM does.
    """
    if custom:
        return Named(provider_name(custom), model.removeprefix(f"{custom}/"))
    prefix, slash, rest = model.partition("/")
    if slash and rest and (prefix in names("providers") or provider_name(prefix) in HOSTS):
        return Named(provider_name(prefix), rest)
    if by_host := provider_at(base):
        return Named(by_host, model)
    entry = catalogue.entries.get(model)
    if slash and any(each.provider == prefix for each in catalogue.entries.values()):
        return Named(prefix, rest)
    if entry is not None and entry.provider and entry.provider not in _NOT_BARE:
        return Named("ai21_chat" if entry.provider == "ai21" else provider_name(entry.provider), model)
    return Named("openai", model) if "ft:gpt-3.5-turbo" in model or "ft:gpt-4" in model else None


def settle_name(
    params: Params, named: Named, environment: Environment, catalogue: Catalogue, mode: str
) -> Named | Refusal:
    """Return the name that is called, without prefixes that LiteLLM reads; else why it is not known."""
    if (proxy := params.get("use_litellm_proxy")) is not None and proxy.text.lower() in TRUE:
        instead = "write `litellm_proxy/` before the model, and the proxy's URL as `api_base`"
        return Refusal(proxy, Fate("lost", "LiteLLM calls another proxy of its own for it", instead, True))
    if named.kind in SPEAKS_NO_CHAT:
        instead = "write `openai/` before the model, or name the provider that serves it"
        reason = f"LiteLLM refuses chat calls of the provider `{named.kind}`"
        return Refusal(params.get("model"), Fate("left-out", reason, instead))
    if named.kind == "azure_ai" and _is_azure_openai(params, named.rest, environment, catalogue):
        named = named._replace(kind="azure")
    kind, rest = named.kind, named.rest
    base = environment.text(params.base)
    if kind == "azure" and CLOUDFLARE in base and any(word in rest for word in _O_SERIES):
        return _lost(params, "LiteLLM calls models of this series at Cloudflare's gateway by a path of Azure's own")
    if kind == "azure":
        for prefix in _KINDS_OF_AZURE:
            rest = rest.removeprefix(prefix)
    is_asked = rest.startswith(_RESPONSES) or mode == "responses" or _mode(kind, rest, catalogue) == "responses"
    rest = rest.replace(_RESPONSES, "") if rest.startswith(_RESPONSES) else rest
    if kind == "bedrock":
        return _bedrock(params, named._replace(rest=rest), catalogue)
    if kind == "ollama":
        what = f"`{rest}`, called at Ollama's `/v1` in OpenAI's contract, where LiteLLM calls Ollama's own API"
        params.ledger.map(params.get("model"), what)
    if kind in ("azure", "azure_ai") and "/" in rest:
        return _lost(params, f"`{rest.partition('/')[0]}/` is no part of a deployment's name that is known")
    if kind == "azure_ai" and "router" in rest.lower() and "model" in rest.lower():
        return _lost(params, "the model router of Azure AI picks a model by itself, at a path that is not known")
    if kind == "azure" and any(f"{other}/{rest}" in catalogue.entries for other in ("mistral", "cohere_chat")):
        return _lost(params, "LiteLLM calls models of Mistral and Cohere at Azure by another contract")
    if kind == "vertex_ai" and (is_asked or rest.startswith("claude/")):
        return _lost(params, "how LiteLLM calls it at Vertex AI is not known")
    if kind == "volcengine" and is_asked:
        instead = "declare a provider with `adapter: openai_responses` and its `chat_path`"
        return _lost(params, "LiteLLM calls the API of responses there, at a path of its own", instead)
    if kind == "perplexity" and rest.startswith("preset/"):
        return _lost(params, "LiteLLM asks for a preset there, which is no model")
    if kind == "fireworks_ai":
        rest = _at_fireworks(rest)
    if kind == "openrouter" and is_asked and "/" not in rest:
        rest = f"openrouter/{rest}"
    return named._replace(kind=kind, rest=rest, is_response=is_asked and kind in RESPONSES)


def _mode(kind: str, rest: str, catalogue: Catalogue) -> str:
    """Return what the catalogue says of how a model is called; empty where it says nothing."""
    entry = catalogue.entries.get(f"{kind}/{rest}")
    if entry is None and (bare := catalogue.entries.get(rest)) is not None and bare.provider == kind:
        entry = bare
    return entry.mode if entry is not None else ""


def _at_fireworks(name: str) -> str:
    """Return the whole name of a resource of Fireworks, which LiteLLM makes of a short one."""
    if name.startswith(("accounts/", "FW-")) or "#" in name:
        return name
    if name.startswith(("routers/", "models/")):
        return f"accounts/fireworks/{name}"
    is_router = name.endswith("-fast") or name in _FIREWORKS_ROUTERS or name.startswith("firerouter/")
    return f"accounts/fireworks/{'routers' if is_router else 'models'}/{name}"


def _bedrock(params: Params, named: Named, catalogue: Catalogue) -> Named | Refusal:
    """Return the name of a model of Bedrock, and the region before it."""
    rest, region, routes = named.rest, "", []
    for _ in range(2):
        for prefix in _ROUTES_OF_BEDROCK:
            routes += [prefix] if rest.startswith(prefix) else []
            rest = rest.removeprefix(prefix)
        first, slash, behind = rest.partition("/")
        if slash and AWS_REGION.fullmatch(first):
            region, rest = first, behind
    if "/" in rest and not rest.startswith("arn:"):
        prefix = rest.partition("/")[0]
        reason = f"LiteLLM calls what stands behind `{prefix}/` by another API of Bedrock than the one of conversations"
        return _lost(params, reason, "declare it as a provider with `adapter: custom` if your service can call it")
    if "converse/" not in routes:
        if (own := _OWN_APIS_OF_BEDROCK.match(rest)) is not None:
            instead = "declare it as a provider with `adapter: custom` if your service can call it"
            return _lost(params, f"LiteLLM calls models of `{own[1]}` by another API of Bedrock", instead)
        entry = catalogue.entries.get(rest) or catalogue.entries.get(f"bedrock/{rest}")
        if "invoke/" in routes:
            params.ledger.hint(params.get("model"), "LiteLLM calls it by InvokeModel; here it is called by Converse")
        elif entry is None or entry.provider != "bedrock_converse":
            params.ledger.map(params.get("model"), f"`{rest}`, called by Converse, where LiteLLM may call InvokeModel")
    return named._replace(rest=rest, region=region)


def region_of_arn(name: str) -> str:
    """Return the region in a name of AWS, empty where it holds none."""
    parts = name.split(":") if name.startswith("arn:") else []
    return parts[3] if len(parts) > 3 and AWS_REGION.fullmatch(parts[3]) else ""


def _is_azure_openai(params: Params, name: str, environment: Environment, catalogue: Catalogue) -> bool:
    """Return whether LiteLLM takes a model of Azure AI for a deployment of Azure OpenAI: by its name, and the host."""
    base = environment.text(params.base) or environment.get("AZURE_AI_API_BASE")
    entry = catalogue.entries.get(name)
    is_foundry = _FOUNDRY in base and "/openai/deployments" not in base
    return bool(base) and not is_foundry and entry is not None and entry.provider == "openai"


def _lost(params: Params, reason: str, instead: str = "declare the provider and the model yourself") -> Refusal:
    """Return that a model is lost, which decides calls."""
    return Refusal(params.get("model"), Fate("lost", reason, instead, True))
