"""Compare both sides of a change: rows from what the YAML declares, groups from what the resolver decides."""

from __future__ import annotations

import json
from collections.abc import Sequence

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.diagnostics.diagnostic import Severity as DiagnosticSeverity
from routecomp.model.project import Declared, Program
from routecomp.model.read_project import Progress
from routecomp.model.renamed import Renames, logical_renames, rename, renames_between, under_new_names
from routecomp.review.analysis.causes import lines_of_moves
from routecomp.review.analysis.compare import compare_tables
from routecomp.review.analysis.guards import NOT_JUDGED, Judged, Judging
from routecomp.review.analysis.report import MoveReport, report_of
from routecomp.review.analysis.space import Bounds, Space
from routecomp.review.base.base import BaseTable
from routecomp.review.base.rename_table import renamed_table
from routecomp.review.diff.decisions.compare_decisions import compare_decisions
from routecomp.review.diff.decisions.compiled_side import CompiledSide
from routecomp.review.diff.difference import Decisions, Difference, Row, Severity, by_weight
from routecomp.review.diff.rows.declared import declared_rows, where_it_sends
from routecomp.review.diff.rows.entry import entry_row
from routecomp.review.diff.rows.reach import reach_rows
from routecomp.review.diff.rows.renames import rename_rows, table_renames
from routecomp.review.diff.rows.tables import table_rows
from routecomp.review.diff.rows.text import count_noun
from routecomp.review.old_name import still_leads_to
from routecomp.rules.run import check_project
from routecomp.rules.waivers import Waiver
from routecomp.table.codec import compact, ruleset_hash
from routecomp.table.lower import lower

_COMPILES = ("RC325", "RC326")
"""Errors with which a base compiles all the same: a version that did not know them yet has compiled it."""


class NoTableError(ValueError):
    """Bytes given as a routing table that the resolver refuses; the message says why."""


def base_errors(declared: Declared, unread: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the errors for which a base cannot be compiled; none if it can.

    They are those of its files (`unread`), those of the rules, and missing `defaults` or `scoring`.
    """
    errors = [*unread]
    errors += [
        diagnostic
        for diagnostic in check_project(declared)
        if diagnostic.severity is DiagnosticSeverity.ERROR and diagnostic.rule not in _COMPILES
    ]
    errors += [
        error("RC205", f"`{section}` is missing", None, "declare it")
        for section in ("defaults", "scoring")
        if getattr(declared, section) is None
    ]
    return tuple(errors)


def compare(
    where: str,
    before: Program,
    after: Program,
    refused: Sequence[Diagnostic] = (),
    waivers: Sequence[Waiver] = (),
    progress: Progress | None = None,
    bounds: Bounds | None = None,
    judge: Judging | None = None,
) -> Difference:
    """Compare two programs; `refused` and `waivers` come from checking the change and go into the result.

    `where` says where `before` stands (`on main`). With `bounds`, all requests are compared, as far as these allow;
    what moves is judged then.
    """
    if progress is not None:
        progress("ranking", 0, 0)
    old_table, new_table = lower(before), lower(after)
    renames, named, old_data = with_names_of(before, old_table.data, after)
    old, new = CompiledSide(old_data), CompiledSide(new_table.data)
    is_same = old_table.data == new_table.data
    contents = old.content, new.content
    declared = [*rename_rows(renames, before, after, is_same=is_same), *declared_rows(named, after, contents)]
    rows = by_weight([*declared, *reach_rows(old, new, after)])
    decisions = compare_decisions(old, new, progress)
    moves, judged = _moves(old_data, new_table.data, bounds, judge, progress)
    lines = () if moves is None else lines_of_moves(moves.rows, declared, contents, after)
    hashes = old_table.ruleset_hash, new_table.ruleset_hash
    return Difference(where, *hashes, tuple(rows), decisions, refused, waivers, moves=moves, lines=lines, judged=judged)


def with_names_of(before: Declared, table: bytes, after: Declared) -> tuple[Renames, Declared, bytes]:
    """Return what a project calls otherwise than a base, and the base and its table under the project's names."""
    named = under_new_names(before, after)
    renames = renames_between(before, after)
    if logical := logical_renames(named, after):
        renames["logical model"] = logical
        named = rename(named, {"logical model": logical})
    return renames, named, _under(renames, table, after)


def compare_with_nothing(where: str, after: Program, waivers: Sequence[Waiver] = ()) -> Difference:
    """Describe a project that is wholly new: one row, and one for each host that it sends requests to.

    No decision is compared, and the hash of the side before is empty.
    """
    table = lower(after)
    contents = ", ".join(
        count_noun(len(names), noun)
        for noun, names in (
            ("model", after.models),
            ("feature", after.features),
            ("target", after.targets),
            ("tenant", after.tenants),
            ("experiment", after.experiments),
        )
    )
    row = Row("project", "project", "everything is new", None, contents, Severity.BEHAVIOURAL)
    hosts = (
        entry_row(None, entry, Severity.BEHAVIOURAL, security=where_it_sends(entry))
        for entries in (after.providers, after.experiments)
        for entry in entries.values()
    )
    rows = by_weight([row, *(host for host in hosts if host.is_security)])
    return Difference(where, "", table.ruleset_hash, tuple(rows), Decisions((), 0, 0), (), waivers)


def compare_with_table(
    base: BaseTable,
    after: Program,
    waivers: Sequence[Waiver] = (),
    progress: Progress | None = None,
    bounds: Bounds | None = None,
    judge: Judging | None = None,
) -> Difference:
    """Compare a program with a compiled table; raise `NoTableError` where the resolver refuses the table.

    The rows come from the tables, and have no spans.
    """
    old, table = CompiledSide(base.data), lower(after)
    if old.rejection is not None:
        raise NoTableError(old.rejection)
    renames = table_renames(json.loads(base.data), after)
    old_data = _under(renames, base.data, after)
    old = CompiledSide(old_data) if renames else old
    new = CompiledSide(table.data)
    rows = [
        *rename_rows(renames, None, after),
        *table_rows(old.content, new.content),
        *reach_rows(old, new, after),
    ]
    rows = by_weight(rows)
    decisions = compare_decisions(old, new, progress)
    moves, judged = _moves(old_data, table.data, bounds, judge, progress)
    hashes = ruleset_hash(base.data), table.ruleset_hash
    return Difference(
        base.where, *hashes, tuple(rows), decisions, (), waivers, declared=False, moves=moves, judged=judged
    )


def _moves(
    before: bytes, after: bytes, bounds: Bounds | None, judge: Judging | None, progress: Progress | None
) -> tuple[MoveReport | None, Judged]:
    """Return what all requests do between two tables, and what guards say of it; None where it is not asked."""
    if bounds is None:
        return None, NOT_JUDGED
    if progress is not None:
        progress("comparing all requests", 0, 0)
    report = report_of(compare_tables(before, after, bounds, Space(cost=bounds.caps)))
    return (report, NOT_JUDGED) if judge is None else judge(report)


def _under(renames: Renames, data: bytes, after: Declared) -> bytes:
    """Return the bytes of a table under the new names of renames; an old name that is an alias now is one there too."""
    kept = {
        kind: {old: new for old, new in names.items() if still_leads_to(after, kind, old, new)}
        for kind, names in renames.items()
    }
    return compact(renamed_table(json.loads(data), renames, kept)).encode() if renames else data
