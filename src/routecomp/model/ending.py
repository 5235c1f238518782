"""Say how long models still answer: what ends when, counted in days."""

from __future__ import annotations

from datetime import date

from routecomp.model.route import Model

NEAR = 60
"""From so many days before its sunset on, a model that serves is worth a warning."""


def days_left(model: Model, today: date) -> int | None:
    """Return the days until a model's sunset, negative ones since then; None where no end is known."""
    return None if model.sunset is None else (date.fromisoformat(model.sunset) - today).days


def has_ended(model: Model, today: date) -> bool:
    """Return whether a model's sunset has passed: the day itself is its last."""
    left = days_left(model, today)
    return left is not None and left < 0


def ending_words(model: Model, today: date) -> str:
    """Say when a model ends, or ended. INVARIANT: it has a sunset."""
    left = days_left(model, today)
    assert left is not None
    if left == 0:
        return f"ends today, on {model.sunset}"
    days = f"{abs(left):,} day{'s' if abs(left) != 1 else ''}"
    return f"ends on {model.sunset}, in {days}" if left > 0 else f"ended on {model.sunset}, {days} ago"
