"""A call walks its chain under one deadline, and ends with one outcome; sync and async alike."""

from __future__ import annotations

import asyncio
import io
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from routecomp.runtime.resolver import Decision, Router
from routecomp.service.calls.at import At
from routecomp.service.calls.desk import LONGEST_S
from routecomp.service.calls.errors import BadAnswer, CallError, Exhausted, KeyMissing, Rejected, StreamBroken
from routecomp.service.failures.failure import Failure
from routecomp.service.strict import WrongArgument
from tests.runtime.tables import TABLE
from tests.service.calls.world import HostError, World

Driver = Callable[..., Any]
CHAIN = ["opus", "mistral-3", "gpt"]
SPENT = type("RateLimitError", (Exception,), {"status_code": 429, "code": "insufficient_quota"})


def sync(world: World, **request: Any) -> Any:
    return world.calls.run(world.call, **request)


def in_task(world: World, **request: Any) -> Any:
    return asyncio.run(world.calls.arun(world.acall, **request))


def loop(world: World, **request: Any) -> Any:
    answer: Any = None
    with world.calls.dispatch(**request) as call:
        for at in call:
            with at:
                answer = world.call(at)
                call.succeeded(answer)
    return answer


def loop_in_task(world: World, **request: Any) -> Any:
    async def main() -> Any:
        answer: Any = None
        async with world.calls.adispatch(**request) as call:
            async for at in call:
                try:
                    answer = world.call(at)
                except Exception as error:
                    call.failed(error)
                else:
                    call.succeeded(answer)
        return answer

    return asyncio.run(main())


every_driver = pytest.mark.parametrize("drive", [sync, in_task, loop, loop_in_task])


@every_driver
def test_the_first_model_answers(drive: Driver) -> None:
    world = World()
    assert drive(world, feature="chat", request_id="r") == "from opus"
    row = world.row
    assert (row.outcome, row.model, row.tries) == ("succeeded", "opus", [("opus", "ok", None)])
    assert row.request == {"feature": "chat", "request_id": "r"}
    assert row.decision.route == "feature"


@every_driver
def test_the_next_model_answers(drive: Driver) -> None:
    """Whatever the host did wrong, the next model is asked; without any wait."""
    world = World()
    world.ends = {"opus": HostError(503), "mistral-3": SPENT()}
    assert drive(world, feature="chat") == "from gpt"
    row = world.row
    assert (row.outcome, row.model) == ("fell_back", "gpt")
    assert row.tries == [
        ("opus", "retriable_error", "HostError"),
        ("mistral-3", "terminal_error", "RateLimitError"),
        ("gpt", "ok", None),
    ]
    assert world.clock.waits == []
    assert [at.number for at in world.asked] == [1, 2, 3]


@every_driver
def test_no_model_answers(drive: Driver) -> None:
    """As many models are asked as the policy allows, and the error says how each failed, and when to come back."""
    world = World({"resilience/max_attempts": 3})
    last = HostError(429, **{"retry-after": "9"})
    world.ends = {"opus": HostError(429, **{"retry-after": "7"}), "mistral-3": (4, HostError(429)), "gpt": last}
    with pytest.raises(Exhausted) as caught:
        drive(world, feature="chat")
    assert world.models == CHAIN
    assert caught.value.__cause__ is last
    assert [(model, failure.outcome) for model, failure in caught.value.failures] == [
        (model, "rate_limited") for model in CHAIN
    ]
    assert caught.value.retry_after == 3.0
    assert caught.value.http_headers == {"Retry-After": "3"}
    assert caught.value.http_status == 429
    assert (world.row.outcome, world.row.model, world.row.error_class) == ("failed", None, "HostError")


@every_driver
def test_a_request_that_every_model_refuses_raises_what_the_client_raised(drive: Driver) -> None:
    world = World()
    last = HostError(400)
    world.ends = {model: HostError(413) for model in ("opus", "mistral-3", "gpt", "mini")} | {"gpt-eu": last}
    world.ends |= dict.fromkeys(("qwen-max", "thinker"), last)
    with pytest.raises(HostError) as caught:
        drive(world, feature="chat")
    assert caught.value is last
    assert len(world.asked) == 5
    assert world.row.outcome == "failed"
    assert world.health.status()["scopes"] == []


@every_driver
def test_the_callers_own_error_ends_the_call(drive: Driver) -> None:
    """It passes as it is, no other model is asked, and it counts against no host."""
    world = World()
    world.ends = {"opus": KeyError("choices")}
    with pytest.raises(KeyError, match="choices"):
        drive(world, feature="chat")
    assert world.models == ["opus"]
    assert (world.row.outcome, world.row.error_class) == ("failed", "KeyError")
    assert world.row.tries == [("opus", "terminal_error", "KeyError")]
    assert world.health.status()["scopes"] == []


@every_driver
def test_who_goes_away_is_counted(drive: Driver) -> None:
    world = World()
    world.ends = {"opus": KeyboardInterrupt()}
    with pytest.raises(KeyboardInterrupt):
        drive(world, feature="chat")
    assert (world.row.outcome, world.row.error_class) == ("cancelled", "Cancelled")
    assert world.row.tries == [("opus", "terminal_error", "Cancelled")]


@every_driver
def test_one_deadline_for_all(drive: Driver) -> None:
    """Each try is given what is left of it; when it is over, no other model is asked."""
    world = World()
    world.ends = {"opus": (4, HostError(500)), "mistral-3": (7, HostError(500)), "gpt": (2, TimeoutError())}
    with pytest.raises(Exhausted) as caught:
        drive(world, feature="chat", deadline=12)
    assert [at.timeout for at in world.asked] == [12.0, 8.0, 1.0]
    assert caught.value.http_status == 504
    assert "deadline" in str(caught.value)
    assert world.row.latency_ms == 13_000


@every_driver
@pytest.mark.parametrize(
    ("deadline", "timeout"),
    [
        (10**400, LONGEST_S),
        (float("inf"), LONGEST_S),
        (Decimal(2), 2.0),
        (Fraction(5, 2), 2.5),
        (Decimal("1e400"), LONGEST_S),
        (Decimal("NaN"), 600.0),
        (Decimal("sNaN"), 600.0),
        (True, 600.0),
        ("2", 600.0),
    ],
)
def test_a_deadline_is_any_number(drive: Driver, deadline: Any, timeout: float) -> None:
    """What is none is the default; nothing is too large."""
    world = World()
    drive(world, feature="chat", deadline=deadline)
    declared = world.asked[0].endpoint.timeouts.get("total_ms")
    assert world.asked[0].timeout == (timeout if declared is None else min(timeout, declared / 1000))


@every_driver
@pytest.mark.parametrize("deadline", [0, -1, -0.001, float("-inf")])
def test_a_deadline_that_is_over_asks_nobody(drive: Driver, deadline: float) -> None:
    """What is left of a caller's own time may be less than nothing."""
    world = World()
    with pytest.raises(Exhausted) as caught:
        drive(world, feature="chat", deadline=deadline)
    assert (caught.value.http_status, world.asked) == (504, [])


@every_driver
def test_an_endpoints_own_time_out_is_kept(drive: Driver) -> None:
    world = World({"models/opus/total_ms": 2500})
    world.ends = {"opus": HostError(500)}
    drive(world, feature="chat", deadline=12)
    assert [at.timeout for at in world.asked] == [2.5, 12.0]


@every_driver
def test_retries_come_before_the_next_model(drive: Driver) -> None:
    """The same model is asked again after a wait, which the host may name; the next one without any."""
    world = World({"resilience/retries": 2})
    world.ends = {
        "opus": [HostError(500), HostError(503, **{"retry-after": "2"}), HostError(500)],
        "mistral-3": HostError(401),
    }
    assert drive(world, feature="chat") == "from gpt"
    assert world.models == ["opus", "opus", "opus", "mistral-3", "gpt"]
    first, second = world.clock.waits
    assert 0 < first <= 0.5
    assert 2 <= second <= 2.1
    assert world.row.outcome == "fell_back"


@every_driver
def test_a_model_that_answers_at_the_second_try_is_no_fallback(drive: Driver) -> None:
    world = World({"resilience/retries": 1})
    world.ends = {"opus": [HostError(500)]}
    assert drive(world, feature="chat") == "from opus"
    assert (world.row.outcome, len(world.row.tries)) == ("succeeded", 2)


@every_driver
def test_a_wait_that_the_deadline_does_not_allow_is_not_made(drive: Driver) -> None:
    world = World({"resilience/retries": 1})
    world.ends = {"opus": HostError(429, **{"retry-after": "20"})}
    assert drive(world, feature="chat", deadline=12) == "from mistral-3"
    assert world.clock.waits == []


@every_driver
@pytest.mark.parametrize(
    ("request_", "status", "filter_", "http"),
    [
        ({"feature": "chat", "stack": "nowhere"}, "rejected_policy", "stacks", 403),
        ({"model": "nobody"}, "unknown_model", None, 422),
        ({"feature": "secret", "tenant": "careful", "min_quality": 0.999}, "rejected_floor", "quality", 422),
        ({"model": "off"}, "rejected_policy", "active", 403),
        ({"feature": "chat", "capabilities": ["telepathy"]}, "rejected_unavailable", "capabilities", 422),
        ({"feature": "secret", "unavailable": ["hidden"]}, "rejected_unavailable", "available", 503),
        ({"model": "auto", "input_tokens": 1000, "max_cost_usd": 0.0}, "rejected_cost", "cost", 422),
    ],
)
def test_a_rejection_says_why(
    drive: Driver, request_: dict[str, Any], status: str, filter_: str | None, http: int
) -> None:
    """No model is asked; the error names the filter, whom it dropped, and the HTTP status that fits."""
    world = World()
    with pytest.raises(Rejected) as caught:
        drive(world, **request_)
    error = caught.value
    assert error.status == status
    assert (error.filter, error.http_status) == (filter_, http)
    assert error.filter is None or error.filter in error.dropped.values()
    assert (world.row.outcome, world.row.tries, world.asked) == ("rejected", [], [])


@every_driver
@pytest.mark.parametrize("request_", [{"feature": "chat"}, {"model": "opus"}, {"model": "auto"}])
def test_without_a_table_it_is_no_fault_of_the_request(drive: Driver, request_: dict[str, Any]) -> None:
    """Whoever asks may ask again: a table, which says what is declared, may come."""
    world = World()
    world.tables.router = Router.from_bytes(None)
    with pytest.raises(Rejected, match="no table serves") as caught:
        drive(world, **request_)
    assert (caught.value.status, caught.value.http_status) == ("unknown_model", 503)
    assert world.row.outcome == "rejected"


@every_driver
def test_models_without_a_key_are_left_out(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others come in their place, as many as the policy allows; the first that is tried is no fallback."""
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.setenv("MISTRAL_API_KEY", "")
    world = World({"resilience/max_attempts": 2})
    assert drive(world, feature="chat") == "from gpt"
    assert (world.row.outcome, world.row.model, len(world.row.tries)) == ("succeeded", "gpt", 1)


@every_driver
def test_no_model_has_a_key(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    world = World()
    with pytest.raises(KeyMissing) as caught:
        drive(world, model="opus")
    assert caught.value.variables == ("ANTHROPIC_API_KEY",)
    assert "secret" not in str(caught.value)
    assert (world.row.outcome, world.row.error_class) == ("failed", "KeyMissing")


@every_driver
def test_a_policy_that_forbids_a_second_model_is_not_escaped(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pick may change with what is available; after a try that failed nobody else is asked."""
    world = World()
    world.ends = {"mistral-3": HostError(503)}
    with pytest.raises(Exhausted):
        drive(world, model="auto", tenant="strict")
    assert len(world.asked) == 1
    world.asked.clear()
    monkeypatch.delenv("MISTRAL_API_KEY")
    world.ends = {}
    assert drive(world, model="auto", tenant="strict") != "from mistral-3"
    assert len(world.asked) == 1


@every_driver
def test_a_pinned_call_is_run_too(drive: Driver) -> None:
    world = World()
    world.ends = {"opus": HostError(503)}
    with pytest.raises(Exhausted):
        drive(world, model="opus")
    assert world.models == ["opus"]
    assert world.row.decision.route == "direct"


@every_driver
def test_a_variants_own_key_is_used(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    keys = {}
    for unit in range(20):
        drive(world, model="preview/nimbus", unit=f"u{unit}")
        keys[world.asked[-1].model] = world.asked[-1].api_key
    assert keys == {"opus": "secret of ANTHROPIC_API_KEY", "gpt": "secret of NIMBUS_KEY"}


@every_driver
def test_what_is_returned_may_be_an_error(drive: Driver) -> None:
    """A response with a status from 400 on, and an answer with a top-level error, are failures of their host."""
    world = World()
    response = type("Response", (), {"status_code": 503, "headers": {}})()
    world.ends = {"opus": {"error": {"code": 502, "message": "words"}}, "mistral-3": response}
    assert drive(world, feature="chat") == "from gpt"
    assert world.row.tries[:2] == [
        ("opus", "retriable_error", "error_in_answer"),
        ("mistral-3", "retriable_error", "http_503"),
    ]
    world = World()
    plain = type("Response", (), {"status": 500, "headers": {}})()
    world.ends = {"opus": {"error": "model requires more memory"}, "mistral-3": plain}
    assert drive(world, feature="chat") == "from gpt"
    assert [error_class for _, _, error_class in world.row.tries] == ["error_in_answer", "http_500", None]


@every_driver
@pytest.mark.parametrize("own", [{"error": ""}, {"error": None}, {"status": 500}, SimpleNamespace(status=500)])
def test_what_only_resembles_an_error_is_an_answer(drive: Driver, own: Any) -> None:
    world = World()
    world.ends = {"opus": own}
    assert drive(world, feature="chat") == own
    assert world.row.outcome == "succeeded"


@every_driver
def test_the_tokens_of_the_answer_are_captured(drive: Driver) -> None:
    world = World()
    world.ends = {"opus": {"usage": {"prompt_tokens": 12, "completion_tokens": 3}}}
    drive(world, feature="chat")
    assert world.row.usage == (12, 3)


def test_a_task_that_takes_too_long_is_cancelled() -> None:
    """The next model is asked; a task that is cancelled from outside asks nobody."""
    world = World({"models/opus/total_ms": 20})

    async def slow(at: At) -> str:
        world.asked.append(at)
        if at.model == "opus":
            await asyncio.sleep(60)
        return at.model

    async def main() -> None:
        assert await world.calls.arun(slow, feature="chat") == "mistral-3"
        task = asyncio.create_task(world.calls.arun(slow, model="opus"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert world.kept.outcomes == ["fell_back", "cancelled"]
    assert world.kept.rows[0].tries[0] == ("opus", "timeout", "TimeoutError")


def test_an_argument_that_the_router_does_not_know_begins_no_call() -> None:
    world = World()
    with pytest.raises(TypeError):
        world.calls.run(world.call, featur="chat")  # type: ignore[call-arg]
    assert world.kept.rows == []


def test_strict_refuses_arguments_of_the_wrong_kind() -> None:
    """Otherwise they are ignored, as the router does: no live call fails for them."""
    for request in ({"feature": "chat", "input_tokens": "many"}, {"feature": "chat", "deadline": "soon"}):
        strict, lenient = World(strict=True), World()
        with pytest.raises(WrongArgument, match=list(request)[1]):
            sync(strict, **request)
        assert (strict.kept.rows, strict.asked) == ([], [])
        assert sync(lenient, **request) == "from opus"
    with pytest.raises(WrongArgument):
        World(strict=True).calls.resolve(feature="chat", input_tokens="many")  # type: ignore[arg-type]


def test_an_at_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is read when it is asked for; mappings are the caller's own."""
    world = World({"models/opus/params": '{"a": {"b": [1]}}'})
    sync(world, feature="chat")
    (at,) = world.asked
    monkeypatch.setenv("ANTHROPIC_API_KEY", "another secret")
    assert at.api_key == "another secret"
    assert "another secret" not in repr(at) + str(at) + str(at.endpoint)
    at.params["a"]["b"].append(2)
    at.headers["x"] = "y"
    assert at.params == {"a": {"b": [1, 2]}}
    sync(world, feature="chat")
    assert world.asked[1].params == {"a": {"b": [1]}}
    assert "x" not in world.asked[1].headers
    fields = set(at.endpoint._fields)
    assert all(getattr(at, name) == getattr(at.endpoint, name) for name in fields - {"params", "headers"})


@pytest.mark.parametrize(
    "error",
    [
        Exhausted(
            [("gpt", Failure("timeout", "T", 3.0, headers={"a": "b"})), ("opus", Failure("timeout", "T"))],
            3.0,
            late=True,
        ),
        Rejected(Decision("rejected_policy"), {"decision": {}, "tenant": None, "policy": None}),
        KeyMissing(["B_KEY", "A_KEY"]),
        StreamBroken("gpt", Failure("retriable_error", "E")),
        BadAnswer(threading.Lock(), Failure("terminal_error", "E")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_reach_another_process(error: CallError) -> None:
    """A pool of processes pickles what a worker raises, and must find it as it was."""
    other = pickle.loads(pickle.dumps(error))
    assert type(other) is type(error)
    assert (str(other), other.args) == (str(error), error.args)
    assert {**vars(other), "answer": None} == {**vars(error), "answer": None}
    assert vars(other).keys() == vars(error).keys()


class Stream:
    """What an SDK returns for `stream=True`."""

    def __init__(self) -> None:
        self.closed = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raise ConnectionResetError

    def close(self) -> None:
        self.closed = True


class EventStream(Stream):
    """What boto3's answers hold."""

    __next__ = None  # type: ignore[assignment]


class AsyncStream(Stream):
    """What an SDK returns in a task."""

    __next__ = None  # type: ignore[assignment]

    async def __anext__(self) -> str:
        raise ConnectionResetError

    async def aclose(self) -> None:
        self.closed = True


class StreamManager:
    """What is to be entered first."""

    def __enter__(self) -> None:
        raise AssertionError

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("drive", [sync, in_task])
@pytest.mark.parametrize("make", [Stream, AsyncStream, StreamManager, lambda: {"stream": EventStream()}])
def test_a_stream_is_no_answer(drive: Driver, make: Callable[[], Any]) -> None:
    """It may still break where nobody sees it: the way that is meant is named, the stream closed, no host blamed."""
    world, answer = World(), make()
    world.ends = {"opus": answer}
    with pytest.raises(TypeError, match=r"stream\(\)"):
        drive(world, feature="chat")
    assert (world.row.outcome, world.row.error_class, world.models) == ("failed", "TypeError", ["opus"])
    assert world.health.status()["scopes"] == []
    source = answer["stream"] if isinstance(answer, dict) else answer
    assert source.closed or (drive is sync and make is AsyncStream)


def test_a_coroutine_is_no_answer() -> None:
    world = World()
    with pytest.raises(TypeError, match=r"arun\(\)"):
        _ = world.calls.run(world.acall, feature="chat")
    assert world.row.outcome == "failed"
    world = World()
    with pytest.raises(TypeError, match=r"run\(\)"):
        asyncio.run(world.calls.arun(world.call, feature="chat"))
    assert world.row.outcome == "failed"


@pytest.mark.parametrize("answer", [MagicMock(), io.BytesIO(b"sound"), ["a"], {"stream": True}, {"body": "text"}, None])
def test_what_is_there_is_an_answer(answer: Any) -> None:
    world = World()
    world.ends = {"opus": answer}
    assert world.calls.run(lambda at: answer, feature="chat") is answer
    assert world.row.outcome == "succeeded"


@every_driver
def test_before_any_model_was_asked_the_router_decides_anew(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an experiment does without a variant's model counts, whatever bars it: a key, a limit, a circuit."""
    monkeypatch.delenv("NIMBUS_KEY")
    nimbus = {**TABLE["experiments"]["preview/nimbus"], "on_unavailable": "control"}
    world = World({"experiments": {"preview/nimbus": nimbus}})
    for unit in range(20):
        drive(world, model="preview/nimbus", unit=f"u{unit}")
    decisions = [row.decision for row in world.kept.rows]
    assert {row.model for row in world.kept.rows} == {"opus"}
    assert {decision.variant for decision in decisions} == {decisions[0].variant}
    assert {decision.reasons for decision in decisions} == {(), ("variant_unavailable",)}
    assert {row.outcome for row in world.kept.rows} == {"succeeded"}


@every_driver
def test_a_model_that_is_barred_and_lacks_its_key(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is named: no waiting brings it."""
    world = World()
    world.ends = {"opus": HostError(429, **{"retry-after": "60"})}
    with pytest.raises(Exhausted):
        drive(world, model="opus")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret\n")
    with pytest.raises(KeyMissing) as caught:
        drive(world, model="opus")
    assert caught.value.variables == ("ANTHROPIC_API_KEY",)


@every_driver
def test_a_long_wait_is_made_after_all_others(drive: Driver) -> None:
    """Whoever asks for more than some seconds is asked again only where nobody else is left."""
    changes = {"resilience/retries": 1, "resilience/max_attempts": 2}
    world = World(changes)
    world.ends = {"opus": HostError(429, **{"retry-after": "300"})}
    assert drive(world, feature="chat") == "from mistral-3"
    assert world.clock.waits == []
    world = World(changes)
    world.ends = {"opus": [HostError(429, **{"retry-after": "300"})], "mistral-3": HostError(401)}
    assert drive(world, feature="chat") == "from opus"
    assert world.models == ["opus", "mistral-3", "opus"]
    assert 300 <= sum(world.clock.waits) <= 315
    assert world.row.outcome == "succeeded"


@every_driver
def test_a_host_that_asks_for_no_wait_gets_one(drive: Driver) -> None:
    world = World({"resilience/retries": 2})
    world.ends = {"opus": [HostError(503, **{"retry-after": "0"})]}
    assert drive(world, feature="chat") == "from opus"
    assert world.clock.waits[0] >= 0.1


@every_driver
@pytest.mark.parametrize(
    ("changes", "deadline", "counts"),
    [
        ({}, 5, False),
        ({}, 30, True),
        ({"models/opus/total_ms": 8000}, 5, False),
        ({"models/opus/total_ms": 4000}, 5, True),
    ],
)
def test_a_deadline_that_is_too_short_blames_no_host(
    drive: Driver, changes: dict[str, Any], deadline: float, counts: bool
) -> None:
    """A host has its own time-out; without one it may be silent for ten seconds."""
    world = World({**changes, "resilience/window_s": 600})
    for _ in range(5):
        world.ends = {"opus": (min(deadline, changes.get("models/opus/total_ms", 1e9) / 1000), TimeoutError())}
        with suppress(Exhausted):
            drive(world, model="opus", deadline=deadline)
    assert bool(world.health.barred(world.tables.router.facts, world.clock.monotonic())) == counts
    assert {row.tries[0] for row in world.kept.rows} == {("opus", "timeout", "TimeoutError")}


def test_names_are_copied_once() -> None:
    """The caller may change a list while the call goes on, and a list may be a class of the caller's own."""

    class Hostile(list[str]):
        def __iter__(self) -> Iterator[str]:
            raise ValueError

    names = ["opus"]
    world = World()

    def call(at: At) -> Any:
        names.append("gpt")
        return world.call(at)

    world.calls.run(call, feature="chat", unavailable=names)
    assert world.row.request["unavailable"] == ["opus"]
    for _ in range(5):
        assert world.calls.run(world.call, feature="chat", unavailable=Hostile(["opus"])) != "from opus"


def raising(*names: str, **values: Any) -> Any:
    """Return an object of which some properties raise."""

    def refuse(_: Any) -> Any:
        raise ValueError

    return type("Answer", (), {**dict.fromkeys(names, property(refuse)), **values})()


class Strange(dict[str, Any]):
    """A dictionary that does not tell."""

    def get(self, *_: Any) -> Any:
        raise ValueError


ANSWERS: tuple[Any, ...] = (
    raising("headers"),
    raising("headers", status_code=200),
    raising("usage", "error"),
    raising(error=raising("code", message="words")),
    raising("status_code", "__bool__"),
    Strange(),
    {"usage": Strange()},
    {"error": Strange(code=1)},
    type("Answer", (), {"__getattr__": lambda self, name: 1 / 0})(),
)


@every_driver
@pytest.mark.parametrize("number", range(len(ANSWERS)))
def test_an_answer_that_raises_is_not_lost(drive: Driver, number: int) -> None:
    """Whatever its properties do: it was paid for."""
    world = World()
    world.ends = {"opus": ANSWERS[number]}
    assert drive(world, feature="chat") is ANSWERS[number]
    assert (world.row.outcome, world.models) == ("succeeded", ["opus"])


@every_driver
def test_a_status_counts_although_the_headers_raise(drive: Driver) -> None:
    world = World()
    world.ends = {"opus": raising("headers", status_code=503)}
    assert drive(world, feature="chat") == "from mistral-3"
