"""Declare intents: which decisions a change is meant to move."""

from __future__ import annotations

from routecomp.model.fields import Boolean, MoveChange, Text
from routecomp.model.part import Field, Part


class Intent(Part):
    """Decisions that may move: those of calls that every key describes. What no entry describes must stay."""

    tenants: tuple[Text, ...] | None = Field(
        None,
        min_length=1,
        description="Calls of these tenants. Default: every caller, unless one of the next two keys is given.",
        examples=[["acme"]],
    )
    without_tenant: Boolean = Field(False, description="true: calls without a tenant, too.")
    undeclared_tenants: Boolean = Field(False, description="true: calls of tenants that nobody declares, too.")
    features: tuple[Text, ...] | None = Field(
        None,
        min_length=1,
        description="Calls of these features. Default: every name, unless `models` is given.",
        examples=[["support-chat"]],
    )
    models: tuple[Text, ...] | None = Field(
        None,
        min_length=1,
        description="Calls that give one of these as `model`: targets, aliases, patterns, public model ids, models.",
        examples=[["auto"]],
    )
    changes: tuple[MoveChange, ...] | None = Field(
        None,
        min_length=1,
        description=(
            "Only these changes. rejected: answered before; answered: rejected before; pick: another model; endpoint: "
            "the same model at another place; chain: other fallbacks; refusal: another rejection; mirrors: other "
            "shadows; said: variant or reasons. Default: any."
        ),
        examples=[["chain", "said"]],
    )
