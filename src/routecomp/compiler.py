"""The pipeline on one page: YAML bytes in, findings and the files of `generated/` out. No disk, no clock.

bytes -> Tree -> Declared -> Program -> RoutingTable -> artifacts
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.rule import Scope
from routecomp.model.project import Declared, Program
from routecomp.model.reader import read
from routecomp.parse import Limits, Parsed, parse
from routecomp.parse.redact import conceal_secrets, without_concealed
from routecomp.review.base.base import Base, BaseTable
from routecomp.review.base.read_base import Before, read_base
from routecomp.rules.change.change import Change
from routecomp.rules.registry import rules
from routecomp.rules.run import check_change, check_project
from routecomp.rules.waivers import Waiver, apply_waivers, read_waivers

if TYPE_CHECKING:
    from routecomp.review.diff.difference import Difference
    from routecomp.sql.migrations import Released
    from routecomp.table.table import RoutingTable

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how many of how many files of it are (0 of 0 where nobody counts)."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the project settings and the caller decide about a compilation.

    `released` are fingerprints of texts that look like credentials and are none; `today` decides which
    waivers have expired.
    """

    today: date
    limits: Limits = field(default_factory=Limits)
    released: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Checked:
    """What checking found. `program` is None exactly when some finding is an error.

    `before` is what the base declares, where there was one to compare the project with; `waivers` are those in
    force.
    """

    diagnostics: list[Diagnostic]
    declared: Declared
    program: Program | None
    files: int
    before: Before | None = None
    waivers: tuple[Waiver, ...] = ()

    @property
    def errors(self) -> int:
        return sum(one.severity is Severity.ERROR for one in self.diagnostics)

    @property
    def warnings(self) -> int:
        return len(self.diagnostics) - self.errors


@dataclass(frozen=True)
class Compilation:
    """What compiling made: the findings, and, without errors, the table and the files by their names."""

    checked: Checked
    table: RoutingTable | None = None
    artifacts: Mapping[str, bytes] = field(default_factory=dict)


def check(
    files: Mapping[str, bytes], options: Options, progress: Progress | None = None, base: Base | None = None
) -> Checked:
    """Check a project given as path (relative, forward slashes) to bytes, and its change from a base."""
    tell = progress or _silent
    parsed: list[Parsed] = []
    for path in sorted(files):
        tell("reading", len(parsed), len(files))
        parsed.append(parse(path, files[path], options.limits))
    tell("checking", 0, 0)
    found = [one for file in parsed for one in file.diagnostics]
    found += conceal_secrets(parsed, options.released)
    roots = [file.root for file in parsed if file.root is not None]
    declared, unread = read(roots, unreadable=[file.source.path for file in parsed if file.root is None])
    found += unread
    found += check_project(declared)
    waivers, malformed = read_waivers(parsed)
    before = None
    if base is not None:
        before = read_base(base, files, declared, options.limits, options.released)
        found += check_change(Change(before.declared, declared, base.where))
    is_new = None if before is None else before.is_new
    found = apply_waivers(without_concealed(found) + malformed, waivers, options.today, is_new)
    found.sort(key=Diagnostic.sort_key)
    clean = not any(one.severity is Severity.ERROR for one in found)
    in_force = tuple(one for one in waivers if one.until >= options.today)
    return Checked(found, declared, Program.checked(declared) if clean else None, len(parsed), before, in_force)


def compile(
    files: Mapping[str, bytes], options: Options, progress: Progress | None = None, released: Released | None = None
) -> Compilation:
    """Check a project and, without errors, compile it; with its migrations where what is released is given.

    Raises `emit.sql.replay.ReplayError` where the released migrations do not run.
    """
    checked = check(files, options, progress)
    if checked.program is None:
        return Compilation(checked)
    # Imported here: `check`, the command people wait for most, needs neither.
    from routecomp.emit.artifacts import emit
    from routecomp.table.lower import lower

    (progress or _silent)("ranking", 0, 0)
    table = lower(checked.program)
    artifacts = emit(table)
    if released is not None:
        from routecomp.sql.migrations import migration_artifacts

        artifacts |= migration_artifacts(released, checked.program)
    return Compilation(checked, table, artifacts)


@dataclass(frozen=True)
class Compared:
    """What comparing found. `difference` is None where a side has errors: the project, or `wrong` of the base."""

    checked: Checked
    wrong: tuple[Diagnostic, ...] = ()
    difference: Difference | None = None


def diff(
    files: Mapping[str, bytes], options: Options, base: Base | BaseTable, progress: Progress | None = None
) -> Compared:
    """Say what a change does: both sides compiled, and compared as the YAML says them and as they decide.

    A change that breaks a rule of change (RC5xx) is compared all the same; its findings are in the difference.
    """
    from routecomp.review.diff.compare import compare, compare_with_nothing, compare_with_table, errors_of

    checked = check(files, options, progress, base if isinstance(base, Base) else None)
    errors = [one for one in checked.diagnostics if one.severity is Severity.ERROR]
    change_rules = rules(Scope.CHANGE)
    refused = [one for one in errors if one.rule in change_rules]
    if len(refused) < len(errors):
        return Compared(checked)
    program = checked.program or Program.checked(checked.declared)
    if isinstance(base, BaseTable):
        return Compared(checked, (), compare_with_table(base, program, checked.waivers, progress))
    if not base.files:  # the change that brings routecomp into a repository
        return Compared(checked, (), compare_with_nothing(base.where, program, checked.waivers))
    assert checked.before is not None
    wrong = errors_of(checked.before)
    if wrong:
        return Compared(checked, wrong)
    before = Program.checked(checked.before.declared)
    return Compared(checked, (), compare(base.where, before, program, refused, checked.waivers, progress))


def _silent(what: str, done: int, total: int) -> None:
    """Progress nobody watches."""
