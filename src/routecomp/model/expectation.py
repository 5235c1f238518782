"""Declare expectations: what the project decides for requests that its authors care about."""

from __future__ import annotations

from types import GenericAlias
from typing import Any

from routecomp.model.fields import (
    Body,
    Boolean,
    Bp,
    Count,
    CountAboveZero,
    DecisionRoute,
    DecisionSource,
    DecisionStatus,
    Dollars,
    Gate,
    Reason,
    Slot,
    Slug,
    Text,
)
from routecomp.model.part import Field, Part


class Request(Part):
    """The arguments of a request, by the names that `resolve` gives them; what is left out is not given."""

    feature: Text | None = Field(None, description="The feature (call site) that asks.", examples=["support-chat"])
    model: Text | None = Field(
        None, description="Or: a target, an alias, a public model id, a model or a logical model.", examples=["auto"]
    )
    tenant: Text | None = Field(
        None, description="On whose behalf. Left out: the default policy counts.", examples=["acme"]
    )
    unit: Text | None = Field(
        None, description="Who asks (a user): decides an experiment's variant.", examples=["user-1"]
    )
    request_id: Text | None = Field(
        None, description="Decides what is mirrored, and who serves of models with shares.", examples=["req-1"]
    )
    preference: Text | None = Field(
        None, description="The caller's dial: quality, balanced or cost.", examples=["quality"]
    )
    min_quality: Bp | None = Field(
        None, description="Quality floor, 0 to 1, which counts before all others.", examples=[0.55]
    )
    latency_budget_ms: Count | None = Field(None, description="Wanted latency in milliseconds.", examples=[900])
    stack: Text | None = Field(None, description="Only this region, or avoid-REGION.", examples=["avoid-china"])
    input_tokens: Count | None = Field(None, description="Tokens of the prompt.", examples=[1200])
    max_output_tokens: Count | None = Field(None, description="Most tokens of the answer.", examples=[800])
    max_cost_usd: Dollars | None = Field(
        None, description="Most US dollars of the call, at most twelve decimals; needs input_tokens.", examples=[0.02]
    )
    stream: Boolean | None = Field(None, description="true: the model must be able to stream.")
    tools: Boolean | None = Field(None, description="true: the model must be able to use tools.")
    capabilities: tuple[Text, ...] | None = Field(
        None, description="Further capabilities that the model must have.", examples=[["vision"]]
    )
    unavailable: tuple[Text, ...] | None = Field(
        None, description="Models or providers that cannot serve.", examples=[["openai"]]
    )


def _matrix() -> type[Part]:
    """Make the part with a list of values for each argument of a request."""
    namespace: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": "Lists of values by argument: each combination of them is a request, beside what `request` gives.",
        "__annotations__": {name: GenericAlias(tuple, (info.annotation, ...)) for name, info in Request.fields.items()},
    }
    for name, info in Request.fields.items():
        namespace[name] = Field(None, min_length=1, description=f"Values of `{name}`. {info.description}")
    return type("Matrix", (Part,), namespace)


Matrix = _matrix()


class Expected(Part):
    """Keys of the decision, and the values they must have: each is compared exactly, and what is left out is free."""

    status: DecisionStatus | None = Field(None, description="ok, or which filter left nothing.")
    source: DecisionSource | None = Field(
        None, description="What answers: the table, or the rung of the ladder for features without rows."
    )
    route: DecisionRoute | None = Field(None, description="How the request is read.")
    model: Slug | None = Field(None, description="The slug of the model that is picked.", examples=["gpt-5-5"])
    provider: Slug | None = Field(None, description="The slug of its provider.", examples=["openai"])
    chain: tuple[Slug, ...] | None = Field(
        None, description="The whole chain in its order, the pick first; [] where nothing serves."
    )
    chain_begins: tuple[Slug, ...] | None = Field(
        None, min_length=1, description="The first models of the chain, in its order; what follows is free."
    )
    shadows: tuple[Slug, ...] | None = Field(
        None, description="The models to which the request is mirrored, in declared order."
    )
    experiment: Slug | None = Field(None, description="The slug of the experiment that answers.")
    variant: Slug | None = Field(None, description="The id of the variant that is assigned.")
    version: CountAboveZero | None = Field(None, description="The version of that variant.", examples=[1])
    slot: Slot | None = Field(None, description="The slot of the request's unit, 0 to 9999.", examples=[1933])
    reasons: tuple[Reason, ...] | None = Field(
        None, description="All flags of the decision, in any order; [] for none.", examples=[["alias"]]
    )


class MatrixRow(Part):
    """What some requests of a matrix expect, beside what all do or instead of it."""

    where: Request = Field(
        description="Values of arguments that stand under `for`: the requests that have all of these."
    )
    expect: Expected = Field(description="What these requests expect; of several rows that say a key, the last counts.")


class Expectation(Body):
    """What is decided for a request, or for each of a matrix of requests. It changes no decision."""

    for_: Matrix = Field(  # type: ignore[valid-type]
        Matrix(),
        description="A matrix: lists of values by argument. Each combination is a request. Default: one request.",
        examples=[{"tenant": ["acme", "globex"], "feature": ["support-chat"]}],
    )
    request: Request = Field(
        Request(),
        description="The arguments that every request has. Default none.",
        examples=[{"feature": "support-chat", "input_tokens": 1200}],
    )
    gate: Gate = Field(
        "shut",
        description=(
            "Whether the gate of `preferences` (the variable that gate_env names) is open while it is decided; what "
            "the environment says does not matter. Default shut."
        ),
    )
    undeclared: tuple[Text, ...] = Field(
        (),
        description="Names in its requests that no file declares, and that is meant: a stranger, say. Default none.",
        examples=[["nobody"]],
    )
    expect: Expected = Field(
        Expected(),
        description="What every request expects. Default nothing: then `rows` say it.",
        examples=[{"model": "gpt-5-5", "status": "ok"}],
    )
    rows: tuple[MatrixRow, ...] = Field(
        (),
        description="What some requests of the matrix expect, instead of or beside `expect`. Default none.",
        examples=[[{"where": {"tenant": "acme"}, "expect": {"model": "gpt-5-5"}}]],
    )

    @property
    def matrix(self) -> dict[str, tuple[Any, ...]]:
        """The values of each argument under `for`, in the order in which they are written."""
        return dict(getattr(self, "for").__dict__)


__all__ = ["Expectation", "Expected", "Matrix", "MatrixRow", "Request"]
