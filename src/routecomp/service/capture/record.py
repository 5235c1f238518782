"""Hold what is known of one call until it is written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, Protocol, get_args

from routecomp.runtime.resolver import Decision, Endpoint, Facts, Router
from routecomp.service.usage import Usage

CallOutcome = Literal["succeeded", "fell_back", "failed", "rejected", "cancelled"]
AttemptOutcome = Literal["ok", "retriable_error", "terminal_error", "rate_limited", "timeout"]
CALL_OUTCOMES: Final[tuple[CallOutcome, ...]] = get_args(CallOutcome)
ATTEMPT_OUTCOMES: Final[tuple[AttemptOutcome, ...]] = get_args(AttemptOutcome)


class Attempt(NamedTuple):
    """One try of a model."""

    endpoint: Endpoint
    outcome: AttemptOutcome
    latency_ms: float | None
    error_class: str | None
    ended: float
    """When it ended, in seconds of the epoch."""


class Keeper(Protocol):
    """Who is told of a call that nobody finished, and numbers calls."""

    prefix: str
    """What the ids begin with of all that it numbers."""
    mark: object
    """What each call holds that is in flight: how many do is counted by the references to it."""

    def lose(self, record: Record) -> None:
        """Write it down."""


class Holder(Protocol):
    """Who finishes a call: it has the record before the call is in flight."""

    record: Record | None


class Record:
    """One call, from its beginning until it is finished: by its caller once, or else when nobody holds it any more.

    Any step here may be the last of its thread: a signal's handler may raise between any two. So a call is in flight
    from one assignment to one deletion, of the mark; and what holds the mark when nobody holds it is lost.
    """

    __slots__ = (
        "_keeper",
        "_mark",
        "_number",
        "_open",
        "answered_by",
        "attempts",
        "begun",
        "context",
        "counted",
        "decision",
        "dropped_is_cancelled",
        "epoch",
        "error_class",
        "facts",
        "first_token_ms",
        "given",
        "latency_ms",
        "outcome",
        "request",
        "router",
        "rows",
        "unavailable",
        "usage",
    )

    counted: bool
    """Whether the tally has it; not set until then."""
    dropped_is_cancelled: bool
    """Whether its caller holds the call, and cancels it by letting go; set only where that is so."""
    rows: Any
    """What sinks are given; not set until it is made."""
    given: int
    """Which sinks have its rows, as bits; not set until one has."""

    def __init__(
        self,
        number: int,
        begun: float,
        decision: Decision,
        request: Mapping[str, Any],
        router: Router | None,
        unavailable: frozenset[str],
        epoch: int,
        keeper: Keeper,
        holder: Holder | None,
    ) -> None:
        self._number = number
        self.begun = begun
        """When the call began, in seconds of the epoch."""
        self.decision = decision
        self.request = request
        self.router = router
        self.unavailable = unavailable
        """The models that health barred when the router decided."""
        self.epoch = epoch
        """In which process it began, counted by forks."""
        self.attempts: tuple[Attempt, ...] = ()
        self.context: Any = None
        """What a sink took note of when the call began."""
        self._keeper = keeper
        self._open = True
        if holder is not None:
            holder.record = self
        self._mark = keeper.mark

    @property
    def outcome_id(self) -> str:
        """What the call is called by from its beginning on, unlike any other of any process."""
        return f"{self._keeper.prefix}-{self._number:x}"

    def fill(
        self,
        outcome: CallOutcome,
        usage: Usage | None,
        facts: Facts | None,
        latency_ms: float,
        first_token_ms: float | None,
        answered_by: str | None,
        error_class: str | None,
    ) -> None:
        """Say what came of the call."""
        self.outcome = outcome
        self.usage = usage
        self.facts = facts
        self.latency_ms = latency_ms
        self.first_token_ms = first_token_ms
        self.answered_by = answered_by
        self.error_class = error_class

    def close(self) -> bool:
        """Return True for the first who finishes the call, of any number of threads."""
        try:
            del self._open
        except AttributeError:
            return False
        return True

    def is_kept_by(self, keeper: Keeper) -> bool:
        """Whether somebody is told of it if nobody finishes it."""
        return getattr(self, "_keeper", None) is keeper  # one that is being made may have none yet

    def land(self) -> None:
        """Take note that all who are to know have what came of the call: it is in flight no more."""
        try:  # `suppress` takes ten times as long
            del self._mark
        except AttributeError:
            return

    @property
    def is_open(self) -> bool:
        """Whether nobody has finished the call."""
        return hasattr(self, "_open")

    def __del__(self) -> None:
        if hasattr(self, "_mark"):
            try:
                self._keeper.lose(self)
            except Exception:  # the interpreter is going down
                return
