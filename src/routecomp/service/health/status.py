"""Describe what health remembers, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from routecomp.service.health.breaker import Breaker, Figures, State
from routecomp.service.health.quota import Quota
from routecomp.service.health.scope import Scope
from routecomp.service.health.sharing import SharingStatus


class LeftStatus(TypedDict):
    """What the host said is left of one of its limits."""

    remaining: int
    reset_s: float


class UsedStatus(TypedDict):
    """What counts against declared limits: the calls and tokens of the last minute, and the calls under way."""

    calls: int
    tokens: int
    parallel: int


class ScopeStatus(TypedDict):
    """What is remembered of a model as it is called with one key, of a provider with one key, or of a key."""

    kind: str
    name: str
    api_key_env: str | None
    state: State
    wait_s: float
    """The seconds until it may be called; 0 if it may now."""
    reasons: list[str]
    """Why not: as in `Refusal`."""
    failures: int
    """Failures in the window."""
    trips: int
    """How often its circuit opened."""
    left: dict[str, LeftStatus]
    used: UsedStatus | None
    """None where no limit is declared."""


class HealthStatus(TypedDict):
    """What `Health.status` returns."""

    refused: int
    """How many calls were not let begin."""
    shared: SharingStatus | None
    """How it is with the store; None without one."""
    scopes: list[ScopeStatus]


def describe(
    breakers: Mapping[Scope, Breaker],
    closed: Mapping[Scope, Mapping[str, float]],
    left: Mapping[Scope, Mapping[str, tuple[int, float]]],
    quotas: Mapping[Scope, Quota],
    trips: Mapping[Scope, int],
    figures: Figures,
    time: float,
) -> list[ScopeStatus]:
    """Return the status of every scope of which something is remembered, in order."""
    scopes = {*breakers, *closed, *left, *quotas, *trips}
    rows: list[ScopeStatus] = []
    for scope in sorted(scopes, key=lambda scope: (scope.kind, scope.name, scope.key or "")):
        breaker = breakers.get(scope)
        untils = dict(closed.get(scope, {}))
        if breaker is not None and breaker.until(time) > time:
            untils["open" if breaker.state(time) == "open" else "probe"] = breaker.until(time)
        quota = quotas.get(scope)
        rows.append(
            {
                "kind": scope.kind,
                "name": scope.name,
                "api_key_env": scope.key,
                "state": "closed" if breaker is None else breaker.state(time),
                "wait_s": round(max([*untils.values(), time]) - time, 3),
                "reasons": sorted(untils),
                "failures": 0 if breaker is None else breaker.failures(time, figures),
                "trips": trips.get(scope, 0) + (0 if breaker is None else breaker.trips),
                "left": {
                    what: {"remaining": remaining, "reset_s": round(until - time, 3)}
                    for what, (remaining, until) in sorted(left.get(scope, {}).items())
                },
                "used": None if quota is None else _used(quota, time),
            }
        )
    return rows


def _used(quota: Quota, time: float) -> UsedStatus:
    calls, tokens, parallel = quota.counts(time)
    return {"calls": calls, "tokens": tokens, "parallel": parallel}
