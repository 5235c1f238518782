"""Define what the editing commands share: their options, and the run from a plan to the written files.

Every command that edits goes through `edit`: it shows the diff, lets the rules judge the result, writes the YAML and
the output folder together, and makes the commit where that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, TypeVar

import click

from routecomp.cli.exit import CLEAN, FINDINGS
from routecomp.cli.options import keep_json, today_option
from routecomp.cli.output.json import print_json
from routecomp.cli.output.progress import Progress
from routecomp.cli.output.report import errors_document, print_errors
from routecomp.cli.output.yaml_diff import yaml_diff
from routecomp.cli.root import root_option
from routecomp.diagnostics.credentials.detect import star_secrets
from routecomp.workspace.edit import Draft, Planner, Replacement, UnplannedError, draft_edit, replacement_of, write_edit
from routecomp.workspace.files import find_root, locked
from routecomp.workspace.git.commit import Committer
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.open_project import open_project
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project

F = TypeVar("F", bound=Callable[..., Any])

EPILOG = """\b
Only the bytes that must change are changed; comments, order and quotes stay.
The rules judge the project as it would be, and its change from the project as
it is and from the base branch. What they refuse is not written.

\b
Exit codes:
  0  done (or, under --dry-run, it would be)
  1  refused: nothing was changed
  2  wrong usage, or a file, a folder or Git stands in the way
"""
"""The end of every editing command's help."""


@dataclass(frozen=True, slots=True)
class EditOptions:
    """The values of the options that all editing commands share."""

    root: str | None
    today: date | None
    dry_run: bool
    commit: bool
    message: str | None
    branch: str | None
    against: str | None
    no_base: bool
    as_json: bool


def editing_options(command: F) -> F:
    """Add the options that all editing commands share; the command gets their values as one argument, `options`.

    A message or a branch implies a commit. Raises click's usage error for `--against` with `--no-base`, and for a
    blank message.
    """

    @wraps(command)
    def with_options(
        *arguments: Any,
        root: str | None,
        today: date | None,
        dry_run: bool,
        commit: bool,
        message: str | None,
        branch: str | None,
        against: str | None,
        no_base: bool,
        as_json: bool,
        **rest: Any,
    ) -> Any:
        if (message is not None or branch is not None) and not commit:
            commit = True
        if message is not None and not message.strip():
            raise click.UsageError("the message of a commit cannot be empty")
        if against is not None and no_base:
            raise click.UsageError("--against and --no-base contradict each other")
        options = EditOptions(root, today, dry_run, commit, message, branch, against, no_base, as_json)
        return command(*arguments, options=options, **rest)

    click_options = [
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
        click.option("--no-base", is_flag=True, help="Judge the change only against the project as it is."),
        today_option,
        root_option,
        click.option(
            "--json",
            "as_json",
            is_flag=True,
            callback=keep_json,
            help="Print JSON for programs: what changed, or why not.",
        ),
    ]
    wrapped: Any = with_options
    for option in reversed(click_options):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]


def edit(options: EditOptions, make: Planner, more: Mapping[str, Any] | None = None) -> int:
    """Plan an edit, judge it, show it and make it; return the exit code: 0, or 1 where the rules refuse the edit.

    A dry run writes nothing and takes no lock. `more` are keys that the JSON document has beside its own. Raises a
    `Problem` where there is no such edit, or it cannot be made.
    """
    with nullcontext() if options.dry_run else locked(find_root(options.root)), Progress() as progress:
        project = open_project(options.root, options.today, sweep=not options.dry_run, writes=True)
        with Snapshot(project.root, project.settings.base_branch) as snapshot:
            return _edit(options, project, snapshot, make, progress, more or {})


def _edit(
    options: EditOptions,
    project: Project,
    snapshot: Snapshot,
    make: Planner,
    progress: Progress,
    more: Mapping[str, Any],
) -> int:
    """Do the work of `edit` within its lock and its snapshot; return the exit code."""
    committer = Committer.prepare(project, snapshot, options.branch) if options.commit else None
    notes: list[str] = []
    note = notes.append if options.as_json else _note
    try:
        draft = draft_edit(project, snapshot, make, progress, note, against=options.against, no_base=options.no_base)
    except UnplannedError as refused:
        if options.as_json:
            refused.document = errors_document(refused.errors, refused.files)
        elif refused.errors:
            print_errors(refused.errors, refused.files)
        raise
    title = visible(star_secrets(draft.plan.title))
    if options.as_json:
        return _edit_for_programs(options, draft, title, committer, notes, more)
    if draft.is_refused:
        print_errors(draft.errors, draft.after.files)
        click.echo(f"refused: {title}: nothing was changed", err=True)
        return FINDINGS
    _show(draft, title)
    replacement = replacement_of(draft)
    if options.dry_run:
        _list_files("would write", draft, replacement)
        click.echo("dry run: nothing was changed")
        return CLEAN
    write_edit(draft, replacement, committer, options.message)
    _list_files("written", draft, replacement)
    if committer is not None:
        click.echo(committer.report)
    return CLEAN


def _edit_for_programs(
    options: EditOptions,
    draft: Draft,
    title: str,
    committer: Committer | None,
    notes: list[str],
    more: Mapping[str, Any],
) -> int:
    """Make the edit of a draft, or under --dry-run do not, and print all about it as one JSON document; return 0.

    Raises a `Problem` with that document where the rules refuse the edit, or it cannot be written.
    """
    document: dict[str, Any] = errors_document(draft.errors or draft.warnings, draft.after.files)
    document |= {
        **more,
        "title": title,
        "diff": yaml_diff(draft.project.files, draft.edited.files, False),
        "notes": [*notes, *(visible(note) for note in draft.plan.notes)],
        "dry_run": options.dry_run,
        "changed": [],
        "removed": [],
        "commit": None,
    }
    if draft.is_refused:
        help = "repair what `findings` says, or make another change"
        raise Problem(f"refused: {title}: nothing was changed", help, "refused", document=document)
    replacement = replacement_of(draft)
    if not options.dry_run:
        try:
            write_edit(draft, replacement, committer, options.message)
        except Problem as failure:
            failure.document = document
            raise
    output = draft.project.settings.output
    document["changed"] = list(replacement.files)
    document["removed"] = [f"{output}/{name}" for name in replacement.left_over]
    document["commit"] = None if committer is None or options.dry_run else committer.report
    print_json(document | {"failed": None})
    return CLEAN


def _note(text: str) -> None:
    """Print a note on standard error."""
    click.echo(f"note: {text}", err=True)


def _show(draft: Draft, title: str) -> None:
    """Print the diff of the YAML, the plan's notes, the new warnings and the title."""
    click.echo(yaml_diff(draft.project.files, draft.edited.files))
    for note in draft.plan.notes:
        click.echo(f"note: {visible(note)}")
    if draft.warnings:
        print_errors(draft.warnings, draft.after.files)
    click.echo(title)


def _list_files(verb: str, draft: Draft, replacement: Replacement) -> None:
    """Print each YAML file by its name, and the files of the output folder by their number; `verb` is before each."""
    for path in draft.plan.paths:
        click.echo(f"  {verb}  {visible(path)}")
    changed, removed = len(replacement.artifacts), len(replacement.left_over)
    if changed or removed:
        files = f"{changed} file{'' if changed == 1 else 's'}" + (f", {removed} left-over removed" if removed else "")
        click.echo(f"  {verb}  {visible(draft.project.settings.output)}/: {files}")
