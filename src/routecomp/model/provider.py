"""Declare a provider: where its models are called, and how."""

from __future__ import annotations

from routecomp.model.adapters import ADAPTERS, HOLE, auth_of, base_of, headers_of, paths_of, region_of, urls_of
from routecomp.model.fields import Boolean, EnvironmentName, NamedBody, Params, Stack, TextToSay
from routecomp.model.part import Field
from routecomp.model.service import PARAMS, Limits, Timeouts
from routecomp.model.wire_fields import Adapter, Auth, HeaderName, QueryName, QuotedText, Region


class Provider(NamedBody):
    """A host of models."""

    adapter: Adapter = Field(
        description="How your service speaks to it: one of the wire contracts of docs/semantics.md, section 2, which "
        "also says what counts where the other keys are left out.",
        examples=["anthropic", "openai", "openai_compatible", "gemini", "bedrock"],
    )
    base_url: TextToSay = Field(
        description=(
            "Absolute base URL; https, or http for this machine itself (localhost), or with allow_http for a host of "
            "your own network."
        ),
        examples=["https://api.openai.com"],
    )
    chat_path: TextToSay | None = Field(
        None,
        description=(
            "Path of the chat call, joined to base_url with exactly one slash. {model} in it becomes the model's "
            "provider_model_name. Default: the adapter's."
        ),
        examples=["/v1/chat/completions", "/v1/messages"],
    )
    stream_path: TextToSay | None = Field(
        None,
        description=(
            "Path of the call that streams. Default: the adapter's if chat_path is left out too, else chat_path."
        ),
        examples=["/model/{model}/converse-stream"],
    )
    query: dict[QueryName, QuotedText] = Field(
        {},
        description="What is appended to the URL of every call, in this order; never a secret. Default none.",
        examples=[{"api-version": "2024-10-21"}],
    )
    headers: dict[HeaderName, QuotedText] = Field(
        {},
        description=(
            "Headers that are sent as they stand here; never a secret. A name that the adapter has too replaces the "
            "adapter's. Default: the adapter's."
        ),
        examples=[{"anthropic-version": "2023-06-01"}],
    )
    secret_headers: dict[HeaderName, EnvironmentName] = Field(
        {},
        description="Headers with a secret value: the name of the environment variable that holds it. Default none.",
        examples=[{"cf-aig-authorization": "CF_AIG_TOKEN"}],
    )
    auth: Auth | None = Field(
        None,
        description=(
            "How the key is sent: bearer, x-api-key, api-key, x-goog-api-key, or header:NAME for another header; "
            "sigv4 (signed), oauth (your service's own credentials) or none. Default: the adapter's."
        ),
        examples=["bearer", "header:ocp-apim-subscription-key", "none"],
    )
    region: Region | None = Field(
        None,
        description="AWS region in which calls are signed; with auth: sigv4 only. Default: the host's.",
        examples=["eu-central-1"],
    )
    api_key_env: EnvironmentName | None = Field(
        None,
        description=(
            "Name of the environment variable that holds the key. Never the key itself. Required, unless auth is "
            "sigv4, oauth or none."
        ),
        examples=["OPENAI_API_KEY"],
    )
    allow_http: Boolean = Field(
        False, description="true: plain http to a host of your own network is meant. Default false."
    )
    params: Params | None = Field(
        None,
        description=PARAMS + "A model's own replace these, key by key at the top. Default none.",
        examples=[{"service_tier": "auto"}],
    )
    timeouts: Timeouts = Field(
        Timeouts(),
        description="How long your service waits for it, in milliseconds. Default: no limit.",
        examples=[{"connect_ms": 5000, "first_token_ms": 30000, "total_ms": 120000}],
    )
    limits: Limits = Field(
        Limits(),
        description="How much your service sends to it: all of its models together. Default: no limit.",
        examples=[{"rpm": 4000, "tpm": 400000, "parallel": 64}],
    )
    stack: Stack = Field(
        description=(
            "Region word of your choice. Tenants (`stacks: [eu]`) and callers (`stack: eu`, `avoid-china`) "
            "filter by it, so it never begins with avoid-."
        ),
        examples=["us", "eu", "china"],
    )

    # What is worked out of the keys above and the adapter (see `adapters`): the figures read it.

    @property
    def full_auth(self) -> str:
        """How the key is sent."""
        return auth_of(self)

    @property
    def own_auth(self) -> str | None:
        """How the key is sent, where that is not how the adapter sends it."""
        auth = auth_of(self)
        return None if auth == ADAPTERS[self.adapter].auth else auth

    @property
    def own_headers(self) -> dict[str, str]:
        """The headers that are sent, where they are not the adapter's."""
        headers = headers_of(self)
        return {} if headers == ADAPTERS[self.adapter].headers else headers

    @property
    def full_chat_path(self) -> str | None:
        """The path of the chat call."""
        return paths_of(self)[0]

    @property
    def other_stream_path(self) -> str | None:
        """The path of the call that streams, where it is another one."""
        chat, stream = paths_of(self)
        return None if stream == chat else stream

    @property
    def stream_url(self) -> str | None:
        """The URL of the call that streams, where it is another one, or the model stands in the path.

        INVARIANT: a table whose URLs hold `{model}` has this key, which older resolvers refuse.
        """
        chat, stream = urls_of(self)
        return None if stream == chat and HOLE not in chat else stream

    @property
    def own_base_url(self) -> str | None:
        """The base URL that the provider's own SDK takes, where the URL of the chat call does not tell."""
        url, base = urls_of(self)[0].partition("?")[0], base_of(self)
        return None if url in [base + ending for ending in ADAPTERS[self.adapter].base_ends] else base

    @property
    def full_region(self) -> str | None:
        """The region in which calls are signed."""
        return region_of(self)
