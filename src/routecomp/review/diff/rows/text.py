"""Write callers, and the values of fields, as text: exact, and in the units that authors write."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import Any

from routecomp.model.figure import Unit
from routecomp.model.figures import FIGURES
from routecomp.model.numbers import format_decimal, format_padded_decimal
from routecomp.model.policy import Budget, Weights
from routecomp.model.route import Candidates, CostScale, LatencyScale
from routecomp.model.service import Limits, Timeouts
from routecomp.review.diff.difference import Caller
from routecomp.rules.lookup import share

_UNITS: Mapping[str, Unit] = {
    **{figure.keys[-1]: figure.unit for figure in FIGURES if figure.keys[-1] not in ("best", "worst")},
    "floor": "share",
    "dial": "share",
}
"""The unit of a field's numbers; the scales are written as a whole."""
_SUFFIXES: Mapping[Unit, str] = {"milliseconds": " ms", "seconds": " s", "tokens": " tokens"}
_MAX_TENANTS = 5
"""The most tenants that are named; further ones are only counted."""


def value_text(field: str, value: Any) -> str | None:
    """Write a value of the field `field`, with its unit; None stays None.

    Integers are in the model's units: basis points, micro-dollars, cents, and so on.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _number_text(field, value)
    if isinstance(value, Weights):
        return _weights_text((value.quality, value.latency, value.cost))
    if isinstance(value, Candidates):
        return _candidates_text(value)
    if isinstance(value, CostScale):
        return f"best {_dollars(value.best)}, worst {_dollars(value.worst)} USD"
    if isinstance(value, LatencyScale):
        return f"best {value.best}, worst {value.worst} ms"
    if field == "weights":
        return _weights_text(value)
    if isinstance(value, Budget):
        amounts = [(value.daily_usd, "day"), (value.monthly_usd, "month")]
        return join_names(
            [f"{format_padded_decimal(most, 2)} USD a {time}" for most, time in amounts if most is not None]
        )
    if isinstance(value, Limits | Timeouts):
        given = [(key, getattr(value, key)) for key in type(value).fields if getattr(value, key) is not None]
        return join_names([f"{key} {value_text(key, inner)}" for key, inner in given])
    if isinstance(value, Mapping):
        return join_names(list(value))
    return join_names(value) if isinstance(value, tuple | list) else str(value)


def percent_text(basis_points: int) -> str:
    """Write basis points as per cent: 1000 is `10.0 %`."""
    return f"{format_padded_decimal(basis_points, 2, 1)} %"


def join_names(names: Collection[str]) -> str:
    """Join names with commas; no names are `none`."""
    return ", ".join(names) if names else "none"


def growth_text(before: int, after: int) -> str:
    """Write by how much a number grew or shrank: `+20 %`, or rounded to a tenth `about +20.3 %`.

    The text is empty if it did not change, or began at 0.
    """
    if before == 0 or before == after:
        return ""
    tenths = Fraction(after - before, before) * 1000
    rounded = round(tenths)
    if rounded == 0:
        return f"less than 0.1 % {'up' if after > before else 'down'}"
    sign = "+" if after > before else "-"
    about = "" if rounded == tenths else "about "
    return f"{about}{sign}{format_decimal(abs(rounded), 1)} %"


def list_change_text(before: Collection[str], after: Collection[str]) -> str:
    """Write what was added to a list and what was removed from it: `adds a; drops b, c`; empty where nothing was."""
    added = [name for name in after if name not in before]
    removed = [name for name in before if name not in after]
    parts = [f"adds {join_names(added)}"] if added else []
    return "; ".join([*parts, f"drops {join_names(removed)}"] if removed else parts)


def count_noun(count: int, singular: str, plural: str | None = None) -> str:
    """Write a count with its noun: `1 tenant`, `3,000 tenants`; without `plural` an `s` is appended."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def callers_text(callers: Collection[Caller], quote: Callable[[str], str] = str) -> str:
    """Name callers: requests without a tenant, tenants, undeclared tenants.

    Tenants are counted, and only the first few named, each as `quote` writes it.
    """
    tenants = sorted(tenant for caller in callers for tenant in caller.tenants)
    parts = ["no tenant"] if any(caller.without_tenant for caller in callers) else []
    if tenants:
        names = ", ".join(quote(tenant) for tenant in tenants[:_MAX_TENANTS])
        more = f" and {len(tenants) - _MAX_TENANTS:,} more" if len(tenants) > _MAX_TENANTS else ""
        parts.append(f"{count_noun(len(tenants), 'tenant')} ({names}{more})")
    if any(caller.undeclared for caller in callers):
        parts.append("undeclared tenants")
    return ", ".join(parts)


def _number_text(field: str, value: int) -> str:
    unit = _UNITS.get(field, "")
    if unit in ("share", "ratio"):
        return share(value)
    if unit == "percent":
        return f"{format_padded_decimal(value, 2)} %"
    if unit == "dollars":
        return _dollars(value)
    if unit == "cents":
        return f"{format_padded_decimal(value, 2)} USD a day"
    return f"{value:,}{_SUFFIXES.get(unit, '')}"


def _dollars(micro: int) -> str:
    """Write micro-dollars as dollars: 2500000 is `2.50`."""
    return format_padded_decimal(micro, 6)


def _weights_text(weights: tuple[int, int, int]) -> str:
    names = ("quality", "latency", "cost")
    return ", ".join(f"{name} {share(weight)}" for name, weight in zip(names, weights, strict=True))


def _candidates_text(candidates: Candidates) -> str:
    """Write a target's selector as in YAML: `stacks: a, b`, or `all` where it selects nothing."""
    for key in ("models", "stacks", "logical"):
        chosen = getattr(candidates, key)
        if chosen is not None:
            return f"{key}: {chosen if isinstance(chosen, str) else join_names(sorted(set(chosen)))}"
    return "all"
