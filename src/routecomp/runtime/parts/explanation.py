"""Define the shapes of the plain dictionaries that `Router.explain` and `Router.status` return."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from routecomp.runtime.parts.decision import DecisionSource, DecisionStatus, RouteKind


class RouteLog(TypedDict):
    """What the request named."""

    kind: RouteKind
    name: str


class FilterLog(TypedDict):
    """One filter, and what it did to the candidates."""

    group: Literal["permission", "ability", "demand"]
    filter: str
    survivors: int
    """How many models are left after the filter."""
    first: list[str]
    """The slugs of the first three that are left, by rank."""
    dropped: list[str]
    """The slugs of the models that the filter dropped, sorted."""


class RungLog(TypedDict):
    """One rung of the ladder below the registry; `refused` is None if the rung can serve."""

    source: DecisionSource
    model: str
    refused: DecisionStatus | None
    filters: list[FilterLog]


class OrdersLog(TypedDict):
    """The names of the orders that rank the pick and the rest of the chain."""

    pick: str
    chain: str


FloorLog = TypedDict(
    "FloorLog",
    {
        "base_bp": int,
        "from": str,
        "dial_bp": int,
        "clamp_bp": list[int] | None,
        "result_bp": int,
        "relaxed": bool,
    },
)
"""How the quality floor came about, in basis points.

`from` says who declares the base: explicit (the request), policy, the kind of the route, good, or none. `clamp_bp` is
None where the dial moves nothing.
"""


class LatencyLog(TypedDict):
    """How a latency budget changed the pick, from `unconstrained` to `pick`; `missed` if no survivor is within it."""

    budget_ms: int
    unconstrained: str
    least_quality_bp: int
    survivors: int
    pick: str
    missed: bool


class SpreadLog(TypedDict):
    """How the load of a logical model was dealt, from the model `stated` to `pick`.

    `members` may serve, in order of their slots. `range` is the first and the last slot of the owner's range. Without a
    `request_id` or `unit`, `slot`, `range` and `owner` are None, and nothing is dealt.
    """

    logical: str
    stated: str
    slot: int | None
    range: list[int] | None
    owner: str | None
    members: list[str]
    pick: str


class ShadowLog(TypedDict):
    """Whether the request is mirrored to one shadow; `slot` is None without a `request_id` or `unit`."""

    model: str
    slot: int | None
    sample_bp: int
    allowed: bool
    mirrored: bool


class ExperimentLog(TypedDict):
    """How an experiment assigned the request's unit; `range` is the first and the last slot of the owner's range.

    Without a unit, `slot`, `range` and `owner` are None. `unavailable` is the variant in whose place the first one
    serves, because a filter of ability bars its model; None where the variant that was assigned is tried alone.
    """

    experiment: str
    status: str
    slot: int | None
    range: list[int] | None
    owner: str | None
    unavailable: str | None


class Explanation(TypedDict):
    """What `Router.explain` returns: the decision, then the log, with the keys that apply to the route."""

    decision: dict[str, Any]
    tenant: str | None
    policy: str | None
    route: NotRequired[RouteLog]
    rungs: NotRequired[list[RungLog]]
    orders: NotRequired[OrdersLog]
    floor: NotRequired[FloorLog]
    candidates: NotRequired[list[str]]
    filters: NotRequired[list[FilterLog]]
    latency: NotRequired[LatencyLog]
    spread: NotRequired[SpreadLog]
    shadows: NotRequired[list[ShadowLog]]
    experiment: NotRequired[ExperimentLog]


class RouterStatus(TypedDict):
    """What `Router.status` returns."""

    serving: Literal["routing table", "fallback file", "last resort", "nothing"]
    ruleset_hash: str | None
    format: str | None
    loaded_at: str | None
    """When the table was activated, by the wall clock in UTC: 2026-11-30T09:15:00Z; None if no table serves."""
    loaded_age_s: float | None
    """Seconds since then by the monotonic clock, which nobody sets."""
    rejected: int
    """How many tables were refused so far; one that is refused again by each reload in a row counts once."""
    last_rejection: str | None
    """Why the table's file was refused when it was last read; None if it was good."""
    last_rejection_at: str | None
    """When that file was first refused, as `loaded_at`."""
    last_rejection_age_s: float | None
    """Seconds since then by the monotonic clock."""
    fallback: str
    """What became of the fallback file, in words."""
