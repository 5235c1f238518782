"""Declare the bodies of `experiments/`: A/B tests on a public model id."""

from __future__ import annotations

from typing import Annotated

from routecomp.model.fields import (
    Boolean,
    BpAboveZero,
    CallName,
    CountAboveZero,
    EnvironmentName,
    ExperimentStatus,
    NamedBody,
    OnPause,
    OnUnavailable,
    Salt,
    Slot,
    Slug,
    SlugKey,
    Text,
)
from routecomp.model.part import Field, Part


class Version(Part):
    """One upstream of a variant: the last one serves; a new one swaps the model under a running test."""

    version: CountAboveZero = Field(
        description=("1, 2, 3 … in order; never changed once the experiment is active."), examples=[1]
    )
    model: Slug = Field(description="The model that serves this version, declared under `models`.")
    api_key_env: EnvironmentName | None = Field(
        None,
        description=(
            "Name of an environment variable whose key takes the place of the provider's. Never the key itself."
        ),
        examples=["NIMBUS_KEY"],
    )


class Variant(Part):
    """One arm of an experiment."""

    label: Text | None = Field(None, description=("What people read; the id is what counts."), examples=["Control"])
    weight: BpAboveZero = Field(
        description=(
            "Share of units (users) it gets, above 0, at most four decimals; those of all variants add up to exactly 1."
        ),
        examples=[0.5],
    )
    versions: tuple[Version, ...] = Field(
        (),
        description=(
            "Its upstreams in order; the last one serves. An active or paused experiment has at least one per"
            " variant, and only ever adds to them."
        ),
        examples=[[{"model": "gpt-5-5", "version": 1}]],
    )
    slots: tuple[Annotated[tuple[Slot, Slot], Field(description="First and last slot.")], ...] | None = Field(
        None,
        min_length=1,
        description=(
            "The slots 0 to 9999 it owns, as [first, last] ranges: all variants say them, or none does. "
            "Default: contiguous ranges by weight, in declared order."
        ),
        examples=[[[0, 4999]]],
    )


class Experiment(NamedBody):
    """An A/B test on one public model id: each unit (user) keeps its variant."""

    public_model_id: CallName = Field(
        description="The id callers send as `model`: any name in printable ASCII, without `*`.",
        examples=["preview/nimbus"],
    )
    status: ExperimentStatus = Field(
        description=(
            "draft (answers nobody), active, paused (see on_pause) or completed (final; answers only with a winner)."
        )
    )
    archived: Boolean = Field(False, description=("true takes it out of routing; never while active. Default false."))
    salt: Salt | None = Field(
        None,
        description=(
            "What the units' slots are drawn with; no two experiments share one, and it never changes once "
            "active. Default: the slug."
        ),
    )
    on_pause: OnPause = Field(
        "reject",
        description=(
            "What a paused experiment does: reject every call, or serve control, the first declared variant. "
            "Default reject."
        ),
    )
    on_unavailable: OnUnavailable = Field(
        "reject",
        description=(
            "What answers where the model of the assigned variant, or of the winner, is unavailable or cannot serve "
            "the request: reject the call, or serve control, the first declared variant. Default reject."
        ),
    )
    winner: Slug | None = Field(None, description=("Completed only: the variant that from then on serves everyone."))
    variants: dict[SlugKey, Variant] = Field(
        description=("The variants by their id, which never changes; the first is the control.")
    )
