"""Define what a failed try means to the service."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

FailureOutcome = Literal["retriable_error", "terminal_error", "rate_limited", "timeout"]
Blamed = Literal["host", "request", "configuration", "key", "caller"]

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class Failure(NamedTuple):
    """What came of a try that brought no answer."""

    outcome: FailureOutcome
    """The word of the health vocabulary."""
    error_class: str
    """The kind of the error in a short word: a class, or AWS's code; never a message."""
    retry_after_s: float | None = None
    """How long the host asks to wait, in seconds; None where it does not say."""
    blames: Blamed = "host"
    """Who has to change something: the host, the request, the configuration, the key's owner, or the caller's own code.

    A key that is refused or has no money left fails every model that is called with it.
    The request's faults say nothing of a host's health. The caller's own end the call: no other model would mend them.
    """
    headers: Mapping[str, str] = NO_HEADERS
    """The headers of the host's answer, their names in small letters; empty where there is none."""
