"""Collect the errors of one file: the first 20 of each rule are shown, the others counted."""

from __future__ import annotations

from dataclasses import replace

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.diagnostics.once import MOST_SHOWN
from routecomp.source.edits import Fix
from routecomp.source.text import SourceFile, Span

CAP = 20
"""Errors of one rule that are shown for one file."""


class FileDiagnostics:
    """The errors of one file, at most `CAP` of each rule, and how many more there are."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self._shown: list[Diagnostic] = []
        self._places: set[tuple[str, int, int]] = set()
        self._count: dict[str, int] = {}
        self._first_hidden: dict[str, Span] = {}
        self._counted_all = True
        self._shared: dict[str, int] = {}

    def add(
        self,
        rule: str,
        message: str,
        start: int,
        end: int,
        help: str = "",
        note: str = "",
        labels: tuple[Label, ...] = (),
        fix: Fix | None = None,
    ) -> None:
        """Add an error at the characters `start` to `end`, or count it where the rule has `CAP` errors already.

        An error of the same rule at the same characters is left out.
        """
        if (rule, start, end) in self._places:
            return
        if self.is_full(rule):
            self.add_hidden(rule, 1, start)
            return
        self._count[rule] = self._count.get(rule, 0) + 1
        self._places.add((rule, start, end))
        self._shown.append(error(rule, message, self.span(start, end), help, note, labels, fix))

    def add_shared(self, name: str, message: str, start: int, end: int, help: str) -> None:
        """Add an anchor or an alias (RC106); an alias is a second place of the anchor, or the alias, of its name."""
        index = self._shared.get(name)
        if index is None or self.source.text[start] == "&":
            shown = len(self._shown)
            self.add("RC106", message, start, end, help)
            if len(self._shown) > shown:
                self._shared[name] = shown
        elif len(self._shown[index].labels) < MOST_SHOWN:
            label = Label(self.span(start, end), "and here")
            self._shown[index] = replace(self._shown[index], labels=(*self._shown[index].labels, label))

    def add_hidden(self, rule: str, count: int, start: int) -> None:
        """Count `count` more errors of a rule that is full; the first of them stands at `start`.

        KeyError where the rule has no error yet.
        """
        self._count[rule] += count
        self._first_hidden.setdefault(rule, self.span(start, start + 1))

    def span(self, start: int, end: int) -> Span:
        """Return the span of the characters `start` to `end`, cut to the length of the text."""
        length = len(self.source.text)
        return Span(self.source, min(start, length), min(end, length))

    def is_reported(self, rule: str, start: int) -> bool:
        """Return whether an error of a rule stands at or behind an offset."""
        return any(other == rule and place >= start for other, place, _ in self._places)

    def is_full(self, rule: str) -> bool:
        """Return whether a further error of this rule would only be counted."""
        return self._count.get(rule, 0) >= CAP

    def should_stop(self) -> bool:
        """Return whether a rule, RC109 apart, has more errors than are shown, so that reading on is pointless.

        The caller stops reading then, so from now on the closing line of a rule gives no number.
        """
        if not any(rule != "RC109" for rule in self._first_hidden):
            return False
        self._counted_all = False
        return True

    @property
    def is_fatal(self) -> bool:
        """Whether there is an error other than a duplicate key: then the file has no usable tree."""
        return any(rule != "RC109" for rule in self._count)

    def list(self) -> list[Diagnostic]:
        """Return the errors in the order of the text, with one closing line for each rule that had too many."""
        closing = []
        for rule, span in self._first_hidden.items():
            number = f"{self._count[rule] - CAP:,} " if self._counted_all else ""
            help = "the first of them stands here; the others show once those above are gone"
            closing.append(error(rule, f"and {number}more findings of this kind", span, help))
        return sorted(self._shown + closing, key=Diagnostic.sort_key)

    def __bool__(self) -> bool:
        return bool(self._count)
