"""`routecomp.testing`: users test their services without a network, and see what was captured."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routecomp import service, testing
from routecomp.service import At, Exhausted, Service, StreamBroken, WrongArgument
from routecomp.service.service import CLOSE_S
from routecomp.testing import Lab
from tests.runtime.tables import TABLE, changed, encode


def never(at: At) -> Any:
    """Stand for the code of a user, which would call a host."""
    raise AssertionError("a host would be called")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table: feature chat goes to opus, then to two others."""
    path = tmp_path / "routing_table.json"
    path.write_bytes(encode(TABLE))
    return path


def test_the_chain_goes_on(table: Path) -> None:
    """What is scripted happens, and is captured; no key is needed and no host is called."""
    with testing.open(table) as lab:
        assert isinstance(lab.service, Service)
        lab["opus"].fails(testing.status(429, retry_after=2), testing.refuses()).answers("at last")
        assert lab.service.run(never, feature="chat") == f"from {lab.asked[1]}"
        assert lab.asked[0] == "opus"
        lab.assert_outcomes("fell_back")
        lab.assert_outcomes({"outcome": "fell_back", "route_name": "chat"})
        assert [row["outcome"] for row in lab.attempts] == ["rate_limited", "ok"]
        assert len(lab.events) == 1
        assert isinstance(lab.clock, testing.FakeClock)
        lab.clock.advance(3)
        with pytest.raises(Exhausted):
            lab.service.run(never, model="opus")
        assert asyncio.run(lab.service.arun(never, model="opus")) == "at last"
        assert len(lab["opus"].calls) == lab.asked.count("opus") == 3
        with pytest.raises(AssertionError, match="outcomes are"):
            lab.assert_outcomes("succeeded")
        with pytest.raises(KeyError):
            lab["nobody"]


def test_streams_break_as_they_are_told(table: Path) -> None:
    """The next model comes only before the first chunk."""
    with testing.open(table) as lab:
        lab["opus"].answers(testing.chunks("a", "b"), testing.chunks("a", ends=testing.resets()))
        with lab.service.stream(never, model="opus") as given:
            assert list(given) == ["a", "b"]

        async def half() -> list[str]:
            taken = []
            async with lab.service.astream(never, model="opus") as chunks:
                async for chunk in chunks:
                    taken.append(chunk)
            return taken

        with pytest.raises(StreamBroken):
            asyncio.run(half())
        lab.assert_outcomes("succeeded", "failed")


def test_time_is_the_clocks(table: Path) -> None:
    """A hang takes what the caller would wait, and nobody really waits."""
    with testing.open(table, deadline=40) as lab:
        lab["opus"].takes(1).fails(testing.hangs())
        begun = lab.clock.monotonic()
        with pytest.raises(Exhausted):
            lab.service.run(never, model="opus")
        assert lab.clock.monotonic() - begun >= 40
    with testing.open(table, clock=testing.NoWait()) as lab:
        lab["opus"].fails(testing.status(500))
        with pytest.raises(Exhausted):
            lab.service.run(never, model="opus")
        lab.assert_outcomes("failed")


Ways = Callable[..., tuple[list[str], str]]


def whole(lab: Lab, **request: Any) -> tuple[list[str], str]:
    return [lab.service.run(never, **request)], ""


def whole_in_task(lab: Lab, **request: Any) -> tuple[list[str], str]:
    return [asyncio.run(lab.service.arun(never, **request))], ""


def streamed(lab: Lab, **request: Any) -> tuple[list[str], str]:
    taken: list[str] = []
    try:
        with lab.service.stream(never, **request) as chunks:
            taken.extend(chunks)
    except StreamBroken as error:
        return taken, error.failure.outcome
    return taken, ""


def streamed_in_task(lab: Lab, **request: Any) -> tuple[list[str], str]:
    taken: list[str] = []

    async def read() -> None:
        async with lab.service.astream(never, **request) as chunks:
            async for chunk in chunks:
                taken.append(chunk)

    try:
        asyncio.run(read())
    except StreamBroken as error:
        return taken, error.failure.outcome
    return taken, ""


@pytest.mark.parametrize("clock", [testing.FakeClock, testing.NoWait])
@pytest.mark.parametrize("way", [whole, whole_in_task])
def test_who_takes_too_long_is_left(table: Path, way: Ways, clock: type[testing.FakeClock | testing.NoWait]) -> None:
    """By the deadline and the endpoint's own time, as in production; who is in time is not."""
    table.write_bytes(encode(changed(TABLE, {"models/opus/total_ms": 5000})))
    for seconds, models in ((4, ["opus"]), (5, ["opus", "mistral-3"]), (50, ["opus", "mistral-3"])):
        with testing.open(table, clock=clock()) as lab:
            lab["opus"].takes(seconds)
            begun = lab.clock.monotonic()
            assert way(lab, feature="chat", deadline=12) == ([f"from {models[-1]}"], "")
            assert lab.asked == models
            assert lab.attempts[0]["outcome"] == ("ok" if seconds == 4 else "timeout")
            if clock is testing.FakeClock:
                assert lab.clock.monotonic() - begun == min(seconds, 5)
    with testing.open(table) as lab:
        lab["opus"].takes(50)
        with pytest.raises(Exhausted) as caught:
            way(lab, model="opus", deadline=3)
        assert caught.value.http_status == 504


@pytest.mark.parametrize("way", [streamed, streamed_in_task])
@pytest.mark.parametrize(
    ("seconds", "values", "hangs", "limits", "taken", "spent"),
    [
        (5, "ab", False, {"first_token": 3.0}, ["from mistral-3", ""], 3),
        (2, "ab", False, {"first_token": 3.0}, ["ab", ""], 2),
        (2, "", True, {"first_token": 3.0, "between": 9.0}, ["from mistral-3", ""], 3),
        (2, "ab", True, {"first_token": 3.0, "between": 9.0}, ["ab", "timeout"], 11),
        (2, "ab", True, {"first_token": 3.0}, ["ab", "timeout"], 20),
        (2, "ab", True, {"between": 30.0}, ["ab", "timeout"], 20),
        (0, "ab", True, {}, ["ab", "timeout"], 20),
        (5, "ab", False, {"declared": 4000}, ["from mistral-3", ""], 4),
    ],
)
def test_streams_wait_as_long_as_they_would(
    table: Path, way: Ways, seconds: float, values: str, hangs: bool, limits: Any, taken: list[str], spent: float
) -> None:
    """For the first chunk, between chunks, and within the deadline; nobody really waits, and nothing is by chance."""
    declared = {"models/opus/first_token_ms": limits.get("declared")}
    table.write_bytes(encode(changed(TABLE, declared if "declared" in limits else {})))
    limits = {name: limit for name, limit in limits.items() if name != "declared"}
    with testing.open(table) as lab:
        lab["opus"].takes(seconds).answers(testing.chunks(*values, ends=testing.hangs() if hangs else None))
        begun = lab.clock.monotonic()
        chunks, outcome = way(lab, feature="chat", deadline=20.0, **limits)
        assert ["".join(chunks), outcome] == taken
        assert lab.clock.monotonic() - begun == spent
        if taken[0] == "ab":
            assert lab.outcomes[0]["first_token_ms"] == seconds * 1000
        else:
            assert [row["outcome"] for row in lab.attempts] == ["timeout", "ok"]


def test_a_lost_outcome_fails_the_test(table: Path) -> None:
    """A block of `dispatch` that nobody leaves is seen at the end."""
    call = None

    def leave_open() -> None:
        nonlocal call
        with testing.open(table) as lab:
            call = lab.service.dispatch(feature="chat")
            call.__enter__()
            next(iter(call))

    with pytest.raises(AssertionError, match="in_flight"):
        leave_open()


@pytest.mark.parametrize("error", [KeyError("mine"), KeyboardInterrupt(), None])
def test_a_block_that_an_exception_ends_waits_for_no_call(
    table: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException | None
) -> None:
    """Nobody will end the calls under way; the exception is the test's own, or says what was lost."""
    calls, waits = [], []
    close = Service.close

    def seen(opened: Service, timeout: float = CLOSE_S) -> bool:
        waits.append(timeout)
        return close(opened, timeout)

    monkeypatch.setattr(Service, "close", seen)

    def leave() -> None:
        with testing.open(table) as lab:
            calls.append(lab.service.dispatch(feature="chat"))
            calls[0].__enter__()
            if error is not None:
                raise error

    with pytest.raises(AssertionError if error is None else type(error)) as caught:
        leave()
    assert error is None or caught.value is error
    assert len(waits) == 1
    assert waits[0] < CLOSE_S / 10


def test_rows_of_shadows_are_waited_for(table: Path) -> None:
    """Those of threads always, and those of a test's own loop where it asks."""
    gate = threading.Event()
    with testing.open(table, mirror=True) as lab:
        play = lab["mini"].play

        def late(step: At, limits: Any = None) -> Any:
            gate.wait(0.05)
            return play(step, limits)

        lab["mini"].play = late  # type: ignore[method-assign]
        lab.service.run(never, feature="chat", request_id="r-2")
        lab.assert_outcomes(*["succeeded"] * 3)
        assert sorted(lab.asked) == ["gpt", "mini", "opus"]

        async def main() -> None:
            await lab.service.arun(never, feature="chat", request_id="r-2")
            await lab.wait_for_shadows()
            lab.assert_outcomes(*["succeeded"] * 6)

        asyncio.run(main())
    with testing.open(table) as lab:
        asyncio.run(lab.wait_for_shadows())


def test_arguments_of_the_wrong_kind_raise(table: Path) -> None:
    """A lab is strict, unless it is told."""
    with testing.open(table) as lab, pytest.raises(WrongArgument):
        lab.service.run(never, feature="chat", tenant=7.5)  # type: ignore[arg-type]
    with testing.open(table, strict=False) as lab:
        assert lab.service.run(never, feature="chat", tenant=7.5) == "from opus"  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        testing.Script("x", testing.FakeClock()).fails(429)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="does not run back"):
        testing.FakeClock().advance(-1)


def test_keys_are_put_back(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a lab stays in the environment."""
    monkeypatch.setenv("OPENAI_API_KEY", "mine")
    before = dict(os.environ)
    with testing.open(table) as lab:
        assert lab.service.check_keys() == ()
        assert os.environ["OPENAI_API_KEY"] == "mine"
    assert dict(os.environ) == before
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with testing.open(table, keys=False) as lab, pytest.raises(service.KeyMissing):
        lab.service.run(never, model="opus")


def test_a_key_may_be_lacking_for_a_while(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`lacks` puts it back within the block; what a fixture put back later is gone after the next lab."""
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        with testing.open(table) as lab:
            with lab.lacks("ANTHROPIC_API_KEY", "NO_SUCH_KEY"), pytest.raises(service.KeyMissing):
                lab.service.run(never, model="opus")
            assert lab.service.run(never, model="opus") == "from opus"
        assert dict(os.environ) == before
        with testing.open(table):
            patch.delenv("ANTHROPIC_API_KEY")
    assert "ANTHROPIC_API_KEY" in os.environ
    with testing.open(table) as lab:
        assert lab.service.run(never, model="opus") == "from opus"
    assert dict(os.environ) == before


@pytest.mark.parametrize("seconds", [float("nan"), "5", -1, True, None])
def test_a_time_that_is_none_is_refused_where_it_is_said(table: Path, seconds: Any) -> None:
    """And not as the caller's own error within a call."""
    with testing.open(table) as lab, pytest.raises(TypeError, match="seconds"):
        lab["opus"].takes(seconds)
