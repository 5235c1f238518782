"""Hold what is known of one call until it is written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, NamedTuple, get_args

from routecomp.runtime.resolver import Decision, Facts, Router
from routecomp.service.usage import Usage

CallOutcome = Literal["succeeded", "fell_back", "failed", "rejected", "cancelled"]
AttemptOutcome = Literal["ok", "retriable_error", "terminal_error", "rate_limited", "timeout"]
CALL_OUTCOMES: Final[tuple[CallOutcome, ...]] = get_args(CallOutcome)
ATTEMPT_OUTCOMES: Final[tuple[AttemptOutcome, ...]] = get_args(AttemptOutcome)


class Attempt(NamedTuple):
    """One try of a model."""

    model: str
    outcome: AttemptOutcome
    latency_ms: float | None
    error_class: str | None


class Record:
    """One call, from its beginning until it is finished: by its caller once, or else when nobody holds it any more."""

    __slots__ = (
        "_lost",
        "_open",
        "answered_by",
        "attempts",
        "begun",
        "decision",
        "epoch",
        "error_class",
        "facts",
        "first_token_ms",
        "latency_ms",
        "outcome",
        "outcome_id",
        "request",
        "router",
        "rows",
        "started",
        "unavailable",
        "usage",
    )

    def __init__(
        self,
        outcome_id: str,
        begun: float,
        started: float,
        decision: Decision,
        request: Mapping[str, Any],
        router: Router | None,
        unavailable: frozenset[str],
        epoch: int,
        lost: Callable[[Record], None],
    ) -> None:
        self.outcome_id = outcome_id
        self.begun = begun
        """When the call began, in seconds of the epoch."""
        self.started = started
        """The same by the clock that nobody sets."""
        self.decision = decision
        self.request = request
        self.router = router
        self.unavailable = unavailable
        """The models that health barred when the router decided."""
        self.facts: Facts | None = None
        self.epoch = epoch
        """In which process it began, counted by forks."""
        self._lost = lost
        self.attempts: list[Attempt] = []
        self.outcome: CallOutcome = "cancelled"
        self.usage: Usage | None = None
        self.latency_ms: float | None = None
        self.first_token_ms: float | None = None
        self.answered_by: str | None = None
        self.error_class: str | None = None
        self.rows: Any = None
        """What sinks are given, once it is made."""
        self._open = True

    def close(self) -> bool:
        """Return True for the first who finishes the call, of any number of threads."""
        try:
            del self._open
        except AttributeError:
            return False
        return True

    @property
    def is_open(self) -> bool:
        """Whether nobody has finished the call."""
        return hasattr(self, "_open")

    def __del__(self) -> None:
        if hasattr(self, "_open"):
            try:
                self._lost(self)
            except Exception:  # the interpreter is going down
                return
