"""RC371 expectation-rows: an expectation expects something of each of its requests, and says each thing once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import prod

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.expectation import Expectation
from routecomp.model.expected_rows import MOST_ROWS, ExpectedRows, row_words
from routecomp.model.project import Declared, Entry
from routecomp.rules.expected_names import Kind, requested_names
from routecomp.rules.known_names import Known, known_names, unknown_values
from routecomp.rules.registry import project_rule


@project_rule("RC371", "expectation-rows")
def expectation_rows(declared: Declared) -> Iterator[Diagnostic]:
    """An expectation contradicts itself, or leaves a request without anything to expect.

    Under `for` stand the arguments that vary, in `request` those that do not, and `where` of a row names values that
    stand under `for`. Each request of the matrix needs a key in `expect` or in a row. A name in `undeclared` is one
    that a request holds and no file declares.

    Why: a row that fits no request is never compared, and a request of which nothing is expected holds whatever is
    decided: both look like a test and are none.

    Fix: say each argument once, take values of `where` from `for`, and write what is expected of the request that the
    finding names. More requests than the finding allows are several expectations.
    """
    known = known_names(declared)
    for entry in declared.expectations.values():
        yield from _said_twice(entry)
        is_bounded = prod(map(len, entry.body.matrix.values())) <= MOST_ROWS
        if not is_bounded:
            yield _too_many(entry)
        misspelt = _misspelt(known, entry)
        misfits = list(_rows_without_request(entry))
        yield from (finding for argument, finding in misfits if argument not in misspelt)
        if is_bounded and not misfits:
            yield from _nothing_expected(entry)
        yield from _gate(declared, entry)
        yield from _strangers(declared, entry)


def _said_twice(entry: Entry[Expectation]) -> Iterator[Diagnostic]:
    """Yield the findings on arguments that stand in `request` and under `for`, and on values that stand there twice."""
    for argument, values in entry.body.matrix.items():
        if argument in entry.body.request.__dict__:
            yield error(
                "RC371",
                f"{entry.title} has `{argument}` under `for` and in `request`",
                entry.key_span("request", argument),
                "leave one of the two out",
                labels=(Label(entry.key_span("for", argument), "the same argument"),),
            )
        places: dict[object, int] = {}
        for position, value in enumerate(values):
            first = places.setdefault(value, position)
            if first != position:
                yield error(
                    "RC371",
                    f"`for.{argument}` of {entry.title} holds a value twice",
                    entry.span("for", argument, position),
                    "leave it out",
                    labels=(Label(entry.span("for", argument, first), "the same value"),),
                )


def _too_many(entry: Entry[Expectation]) -> Diagnostic:
    """Return the finding on a matrix that is too large."""
    return error(
        "RC371",
        f"the matrix of {entry.title} is more than {MOST_ROWS:,} requests",
        entry.key_span("for"),
        "make several expectations of it",
    )


def _misspelt(known: dict[Kind, Known], entry: Entry[Expectation]) -> set[str]:
    """Return the arguments under `for` with a name that nothing declares, which no row means: that is the mistake."""
    meant: dict[str, set[object]] = {}
    for row in entry.body.rows:
        for argument, value in row.where.__dict__.items():
            meant.setdefault(argument, set()).add(value)
    return {
        argument
        for argument, values in entry.body.matrix.items()
        if unknown_values(known, argument, {*values} - meant.get(argument, set()))
    }


def _rows_without_request(entry: Entry[Expectation]) -> Iterator[tuple[str | None, Diagnostic]]:
    """Yield the findings on rows whose `where` is no part of the matrix, with the argument whose value is none."""
    matrix = {argument: frozenset(values) for argument, values in entry.body.matrix.items()}
    for index, row in enumerate(entry.body.rows):
        if not row.where.__dict__:
            yield (
                None,
                error(
                    "RC371",
                    f"`where` of a row of {entry.title} is empty",
                    entry.span("rows", index, "where"),
                    "name values that stand under `for`, or write what all requests expect in `expect`",
                ),
            )
        for argument, value in row.where.__dict__.items():
            if argument not in matrix:
                yield (
                    None,
                    error(
                        "RC371",
                        f"`where` of a row of {entry.title} has `{argument}`, which does not stand under `for`",
                        entry.key_span("rows", index, "where", argument),
                        f"add `{argument}` with its values to `for`, or leave it out here",
                    ),
                )
            elif value not in matrix[argument]:
                yield (
                    argument,
                    error(
                        "RC371",
                        f"`where` of a row of {entry.title} has a value of `{argument}` that is not under `for`",
                        entry.span("rows", index, "where", argument),
                        f"add it to `for.{argument}`, or write one of the values there",
                        labels=(Label(entry.key_span("for", argument), "the values"),),
                    ),
                )


def _nothing_expected(entry: Entry[Expectation]) -> Iterator[Diagnostic]:
    """Yield a finding where some request of an expectation has nothing to expect, on the first of these."""
    body = entry.body
    if body.expect.__dict__:
        return
    rows = ExpectedRows(body)
    for row in islice((row for row in rows if not rows.expected(row)), 1):
        which = f" of the request with {row_words(row)}" if row else ""
        yield error(
            "RC371",
            f"{entry.title} expects nothing{which}",
            entry.key.span,
            "write `expect:` with a key of the decision, as in `expect: {status: ok}`",
        )


def _gate(declared: Declared, entry: Entry[Expectation]) -> Iterator[Diagnostic]:
    """Yield the finding on a gate that is open in an expectation, and that nothing can open."""
    if entry.body.gate == "shut" or not declared.is_whole("preferences"):
        return
    if declared.preferences is None or declared.preferences.body.gate_env is None:
        yield error(
            "RC371",
            f"{entry.title} opens the gate of the preferences, which has no `gate_env` and is always shut",
            entry.span("gate"),
            "leave `gate` out, or declare `gate_env` under `preferences:`",
        )


def _strangers(declared: Declared, entry: Entry[Expectation]) -> Iterator[Diagnostic]:
    """Yield the findings on names in `undeclared` that no request has, or that are declared."""
    if not entry.body.undeclared:
        return
    kinds: dict[str, set[str]] = {}
    for named in requested_names(entry):
        kinds.setdefault(named.name, set()).add(named.kind)
    for position, name in enumerate(entry.body.undeclared):
        span = entry.span("undeclared", position)
        if name not in kinds:
            message = f"`undeclared` of {entry.title} lists `{name}`, which none of its requests has"
            yield error("RC371", message, span, "take it out, or correct it")
        elif kinds[name] <= {"feature", "tenant"} and all(
            name in getattr(declared, f"{kind}s") for kind in kinds[name]
        ):
            message = f"`undeclared` of {entry.title} lists the {' and '.join(sorted(kinds[name]))} `{name}`"
            yield error("RC371", f"{message}, which is declared", span, "take it out")
