"""State the limits of this resolver: formats it reads, arguments it knows, how much it keeps."""

from __future__ import annotations

from typing import Final

FORMAT: Final = "1.0"  # of the table and the fallback file; another major number is refused
KNOWN_REQUIREMENTS: Final = frozenset[str]()  # words of `requires` that this reader understands
MAX_BYTES: Final = 512 * 1024 * 1024  # a larger file is refused unread
ARGUMENTS: Final = ("feature", "model", "tenant", "min_quality", "latency_budget_ms", "stack", "input_tokens",
                    "max_output_tokens", "max_cost_usd", "stream", "tools", "capabilities", "unavailable",
                    "unit", "request_id", "preference")
_TOP: Final = 10_000  # basis points of 1
_SLOTS: Final = 10_000

# What is kept for speed is bounded; a store that is full is begun anew.
_MOST_PLAIN: Final = 65_536  # decisions for calls without hints, about 0.4 kB each
_MOST_HINTED: Final = 8_192  # decisions for calls with hints, about 0.7 kB each
_LONGEST: Final = 2_000  # characters of a text, or of all names of a call, that are remembered
_MOST_VIEWS: Final = 2_048  # routes as a policy sees them, a few masks of all models each
_MOST_NEAR: Final = 2_048  # sets of nearest candidates, up to 30 kB each
_MOST_MASKS: Final = 8_192  # of one number of all models
_NEAR: Final = 30  # candidates looked at first: as many as fit into one digit of a Python int
