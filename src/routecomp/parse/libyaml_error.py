"""Hold one syntax error of libyaml, and report it at the text around it.

libyaml gives two places: where the problem stands, and where the thing that it was reading began (the context).
"""

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
    """An error that libyaml raised for a text.

    `problem` is libyaml's message; `offset` is where the problem stands; `context_offset` is where the quoted text,
    collection or line begins that libyaml was reading. `previous` is the last node that was read before the error.
    """

    text: str
    offset: int
    context_offset: int
    problem: str
    previous: Node | None
    diagnostics: FileDiagnostics

    @property
    def char(self) -> str:
        """The character at the problem; empty at the end of the text."""
        return self.text[self.offset : self.offset + 1]

    @property
    def line_start(self) -> int:
        """The offset at which the line of the problem begins."""
        return self.text.rfind("\n", 0, self.offset) + 1

    @property
    def line_prefix(self) -> str:
        """The text of the line before the problem."""
        return self.text[self.line_start : self.offset]

    @property
    def opening_char(self) -> str:
        """The character at the context, such as the quote or bracket that libyaml was reading from."""
        return self.text[self.context_offset : self.context_offset + 1]

    def line_number(self, offset: int) -> int:
        """Return the line of an offset, counted from 1."""
        return self.text.count("\n", 0, offset) + 1

    def report(self, message: str, help: str, label: tuple[int, str] | None = None, rule: str = "RC103") -> None:
        """Report an error at the word at the problem; `label` is the offset of a second place and its text."""
        word = _WORD.match(self.text, self.offset)
        self.report_range(message, help, self.offset, word.end() if word else self.offset, label, rule)

    def report_range(
        self,
        message: str,
        help: str,
        start: int,
        end: int,
        label: tuple[int, str] | None = None,
        rule: str = "RC103",
        fix: Fix | None = None,
    ) -> None:
        """Report an error at the characters `start` to `end`; `label` is the offset of a second place and its text."""
        labels: tuple[Label, ...] = ()
        if label is not None:
            offset, text = label
            labels = (Label(Span(self.diagnostics.source, offset, min(offset + 1, len(self.text))), text),)
        self.diagnostics.add(rule, message, start, min(end, len(self.text)), help, "", labels, fix)
