"""Make the rows of a call: its outcome and its attempts as the database has them, and how it was routed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from routecomp.runtime.resolver import ARGUMENTS, Router
from routecomp.service.capture.record import Attempt, Record
from routecomp.service.capture.texts import amount, as_slug, clean, whole

Kind = Literal["routing_outcomes", "routing_attempts", "inference.routed"]
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = 253_402_300_799  # the last second of the year 9999


class Row(NamedTuple):
    """One row for sinks. It is shared by all of them: who changes the values makes a copy."""

    kind: Kind
    """The table that it is for, or the name of the audit event."""
    values: Mapping[str, Any]
    """Texts, whole numbers and None by column; of the audit event also lists and mappings of them."""
    record: Record | None = None
    """The call that it is of: what sinks of this package read beside the columns."""


class _Log(NamedTuple):
    """How a decision came about, as far as the audit event tells it; it is shared by events."""

    policy: str | None
    filters: list[dict[str, Any]] | None
    """What each filter left; None where that is not known."""
    rungs: list[dict[str, Any]] | None


_UNKNOWN: Final = _Log(None, None, None)
_DECISIVE: Final = tuple(name for name in ARGUMENTS if name not in ("unit", "request_id"))
"""The arguments on which filters depend: ids choose among what they leave."""
_MOST_LOGS: Final = 1024


class RowMaker:
    """Make the rows of calls. What filters did for a request is remembered for the next one like it."""

    def __init__(self) -> None:
        self._router: Router | None = None
        self._logs: dict[Any, _Log] = {}  # of requests to this router

    def of(self, record: Record, *, is_late: bool = False) -> list[Row]:
        """Return the rows of a call that is finished: how it was routed, its attempts, its outcome.

        Where that `is_late`, the filters are told only if they are remembered.
        """
        begun = _moment(record.begun)
        key = {"day": begun[:10], "outcome_id": record.outcome_id}
        routed = {**key, "begun_at": begun, **_routed(record, self._log(record, is_late))}
        outcome = {**key, "begun_at": begun, **_outcome(record)}
        attempts = [
            Row("routing_attempts", {**key, **_attempt(number, attempt)}, record)
            for number, attempt in enumerate(record.attempts, start=1)
        ]
        return [Row("inference.routed", routed, record), *attempts, Row("routing_outcomes", outcome, record)]

    def _log(self, record: Record, is_late: bool) -> _Log:
        """Return how a decision came about."""
        if record.router is None:
            return _UNKNOWN
        if record.router is not self._router:
            self._logs.clear()
            self._router = record.router
        decision = record.decision
        try:
            key = (
                decision.status,
                decision.floor_bp,
                record.unavailable,
                *[_hashed(record.request.get(name)) for name in _DECISIVE],
            )
            log = self._logs.get(key)
        except Exception:  # a value of the caller's own class, which is asked for no hash
            key, log = None, None
        if log is None:
            log = _UNKNOWN if is_late else _log_of(record, record.router)
            if not is_late and key is not None:
                if len(self._logs) >= _MOST_LOGS:
                    self._logs.clear()
                self._logs[key] = log
        return log


def cost_of(record: Record) -> int | None:
    """Return what a call cost in pico-dollars: the table's prices times what it used; None where one is not known."""
    usage, facts = record.usage, record.facts
    prices = None if facts is None else facts.model(record.answered_by)
    if usage is None or prices is None:
        return None
    given, taken = whole(usage.input_tokens), whole(usage.output_tokens)
    if given is None and taken is None:
        return None
    return amount((given or 0) * prices.input_pusd + (taken or 0) * prices.output_pusd)


def _outcome(record: Record) -> dict[str, Any]:
    decision, usage = record.decision, record.usage
    return {
        "request_id": clean(record.request.get("request_id")),
        "tenant": clean(record.request.get("tenant")),
        "route": decision.route,
        "route_name": clean(decision.route_name),
        "source": decision.source,
        "status": decision.status,
        "outcome": record.outcome,
        "reasons": json.dumps([clean(reason) for reason in decision.reasons]),
        "ruleset_hash": decision.ruleset_hash,
        "model": as_slug(decision.model),
        "answered_by": as_slug(record.answered_by),
        "experiment": decision.experiment,
        "variant": decision.variant,
        "version": decision.version,
        "slot": decision.slot,
        "latency_ms": whole(record.latency_ms),
        "first_token_ms": whole(record.first_token_ms),
        "input_tokens": None if usage is None else whole(usage.input_tokens),
        "output_tokens": None if usage is None else whole(usage.output_tokens),
        "cost_pusd": cost_of(record),
        "error_class": clean(record.error_class),
    }


def _attempt(number: int, attempt: Attempt) -> dict[str, Any]:
    return {
        "number": number,
        "model": as_slug(attempt.endpoint.model) or "unknown",
        "outcome": attempt.outcome,
        "latency_ms": whole(attempt.latency_ms),
        "error_class": clean(attempt.error_class),
    }


def _routed(record: Record, log: _Log) -> dict[str, Any]:
    """Return how a call was routed: the decision, and the first three models that were left after each filter."""
    decision = record.decision
    return {
        "request_id": clean(record.request.get("request_id")),
        "tenant": clean(record.request.get("tenant")),
        "router": "direct" if decision.route == "direct" else decision.source,
        "route": decision.route,
        "route_name": clean(decision.route_name),
        "status": decision.status,
        "model": decision.model,
        "chain": list(decision.chain),
        "reasons": [clean(reason) for reason in decision.reasons],
        "policy": log.policy,
        "floor_bp": decision.floor_bp,
        "experiment": decision.experiment,
        "variant": decision.variant,
        "version": decision.version,
        "slot": decision.slot,
        "estimated_cost_pusd": decision.estimated_cost_pusd,
        "ruleset_hash": decision.ruleset_hash,
        "filters": log.filters,
        "rungs": log.rungs,
    }


def _log_of(record: Record, router: Router) -> _Log:
    """Return the log of a decision, by the request and the router that decided; nothing if another table serves."""
    request = dict(record.request)
    if record.unavailable:
        names = request.get("unavailable")
        given = names if isinstance(names, list | tuple | set | frozenset) else ()
        request["unavailable"] = [*given, *record.unavailable]
    explanation = router.explain_request(request)
    if explanation["decision"]["ruleset_hash"] != record.decision.ruleset_hash:
        return _UNKNOWN
    return _Log(
        explanation["policy"],
        [
            {"filter": entry["filter"], "survivors": entry["survivors"], "first": entry["first"]}
            for entry in explanation.get("filters", ())
        ],
        [
            {"source": rung["source"], "model": rung["model"], "refused": rung["refused"]}
            for rung in explanation.get("rungs", ())
        ],
    )


def _hashed(value: Any) -> Any:
    """Return a value as a key that only equal values have; raise if it is of a type that might not know."""
    kind = type(value)
    if value is None or kind in (str, int, float, bool):
        return kind, value
    if kind in (list, tuple):
        return kind, tuple([_hashed(entry) for entry in value])
    raise TypeError


def _moment(seconds: float) -> str:
    """Return seconds of the epoch as text, in UTC; of a clock that is wrong the nearest moment that a database has."""
    moment = _EPOCH + timedelta(seconds=min(max(seconds, 0.0), _LAST))
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
