"""A service over the table of tests/runtime/tables.py, with a clock that stands still and hosts that fail as told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from routecomp.runtime.resolver import Decision, Endpoint, Facts, Router
from routecomp.service.calls.at import At
from routecomp.service.calls.calls import Calls
from routecomp.service.calls.desk import Desk
from routecomp.service.capture.capture import Capture
from routecomp.service.capture.record import Holder, Record
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
    latency_ms: float | None = None
    first_token_ms: float | None = None
    error_class: str | None = None
    tries: list[tuple[str, str, str | None]] = field(default_factory=list)


class Kept(Capture):
    """A capture that is seen at work."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock=clock)
        self.rows: list[Row] = []
        self.by_id: dict[str, Row] = {}

    def begin(
        self,
        decision: Decision,
        request: Mapping[str, Any],
        router: Router | None = None,
        unavailable: frozenset[str] = frozenset(),
        holder: Holder | None = None,
    ) -> Record:
        record = super().begin(decision, request, router, unavailable, holder)
        row = self.by_id[record.outcome_id] = Row(decision, request)
        self.rows.append(row)
        return record

    def redecide(self, record: Record, decision: Decision, unavailable: frozenset[str]) -> None:
        super().redecide(record, decision, unavailable)
        self.by_id[record.outcome_id].decision = decision

    def attempt(self, record: Record, endpoint: Endpoint, outcome: Any, *args: Any) -> None:
        super().attempt(record, endpoint, outcome, *args)
        self.by_id[record.outcome_id].tries.append((endpoint.model, outcome, args[1] if len(args) > 1 else None))
        assert args[0] >= 0

    def finish(self, record: Record, outcome: Any, *, facts: Facts | None = None, **more: Any) -> None:
        super().finish(record, outcome, facts=facts, **more)
        row = self.by_id[record.outcome_id]
        row.outcome = outcome
        for name, value in more.items():
            setattr(row, name, value)

    def answered(self, record: Record, endpoint: Endpoint, outcome: Any, usage: Usage | None, *times: Any) -> None:
        super().answered(record, endpoint, outcome, usage, *times)
        row = self.by_id[record.outcome_id]
        row.tries.append((endpoint.model, "ok", None))
        row.outcome, row.usage, row.model = outcome, usage, endpoint.model
        _, row.latency_ms, row.first_token_ms, _ = times

    @property
    def outcomes(self) -> list[str | None]:
        return [row.outcome for row in self.rows]

    def assert_once(self) -> None:
        """See that each call has had one outcome."""
        status = self.status()
        assert status["in_flight"] == status["dispatch_without_capture_total"] == 0
        assert status["unexpected_capture_total"] == 0


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
        self.kept = Kept(self.clock)
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
        self.kept.assert_once()
        return row


def set_keys(patch: pytest.MonkeyPatch) -> None:
    """Set every key of the table."""
    for key in KEYS:
        patch.setenv(key, f"secret of {key}")
