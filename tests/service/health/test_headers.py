"""What headers say of limits is read in the forms in which providers write it, and nothing else is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from routecomp.service.health.headers import limits_left
from routecomp.service.moments import LONGEST_S

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
DATE = "Mon, 30 Nov 2026 11:00:00 GMT"
X, A = "x-ratelimit-", "anthropic-ratelimit-"
CASES: list[tuple[str, dict[Any, Any], dict[str, tuple[int, float]]]] = [
    (
        "openai",
        {
            "X-RateLimit-Remaining-Requests": "0",
            "X-RateLimit-Reset-Requests": "120ms",
            "X-RateLimit-Limit-Requests": "500",
            f"{X}remaining-tokens": "149984",
            f"{X}reset-tokens": "6m0s",
        },
        {"requests": (0, 0.12), "tokens": (149984, 360.0)},
    ),
    ("azure, which tells no reset", {f"{X}remaining-requests": "12", f"{X}remaining-tokens": "0"}, {}),
    (
        "anthropic",
        {
            f"{A}requests-remaining": "0",
            f"{A}requests-reset": "2026-11-30T12:00:30Z",
            f"{A}input-tokens-remaining": "7",
            f"{A}input-tokens-reset": "2026-11-30T13:01:00+01:00",
        },
        {"requests": (0, 30.0), "input-tokens": (7, 60.0)},
    ),
    (
        "groq, whose requests are those of a day",
        {
            f"{X}remaining-requests": "14370",
            f"{X}reset-requests": "2m59.56s",
            f"{X}remaining-tokens": "0",
            f"{X}reset-tokens": "7.66s",
        },
        {"requests": (14370, 179.56), "tokens": (0, 7.66)},
    ),
    (
        "a day in the name",
        {f"{X}remaining-requests-day": "0", f"{X}reset-requests-day": "33011.38"},
        {"requests-day": (0, 33011.38)},
    ),
    (
        "milliseconds of the epoch",
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1796040060000"},
        {"": (0, 60.0)},
    ),
    ("seconds of the epoch", {"RateLimit-Remaining": 3, "RateLimit-Reset": 1796040090}, {"": (3, 90.0)}),
    (
        "the clock of the host",
        {"date": DATE, f"{A}tokens-remaining": "0", f"{A}tokens-reset": "2026-11-30T11:00:09Z"},
        {"tokens": (0, 9.0)},
    ),
    ("bytes", {b"X-RateLimit-Remaining-Tokens": b"1", b"X-RateLimit-Reset-Tokens": b"1s"}, {"tokens": (1, 1.0)}),
    ("the past", {f"{A}tokens-remaining": "0", f"{A}tokens-reset": "2019-01-01T00:00:00Z"}, {"tokens": (0, 0.0)}),
    ("a year ahead", {f"{X}remaining-tokens": "0", f"{X}reset-tokens": "365d"}, {"tokens": (0, LONGEST_S)}),
]
HOSTILE: list[Any] = ["", "-1", "1e9", "nan", "inf", "soon", "1s 1s", "s", "1x", "9" * 500, "٣", "1" * 500 + "s"]
HOSTILE += ["2026-99-99T00:00:00Z", "Mon, 99 Foo", [1], None, object()]


@pytest.mark.parametrize(("headers", "left"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_provider(headers: Any, left: dict[str, tuple[int, float]]) -> None:
    read = {entry.what: (entry.remaining, round(entry.reset_s, 3)) for entry in limits_left(headers, NOW.timestamp())}
    assert read == left


@pytest.mark.parametrize("value", HOSTILE, ids=[str(number) for number in range(len(HOSTILE))])
def test_what_is_no_wait_says_nothing(value: Any) -> None:
    headers = {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": value}
    assert limits_left(headers, NOW.timestamp()) == []


def test_headers_without_end_are_not_read_to_it() -> None:
    many = {f"x-ratelimit-remaining-{number}": "0" for number in range(10_000)}
    many |= {f"x-ratelimit-reset-{number}": "1s" for number in range(10_000)}
    assert limits_left(many, NOW.timestamp()) == []


def test_a_mapping_that_raises_says_nothing() -> None:
    class Raising(dict[str, str]):
        def items(self) -> Any:
            raise RuntimeError

    assert limits_left(Raising(), (NOW + timedelta(1)).timestamp()) == []
