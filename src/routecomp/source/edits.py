"""One file's text and fixes in, the text with the fixes made out.

Offsets count characters of the decoded text without a leading byte-order mark, line ends as they stand in the
file: the caller takes the mark off before and puts it back after.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from routecomp.source.text import Span

_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters of `span` by `replacement`."""

    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change a machine may make without asking: `title` says what it does, `edits` do not overlap."""

    title: str
    edits: tuple[Edit, ...]


def apply_fixes(text: str, fixes: Sequence[Fix]) -> str:
    """The text after all fixes that do not get in each other's way; every edit must be of this file.

    A fix is made whole or not at all. Where two want the same characters, the one that begins first in the
    file is made, whatever the order of `fixes`; the other shows again in the next check. Fixes that say the
    same are one.
    """
    made: list[Edit] = []
    taken: list[_Place] = []
    for fix in sorted(fixes, key=_order):
        places = sorted((edit.span.start, edit.span.end) for edit in fix.edits)
        if all(_is_free(place, taken) for place in places):
            made += fix.edits
            for place in places:
                insort(taken, place)
    return apply_edits(text, made)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text of one file after edits that do not overlap; of two insertions at one place the first stays first."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        assert edit.span.start >= at, "edits overlap"
        parts += (text[at : edit.span.start], edit.replacement)
        at = edit.span.end
    return "".join([*parts, text[at:]])


def _order(fix: Fix) -> list[tuple[int, int, str]]:
    return sorted((edit.span.start, edit.span.end, edit.replacement) for edit in fix.edits)


def _is_free(place: _Place, taken: list[_Place]) -> bool:
    """Whether no edit made so far wants one of these characters, or to insert at the same place."""
    at = bisect_left(taken, place)
    # Taken places do not overlap, so only the neighbours can meet this one.
    return not any(_meet(place, other) for other in taken[max(at - 1, 0) : at + 1])


def _meet(one: _Place, other: _Place) -> bool:
    return (one[0] < other[1] and other[0] < one[1]) or one == other
