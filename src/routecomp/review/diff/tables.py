"""Two compiled tables in, one row per entry and key that differs out: all that can be told without the YAML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.review.diff.compiled import Content
from routecomp.review.diff.difference import RANK, Row, Severity
from routecomp.table.codec import compact

_KINDS = {
    "features": "feature",
    "targets": "target",
    "experiments": "experiment",
    "models": "model",
    "providers": "provider",
    "tenants": "tenant",
    "aliases": "alias",
}
_GONE = ("features", "targets", "models", "tenants", "aliases", "experiments")
_ONCE = ("defaults", "preferences", "resilience")


def table_rows(before: Content, after: Content) -> list[Row]:
    """What differs between two tables, as they say it; orders are spent on decisions."""
    return sorted(_rows(before, after), key=lambda row: RANK[row.severity])


def _rows(before: Content, after: Content) -> Iterator[Row]:
    for section, kind in _KINDS.items():
        one, other = before[section], after[section]
        for slug in sorted({*one, *other}):
            if slug not in one or slug not in other:
                gone = slug in one and section in _GONE
                yield Row(
                    kind,
                    slug,
                    "removed" if slug in one else "added",
                    None,
                    None,
                    Severity.BREAKING if gone else Severity.BEHAVIOURAL,
                )
            else:
                was, now = _body(before, section, one[slug]), _body(after, section, other[slug])
                yield from _keys(kind, slug, was, now)
    for section in _ONCE:
        was, now = (_body(side, section, side[section]) for side in (before, after))
        yield from _keys(section, section, was, now)


def _body(side: Content, section: str, value: Any) -> dict[str, Any]:
    """An entry as a mapping; a policy's name becomes the policy."""
    if section == "tenants":
        return dict(side["policies"][value])
    if section == "defaults":
        policy = side["policies"][value["policy"]]
        return {**value, **{f"policy.{key}": inner for key, inner in policy.items()}, "policy": None}
    return value if isinstance(value, dict) else {"target" if section == "aliases" else "value": value}


def _keys(kind: str, name: str, was: dict[str, Any], now: dict[str, Any]) -> Iterator[Row]:
    for key in sorted({*was, *now}):
        before, after = was.get(key), now.get(key)
        if before == after:
            continue
        if key.rpartition(".")[2] in ("plain", "penalised"):  # names of orders say nothing to people
            yield Row(kind, name, f"{key} order", None, None, Severity.BEHAVIOURAL, "models rank otherwise")
        else:
            yield Row(kind, name, key, _text(before), _text(after), Severity.BEHAVIOURAL)


def _text(value: Any) -> str | None:
    return None if value is None else value if isinstance(value, str) else compact(value)
