"""Circuits, waits that hosts ask for, and closed keys are those of a reference that reads its whole log each time."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from routecomp.runtime.resolver import Endpoint
from routecomp.service.health.health import Health
from routecomp.service.health.permit import Permit
from routecomp.service.health.scope import Scope
from routecomp.service.health.sharing import Closure
from tests.runtime.tables import router
from tests.service.clock import FakeClock
from tests.service.health.reference import Log

ROUTER = router({"models/opus/api_key_env": "OPENAI_API_KEY"})
"""Of the models, opus is called with the key of OpenAI's own ones."""
FACTS = ROUTER.facts


def endpoints() -> dict[tuple[str, str], Endpoint]:
    """Return ways to call two models with two keys: their own, and that of an experiment's version."""
    made = {}
    for slug in ("gpt", "opus"):
        endpoint = ROUTER.endpoint(ROUTER.resolve(model=slug), slug)
        assert endpoint is not None
        for key in ("OPENAI_API_KEY", "NIMBUS_KEY"):
            made[slug, key] = endpoint._replace(api_key_env=key)
    return made


ENDPOINTS = endpoints()
WAYS = sorted(ENDPOINTS)
OF_OPENAI = set(FACTS.called_with("OPENAI_API_KEY"))


HOW = ["ok", "host", "host", "configuration", "key", "request", "asked", "limited", "gone"]


class Failed:
    """A failure, as health reads it."""

    headers: Any = None

    def __init__(self, outcome: str, blames: str, wait: float | None) -> None:
        self.outcome, self.blames, self.retry_after_s = outcome, blames, wait


class Settable(FakeClock):
    """A clock that may be set back."""

    def set(self, seconds: float) -> None:
        self._monotonic = seconds


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.machine_clock = Settable()
        self.health = Health(clock=self.machine_clock)
        self.now = 0  # what has passed
        self.clock = 5000  # what the clock says
        self.logs: dict[tuple[str, str], Log] = defaultdict(Log)
        self.running: list[tuple[Permit, tuple[str, str], dict[tuple[str, str], int]]] = []

    @initialize(seconds=st.integers(0, 10**6))
    def start(self, seconds: int) -> None:
        self.clock = seconds

    def scopes(self, way: tuple[str, str]) -> list[tuple[str, str]]:
        return [way, ("key", way[1])]

    def wait(self, way: tuple[str, str]) -> int:
        return max(self.logs[scope].wait(self.now) for scope in self.scopes(way))

    @rule(seconds=st.one_of(st.integers(0, 3), st.sampled_from([7, 29, 30, 31, 59, 60, 61, 3600])))
    def pass_time(self, seconds: int) -> None:
        self.now += seconds
        self.clock += seconds

    @rule(seconds=st.integers(2, 10**6))
    def set_the_clock_back(self, seconds: int) -> None:
        self.health.wait_of("gpt", None, self.clock)  # the last moment that it sees before
        self.clock -= seconds

    @rule(way=st.sampled_from(WAYS), despite=st.booleans())
    def begin(self, way: tuple[str, str], despite: bool) -> None:
        permit = self.health.begin(ENDPOINTS[way], FACTS, None, self.clock, despite=despite)
        assert isinstance(permit, Permit) == (despite or not self.wait(way)), permit
        if isinstance(permit, Permit):
            trials = {scope: self.logs[scope].write(self.now, "begin") for scope in self.scopes(way)}
            self.running.append((permit, way, trials))
        else:
            assert permit.wait_s == self.wait(way)

    @rule(
        way=st.sampled_from(WAYS), how=st.sampled_from(["host", "host", "key", "ok"]),
        times=st.integers(1, 6), seconds=st.sampled_from([0, 1, 14, 15]),
    )  # fmt: skip
    def call_again_and_again(self, way: tuple[str, str], how: str, times: int, seconds: int) -> None:
        for _ in range(times):
            self.begin(way, False)
            self.pass_time(seconds)
            if self.running and self.running[-1][1] == way:
                self.stop(-1, how, 0)

    @rule(way=st.sampled_from(WAYS), seconds=st.integers(1, 200))
    def others_find_it_broken(self, way: tuple[str, str], seconds: int) -> None:
        self.machine_clock.set(self.clock)
        self.health.learn(Closure(Scope("model", *way), "open", seconds))
        self.logs[way].hold(self.now, self.now + seconds)

    @precondition(lambda self: self.running)
    @rule(number=st.integers(0, 9), how=st.sampled_from(HOW), wait=st.integers(1, 100))
    def end(self, number: int, how: str, wait: int) -> None:
        self.stop(number % len(self.running), how, wait)

    def stop(self, number: int, how: str, seconds: int) -> None:
        permit, way, trials = self.running.pop(number)
        scopes = self.scopes(way)
        failing = scopes[how == "key"]
        if how == "gone":
            self.health.cancel(permit, self.clock)
        elif how == "ok":
            self.health.end(permit, None, None, 0.1, self.clock)
        else:
            blames = how if how in ("configuration", "key", "request") else "host"
            wait = seconds if how in ("asked", "limited") else None
            outcome = "rate_limited" if how == "limited" else "retriable_error"
            self.health.end(permit, Failed(outcome, blames, wait), None, 0.1, self.clock)
            if wait is not None:
                self.logs[failing].asked.append(self.now + wait)
        for scope in scopes:
            if how == "ok":
                self.logs[scope].write(self.now, "ok", trials[scope])
            elif scope == failing and how not in ("request", "limited", "gone"):
                self.logs[scope].write(self.now, "fail", trials[scope])
            else:
                self.logs[scope].write(self.now, "nothing", trials[scope])
        self.health.end(permit, Failed("timeout", "host", 99.0), None, 0.1, self.clock)  # once is once

    @invariant()
    def agrees(self) -> None:
        expected = set()
        for way in WAYS:
            assert self.health.wait_of(way[0], ENDPOINTS[way], self.clock) == self.wait(way), way
            if way[1] == "OPENAI_API_KEY" and self.logs[way].wait(self.now):
                expected.add(way[0])
        if self.logs["key", "OPENAI_API_KEY"].wait(self.now):
            expected |= OF_OPENAI
        assert self.health.barred(FACTS, self.clock) == expected

    def teardown(self) -> None:
        self.machine_clock.set(self.clock)
        rows = self.health.status()["scopes"]
        trips = {(row["name"] if row["kind"] == "model" else "key", row["api_key_env"]): row["trips"] for row in rows}
        for scope, log in self.logs.items():
            assert trips.get(scope, 0) == log.circuit(self.now)[2]


QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck))


def test_health_agrees_with_the_reference() -> None:
    run_state_machine_as_test(Machine, settings=settings(QUIET, max_examples=60, stateful_step_count=25))


@pytest.mark.hard
def test_health_agrees_with_the_reference_for_long() -> None:
    examples = int(os.environ.get("ROUTECOMP_EXAMPLES", "1000"))
    run_state_machine_as_test(Machine, settings=settings(QUIET, max_examples=examples, stateful_step_count=100))
