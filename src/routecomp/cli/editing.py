"""A project and a planned edit in, the edited YAML and what it compiles to on the disk out, or nothing changed.

Every command that edits goes through `edit`: it shows the diff, lets the rules judge the result, writes the YAML and
the output folder together, and makes the commit where that is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from routecomp.cli.exit_codes import FINDINGS
from routecomp.cli.options import root_option, today_option
from routecomp.workspace.problem import Problem, visible

if TYPE_CHECKING:
    from routecomp.cli.output.progress import Progress
    from routecomp.compiler import Checked
    from routecomp.diagnostics.diagnostic import Diagnostic
    from routecomp.review.edit.plan import Plan
    from routecomp.workspace.git.commit import Committer
    from routecomp.workspace.project import Project

F = TypeVar("F", bound=Callable[..., Any])
_BOM = b"\xef\xbb\xbf"
_BEFORE = "before this edit"

EPILOG = """\b
Only the bytes that must change are changed; comments, order and quotes stay.
What the rules refuse is not written: the project is checked as it would be,
against what it was and against the base branch.

\b
Exit codes:
  0  done (or, under --dry-run, it would be)
  1  refused: nothing was changed
  2  wrong usage, or a file, a folder or Git stands in the way
"""
"""What the help of every editing command ends with."""


@dataclass(frozen=True, slots=True)
class How:
    """What the options that all editing commands share say."""

    root: str | None
    today: date | None
    dry_run: bool
    commit: bool
    message: str | None
    branch: str | None
    against: str | None
    no_base: bool


def editing_options(command: F) -> F:
    """The options that all editing commands share; the command gets them as one `how`."""
    from functools import wraps

    @wraps(command)
    def with_how(
        *arguments: Any,
        root: str | None,
        today: date | None,
        dry_run: bool,
        commit: bool,
        message: str | None,
        branch: str | None,
        against: str | None,
        no_base: bool,
        **rest: Any,
    ) -> Any:
        if (message is not None or branch is not None) and not commit:
            commit = True
        if message is not None and not message.strip():
            raise click.UsageError("the message of a commit cannot be empty")
        if against is not None and no_base:
            raise click.UsageError("--against and --no-base contradict each other")
        how = How(root, today, dry_run, commit, message, branch, against, no_base)
        return command(*arguments, how=how, **rest)

    options = [
        click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing."),
        click.option("--commit", is_flag=True, help="Commit the YAML and the output folder, and nothing else."),
        click.option("-m", "--message", metavar="TEXT", help="The commit's message (implies --commit)."),
        click.option(
            "--branch", metavar="NAME", help="Make the commit on a new branch of that name (implies --commit)."
        ),
        click.option(
            "--against",
            metavar="REF|DIR|FILE",
            help="Judge the change against this; default: where HEAD left the base branch.",
        ),
        click.option("--no-base", is_flag=True, help="Judge it against what the project was before alone."),
        today_option,
        root_option,
    ]
    wrapped: Any = with_how
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]


def edit(how: How, make: Callable[[Project, Checked], Plan]) -> int:
    """Plan an edit, judge it, show it, and make it. The exit code is the command's."""
    from routecomp.cli.output.progress import Progress
    from routecomp.workspace.files import find_root, locked
    from routecomp.workspace.git.commit import Committer
    from routecomp.workspace.project import checked, open_project

    with nullcontext() if how.dry_run else locked(find_root(how.root)), Progress() as progress:
        project = open_project(how.root, how.today, sweep=not how.dry_run)
        committer = Committer.prepare(project, how.branch) if how.commit else None
        before = checked(project, progress)
        plan = _planned(project, before, make)
        if isinstance(plan, int):
            return plan
        edited = replace(project, files=_edited(project, plan))
        judged = _judged(project, edited, how, progress)
        errors = [one for one in judged.diagnostics if one.severity == "error"]
        if errors or judged.program is None:
            return _refused(errors, judged.files, plan)
        _proven(before, judged, plan)
        artifacts = _compiled(edited, judged)
        diff = _diff(project, edited)
        click.echo(diff)
        for note in plan.notes:
            click.echo(f"note: {visible(note)}")
        _warn(before, judged)
        click.echo(_title(plan))
        return _make(how, project, edited, artifacts, plan, committer)


def _planned(project: Project, before: Checked, make: Callable[[Project, Checked], Plan]) -> Plan | int:
    """The plan; or the exit code, where the project's own errors may be why there is none."""
    from routecomp.diagnostics.credentials.detect import star_secrets
    from routecomp.parse.edit import RefusedError

    try:
        return make(project, before)
    except RefusedError as refused:
        errors = [one for one in before.diagnostics if one.severity == "error"]
        if errors:
            _report(errors, before.files)
        raise Problem(star_secrets(refused.message), star_secrets(refused.help), "refused") from None


def _edited(project: Project, plan: Plan) -> dict[str, bytes]:
    """The project's files after the plan."""
    from routecomp.source.edits import apply_edits

    files = dict(project.files)
    for path in plan.paths:
        data = files[path]
        mark = _BOM if data.startswith(_BOM) else b""
        edits = [one for one in plan.edits if one.span.path == path]
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


def _judged(project: Project, edited: Project, how: How, progress: Progress) -> Checked:
    """The edited project checked against what it was and against the base branch."""
    from routecomp.review.base.base import Base
    from routecomp.workspace.git.base import compare
    from routecomp.workspace.project import checked

    judged = checked(edited, progress, Base(_BEFORE, "before:", project.files))
    if how.no_base:
        return judged
    settings = project.settings
    other = compare(project.root, edited.files, how.against, settings.base_branch, settings.max_file_bytes)
    for note in other.notes:
        click.echo(f"note: {note}", err=True)
    if other.base is None or other.base.files == project.files:
        return judged
    known = {(one.rule, str(one.span)) for one in judged.diagnostics}
    further = [
        one for one in checked(edited, progress, other.base).diagnostics if (one.rule, str(one.span)) not in known
    ]
    if any(one.severity == "error" for one in further):
        judged = replace(judged, program=None)
    return replace(judged, diagnostics=judged.diagnostics + further)


def _refused(errors: list[Diagnostic], files: int, plan: Plan) -> int:
    _report(errors, files)
    click.echo(f"refused: {_title(plan)}: nothing was changed", err=True)
    return FINDINGS


def _title(plan: Plan) -> str:
    from routecomp.diagnostics.credentials.detect import star_secrets

    return visible(star_secrets(plan.title))


def _report(errors: list[Diagnostic], files: int) -> None:
    from routecomp import __version__
    from routecomp.cli.output.terminal import color_for
    from routecomp.diagnostics.render import render
    from routecomp.rules.registry import Rules

    color = color_for(sys.stderr)
    click.echo(render("text", errors, Rules(), color=color, version=__version__, checked=files), nl=False, err=True)


def _warn(before: Checked, judged: Checked) -> None:
    """The warnings that the edit brings."""
    known = {(one.rule, one.message) for one in before.diagnostics}
    new = [one for one in judged.diagnostics if (one.rule, one.message) not in known]
    if new:
        _report(new, judged.files)


def _proven(before: Checked, judged: Checked, plan: Plan) -> None:
    """INVARIANT: what is written declares what was planned, and everything else as it was."""
    from routecomp.review.edit.plan import differs_from

    other = differs_from(before.declared, judged.declared, plan)
    if other is not None:
        raise Problem(
            f"this file is written in a way that a command cannot edit (`{visible(other)}` would change)",
            "make this change by hand, then run `routecomp check`",
            "refused",
        )


def _compiled(edited: Project, judged: Checked) -> Mapping[str, bytes]:
    from routecomp.emit.artifacts import emit
    from routecomp.sql.migrations import migration_artifacts
    from routecomp.table.lower import lower
    from routecomp.workspace.git.released import released_migrations, replayed

    assert judged.program is not None
    artifacts = emit(lower(judged.program))
    released = released_migrations(edited)
    if released is None:
        return artifacts
    with replayed():
        return artifacts | migration_artifacts(released.read(), judged.program)


def _diff(project: Project, edited: Project) -> str:
    """The change of the YAML as a unified diff, coloured on a terminal."""
    from difflib import unified_diff

    from routecomp.cli.output.terminal import color_for, paint
    from routecomp.diagnostics.credentials.detect import star_secrets

    color = color_for(sys.stdout)
    lines: list[str] = []
    for path, data in edited.files.items():
        if data == project.files[path]:
            continue
        was, now = (one.files[path].decode("utf-8").removesuffix("\n").split("\n") for one in (project, edited))
        for line in unified_diff(was, now, f"a/{path}", f"b/{path}", lineterm=""):
            shown = star_secrets(line.rstrip("\r").removeprefix("\ufeff"))
            code = {"+": "32", "-": "31", "@": "36"}.get(line[:1], "0")
            lines.append(paint(shown, code, color) if code != "0" else shown)
    return "\n".join(lines)


def _make(
    how: How, project: Project, edited: Project, artifacts: Mapping[str, bytes], plan: Plan, committer: Committer | None
) -> int:
    from routecomp.cli.commands.compile import in_order, verify_loads
    from routecomp.workspace.git.released import left_over, remove
    from routecomp.workspace.project import unchanged_meanwhile
    from routecomp.workspace.publish import current, publish

    output = project.settings.output
    drafts = left_over(project, artifacts)
    was = current(project.root, output, [*artifacts, *drafts])
    changed = {name: data for name, data in artifacts.items() if was[name] != data}
    files = {path: edited.files[path] for path in plan.paths}
    files |= {f"{output}/{name}": data for name, data in in_order(changed).items()}
    old: dict[str, bytes | None] = {path: project.files[path] for path in plan.paths}
    old |= {f"{output}/{name}": was[name] for name in (*changed, *drafts)}
    gone = [f"{output}/{name}" for name in drafts]
    if how.dry_run:
        _said("would write", plan, output, len(changed), len(drafts))
        click.echo("dry run: nothing was changed")
        return 0

    def sound(back: Mapping[str, bytes]) -> None:
        unchanged_meanwhile(project, plan.paths)
        verify_loads({**artifacts, **{name: back[f"{output}/{name}"] for name in changed}})

    publish(project.root, "", files, sound)
    remove(project, drafts)
    if committer is not None:
        committer.commit([*files, *gone], old, _message(how, plan))
    _said("written", plan, output, len(changed), len(drafts))
    if committer is not None:
        click.echo(committer.said)
    return 0


def _said(verb: str, plan: Plan, output: str, changed: int, gone: int) -> None:
    """What is written: each YAML file by its name, the files of the output folder by their number."""
    for path in plan.paths:
        click.echo(f"  {verb}  {visible(path)}")
    if changed or gone:
        files = f"{changed} file{'' if changed == 1 else 's'}" + (f", {gone} left-over removed" if gone else "")
        click.echo(f"  {verb}  {visible(output)}/: {files}")


def _message(how: How, plan: Plan) -> str:
    """The commit's message; a promotion's ends with its trailer."""
    text = how.message if how.message is not None else plan.title[:1].upper() + plan.title[1:].replace("`", "")
    if plan.swap is None:
        return text + "\n"
    trailer = f"Routecomp-Promotion: {plan.swap.feature} {plan.swap.old} -> {plan.swap.new}"
    from routecomp.workspace.git.commit import ends_in_trailers

    return f"{text.rstrip()}\n{'' if ends_in_trailers(text) else chr(10)}{trailer}\n"
