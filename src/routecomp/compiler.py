"""The pipeline on one page: YAML bytes in, findings and the files of `generated/` out. No disk, no clock.

    bytes -> Tree -> Declared -> Program -> RoutingTable -> artifacts
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from routecomp.check.change import Change
from routecomp.check.conceal import conceal_secrets, without_concealed
from routecomp.check.run import check as run_rules
from routecomp.check.run import check_change
from routecomp.check.waivers import apply_waivers, read_waivers
from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.emit.emitter import emit
from routecomp.model.program import Declared, Program
from routecomp.model.read import read
from routecomp.parse import Limits, Parsed, parse
from routecomp.release.base import Base
from routecomp.release.before import Before, read_base
from routecomp.table.lower import lower
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

    `before` is what the base declares, where there was one to compare the project with.
    """

    diagnostics: list[Diagnostic]
    declared: Declared
    program: Program | None
    files: int
    before: Before | None = None

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


def check(files: Mapping[str, bytes], options: Options, progress: Progress | None = None,
          base: Base | None = None) -> Checked:
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
    found += run_rules(declared)
    waivers, malformed = read_waivers(parsed)
    before = None
    if base is not None:
        before = read_base(base, files, declared, options.limits, options.released)
        found += check_change(Change(before.declared, declared, base.where))
    is_new = None if before is None else before.is_new
    found = apply_waivers(without_concealed(found) + malformed, waivers, options.today, is_new)
    found.sort(key=Diagnostic.sort_key)
    clean = not any(one.severity is Severity.ERROR for one in found)
    return Checked(found, declared, Program.checked(declared) if clean else None, len(parsed), before)


def compile(files: Mapping[str, bytes], options: Options, progress: Progress | None = None) -> Compilation:
    """Check a project and, without errors, compile it."""
    checked = check(files, options, progress)
    if checked.program is None:
        return Compilation(checked)
    (progress or _silent)("ranking", 0, 0)
    table = lower(checked.program)
    return Compilation(checked, table, emit(table))


def _silent(what: str, done: int, total: int) -> None:
    """Progress nobody watches."""
