"""Make the fixes of a project's findings: those after which the finding is gone and no other one is new."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from routecomp.checker import Checked
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.render.shown import where
from routecomp.model.project import Declared, Program
from routecomp.model.read_project import Progress
from routecomp.model.sections import SECTIONS
from routecomp.review.base.base import Base
from routecomp.source.edits import Fix, apply_fixes
from routecomp.table.lower import lower
from routecomp.workspace.check import check_project
from routecomp.workspace.problem import visible
from routecomp.workspace.project import Project, require_unchanged
from routecomp.workspace.publish import publish

_MOST_CHECKS = 200
"""Fixes that do harm are found by halving; after so many checks of the project the rest is left as it is."""
_MOST_STEPS = 5
"""One fix may uncover what the next one repairs (a renamed key a wrong value)."""
_WORD = "RC121"
"""A word that is none of ours keeps its whole body unread: what the body holds besides is found once it is ours."""
_BOM = b"\xef\xbb\xbf"
_LINE = re.compile(r"\bline [0-9]+")

Identity = tuple[str, str, str]
"""What makes two findings the same before and after a fix, though lines moved: rule, file and message."""


@dataclass(frozen=True)
class Repair:
    """What fixes make of a project: the project then, its new files, and a line for each fix.

    `refused` has a line for each fix that was not made because of what it would bring about. `unsafe` counts the
    fixes that are left because they are not safe.
    """

    project: Project
    changed: Mapping[str, bytes]
    made: list[str]
    refused: list[str]
    unsafe: int


@dataclass(frozen=True)
class _State:
    """A project with some fixes made, what a check of it says, and a line for each of these fixes."""

    project: Project
    checked: Checked
    made: list[str]


def plan_repair(
    project: Project, progress: Progress, base_of: Callable[[Project], Base | None], with_unsafe: bool
) -> Repair:
    """Find the fixes that may be made: the safe ones, then with `with_unsafe` the others. Nothing is written.

    `base_of` returns what a version of the project is compared with.
    """
    repairer = _Repairer(progress, base_of)
    state = repairer.start(project)
    state = repairer.repair(state, lambda fix: fix.is_safe)
    if with_unsafe:
        state = repairer.repair(state, lambda _: True)
    changed = {path: data for path, data in state.project.files.items() if data != project.files[path]}
    left = [d.fix for d in state.checked.diagnostics if d.fix is not None and _is_ours(d.fix, state.project.files)]
    unsafe = 0 if with_unsafe else sum(not fix.is_safe for fix in left)
    return Repair(state.project, changed, state.made, list(repairer.refused.values()), unsafe)


def write_repair(project: Project, repair: Repair) -> None:
    """Write the files that fixes changed; raise a `Problem` where one was changed since it was read.

    INVARIANT: the caller holds the project's lock.
    """
    if repair.changed:
        publish(project.root, "", repair.changed, lambda _: require_unchanged(project, repair.changed))


class _Repairer:
    """Makes fixes in memory, and checks the project after each step; `refused` says by fix why one was not made."""

    def __init__(self, progress: Progress, base_of: Callable[[Project], Base | None]) -> None:
        self.progress, self.base_of = progress, base_of
        self.checks = 0
        self.refused: dict[tuple[Identity, str], str] = {}

    def start(self, project: Project) -> _State:
        """Return the state of a project without any fix."""
        return _State(project, self.check(project), [])

    def check(self, project: Project) -> Checked:
        """Check a version of the project."""
        self.checks += 1
        return check_project(project, self.progress, self.base_of(project))

    def repair(self, state: _State, is_wanted: Callable[[Fix], bool]) -> _State:
        """Make all wanted fixes that do no harm: as many as possible at a time, halving where they do some."""
        size = len(state.checked.diagnostics)
        while self.checks < _MOST_CHECKS:
            wanted = [d for d in state.checked.diagnostics if d.fix is not None and is_wanted(d.fix)]
            batch = _together([d for d in wanted if _key(d) not in self.refused], state.project.files)[:size]
            if not batch:
                break
            repaired, harm = self.attempt(state, batch, is_wanted, _MOST_STEPS)
            if repaired is not None:
                state, size = repaired, 2 * size
            elif len(batch) == 1:
                self.refused[_key(batch[0])] = f"left {_described(batch[0])}: {harm}"
            else:
                size = len(batch) // 2
        return state

    def attempt(
        self, state: _State, batch: Sequence[Diagnostic], is_wanted: Callable[[Fix], bool], steps: int
    ) -> tuple[_State | None, str]:
        """Make fixes together; return the state then, or None and why they may not be made.

        What they uncover may be repaired by further wanted fixes.
        """
        fixes = [d.fix for d in batch if d.fix is not None]
        project = replace(state.project, files=_with_fixes(state.project.files, fixes))
        after = self.check(project)
        made = [*state.made, *(f"fixed {_described(d)}" for d in batch)]
        if all(fix.is_safe for fix in fixes) and not _decides_the_same(state.checked, after):
            return None, "it would change what is decided"
        new = _new(
            after.diagnostics, Counter(map(_identity, state.checked.diagnostics)) - Counter(map(_identity, batch))
        )
        repaired = _State(project, after, made)
        if all(diagnostic.rule == _WORD for diagnostic in batch):
            new = [diagnostic for diagnostic in new if not _was_hidden(diagnostic, state.checked, after)]
        if not new:
            return repaired, ""
        further = _together([d for d in new if d.fix is not None and is_wanted(d.fix)], project.files)
        if len(further) == len(new) and steps > 0:
            return self.attempt(repaired, further, is_wanted, steps - 1)
        place = f" at {where(new[0].span)}" if new[0].span is not None else ""
        return None, f"{new[0].rule} would be found then{place}: {visible(new[0].message)}"


def _identity(diagnostic: Diagnostic) -> Identity:
    """Return what a finding is known by while lines move."""
    path = "" if diagnostic.span is None else diagnostic.span.path
    return diagnostic.rule, path, _LINE.sub("line", diagnostic.message)


def _key(diagnostic: Diagnostic) -> tuple[Identity, str]:
    """Return what a fix is known by."""
    return _identity(diagnostic), "" if diagnostic.fix is None else diagnostic.fix.title


def _described(diagnostic: Diagnostic) -> str:
    """Return the place of a fix, what it does, and its rule."""
    assert diagnostic.fix is not None
    return f"{where(diagnostic.fix.edits[0].span)}: {visible(diagnostic.fix.title)} ({diagnostic.rule})"


def _new(after: Iterable[Diagnostic], known: Counter[Identity]) -> list[Diagnostic]:
    """Return the findings that are not among the known ones."""
    rest = Counter(known)
    new = []
    for diagnostic in after:
        identity = _identity(diagnostic)
        if rest[identity] > 0:
            rest[identity] -= 1
        else:
            new.append(diagnostic)
    return new


def _was_hidden(diagnostic: Diagnostic, before: Checked, after: Checked) -> bool:
    """Return whether a finding stands in a body that could not be read before: it was there, and nobody saw it."""
    span = diagnostic.span
    if span is None:
        return False
    for section, slugs in before.declared.broken.items():
        bodies = getattr(after.declared, section)
        for slug in slugs if isinstance(bodies, Mapping) else ():
            entry = bodies.get(slug)
            if entry is not None and entry.path == span.path and entry.key.start <= span.start <= entry.node.end:
                return True
    return False


def _decides_the_same(before: Checked, after: Checked) -> bool:
    """Return whether a project decides as before: by its table, or, while it has errors, by the bodies it had then."""
    if before.program is not None:
        return after.program is not None and _table(before.program) == _table(after.program)
    bodies = _bodies(after.declared)
    return all(bodies.get(name) == body for name, body in _bodies(before.declared).items())


def _table(program: Program) -> tuple[bytes, bytes]:
    """Return the bytes of a program's table and of its fallback file."""
    table = lower(program)
    return table.data, table.fallback_data


def _bodies(declared: Declared) -> dict[tuple[str, str], object]:
    """Return every body that could be read, by section and name."""
    bodies: dict[tuple[str, str], object] = {}
    for section in SECTIONS:
        value = getattr(declared, section)
        if value is None:
            continue
        entries = value.values() if isinstance(value, Mapping) else [value]
        bodies |= {(section, entry.slug): entry.body for entry in entries}
    return bodies


def _together(diagnostics: Iterable[Diagnostic], files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return the findings whose fixes can be made at once: of fixes that overlap the first is."""
    taken: dict[str, list[tuple[int, int]]] = {}
    chosen = []
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is None or not _is_ours(fix, files):
            continue
        places = [(edit.span.path, edit.span.start, edit.span.end) for edit in fix.edits]
        if any(start <= last and first <= end for path, start, end in places for first, last in taken.get(path, ())):
            continue
        for path, start, end in places:
            taken.setdefault(path, []).append((start, end))
        chosen.append(diagnostic)
    return chosen


def _is_ours(fix: Fix, files: Mapping[str, bytes]) -> bool:
    """Return whether a fix edits the project's own text."""
    # A file that holds a credential is blotted out before it is checked: what is known is not its text.
    # Files of the base are not ours to change.
    return bool(fix.edits) and all(
        files.get(edit.span.path, b"").removeprefix(_BOM).decode("utf-8", "replace") == edit.span.file.text
        for edit in fix.edits
    )


def _with_fixes(files: Mapping[str, bytes], fixes: Sequence[Fix]) -> dict[str, bytes]:
    """Return the files after fixes that do not overlap."""
    chosen: dict[str, list[Fix]] = {}
    for fix in fixes:
        for path in {edit.span.path: None for edit in fix.edits}:
            edits = tuple(edit for edit in fix.edits if edit.span.path == path)
            chosen.setdefault(path, []).append(replace(fix, edits=edits))
    new = dict(files)
    for path, own in chosen.items():
        bom = _BOM if files[path].startswith(_BOM) else b""
        new[path] = bom + apply_fixes(files[path].removeprefix(bom).decode("utf-8"), own).encode("utf-8")
    return new
