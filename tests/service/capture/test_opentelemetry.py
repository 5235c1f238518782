"""Spans and metrics of calls have the names of the conventions, belong to their callers', and tell of nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from routecomp.service.capture.capture import Capture
from routecomp.service.capture.sinks.conventions import CONVENTIONS, Version, provider_of
from routecomp.service.capture.sinks.opentelemetry import OpenTelemetry
from routecomp.service.usage import Usage
from tests.service.capture.calls import FACTS, OPUS, attempt, begin
from tests.service.clock import START, FakeClock

pytest.importorskip("opentelemetry.sdk", reason="NOT TESTED: OpenTelemetry's SDK is not installed")


class Seen:
    """Providers that keep in memory what they are told."""

    def __init__(self) -> None:
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import InMemoryMetricReader
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

        self._exporter, self._reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.meters = MeterProvider([self._reader])

    def sink(self, conventions: Version = "1.37") -> OpenTelemetry:
        return OpenTelemetry(tracer_provider=self.tracers, meter_provider=self.meters, conventions=conventions)

    def spans(self) -> dict[str, Any]:
        return {span.name: span for span in self._exporter.get_finished_spans()}

    def metrics(self) -> dict[str, list[tuple[dict[str, Any], float]]]:
        """Return the sums of each metric with their attributes."""
        data = json.loads(self._reader.get_metrics_data().to_json())  # type: ignore[union-attr]
        return {
            metric["name"]: [(point["attributes"], point["sum"]) for point in metric["data"]["data_points"]]
            for metric in data["resource_metrics"][0]["scope_metrics"][0]["metrics"]
        }


def call(capture: Capture, clock: FakeClock) -> None:
    """Make a call that falls back: two seconds each."""
    record = begin(capture, feature="chat", tenant="tenant-x", unit="unit-x", request_id="request-x")
    clock.advance(2)
    capture.attempt(record, OPUS, "rate_limited", 2000, "RateLimitError")
    clock.advance(2)
    attempt(capture, record, "mistral-3")
    usage = Usage(100, 20)
    capture.finish(record, "fell_back", usage=usage, first_token_ms=3900, model="mistral-3", facts=FACTS)


def test_a_call_is_a_span_with_its_tries_within() -> None:
    seen, clock = Seen(), FakeClock()
    capture = Capture([seen.sink()], clock=clock)
    with seen.tracers.get_tracer("caller").start_as_current_span("caller"):
        call(capture, clock)
    assert capture.close(10)
    spans = seen.spans()
    route, failed, answered = spans["route chat"], spans["chat upstream/anthropic"], spans["chat upstream/mistral"]
    assert route.parent.span_id == spans["caller"].context.span_id
    assert {failed.parent.span_id, answered.parent.span_id} == {route.context.span_id}
    assert (route.start_time, route.end_time) == (int(START * 1e9), int((START + 4) * 1e9))
    assert (failed.start_time, failed.end_time) == (int(START * 1e9), int((START + 2) * 1e9))
    assert (failed.attributes["error.type"], failed.status.status_code.name) == ("RateLimitError", "ERROR")
    assert answered.attributes["gen_ai.provider.name"] == "mistral_ai"
    assert answered.attributes["gen_ai.usage.input_tokens"] == 100
    assert answered.attributes["server.address"] == "api.mistral.ai"
    assert (answered.kind.name, answered.status.status_code.name) == ("CLIENT", "UNSET")
    assert route.attributes["routecomp.outcome"] == "fell_back"
    assert not [text for span in spans.values() for text in span.attributes.values() if str(text).endswith("-x")]


def test_metrics() -> None:
    seen, clock = Seen(), FakeClock()
    capture = Capture([seen.sink()], clock=clock)
    call(capture, clock)
    assert capture.close(10)
    metrics = seen.metrics()
    assert sorted(value for _, value in metrics["gen_ai.client.operation.duration"]) == [0.12, 2.0]
    tokens = {attributes["gen_ai.token.type"]: value for attributes, value in metrics["gen_ai.client.token.usage"]}
    assert tokens == {"input": 100, "output": 20}
    ((_, first),) = metrics["gen_ai.client.operation.time_to_first_chunk"]
    assert round(first, 6) == 0.02  # of its own try, which began 3.88 s after the call
    assert "-x" not in json.dumps(metrics)


@pytest.mark.parametrize("version", CONVENTIONS)
def test_names_are_those_of_the_conventions(version: Version) -> None:
    """Each name of the table is one that the conventions had in that version or later."""
    attributes = pytest.importorskip("opentelemetry.semconv._incubating.attributes.gen_ai_attributes")
    metrics = pytest.importorskip("opentelemetry.semconv._incubating.metrics.gen_ai_metrics")
    names = CONVENTIONS[version]._asdict()
    providers = names.pop("providers")
    known = {value for module in (attributes, metrics) for value in vars(module).values() if isinstance(value, str)}
    assert {name for name in names.values() if name} - {"error.type", "server.address"} <= known
    words = attributes.GenAiProviderNameValues if version == "1.37" else attributes.GenAiSystemValues
    assert set(providers.values()) <= {word.value for word in words} | {"azure.ai.openai", "mistral_ai"}


def test_older_names() -> None:
    seen, clock = Seen(), FakeClock()
    capture = Capture([seen.sink("1.26")], clock=clock)
    call(capture, clock)
    assert capture.close(10)
    answered = seen.spans()["chat upstream/mistral"]
    assert (answered.attributes["gen_ai.system"], answered.attributes["gen_ai.usage.prompt_tokens"]) == (
        "mistral_ai",
        100,
    )
    assert "gen_ai.client.operation.time_to_first_chunk" not in seen.metrics()


def test_providers() -> None:
    names = CONVENTIONS["1.37"]
    ways = [
        OPUS,
        OPUS._replace(adapter="openai_compatible", provider="groq"),
        OPUS._replace(adapter="custom", provider="my-host"),
    ]
    assert [provider_of(way, names) for way in ways] == ["anthropic", "groq", "my-host"]
