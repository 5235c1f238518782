"""Report field by field what becomes of a configuration in the words of another router: mapped, or lost and why.

Between the two stand, in an import, what is said only nearly (`hint`), and what is left out because no chat call goes
there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

Status = Literal["mapped", "hint", "left-out", "lost"]

STATUSES: tuple[Status, ...] = ("mapped", "hint", "left-out", "lost")
WORDS: dict[Status, str] = {"mapped": "mapped", "hint": "nearly", "left-out": "left out", "lost": "lost"}


@dataclass(frozen=True, slots=True)
class FieldReport:
    """What becomes of one field.

    `key` is its path in the file, joined by dots. Of a mapped field `reason` says what it becomes, of a lost one why
    nothing says the same; `instead` is what a user would do then. `routes` is true of a field that decides which model
    answers a call.
    """

    path: str
    line: int
    column: int
    key: str
    status: Status
    reason: str
    instead: str = ""
    routes: bool = False

    @property
    def place(self) -> str:
        """The place as messages name it."""
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class LossReport:
    """The fields of a configuration in the order of their places, and the router that they were said to.

    `source` and `target` are what was read and what was written: `routecomp`, `litellm` and the like.
    """

    source: str
    target: str
    fields: tuple[FieldReport, ...]

    @classmethod
    def sorted(cls, source: str, target: str, fields: Iterable[FieldReport]) -> LossReport:
        """Make a report of fields that were met in any order; what is reported twice stands once."""
        unique = dict.fromkeys(fields)
        ordered = sorted(unique, key=lambda field: (field.path, field.line, field.column, field.key, field.reason))
        return cls(source, target, tuple(ordered))

    @cached_property
    def lost(self) -> tuple[FieldReport, ...]:
        """The fields that are lost."""
        return tuple(field for field in self.fields if field.status == "lost")

    @cached_property
    def told(self) -> tuple[FieldReport, ...]:
        """The fields that a reader should know of: all that are not simply mapped."""
        return tuple(field for field in self.fields if field.status != "mapped")

    @cached_property
    def routes_lost(self) -> tuple[FieldReport, ...]:
        """The lost fields that decide which model answers a call."""
        return tuple(field for field in self.lost if field.routes)

    def count(self, status: Status) -> int:
        """Return how many fields have a status."""
        return sum(field.status == status for field in self.fields)

    def plain(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {
            "source": self.source,
            "target": self.target,
            **{status: self.count(status) for status in STATUSES},
            "routes_lost": len(self.routes_lost),
            "fields": [
                {
                    "path": field.path,
                    "line": field.line,
                    "column": field.column,
                    "key": field.key,
                    "status": field.status,
                    "reason": field.reason,
                    "instead": field.instead,
                    "routes": field.routes,
                }
                for field in self.fields
            ],
        }

    def json(self) -> str:
        """Return the report as a JSON document."""
        return json.dumps(self.plain(), indent=2) + "\n"

    def file(self, name: str) -> bytes:
        """Return the report in the format that the ending of its file's name asks for."""
        if name.endswith(".json"):
            return self.json().encode()
        return (self.markdown() if name.endswith(".md") else self.text()).encode()

    def summary(self) -> str:
        """Say in one line how much was mapped and how much was lost."""
        counts = [
            f"{count} {WORDS[status]}"
            for status in STATUSES
            if (count := self.count(status)) or status in ("mapped", "lost")
        ]
        return f"{self.source} to {self.target}: {', '.join(counts)}"

    def text(self) -> str:
        """Return the fields to know of for a terminal: place, key, why, and what to do instead."""
        lines = [self.summary()]
        for field in self.told:
            lines.append(f"{field.place}: `{field.key}`: {_marked(field)}{field.reason}")
            if field.instead:
                lines.append(f"  instead: {field.instead}")
        return "\n".join(lines) + "\n"

    def markdown(self, *, places: bool = True) -> str:
        """Return the fields to know of as a table in Markdown.

        Without `places` files are named, not lines, and mapped fields are not counted: a page that is kept changes only
        with what it tells.
        """
        summary = self.summary() if places else f"{self.source} to {self.target}: {len(self.lost)} lost"
        lines = [f"# What {self.target} does not say", "", summary + ".", ""]
        if self.told:
            lines += ["| place | field | why | instead |", "|---|---|---|---|"]
        for field in self.told:
            place = field.place if places else field.path
            cells = (place, f"`{field.key}`", _marked(field) + field.reason, field.instead)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        return "\n".join(lines).rstrip("\n") + "\n"


def _marked(field: FieldReport) -> str:
    """Return the words before the reason of a field that is not plainly lost."""
    if field.status == "lost":
        return "decides calls, lost: " if field.routes else ""
    return f"{WORDS[field.status]}: "
