"""Judge an edit of a project's YAML before anything is written, then write it with what it compiles to.

The YAML and the output folder are replaced together, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from routecomp.checker import Checked
from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.emit.artifacts import emit
from routecomp.model.project import Declared
from routecomp.parse.edit import RefusedError
from routecomp.review.base.base import Base
from routecomp.review.edit.plan import Plan, first_difference
from routecomp.source.edits import apply_edits
from routecomp.table.lower import lower
from routecomp.workspace.check import check_project
from routecomp.workspace.drafts import remove, require_free
from routecomp.workspace.git.commit import Committer, ends_in_trailers
from routecomp.workspace.git.comparison import find_comparison
from routecomp.workspace.git.released import ReleasedMigrations, released_migrations
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.migrations import build_migrations
from routecomp.workspace.output import in_order, left_over, require_own, verify_loads
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project, require_unchanged
from routecomp.workspace.publish import current, publish
from routecomp.workspace.unreleasable import ignored_fact, ignored_migration

_BOM = b"\xef\xbb\xbf"
_BEFORE = "before this edit"

Progress = Callable[[str, int, int], None]


class UnplannedError(Problem):
    """An edit that cannot be planned; `errors` are the project's own, which may be why, in `files` files."""

    def __init__(self, refused: RefusedError, errors: Sequence[Diagnostic], files: int) -> None:
        super().__init__(star_secrets(refused.message), star_secrets(refused.help), "refused")
        self.errors = errors
        self.files = files


@dataclass(frozen=True)
class Unedited:
    """A project before an edit: its files, its Git repository, and what checking it finds."""

    project: Project
    snapshot: Snapshot
    checked: Checked

    @property
    def declared(self) -> Declared:
        """What the project declares."""
        return self.checked.declared


Planner = Callable[[Unedited], Plan]
"""Plans an edit; raises `RefusedError` where there is no such edit."""


@dataclass(frozen=True)
class Draft:
    """An edit that was judged and not yet written.

    `project` is the project as it is and `edited` as it would be; `before` and `after` are what checking both finds.
    `errors` refuse the edit: there are no `artifacts` then. `released` are the released migrations; None where nobody
    knows them, and then no migration is a draft.
    """

    project: Project
    edited: Project
    plan: Plan
    before: Checked
    after: Checked
    errors: tuple[Diagnostic, ...]
    artifacts: Mapping[str, bytes]
    released: ReleasedMigrations | None = None

    @property
    def is_refused(self) -> bool:
        """Whether the rules refuse the edit."""
        return bool(self.errors) or self.after.program is None

    @property
    def warnings(self) -> list[Diagnostic]:
        """The diagnostics after the edit, errors among them, whose rule and message were not there before."""
        known = {(diagnostic.rule, diagnostic.message) for diagnostic in self.before.diagnostics}
        return [
            diagnostic for diagnostic in self.after.diagnostics if (diagnostic.rule, diagnostic.message) not in known
        ]


@dataclass(frozen=True)
class Replacement:
    """The files that an edit replaces or removes, by their paths from the project's root.

    `old` are the bytes that stand there now (None: no file); `artifacts` are the changed files of the output folder
    and `left_over` the drafts to remove from it, by their paths within it.
    """

    files: Mapping[str, bytes]
    old: Mapping[str, bytes | None]
    artifacts: Mapping[str, bytes]
    left_over: Sequence[str]


def draft_edit(
    project: Project,
    snapshot: Snapshot,
    make: Planner,
    progress: Progress,
    note: Callable[[str], None],
    *,
    against: str | None = None,
    no_base: bool = False,
) -> Draft:
    """Plan an edit and judge it against the project as it is and against its base branch, or what `against` names.

    `no_base` leaves the base out. `note` is told what the judgement has to leave out, and that Git ignores a migration.
    Raises `UnplannedError` where there is no such edit, and `Problem` where a file cannot be edited by a command, or a
    migration of a person's own has the name of one that would be written.
    """
    before = check_project(project, progress)
    try:
        plan = make(Unedited(project, snapshot, before))
    except RefusedError as refused:
        raise UnplannedError(refused, _errors(before.diagnostics), before.files) from None
    edited = replace(project, files=edited_files(project, plan))
    after = _judge(project, edited, snapshot, progress, note, against, no_base)
    draft = Draft(project, edited, plan, before, after, tuple(_errors(after.diagnostics)), {})
    if draft.is_refused:
        return draft
    _prove(before, after, plan)
    released = released_migrations(edited, snapshot)
    artifacts = _compile(edited, released, after)
    if released is not None:
        require_free(project, artifacts, released.names)
    ignored = ignored_migration(edited, snapshot, released, artifacts)
    if ignored is not None:
        note(ignored_fact(ignored))
    return replace(draft, artifacts=artifacts, released=released)


def replacement_of(draft: Draft) -> Replacement:
    """Compare a draft with what lies on the disk, and write nothing.

    Raises a `Problem` where a file cannot be read.
    """
    project, plan = draft.project, draft.plan
    output = project.settings.output
    drafts = left_over(project, draft.artifacts) if draft.released is not None else []
    present = current(project.root, output, [*draft.artifacts, *drafts])
    changed = {name: data for name, data in draft.artifacts.items() if present[name] != data}
    require_own(draft.released, [*drafts, *(name for name in changed if present[name] is not None)])
    files = {path: draft.edited.files[path] for path in plan.paths}
    files |= {f"{output}/{name}": data for name, data in in_order(changed).items()}
    old: dict[str, bytes | None] = {path: project.files[path] for path in plan.paths}
    old |= {f"{output}/{name}": present[name] for name in (*changed, *drafts)}
    return Replacement(files, old, changed, drafts)


def write_edit(draft: Draft, replacement: Replacement, committer: Committer | None, message: str | None) -> None:
    """Write a draft and, with a committer, commit it; a `message` of None is made from the plan.

    INVARIANT: the caller holds the project's lock. Raises `Problem` where a file was changed meanwhile or cannot be
    written; everything is as it was then.
    """
    project = draft.project
    output = project.settings.output

    def verify(back: Mapping[str, bytes]) -> None:
        require_unchanged(project, draft.plan.paths)
        verify_loads({**draft.artifacts, **{name: back[f"{output}/{name}"] for name in replacement.artifacts}})

    def write() -> None:
        publish(project.root, "", replacement.files, verify)
        remove(project, replacement.left_over)

    if committer is None:
        write()
        return
    removed = [f"{output}/{name}" for name in replacement.left_over]
    text = commit_message(draft.plan, message)
    committer.commit([*replacement.files, *removed], replacement.old, text, write)


def commit_message(plan: Plan, given: str | None) -> str:
    """Return the message of a commit, given or made from the plan; a promotion's ends with its trailer."""
    text = given if given is not None else plan.title[:1].upper() + plan.title[1:].replace("`", "")
    if plan.swap is None:
        return text + "\n"
    trailer = f"Routecomp-Promotion: {plan.swap.feature} {plan.swap.old} -> {plan.swap.new}"
    gap = "" if ends_in_trailers(text) else "\n"
    return f"{text.rstrip()}\n{gap}{trailer}\n"


def _errors(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the errors among diagnostics."""
    return [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]


def edited_files(project: Project, plan: Plan) -> dict[str, bytes]:
    """Return the project's files after the plan's edits.

    Raises a `Problem` for a file that holds what looks like a credential, and for a value that is not UTF-8.
    """
    files = dict(project.files)
    for path in plan.paths:
        data = files[path]
        mark = _BOM if data.startswith(_BOM) else b""
        edits = [edit for edit in plan.edits if edit.span.path == path]
        text = data.removeprefix(mark).decode("utf-8", "replace")
        if text != edits[0].span.file.text:  # a credential in it was blotted out before anyone read it
            raise Problem(
                f"{visible(path)} holds what looks like a credential",
                "run `routecomp check`, and repair what it finds",
                "refused",
            )
        try:
            files[path] = mark + apply_edits(text, edits).encode("utf-8")
        except UnicodeEncodeError:
            raise Problem("the new value is not UTF-8", "type it in UTF-8") from None
    return files


def _judge(
    project: Project,
    edited: Project,
    snapshot: Snapshot,
    progress: Progress,
    note: Callable[[str], None],
    against: str | None,
    no_base: bool,
) -> Checked:
    """Check the edited project against the project as it is, and against its base unless `no_base`.

    Return the first check with the diagnostics that the second adds; an error among those leaves no program.
    """
    after = check_project(edited, progress, Base(_BEFORE, "before:", project.files))
    if no_base:
        return after
    other = find_comparison(edited, snapshot, against)
    for text in other.notes:
        note(text)
    if other.base is None or other.base.files == project.files:
        return after
    known = {(diagnostic.rule, str(diagnostic.span)) for diagnostic in after.diagnostics}
    further = [
        diagnostic
        for diagnostic in check_project(edited, progress, other.base).diagnostics
        if (diagnostic.rule, str(diagnostic.span)) not in known
    ]
    if _errors(further):
        after = replace(after, program=None)
    return replace(after, diagnostics=after.diagnostics + further)


def _prove(before: Checked, after: Checked, plan: Plan) -> None:
    """Raise a `Problem` unless the edit declares what was planned, and everything else as it was."""
    changed = first_difference(before.declared, after.declared, plan)
    if changed is not None:
        raise Problem(
            f"this file is written in a way that a command cannot edit (`{visible(changed)}` would change)",
            "make this change by hand, then run `routecomp check`",
            "refused",
        )


def _compile(edited: Project, released: ReleasedMigrations | None, after: Checked) -> Mapping[str, bytes]:
    """Return the artifacts of the edited project, with the released migrations and those it wants besides."""
    assert after.program is not None
    artifacts = emit(after.table or lower(after.program))
    return artifacts if released is None else artifacts | build_migrations(edited, released, after.program)
