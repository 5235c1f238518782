"""Make every fix that a machine may make in a project's files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.diagnostics.render.shown import where
from routecomp.model.read_project import Progress
from routecomp.review.base.base import Base
from routecomp.source.edits import Fix, apply_fixes
from routecomp.workspace.check import check_project
from routecomp.workspace.files import collect
from routecomp.workspace.problem import visible
from routecomp.workspace.project import Project, require_unchanged
from routecomp.workspace.publish import publish

_ROUNDS = 20
"""One fix may uncover the next (a renamed key a wrong value); this many rounds are never needed."""
_BOM = b"\xef\xbb\xbf"


def repair(
    project: Project, progress: Progress, base_of: Callable[[Project], Base | None], is_unsafe: bool
) -> tuple[Project, list[str]]:
    """Make safe fixes, with `is_unsafe` all, until none is left; return the project then, and a line for each fix.

    INVARIANT: the caller holds the project's lock. `base_of` returns what a version of the project is compared with.
    Raises a `Problem` where a file was changed meanwhile or cannot be written; earlier rounds stay then.
    """
    lines: list[str] = []
    for _ in range(_ROUNDS):
        diagnostics = check_project(project, progress, base_of(project)).diagnostics
        changed, fixed = _fixed_files(project.files, diagnostics, is_unsafe)
        if not changed:
            break
        _write(project, changed)
        lines += fixed
        project = replace(project, files=collect(project.root, project.settings.max_file_bytes))
    return project, lines


def _fixed_files(
    files: Mapping[str, bytes], diagnostics: Sequence[Diagnostic], is_unsafe: bool
) -> tuple[dict[str, bytes], list[str]]:
    """Return the new bytes of files that change, and a line for each fix; of overlapping fixes the first is made."""
    chosen: dict[str, list[Fix]] = {}
    taken: dict[str, list[tuple[int, int]]] = {}
    lines: list[str] = []
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is None or not (fix.is_safe or is_unsafe) or not fix.edits or not _may_be_made(fix, files, taken):
            continue
        for path in {edit.span.path: None for edit in fix.edits}:
            edits = tuple(edit for edit in fix.edits if edit.span.path == path)
            chosen.setdefault(path, []).append(Fix(fix.title, edits))
            taken.setdefault(path, []).extend((edit.span.start, edit.span.end) for edit in edits)
        lines.append(f"fixed {where(fix.edits[0].span)}: {visible(fix.title)} ({diagnostic.rule})")
    changed: dict[str, bytes] = {}
    for path, fixes in chosen.items():
        bom = _BOM if files[path].startswith(_BOM) else b""
        text = files[path].removeprefix(bom).decode("utf-8")
        new = bom + apply_fixes(text, fixes).encode("utf-8")
        if new != files[path]:
            changed[path] = new
    return changed, lines


def _may_be_made(fix: Fix, files: Mapping[str, bytes], taken: Mapping[str, list[tuple[int, int]]]) -> bool:
    """Return whether a fix edits the project's own text, and none that another fix edits."""
    for edit in fix.edits:
        file = edit.span.file
        # A file that holds a credential is blotted out before it is checked: what is known is not its text.
        # Files of the base are not ours to change.
        if files.get(file.path, b"").removeprefix(_BOM).decode("utf-8", "replace") != file.text:
            return False
        if any(edit.span.start <= end and start <= edit.span.end for start, end in taken.get(file.path, ())):
            return False
    return True


def _write(project: Project, changed: Mapping[str, bytes]) -> None:
    """Write the changed files; raise a `Problem` where one was changed since it was read."""
    publish(project.root, "", changed, lambda _: require_unchanged(project, changed))
