"""Findings of one file in, a list that stays readable out: of each kind the first few, the rest counted."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Diagnostic, Fix, Label, error
from routecomp.source import SourceFile, Span

CAP = 20  # findings of one rule shown for one file


class Findings:
    """Errors of one file, collected by rule."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self._shown: list[Diagnostic] = []
        self._count: dict[str, int] = {}
        self._first_hidden: dict[str, Span] = {}

    def add(self, rule: str, message: str, start: int, end: int, help: str = "", note: str = "",
            labels: tuple[Label, ...] = (), fix: Fix | None = None) -> None:
        """An error at the characters `start` to `end`; from the 21st of a rule on it is only counted."""
        count = self._count[rule] = self._count.get(rule, 0) + 1
        if count <= CAP:
            self._shown.append(error(rule, message, Span(self.source, start, end), help, note, labels, fix))
        elif count == CAP + 1:
            self._first_hidden[rule] = Span(self.source, start, end)

    def add_hidden(self, rule: str, count: int, start: int) -> None:
        """Count `count` further findings of a rule that is full; the first of them stands at `start`."""
        self._count[rule] += count
        self._first_hidden.setdefault(rule, Span(self.source, start, start + 1))

    def full(self, rule: str) -> bool:
        """Whether further findings of a rule would only be counted."""
        return self._count.get(rule, 0) >= CAP

    def __bool__(self) -> bool:
        return bool(self._count)

    def list(self) -> list[Diagnostic]:
        """All of them in the order they came; one closing line per rule that had too many."""
        closing = [
            error(rule, f"and {self._count[rule] - CAP:,} more findings of this kind", span,
                  "the first of them stands here; the others show once the ones above are gone")
            for rule, span in self._first_hidden.items()
        ]
        return self._shown + closing

    @property
    def fatal(self) -> bool:
        """Whether something else than a duplicate key was found: then there is no tree to go on with."""
        return any(rule != "RC109" for rule in self._count)
