"""Make the rows of logical models whose load is shared otherwise, with the share of units that move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from routecomp.model.project import Declared, Entry
from routecomp.model.route import Model
from routecomp.model.vocabulary import SLOTS
from routecomp.review.diff.difference import Row, Severity
from routecomp.review.diff.rows.entry import nearest_span
from routecomp.review.diff.rows.text import percent_text
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
                _moved(old, new),
                *spans,
            )


def shares_text(slots: _Slots) -> str | None:
    """Write the shares of a logical model; None where there are none."""
    return ", ".join(f"{slug} {share(size)}" for slug, size in _sizes(slots).items()) or None


def _moved(old: _Slots, new: _Slots) -> str:
    """Say how many of the units get another model, and how many had to; nothing where one side shares no load."""
    if not (old and new):
        return ""
    before, after = _owners(old), _owners(new)
    moved = sum(was != now for was, now in zip(before, after, strict=True))
    sizes = _sizes(old)
    least = sum(max(0, size - sizes.get(slug, 0)) for slug, size in _sizes(new).items())
    text = f"{percent_text(moved)} of units move"
    return (
        f"{text}, the least possible" if moved == least else f"{text}, where the shares change by {percent_text(least)}"
    )


def _sizes(slots: _Slots) -> dict[str, int]:
    """Return the number of slots of each model."""
    ends = [*(first for first, _ in slots[1:]), SLOTS]
    return {slug: end - first for (first, slug), end in zip(slots, ends, strict=False)}


def _owners(slots: _Slots) -> list[str]:
    """Return the owner of each slot."""
    return [slug for slug, size in _sizes(slots).items() for _ in range(size)]


def _place(models: Mapping[str, Entry[Model]], slots: _Slots, others: _Slots) -> Span | None:
    """Return the place of the first share that the other side has otherwise, else of the first."""
    differing = [slug for slug, size in _sizes(slots).items() if _sizes(others).get(slug) != size]
    slug = next(iter([*differing, *(slug for _, slug in slots)]), None)
    return None if slug is None else nearest_span(models[slug], ["share"])
