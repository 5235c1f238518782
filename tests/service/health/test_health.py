"""Health bars what cannot be called: by limits and headers, for keys; across threads and forks, for no longer."""

from __future__ import annotations

import gc
import os
import random
import threading
from typing import Any

import pytest

from routecomp.runtime.resolver import Endpoint, Router
from routecomp.service.health.health import Health
from routecomp.service.health.permit import Permit, Refusal
from tests.runtime.tables import router
from tests.service.clock import FakeClock

LIMITS = {"providers/openai/rpm": 3, "models/gpt/tpm": 1000, "models/mini/parallel": 1, "models/mini/total_ms": 30_000}


class Failed:
    """A failure, as health reads it."""

    headers: Any = None

    def __init__(self, outcome: str, blames: str, wait: float | None = None) -> None:
        self.outcome, self.blames, self.retry_after_s = outcome, blames, wait


HEADERS = {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "2s"}
DOWN = Failed("retriable_error", "host")
REFUSED_KEY = Failed("terminal_error", "key")


def endpoint(table: Router, slug: str) -> Endpoint:
    """Return how a model is called, when it is called by its name."""
    way = table.endpoint(table.resolve(feature="secret") if slug == "hidden" else table.resolve(model=slug), slug)
    assert way is not None
    return way


class Bench:
    """A health with a clock, and the calls of a test."""

    def __init__(self, changes: dict[str, Any] | None = None) -> None:
        self.clock = FakeClock()
        self.health = Health(clock=self.clock)
        self.router = router(changes or {})

    def begin(self, slug: str, tokens: int | None = None, key: str | None = None, **more: Any) -> Permit | Refusal:
        way = endpoint(self.router, slug)
        way = way if key is None else way._replace(api_key_env=key)
        return self.health.begin(way, self.router.facts, tokens, self.clock.monotonic(), **more)

    def call(self, slug: str, failure: Any = None, headers: Any = None, **more: Any) -> None:
        """Make a call that may begin, and end it."""
        permit = self.begin(slug, **more)
        assert isinstance(permit, Permit)
        self.health.end(permit, failure, headers, 0.1, self.clock.monotonic())

    def barred(self) -> set[str]:
        return set(self.health.barred(self.router.facts, self.clock.monotonic()))


def test_nothing_is_barred_at_first() -> None:
    bench = Bench()
    bench.call("gpt")
    assert bench.health._barred is None
    assert bench.barred() == set()
    assert bench.health.status() == {"refused": 0, "shared": None, "scopes": []}


def test_a_provider_s_limit_is_of_all_its_models_with_one_key() -> None:
    bench = Bench(LIMITS | {"models/thinker/api_key_env": "OTHER_KEY"})
    for slug in ("gpt", "mini", "gpt"):
        bench.call(slug)
    assert bench.barred() == {"gpt", "mini", "hidden", "off"}
    refusal = bench.begin("hidden")
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "rpm"
    bench.call("thinker")  # its own key
    bench.clock.advance(refusal.wait_s)
    assert bench.barred() == set()
    bench.call("hidden")


def test_a_model_s_limit_holds_beside_its_provider_s() -> None:
    bench = Bench(LIMITS)
    permit = bench.begin("gpt", tokens=400)
    assert isinstance(permit, Permit)
    bench.health.end(permit, None, None, 0.1, bench.clock.monotonic(), tokens=900)
    refusal = bench.begin("gpt", tokens=200)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "tpm"
    assert bench.barred() == set()  # a small call may begin
    bench.call("gpt", tokens=100)
    assert bench.barred() == {"gpt"}


def test_a_place_is_given_back_by_its_call_or_by_its_timeout() -> None:
    bench = Bench(LIMITS)
    permit = bench.begin("mini")
    assert isinstance(permit, Permit)
    assert bench.barred() == {"mini"}
    assert bench.begin("mini") == Refusal("parallel", 30.0)
    bench.health.cancel(permit, bench.clock.monotonic())
    assert bench.barred() == set()
    bench.begin("mini")
    bench.clock.advance(30)
    assert bench.barred() == set()
    assert isinstance(bench.begin("mini"), Permit)


def test_headers_bar_a_model_until_they_say() -> None:
    bench = Bench()
    bench.call(
        "opus", headers={"anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": "40"}
    )
    assert bench.barred() == {"opus"}
    assert bench.begin("opus") == Refusal("headers", 40.0)
    bench.clock.advance(40)
    assert bench.barred() == set()
    bench.call("opus")


def test_a_call_above_what_is_left_is_refused_alone() -> None:
    bench = Bench()
    bench.call("gpt", headers={"x-ratelimit-remaining-tokens": "100", "x-ratelimit-reset-tokens": "9s"})
    assert bench.barred() == set()
    assert bench.begin("gpt", tokens=101) == Refusal("headers", 9.0)
    bench.call("gpt", tokens=100)


def test_a_closed_key_bars_every_model_that_is_called_with_it() -> None:
    bench = Bench({"models/opus/api_key_env": "OPENAI_API_KEY"})
    for slug in ("gpt", "mini", "gpt", "thinker", "opus"):
        bench.call(slug, REFUSED_KEY)
    assert bench.barred() == {"gpt", "mini", "thinker", "hidden", "off", "opus"}
    refusal = bench.begin("hidden")
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "open"
    bench.call("gpt", key="NIMBUS_KEY")  # an experiment's version has a key of its own


def test_a_variant_s_own_key_closes_for_its_calls_alone() -> None:
    bench = Bench()
    for _ in range(5):
        bench.call("gpt", REFUSED_KEY, key="NIMBUS_KEY")
    assert bench.barred() == set()
    assert isinstance(bench.begin("opus", key="NIMBUS_KEY"), Refusal)
    bench.call("gpt")


def test_what_asks_for_a_wait_is_closed_for_exactly_that_long() -> None:
    bench = Bench()
    for _ in range(9):
        bench.call("gpt", Failed("rate_limited", "host", 7.5), despite=True)
    assert bench.begin("gpt") == Refusal("asked", 7.5)
    bench.clock.advance(7.5)
    bench.call("gpt")


def test_where_all_is_barred_the_soonest_is_tried() -> None:
    bench = Bench()
    for slug, wait in (("gpt", 50.0), ("opus", 20.0), ("mini", 30.0)):
        bench.call(slug, Failed("rate_limited", "host", wait))
    ways = [endpoint(bench.router, slug) for slug in ("gpt", "opus", "mini")]
    now = bench.clock.monotonic()
    assert bench.health.soonest(ways, now).model == "opus"
    assert [bench.health.wait_of(way.model, None, now) for way in ways] == [50, 20, 30]
    assert isinstance(bench.begin("opus"), Refusal)
    assert isinstance(bench.begin("opus", despite=True), Permit)
    bench.clock.advance(60)
    assert bench.health.soonest(ways, bench.clock.monotonic()).model == "gpt"  # of equals the first of the chain


def test_metrics() -> None:
    bench = Bench()
    for _ in range(5):
        bench.call("gpt", DOWN)
    bench.begin("gpt")
    bench.call("opus", headers={"x-ratelimit-remaining-tokens": "7", "x-ratelimit-reset-tokens": "9s"})
    samples = dict(line.rsplit(" ", 1) for line in bench.health.metrics().splitlines() if line[0] != "#")
    gpt = '{kind="model",name="gpt",api_key_env="OPENAI_API_KEY"}'
    assert (samples[f"routecomp_closed_seconds{gpt}"], samples[f"routecomp_circuit_trips_total{gpt}"]) == ("60.0", "1")
    assert samples["routecomp_refused_total"] == "1"
    opus = '{kind="model",name="opus",api_key_env="ANTHROPIC_API_KEY",limit="tokens"}'
    assert samples[f"routecomp_limit_left{opus}"] == "7"


def test_a_trial_in_spite_of_everything_closes_the_circuit() -> None:
    bench = Bench()
    for _ in range(5):
        bench.call("gpt", DOWN)
    assert bench.barred() == {"gpt"}
    bench.call("gpt", despite=True)
    assert bench.barred() == set()


def test_what_a_new_table_calls_with_the_key_is_barred() -> None:
    bench = Bench()
    for _ in range(5):
        bench.call("gpt", REFUSED_KEY)
    before = bench.barred()
    other = router({"models/opus/api_key_env": "OPENAI_API_KEY"})
    assert bench.health.barred(other.facts, bench.clock.monotonic()) == before | {"opus"}


@pytest.mark.parametrize("jump", [-1e9, -3600.0, 1e9])
def test_a_clock_that_jumps_holds_nothing_for_longer(jump: float) -> None:
    bench = Bench(LIMITS)
    for _ in range(5):
        bench.call("opus", DOWN)
    bench.begin("mini")
    now = bench.clock.monotonic()
    bench.health.barred(bench.router.facts, now)
    now += jump
    bench.health.barred(bench.router.facts, now)
    assert bench.health.barred(bench.router.facts, now + 61) == set()


def test_a_clock_that_goes_back_a_little_is_noticed() -> None:
    """What was barred until a reading of the clock is not barred until that reading comes a second time."""
    bench = Bench()
    for _ in range(5):
        bench.call("opus", DOWN)
    now = bench.clock.monotonic()
    assert bench.health.barred(bench.router.facts, now + 50) == {"opus"}
    assert bench.health.wait_of("opus", None, now + 55) == 5
    assert bench.health.wait_of("opus", None, now + 51) == 5
    assert bench.health.barred(bench.router.facts, now + 56) == set()


def test_of_too_many_scopes_the_oldest_is_forgotten() -> None:
    bench = Bench()
    way = endpoint(bench.router, "gpt")
    for number in range(5000):
        permit = bench.health.begin(way._replace(api_key_env=f"K{number}"), bench.router.facts, None, 1.0)
        assert isinstance(permit, Permit)
        bench.health.end(permit, DOWN, None, 0.1, 1.0)
    assert len(bench.health._breakers) == 4096


def test_threads_share_limits() -> None:
    """Of 64 threads that begin at once, as many may as the limit says; a probe is one of them."""
    bench = Bench({"models/gpt/rpm": 10})
    for _ in range(5):
        bench.call("opus", DOWN)
    bench.clock.advance(60)
    granted: dict[str, list[Permit]] = {"gpt": [], "opus": []}
    start = threading.Barrier(64)

    def run(slug: str) -> None:
        start.wait()
        if isinstance(permit := bench.begin(slug), Permit):
            granted[slug].append(permit)

    threads = [threading.Thread(target=run, args=(slug,)) for slug in ("gpt", "opus") * 32]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {slug: len(permits) for slug, permits in granted.items()} == {"gpt": 10, "opus": 1}


class Dropped:
    """A call that ends when nobody holds it any more, in the midst of whatever collects it."""

    def __init__(self, bench: Bench, permit: Permit) -> None:
        self.bench, self.permit, self.itself = bench, permit, self

    def __del__(self) -> None:
        self.bench.health.end(self.permit, DOWN, None, 0.1, self.bench.clock.monotonic())


def test_calls_that_end_within_another_one() -> None:
    """Garbage is collected again and again while four threads begin, end and ask: nothing raises, no place is lost."""
    bench = Bench({"models/gpt/parallel": 50, "models/opus/parallel": 50, "models/mini/rpm": 100_000})
    errors: list[Exception] = []

    def run(seed: int) -> None:
        draw = random.Random(seed)
        try:
            for _ in range(300):
                permit = bench.begin(
                    draw.choice(["gpt", "opus", "mini"]), draw.randint(0, 9), despite=draw.random() < 0.5
                )
                if isinstance(permit, Permit):
                    if draw.random() < 0.5:
                        Dropped(bench, permit)
                    else:
                        bench.health.end(permit, None, HEADERS, 0.1, bench.clock.monotonic(), tokens=5)
                bench.barred()
                if draw.random() < 0.1:
                    bench.health.metrics()
                    bench.clock.advance(draw.choice([0.5, 30]))
        except Exception as error:
            errors.append(error)

    threshold = gc.get_threshold()
    gc.set_threshold(20)
    try:
        threads = [threading.Thread(target=run, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        gc.set_threshold(*threshold)
    gc.collect()
    assert errors == []
    used = [row["used"] for row in bench.health.status()["scopes"] if row["used"] is not None]
    assert [row["parallel"] for row in used] == [0] * 3


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_takes_over_what_is_known_and_no_call() -> None:
    """A fork while another thread holds the lock: the child is free, knows open circuits, has no call under way."""
    bench = Bench(LIMITS)
    for _ in range(5):
        bench.call("opus", DOWN)
    bench.clock.advance(30)
    for _ in range(5):
        bench.call("mistral-3", DOWN)
    bench.clock.advance(30)
    bench.begin("opus")  # the probe
    bench.begin("mini")
    assert bench.barred() == {"opus", "mistral-3", "mini"}
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with bench.health._lock:
            locked.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    locked.wait()
    child = os.fork()
    if child == 0:
        os._exit(0 if bench.barred() == {"mistral-3"} and isinstance(bench.begin("mini"), Permit) else 1)
    done.set()
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
