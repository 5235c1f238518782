"""`defaults` and `preferences` as they were and as they are in, rows of what differs out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.model.policy import Preferences
from routecomp.model.project import Entry
from routecomp.model.route import Defaults
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.routes import field_rows, row
from routecomp.review.diff.values import words


def defaults_rows(was: Entry[Defaults] | None, now: Entry[Defaults] | None) -> Iterator[Row]:
    """What differs in `defaults`, the policy apart; both sides have the section."""
    if was is None or now is None or was is now:
        return
    yield from _each(was, now, "routes", was.body.routes, now.body.routes, "route")
    stricter = now.body.unknown_tenant == "reject"
    yield from field_rows(was, now, ("routes", "policy"), ("unknown_tenant",) if stricter else ())


def preferences_rows(was: Entry[Preferences] | None, now: Entry[Preferences] | None) -> Iterator[Row]:
    """What differs in `preferences`."""
    if was is now:
        return
    if was is None or now is None:
        entry = now or was
        assert entry is not None
        yield Row(
            entry.kind,
            entry.slug,
            "added" if now else "removed",
            None,
            None,
            Severity.BEHAVIOURAL,
            "every preference was unknown" if now else "every preference is unknown now",
            was.span() if was else None,
            now.span() if now else None,
        )
        return
    yield from _each(was, now, "floors", was.body.floors, now.body.floors, "floor")
    yield from _each(was, now, "dial", _dial(was), _dial(now), "dial")
    yield from field_rows(was, now, ("floors", "dial"))


def _dial(entry: Entry[Preferences]) -> dict[str, int]:
    return {name: getattr(entry.body.dial, name) for name in type(entry.body.dial).model_fields}


def _each(
    was: Entry[Any], now: Entry[Any], key: str, before: dict[str, Any], after: dict[str, Any], field: str
) -> Iterator[Row]:
    """A row for each name below a key that says otherwise."""
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        if one != other:
            yield row(was, now, f"{key}.{name}", words(field, one), words(field, other), path=[key, name])
