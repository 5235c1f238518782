"""What authors declare under `routes/`: providers, models, features, targets, defaults, scoring, resilience."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from routecomp.model.fields import (
    Adapter,
    Boolean,
    Bp,
    BpAboveZero,
    Cents,
    Count,
    CountAboveZero,
    EnvironmentName,
    Price,
    PublicName,
    RatioBp,
    RowStatus,
    Slug,
    SlugKey,
    Stack,
    Text,
    UnknownTenant,
    UpstreamName,
    refuse,
)
from routecomp.model.policy import DefaultPolicy
from routecomp.parse.tree import Scalar


class Part(BaseModel):
    """A mapping of the YAML: frozen, and every key it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Body(Part):
    """What every body may carry besides its own keys; it changes no decision."""

    description: Text | None = Field(None, description="What this is for, in the author's words.")
    owner: Text | None = Field(None, description="Who answers for it: a team, a person, a mailbox.")


class Provider(Body):
    """A host of models."""

    adapter: Adapter = Field(description="Adapter family that speaks to it: anthropic, openai, openai_compatible, "
                                         "gemini, bedrock …")
    base_url: Text = Field(description="Absolute base URL, https (http only for loopback).")
    chat_path: Text = Field(description="Path of the chat call, joined to base_url with exactly one slash.")
    api_key_env: EnvironmentName | None = Field(None, description="Name of the environment variable that holds its "
                                                                  "key; never the key.")
    stack: Stack = Field(description="Region word of your choice (us, eu, china …) that tenants and callers filter "
                                     "by; never begins with avoid-.")


class ModelPrice(Part):
    """Prices in US dollars per million tokens."""

    input: Price = Field(description="US dollars per million input tokens, at most six decimals.")
    output: Price = Field(description="US dollars per million output tokens, at most six decimals.")


class Model(Body):
    """One deployable catalogue entry at one provider. Quantities are integers in the units the fields name."""

    provider: Slug = Field(description="Slug of the provider that hosts it.")
    provider_model_name: UpstreamName | None = Field(None, description="Name that goes upstream; default: the slug.")
    logical_slug: Slug | None = Field(None, description="Entries that share one are the same model on several hosts.")
    quality: Bp = Field(description="Quality 0..1, at most four decimals (kept as basis points).")
    price: ModelPrice = Field(description="Prices in US dollars per million tokens.")
    output_ratio: RatioBp = Field(5_000, description="Expected output tokens per input token; default 0.5.")
    latency_ms: Count = Field(description="Prior of the median latency in milliseconds.")
    context_window: CountAboveZero = Field(description="Most tokens of input and output together.")
    min_output_tokens: Count = Field(0, description="Fewest output tokens it can work with (reasoning); default 0.")
    compliance: Bp = Field(10_000, description="Compliance score 0..1; default 1.")
    capabilities: tuple[Slug, ...] = Field((), description="What it can do: streaming, tools, vision …; default none.")
    active: Boolean = Field(True, description="False takes it out of every route; default true.")
    listed: Boolean = Field(True, description="False: only features and experiments that name it reach it; "
                                              "default true.")


class Row(Part):
    """A feature's registry row for one model: its status and, on a shadow, how much traffic is mirrored."""

    status: RowStatus = Field(description="primary serves, shadow is a candidate, retired is history.")
    sample: BpAboveZero | None = Field(None, description="Share of requests mirrored to a shadow, above 0, at most 1.")
    max_daily_usd: Cents | None = Field(None, description="Most US dollars a day the mirroring service may spend.")


def _row(value: object) -> object:
    return {"status": value} if isinstance(value, Scalar) else value


class Feature(Body):
    """A call site in the product; its rows give each model a status, exactly one of them primary."""

    models: dict[SlugKey, Annotated[Row, BeforeValidator(_row)]] = Field(
        description="Model slug to its status: primary, shadow, retired, or a mapping with status, sample and "
                    "max_daily_usd.")
    fallback: tuple[Slug, ...] = Field((), description="Models tried after the primary, in this order.")
    then: Slug | None = Field(None, description="Target whose ranking continues the chain.")
    min_quality: Bp | None = Field(None, description="Quality floor 0..1 of this feature; default none.")


class Candidates(Part):
    """Which models a target ranks: all, or exactly one of the three selectors."""

    all: Any = Field(False, exclude=True)
    models: tuple[Slug, ...] | None = Field(None, min_length=1, description="These models.")
    stacks: tuple[Stack, ...] | None = Field(None, min_length=1, description="Models of providers in these stacks.")
    logical: Slug | None = Field(None, description="The hosts of this logical model.")


def _candidates(value: object) -> object:
    if isinstance(value, Scalar):
        if value.text != "all":
            refuse("RC121", f"is `{value.text}`; it must be `all` or one selector",
                   "write all, {models: […]}, {stacks: […]} or {logical: slug}")
        return Candidates.model_construct(all=True)
    if isinstance(value, dict):
        if "all" in value:
            refuse("RC112", "has the unknown key `all`", "write `candidates: all`")
        if len(value) != 1:
            refuse("RC120", f"has {len(value)} selectors; exactly one is wanted",
                   "keep one of models, stacks, logical")
    return value


_CANDIDATES_SCHEMA = {"oneOf": [
    {"const": "all"},
    *({"type": "object", "additionalProperties": False, "required": [key], "properties": {key: schema}}
      for key, schema in (
          ("models", {"type": "array", "minItems": 1, "items": {"type": "string"}}),
          ("stacks", {"type": "array", "minItems": 1, "items": {"type": "string"}}),
          ("logical", {"type": "string"}))),
]}


class Target(Body):
    """A name callers send as `model` to be routed automatically."""

    aliases: tuple[PublicName, ...] = Field((), description="Other names of this target.")
    candidates: Annotated[Candidates, BeforeValidator(_candidates), WithJsonSchema(_CANDIDATES_SCHEMA)] = Field(
        description="all | {models: […]} | {stacks: […]} | {logical: slug}; active, listed models only.")
    min_quality: Bp | None = Field(None, description="Quality floor 0..1 of this target; default none.")


class Defaults(Body):
    """What answers below the registry, and the policy of requests without a declared tenant."""

    routes: dict[SlugKey, Slug] = Field(default_factory=dict, description="Config route per feature; may name "
                                                                          "features without registry rows.")
    model: Slug = Field(description="The model below every config route.")
    policy: DefaultPolicy = Field(DefaultPolicy.model_construct(), description="Policy of a request with no tenant, "
                                                                             "or an undeclared one.")
    unknown_tenant: UnknownTenant = Field("default", description="default: the default policy; reject: "
                                                                              "refuse undeclared tenants.")


class CostScale(Part):
    """Blended cost in US dollars per million input tokens with the output they bring."""

    best: Price = Field(description="Blended cost that scores 1, at most six decimals.")
    worst: Price = Field(description="Blended cost that scores 0, above best.")


class LatencyScale(Part):
    """Latency in milliseconds."""

    best: Count = Field(description="Latency in milliseconds that scores 1.")
    worst: Count = Field(description="Latency in milliseconds that scores 0, above best.")


class Scoring(Body):
    """The fixed scales scores are measured on; a model's score depends on no other model."""

    cost: CostScale = Field(description="Scale of the blended cost.")
    latency_ms: LatencyScale = Field(description="Scale of the latency in milliseconds.")


class Resilience(Body):
    """How services try and give up: circuit breaker and chain length."""

    failures: CountAboveZero = Field(5, description="Failures within the window that open a circuit; default 5.")
    window_s: CountAboveZero = Field(60, description="Window in seconds in which failures count; default 60.")
    cooloff_s: CountAboveZero = Field(60, description="Seconds an open circuit waits; default 60.")
    max_attempts: CountAboveZero = Field(5, description="Most models of one chain; default 5.")
