"""Hold what all calls of a service share: the router that serves, health, capture, clock and defaults."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple, Protocol

from routecomp.runtime.resolver import Decision, Endpoint, Router
from routecomp.service.budgets.budgets import Budgets
from routecomp.service.calls.keys import Variables
from routecomp.service.capture.capture import Capture
from routecomp.service.clock import Clock
from routecomp.service.health.health import Health

DEADLINE_S: Final = 600.0
"""The deadline of a call that names none: what the providers' own clients wait for."""

LONGEST_S: Final = 2_000_000.0
"""The longest deadline, 23 days: sockets take no longer time-out."""


class Served(Protocol):
    """What calls ask of the tables."""

    @property
    def router(self) -> Router:
        """The router that serves now."""


class Mirrors(Protocol):
    """What calls ask of shadows."""

    def offer(self, decision: Decision, request: Any, served: str, function: Any) -> None:
        """Mirror an answered call, in threads."""

    def offer_task(self, decision: Decision, request: Any, served: str, function: Any) -> None:
        """Mirror an answered call, in tasks of the running loop."""


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

    __slots__ = ("entries", "facts", "has_budgets", "max_attempts", "retries", "router")

    def __init__(self, router: Router) -> None:
        self.router = router
        self.facts = router.facts
        self.has_budgets: Final = bool(self.facts.budgets)
        resilience = self.facts.resilience
        self.max_attempts: Final = None if resilience is None else resilience.max_attempts
        self.retries: Final = 0 if resilience is None else resilience.retries
        self.entries: dict[Any, Entry] = {}
        """Those that were asked for, by a model's slug; of a decision's own model by its address and key too."""

    def entry(self, decision: Decision, slug: str) -> Entry | None:
        """Return how a model of a decision's chain is called; None if the table does not say."""
        # The decision's own model may have a key of its own, or be the last resort at another address.
        key: Any = (slug, decision[6], decision[8]) if slug == decision[3] else slug
        entry = self.entries.get(key)
        if entry is None:
            endpoint = self.router.endpoint(decision, slug)
            if endpoint is None:
                return None
            entry = self.entries[key] = entry_of(endpoint)
        return entry


def entry_of(endpoint: Endpoint) -> Entry:
    """Return how an endpoint is called, with what calls read of it."""
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

    __slots__ = ("_view", "budgets", "capture", "clock", "deadline_s", "health", "mirror", "strict", "tables")

    def __init__(
        self,
        tables: Served,
        health: Health,
        capture: Capture,
        clock: Clock,
        *,
        strict: bool = False,
        deadline_s: float = DEADLINE_S,
        budgets: Budgets | None = None,
    ) -> None:
        self.tables = tables
        self.health = health
        self.capture = capture
        self.clock = clock
        self.strict = strict
        self.deadline_s = deadline_s
        self.budgets = Budgets(clock=clock) if budgets is None else budgets
        self.mirror: Mirrors | None = None
        """Who mirrors answered calls to shadows; None if nobody does."""
        self._view = View(tables.router)

    def view(self) -> View:
        """Return the view of the router that serves now."""
        view, router = self._view, self.tables.router
        if view.router is not router:
            view = self._view = View(router)
        return view
