"""However calls interleave and end, each has one outcome, none stays in flight, and no permit is kept.

Calls of every kind are driven step by step, in an order that is drawn: whole answers, loops and streams, sync and in
tasks; hosts answer, fail, send half a stream; callers return, raise, leave, are cancelled or closed; tables are
swapped, time passes, keys come and go.
"""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import AsyncIterator, Coroutine, Generator, Iterator
from contextlib import suppress
from typing import Any

import pytest

from routecomp.service.calls.at import At
from routecomp.service.calls.errors import CallError
from routecomp.service.health.health import Health
from routecomp.service.health.permit import Leave, Permit, Refusal
from tests.runtime.tables import router
from tests.seeds import FRESH
from tests.service.calls.world import KEYS, HostError, World

LIMITS = {
    "models/opus/parallel": 2,
    "models/gpt/rpm": 40,
    "providers/mistral/parallel": 3,
    "resilience/retries": 1,
    "resilience/failures": 20,
}
TABLES: tuple[dict[str, Any], ...] = ({}, {"models/mini/active": False}, {"resilience/max_attempts": 2})
REQUESTS: tuple[dict[str, Any], ...] = (
    *({"feature": "chat", "tenant": tenant} for tenant in (None, "nobody", "cheap", "picky")),
    {"feature": "chat"},
    {"model": "auto"},
    {"feature": "chat", "tenant": "berlin"},
    {"feature": "chat", "min_quality": 0.999},
    {"model": "auto", "tenant": "strict"},
    {"model": "opus"},
    {"model": "preview/nimbus", "unit": "u"},
    {"model": "preview/paused", "unit": "u"},
    {"model": "nobody"},
    {"feature": "secret", "input_tokens": 10},
)
CHUNK: dict[str, Any] = {"choices": [{"delta": {}, "finish_reason": None}]}
END = {"choices": [{"delta": {}, "finish_reason": "stop"}]}

Steps = Generator[None, None, str]
GOOD = {"succeeded", "fell_back"}
ALLOWED: dict[str, set[str]] = {
    "returned": GOOD,
    "left": GOOD | {"cancelled", "failed"},
    "Rejected": {"rejected"},
    "Exhausted": {"failed"},
    "KeyMissing": {"failed"},
    "StreamBroken": {"failed"},
    "BadAnswer": {"failed"},
    "HostError": {"failed"},
    "KeyError": {"failed"},
    "ZeroDivisionError": {"failed"} | GOOD,  # raised by a caller's block, perhaps after the answer
    "KeyboardInterrupt": {"cancelled"} | GOOD,
    "GeneratorExit": {"cancelled"} | GOOD,
    "CancelledError": {"cancelled", "failed"} | GOOD,  # perhaps while a stream that broke was being closed
}


class Counted(Health):
    """Health that knows which permits were not given back."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.permits: set[Permit] = set()

    def begin(self, *args: Any, **options: Any) -> Permit | Refusal:
        permit = super().begin(*args, **options)
        if isinstance(permit, Permit):
            self.permits.add(permit)
        return permit

    def end(self, permit: Permit, *args: Any, **options: Any) -> None:
        self._ended(permit)
        super().end(permit, *args, **options)

    def cancel(self, permit: Permit, now: float) -> None:
        self._ended(permit)
        super().cancel(permit, now)

    def _ended(self, permit: Permit) -> None:
        if not isinstance(permit, Leave):  # which nobody gives back
            self.permits.remove(permit)


class Chance:
    """A world of calls, and the dice."""

    def __init__(self, seed: int, patch: pytest.MonkeyPatch) -> None:
        self.random = random.Random(seed)
        self.world = World(LIMITS)
        self.world.desk.health = self.health = Counted(clock=self.world.clock)
        self.patch = patch
        self.ends: dict[str, str] = {}
        self.count = 0

    def request(self) -> dict[str, Any]:
        self.count += 1
        deadline = self.random.choice([None, None, None, None, 60, 60, 5, 0])
        return {**self.random.choice(REQUESTS), "request_id": str(self.count), "deadline": deadline}

    def answer(self) -> Any:
        """Do what a host does, or what happens to the caller meanwhile."""
        self.pass_time()
        ends: dict[Any, float] = {
            "from a host": 20,
            HostError(503): 3,
            HostError(429, **{"retry-after": "2"}): 2,
            HostError(400): 2,
            HostError(401): 1,
            TimeoutError(): 1,
            KeyError("x"): 1,
            KeyboardInterrupt(): 0.5,
            ("error",): 1,
        }
        end = self.random.choices(list(ends), list(ends.values()))[0]
        if isinstance(end, BaseException):
            raise end
        return {"error": {"message": "words"}} if isinstance(end, tuple) else end

    def chunks(self) -> Iterator[Any]:
        """Send a stream, whole or not."""
        self.answer()
        for _ in range(self.random.randrange(4)):
            yield CHUNK
            self.pass_time()
            if self.random.random() < 0.15:
                raise self.random.choice([HostError(503), ConnectionResetError(), KeyError("x")])
        if self.random.random() < 0.8:
            yield END

    def pass_time(self) -> None:
        if self.random.random() < 0.3:
            self.world.clock.advance(self.random.choice([0.01, 0.01, 1, 20, 61]))
        if self.random.random() < 0.02:
            self.world.tables.router = router({**LIMITS, **self.random.choice(TABLES)})
        if self.random.random() < 0.05:
            name = self.random.choice(KEYS)
            if self.random.random() < 0.1:
                self.patch.delenv(name, raising=False)
            else:
                self.patch.setenv(name, "secret")

    def leaves(self) -> bool:
        """Raise what the caller's own block raises, or return whether it is left."""
        drawn = self.random.random()
        if drawn < 0.05:
            raise ZeroDivisionError
        return drawn < 0.12

    def sync(self) -> Iterator[None]:
        """Make one call in steps, as a generator that may be closed, or thrown at, between any two."""
        request = self.request()
        name = request["request_id"]
        drive = self.random.choice([self.whole, self.loop, self.said, self.stream, self.pumped])
        try:
            self.ends[name] = yield from drive(request)
        except BaseException as error:
            self.ends[name] = type(error).__name__
            if isinstance(error, GeneratorExit):
                raise

    def whole(self, request: dict[str, Any]) -> Steps:
        yield
        self.world.calls.run(lambda at: self.answer(), **request)
        return "returned"

    def loop(self, request: dict[str, Any]) -> Steps:
        with self.world.calls.dispatch(**request) as call:
            for at in call:
                yield
                with at:
                    self.answer()
                    yield
                if self.leaves():
                    return "left"
        return "returned"

    def said(self, request: dict[str, Any]) -> Steps:
        with self.world.calls.dispatch(**request) as call:
            for _ in call:
                yield
                try:
                    answer = self.answer()
                except Exception as error:
                    if not self.leaves():
                        call.failed(error)
                else:
                    if self.random.random() < 0.5:
                        call.succeeded(answer)
                    else:
                        break
        return "left"

    def stream(self, request: dict[str, Any]) -> Steps:
        with self.world.calls.stream(lambda at: self.chunks(), **request) as chunks:
            for _ in chunks:
                yield
                if self.leaves():
                    return "left"
        return "returned"

    def pumped(self, request: dict[str, Any]) -> Steps:
        return self.stream(request | {"first_token": 30, "between": 30})

    async def task(self) -> None:
        """Make one call in a task, which may be cancelled at any await."""
        request = self.request()
        name = request["request_id"]
        drive = self.random.choice([self.awhole, self.aloop, self.astream])
        try:
            self.ends[name] = await drive(request)
        except BaseException as error:
            self.ends[name] = type(error).__name__

    async def awhole(self, request: dict[str, Any]) -> str:
        async def call(at: At) -> Any:
            await asyncio.sleep(0)
            return self.quiet()

        await self.world.calls.arun(call, **request)
        return "returned"

    async def aloop(self, request: dict[str, Any]) -> str:
        async with self.world.calls.adispatch(**request) as call:
            async for at in call:
                with at:
                    await asyncio.sleep(0)
                    self.quiet()
                if self.leaves():
                    return "left"
        return "returned"

    async def astream(self, request: dict[str, Any]) -> str:
        async def open_stream(at: At) -> AsyncIterator[Any]:
            await asyncio.sleep(0)
            self.quiet()
            for _ in range(self.random.randrange(4)):
                yield CHUNK
                await asyncio.sleep(0)
                if self.random.random() < 0.15:
                    raise self.random.choice([HostError(503), KeyError("x")])
            if self.random.random() < 0.8:
                yield END

        async with self.world.calls.astream(open_stream, **request) as chunks:
            async for _ in chunks:
                if self.leaves():
                    return "left"
        return "returned"

    def quiet(self) -> Any:
        """Do as a host does; a KeyboardInterrupt would end the loop that all tasks share, so it is a ZeroDivision."""
        try:
            return self.answer()
        except KeyboardInterrupt:
            raise ZeroDivisionError from None


def drive_steps(chance: Chance, actors: list[Iterator[None]]) -> None:
    """Step through calls in an order that is drawn; close some, and interrupt some."""
    while actors:
        actor: Any = chance.random.choice(actors)
        drawn = chance.random.random()
        chance.pass_time()
        try:
            if drawn < 0.03:
                actor.close()
                actors.remove(actor)
            elif drawn < 0.06:
                actor.throw(KeyboardInterrupt)
            elif drawn < 0.08:
                actors.remove(actor)  # dropped: nobody closes it but the garbage collector
                del actor
            else:
                next(actor)
        except (StopIteration, KeyboardInterrupt):  # the latter where it had not begun
            actors.remove(actor)


async def drive_tasks(chance: Chance, calls: list[Coroutine[Any, Any, None]]) -> None:
    """Run calls as tasks, and cancel some of them."""
    tasks = [asyncio.create_task(call) for call in calls]
    while not all(task.done() for task in tasks):
        await asyncio.sleep(0)
        chance.pass_time()
        if chance.random.random() < 0.1:
            chance.random.choice(tasks).cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


def explore(seed: int, calls: int, patch: pytest.MonkeyPatch) -> dict[str, int]:
    """Make calls, and return how many had each outcome."""
    chance, counts = Chance(seed, patch), dict[str, int]()
    while chance.count < calls:
        batch = chance.random.randrange(1, 12)
        if chance.random.random() < 0.5:
            drive_steps(chance, [chance.sync() for _ in range(batch)])
        else:
            asyncio.run(drive_tasks(chance, [chance.task() for _ in range(batch)]))
        gc.collect(0)
        for outcome in judged(chance, seed):
            counts[outcome] = counts.get(outcome, 0) + 1
        assert chance.health.permits == set(), f"seed {seed}: permits are kept"
    return counts


def judged(chance: Chance, seed: int) -> list[str]:
    """Return the outcome of every call so far, each once, and as it ended for its caller."""
    chance.world.kept.assert_once()
    outcomes = []
    for row in chance.world.kept.rows:
        name = row.request["request_id"]
        end = chance.ends.get(name, "GeneratorExit")
        assert row.outcome is not None, f"seed {seed}, call {name}: no outcome; it ended with {end}"
        assert row.outcome in ALLOWED[end], f"seed {seed}, call {name}: {row.outcome}, but it ended with {end}"
        assert (row.outcome in GOOD) == (row.model is not None)
        assert (row.outcome == "rejected") == (row.decision.status != "ok")
        oks = [model for model, outcome, _ in row.tries if outcome == "ok"]
        assert row.model is None or oks == [row.model]
        outcomes.append(row.outcome)
    chance.world.kept.rows.clear()
    chance.world.kept.by_id.clear()
    return outcomes


@pytest.mark.parametrize("seed", [1, FRESH], ids=["1", "fresh"])
def test_every_call_has_one_outcome(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed seed and a fresh one, which a failure shows."""
    counts = explore(seed, 500, monkeypatch)
    assert set(counts) == {"succeeded", "fell_back", "failed", "rejected", "cancelled"}


@pytest.mark.hard
def test_every_call_has_one_outcome_at_length(monkeypatch: pytest.MonkeyPatch) -> None:
    seed = FRESH
    for part in range(20):
        print(seed + part, explore(seed + part, 5000, monkeypatch))


def test_every_error_is_allowed_for() -> None:
    """What the judge knows is all that a call raises."""
    assert {error.__name__ for error in CallError.__subclasses__()} <= set(ALLOWED)
