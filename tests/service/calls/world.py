"""A service over the table of tests/runtime/tables.py, with a clock that stands still and hosts that fail as told."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from routecomp.runtime.resolver import Decision, Endpoint
from routecomp.service.calls.at import At
from routecomp.service.calls.calls import Calls
from routecomp.service.calls.desk import Desk
from routecomp.service.health.health import Health
from routecomp.service.usage import Usage
from tests.runtime.tables import router
from tests.service.clock import FakeClock

KEYS = ("ANTHROPIC_API_KEY", "MISTRAL_API_KEY", "OPENAI_API_KEY", "NIMBUS_KEY")


@dataclass
class Row:
    """What was captured of one call."""

    decision: Decision
    request: Mapping[str, Any]
    outcome: str | None = None
    model: str | None = None
    usage: Usage | None = None
    latency_ms: int | None = None
    first_token_ms: int | None = None
    error_class: str | None = None
    tries: list[tuple[str, str, str | None]] = field(default_factory=list)


class Kept:
    """A capture that keeps rows in a list, and counts what ends twice."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.twice = 0

    def begin(self, decision: Decision, request: Mapping[str, Any]) -> Row:
        row = Row(decision, request)
        self.rows.append(row)
        return row

    def attempt(self, record: Row, endpoint: Endpoint, outcome: str, latency_ms: int, error_class: str | None) -> None:
        assert record.outcome is None
        assert latency_ms >= 0
        record.tries.append((endpoint.model, outcome, error_class))

    def finish(self, record: Row, outcome: str, *, facts: object, **more: Any) -> None:
        if record.outcome is not None:
            self.twice += 1
        record.outcome = outcome
        for name, value in more.items():
            setattr(record, name, value)

    @property
    def outcomes(self) -> list[str | None]:
        gc.collect()
        return [row.outcome for row in self.rows]


class HostError(Exception):
    """What a client raises for a status."""

    def __init__(self, status_code: int, **headers: str) -> None:
        super().__init__(status_code)
        self.status_code = status_code
        self.headers = headers


class World:
    """The service, and what its parts have seen."""

    def __init__(self, changes: dict[str, Any] | None = None, *, strict: bool = False, deadline: float = 600.0) -> None:
        self.clock = FakeClock()
        self.tables = SimpleNamespace(router=router(changes))
        self.health = Health(clock=self.clock)
        self.kept = Kept()
        self.desk = Desk(self.tables, self.health, self.kept, self.clock, strict=strict, deadline_s=deadline)
        self.calls = Calls(self.desk)
        self.ends: dict[str, Any] = {}
        """By model: what its next calls end with, an exception or an answer; a list is used up one by one."""
        self.asked: list[At] = []

    def call(self, at: At) -> Any:
        """Do as the table of ends says; a number of seconds passes first where the end is a pair."""
        self.asked.append(at)
        end = self.ends.get(at.model, f"from {at.model}")
        if isinstance(end, list):
            end = end.pop(0) if end else f"from {at.model}"
        if isinstance(end, tuple):
            seconds, end = end
            self.clock.advance(seconds)
        if isinstance(end, BaseException):
            raise end
        return end

    async def acall(self, at: At) -> Any:
        """Do the same in a task."""
        return self.call(at)

    @property
    def models(self) -> list[str]:
        return [at.model for at in self.asked]

    @property
    def row(self) -> Row:
        """The only call that was made."""
        (row,) = self.kept.rows
        assert self.kept.twice == 0
        return row


def set_keys(patch: pytest.MonkeyPatch) -> None:
    """Set every key of the table."""
    for key in KEYS:
        patch.setenv(key, f"secret of {key}")
