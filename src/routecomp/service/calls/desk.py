"""Hold what all calls of a service share: the router that serves, health, capture, clock and defaults."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from routecomp.runtime.resolver import Decision, Endpoint, Facts, Router
from routecomp.service.calls.keys import Variables
from routecomp.service.clock import Clock
from routecomp.service.failures.failure import Failure
from routecomp.service.health.permit import Permit, Refusal
from routecomp.service.usage import Usage

DEADLINE_S: Final = 600.0
"""The deadline of a call that names none: what the providers' own clients wait for."""


class TablesLike(Protocol):
    """What calls ask of the tables."""

    @property
    def router(self) -> Router:
        """The router that serves now."""


class HealthLike(Protocol):
    """What calls ask of health."""

    def barred(self, facts: Facts, now: float) -> frozenset[str]:
        """Return the models that the next call gives the router as `unavailable`."""

    def soonest(self, endpoints: Sequence[Endpoint], now: float) -> Endpoint:
        """Return the endpoint whose wait ends first."""

    def begin(
        self, endpoint: Endpoint, facts: Facts, tokens: int | None, now: float, *, despite: bool = False
    ) -> Permit | Refusal:
        """Let a try begin, or say why and for how long not."""

    def end(
        self, permit: Permit, failure: Failure | None, headers: Mapping[str, str] | None, latency_s: float, now: float
    ) -> None:
        """Take note of what came of a try."""

    def cancel(self, permit: Permit, now: float) -> None:
        """Take note that nothing came of it."""


class CaptureLike(Protocol):
    """What calls ask of capture."""

    def begin(self, decision: Decision, request: Mapping[str, Any]) -> Any:
        """Take note that a call begins, and return its record."""

    def attempt(self, record: Any, endpoint: Endpoint, outcome: str, latency_ms: int, error_class: str | None) -> None:
        """Take note of a try."""

    def finish(
        self,
        record: Any,
        outcome: str,
        *,
        usage: Usage | None,
        latency_ms: int,
        first_token_ms: int | None,
        model: str | None,
        error_class: str | None,
        facts: Facts,
    ) -> None:
        """Take note of what came of the call, once."""


class Entry(NamedTuple):
    """How one model is called, and what the service itself reads of that."""

    endpoint: Endpoint
    variables: Variables
    """The variables that hold its key and its secret headers."""
    total_s: float
    """The endpoint's own time-out in seconds; infinite without one."""
    first_token_s: float | None
    """The endpoint's own time-out of the first chunk of a stream."""


class View:
    """A router, with what calls read of it again and again. There is one for each table that serves."""

    __slots__ = ("_entries", "facts", "max_attempts", "retries", "router")

    def __init__(self, router: Router) -> None:
        self.router = router
        self.facts = router.facts
        resilience = self.facts.resilience
        self.max_attempts: Final = None if resilience is None else resilience.max_attempts
        self.retries: Final = 0 if resilience is None else resilience.retries
        self._entries: dict[Any, Entry] = {}

    def entry(self, decision: Decision, slug: str) -> Entry | None:
        """Return how a model of a decision's chain is called; None if the table does not say."""
        key: Any = decision[3:9] if slug == decision.model else slug
        entry = self._entries.get(key)
        if entry is None:
            endpoint = self.router.endpoint(decision, slug)
            if endpoint is None:
                return None
            entry = self._entries[key] = _entry_of(endpoint)
        return entry


def _entry_of(endpoint: Endpoint) -> Entry:
    own = () if endpoint.api_key_env is None else (endpoint.api_key_env,)
    total, first = endpoint.timeouts.get("total_ms"), endpoint.timeouts.get("first_token_ms")
    return Entry(
        endpoint,
        Variables((*own, *endpoint.secret_headers.values())),
        math.inf if total is None else total / 1000,
        None if first is None else first / 1000,
    )


class Desk:
    """What all calls of a service share."""

    __slots__ = ("_view", "capture", "clock", "deadline_s", "health", "strict", "tables")

    def __init__(
        self,
        tables: TablesLike,
        health: HealthLike,
        capture: CaptureLike,
        clock: Clock,
        *,
        strict: bool = False,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self.tables = tables
        self.health = health
        self.capture = capture
        self.clock = clock
        self.strict = strict
        self.deadline_s = deadline_s
        self._view = View(tables.router)

    def view(self) -> View:
        """Return the view of the router that serves now."""
        view, router = self._view, self.tables.router
        if view.router is not router:
            view = self._view = View(router)
        return view
