"""Two sides as declared in, one `Row` for each thing they say otherwise out, the heaviest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from routecomp.model.project import Declared, Entry
from routecomp.review.diff.compiled import Content
from routecomp.review.diff.difference import RANK, Row, Severity
from routecomp.review.diff.experiments import experiment_rows
from routecomp.review.diff.policies import default_policy_rows, preset_rows, tenant_rows
from routecomp.review.diff.routes import feature_rows, field_rows, model_rows, provider_rows, target_rows
from routecomp.review.diff.sections import defaults_rows, preferences_rows
from routecomp.review.diff.tables import table_rows

_GONE = ("features", "targets", "models", "tenants")
"""Sections whose names callers send: without one, a call that was answered may not be."""


def declared_rows(before: Declared, after: Declared, tables: tuple[Content, Content]) -> list[Row]:
    """Every row of a change; `tables` are both sides as compiled."""
    rows = list(_rows(before, after, tables))
    if tables[0] == tables[1]:
        rows = [replace(row, severity=Severity.COSMETIC) for row in rows]
    elif all(row.severity is Severity.COSMETIC for row in rows):
        # INVARIANT: a table that differs is never passed over; what no words are for is told as the table says it.
        rows += table_rows(*tables)
    return sorted(rows, key=lambda row: RANK[row.severity])  # the order of the sections within each


def _rows(before: Declared, after: Declared, tables: tuple[Content, Content]) -> Iterator[Row]:
    for section, rows_of in (("features", feature_rows), ("targets", target_rows)):
        yield from _section(before, after, section, rows_of)
    yield from _experiments(before, after, tables)
    for was, now in _pairs(before.models, after.models):
        yield from model_rows(was, now) if was and now else _whole(was, now, "models")
    yield from _section(before, after, "providers", provider_rows)
    yield from _tenants(before, after, tables)
    yield from preset_rows(before, after, tables)
    yield from default_policy_rows(before, after)
    yield from defaults_rows(before.defaults, after.defaults)
    yield from preferences_rows(before.preferences, after.preferences)
    for name in ("scoring", "resilience"):
        yield from _once(getattr(before, name), getattr(after, name))


def _pairs(
    before: Mapping[str, Entry[Any]], after: Mapping[str, Entry[Any]]
) -> Iterator[tuple[Entry[Any] | None, Entry[Any] | None]]:
    """Entries of both sides by name; those whose file is the same are the very same, and left out."""
    for slug in sorted({*before, *after}):
        was, now = before.get(slug), after.get(slug)
        if was is not now:
            yield was, now


def _section(before: Declared, after: Declared, section: str, rows_of: Any) -> Iterator[Row]:
    for was, now in _pairs(getattr(before, section), getattr(after, section)):
        yield from rows_of(was, now) if was and now else _whole(was, now, section)


def _whole(was: Entry[Any] | None, now: Entry[Any] | None, section: str) -> Iterator[Row]:
    """An entry that came or went."""
    entry = now or was
    assert entry is not None
    gone = now is None and section in _GONE
    severity = Severity.BREAKING if gone else Severity.BEHAVIOURAL
    yield Row(
        entry.kind,
        entry.slug,
        "added" if now else "removed",
        None,
        None,
        severity,
        was=was.span() if was else None,
        now=now.span() if now else None,
    )


def _experiments(before: Declared, after: Declared, tables: tuple[Content, Content]) -> Iterator[Row]:
    one, other = (table["experiments"] for table in tables)
    for was, now in _pairs(before.experiments, after.experiments):
        ids = {entry.body.public_model_id for entry in (was, now) if entry is not None}
        answers = any(one.get(id) != other.get(id) for id in ids)
        rows = experiment_rows(was, now) if was and now else _whole(was, now, "experiments")
        for row in rows:
            yield row if answers else replace(row, severity=Severity.COSMETIC)


def _tenants(before: Declared, after: Declared, tables: tuple[Content, Content]) -> Iterator[Row]:
    one, other = (table["tenants"] for table in tables)
    for was, now in _pairs(before.tenants, after.tenants):
        if was is None or now is None:
            yield from _whole(was, now, "tenants")
            continue
        same = one[was.slug] == other[now.slug]  # policies are named by their content
        for row in tenant_rows(was, now, before, after):
            yield replace(row, severity=Severity.COSMETIC) if same else row


def _once(was: Entry[Any] | None, now: Entry[Any] | None) -> Iterator[Row]:
    """A section that occurs once and whose fields speak for themselves; without it, its defaults count."""
    if was is now:
        return
    yield from field_rows(was, now)
