"""Ask the resolver for each request of a project's expectations, and compare what it decides."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.expectation import Expectation
from routecomp.model.expected_rows import ExpectedRows, Row, Wanted, row_words, scale_of
from routecomp.model.numbers import format_decimal
from routecomp.model.project import Entry, Program
from routecomp.model.vocabulary import ARGUMENTS
from routecomp.runtime.resolver import Decision, Router
from routecomp.testing.expected import Difference, differences, explain_line, failure_words

RULE = "expectation"
"""What stands in a report where findings of `check` have the id of their rule."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One request of an expectation, and what came of it.

    `row` are the arguments that the matrix gives it, `wanted` what is expected of it; both are as the body holds them.
    `request` is as the resolver takes it, `gate` the variable that was open; None where the gate was shut.
    """

    entry: Entry[Expectation]
    row: Row
    request: Mapping[str, Any]
    wanted: Mapping[str, Wanted]
    decision: Decision
    wrong: tuple[Difference, ...]
    gate: str | None = None

    @property
    def title(self) -> str:
        """The name for messages: the expectation's, and the request's where it has several."""
        words = row_words(self.row)
        return f"{self.entry.title} ({words})" if words else self.entry.title

    @property
    def command(self) -> str:
        """The command that explains the request."""
        return explain_line(self.request, self.gate)

    def finding(self) -> Diagnostic:
        """Return the finding on an expectation that does not hold, at the first value that is not met."""
        first, *others = self.wrong
        return error(
            RULE,
            f"{self.title}: {failure_words(self.wrong, self.decision)}",
            self.entry.span(*self.wanted[first.key].path),
            self.command,
            labels=tuple(Label(self.entry.span(*self.wanted[each.key].path), str(each)) for each in others),
        )


def run(program: Program, router: Router, names: Collection[str] | None = None) -> Iterator[Outcome]:
    """Yield what comes of each request of the expectations with these names, or of all, in the order of their names."""
    variable = gate_variable(program)
    for slug, entry in program.expectations.items():
        if names is not None and slug not in names:
            continue
        opened = variable if entry.body.gate == "open" else None
        rows = ExpectedRows(entry.body)
        for row in rows:
            request = as_request({**entry.body.request.__dict__, **row})
            wanted = rows.expected(row)
            with gate_as(variable, is_open=opened is not None):
                decision = router.resolve(**request)
            wrong = differences({key: each.value for key, each in wanted.items()}, decision)
            yield Outcome(entry, row, request, wanted, decision, tuple(wrong), opened)


def as_request(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments, as bodies hold them, as the resolver takes them: in its order, numbers exactly."""
    return {name: _argument(name, arguments[name]) for name in ARGUMENTS if name in arguments}


def gate_variable(program: Program) -> str | None:
    """Return the variable that opens the gate of the preferences; None where nothing does."""
    return None if program.preferences is None else program.preferences.body.gate_env


@contextmanager
def gate_as(variable: str | None, *, is_open: bool) -> Iterator[None]:
    """Open or shut the gate for a while, whatever the environment says."""
    before = os.environ.get(variable) if variable is not None else None
    try:
        if variable is not None:
            _set(variable, "1" if is_open else None)
        yield
    finally:
        if variable is not None:
            _set(variable, before)


def _set(variable: str, value: str | None) -> None:
    """Set a variable of the environment; with None, take it away."""
    if value is None:
        os.environ.pop(variable, None)
    else:
        os.environ[variable] = value


def _argument(name: str, value: Any) -> Any:
    """Return the value of an argument as the resolver takes it."""
    if isinstance(value, tuple):
        return list(value)
    scale = scale_of(name)
    return Decimal(format_decimal(value, scale)) if scale else value
