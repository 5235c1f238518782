"""`check --fix`: a project in, the same project with every fix a machine may make made out, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from routecomp.workspace.files import find_root, locked
from routecomp.workspace.problem import visible
from routecomp.workspace.project import Project, checked, open_project, unchanged_meanwhile
from routecomp.workspace.publish import publish

if TYPE_CHECKING:
    from routecomp.diagnostics.diagnostic import Diagnostic
    from routecomp.review.base.base import Base
    from routecomp.source.edits import Fix

_ROUNDS = 20
"""One fix may uncover the next (a renamed key a wrong value); this many rounds are never needed."""
_BOM = b"\xef\xbb\xbf"


def repair(
    root: str | None,
    today: date | None,
    progress: Callable[[str, int, int], None],
    base_of: Callable[[Project], Base | None],
) -> tuple[Project, list[str]]:
    """Make fixes until none is left, and give the project as it is then, with one line for each fix."""
    said: list[str] = []
    with locked(find_root(root)):
        project = open_project(root, today, sweep=True)
        for _ in range(_ROUNDS):
            found = checked(project, progress, base_of(project)).diagnostics
            changed, made = _fixed(project.files, found)
            if not changed:
                break
            _write(project, changed)
            said += made
            project = open_project(root, today)
    return project, said


def _fixed(files: Mapping[str, bytes], found: Sequence[Diagnostic]) -> tuple[dict[str, bytes], list[str]]:
    """The new bytes of files that change, and one line for each fix; of overlapping fixes the first is made."""
    from routecomp.diagnostics.render.shown import where
    from routecomp.source.edits import Fix, apply_fixes

    chosen: dict[str, list[Fix]] = {}
    taken: dict[str, list[tuple[int, int]]] = {}
    made: list[str] = []
    for one in found:
        if one.fix is None or not one.fix.edits or not _may_be_made(one.fix, files, taken):
            continue
        for path in {edit.span.path: None for edit in one.fix.edits}:
            edits = tuple(edit for edit in one.fix.edits if edit.span.path == path)
            chosen.setdefault(path, []).append(Fix(one.fix.title, edits))
            taken.setdefault(path, []).extend((edit.span.start, edit.span.end) for edit in edits)
        made.append(f"fixed {where(one.fix.edits[0].span)}: {visible(one.fix.title)} ({one.rule})")
    changed: dict[str, bytes] = {}
    for path, fixes in chosen.items():
        bom = _BOM if files[path].startswith(_BOM) else b""
        text = files[path].removeprefix(bom).decode("utf-8")
        new = bom + apply_fixes(text, fixes).encode("utf-8")
        if new != files[path]:
            changed[path] = new
    return changed, made


def _may_be_made(fix: Fix, files: Mapping[str, bytes], taken: Mapping[str, list[tuple[int, int]]]) -> bool:
    for edit in fix.edits:
        file = edit.span.file
        # A file that holds a credential is blotted out before it is checked: what is known is not its text.
        # Files of the base are not ours to change.
        if files.get(file.path, b"").removeprefix(_BOM).decode("utf-8", "replace") != file.text:
            return False
        if any(edit.span.start <= end and start <= edit.span.end for start, end in taken.get(file.path, ())):
            return False
    return True


def _write(project: Project, changed: dict[str, bytes]) -> None:
    publish(project.root, "", changed, lambda _: unchanged_meanwhile(project, changed))
