"""What libyaml raised, as the wording functions of `syntax` and `misplaced` look at it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from routecomp.diagnostics.diagnostic import Label
from routecomp.parse.file_diagnostics import FileDiagnostics
from routecomp.parse.tree import Node
from routecomp.source.edits import Fix
from routecomp.source.text import Span

NO_KEY_HELP = "write the key; if the `:` is meant as text, put it in quotes"

_WORD = re.compile(r"[^\s,\[\]{}#:]+|.", re.DOTALL)


@dataclass(slots=True)
class LibyamlError:
    """One refusal: its `problem` stands at `at`; what libyaml was reading began at `began`.

    `previous` is the last node that was read whole before it.
    """

    text: str
    at: int
    began: int
    problem: str
    previous: Node | None
    findings: FileDiagnostics

    @property
    def char(self) -> str:
        """The character the problem stands at."""
        return self.text[self.at : self.at + 1]

    @property
    def line_start(self) -> int:
        return self.text.rfind("\n", 0, self.at) + 1

    @property
    def before(self) -> str:
        """The line up to the problem."""
        return self.text[self.line_start : self.at]

    @property
    def opening(self) -> str:
        """The character at which it began."""
        return self.text[self.began : self.began + 1]

    def line_of(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def here(self, message: str, help: str, label: tuple[int, str] | None = None, rule: str = "RC103") -> None:
        """A finding at the word the problem stands at; `label` is a second place."""
        word = _WORD.match(self.text, self.at)
        self.place(message, help, self.at, word.end() if word else self.at, label, rule)

    def place(
        self,
        message: str,
        help: str,
        start: int,
        end: int,
        label: tuple[int, str] | None = None,
        rule: str = "RC103",
        fix: Fix | None = None,
    ) -> None:
        """A finding at the characters `start` to `end`."""
        labels: tuple[Label, ...] = ()
        if label is not None:
            at, words = label
            labels = (Label(Span(self.findings.source, at, min(at + 1, len(self.text))), words),)
        self.findings.add(rule, message, start, min(end, len(self.text)), help, "", labels, fix)
