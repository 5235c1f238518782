"""Declared limits hold in every minute and at once, exactly counted in little memory."""

from __future__ import annotations

import random
from copy import deepcopy

from routecomp.service.health.quota import Quota


def test_in_no_minute_more_than_declared() -> None:
    """Random calls: never more than the limits say in 60 seconds; who is refused may begin when the quota says."""
    draw = random.Random(5)
    for _ in range(40):
        quota, rpm, tpm, now = Quota(), draw.randint(1, 9), draw.randint(10, 99), draw.uniform(0, 99)
        limits = {"rpm": rpm, "tpm": tpm}
        begun: list[tuple[float, int]] = []
        for _ in range(60):
            now += draw.choice([0, 0.1, 1, 5, 20])
            tokens = draw.randint(0, 30)
            full = quota.full(limits, tokens, now)
            recent = [(moment, count) for moment, count in begun if moment > now - 60]
            older = [(moment, count) for moment, count in begun if moment > now - 62]
            if full is None:
                begun.append((now, tokens))
                quota.take(object(), tokens, now, now + 1)
                assert len(recent) < rpm
                assert sum(count for _, count in recent) + tokens <= max(tpm, tokens)
            else:
                assert len(older) >= rpm or sum(count for _, count in older) + tokens >= tpm
                assert now < full.until <= now + 61
                assert deepcopy(quota).full(limits, tokens, full.until) is None  # it forgets what has passed then


def test_places() -> None:
    """A place is freed by its call, or when its bound has passed."""
    quota, limits = Quota(), {"parallel": 2}
    quota.take("a", 0, 10, 100)
    quota.take("b", 0, 10, 50)
    full = quota.full(limits, 0, 11)
    assert full is not None
    assert (full.limit, full.until) == ("parallel", 50)
    quota.give_back("a", 0, 12)
    assert quota.full(limits, 0, 12) is None
    quota.take("c", 0, 13, 100)
    assert quota.full(limits, 0, 49) is not None
    assert quota.full(limits, 0, 50) is None


def test_tokens_are_corrected_when_they_are_known() -> None:
    quota, limits = Quota(), {"tpm": 100}
    quota.take("a", 10, 10, 100)
    quota.give_back("a", 85, 11)
    assert quota.counts(11) == (1, 95, 0)
    assert quota.full(limits, 6, 11) is not None
    assert quota.full(limits, 5, 11) is None


def test_a_call_above_the_limit_may_begin_alone() -> None:
    quota, limits = Quota(), {"tpm": 100}
    assert quota.full(limits, 5000, 10) is None
    quota.take("a", 5000, 10, 100)
    assert quota.full(limits, 1, 70) is not None
    assert quota.full(limits, 5000, 71) is None
