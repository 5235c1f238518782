"""Report field by field what becomes of a configuration in the words of another router: mapped, or lost and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

Status = Literal["mapped", "lost"]


@dataclass(frozen=True, slots=True)
class FieldReport:
    """What becomes of one field.

    `key` is its path in the file, joined by dots. Of a mapped field `reason` says what it becomes, of a lost one why
    nothing says the same; `instead` is what a user would do then.
    """

    path: str
    line: int
    column: int
    key: str
    status: Status
    reason: str
    instead: str = ""

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

    def plain(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {
            "source": self.source,
            "target": self.target,
            "mapped": len(self.fields) - len(self.lost),
            "lost": len(self.lost),
            "fields": [
                {
                    "path": field.path,
                    "line": field.line,
                    "column": field.column,
                    "key": field.key,
                    "status": field.status,
                    "reason": field.reason,
                    "instead": field.instead,
                }
                for field in self.fields
            ],
        }

    def json(self) -> str:
        """Return the report as a JSON document."""
        return json.dumps(self.plain(), indent=2) + "\n"

    def summary(self) -> str:
        """Say in one line how much was mapped and how much was lost."""
        return f"{self.source} to {self.target}: {len(self.fields) - len(self.lost)} mapped, {len(self.lost)} lost"

    def text(self) -> str:
        """Return the lost fields for a terminal: place, key, why, and what to do instead."""
        lines = [self.summary()]
        for field in self.lost:
            lines.append(f"{field.place}: `{field.key}`: {field.reason}")
            if field.instead:
                lines.append(f"  instead: {field.instead}")
        return "\n".join(lines) + "\n"

    def markdown(self) -> str:
        """Return the lost fields as a table in Markdown."""
        lines = [f"# What {self.target} does not say", "", self.summary() + ".", ""]
        if self.lost:
            lines += ["| place | field | why | instead |", "|---|---|---|---|"]
        for field in self.lost:
            cells = (field.place, f"`{field.key}`", field.reason, field.instead)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        return "\n".join(lines).rstrip("\n") + "\n"
