"""Declare claims: what holds for every request, as the authors of a project promise it."""

from __future__ import annotations

from routecomp.model.fields import Always, Body, Count, CountAboveZero, Dollars, ReachedBy, Slug, Stack
from routecomp.model.part import Field, Part


class NeverReaches(Part):
    """Where no call goes: the models of some stacks or providers, and some models."""

    stacks: tuple[Stack, ...] = Field((), min_length=1, description="No model of these stacks.", examples=[["us"]])
    providers: tuple[Slug, ...] = Field(
        (), min_length=1, description="No model of these providers.", examples=[["openai"]]
    )
    models: tuple[Slug, ...] = Field(
        (), min_length=1, description="None of these models; a logical slug stands for its hosts.", examples=[["gpt-5"]]
    )
    by: ReachedBy = Field(
        "any",
        description=(
            "any: neither as the pick, nor as a fallback of the chain, nor as a shadow, to which data are sent too. "
            "pick: as the pick alone. Default any."
        ),
    )


class AtLeast(Part):
    """What the chain of a call without hints has at least."""

    providers: CountAboveZero | None = Field(
        None, description="So many different providers, the one of the pick among them.", examples=[2]
    )
    models: CountAboveZero | None = Field(None, description="So many models, the pick among them.", examples=[3])


class CostsAtMost(Part):
    """The most that a call is estimated to cost. It is no bill: what a provider charges is not known before."""

    usd: Dollars = Field(
        description="US dollars of one call of the picked model, at most twelve decimals.", examples=[0.05]
    )
    input_tokens: Count = Field(description="For calls that give so many input_tokens or fewer.", examples=[8000])
    max_output_tokens: Count | None = Field(
        None,
        description="And so many max_output_tokens or fewer. Left out: calls that give any number, or none.",
        examples=[1000],
    )


class Claim(Body):
    """A promise that `check` proves for every request, or answers with a request for which it does not hold."""

    tenants: tuple[Slug, ...] | None = Field(
        None,
        min_length=1,
        description="On whose behalf. Default: every tenant, undeclared ones, and calls without a tenant.",
        examples=[["acme"]],
    )
    features: tuple[Slug, ...] | None = Field(
        None,
        min_length=1,
        description=(
            "Calls of these features. Default: every declared feature, and for `never_reaches`, `alike` and the dial "
            "also every other name that callers may give."
        ),
        examples=[["support-chat"]],
    )
    never_reaches: NeverReaches | None = Field(None, description="Where no call goes.")
    at_least: AtLeast | None = Field(None, description="What the chain of each call without hints has at least.")
    costs_at_most: CostsAtMost | None = Field(None, description="The most that a call is estimated to cost.")
    always: Always | None = Field(
        None,
        description=(
            "answered: a call without hints is never rejected. alike: all `tenants` are answered alike. "
            "balanced_is_no_preference: the preference `balanced` changes nothing. "
            "dial_never_lowers_quality: a higher position of the dial never picks a model of lower quality, before "
            "models with shares divide the load. dial_never_lowers_served_quality: nor afterwards."
        ),
    )


KINDS = ("never_reaches", "at_least", "costs_at_most", "always")
"""The keys of which a claim has exactly one."""
