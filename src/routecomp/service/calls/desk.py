"""Hold what all calls of a service share: the router that serves, health, capture, clock and defaults."""

from __future__ import annotations

import math
from typing import Any, Final, Protocol

from routecomp.runtime.resolver import Decision, Endpoint, Facts, Router
from routecomp.service.budgets.amounts import KnownModels
from routecomp.service.budgets.budgets import Budgets
from routecomp.service.calls.keys import Variables
from routecomp.service.capture.capture import Capture
from routecomp.service.clock import Clock
from routecomp.service.health.health import Health
from routecomp.service.health.permit import Leave

DEADLINE_S: Final = 600.0
"""The deadline of a call that names none: what the providers' own clients wait for."""

_MODEL, _URL, _KEY = (Decision._fields.index(name) for name in ("model", "url", "api_key_env"))
LONGEST_S: Final = 2_000_000.0
"""The longest deadline, 23 days: sockets take no longer time-out."""


class Served(Protocol):
    """What calls ask of the tables."""

    @property
    def router(self) -> Router:
        """The router that serves now."""


class Mirrors(Protocol):
    """What calls ask of shadows."""

    def offer(self, decision: Decision, request: Any, served: str, function: Any, *, is_stream: bool = False) -> None:
        """Mirror an answered call, in threads; of a stream, what the function hears counts."""

    def offer_task(
        self, decision: Decision, request: Any, served: str, function: Any, *, is_stream: bool = False
    ) -> None:
        """Mirror an answered call, in tasks of the running loop."""


class Entry:
    """How one model is called, and what the service itself reads of that."""

    __slots__ = ("endpoint", "first_token_s", "key", "leave", "model", "total_s", "url", "variables")

    def __init__(self, endpoint: Endpoint, facts: Facts) -> None:
        self.endpoint: Final = endpoint
        self.model: Final = endpoint.model
        self.url: Final = endpoint.url
        self.key: Final = endpoint.api_key_env
        self.variables: Final = variables_of(endpoint)
        """The variables that hold its key and its secret headers."""
        total, first = endpoint.timeouts.get("total_ms"), endpoint.timeouts.get("first_token_ms")
        self.total_s: Final = math.inf if total is None else total / 1000
        """The endpoint's own time-out in seconds; infinite without one."""
        self.first_token_s: Final = None if first is None else first / 1000
        """The endpoint's own time-out of the first chunk of a stream."""
        self.leave: Final = None if any(endpoint.limits.values()) else Leave(endpoint, facts, ())
        """Leave for calls of it while health is quiet; None where it has declared limits, which count each call."""


class View:
    """A router, with what calls read of it again and again. There is one for each table that serves."""

    __slots__ = ("entries", "facts", "has_budgets", "max_attempts", "models", "own", "retries", "router")

    def __init__(self, router: Router) -> None:
        self.router = router
        self.facts = router.facts
        self.models: Final = KnownModels(self.facts)
        self.has_budgets: Final = bool(self.facts.budgets)
        resilience = self.facts.resilience
        self.max_attempts: Final = None if resilience is None else resilience.max_attempts
        self.retries: Final = 0 if resilience is None else resilience.retries
        self.entries: dict[Any, Entry] = {}
        """Those that were asked for, by a model's slug; of a decision's own model by its address and key too."""
        self.own: dict[str, Entry] = {}
        """Of decisions' own models those that were asked for last, by slug."""

    def entry(self, decision: Decision, slug: str) -> Entry | None:
        """Return how a model of a decision's chain is called; None if the table does not say."""
        # The decision's own model may have a key of its own, or be the last resort at another address.
        if slug != decision[_MODEL]:
            return self._entry(decision, slug, slug)
        entry = self.own.get(slug)
        if entry is None or entry.url != decision[_URL] or entry.key != decision[_KEY]:
            entry = self._entry(decision, slug, (slug, decision[_URL], decision[_KEY]))
            if entry is not None:
                self.own[slug] = entry
        return entry

    def _entry(self, decision: Decision, slug: str, key: Any) -> Entry | None:
        entry = self.entries.get(key)
        if entry is None:
            endpoint = self.router.endpoint(decision, slug)
            if endpoint is None:
                return None
            entry = self.entries[key] = Entry(endpoint, self.facts)
        return entry


def variables_of(endpoint: Endpoint) -> Variables:
    """Return the variables that hold an endpoint's key and its secret headers."""
    own = () if endpoint.api_key_env is None else (endpoint.api_key_env,)
    return Variables((*own, *endpoint.secret_headers.values()))


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
