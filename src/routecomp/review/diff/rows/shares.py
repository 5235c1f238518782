"""Make the rows of logical models whose load is shared otherwise, with the share of units that move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from routecomp.model.project import Declared, Entry
from routecomp.model.route import Model
from routecomp.model.vocabulary import SLOTS
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.rows.entry import nearest_span
from routecomp.review.diff.rows.text import percent_text
from routecomp.rules.change.moved_units import moved_shares, share_sizes
from routecomp.rules.lookup import share
from routecomp.source.text import Span
from routecomp.table.lower import share_slots

_Slots = list[tuple[int, str]]


def share_rows(before: Declared, after: Declared) -> Iterator[Row]:
    """Yield a row for each logical model whose load is dealt otherwise, or on one side alone."""
    if before.models is after.models:
        return
    sides = [share_slots((slug, entry.body) for slug, entry in side.models.items()) for side in (before, after)]
    for logical in sorted({*sides[0], *sides[1]}):
        old, new = (side.get(logical, []) for side in sides)
        if old != new:
            spans = _place(before.models, old, new), _place(after.models, new, old)
            yield Row(
                "logical model",
                logical,
                "shares",
                shares_text(old),
                shares_text(new),
                Severity.BEHAVIOURAL,
                _moved_text(old, new, _deals_all(before, logical) and _deals_all(after, logical)),
                *spans,
            )


def shares_text(slots: _Slots) -> str | None:
    """Write the shares of a logical model; None where there are none."""
    return ", ".join(f"{slug} {share(size)}" for slug, size in share_sizes(slots).items()) or None


def _deals_all(side: Declared, logical: str) -> bool:
    """Return whether every host of a logical model states a share: whichever ranks first, its load is dealt."""
    return all(host.body.share is not None for host in side.logical_models.get(logical, []))


def _moved_text(old: _Slots, new: _Slots, is_dealt: bool) -> str:
    """Say how many slots get another owner, and how many had to; nothing where one side shares no load.

    Where not `is_dealt`, how many units move depends on which host ranks first.
    """
    if not (old and new):
        return ""
    units = moved_shares(old, new)
    text = f"{units.slots:,} of {SLOTS:,} slots have another owner"
    if not is_dealt:
        return f"{text}; units move only where a host with a share ranks first"
    text = f"{text}: {percent_text(units.slots)} of units move"
    if units.slots == units.least:
        return f"{text}, the least possible"
    return f"{text}, where the shares change by {percent_text(units.least)}"


def _place(models: Mapping[str, Entry[Model]], slots: _Slots, others: _Slots) -> Span | None:
    """Return the place of the first share that the other side has otherwise, else of the first."""
    differing = [slug for slug, size in share_sizes(slots).items() if share_sizes(others).get(slug) != size]
    slug = next(iter([*differing, *(slug for _, slug in slots)]), None)
    return None if slug is None else nearest_span(models[slug], ["share"])
