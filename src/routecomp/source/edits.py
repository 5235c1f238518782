"""Apply edits and fixes to the text of one file.

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
    """A change that a machine can make: `title` says what it does; its `edits` do not overlap.

    A safe fix changes nothing that decides: the spelling of a number, a quote, an order. All others are unsafe: they
    are shown, and made only when they are asked for.
    """

    title: str
    edits: tuple[Edit, ...]
    is_safe: bool = False

    @property
    def applicability(self) -> str:
        """The word of reports: `safe` or `unsafe`."""
        return "safe" if self.is_safe else "unsafe"

    @property
    def command(self) -> str:
        """The command that makes the fix."""
        return "routecomp check --fix" if self.is_safe else "routecomp check --fix --unsafe-fixes"


def apply_fixes(text: str, fixes: Sequence[Fix]) -> str:
    """Return the text after all fixes that do not overlap; every edit must be of this file.

    A fix is made whole or not at all. Where two want the same characters, the one that begins first in the
    file is made, whatever the order of `fixes`; the other shows again in the next check. Fixes that say the
    same are one.
    """
    edits: list[Edit] = []
    taken: list[_Place] = []
    for fix in sorted(fixes, key=_order):
        places = sorted((edit.span.start, edit.span.end) for edit in fix.edits)
        if all(_is_free(place, taken) for place in places):
            edits += fix.edits
            for place in places:
                insort(taken, place)
    return apply_edits(text, edits)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the text of one file after edits in any order; raise AssertionError where two overlap.

    Of two insertions at one place the first stays first.
    """
    parts: list[str] = []
    end = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        assert edit.span.start >= end, "edits overlap"
        parts += (text[end : edit.span.start], edit.replacement)
        end = edit.span.end
    return "".join([*parts, text[end:]])


def _order(fix: Fix) -> list[tuple[int, int, str]]:
    """Return the key by which fixes are sorted: the places and texts of the fix's edits, in order."""
    return sorted((edit.span.start, edit.span.end, edit.replacement) for edit in fix.edits)


def _is_free(place: _Place, taken: list[_Place]) -> bool:
    """Return whether no place in `taken`, which is sorted, overlaps or equals this one."""
    index = bisect_left(taken, place)
    # Taken places do not overlap, so only the neighbours can meet this one.
    return not any(_meet(place, other) for other in taken[max(index - 1, 0) : index + 1])


def _meet(left: _Place, right: _Place) -> bool:
    """Return whether two places overlap or are the same."""
    return (left[0] < right[1] and right[0] < left[1]) or left == right
