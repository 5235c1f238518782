"""A circuit opens, is tried and closes; what began too early tells nothing of it."""

from __future__ import annotations

from routecomp.service.health.breaker import DEFAULT, Breaker, Figures


def opened(now: float = 100.0) -> Breaker:
    """Return a circuit that opened at a moment."""
    breaker = Breaker()
    for _ in range(5):
        breaker.fail(0, now, DEFAULT)
    assert breaker.state(now) == "open"
    return breaker


def test_failures_count_within_the_window() -> None:
    breaker = Breaker()
    for moment in (0, 20, 40, 59.9, 60):  # the first is a minute old when the last comes
        breaker.fail(0, moment, DEFAULT)
        breaker.succeed(0, moment)
    assert breaker.state(60) == "closed"
    breaker.fail(0, 79.9, DEFAULT)
    assert (breaker.state(79.9), breaker.until(79.9)) == ("open", 139.9)


def test_figures_are_the_tables() -> None:
    breaker = Breaker()
    strict = Figures(failures=1, window_s=1, cooloff_s=5)
    breaker.fail(0, 10, strict)
    assert (breaker.state(14.9), breaker.state(15)) == ("open", "half_open")


def test_one_probe_at_a_time() -> None:
    breaker = opened(100)
    assert breaker.until(160) == 160
    probe = breaker.take(160, DEFAULT)
    assert (probe > 0, breaker.until(161)) == (True, 220)
    breaker.succeed(probe, 161)
    assert (breaker.state(161), breaker.take(161, DEFAULT), breaker.trips) == ("closed", 0, 1)


def test_a_probe_that_fails_opens_anew() -> None:
    breaker = opened(100)
    breaker.fail(breaker.take(160, DEFAULT), 170, DEFAULT)
    assert (breaker.state(229), breaker.state(230), breaker.trips) == ("open", "half_open", 2)


def test_a_probe_that_never_ends_is_given_back() -> None:
    breaker = opened(100)
    breaker.take(160, DEFAULT)
    assert (breaker.until(219), breaker.until(220)) == (220, 220)
    second = breaker.take(220, DEFAULT)
    assert breaker.until(221) == 280
    breaker.give_back(second)
    assert breaker.until(221) == 221


def test_only_the_newest_trial_gives_the_probe_back() -> None:
    breaker = opened(100)
    gone = breaker.take(160, DEFAULT)
    breaker.take(220, DEFAULT)
    breaker.give_back(gone)
    assert breaker.until(221) == 280


def test_calls_of_before_tell_nothing() -> None:
    breaker = opened(100)
    breaker.fail(0, 130, DEFAULT)
    assert breaker.until(130) == 160
    breaker.succeed(0, 130)
    assert breaker.state(130) == "open"


def test_trials_of_an_earlier_opening_tell_nothing() -> None:
    breaker = opened(100)
    gone = breaker.take(160, DEFAULT)
    breaker.succeed(breaker.take(220, DEFAULT), 221)
    for _ in range(5):
        breaker.fail(0, 300, DEFAULT)
    breaker.fail(gone, 310, DEFAULT)
    assert breaker.until(310) == 360
    breaker.succeed(gone, 320)
    assert (breaker.state(320), breaker.trips) == ("open", 2)


def test_a_deadline_is_only_extended() -> None:
    breaker = opened(100)
    breaker.hold(150, 110)
    assert breaker.until(110) == 160
    breaker.hold(500, 110)
    assert (breaker.until(110), breaker.trips) == (500, 1)
    breaker.fail(breaker.take(120, DEFAULT), 121, DEFAULT)  # tried in spite of it
    assert (breaker.until(121), breaker.trips) == (500, 1)
    breaker.fail(breaker.take(480, DEFAULT), 480, DEFAULT)
    assert (breaker.until(481), breaker.trips) == (540, 1)
