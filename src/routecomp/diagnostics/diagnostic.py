"""Describe one finding: the rule, the message, its place, the remedy and, if there is one, the fix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from routecomp.source.edits import Fix
from routecomp.source.text import Span


class Severity(StrEnum):
    """How much a finding weighs: an error stops the compilation, a warning only under `--strict`."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that belongs to a finding, and what it contributes."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Cause:
    """What a finding comes from, where several may come from one; those of equal `key` are shown as one.

    `whom` is whom this one is about, in words. A waiver at one of the places in `also` excuses it too. It may come from
    each of `or_from` as well: what explains most findings counts. One that `leads` is shown in place of the others.
    """

    key: object
    whom: str
    also: tuple[Span, ...] = ()
    or_from: tuple[object, ...] = ()
    leads: bool = False

    @property
    def keys(self) -> tuple[object, ...]:
        """All that the finding may come from."""
        return () if self.key is None else (self.key, *self.or_from)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `rule` is the stable id (`RC301`); `message` states the fact in one line; `help` states the change that
    removes it; `note` is the short text beside the underline; `labels` are the second places.
    `span` is None only where no file has a place for it (a section that is missing everywhere).
    """

    rule: str
    severity: Severity
    message: str
    span: Span | None
    help: str = ""
    note: str = ""
    labels: tuple[Label, ...] = ()
    fix: Fix | None = None
    cause: Cause | None = None

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Return the key of a report's order: file, place, rule, message; findings without a place come first."""
        if self.span is None:
            return ("", -1, -1, self.rule, self.message)
        return (self.span.file.path, self.span.start, self.span.end, self.rule, self.message)


def error(
    rule: str,
    message: str,
    span: Span | None,
    help: str = "",
    note: str = "",
    labels: tuple[Label, ...] = (),
    fix: Fix | None = None,
) -> Diagnostic:
    """Make a diagnostic that is an error."""
    return Diagnostic(rule, Severity.ERROR, message, span, help, note, labels, fix)


def warning(
    rule: str,
    message: str,
    span: Span | None,
    help: str = "",
    note: str = "",
    labels: tuple[Label, ...] = (),
    fix: Fix | None = None,
) -> Diagnostic:
    """Make a diagnostic that is a warning."""
    return Diagnostic(rule, Severity.WARNING, message, span, help, note, labels, fix)
