"""Show the lines of both versions of a file that a changed value stands on."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from routecomp.diagnostics.render.shown import place
from routecomp.review.diff.difference import ChangedLine, Row
from routecomp.source.text import SourceFile, Span

_MOST_COMPARED: Final = 4_000_000
"""Lines of one version times those of the other up to which both are aligned: that may take their product of steps."""


def changed_lines(row: Row) -> list[ChangedLine]:
    """Return the lines of a row, the one that went first; the nearest line that stayed where none went or came."""
    old, new = row.old_span, row.new_span
    if old is None or new is None or not _is_same_path(old.path, new.path):
        return [_line(sign, span) for sign, span in (("-", old), ("+", new)) if span is not None]
    gone, came = _differing(old.file, new.file)
    lines = [_line("-", old)] if place(old).line in gone else []
    lines += [_line("+", new)] if place(new).line in came else []
    return lines or [_line(" ", new)]


def _is_same_path(old: str, new: str) -> bool:
    """Return whether a path of the base is that of the project; a base may put a prefix (`main:`, `./old/`) before."""
    return old == new or (old.endswith(new) and old[-len(new) - 1] in ":/")


def _line(sign: str, span: Span) -> ChangedLine:
    number = place(span).line
    return ChangedLine(sign, span.path, number, span.file.line_text(number))


@lru_cache(maxsize=16)
def _differing(old: SourceFile, new: SourceFile) -> tuple[frozenset[int], frozenset[int]]:
    """Return the numbers of the lines that only the old version of a file has, and of those that only the new one has.

    What both begin and end with is cut off first, so that the cost is that of the change. Where too much is left, a
    line counts as one that went or came where the other version has none like it.
    """
    before, after = old.text.split("\n"), new.text.split("\n")
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    tail = next((n for n in range(shorter - head) if before[-1 - n] != after[-1 - n]), shorter - head)
    middle = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(middle[0]) * len(middle[1]) > _MOST_COMPARED:
        only = [{*a} - {*b} for a, b in (middle, middle[::-1])]
        numbers = [
            frozenset(head + 1 + n for n, text in enumerate(lines) if text in texts)
            for lines, texts in zip(middle, only, strict=True)
        ]
        return numbers[0], numbers[1]
    gone, came = set[int](), set[int]()
    for tag, i, j, k, m in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
        if tag != "equal":
            gone |= {head + 1 + n for n in range(i, j)}
            came |= {head + 1 + n for n in range(k, m)}
    return frozenset(gone), frozenset(came)
