"""Collect the lines of a page for a terminal: titled tables, with texts of authors made safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from routecomp.cli.output.layout import table
from routecomp.cli.output.terminal import paint
from routecomp.diagnostics.render.shown import visible


class Page:
    """The lines of a page so far; `color` says whether to paint titles and headers."""

    def __init__(self, color: bool) -> None:
        self.color = color
        self.lines: list[str] = []

    def part(
        self, title: str, rows: Sequence[Sequence[str]], *, header: Sequence[str] = (), right: Sequence[int] = ()
    ) -> None:
        """Add a titled table with columns in `right` flush right; add nothing where there are no rows."""
        if rows:
            head = [tuple(paint(word, "2", self.color) for word in header)] if header else []
            self.lines += ["", paint(title, "1;34", self.color), *table([*head, *rows], right=right)]


def safe(text: Any) -> str:
    """Return a value as text on one line, with every invisible character written out."""
    return visible(str(text))
