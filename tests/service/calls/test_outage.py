"""Ten minutes of outages at random: no call fails that a host could have answered which the policy permits."""

from __future__ import annotations

import random
from typing import Any

import pytest

from routecomp.service.calls.at import At
from routecomp.service.calls.errors import Exhausted
from tests.seeds import FRESH
from tests.service.calls.world import HostError, World

MODELS = ("opus", "mistral-3", "gpt", "mini", "gpt-eu", "thinker")
REQUESTS: tuple[dict[str, Any], ...] = (
    {"feature": "chat"},
    {"feature": "chat", "tenant": "careful"},
    {"model": "auto"},
    {"model": "auto", "tenant": "berlin"},
    {"model": "logic"},
)
DEADLINE = 30.0


class Outages:
    """Hosts that go down and come back, each by itself: they answer with errors, ask to wait, or hang."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.world = World({"resilience/max_attempts": 4})
        self.until = dict.fromkeys(MODELS, 0.0)
        self.how = dict.fromkeys(MODELS, "error")
        self.alone_until = dict.fromkeys(MODELS, 0.0)

    def pass_time(self, seconds: float) -> None:
        self.world.clock.advance(seconds)
        now = self.world.clock.monotonic()
        for model in MODELS:
            if self.until[model] <= now and self.random.random() < 0.02 * seconds:
                self.until[model] = now + self.random.choice([3, 20, 60, 200])
                self.how[model] = self.random.choice(["error", "error", "hang", "wait"])

    def is_down(self, model: str) -> bool:
        return self.until[model] > self.world.clock.monotonic()

    def call(self, at: At) -> str:
        self.world.asked.append(at)
        if not self.is_down(at.model):
            self.world.clock.advance(0.2)
            return at.model
        if self.how[at.model] == "hang":
            self.world.clock.advance(min(at.timeout, 2.0))
            raise TimeoutError
        if self.how[at.model] == "wait":
            self.alone_until[at.model] = self.world.clock.monotonic() + 40
            raise HostError(429, **{"retry-after": "40"})
        raise HostError(self.random.choice([500, 502, 503, 529]))


def attempt(outages: Outages, request: dict[str, Any]) -> Exhausted | None:
    """Make a call, and return how it failed; None if it was answered."""
    try:
        outages.world.calls.run(outages.call, deadline=DEADLINE, **request)
    except Exhausted as error:
        return error
    return None


def permitted_for(world: World, request: dict[str, Any]) -> set[str]:
    """Return every model that may serve a request: those of the chain, and those that follow where these are gone."""
    models: set[str] = set()
    while True:
        decision = world.calls.resolve(**request, unavailable=sorted(models))
        if decision.status != "ok" or set(decision.chain) <= models:
            return models
        models |= set(decision.chain)


@pytest.mark.parametrize("seed", [1, FRESH], ids=["1", "fresh"])
def test_no_call_fails_that_a_host_could_have_answered(seed: int) -> None:
    """As many models were asked as the policy allows, or all that it permits, open circuits or not; none answered."""
    outages, ends = Outages(seed), {"answered": 0, "failed": 0}
    world = outages.world
    start = world.clock.monotonic()
    while world.clock.monotonic() < start + 600:
        outages.pass_time(outages.random.choice([0.1, 0.5, 1.5]))
        request = outages.random.choice(REQUESTS)
        world.asked.clear()
        failure = attempt(outages, request)
        ends["answered" if failure is None else "failed"] += 1
        if failure is None:
            continue
        tried, now = set(world.models), world.clock.monotonic()
        alone = {model for model, until in outages.alone_until.items() if now <= until}
        assert failure.http_status != 504, f"seed {seed}: the deadline is long enough"
        left = permitted_for(world, request) - tried - alone
        assert len(tried) == 4 or not left, f"seed {seed}: {request}, {left}, {tried}"
    assert ends["answered"] > 100
    world.kept.assert_once()
