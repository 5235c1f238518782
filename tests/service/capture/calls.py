"""Make calls as the service makes them: of a small table, with any outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from routecomp.runtime.resolver import Endpoint, Router
from routecomp.service.capture.capture import Capture
from routecomp.service.capture.record import Record
from routecomp.service.capture.rows import Row
from routecomp.service.usage import Usage
from tests.runtime.tables import router

ROUTER = router()
FACTS = ROUTER.facts


class Kept:
    """A sink that keeps its rows in a list."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.is_closed = False

    def write(self, rows: Sequence[Row]) -> None:
        self.rows += rows

    def close(self) -> None:
        self.is_closed = True

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [dict(row.values) for row in self.rows if row.kind == kind]


def begin(capture: Capture, table: Router = ROUTER, **request: Any) -> Record:
    """Begin a call of a feature, or of what the request names."""
    request = request or {"feature": "chat"}
    return capture.begin(table.resolve(**request), request, table)


def endpoint(slug: str) -> Endpoint:
    """Return how a model of a chain is called."""
    way = ROUTER.endpoint(ROUTER.resolve(feature="chat"), slug)
    assert way is not None
    return way


OPUS = endpoint("opus")


def attempt(capture: Capture, record: Record, slug: str, outcome: Any = "ok", error: str | None = None) -> None:
    """Add a try of a model."""
    capture.attempt(record, endpoint(slug), outcome, 120, error)


def answer(capture: Capture, **request: Any) -> None:
    """Make a call that the first model answers."""
    record = begin(capture, **request)
    attempt(capture, record, "opus")
    capture.finish(record, "succeeded", usage=Usage(100, 20), latency_ms=130, model=record.decision.model, facts=FACTS)
