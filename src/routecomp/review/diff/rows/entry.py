"""Make rows about one entry of the YAML (a model, a tenant, …) from its two versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from routecomp.model.project import Entry
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.rows.text import list_change_text, value_text
from routecomp.source.text import Span

_DESCRIPTIVE_FIELDS = ("description", "owner", "was")


def entry_row(
    old: Entry[Any] | None, new: Entry[Any] | None, severity: Severity, note: str = "", security: str | None = None
) -> Row:
    """Make the row of an entry that only one side has: it was added or removed.

    `security` says where a new entry sends requests or keys, if it does.
    """
    entry = new or old
    assert entry is not None
    return Row(
        entry.kind,
        entry.slug,
        "added" if new else "removed",
        None,
        security,
        severity,
        note,
        old.span() if old else None,
        new.span() if new else None,
        security is not None,
    )


def value_row(
    old: Entry[Any] | None,
    new: Entry[Any] | None,
    what: str,
    before: str | None,
    after: str | None,
    *,
    severity: Severity = Severity.BEHAVIOURAL,
    note: str = "",
    path: Sequence[str | int] | None = None,
    is_security: bool = False,
) -> Row:
    """Make the row of one value of an entry; None stands for a value, or an entry, that a side does not have.

    `path` leads to the value, by default `what` split at its dots.
    """
    entry = new or old
    assert entry is not None
    steps = what.split(".") if path is None else path
    spans = nearest_span(old, steps), nearest_span(new, steps)
    return Row(entry.kind, entry.slug, what, before, after, severity, note, *spans, is_security=is_security)


def field_rows(
    old: Entry[Any] | None,
    new: Entry[Any] | None,
    leave_out: Sequence[str] = (),
    breaking: Sequence[str] = (),
    security: Sequence[str] = (),
) -> Iterator[Row]:
    """Yield a row for each field that differs, in the order of the model; a missing entry has the defaults.

    `leave_out` are fields that get no row here, `breaking` fields whose change is breaking, `security` fields that say
    where requests or keys go. Description, owner and `was` are cosmetic; where an entry
    is renamed, its row says more than `was`.
    """
    entry = new or old
    assert entry is not None
    default = type(entry.body)()
    old_body, new_body = (side.body if side is not None else default for side in (old, new))
    for field in type(entry.body).fields:
        before, after = getattr(old_body, field, None), getattr(new_body, field, None)
        if field in leave_out or before == after or (field == "was" and old is not None and old.written is not None):
            continue
        severity = Severity.BREAKING if field in breaking else Severity.BEHAVIOURAL
        if field in _DESCRIPTIVE_FIELDS:
            severity = Severity.COSMETIC
        note = list_change_text(before, after) if isinstance(before, tuple) and isinstance(after, tuple) else ""
        texts = (value_text(field, value) for value in (before, after))
        yield value_row(old, new, field, *texts, severity=severity, note=note, is_security=field in security)


def key_rows(
    old: Entry[Any], new: Entry[Any], key: str, before: Mapping[str, Any], after: Mapping[str, Any], field: str
) -> Iterator[Row]:
    """Yield a row for each name below `key` whose value differs; the values are written as those of `field`."""
    for name in dict.fromkeys([*before, *after]):
        values = before.get(name), after.get(name)
        if values[0] != values[1]:
            texts = (value_text(field, value) for value in values)
            yield value_row(old, new, f"{key}.{name}", *texts, path=[key, name])


def nearest_span(entry: Entry[Any] | None, path: Sequence[str | int]) -> Span | None:
    """Return the place of a value, or of the nearest key above it that is written; None without an entry.

    It is the place of the key where the path ends with a name.
    """
    if entry is None:
        return None
    for end in range(len(path), 0, -1):
        if entry.has(*path[:end]):
            return entry.key_span(*path[:end]) if isinstance(path[end - 1], str) else entry.span(*path[:end])
    return entry.span()
