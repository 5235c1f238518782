"""What authors declare under `experiments/`: A/B tests on a public model id."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from routecomp.model.fields import (
    Boolean,
    BpAboveZero,
    CountAboveZero,
    EnvironmentName,
    ExperimentStatus,
    OnPause,
    PublicName,
    Salt,
    Slot,
    Slug,
    SlugKey,
    Text,
)
from routecomp.model.route import Body, Part


class Version(Part):
    """One upstream of a variant; versions are 1, 2, 3 … and the last serves."""

    version: CountAboveZero = Field(description="Number of the version: 1, 2, 3 … in order.")
    model: Slug = Field(description="Slug of the model that serves this version.")
    api_key_env: EnvironmentName | None = Field(None, description="Environment variable of a key that takes the "
                                                                  "place of the provider's.")


class Variant(Part):
    """One arm of an experiment."""

    label: Text | None = Field(None, description="Free text people read; the id is what counts.")
    weight: BpAboveZero = Field(description="Share of units, above 0, at most four decimals; all add up to exactly 1.")
    versions: tuple[Version, ...] = Field((), description="Upstreams in order; the last serves.")
    slots: tuple[Annotated[tuple[Slot, Slot], Field(description="First and last slot.")], ...] | None = Field(
        None, min_length=1, description="Slots 0..9999 it owns, as [first, last] ranges.")


class Experiment(Body):
    """An A/B test on one public model id."""

    public_model_id: PublicName = Field(description="The id callers send as `model`.")
    status: ExperimentStatus = Field(description="draft, active, paused or completed.")
    archived: Boolean = Field(False, description="True takes it out of routing and lists; never while active.")
    salt: Salt | None = Field(None, description="Salt of the slots; default: the slug. Never changed once active.")
    on_pause: OnPause = Field("reject", description="While paused: reject (default), or control, the "
                                                                 "first declared variant.")
    winner: Slug | None = Field(None, description="Completed only: the variant that then serves everyone.")
    variants: dict[SlugKey, Variant] = Field(description="Variant id to its body; the first is the control.")
