"""Tell where a deployment of LiteLLM calls: the provider in a project's words, and the model's name there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from routecomp.interop.environment import Environment
from routecomp.interop.from_litellm.azure import set_azure, set_azure_ai
from routecomp.interop.from_litellm.hosts import HOSTS, Host
from routecomp.interop.from_litellm.params import Params
from routecomp.interop.from_litellm.upstream import Named, Refusal, region_of_arn
from routecomp.interop.headers import is_variable
from routecomp.interop.imported import Provider, to_say_by
from routecomp.interop.ledger import Fate
from routecomp.interop.urls import AWS_REGION, host_of, needs_allowance, provider_fault, set_openai_base
from routecomp.interop.value import Kind, Value
from routecomp.model.adapters import HOLE
from routecomp.model.fields import ENVIRONMENT_NAME, UPSTREAM_NAME

_BEDROCK_REGION = "us-west-2"
_VERTEX_LOCATION = "us-central1"
_VERTEX_AREAS = ("us", "eu")
"""Locations of Vertex AI that are areas of several regions, at hosts of their own."""
_ADDS_VERSION = ("cometapi", "minimax", "mistral")
"""Providers at which LiteLLM adds `/v1` to a base that does not end in it."""
_OLD_GEMINI = re.compile(
    r"gemma-|[0-9]+$|gemini-(?:[12](?:\.[0-9]+)?|exp|(?:pro|flash)(?!-(?:lite-)?latest$))(?:-|$)", re.IGNORECASE
)
"""Models of Gemini's API that LiteLLM calls at its version `v1beta`; the others it calls at `v1alpha`."""
_OF_THE_URL = (
    *("api_base", "base_url", "aws_bedrock_runtime_endpoint", "vertex_project", "vertex_ai_project"),
    *("vertex_location", "vertex_ai_location", "api_version", "aws_region_name"),
)
"""Parameters that make the URL."""
_AS_IT_STANDS = (
    *("cometapi", "compactifai", "deepseek", "edenai", "fireworks_ai", "groq", "hosted_vllm", "lemonade", "minimax"),
    *("nadir", "openrouter", "together_ai", "xai"),
)
"""Providers at which LiteLLM calls a base that ends in `/chat/completions` as it stands."""


@dataclass(slots=True)
class Endpoint:
    """Where a deployment calls: its provider, without a slug yet, and what the slug is made of.

    `kind` is LiteLLM's name of the provider. `own_prices` is true where the catalogue's prices are those of this host.
    """

    provider: Provider
    wish: str
    kind: str
    upstream: str
    own_prices: bool


def endpoint(params: Params, named: Named, environment: Environment) -> Endpoint | Refusal:
    """Return where a deployment calls, or why that cannot be said in a project's words."""
    stated = params.base
    if HOLE in environment.text(stated):
        reason = f"LiteLLM sends `{HOLE}` in it as it stands"
        return Refusal(stated, Fate("lost", reason, "write the whole base URL", True))
    place = _endpoint(params, named, environment)
    if isinstance(place, Refusal):
        return place
    provider = place.provider
    references = [value for name in _OF_THE_URL if (value := params.get(name)) is not None and value.variable]
    provider.variables = tuple(dict.fromkeys(value.variable for value in references))
    unsaid = dict.fromkeys(value.variable for value in references if environment.is_unsaid(value))
    if provider.missing and unsaid:
        place.wish = "-".join((place.wish, *(name.lower() for name in unsaid if name.lower() not in place.wish)))
        provider.source = to_say_by(unsaid)
    fault = provider_fault(provider)
    if fault is not None or not all(map(_is_plain, provider.query.values())):
        blamed = next((value for name in _OF_THE_URL if (value := params.get(name)) is not None), params.get("model"))
        reason, help = "the URL that it makes is none that a project may call", "write the whole base URL in `api_base`"
        if fault is not None:
            reason, help = f"{reason}: it {fault[0]}", fault[1]
        return Refusal(blamed, Fate("lost", reason, help, True))
    return _with_headers(place, params)


def _endpoint(params: Params, named: Named, environment: Environment) -> Endpoint | Refusal:
    """Return where a deployment calls, its headers and its region word not yet set."""
    host = HOSTS.get(named.kind)
    if host is None:
        reason = f"no adapter of routecomp speaks to the provider `{named.kind}`"
        instead = "declare it as a provider with `adapter: custom` if your service can call it, else keep it in LiteLLM"
        return Refusal(params.get("model"), Fate("lost", reason, instead, True))
    if named.kind == "bedrock":
        return _bedrock(params, named, environment)
    if named.kind == "vertex_ai":
        return _vertex(params, named, environment)
    if not UPSTREAM_NAME.fullmatch(named.rest):
        reason = "it names no model of its provider" if not named.rest else "the model's name holds spaces"
        return Refusal(params.get("model"), Fate("left-out", f"{reason}, so no chat call can go there"))
    stated = params.base
    base = environment.text(stated).rstrip("/")
    if stated is None or stated.kind is Kind.NULL:
        base = environment.first(f"{named.kind.upper()}_API_BASE", f"{named.kind.upper()}_BASE_URL").rstrip("/")
        base = base or host.base
    is_default = base == host.base
    provider = Provider("", "openai_responses" if named.is_response else host.adapter, base)
    if (refusal := _set_paths(provider, named, base, is_default, params, environment)) is not None:
        return refusal
    wish = named.kind if is_default or not base else host_of(base)
    if not base:
        wish = _variable(stated) or named.kind
    provider.allow_http = needs_allowance(base)
    return Endpoint(provider, wish, named.kind, named.rest, is_default or named.kind in ("azure", "ollama"))


def _set_paths(
    provider: Provider, named: Named, base: str, is_default: bool, params: Params, environment: Environment
) -> Refusal | None:
    """Set base URL, paths and query of a provider so that its URL is the one that LiteLLM calls, or say why not."""
    kind = named.kind
    if kind == "azure":
        return set_azure(provider, named, base, params, environment)
    if kind == "azure_ai":
        return set_azure_ai(provider, named, base, params, environment)
    if kind == "gemini" and is_default:
        version = "v1beta" if _OLD_GEMINI.match(named.rest) else "v1alpha"
        if version != "v1beta":
            provider.chat_path = f"/{version}/models/{{model}}:generateContent"
            provider.stream_path = f"/{version}/models/{{model}}:streamGenerateContent?alt=sse"
    elif kind == "gemini":
        provider.chat_path = "/models/{model}:generateContent"
        provider.stream_path = "/models/{model}:streamGenerateContent?alt=sse"
    elif kind == "anthropic":
        provider.base_url = base.removesuffix("/v1/messages")
    elif kind == "cohere" and base and not is_default:
        scheme, _, rest = environment.text(params.base).partition("://")
        host, _, path = rest.partition("/")
        provider.base_url, provider.chat_path = f"{scheme}://{host}", f"/{path}"
    elif kind == "ollama":
        provider.base_url = base.removesuffix("/v1")
    elif named.is_response:
        provider.base_url = base if kind == "perplexity" else base.removesuffix("/v1")
        is_versioned = base.endswith("/v1") or not base or kind in ("hosted_vllm", "perplexity")
        provider.chat_path = None if is_versioned else "/responses"
    elif kind in _AS_IT_STANDS and base.endswith("/chat/completions"):
        set_openai_base(provider, base.removesuffix("/chat/completions"))
    elif provider.adapter in ("openai", "openai_compatible") and base:
        is_short = kind in _ADDS_VERSION and not base.endswith(("/v1", "/chat/completions"))
        set_openai_base(provider, f"{base}/v1" if is_short else base)
        if base.endswith("/completions"):
            reason = "LiteLLM joins `/chat/completions` to it once more"
            instead = "end the base URL before `/chat/completions`"
            return Refusal(params.base, Fate("lost", reason, instead, True))
    if kind == "openai" and not is_default and not named.is_response:
        provider.adapter = "openai_compatible"
    return None


def _bedrock(params: Params, named: Named, environment: Environment) -> Endpoint | Refusal:
    """Return where a model of Amazon Bedrock is called."""
    provisioned = params.get("model_id")
    rest = named.rest if provisioned is None else environment.text(provisioned)
    region = region_of_arn(rest) or (named.region if provisioned is None else "")
    stated = params.get("aws_region_name")
    is_open = environment.is_unsaid(stated)
    region = environment.text(stated) or region or environment.first("AWS_REGION_NAME", "AWS_REGION")
    if not is_open:
        region = region or _BEDROCK_REGION
    is_named = environment.is_unsaid(provisioned) or UPSTREAM_NAME.fullmatch(rest)
    if provisioned is not None and not is_named:
        return Refusal(provisioned, Fate("lost", "it is what LiteLLM calls, and no name", "write the ARN", True))
    if not is_named:
        return Refusal(params.get("model"), Fate("left-out", "it names no model of Bedrock"))
    if region and not AWS_REGION.fullmatch(region):
        return Refusal(stated, Fate("lost", "it is no region of AWS", "write one, as in `us-east-1`", True))
    runtime = params.get("aws_bedrock_runtime_endpoint") or params.base
    base = f"https://bedrock-runtime.{region}.amazonaws.com" if region else ""
    key = params.get("api_key")
    if environment.is_unsaid(runtime):
        base = ""
    provider = Provider("", "bedrock", environment.text(runtime).rstrip("/") or base)
    provider.auth = "bearer" if key is not None else "sigv4"
    if key is None and runtime is not None:
        provider.region = region
    wish = f"bedrock-{region or _variable(stated)}"
    if environment.is_unsaid(runtime):
        wish = f"bedrock-{_variable(runtime)}"
    return Endpoint(provider, wish, "bedrock", rest, True)


def _vertex(params: Params, named: Named, environment: Environment) -> Endpoint | Refusal:
    """Return where a model of Vertex AI is called: Gemini and Claude, each by its own path."""
    stated_base = params.base
    base = environment.text(stated_base).rstrip("/")
    if "/" in base.partition("://")[2]:
        instead = "end the base at the host, or declare it as a provider with `adapter: vertex`"
        return Refusal(stated_base, Fate("lost", "LiteLLM reads the path in it in its own way", instead, True))
    name = named.rest.removeprefix("gemini/")
    is_tuned = name.isdecimal()
    publisher = "anthropic" if name.startswith("claude") else "google" if name.startswith("gemini") or is_tuned else ""
    if not publisher or not UPSTREAM_NAME.fullmatch(name) or (is_tuned and name == named.rest):
        reason = "only the Gemini and Claude models of Vertex AI have a path that is known"
        instead = "declare it as a provider with `adapter: vertex` and its `chat_path`"
        return Refusal(params.get("model"), Fate("lost", reason, instead, True))
    stated = params.get("vertex_project") or params.get("vertex_ai_project")
    project = environment.text(stated)
    if not environment.is_unsaid(stated):
        project = project or environment.first("VERTEXAI_PROJECT", "VERTEX_PROJECT")
    if base and not project and not environment.is_unsaid(stated):
        return Refusal(stated_base, Fate("lost", "no project of it is known", "state `vertex_project`", True))
    stated = params.get("vertex_location") or params.get("vertex_ai_location")
    location = environment.text(stated)
    is_open = environment.is_unsaid(stated)
    if not is_open:
        location = location or environment.first("VERTEXAI_LOCATION", "VERTEX_LOCATION") or _VERTEX_LOCATION
    host = "aiplatform.googleapis.com" if location == "global" else f"{location}-aiplatform.googleapis.com"
    if location in _VERTEX_AREAS:
        host = f"aiplatform.{location}.rep.googleapis.com"
    provider = Provider("", "vertex", base or ("" if is_open else f"https://{host}"))
    if environment.is_unsaid(stated_base):
        provider.base_url = ""
    provider.allow_http = needs_allowance(base)
    place = f"/v1/projects/{project}/locations/{location}"
    models = f"{place}/endpoints/{HOLE}" if is_tuned else f"{place}/publishers/{publisher}/models/{HOLE}"
    verbs = ("generateContent", "streamGenerateContent?alt=sse")
    if publisher == "anthropic":
        verbs = ("rawPredict", "streamRawPredict")
        provider.adapter, provider.auth = "anthropic", "oauth"
        provider.params = {"anthropic_version": "vertex-2023-10-16"}
    if project and location:
        provider.chat_path, provider.stream_path = (f"{models}:{verb}" for verb in verbs)
    elif provider.base_url or not project:
        provider.chat_path = ""
    wish = host_of(base) if base else f"vertex-{publisher}-{location or f'{_variable(stated)}-{project}'}"
    return Endpoint(provider, wish, "vertex_ai", name, True)


def _with_headers(place: Endpoint, params: Params) -> Endpoint:
    """Add the headers that a deployment states to its provider, and its region word."""
    params.add_headers(place.provider)
    place.provider.stack = params.stack() or place.provider.stack
    return place


def _variable(value: Value | None) -> str:
    """Return what the slug of a provider is made of whose place stands in a variable, empty where it does not."""
    return value.variable.lower() if value is not None else ""


def _is_plain(text: str) -> bool:
    """Return whether a text may stand in a query: it is printable, and no name of a variable that holds a key."""
    return text.isascii() and text.isprintable() and not is_variable(text)


def key_variable(params: Params, host: Host, kind: str) -> str | None:
    """Return the variable that holds a deployment's key; None where it is not stated by a name of a variable."""
    stated = params.get("api_key")
    if stated is None or stated.is_empty:
        return host.keys[0] if host.keys else "AWS_BEARER_TOKEN_BEDROCK" if kind == "bedrock" else None
    if stated.kind is Kind.ENVIRONMENT and ENVIRONMENT_NAME.fullmatch(stated.variable):
        return stated.variable
    return None
