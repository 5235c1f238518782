"""List the names that OpenTelemetry's conventions for generative AI give to what a call has, by version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from routecomp.runtime.resolver import Endpoint

Version = Literal["1.26", "1.36", "1.37"]


class Conventions(NamedTuple):
    """The names of one version; None for what it does not have."""

    provider: str
    request_model: str
    operation: str
    error: str
    address: str
    input_tokens: str
    output_tokens: str
    token_type: str
    duration_metric: str
    token_metric: str
    first_chunk_metric: str | None
    providers: Mapping[str, str]
    """What a provider is called, by adapter, or by the slug of a provider whose adapter many have."""


_PROVIDERS: Final = {
    "openai": "openai",
    "openai_responses": "openai",
    "anthropic": "anthropic",
    "azure_openai": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "gemini": "gcp.gemini",
    "groq": "groq",
    "mistral": "mistral_ai",
    "perplexity": "perplexity",
    "vertex": "gcp.vertex_ai",
    "watsonx": "ibm.watsonx.ai",
    "xai": "x_ai",
}
_NEWEST: Final = Conventions(
    provider="gen_ai.provider.name",
    request_model="gen_ai.request.model",
    operation="gen_ai.operation.name",
    error="error.type",
    address="server.address",
    input_tokens="gen_ai.usage.input_tokens",
    output_tokens="gen_ai.usage.output_tokens",
    token_type="gen_ai.token.type",
    duration_metric="gen_ai.client.operation.duration",
    token_metric="gen_ai.client.token.usage",
    first_chunk_metric="gen_ai.client.operation.time_to_first_chunk",
    providers=_PROVIDERS,
)
_OLDER: Final = _NEWEST._replace(
    provider="gen_ai.system",
    first_chunk_metric=None,
    providers={**_PROVIDERS, "azure_openai": "az.ai.openai", "gemini": "gemini", "vertex": "vertex_ai", "xai": "xai"},
)
CONVENTIONS: Final[Mapping[Version, Conventions]] = {
    "1.26": _OLDER._replace(input_tokens="gen_ai.usage.prompt_tokens", output_tokens="gen_ai.usage.completion_tokens"),
    "1.36": _OLDER,
    "1.37": _NEWEST,
}
"""By the version of the conventions from which on the names are so; they are those of later versions too."""


def provider_of(endpoint: Endpoint, conventions: Conventions) -> str:
    """Return what the conventions call a provider; its slug where they do not name it."""
    name = conventions.providers.get(endpoint.adapter)
    return name or conventions.providers.get(endpoint.provider, endpoint.provider)
