"""Tell where TensorZero calls a provider. Checked against its source at commit 7a6159a4348f."""

from __future__ import annotations

from typing import NamedTuple

from routecomp.interop.environment import Environment
from routecomp.interop.headers import add_header
from routecomp.interop.imported import Provider
from routecomp.interop.ledger import Ledger
from routecomp.interop.names import slug_of, variable_of
from routecomp.interop.urls import AWS_REGION, host_of, provider_fault, set_openai_base
from routecomp.interop.value import Kind, Value
from routecomp.model.fields import ENVIRONMENT_NAME, UPSTREAM_NAME
from routecomp.model.key_names import is_never

_AZURE_VERSION = "2025-04-01-preview"
_OPENAI_LIKE = {
    "openai": ("https://api.openai.com/v1", "OPENAI_API_KEY"),
    "deepseek": ("https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    "fireworks": ("https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
    "groq": ("https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    "hyperbolic": ("https://api.hyperbolic.xyz/v1", "HYPERBOLIC_API_KEY"),
    "mistral": ("https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    "openrouter": ("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    "sglang": ("", "SGLANG_API_KEY"),
    "tgi": ("", ""),
    "together": ("https://api.together.xyz/v1", "TOGETHER_API_KEY"),
    "vllm": ("", ""),
    "xai": ("https://api.x.ai/v1", "XAI_API_KEY"),
}
"""Hosts that speak OpenAI's contract: what `/chat/completions` is joined to, and the variable of the key."""
_CATALOGUE = {"together": "together_ai", "fireworks": "fireworks_ai", "google_ai_studio_gemini": "gemini"}
_OF_THE_URL = ("api_base", "endpoint", "region", "location", "project_id")
_NAMES = ("model_name", "model_id", "deployment_id")


class Place(NamedTuple):
    """Where a provider calls: the provider, what its slug is made of, the model, its key, and the catalogue's names."""

    provider: Provider
    wish: str
    upstream: str
    key: str | None
    lookups: tuple[str, ...]


def place_provider(value: Value, environment: Environment, ledger: Ledger) -> Place | None:
    """Return where a provider of TensorZero calls; None, and the ledger says why, where that cannot be said."""
    kind = value.text_of("type")
    upstream = next((text for name in _NAMES if (text := _said(value.get(name), environment))), "")
    place = _place(kind, upstream, value, environment)
    if kind == "dummy":
        ledger.leave(value, "it calls nobody")
        return None
    if place is None or not UPSTREAM_NAME.fullmatch(upstream or "x"):
        reason = (
            f"no adapter of routecomp speaks to the provider type `{kind}`"
            if place is None
            else "its name holds spaces"
        )
        instead = "declare it as a provider with `adapter: custom` if your service can call it"
        ledger.lose(value.get("type"), reason, instead, routes=True)
        ledger.leave(value, "its provider is not carried")
        return None
    if (fault := provider_fault(place.provider)) is not None:
        ledger.lose(value.get("api_base") or value.get("endpoint"), f"the base URL {fault[0]}", fault[1], routes=True)
        ledger.leave(value, "its provider is not carried")
        return None
    if place.provider.missing:
        unsaid = [name for key in _OF_THE_URL if (name := _unsaid(value.get(key), environment))]
        place = place._replace(wish="-".join((place.wish, *unsaid)))
    place = _with_key(place, kind, value, ledger)
    _set_headers(place.provider, value.get("extra_headers"), ledger)
    for name in ("type", *_NAMES, *_OF_THE_URL, "api_type"):
        ledger.map(value.get(name), "the provider's URL and the name upstream")
    for name in ("access_key_id", "secret_access_key", "session_token", "credential_location", "credentials"):
        reason = "credentials of a cloud are the service's own"
        ledger.lose(value.get(name), reason, "your service signs with its own credentials (`auth: sigv4` or `oauth`)")
    return place


def _place(kind: str, upstream: str, value: Value, environment: Environment) -> Place | None:
    """Return where a provider calls, without its key; None for a type that no adapter speaks to."""
    if kind in _OPENAI_LIKE:
        return _openai(kind, upstream, value, environment)
    if kind == "anthropic":
        stated = value.get("api_base")
        place = _anthropic(upstream, _said(stated, environment))
        if _unsaid(stated, environment):
            place = place._replace(lookups=())
            place.provider.base_url = ""
        return place
    if kind == "azure":
        base = _said(value.get("endpoint"), environment).rstrip("/")
        provider = Provider("", "azure_openai", base, query={"api-version": _AZURE_VERSION})
        return Place(provider, host_of(base) or "azure", upstream, "AZURE_API_KEY", (f"azure/{upstream}",))
    if kind == "google_ai_studio_gemini":
        provider = Provider("", "gemini", "https://generativelanguage.googleapis.com")
        return Place(provider, "gemini", upstream, "GOOGLE_API_KEY", (f"gemini/{upstream}",))
    if kind == "aws_bedrock":
        region = _said(value.get("region"), environment)
        region = region if AWS_REGION.fullmatch(region) else ""
        base = f"https://bedrock-runtime.{region}.amazonaws.com" if region else ""
        provider = Provider("", "bedrock", base, auth="sigv4")
        return Place(provider, f"bedrock-{region}" if region else "bedrock", upstream, None, (upstream,))
    if kind in ("gcp_vertex_gemini", "gcp_vertex_anthropic") and value.get("endpoint_id") is None:
        return _vertex(kind, upstream, value, environment)
    return None


def _openai(kind: str, upstream: str, value: Value, environment: Environment) -> Place:
    """Return where a host is called that speaks OpenAI's contract."""
    default, key = _OPENAI_LIKE[kind]
    stated = value.get("api_base")
    base = _said(stated, environment).rstrip("/") if stated is not None else default
    is_own = base == default
    provider = Provider("", "openai" if kind == "openai" and is_own else "openai_compatible", "")
    set_openai_base(provider, base)
    if value.text_of("api_type") == "responses":
        provider.adapter = "openai_responses"
        provider.chat_path = None if base.endswith("/v1") else "/responses"
    wish = kind if is_own and base else host_of(base) or kind
    lookups = (
        (f"{_CATALOGUE.get(kind, kind)}/{upstream}", *((upstream,) if kind == "openai" else ()))
        if is_own and base
        else ()
    )
    return Place(provider, wish, upstream, key or None, lookups)


def _anthropic(upstream: str, stated: str) -> Place:
    """Return where Anthropic's contract is called: at the base and `messages`."""
    base = (stated or "https://api.anthropic.com/v1").rstrip("/").removesuffix("/messages")
    provider = Provider("", "anthropic", base.removesuffix("/v1"))
    if not base.endswith("/v1"):
        provider.chat_path = "/messages"
    return Place(
        provider, host_of(base) if stated else "anthropic", upstream, "ANTHROPIC_API_KEY", () if stated else (upstream,)
    )


def _vertex(kind: str, upstream: str, value: Value, environment: Environment) -> Place:
    """Return where a model of Vertex AI is called."""
    project, location = (_said(value.get(name), environment) for name in ("project_id", "location"))
    host = "aiplatform.googleapis.com"
    publisher, verbs = "google", ("generateContent", "streamGenerateContent?alt=sse")
    provider = Provider("", "vertex", f"https://{host}" if location == "global" else f"https://{location}-{host}")
    if kind == "gcp_vertex_anthropic":
        publisher, verbs = "anthropic", ("rawPredict", "streamRawPredict")
        provider.adapter, provider.auth = "anthropic", "oauth"
        provider.params = {"anthropic_version": "vertex-2023-10-16"}
    models = f"/v1/projects/{project}/locations/{location}/publishers/{publisher}/models/{{model}}"
    if project and location:
        provider.chat_path, provider.stream_path = (f"{models}:{verb}" for verb in verbs)
    elif not project:
        provider.chat_path = ""
    provider.base_url = provider.base_url if location else ""
    return Place(provider, f"vertex-{publisher}-{location}", upstream, None, (f"vertex_ai/{upstream}",))


def _with_key(place: Place, kind: str, value: Value, ledger: Ledger) -> Place:
    """Return a place with the variable that holds the key, or without any."""
    stated = value.get("api_key_location") or value.get("api_key")
    if place.provider.auth in ("sigv4", "oauth") or place.provider.adapter == "vertex":
        ledger.lose(stated, f"`{place.provider.adapter}` has no key here", "see `auth` of the provider")
        return place._replace(key=None)
    text = stated.text_of("default") if stated is not None and stated.kind is Kind.MAPPING else _text(stated)
    how, _, name = text.partition("::")
    if how == "env" and ENVIRONMENT_NAME.fullmatch(name) and is_never(name) is None:
        ledger.map(stated, f"`api_key_env: {name}`")
        return place._replace(key=name)
    if how == "none" or (stated is None and place.key is None):
        place.provider.auth = "none"
        ledger.map(stated, "`auth: none` of the provider")
        return place._replace(key=None)
    if stated is not None:
        reason = (
            "a credential stands in the file: it is neither written nor shown"
            if stated.kind is Kind.CREDENTIAL
            else "a key is named by a variable"
        )
        ledger.lose(stated, reason, "put it into the variable that `api_key_env` names")
        if place.wish not in (kind, "anthropic", "gemini"):
            return place._replace(key=variable_of(slug_of(place.wish)))  # the usual one holds the key of another host
    return place._replace(key=place.key or variable_of(slug_of(place.wish)))


def _set_headers(provider: Provider, stated: Value | None, ledger: Ledger) -> None:
    """Set the headers that a provider sends along."""
    for entry in stated.items if stated is not None else ():
        value = entry.get("value")
        if value is not None:
            add_header(provider, entry.text_of("name"), value, "", ledger)
        ledger.map(entry.get("name"), "the header's name")
        ledger.lose(entry, "a header is there, or it is not", "let your service send it")


def _said(value: Value | None, environment: Environment) -> str:
    """Return the text of a value, that of the variable behind `env::`; empty where it is not known."""
    text = _text(value)
    how, sign, name = text.partition("::")
    if sign and how in ("env", "dynamic", "path", "path_from_env"):
        return environment.get(name) if how == "env" else ""
    return "" if how == "sdk" else text


def _unsaid(value: Value | None, environment: Environment) -> str:
    """Return the name behind `env::` or the like of which nothing is said, in small letters; else an empty text."""
    how, sign, name = _text(value).partition("::")
    is_open = sign and how in ("env", "dynamic", "path", "path_from_env") and not _said(value, environment)
    return name.lower() if is_open else ""


def _text(value: Value | None) -> str:
    """Return the text of a scalar that is no credential; empty for others."""
    return value.text if value is not None and value.kind in (Kind.TEXT, Kind.NUMBER) else ""
