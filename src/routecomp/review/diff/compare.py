"""Both sides of a change in, the `Difference` out: rows from what is declared, groups from what is decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from routecomp.diagnostics.diagnostic import Diagnostic, Severity, error
from routecomp.model.project import Declared, Program
from routecomp.review.base.base import BaseTable
from routecomp.review.diff.compiled import Side
from routecomp.review.diff.decisions import compare_decisions
from routecomp.review.diff.declared import declared_rows
from routecomp.review.diff.difference import Decisions, Difference, Row
from routecomp.review.diff.difference import Severity as Weight
from routecomp.review.diff.tables import table_rows
from routecomp.review.diff.values import counted
from routecomp.rules.run import check_project
from routecomp.rules.waivers import Waiver
from routecomp.table.codec import ruleset_hash
from routecomp.table.lower import lower

Tell = Callable[[str, int, int], None]


class NoTableError(ValueError):
    """What was given as a table is none; its words say why."""


def errors_of(declared: Declared, unread: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the errors that keep a base from being compiled: those of its files, and those the rules find."""
    found = [*unread, *(one for one in check_project(declared) if one.severity is Severity.ERROR)]
    found += [
        error("RC205", f"`{section}` is missing", None, "declare it")
        for section in ("defaults", "scoring")
        if getattr(declared, section) is None
    ]
    return tuple(found)


def compare(
    where: str,
    before: Program,
    after: Program,
    refused: Sequence[Diagnostic] = (),
    waivers: Sequence[Waiver] = (),
    tell: Tell | None = None,
) -> Difference:
    """Compare two programs; `refused` and `waivers` are what checking the change found."""
    (tell or _silent)("ranking", 0, 0)
    was, now = lower(before), lower(after)
    sides = Side(was.data), Side(now.data)
    rows = declared_rows(before, after, (sides[0].content, sides[1].content))
    decisions = compare_decisions(*sides, tell)
    return Difference(where, was.ruleset_hash, now.ruleset_hash, tuple(rows), decisions, refused, waivers)


def compare_with_nothing(where: str, after: Program, waivers: Sequence[Waiver] = ()) -> Difference:
    """What bringing in a whole project does: one row; nobody's decision changes, since nobody had any."""
    now = lower(after)
    held = ", ".join(
        counted(len(names), word)
        for word, names in (
            ("model", after.models),
            ("feature", after.features),
            ("target", after.targets),
            ("tenant", after.tenants),
            ("experiment", after.experiments),
        )
    )
    row = Row("project", "project", "everything is new", None, held, Weight.BEHAVIOURAL)
    return Difference(where, "", now.ruleset_hash, (row,), Decisions((), 0, 0), (), waivers)


def compare_with_table(
    base: BaseTable, after: Program, waivers: Sequence[Waiver] = (), tell: Tell | None = None
) -> Difference:
    """Compare a program with a compiled table; `NoTableError` if the shipped resolver refuses that."""
    was, table = Side(base.data), lower(after)
    if was.refused is not None:
        raise NoTableError(was.refused)
    now = Side(table.data)
    rows = table_rows(was.content, now.content)
    decisions = compare_decisions(was, now, tell)
    return Difference(
        base.where, ruleset_hash(base.data), table.ruleset_hash, tuple(rows), decisions, (), waivers, declared=False
    )


def _silent(what: str, done: int, total: int) -> None:
    """Progress nobody watches."""
