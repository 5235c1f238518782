"""State what this resolver reads, which arguments it knows, and how much it remembers."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 512 * 1024 * 1024
"""The size of the largest file that is read."""

ARGUMENTS: Final = (
    "feature",
    "model",
    "tenant",
    "unit",
    "request_id",
    "preference",
    "min_quality",
    "latency_budget_ms",
    "stack",
    "input_tokens",
    "max_output_tokens",
    "max_cost_usd",
    "stream",
    "tools",
    "capabilities",
    "unavailable",
)
"""The arguments of `Router.resolve` and `Router.explain`, and the keys of a request given as JSON."""

_MAX_REASON: Final = 2_000  # characters of the words for which a file is refused
_MAX_ID: Final = 10**18  # whole numbers that count as ids lie between this one and its negative

_ONE_BP: Final = 10_000  # 1.00 in basis points
_SLOTS: Final = 10_000  # slots of an experiment or a shadow, numbered from 0

# What is remembered is bounded: a store that is full is cleared and filled again.
_MAX_PLAIN: Final = 65_536  # decisions for calls without hints, about 0.4 kB each
_MAX_HINTED: Final = 8_192  # decisions for calls with hints, about 0.7 kB each
_MAX_LENGTH: Final = 2_000  # characters of all texts of one call that is remembered
_MAX_UNITS: Final = 32_768  # units of experiments, about 0.2 kB each; their decisions are among the plain ones
_MAX_UNIT: Final = 64  # characters of a unit that is remembered
_MAX_VIEWS: Final = 2_048  # routes as a policy sees them, a few masks of all models each
_MAX_NEAR: Final = 2_048  # sets of nearest candidates, up to 30 kB each
_MAX_MASKS: Final = 8_192  # masks of one scale
_NEAREST: Final = 30  # candidates that are looked at first: a mask of them fits into one digit of a Python int
