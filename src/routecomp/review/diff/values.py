"""A field's value in, its words out: exact, in the author's own units."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from routecomp.model.numbers import at_least, written
from routecomp.model.policy import Weights
from routecomp.model.route import Candidates, CostScale, LatencyScale

_SHARES = frozenset(
    {
        "quality",
        "compliance",
        "min_quality",
        "sample",
        "weight",
        "max_quality_loss",
        "output_ratio",
        "compliance_veto_threshold",
        "floor",
        "dial",
    }
)
_UNITS = {
    "latency_ms": " ms",
    "context_window": " tokens",
    "min_output_tokens": " tokens",
    "window_s": " s",
    "cooloff_s": " s",
}


def words(field: str, value: Any) -> str | None:
    """The value of a field of that name as people write it; None where there is none."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return number(field, value)
    if isinstance(value, Weights):
        return weights((value.quality, value.latency, value.cost))
    if isinstance(value, Candidates):
        return candidates(value)
    if isinstance(value, CostScale):
        return f"best {dollars(value.best)}, worst {dollars(value.worst)} USD"
    if isinstance(value, LatencyScale):
        return f"best {value.best}, worst {value.worst} ms"
    if field == "weights":
        return weights(value)
    if isinstance(value, Mapping):
        return listed(list(value))
    return listed(value) if isinstance(value, tuple | list) else str(value)


def number(field: str, value: int) -> str:
    """A number in the field's unit."""
    if field in _SHARES:
        return share(value)
    if field == "fallback_cost_penalty_pct":
        return f"{at_least(value, 2)} %"
    if field in ("input", "output"):
        return dollars(value)
    if field == "max_daily_usd":
        return f"{at_least(value, 2)} USD a day"
    return f"{value:,}{_UNITS[field]}" if field in _UNITS else f"{value:,}"


def share(basis_points: int) -> str:
    """Basis points as a share of 1: 5500 is 0.55."""
    return at_least(basis_points, 4)


def dollars(micro: int) -> str:
    """Micro-dollars as dollars: 2500000 is 2.50."""
    return at_least(micro, 6)


def percent(basis_points: int) -> str:
    """Basis points of the units as per cent: 1000 is 10.0 %."""
    return f"{at_least(basis_points, 2, 1)} %"


def weights(value: tuple[int, int, int]) -> str:
    """Weights in the order of the page."""
    return ", ".join(f"{name} {share(one)}" for name, one in zip(("quality", "latency", "cost"), value, strict=True))


def candidates(value: Candidates) -> str:
    """A target's selector as it is written."""
    for key in ("models", "stacks", "logical"):
        chosen = getattr(value, key)
        if chosen is not None:
            return f"{key}: {chosen if isinstance(chosen, str) else listed(sorted(set(chosen)))}"
    return "all"


def listed(names: Collection[str]) -> str:
    """Names as a list people read."""
    return ", ".join(names) if names else "none"


def by(before: int, after: int) -> str:
    """How much a number grew or shrank: `+20 %`, rounded to a tenth where it is not whole."""
    if before == 0 or before == after:
        return ""
    tenths = Fraction(after - before, before) * 1000
    rounded = round(tenths)
    if rounded == 0:
        return f"less than 0.1 % {'up' if after > before else 'down'}"
    sign = "+" if after > before else "-"
    about = "" if rounded == tenths else "about "
    return f"{about}{sign}{written(abs(rounded), 1)} %"


def turnover(before: Collection[str], after: Collection[str]) -> str:
    """What joined a list and what left it."""
    joined = [name for name in after if name not in before]
    left = [name for name in before if name not in after]
    parts = [f"adds {listed(joined)}"] if joined else []
    return "; ".join([*parts, f"drops {listed(left)}"] if left else parts)


def counted(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: `1 tenant`, `3 tenants`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
