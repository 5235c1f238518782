"""Findings of one file in, a list that stays readable out: of each kind the first few, the rest counted."""

from __future__ import annotations

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.source.edits import Fix
from routecomp.source.text import SourceFile, Span

CAP = 20  # findings of one rule shown for one file


class FileDiagnostics:
    """Errors of one file, collected by rule."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self._shown: list[Diagnostic] = []
        self._places: set[tuple[str, int, int]] = set()
        self._count: dict[str, int] = {}
        self._first_hidden: dict[str, Span] = {}
        self._counted_all = True

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
        """An error at the characters `start` to `end`; from the 21st of a rule on it is only counted."""
        if (rule, start, end) in self._places:
            return  # two ways to find the same thing
        if self.full(rule):
            self.add_hidden(rule, 1, start)
            return
        self._count[rule] = self._count.get(rule, 0) + 1
        self._places.add((rule, start, end))
        self._shown.append(error(rule, message, self.place(start, end), help, note, labels, fix))

    def add_hidden(self, rule: str, count: int, start: int) -> None:
        """Count `count` further findings of a rule that is full; the first of them stands at `start`."""
        self._count[rule] += count
        self._first_hidden.setdefault(rule, self.place(start, start + 1))

    def place(self, start: int, end: int) -> Span:
        """A span of the file, kept within its text."""
        length = len(self.source.text)
        return Span(self.source, min(start, length), min(end, length))

    def full(self, rule: str) -> bool:
        """Whether further findings of a rule would only be counted."""
        return self._count.get(rule, 0) >= CAP

    def too_many(self) -> bool:
        """Whether some rule that spoils the tree has more findings than are shown: reading on is pointless.

        Whoever asks stops then, so the closing line gives no number any more.
        """
        if not any(rule != "RC109" for rule in self._first_hidden):
            return False
        self._counted_all = False
        return True

    @property
    def fatal(self) -> bool:
        """Whether something else than a duplicate key was found: then there is no tree to go on with."""
        return any(rule != "RC109" for rule in self._count)

    def list(self) -> list[Diagnostic]:
        """All of them in the order of the text, and a closing one per rule that had too many."""
        closing = []
        for rule, span in self._first_hidden.items():
            number = f"{self._count[rule] - CAP:,} " if self._counted_all else ""
            help = "the first of them stands here; the others show once those above are gone"
            closing.append(error(rule, f"and {number}more findings of this kind", span, help))
        return sorted(self._shown + closing, key=Diagnostic.sort_key)

    def __bool__(self) -> bool:
        return bool(self._count)
