"""Make spans and metrics of calls, with the names of OpenTelemetry's conventions for generative AI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from routecomp.service.capture.record import Attempt, Record
from routecomp.service.capture.rows import Row
from routecomp.service.capture.sinks.conventions import CONVENTIONS, Version, provider_of
from routecomp.service.capture.texts import whole

_NAME: Final = "routecomp.service"
_OPERATION: Final = "chat"
_TOLD: Final = (
    *("outcome_id", "route", "route_name", "source", "status", "outcome", "ruleset_hash"),
    *("model", "answered_by", "experiment", "variant", "version", "cost_pusd"),
)
"""The columns of an outcome that its span has."""


class OpenTelemetry:
    """A sink that tells a tracer and a meter of calls: a span for each, and within it one for each try of a model.

    A call's span belongs to the one that was current where it began. No span and no metric has a tenant, a unit or a
    request's id; `routecomp.outcome_id` leads to the row that has them. Where a version of the conventions calls
    something otherwise, `conventions` says which one counts.
    """

    kinds = frozenset({"routing_outcomes"})

    def __init__(
        self, *, tracer_provider: Any = None, meter_provider: Any = None, conventions: Version = "1.37"
    ) -> None:
        """Take providers, or the global ones. Needs the extra `otel`."""
        # lazy: an optional package, which only who asks for this sink needs
        from opentelemetry import context, metrics, trace

        self._trace = trace
        self.take_context = context.get_current
        self._names = names = CONVENTIONS[conventions]
        self._tracer = trace.get_tracer(_NAME, tracer_provider=tracer_provider)
        meter = metrics.get_meter(_NAME, meter_provider=meter_provider)
        self._duration = meter.create_histogram(names.duration_metric, "s", "GenAI operation duration.")
        self._tokens = meter.create_histogram(names.token_metric, "{token}", "Number of input and output tokens used.")
        self._first_chunk = None
        if names.first_chunk_metric is not None:
            self._first_chunk = meter.create_histogram(
                names.first_chunk_metric, "s", "Time to receive the first chunk."
            )

    def write(self, rows: Sequence[Row]) -> None:
        """Tell of each call whose outcome is among the rows."""
        for row in rows:
            if row.kind == "routing_outcomes" and row.record is not None:
                self._tell(row.values, row.record)

    def close(self) -> None:
        """Do nothing: providers are closed by those who made them."""

    def _tell(self, values: Any, record: Record) -> None:
        """Make the spans of a call, and measure its tries."""
        trace = self._trace
        attributes = {f"routecomp.{key}": values[key] for key in _TOLD if values[key] is not None}
        begun = _nanoseconds(record.begun)
        span = self._tracer.start_span(
            f"route {values['route_name'] or 'unknown'}", record.context, attributes=attributes, start_time=begun
        )
        within = trace.set_span_in_context(span)
        for attempt in record.attempts:
            self._tell_try(attempt, record, within)
        if values["outcome"] == "failed":
            span.set_attribute(self._names.error, values["error_class"] or "_OTHER")
            span.set_status(trace.StatusCode.ERROR)
        span.end(begun + (values["latency_ms"] or 0) * 1_000_000)

    def _tell_try(self, attempt: Attempt, record: Record, within: Any) -> None:
        """Make the span of a try, and measure it."""
        names, endpoint = self._names, attempt.endpoint
        attributes: dict[str, Any] = {
            names.operation: _OPERATION,
            names.provider: provider_of(endpoint, names),
            names.request_model: endpoint.upstream_model,
        }
        if (host := _host(endpoint.url)) is not None:
            attributes[names.address] = host
        if attempt.outcome != "ok":
            attributes[names.error] = attempt.error_class or attempt.outcome
        seconds = (whole(attempt.latency_ms) or 0) / 1000
        self._duration.record(seconds, attributes)
        spent: dict[str, int] = {}
        usage = record.usage
        if attempt.outcome == "ok" and attempt is record.attempts[-1]:
            for kind, name, count in (
                ("input", names.input_tokens, None if usage is None else whole(usage.input_tokens)),
                ("output", names.output_tokens, None if usage is None else whole(usage.output_tokens)),
            ):
                if count is not None:
                    spent[name] = count
                    self._tokens.record(count, {**attributes, names.token_type: kind})
            first_ms = whole(record.first_token_ms)
            if first_ms is not None and self._first_chunk is not None:
                before = attempt.ended - seconds - record.begun
                self._first_chunk.record(max(first_ms / 1000 - before, 0.0), attributes)
        trace = self._trace
        ended = _nanoseconds(attempt.ended)
        span = self._tracer.start_span(
            f"{_OPERATION} {endpoint.upstream_model}",
            within,
            kind=trace.SpanKind.CLIENT,
            attributes={**attributes, **spent, "routecomp.model": endpoint.model},
            start_time=ended - round(seconds * 1e9),
        )
        if attempt.outcome != "ok":
            span.set_status(trace.StatusCode.ERROR)
        span.end(ended)


def _nanoseconds(seconds: float) -> int:
    return round(min(max(seconds, 0.0), 9e9) * 1e9)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
