"""Make rows about expectations and claims: they decide nothing, but a reviewer wants to see one that gives way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.model.project import Entry
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.rows.entry import entry_row, value_row


def promise_rows(old: Entry[Any] | None, new: Entry[Any] | None) -> Iterator[Row]:
    """Yield the rows of an expectation or claim, all cosmetic: one where one side has it, else one for each key."""
    if old is None or new is None:
        yield entry_row(old, new, Severity.COSMETIC)
        return
    for key in type(new.body).fields:
        if getattr(old.body, key) != getattr(new.body, key):
            yield value_row(old, new, key, *(_written(entry, key) for entry in (old, new)), severity=Severity.COSMETIC)


def _written(entry: Entry[Any], key: str) -> str | None:
    """Return the value of a key as it is written, on one line; None where it is not."""
    return " ".join(entry.node_at(key).span.text.split()) if entry.has(key) else None
