"""Declare the bodies of `policies/` (presets, tenants, preferences), and work out effective policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from routecomp.model.fields import (
    Body,
    Boolean,
    Bp,
    Cents,
    EnvironmentName,
    NamedBody,
    Objective,
    Percent,
    PreferenceName,
    SignedBp,
    Slug,
    SlugKey,
    Stack,
    WeightBp,
)
from routecomp.model.part import Field, Part
from routecomp.model.vocabulary import PRESETS

_PRESET_WORDS: dict[str, object] = {"enum": list(PRESETS)}


class Weights(Part):
    """Shares of quality, latency and cost in a score; they add up to exactly 1.00."""

    quality: WeightBp = Field(
        description="Share of quality in the score, 0 to 1, at most two decimals.", examples=[0.4]
    )
    latency: WeightBp = Field(
        description="Share of latency in the score, 0 to 1, at most two decimals.", examples=[0.3]
    )
    cost: WeightBp = Field(description=("Share of cost in the score, 0 to 1, at most two decimals."), examples=[0.3])

    @property
    def total(self) -> int:
        """The sum in basis points."""
        return int(self.quality + self.latency + self.cost)


class PolicyFields(Part):
    """The fields a preset, a tenant and the default policy share; None where not declared."""

    objective: Objective | None = Field(
        None,
        description=(
            "weighted ranks by score; cheapest takes the cheapest model that clears the floor. Default: the "
            "preset's, else weighted."
        ),
    )
    weights: Weights | None = Field(
        None,
        description=(
            "Shares of quality, latency and cost in the score; they add up to exactly 1.00. Default: the preset's."
        ),
    )
    min_quality: Bp | None = Field(
        None,
        description=(
            "Quality floor, 0 to 1; the higher one of this and the feature's or target's counts. Default: the"
            " preset's, else none."
        ),
        examples=[0.55],
    )
    fallback_enabled: Boolean | None = Field(
        None,
        description=(
            "false cuts every chain to its pick, and for a feature only the primary is ever tried. Default: "
            "the preset's, else true."
        ),
    )
    fallback_cost_penalty_pct: Percent | None = Field(
        None,
        description=(
            "Percent by which cost counts more when fallbacks are ranked, 0 to 100. Default: the preset's, else 5.00."
        ),
    )
    compliance_veto_threshold: Bp | None = Field(
        None,
        description=("Least compliance a model needs, 0 to 1; nothing relaxes it. Default: the preset's, else 0.50."),
    )
    max_quality_loss: Bp | None = Field(
        None,
        description=("How much quality a caller's latency budget may cost, 0 to 1. Default: the preset's, else 0.10."),
    )
    banned_providers: tuple[Slug, ...] | None = Field(
        None, description=("Providers never used, not even as a fallback. Default: the preset's, else none.")
    )
    banned_models: tuple[Slug, ...] | None = Field(
        None, description=("Models never used, by slug or logical slug. Default: the preset's, else none.")
    )
    preferred_providers: tuple[Slug, ...] | None = Field(
        None,
        description=(
            "Providers ranked before all others, as one group: their order means nothing. Default: the "
            "preset's, else none."
        ),
    )
    stacks: tuple[Stack, ...] | None = Field(
        None,
        min_length=1,
        description=("The only regions used, as the providers' `stack` words. Default: the preset's, else all."),
        examples=[["us", "eu"]],
    )


class Preset(Body, PolicyFields):
    """A named policy that tenants start from: it changes the built-in one of its name, field by field."""


class DefaultPolicy(PolicyFields):
    """A tenant's fields, for requests without a declared tenant."""

    preset: Slug = Field(
        "balanced",
        description=("The preset that completes what is left out here. Default balanced."),
        schema=_PRESET_WORDS,
    )


class Budget(Part):
    """What a tenant may spend, in US dollars; days and months are those of UTC."""

    daily_usd: Cents | None = Field(
        None, description="Most US dollars a day (UTC), at most two decimals. Default none.", examples=[50]
    )
    monthly_usd: Cents | None = Field(
        None, description="Most US dollars a month (UTC), at most two decimals. Default none.", examples=[900]
    )


class Tenant(NamedBody, Preset):
    """One tenant's policy. A value here replaces the preset's whole value, lists and weights included."""

    preset: Slug = Field(
        "balanced",
        description=("The preset that completes what is left out here. Default balanced."),
        schema=_PRESET_WORDS,
    )
    budget: Budget = Field(
        Budget(),
        description="What it may spend; your service keeps it. Default: no limit.",
        examples=[{"daily_usd": 50, "monthly_usd": 900}],
    )


class Dial(Part):
    """How far each preference moves the quality floor, -1 to 1."""

    quality: SignedBp = Field(
        description="What preference quality adds to the floor, -1 to 1; not below the default preference's.",
        examples=[0.1],
    )
    balanced: SignedBp = Field(description=("What preference balanced adds to the floor, -1 to 1."), examples=[0])
    cost: SignedBp = Field(
        description=("What preference cost adds to the floor, -1 to 1; not above the default preference's."),
        examples=[-0.1],
    )


class Preferences(Body):
    """The caller's dial between quality and cost."""

    default: PreferenceName = Field(
        description=(
            "The preference of a request that names none. It leaves the floor untouched: its entry of the dial is 0."
        )
    )
    floors: dict[SlugKey, Bp] = Field(
        description=(
            "Quality floors by name, 0 to 1. `good` is the floor of a request for which nothing declares one;"
            " the clamp names two of them."
        ),
        examples=[{"frontier": 0.85, "good": 0.5}],
        schema={"required": ["good"]},
    )
    dial: Dial = Field(
        description="What each preference adds to the quality floor.",
        examples=[{"balanced": 0, "cost": -0.1, "quality": 0.1}],
    )
    clamp: tuple[Slug, Slug] = Field(
        description=("The names of two floors, lowest and highest: how far the dial moves a floor at most."),
        examples=[["good", "frontier"]],
    )
    gate_env: EnvironmentName | None = Field(
        None,
        description=(
            'The environment variable of the service that opens the dial when it is "1"; until then every '
            "preference behaves as the default. Default: always shut."
        ),
        examples=["ROUTECOMP_PREFERENCE_LIVE"],
    )


class Shares(NamedTuple):
    """The weights of an effective policy, in basis points."""

    quality: int
    latency: int
    cost: int


@dataclass(frozen=True, slots=True)
class EffectivePolicy:
    """A policy with a value for every field: the tenant's own, else its preset's, else the default.

    Quantities are in basis points. `stacks` is None where all are allowed.
    Lists of names are sorted and hold each name once, because their order means nothing.
    """

    objective: str
    weights: Shares
    min_quality: int | None
    fallback_enabled: bool
    fallback_cost_penalty_pct: int
    compliance_veto_threshold: int
    max_quality_loss: int
    banned_providers: tuple[str, ...]
    banned_models: tuple[str, ...]
    preferred_providers: tuple[str, ...]
    stacks: tuple[str, ...] | None


DEFAULT_FIELDS: dict[str, object] = {
    "objective": "weighted",
    "min_quality": None,
    "fallback_enabled": True,
    "fallback_cost_penalty_pct": 500,
    "compliance_veto_threshold": 5_000,
    "max_quality_loss": 1_000,
    "banned_providers": (),
    "banned_models": (),
    "preferred_providers": (),
    "stacks": None,
}
POLICY_FIELDS = ("objective", "weights", *(name for name in DEFAULT_FIELDS if name != "objective"))
"""The fields of an effective policy in the order of docs/semantics.md, section 2."""


def _built_in(quality: int, latency: int, cost: int, fallback_enabled: bool | None = None) -> Preset:
    """Make a built-in preset of its weights in basis points; `fallback_enabled` None leaves it to the default."""
    weights = Weights(quality=quality, latency=latency, cost=cost)
    return Preset(objective="weighted", weights=weights, fallback_enabled=fallback_enabled)


BUILT_IN_PRESETS: Mapping[str, Preset] = dict(
    zip(
        PRESETS,
        (
            _built_in(4_000, 3_000, 3_000),
            _built_in(2_000, 2_000, 6_000),
            _built_in(7_000, 1_500, 1_500),
            _built_in(2_000, 6_000, 2_000),
            _built_in(4_000, 3_000, 3_000, fallback_enabled=False),
        ),
        strict=True,
    )
)


def field_origin(field: str, own: PolicyFields, preset: str, declared: Mapping[str, Preset]) -> str:
    """Return where a field of an effective policy comes from: `own`, `preset`, `built-in` or `default`.

    `own` is the body with the tenant's fields, `preset` the name of its preset, `declared` the presets of the project.
    """
    if getattr(own, field) is not None:
        return "own"
    if preset in declared and getattr(declared[preset], field) is not None:
        return "preset"
    if preset in BUILT_IN_PRESETS and getattr(BUILT_IN_PRESETS[preset], field) is not None:
        return "built-in"
    return "default"


def effective_policy(own: PolicyFields, preset: str, declared: Mapping[str, Preset]) -> EffectivePolicy:
    """Return the effective policy of a body with policy fields (docs/semantics.md, section 1).

    `own` is that body, `preset` the name of its preset, `declared` the presets of the project. A field takes its value
    from the first that has one: `own`, the declared preset, the built-in preset, the defaults. KeyError where nobody
    has weights, for which there is no default: with an unknown preset.
    """
    layers: list[PolicyFields] = [own]
    if preset in declared:
        layers.append(declared[preset])
    if preset in BUILT_IN_PRESETS:
        layers.append(BUILT_IN_PRESETS[preset])

    def value(field: str) -> object:
        """Return the first declared value of a field, else its default."""
        for layer in layers:
            declared_value: object = getattr(layer, field)
            if declared_value is not None:
                return declared_value
        return DEFAULT_FIELDS[field]

    weights = value("weights")
    assert isinstance(weights, Weights)
    stacks = value("stacks")
    return EffectivePolicy(
        objective=str(value("objective")),
        weights=Shares(weights.quality, weights.latency, weights.cost),
        min_quality=value("min_quality"),  # type: ignore[arg-type]
        fallback_enabled=bool(value("fallback_enabled")),
        fallback_cost_penalty_pct=value("fallback_cost_penalty_pct"),  # type: ignore[arg-type]
        compliance_veto_threshold=value("compliance_veto_threshold"),  # type: ignore[arg-type]
        max_quality_loss=value("max_quality_loss"),  # type: ignore[arg-type]
        banned_providers=_sorted_names(value("banned_providers")),
        banned_models=_sorted_names(value("banned_models")),
        preferred_providers=_sorted_names(value("preferred_providers")),
        stacks=None if stacks is None else _sorted_names(stacks),
    )


def _sorted_names(value: object) -> tuple[str, ...]:
    """Return a tuple of names sorted, each once."""
    assert isinstance(value, tuple)
    return tuple(sorted(set(value)))
