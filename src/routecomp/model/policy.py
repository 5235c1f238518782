"""What authors declare under `policies/` (presets, tenants, preferences) and the effective policy it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from routecomp.model.fields import (
    Boolean,
    Bp,
    EnvironmentName,
    Objective,
    Percent,
    PreferenceName,
    SignedBp,
    Slug,
    SlugKey,
    Stack,
    Text,
    WeightBp,
)
from routecomp.model.words import PRESETS


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Weights(_Part):
    """Shares of quality, latency and cost in a score; they add up to exactly 1.00 (10,000 basis points)."""

    quality: WeightBp = Field(description="Weight of quality, 0..1, at most two decimals.")
    latency: WeightBp = Field(description="Weight of latency, 0..1, at most two decimals.")
    cost: WeightBp = Field(description="Weight of cost, 0..1, at most two decimals.")

    @property
    def total(self) -> int:
        """The sum in basis points."""
        return int(self.quality + self.latency + self.cost)


class PolicyFields(_Part):
    """The fields a preset, a tenant and the default policy share; None where not declared."""

    objective: Objective | None = Field(None, description="weighted (default) ranks by score; cheapest "
                                                                      "takes the cheapest that clears the floor.")
    weights: Weights | None = Field(None, description="Weights of the score; they add up to exactly 1.00.")
    min_quality: Bp | None = Field(None, description="Quality floor 0..1; default none.")
    fallback_enabled: Boolean | None = Field(None, description="False cuts every chain to its pick; default true.")
    fallback_cost_penalty_pct: Percent | None = Field(
        None, description="Percent by which a fallback's cost counts more, 0..100; default 5.00.")
    compliance_veto_threshold: Bp | None = Field(None, description="Least compliance 0..1 a model needs; default 0.50.")
    max_quality_loss: Bp | None = Field(None, description="What a latency budget may cost in quality, 0..1; "
                                                          "default 0.10.")
    banned_providers: tuple[Slug, ...] | None = Field(None, description="Providers never used; default none.")
    banned_models: tuple[Slug, ...] | None = Field(None, description="Model or logical slugs never used; default none.")
    preferred_providers: tuple[Slug, ...] | None = Field(None, description="Providers ranked first, as one group; "
                                                                           "default none.")
    stacks: tuple[Stack, ...] | None = Field(None, min_length=1, description="The only stacks used; default all.")


class Preset(PolicyFields):
    """A named policy that tenants start from; one of the five built-in names, whose other fields stay."""

    description: Text | None = Field(None, description="What this is for, in the author's words.")
    owner: Text | None = Field(None, description="Who answers for it.")


class DefaultPolicy(PolicyFields):
    """A tenant's fields, for requests without a declared tenant."""

    preset: Slug = Field("balanced", description="Preset that completes it; default balanced.")


class Tenant(Preset):
    """One tenant's routing policy; a value here replaces the preset's whole value."""

    preset: Slug = Field("balanced", description="Preset that completes it; default balanced.")


class Dial(_Part):
    """How far each preference moves the quality floor, -1..1."""

    quality: SignedBp = Field(description="Change of the floor under preference quality.")
    balanced: SignedBp = Field(description="Change of the floor under preference balanced.")
    cost: SignedBp = Field(description="Change of the floor under preference cost.")


class Preferences(_Part):
    """The caller's dial between quality and cost."""

    description: Text | None = Field(None, description="What this is for, in the author's words.")
    owner: Text | None = Field(None, description="Who answers for it.")
    default: PreferenceName = Field(description="The preference of a request that names none; its delta is 0.")
    floors: dict[SlugKey, Bp] = Field(description="Named quality floors; `good` is the floor where nothing declares one.")
    dial: Dial = Field(description="Change of the floor per preference.")
    clamp: tuple[Slug, Slug] = Field(description="Names of the lowest and the highest floor the dial moves to.")
    gate_env: EnvironmentName | None = Field(None, description="Environment variable that opens the dial when it is "
                                                               '"1"; absent: always shut.')


@dataclass(frozen=True, slots=True)
class EffectivePolicy:
    """A request's policy with nothing left open: the tenant's values, else its preset's, else the defaults.

    Quantities in basis points; `weights` is (quality, latency, cost); `stacks` is None for all; name lists
    are sorted and hold each name once, since their order means nothing.
    """

    objective: str
    weights: tuple[int, int, int]
    min_quality: int | None
    fallback_enabled: bool
    fallback_cost_penalty: int
    compliance_veto_threshold: int
    max_quality_loss: int
    banned_providers: tuple[str, ...]
    banned_models: tuple[str, ...]
    preferred_providers: tuple[str, ...]
    stacks: tuple[str, ...] | None


_DEFAULTS: dict[str, object] = {
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
POLICY_FIELDS = ("objective", "weights", *(name for name in _DEFAULTS if name != "objective"))
"""The fields of an effective policy in the order of docs/semantics.md, section 2."""


def _built_in(quality: int, latency: int, cost: int, fallback_enabled: bool | None = None) -> Preset:
    weights = Weights.model_construct(quality=quality, latency=latency, cost=cost)
    return Preset.model_construct(objective="weighted", weights=weights, fallback_enabled=fallback_enabled)


BUILT_IN_PRESETS: Mapping[str, Preset] = dict(zip(PRESETS, (
    _built_in(4_000, 3_000, 3_000),
    _built_in(2_000, 2_000, 6_000),
    _built_in(7_000, 1_500, 1_500),
    _built_in(2_000, 6_000, 2_000),
    _built_in(4_000, 3_000, 3_000, fallback_enabled=False),
), strict=True))


def origin(field: str, own: PolicyFields, preset: str, declared: Mapping[str, Preset]) -> str:
    """Where a field of an effective policy comes from: `own`, `preset`, `built-in` or `default`."""
    if getattr(own, field) is not None:
        return "own"
    if preset in declared and getattr(declared[preset], field) is not None:
        return "preset"
    if preset in BUILT_IN_PRESETS and getattr(BUILT_IN_PRESETS[preset], field) is not None:
        return "built-in"
    return "default"


def effective(own: PolicyFields, preset: str, declared: Mapping[str, Preset]) -> EffectivePolicy:
    """The effective policy of `own` under the preset of that name (docs/semantics.md, section 1)."""
    layers: list[PolicyFields] = [own]
    if preset in declared:
        layers.append(declared[preset])
    if preset in BUILT_IN_PRESETS:
        layers.append(BUILT_IN_PRESETS[preset])

    def value(field: str) -> object:
        for layer in layers:
            found: object = getattr(layer, field)
            if found is not None:
                return found
        return _DEFAULTS[field]

    weights = value("weights")
    assert isinstance(weights, Weights)
    stacks = value("stacks")
    return EffectivePolicy(
        objective=str(value("objective")),
        weights=(weights.quality, weights.latency, weights.cost),
        min_quality=value("min_quality"),  # type: ignore[arg-type]
        fallback_enabled=bool(value("fallback_enabled")),
        fallback_cost_penalty=value("fallback_cost_penalty_pct"),  # type: ignore[arg-type]
        compliance_veto_threshold=value("compliance_veto_threshold"),  # type: ignore[arg-type]
        max_quality_loss=value("max_quality_loss"),  # type: ignore[arg-type]
        banned_providers=_names(value("banned_providers")),
        banned_models=_names(value("banned_models")),
        preferred_providers=_names(value("preferred_providers")),
        stacks=None if stacks is None else _names(stacks),
    )


def _names(value: object) -> tuple[str, ...]:
    assert isinstance(value, tuple)
    return tuple(sorted(set(value)))
