"""Compile a project into its output folder, and report what was written or is stale."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date

import click
from click.shell_completion import CompletionItem

from routecomp.cli.completion import items
from routecomp.cli.options import (
    cache_option,
    chosen_format,
    format_option,
    json_option,
    strict_option,
    today_option,
)
from routecomp.cli.output.findings import exit_code
from routecomp.cli.output.progress import Progress
from routecomp.cli.output.report import proof_required, report
from routecomp.cli.output.version import version_keys
from routecomp.cli.root import complete_folders, root_option
from routecomp.interop.export.names import ENDINGS, Wanted
from routecomp.model.suggest import suggestion
from routecomp.sql.dialects.names import folder_names
from routecomp.workspace.cache import Verdict
from routecomp.workspace.exports import update_exports
from routecomp.workspace.files import find_root, locked
from routecomp.workspace.git.released import released_migrations
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.open_project import open_project
from routecomp.workspace.output import SECTIONS, UNCHANGED, State, compile_output, is_stale
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project
from routecomp.workspace.settings import Settings
from routecomp.workspace.unreleasable import compile_notes


def _complete_export(_ctx: click.Context, _option: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete the routers that can be exported to."""
    return items(list(ENDINGS), incomplete)


@click.command(
    epilog="""\b
Each file is replaced whole or not at all, and only where it changes.
Exit codes:
  0  written, or up to date
  1  errors, or stale files under --check
  2  wrong usage, or a file or folder that cannot be read or written
  3  only warnings, under --strict; then nothing is written
"""
)
@click.argument("dir", required=False, shell_complete=complete_folders)
@root_option
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Write nothing; exit 1 if the output folder is not what the YAML compiles to.",
)
@click.option(
    "--from",
    "from_folder",
    metavar="DIR",
    help=f"The released migrations, in {folder_names()}; default: those of the base branch in Git.",
)
@click.option(
    "--against",
    metavar="REF",
    help="With --check: a commit that is merged before, as a merge queue's base; its migrations count as released too.",
)
@click.option(
    "--export",
    "exports",
    multiple=True,
    metavar="TARGET[:TENANT]",
    shell_complete=_complete_export,
    help="Write this export to export/ too, and keep it fresh from now on; see `routecomp export --help`.",
)
@click.option("--require-proof", is_flag=True, help="With --check: make an error of what is not proven (RC802).")
@click.option("--allow-loss", is_flag=True, help="With --export: write what it cannot say beside it, and the file.")
@format_option
@json_option
@strict_option
@today_option
@cache_option
def compile(
    dir: str | None,
    root: str | None,
    only_check: bool,
    from_folder: str | None,
    against: str | None,
    exports: tuple[str, ...],
    require_proof: bool,
    allow_loss: bool,
    format: str | None,
    as_json: bool,
    strict: bool,
    today: date | None,
    no_cache: bool,
) -> int:
    """Check the YAML, then write the output folder: the table, the fallback file, the resolver, the migrations."""
    format = chosen_format(format, as_json)
    if against is not None and not only_check:
        raise click.UsageError("--against goes with --check")
    if require_proof and not only_check:
        raise click.UsageError("--require-proof goes with --check")
    if against is not None and from_folder is not None:
        raise click.UsageError("--against and --from contradict each other")
    if allow_loss and not exports:
        raise click.UsageError("--allow-loss goes with --export")
    asked = [_wanted(text) for text in exports]
    if dir is not None:
        root = dir if root is None else os.path.join(root, dir)
    with nullcontext() if only_check else locked(find_root(root)), Progress() as progress:
        project = open_project(root, today, sweep=not only_check, writes=True)
        with Snapshot(project.root, project.settings.base_branch) as snapshot:
            released = released_migrations(project, snapshot, from_folder, against)
            verdict, states = compile_output(
                project, released, progress, strict=strict, write=not only_check, use_cache=not no_cache
            )
            if require_proof:
                verdict = verdict._replace(diagnostics=proof_required(verdict.diagnostics))
            if states and verdict.figures is not None:
                more, sizes = update_exports(
                    project, asked, allow_loss=allow_loss, write=not only_check, use_cache=not no_cache
                )
                states |= more
                verdict.figures["bytes"] |= sizes
            notes = compile_notes(project, snapshot, released, states) if states else []
    code = _report(project, verdict, states, format, strict, only_check)
    for note in notes:
        click.echo(f"note: {note}", err=True)
    return code


def _wanted(text: str) -> Wanted:
    """Return the export that an option asks for; raise a `Problem` for a target that there is not."""
    target, _, tenant = text.partition(":")
    if target not in ENDINGS:
        raise Problem(f"nothing is exported to `{visible(target)}`", suggestion(target, ENDINGS))
    return Wanted(target, tenant or None)


def _report(
    project: Project, verdict: Verdict, states: Mapping[str, State], format: str, strict: bool, only_check: bool
) -> int:
    """Print the findings and the state of each file, and return the exit code; stale files count as findings."""
    findings = report(verdict.diagnostics, verdict.files, format, project.root)
    code = exit_code(verdict.diagnostics, strict)
    output = project.settings.output
    if code:
        summary = "nothing was compared" if only_check else f"nothing was written: {output}/ is as it was"
    else:
        summary = _summary(verdict, states, output)
    if format == "json":
        click.echo(_document(findings, verdict, states, project.settings))
        for note in verdict.notes:
            click.echo(note, err=True)
    elif format != "text":
        click.echo(findings, nl=False)
        click.echo(summary, err=True)
    else:
        if verdict.diagnostics:
            click.echo(findings)
        click.echo(summary)
    return code or int(is_stale(states))


def _document(findings: str, verdict: Verdict, states: Mapping[str, State], settings: Settings) -> str:
    """Return the JSON report with the key `compiled` added, null where nothing was compared or written."""
    document = json.loads(findings)
    document["compiled"] = None
    if states and verdict.figures is not None:
        sizes = verdict.figures["bytes"]
        document["compiled"] = {name: value for name, value in verdict.figures.items() if name != "bytes"}
        document["compiled"]["files"] = [
            {
                "path": f"{settings.output}/{file}",
                "bytes": sizes.get(file, 0),
                "state": state.word,
                "lines_added": state.added,
                "lines_removed": state.removed,
            }
            for file, state in sorted(states.items())
        ]
    document |= version_keys(settings)
    return json.dumps(document, indent=2, ensure_ascii=False)


def _summary(verdict: Verdict, states: Mapping[str, State], output: str) -> str:
    """Say what was compiled and the state of each file; migrations that are unchanged are left out."""
    figures = verdict.figures
    assert figures is not None
    count = {name: _count(figures[name], name) for name in (*SECTIONS, "policies", "orders")}
    # Migrations gather over the years: those that stay as they are, are not listed.
    shown = {file: state for file, state in sorted(states.items()) if state != UNCHANGED or "/" not in file}
    width = max(len(file) for file in shown)
    lines = [
        f"compiled {_count(verdict.files, 'files')}: {count['models']} at {count['providers']}, "
        f"{count['features']}, {count['targets']}, {count['tenants']}, {count['experiments']}",
        f"the table holds {count['policies']} and {count['orders']}; "
        f"its ruleset hash begins {figures['ruleset_hash'][:12]}",
        *(
            f"  {state.word:<9}  {output}/{file:<{width}}"
            + (f"  {figures['bytes'][file]:>10,} bytes" if file in figures["bytes"] else "")
            + (f"  +{state.added:,} -{state.removed:,} lines" if state.added or state.removed else "")
            for file, state in shown.items()
        ),
    ]
    if is_stale(states):
        lines += verdict.notes
        lines.append(f"{output}/ is not what the YAML compiles to: run `routecomp compile`, then commit {output}/")
    return "\n".join(lines)


def _count(number: int, plural: str) -> str:
    """Return a number with its noun, which is given in the plural."""
    singular = {"policies": "policy"}.get(plural, plural.removesuffix("s"))
    return f"{number:,} {singular if number == 1 else plural}"
