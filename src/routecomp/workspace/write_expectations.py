"""Write expectations into a project: those that it lacks into a new file, those that changed in their place.

All of it is judged before anything is written: the project has no errors with it, decides as before, and every
expectation that was written holds.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.expectations.run import Outcome, run
from routecomp.expectations.skeleton import skeleton
from routecomp.expectations.update import update
from routecomp.model.project import Program
from routecomp.parse.edit import RefusedError
from routecomp.review.edit.plan import Plan
from routecomp.runtime.resolver import Router
from routecomp.workspace.compile import compile_project
from routecomp.workspace.edit import edited_files
from routecomp.workspace.files import native
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project, require_unchanged
from routecomp.workspace.publish import publish

_FILE = "policies/expectations{}.yaml"


@dataclass(frozen=True)
class Draft:
    """Files that were judged and not yet written, path to bytes; `before` has the bytes there now, empty for none.

    `words` says what they hold.
    """

    project: Project
    files: Mapping[str, bytes]
    before: Mapping[str, bytes]
    words: str

    def write(self) -> None:
        """Write the files; INVARIANT: the caller holds the project's lock. Raises a `Problem` where that fails."""
        replaced = [path for path in self.files if path in self.project.files]
        new = [path for path in self.files if path not in self.project.files]

        def verify(_back: Mapping[str, bytes]) -> None:
            require_unchanged(self.project, replaced)
            for path in new:
                if os.path.lexists(os.path.join(self.project.root, native(path))):
                    raise Problem(f"{visible(path)} was made by someone else meanwhile", "run it again")

        publish(self.project.root, "", self.files, verify)


def draft_new(project: Project, program: Program, router: Router) -> Draft | None:
    """Draft a new file with the expectations that a project lacks; None where it lacks none."""
    written = skeleton(program, router)
    if written is None:
        return None
    path = _free_path(project)
    data = written.text.encode()
    if len(data) > project.settings.max_file_bytes:
        raise Problem(
            f"the file would have {len(data):,} bytes, and the setting max_file_bytes allows "
            f"{project.settings.max_file_bytes:,}",
            "raise it for this run, and split the file",
            "refused",
        )
    files = {path: data}
    _prove(project, program, router, files)
    words = f"{_count(written.expectations, 'expectation')} of {_count(written.requests, 'request')}"
    return Draft(project, files, {path: b""}, words)


def draft_update(project: Project, program: Program, router: Router, outcomes: Sequence[Outcome]) -> Draft | None:
    """Draft the values that are decided today in place of expected ones that are not met; None where all are.

    `outcomes` has every request of some expectations. Raises a `Problem` where one cannot be written.
    """
    try:
        edits = update(outcomes)
    except RefusedError as refused:
        raise Problem(refused.message, refused.help, "refused") from None
    if not edits:
        return None
    plan = Plan("update expectations", tuple(edits), {})
    edited = edited_files(project, plan)
    files = {path: edited[path] for path in plan.paths}
    changed = {outcome.entry.slug for outcome in outcomes if outcome.wrong}
    _prove(project, program, router, files, changed)
    return Draft(project, files, {path: project.files[path] for path in files}, _count(len(changed), "expectation"))


def _prove(
    project: Project, program: Program, router: Router, files: Mapping[str, bytes], changed: Collection[str] = ()
) -> None:
    """Raise a `Problem` unless a project with other files decides as before, and what is written in them holds.

    Expectations that are not `changed` stay as they are.
    """
    after = compile_project(replace(project, files=dict(sorted({**project.files, **files}.items()))), prove=False)
    now = after.checked.program
    if now is None or after.table is None:
        raise _by_hand(_first_error(after.checked.diagnostics))
    for slug, entry in program.expectations.items():
        if slug not in now.expectations or (slug not in changed and now.expectations[slug].body != entry.body):
            raise _by_hand(f"expectation `{slug}` would change")
    new_router = Router.from_bytes(after.table.data, after.table.fallback_data)
    if new_router.status()["ruleset_hash"] != router.status()["ruleset_hash"]:
        raise _by_hand("the table would change")
    written = {*changed, *(now.expectations.keys() - program.expectations.keys())}
    for outcome in run(now, new_router, written):
        if outcome.wrong:
            raise _by_hand(f"{outcome.title} would not hold")


def _first_error(diagnostics: Sequence[Diagnostic]) -> str:
    """Return the first error in one line."""
    first = next(diagnostic for diagnostic in diagnostics if diagnostic.severity is Severity.ERROR)
    return f"{first.span}: {first.message}" if first.span is not None else first.message


def _by_hand(why: str) -> Problem:
    """Return the problem of expectations that a command cannot write."""
    return Problem(
        f"these expectations cannot be written by a command: {visible(why)}",
        "make this change by hand, then run `routecomp test`",
        "refused",
    )


def _free_path(project: Project) -> str:
    """Return the path of a new file that is not there."""
    number = 1
    while True:
        path = _FILE.format("" if number == 1 else f"-{number}")
        if not os.path.lexists(os.path.join(project.root, native(path))) and path not in project.files:
            return path
        number += 1


def _count(number: int, word: str) -> str:
    """Write a number with its noun."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
