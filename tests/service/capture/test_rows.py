"""Rows have the columns and the words of the database; names that callers give are short and printable."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from routecomp.model.vocabulary import CALL_OUTCOMES, HEALTH_OUTCOMES
from routecomp.runtime.resolver import Router
from routecomp.service.capture import record as words
from routecomp.service.capture.capture import Capture
from routecomp.service.capture.record import CALL_OUTCOMES as OUTCOMES
from routecomp.service.capture.rows import RowMaker
from routecomp.service.capture.sinks.db_api import DbApi
from routecomp.service.capture.texts import as_slug, clean, whole
from routecomp.service.usage import Usage
from routecomp.sql.ledgers import LEDGERS
from tests.database.databases import ask, migrations, run, sqlite_database
from tests.runtime import hostile
from tests.runtime.tables import router
from tests.service.capture.calls import FACTS, OPUS, Kept, answer, attempt, begin
from tests.service.clock import START, FakeClock

COLUMNS = {table.name: [column.name for column in table.columns] for table in LEDGERS}


def captured(call: Callable[[Capture], None], clock: FakeClock | None = None) -> Kept:
    """Return what is written of calls."""
    sink = Kept()
    capture = Capture([sink], clock=clock or FakeClock())
    call(capture)
    assert capture.close(10)
    return sink


def test_words_are_those_of_the_database() -> None:
    assert (OUTCOMES, words.ATTEMPT_OUTCOMES) == (CALL_OUTCOMES, HEALTH_OUTCOMES)


def test_columns_are_those_of_the_database() -> None:
    sink = captured(answer)
    for kind in ("routing_outcomes", "routing_attempts"):
        assert [list(row) for row in sink.of(kind)] == [COLUMNS[kind]]


def test_an_answered_call() -> None:
    def call(capture: Capture) -> None:
        record = begin(capture, feature="chat", tenant="careful", request_id=4711)
        attempt(capture, record, "opus", "rate_limited", "RateLimitError")
        attempt(capture, record, "mistral-3")
        usage = Usage(1000, 200)
        capture.finish(record, "fell_back", usage=usage, latency_ms=2300.4, model="mistral-3", facts=FACTS)

    sink = captured(call)
    (row,) = sink.of("routing_outcomes")
    decided = ("tenant", "request_id", "route", "route_name", "source", "status", "model")
    assert [row[key] for key in decided] == ["careful", "4711", "feature", "chat", "table", "ok", "mistral-3"]
    assert (row["day"], row["begun_at"]) == ("2026-11-30", "2026-11-30T00:53:20.000000Z")
    assert (row["outcome"], row["answered_by"], row["latency_ms"]) == ("fell_back", "mistral-3", 2300)
    assert row["cost_pusd"] == 1000 * 1_000_000 + 200 * 3_000_000
    assert [(a["number"], a["model"], a["outcome"], a["error_class"]) for a in sink.of("routing_attempts")] == [
        (1, "opus", "rate_limited", "RateLimitError"),
        (2, "mistral-3", "ok", None),
    ]
    assert len({event["outcome_id"] for event in (*sink.of("routing_attempts"), row)}) == 1


def test_the_audit_event_has_the_first_three_after_each_filter() -> None:
    sink = captured(lambda capture: answer(capture, feature="chat", unit="user-secret", input_tokens=10))
    (event,) = sink.of("inference.routed")
    assert (event["router"], event["route"], event["chain"][0]) == ("table", "feature", "opus")
    assert all(len(entry["first"]) == min(entry["survivors"], 3) for entry in event["filters"])
    survivors = [entry["survivors"] for entry in event["filters"]]
    assert survivors == sorted(survivors, reverse=True)
    assert len(survivors) > 3
    assert "user-secret" not in json.dumps([row.values for row in sink.rows])


def test_a_pinned_call_says_direct() -> None:
    sink = captured(lambda capture: answer(capture, model="gpt"))
    assert [event["router"] for event in sink.of("inference.routed")] == ["direct"]
    assert [row["route"] for row in sink.of("routing_outcomes")] == ["direct"]


def test_what_health_barred_is_told() -> None:
    """The audit event shows the filters as they were when the router decided."""

    def call(capture: Capture) -> None:
        table = router()
        request: dict[str, Any] = {"feature": "chat"}
        decision = table.resolve(**request, unavailable=["opus"])
        capture.finish(capture.begin(decision, request, table, frozenset({"opus"})), "failed")

    (event,) = captured(call).of("inference.routed")
    available = next(entry for entry in event["filters"] if entry["filter"] == "available")
    assert event["model"] == "mistral-3"
    assert "opus" not in available["first"]


def test_a_call_without_a_router_has_its_event() -> None:
    def call(capture: Capture) -> None:
        capture.finish(capture.begin(router().resolve(feature="chat"), {"feature": "chat"}), "failed")

    (event,) = captured(call).of("inference.routed")
    assert (event["model"], event["filters"]) == ("opus", None)


def test_another_table_does_not_explain_the_decision() -> None:
    def call(capture: Capture) -> None:
        capture.finish(
            capture.begin(router().resolve(feature="chat"), {"feature": "chat"}, router({"tenants/x": "p-eu"})),
            "failed",
        )

    assert [event["filters"] for event in captured(call).of("inference.routed")] == [None]


def test_the_same_request_is_explained_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only ids may differ; another argument, another table and what health bars are asked for anew."""
    asked: list[Any] = []
    explain = Router.explain_request

    def count(table: Router, request: dict[str, Any]) -> Any:
        asked.append(request)
        return explain(table, request)

    monkeypatch.setattr(Router, "explain_request", count)
    maker, capture, table = RowMaker(), Capture(clock=FakeClock()), router()

    def filters(table: Router, unavailable: frozenset[str] = frozenset(), late: bool = False, **request: Any) -> Any:
        record = capture.begin(table.resolve(**request), request, table, unavailable)
        capture.finish(record, "failed")
        return maker.of(record, is_late=late)[0].values["filters"]

    first = filters(table, feature="chat", unit="a", request_id=1)
    assert filters(table, feature="chat", unit="b", request_id=2, late=True) == first
    assert len(asked) == 1
    assert filters(table, feature="chat", input_tokens=90_000) != first
    assert filters(table, frozenset({"opus"}), feature="chat") != first
    assert filters(table, feature="chat", tools=1) != filters(table, feature="chat", tools=True)
    assert filters(table, feature="chat", input_tokens=5, late=True) is None
    before = len(asked)
    filters(router(), feature="chat")
    assert len(asked) == before + 1


def test_what_a_refused_call_is_said_to_be() -> None:
    """A call that the router refused is rejected, and nobody answered it."""

    def call(capture: Capture) -> None:
        capture.finish(begin(capture, model="nobody-knows"), "failed", model="opus", error_class="Rejected")

    (row,) = captured(call).of("routing_outcomes")
    assert (row["status"], row["outcome"], row["answered_by"], row["route"]) == (
        "unknown_model",
        "rejected",
        None,
        None,
    )


def test_the_class_of_the_last_error_ends_a_call() -> None:
    def call(capture: Capture) -> None:
        record = begin(capture)
        attempt(capture, record, "opus", "timeout", "APITimeoutError")
        capture.finish(record, "failed")

    assert [row["error_class"] for row in captured(call).of("routing_outcomes")] == ["APITimeoutError"]


def test_texts_of_callers_are_short_and_printable() -> None:
    name = "evil\0\x1b[31m\u202e\ud800\n" + "x" * 5000
    sink = captured(lambda capture: answer(capture, feature=name, tenant=name, request_id=name))
    for event in sink.of("routing_outcomes") + sink.of("inference.routed"):
        for key in ("route_name", "tenant", "request_id"):
            text = event[key]
            assert text is None or (len(text) <= 255 and text.isprintable())


@pytest.mark.parametrize("wall", [-1.0, 0.0, START, 253402300799.0, 1e30, float("inf")])
def test_days_of_any_clock(wall: float) -> None:
    sink = captured(answer, FakeClock(wall=wall))
    (row,) = sink.of("routing_outcomes")
    assert row["day"] == row["begun_at"][:10]
    assert len(row["day"]) == 10


def test_a_database_takes_every_row_that_can_be_made() -> None:
    """Hostile requests, names, numbers and slugs make rows that the real schema accepts, each of them."""
    database = sqlite_database()
    run(database, baseline())
    usages = [None, Usage(1, 2), Usage(10**40, -5), Usage(None, 7)]
    odd = hostile.values()
    sink = captured(lambda capture: make_all(capture, odd, usages))
    db = DbApi(lambda: database, "qmark")
    db.write(sink.rows)
    assert (db.set_aside, db.last_error) == (0, None)
    assert ask(database, "SELECT count(*) FROM routing_outcomes") == [(5 * len(odd),)]


def make_all(capture: Capture, odd: list[Any], usages: list[Any]) -> None:
    for number, value in enumerate(odd):
        for way, outcome in enumerate(OUTCOMES):
            request = {"feature": "chat", ["tenant", "request_id", "unit", "feature", "model"][way]: value}
            record = begin(capture, **request)
            if record.decision.status == "ok":
                way_there = OPUS._replace(model="Last Resort!") if number % 2 else OPUS
                capture.attempt(record, way_there, "ok", value, "E\0" * 300)
            told: dict[str, Any] = {"usage": usages[number % 4], "model": "Last Resort!", "facts": FACTS}
            capture.finish(record, outcome, latency_ms=value, first_token_ms=value, **told)


def baseline() -> bytes:
    from routecomp.sql.dialects.names import dialect_names
    from routecomp.sql.migrations import migration_files
    from routecomp.sql.state import DatabaseState

    up = migrations(migration_files({}, DatabaseState.empty(), dialect_names()), "sqlite")[0].up
    assert up is not None
    return up


def test_values() -> None:
    assert [clean(value) for value in ("a", 5, True, None, b"x", 10**400, 10**5000)][:5] == ["a", "5", None, None, None]
    assert [as_slug(value) for value in ("gpt-5.5", "Last Resort!", "--", "X" * 99, None)] == [
        "gpt-5.5",
        "last-resort",
        "unknown",
        "x" * 63,
        None,
    ]
    numbers = [1.4, -3, 10**12, float("nan"), float("inf"), float("-inf"), True, "1"]
    assert [whole(number) for number in numbers] == [1, 0, 10**9, None, 10**9, 0, None, None]


def test_rows_are_made_once() -> None:
    sink, other = Kept(), Kept()
    capture = Capture([sink, other], clock=FakeClock())
    answer(capture)
    assert capture.close(10)
    assert all(row is same for row, same in zip(sink.rows, other.rows, strict=True))
