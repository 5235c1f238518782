"""`routecomp.testing`: users test their services without a network, and see what was captured."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from routecomp import service, testing
from routecomp.service import At, Exhausted, Service, StreamBroken, WrongArgument
from tests.runtime.tables import TABLE, encode


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
