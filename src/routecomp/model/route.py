"""Declare the bodies of `routes/` but for providers: models, features, targets, defaults, scoring, resilience."""

from __future__ import annotations

from typing import Annotated

from routecomp.model.fields import (
    Body,
    Boolean,
    Bp,
    BpAboveZero,
    CallName,
    Cents,
    Count,
    CountAboveZero,
    Day,
    EnvironmentName,
    NamedBody,
    Params,
    Price,
    RatioBp,
    RowStatus,
    Slug,
    SlugKey,
    Stack,
    TargetAlias,
    UnknownTenant,
    UpstreamName,
)
from routecomp.model.invalid import quote_value, refuse
from routecomp.model.numbers import ONE
from routecomp.model.part import Before, Field, Part
from routecomp.model.policy import DefaultPolicy
from routecomp.model.service import PARAMS, Limits, Timeouts
from routecomp.model.suggest import typo_of
from routecomp.parse.scalars import is_null
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence


class ModelPrice(Part):
    """Prices in US dollars per million tokens."""

    input: Price = Field(description=("US dollars per million input tokens, at most six decimals."), examples=[2.5])
    output: Price = Field(description=("US dollars per million output tokens, at most six decimals."), examples=[10])


class Model(NamedBody):
    """One deployable model at one provider."""

    provider: Slug = Field(description="The provider that hosts it, declared under `providers`.")
    provider_model_name: UpstreamName | None = Field(
        None, description=("The name that goes upstream. Default: the slug."), examples=["claude-opus-4-20250514"]
    )
    logical_slug: Slug | None = Field(
        None,
        description=(
            "Models that share one are the same model on several hosts; a caller who names it gets the host "
            "that ranks best."
        ),
    )
    quality: Bp = Field(
        description=(
            "How good its answers are, 0 to 1, at most four decimals. Compared with the quality floors, and "
            "weighed in the score."
        ),
        examples=[0.86],
    )
    price: ModelPrice = Field(
        description="What it costs: US dollars per million tokens, input and output.",
        examples=[{"input": 2.5, "output": 10}],
    )
    output_ratio: RatioBp = Field(
        5_000,
        description=(
            "Expected output tokens per input token, for its blended cost (input price + output_ratio x "
            "output price). Default 0.5."
        ),
    )
    latency_ms: Count = Field(description="Median latency to expect, in whole milliseconds.", examples=[1800])
    context_window: CountAboveZero = Field(description="Most tokens of input and output together.", examples=[200000])
    min_output_tokens: Count = Field(
        0,
        description=("Fewest output tokens a caller must allow, for models that think before they answer. Default 0."),
    )
    max_output_tokens: CountAboveZero | None = Field(
        None,
        description=(
            "Most output tokens it answers with: a caller who asks for more is not served by it, and its expected "
            "output is no longer than that. Default none."
        ),
        examples=[32000],
    )
    compliance: Bp = Field(
        10_000,
        description=(
            "Your compliance score, 0 to 1: a policy's compliance_veto_threshold shuts out what lies below "
            "it. Default 1."
        ),
    )
    capabilities: tuple[Slug, ...] = Field(
        (),
        description=(
            "What it can do, in words of your choice. A caller's `stream` needs streaming, `tools` needs "
            "tools. Default none."
        ),
        examples=[["streaming", "tools", "vision"]],
    )
    params: Params | None = Field(
        None,
        description=PARAMS + "They replace the provider's, key by key at the top. Default none.",
        examples=[{"reasoning_effort": "high"}],
    )
    api_key_env: EnvironmentName | None = Field(
        None,
        description="Name of the environment variable that holds its key. Default: the provider's.",
        examples=["OPUS_API_KEY"],
    )
    limits: Limits = Field(
        Limits(),
        description="How much your service sends to it, within the provider's limits. Default: no limit of its own.",
        examples=[{"rpm": 500}],
    )
    timeouts: Timeouts = Field(
        Timeouts(),
        description="How long your service waits for it; each replaces the provider's. Default: the provider's.",
        examples=[{"total_ms": 60000}],
    )
    sunset: Day | None = Field(
        None,
        description="The day on which the provider ends it, YYYY-MM-DD. Default none.",
        examples=["2027-03-31"],
    )
    successor: Slug | None = Field(
        None, description="The model that follows it after its sunset. Default none.", examples=["gpt-6"]
    )
    aliases: tuple[CallName, ...] = Field(
        (),
        description=(
            "Other names of this very model, which callers may send as `model`, in printable ASCII. Default none."
        ),
        examples=[["anthropic/claude-opus:latest", "GPT 4o"]],
    )
    share: BpAboveZero | None = Field(
        None,
        description=(
            "Its part of its logical model's load, above 0, at most four decimals; the shares of one logical_slug add "
            "up to exactly 1. Default none: it takes no part."
        ),
        examples=[0.6],
    )
    active: Boolean = Field(True, description="false takes it out of every route. Default true.")
    listed: Boolean = Field(
        True,
        description=(
            "false: only features and experiments that name it reach it, no target and no caller. Default true."
        ),
    )


def blended_cost(model: Model) -> int:
    """Return input price + output_ratio x output price, in 1/10,000 micro-dollars per million input tokens."""
    return model.price.input * ONE + model.output_ratio * model.price.output


class Row(Part):
    """A model's place in a feature: its status and, on a shadow, how much traffic is mirrored to it."""

    status: RowStatus = Field(
        description=(
            "primary serves (exactly one per feature); shadow is a candidate for it; retired is history and "
            "never serves."
        )
    )
    sample: BpAboveZero | None = Field(
        None,
        description=(
            "Shadow only: the share of requests mirrored to it, above 0, at most 1. Without it nothing is mirrored."
        ),
        examples=[0.05],
    )
    max_daily_usd: Cents | None = Field(
        None,
        description=("Shadow only, with sample: most US dollars a day the service that mirrors may spend."),
        examples=[20],
    )


def _row(value: Node) -> Node:
    """Return a bare status, as in `gpt-5-5: shadow`, as a row with this status; any other value as it is."""
    if not isinstance(value, Scalar):
        return value
    key = Scalar(value.file, value.start, value.start, "status", True)
    return Mapping(value.file, value.start, value.end, [(key, value)], True)


class Feature(NamedBody):
    """A call site in the product. Its models have a status each, exactly one of them primary."""

    models: dict[SlugKey, Annotated[Row, Before(_row)]] = Field(
        description=(
            "Each model's status: primary (serves), shadow (a candidate), retired (history), or for a shadow "
            "that gets mirrored traffic {status: shadow, sample: 0.05, max_daily_usd: 20.00}."
        ),
        examples=[{"claude-opus-4-7": "primary", "gpt-5-5": "shadow"}],
    )
    fallback: tuple[Slug, ...] = Field((), description=("Models tried after the primary, in this order. Default none."))
    then: Slug | None = Field(
        None,
        description=("The target whose ranking continues the chain after the fallbacks. Default none."),
        examples=["auto"],
    )
    min_quality: Bp | None = Field(
        None,
        description=("Quality floor of this feature, 0 to 1. Default none; never inherited from `then`."),
        examples=[0.5],
    )
    aliases: tuple[CallName, ...] = Field(
        (),
        description=(
            "Names that callers may send as `model` and that take this feature's chain, in printable ASCII. Default "
            "none."
        ),
        examples=[["chat/support:latest"]],
    )


class Candidates(Part):
    """Which models a target ranks: all, or exactly one of the three selectors."""

    all: bool = Field(False, hidden=True)
    models: tuple[Slug, ...] | None = Field(None, min_length=1, description="Exactly these models.")
    stacks: tuple[Stack, ...] | None = Field(
        None, min_length=1, description="All models of the providers in these stacks."
    )
    logical: Slug | None = Field(None, description="All hosts of this logical model.")


_SELECTORS = "write all, {models: […]}, {stacks: […]} or {logical: slug}"


def _candidates(value: Node) -> Node | Candidates:
    """Return `Candidates` for `all`, and a mapping as it is; refuse all else: also `{}` and several selectors."""
    if isinstance(value, Scalar):
        if is_null(value):
            refuse("RC114", "is null", "give it a value")
        if value.text != "all":
            refuse(
                "RC121",
                f"is {quote_value(value.text)}; it must be `all` or one selector",
                _SELECTORS,
                replacement=typo_of(value.text, ("all",)),
            )
        return Candidates(all=True)
    if isinstance(value, Sequence):
        refuse("RC120", "is a list; `all` or one selector is wanted", _SELECTORS)
    keys = {key.text for key, _ in value.items}
    if "all" in keys:
        refuse("RC112", "has the unknown key `all`", "write `candidates: all`")
    selectors = sum(key in keys for key in ("models", "stacks", "logical"))
    if selectors > 1:
        refuse("RC120", f"has {selectors} selectors; exactly one is wanted", "keep one of models, stacks, logical")
    if not keys:
        refuse("RC120", "has no selector", _SELECTORS)
    return value


class Target(NamedBody):
    """A name callers send as `model` to be routed automatically."""

    aliases: tuple[TargetAlias, ...] = Field(
        (),
        description=(
            "Other names callers may send as `model`, in printable ASCII. One that ends in `*` stands for every name "
            "that begins so and is not declared; the longest such alias counts. Default none."
        ),
        examples=[["router/auto", "openai/*"]],
    )
    candidates: Annotated[Candidates, Before(_candidates)] = Field(
        description=(
            "The models it ranks: all, {models: [...]}, {stacks: [...]} or {logical: slug}. Active, listed models only."
        ),
        examples=["all", {"stacks": ["eu"]}],
    )
    min_quality: Bp | None = Field(
        None, description="Quality floor of this target, 0 to 1. Default none.", examples=[0.5]
    )


class Defaults(Body):
    """What answers below the registry, and the policy of requests without a declared tenant."""

    routes: dict[SlugKey, Slug] = Field(
        {},
        description=(
            "The model per feature that answers when the registry cannot: no usable table, or a feature that "
            "is not declared. Default none."
        ),
        examples=[{"support-chat": "gpt-5-5"}],
    )
    model: Slug = Field(description="The model that answers when `routes` names none for the feature.")
    policy: DefaultPolicy = Field(
        DefaultPolicy(),
        description=(
            "The policy of a request with no tenant, or an undeclared one: a tenant's fields. Default {preset: "
            "balanced}."
        ),
    )
    unknown_tenant: UnknownTenant = Field(
        "default",
        description=(
            "What an undeclared tenant gets: default (the default policy) or reject (no answer). Default `default`."
        ),
    )


class CostScale(Part):
    """Blended cost in US dollars per million input tokens with the output they bring."""

    best: Price = Field(
        description="The blended cost that scores 1 (as does all below it), in US dollars.", examples=[0]
    )
    worst: Price = Field(
        description=("The blended cost that scores 0 (as does all above it), in US dollars; above best."), examples=[75]
    )


class LatencyScale(Part):
    """Latency in milliseconds."""

    best: Count = Field(description="The latency in milliseconds that scores 1.", examples=[0])
    worst: Count = Field(description=("The latency in milliseconds that scores 0; above best."), examples=[10000])


class Scoring(Body):
    """The fixed scales scores are measured on; a model's score depends on no other model."""

    cost: CostScale = Field(
        description=(
            "Scale of the blended cost (input price + output_ratio x output price), in US dollars per million"
            " input tokens."
        )
    )
    latency_ms: LatencyScale = Field(description="Scale of the latency, in milliseconds.")


class Resilience(Body):
    """How services try and give up: circuit breaker and chain length."""

    failures: CountAboveZero = Field(
        5, description="Failures within the window that open a model's circuit. Default 5."
    )
    window_s: CountAboveZero = Field(60, description=("The window in which failures count, in seconds. Default 60."))
    cooloff_s: CountAboveZero = Field(60, description=("How long an open circuit stays open, in seconds. Default 60."))
    max_attempts: CountAboveZero = Field(
        5, description="Most models of one chain: every chain is cut to it. Default 5."
    )
    retries: Count = Field(
        0, description="How often your service tries one model again before the next. Default 0.", examples=[1]
    )
