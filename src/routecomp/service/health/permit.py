"""Define what a call gets when it begins: leave to go on, or the reason why not; and what a failure has to tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from routecomp.runtime.resolver import Endpoint, Facts
from routecomp.service.health.scope import Scope


class Failed(Protocol):
    """What health reads of a failure: `routecomp.service.failures.Failure` is one."""

    @property
    def outcome(self) -> str:
        """The word of the health vocabulary; `rate_limited` with a wait says that the host is well."""

    @property
    def blames(self) -> str:
        """Who has to change something: `host`, `configuration`, `key`, or others, which count against nobody."""

    @property
    def retry_after_s(self) -> float | None:
        """How long the host asks to wait, in seconds."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the host's answer."""


class Refusal(NamedTuple):
    """Why a call may not begin."""

    reason: str
    """`open` or `probe` (the circuit), `asked` (Retry-After), `headers` (nothing is left), `rpm`, `tpm`, `parallel`."""
    wait_s: float
    """For how many seconds, as far as that is known."""


class Permit:
    """Leave for one call; it is given back once, by `Health.end` or `Health.cancel`."""

    __slots__ = ("_open", "endpoint", "facts", "places", "tokens", "trials")

    def __init__(self, endpoint: Endpoint, facts: Facts, trials: tuple[tuple[Scope, int], ...]) -> None:
        self.endpoint = endpoint
        self.facts = facts
        self.trials = trials
        """The circuits that the call tries, with its number there."""
        self.places: tuple[Scope, ...] = ()
        """The scopes whose declared limits it counts against."""
        self.tokens = 0
        """The tokens that were counted when it began."""
        self._open = True

    @property
    def counts(self) -> bool:
        """Whether its end changes anything, however it ends."""
        return bool(self.trials or self.places)

    def finish(self) -> bool:
        """Return True for the first who ends the permit, of any number of threads."""
        try:
            del self._open
        except AttributeError:
            return False
        return True


class Leave(Permit):
    """Leave for all calls of an endpoint that begin while nothing is remembered: none of them counts anywhere.

    It is made once for a table that serves; whoever has it ends it once by himself.
    """

    __slots__ = ()

    def finish(self) -> bool:
        """Return True."""
        return True
