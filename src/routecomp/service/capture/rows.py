"""Make the rows of a call: its outcome and its attempts as the database has them, and how it was routed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

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


def rows_of(record: Record) -> list[Row]:
    """Return the rows of a call that is finished: how it was routed, its attempts, its outcome."""
    begun = _moment(record.begun)
    key = {"day": begun[:10], "outcome_id": record.outcome_id}
    attempts = [
        Row("routing_attempts", {**key, **_attempt(number, attempt)})
        for number, attempt in enumerate(record.attempts, start=1)
    ]
    outcome = {**key, "begun_at": begun, **_outcome(record)}
    return [
        Row("inference.routed", {**key, "begun_at": begun, **_routed(record)}),
        *attempts,
        Row("routing_outcomes", outcome),
    ]


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
        "model": as_slug(attempt.model) or "unknown",
        "outcome": attempt.outcome,
        "latency_ms": whole(attempt.latency_ms),
        "error_class": clean(attempt.error_class),
    }


def _routed(record: Record) -> dict[str, Any]:
    """Return how a call was routed: the decision, and the first three models that were left after each filter."""
    decision, explanation = record.decision, _explanation(record)
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
        "policy": explanation.get("policy"),
        "floor_bp": decision.floor_bp,
        "experiment": decision.experiment,
        "variant": decision.variant,
        "version": decision.version,
        "slot": decision.slot,
        "estimated_cost_pusd": decision.estimated_cost_pusd,
        "ruleset_hash": decision.ruleset_hash,
        "filters": [
            {"filter": entry["filter"], "survivors": entry["survivors"], "first": entry["first"]}
            for entry in explanation.get("filters", ())
        ],
        "rungs": [
            {"source": rung["source"], "model": rung["model"], "refused": rung["refused"]}
            for rung in explanation.get("rungs", ())
        ],
    }


def _explanation(record: Record) -> Mapping[str, Any]:
    """Return the log of a decision, by the request and the router that decided; nothing if another table serves."""
    if record.router is None:
        return {}
    request = dict(record.request)
    if record.unavailable:
        names = request.get("unavailable")
        request["unavailable"] = [
            *(names if isinstance(names, list | tuple | set | frozenset) else ()),
            *record.unavailable,
        ]
    explanation = record.router.explain_request(request)
    same = explanation["decision"]["ruleset_hash"] == record.decision.ruleset_hash
    return explanation if same else {}


def _moment(seconds: float) -> str:
    """Return seconds of the epoch as text, in UTC; of a clock that is wrong the nearest moment that a database has."""
    moment = _EPOCH + timedelta(seconds=min(max(seconds, 0.0), _LAST))
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
