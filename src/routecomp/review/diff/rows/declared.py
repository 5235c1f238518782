"""Make all rows of a change from what both sides declare: security first, then the heaviest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from routecomp.model.experiment import Experiment
from routecomp.model.project import Declared, Entry
from routecomp.model.provider import Provider
from routecomp.review.diff.decisions.compiled_side import Content
from routecomp.review.diff.difference import Row, Severity, by_weight
from routecomp.review.diff.rows.entry import entry_row, field_rows
from routecomp.review.diff.rows.experiments import experiment_rows, keys_text
from routecomp.review.diff.rows.policies import (
    budget_rows,
    default_policy_rows,
    preferences_rows,
    preset_rows,
    tenant_rows,
)
from routecomp.review.diff.rows.promises import promise_rows
from routecomp.review.diff.rows.renames import salt_rows
from routecomp.review.diff.rows.routes import defaults_rows, feature_rows, model_rows, provider_rows, target_rows
from routecomp.review.diff.rows.shares import share_rows
from routecomp.review.diff.rows.tables import table_rows
from routecomp.review.diff.rows.url import endpoint_text
from routecomp.table.lower import endpoint_url

_BREAKING_SECTIONS = ("features", "targets", "models", "tenants")
"""Sections whose names callers send: without such a name, a call that was answered may not be."""
_Pair = tuple[Entry[Any] | None, Entry[Any] | None]
"""An entry before and after the change; None where a side does not have it."""


def declared_rows(before: Declared, after: Declared, tables: tuple[Content, Content]) -> list[Row]:
    """Return every row of a change, security first, then the heaviest; `tables` are both sides as compiled.

    All rows are cosmetic where the tables are equal. Where they differ and all rows are cosmetic, rows of the tables
    are added.
    """
    rows = list(_rows(before, after, tables))
    if tables[0] == tables[1]:
        rows = [replace(row, severity=Severity.COSMETIC) for row in rows]
    elif all(row.severity is Severity.COSMETIC for row in rows):
        # INVARIANT: a table that differs has a row. Where the YAML shows no difference, the tables' rows are taken.
        rows += table_rows(*tables)
    return by_weight(rows)


def _rows(before: Declared, after: Declared, tables: tuple[Content, Content]) -> Iterator[Row]:
    yield from _section_rows(before, after, "features", feature_rows)
    yield from _section_rows(before, after, "targets", target_rows)
    yield from _experiment_rows(before, after, tables)
    yield from _section_rows(before, after, "models", model_rows)
    yield from share_rows(before, after)
    yield from salt_rows(before, after, tables)
    yield from _section_rows(before, after, "providers", provider_rows)
    yield from _tenant_rows(before, after, tables)
    yield from preset_rows(before, after, tables)
    yield from default_policy_rows(before, after)
    yield from defaults_rows(before.defaults, after.defaults)
    yield from preferences_rows(before.preferences, after.preferences)
    for name in ("scoring", "resilience"):
        old, new = getattr(before, name), getattr(after, name)
        if old is not new:
            yield from field_rows(old, new)
    for expectations in _pairs(before.expectations, after.expectations):
        yield from promise_rows(*expectations)
    for claims in _pairs(before.claims, after.claims):
        yield from promise_rows(*claims)


def _pairs(before: Mapping[str, Entry[Any]], after: Mapping[str, Entry[Any]]) -> Iterator[_Pair]:
    """Yield (before, after) of entries by name, except those of unchanged files, which are the same objects.

    None stands for an entry that a side does not have.
    """
    for slug in sorted({*before, *after}):
        old, new = before.get(slug), after.get(slug)
        if old is not new:
            yield old, new


def _section_rows(
    before: Declared, after: Declared, section: str, make_rows: Callable[[Any, Any], Iterator[Row]]
) -> Iterator[Row]:
    """Yield the rows of a section: one for an entry of one side only, else those that `make_rows` makes.

    An entry that goes is breaking in sections whose names callers send.
    """
    for old, new in _pairs(getattr(before, section), getattr(after, section)):
        if old is not None and new is not None:
            yield from make_rows(old, new)
        else:
            is_breaking = new is None and section in _BREAKING_SECTIONS
            severity = Severity.BREAKING if is_breaking else Severity.BEHAVIOURAL
            yield entry_row(old, new, severity, security=where_it_sends(new))


def where_it_sends(entry: Entry[Any] | None) -> str | None:
    """Write where a new entry sends requests or keys; None if it does not, or there is none."""
    if entry is None or not isinstance(entry.body, Provider | Experiment):
        return None
    if isinstance(entry.body, Experiment):
        return keys_text(entry.body)
    keys = [entry.body.api_key_env, *entry.body.secret_headers.values()]
    return endpoint_text(endpoint_url(entry.body), [key for key in keys if key is not None])


def _experiment_rows(before: Declared, after: Declared, tables: tuple[Content, Content]) -> Iterator[Row]:
    """Yield the rows of the experiments; cosmetic where the public model id has the same experiment in both tables."""
    old_table, new_table = (table["experiments"] for table in tables)
    for old, new in _pairs(before.experiments, after.experiments):
        ids = {entry.body.public_model_id for entry in (old, new) if entry is not None}
        changes_table = any(old_table.get(id) != new_table.get(id) for id in ids)
        rows = (
            experiment_rows(old, new)
            if old and new
            else [entry_row(old, new, Severity.BEHAVIOURAL, security=where_it_sends(new))]
        )
        for row in rows:
            yield row if changes_table else replace(row, severity=Severity.COSMETIC)


def _tenant_rows(before: Declared, after: Declared, tables: tuple[Content, Content]) -> Iterator[Row]:
    """Yield the rows of the tenants; cosmetic where a tenant has the same policy in both tables.

    The row of a tenant that goes is breaking.
    """
    old_table, new_table = (table["tenants"] for table in tables)
    for old, new in _pairs(before.tenants, after.tenants):
        if old is None or new is None:
            yield entry_row(old, new, Severity.BREAKING if new is None else Severity.BEHAVIOURAL)
            continue
        is_same_policy = old_table[old.slug] == new_table[new.slug]  # policies are named by their content
        for row in tenant_rows(old, new, before, after):
            yield replace(row, severity=Severity.COSMETIC) if is_same_policy else row
        yield from budget_rows(old, new)
