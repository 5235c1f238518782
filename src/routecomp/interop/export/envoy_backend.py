"""Say in the words of Envoy AI Gateway how the models of a provider are called: backend, schema, credentials, TLS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from routecomp.interop.export.addresses import chat_address, vertex_place
from routecomp.interop.export.fields import Fields
from routecomp.interop.export.yaml_text import Value
from routecomp.model.adapters import ADAPTERS, auth_of, headers_of, host_region, region_of
from routecomp.model.project import Entry
from routecomp.model.provider import Provider

GATEWAY = "Envoy AI Gateway"
GROUP = "aigateway.envoyproxy.io"
_VERSION = f"{GROUP}/v1beta1"
_AZURE = "/openai/deployments/{model}/chat/completions"
_KEYS: Mapping[str, tuple[str, str]] = {
    "openai": ("APIKey", "apiKey"),
    "openai_compatible": ("APIKey", "apiKey"),
    "azure_openai": ("AzureAPIKey", "azureAPIKey"),
    "anthropic": ("AnthropicAPIKey", "anthropicAPIKey"),
}
"""The type of a policy that sends the key as an adapter does, and its field."""
_MOST_HEADERS = 16


@dataclass(frozen=True)
class Backend:
    """A provider as it is called with one key: the name of its AIServiceBackend, and the documents."""

    name: str
    documents: tuple[Mapping[str, Value], ...]


def envoy_backend(host: Entry[Provider], variable: str | None, name: str, fields: Fields) -> Backend | None:
    """Return how a provider is called with the key of a variable; None, which the fields tell, where it cannot be."""
    provider: Provider = host.body
    schema = _schema(host, fields)
    if schema is None:
        return None
    url = urlsplit(chat_address(provider))
    port = url.port or (443 if url.scheme == "https" else 80)
    spec: dict[str, Value] = {
        "schema": schema,
        "backendRef": {"name": name, "kind": "Backend", "group": "gateway.envoyproxy.io"},
    }
    headers = _headers(host, fields)
    if headers:
        spec["headerMutation"] = {"set": headers}
    documents: list[Mapping[str, Value]] = [
        _document(_VERSION, "AIServiceBackend", name, spec),
        _document(
            "gateway.envoyproxy.io/v1alpha1",
            "Backend",
            name,
            {"endpoints": [_endpoint(url.hostname or "", port)]},
        ),
    ]
    if url.scheme == "https":
        target: Value = [{"group": "gateway.envoyproxy.io", "kind": "Backend", "name": name}]
        validation: Value = {"wellKnownCACertificates": "System", "hostname": url.hostname or ""}
        tls: dict[str, Value] = {"targetRefs": target, "validation": validation}
        documents.append(_document("gateway.networking.k8s.io/v1alpha3", "BackendTLSPolicy", name, tls))
    credentials = _credentials(host, variable, fields)
    if credentials:
        service: Value = [{"group": GROUP, "kind": "AIServiceBackend", "name": name}]
        documents.append(_document(_VERSION, "BackendSecurityPolicy", name, {"targetRefs": service, **credentials}))
    return Backend(name, tuple(documents))


def secret_name(variable: str) -> str:
    """Return the name of the Secret that holds the key of an environment variable, below `apiKey`."""
    return re.sub(r"[^a-z0-9]", "-", variable.lower()).strip("-")


def _document(version: str, kind: str, name: str, spec: Mapping[str, Value]) -> dict[str, Value]:
    """Return one object of Kubernetes."""
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": spec}


def _endpoint(hostname: str, port: int) -> Value:
    """Return the endpoint of a host: by its address, where it has no name."""
    if re.fullmatch(r"[0-9.]+|.*:.*", hostname):
        return {"ip": {"address": hostname, "port": port}}
    return {"fqdn": {"hostname": hostname, "port": port}}


def _schema(host: Entry[Provider], fields: Fields) -> dict[str, Value] | None:
    """Return the API that a backend speaks; None where the gateway does not."""
    provider: Provider = host.body
    path = urlsplit(chat_address(provider)).path
    if provider.adapter in ("openai", "openai_compatible") and path.endswith("/chat/completions"):
        return {"name": "OpenAI", "prefix": path.removesuffix("/chat/completions")}
    if provider.adapter == "azure_openai" and path == _AZURE:
        return {"name": "AzureOpenAI", "version": provider.query.get("api-version", "")}
    if provider.adapter == "anthropic" and path.endswith("/messages"):
        return {"name": "Anthropic", "prefix": path.removesuffix("/messages")}
    if provider.adapter == "bedrock" and path == ADAPTERS["bedrock"].chat_path:
        return {"name": "AWSBedrock"}
    if provider.adapter == "vertex" and (place := vertex_place(provider)) is not None:
        return {"name": "GCPAnthropic" if place[2] == "anthropic" else "GCPVertexAI"}
    known = ("openai", "openai_compatible", "azure_openai", "anthropic", "bedrock", "vertex")
    if provider.adapter in known:
        key = "chat_path" if host.has("chat_path") else "base_url"
        why = f"{GATEWAY} has a path of its own for adapter `{provider.adapter}`"
    else:
        key, why = "adapter", f"{GATEWAY} has no schema for adapter `{provider.adapter}`"
    remedy = "call the provider by its OpenAI-compatible API, if it has one"
    fields.lose(host, (key,), f"{why}: the models of this provider are not written", remedy)
    return None


def _credentials(host: Entry[Provider], variable: str | None, fields: Fields) -> dict[str, Value]:
    """Return the spec of the policy that brings the key, without its target; note a way that there is not."""
    provider: Provider = host.body
    auth, own = auth_of(provider), ADAPTERS[provider.adapter].auth
    if auth == "none":
        return {}
    if auth == own and provider.adapter in _KEYS and variable is not None:
        kind, field = _KEYS[provider.adapter]
        return {"type": kind, field: {"secretRef": {"name": secret_name(variable)}}}
    if auth == "sigv4" and provider.adapter == "bedrock":
        return {"type": "AWSCredentials", "awsCredentials": {"region": region_of(provider) or ""}}
    place = vertex_place(provider)
    if auth == "oauth" and place is not None:
        return {"type": "GCPCredentials", "gcpCredentials": {"projectName": place[0], "region": place[1]}}
    remedy = "put a proxy before the host that takes the key so"
    if provider.adapter == "bedrock" and (region := host_region(provider.base_url)) is not None:
        remedy = "use `auth: sigv4`, and give the gateway a role"
        credentials: dict[str, Value] = {"type": "AWSCredentials", "awsCredentials": {"region": region}}
    else:
        credentials = {}
    key = "auth" if host.has("auth") else "api_key_env"
    fields.lose(host, (key,), f"{GATEWAY} does not send a key to this adapter as `{auth}`", remedy)
    return credentials


def _headers(host: Entry[Provider], fields: Fields) -> list[Value]:
    """Return the headers to set; note those that hold a secret, and a query."""
    provider: Provider = host.body
    own = ADAPTERS[provider.adapter].headers
    headers = {name: value for name, value in headers_of(provider).items() if own.get(name.lower()) != value}
    for name in list(headers)[_MOST_HEADERS:]:
        fields.lose(host, ("headers", name), f"{GATEWAY} sets at most {_MOST_HEADERS} headers", "leave some out")
    for name in provider.secret_headers:
        reason = f"{GATEWAY} takes the value of a header from no Secret"
        fields.lose(host, ("secret_headers", name), reason, "put a proxy before the host that adds it")
    for name in provider.query:
        if not (provider.adapter == "azure_openai" and name == "api-version"):
            reason = f"{GATEWAY} appends no query"
            fields.lose(host, ("query", name), reason, "put a proxy before the host that appends it")
    kept = list(headers.items())[:_MOST_HEADERS]
    return [{"name": name, "value": value} for name, value in kept if value]
