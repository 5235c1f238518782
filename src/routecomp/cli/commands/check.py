"""Check a project and report everything that is wrong with it; with --fix, repair what a machine can repair."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from routecomp.cli.fixing import fix_project
from routecomp.cli.options import (
    against_option,
    cache_option,
    chosen_format,
    complete_files,
    format_option,
    json_option,
    strict_option,
    today_option,
)
from routecomp.cli.output.findings import exit_code
from routecomp.cli.output.progress import Progress
from routecomp.cli.output.report import count_findings, proof_required, report
from routecomp.cli.output.version import print_version_note, version_keys, with_keys
from routecomp.cli.root import root_option, root_words
from routecomp.workspace.check_migrations import check_migrations
from routecomp.workspace.exports import stale_exports
from routecomp.workspace.files import locked
from routecomp.workspace.git.comparison import Comparison, find_comparison
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.named_paths import NamedPaths, named_paths, places_of
from routecomp.workspace.open_project import open_project
from routecomp.workspace.problem import visible
from routecomp.workspace.project import Project
from routecomp.workspace.verdict import verdict

if TYPE_CHECKING:
    from routecomp.diagnostics.diagnostic import Diagnostic

_SHOWN = 5


@click.command(
    epilog="""\b
`check` reads the .yaml and .yml files under routes/, policies/ and
experiments/, at any depth; it leaves out names that begin with a dot.

\b
In a Git repository it also checks the change since the base branch (rules
RC5xx): who may become primary, what a running experiment may change. Changes
count whether they are committed or not.
  --against main       with main as it is
  --against main...    with where this branch left main
  --against ../old     with another folder
  --against old.json   with a compiled table, as far as it goes

\b
It also checks the migrations in the output folder that are not on the base
branch (rules RC6xx): see `routecomp lint-migrations`.

\b
Claims in policies/ are proven for every request; one that is not proven within
the bound of proofs is sampled, and a warning. --require-proof makes it an error.

\b
--reach proves as well, for every request: which models nothing reaches, which
providers' outages leave calls unanswered, which bans, floors, clamps and
positions of the dial change no decision (rules RC831 to RC836, warnings).

\b
PATHs show the findings of these files alone, as editors and pre-commit ask for
it. The whole project is checked all the same: the last line counts what stands
in other files, and the exit code counts it too.
  routecomp check my-folder              the project in my-folder
  routecomp check routes/models.yaml     what is wrong with that file

\b
Exit codes:
  0  clean, or only warnings
  1  errors
  2  wrong usage, or a file or folder that cannot be read
  3  only warnings, under --strict
"""
)
@click.argument("path", nargs=-1, shell_complete=complete_files)
@root_option
@format_option
@json_option
@strict_option
@click.option("--fix", is_flag=True, help="Make the safe fixes, which change nothing that decides; then check again.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix: make the other fixes too; --diff shows them first.")
@click.option("--diff", is_flag=True, help="With --fix: show what would be changed, and write nothing.")
@against_option
@click.option("--no-base", is_flag=True, help="Compare with nothing: leave out the rules of change.")
@click.option("--require-proof", is_flag=True, help="Make an error of what is not proven (RC802, RC836).")
@click.option("--reach", is_flag=True, help="Also prove what no request reaches, and what changes no decision.")
@today_option
@cache_option
def check(
    path: tuple[str, ...],
    root: str | None,
    format: str | None,
    as_json: bool,
    strict: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    against: str | None,
    no_base: bool,
    require_proof: bool,
    reach: bool,
    today: date | None,
    no_cache: bool,
) -> int:
    """Check the YAML and report everything that is wrong: file, line, column, and what to change."""
    format = chosen_format(format, as_json)
    if against is not None and no_base:
        raise click.UsageError("--against and --no-base contradict each other")
    if (unsafe_fixes or diff) and not fix:
        raise click.UsageError(f"{'--unsafe-fixes' if unsafe_fixes else '--diff'} goes with --fix")
    writes = fix and not diff

    named = named_paths(path, root)
    if fix and named.below:
        raise click.UsageError("--fix repairs the whole project: leave the files out")

    shown_root = _shown_root(named, path, root)
    with locked(named.root) if writes else nullcontext(), Progress() as progress:
        project = open_project(named.root, today, sweep=writes, writes=writes)
        print_version_note(project.settings)
        remarks = named.notes(project.settings.output)
        with Snapshot(project.root, project.settings.base_branch) as snapshot:

            def comparison_of(project: Project) -> Comparison:
                return Comparison() if no_base else find_comparison(project, snapshot, against)

            if fix:
                project = fix_project(
                    project,
                    progress,
                    lambda project: comparison_of(project).base,
                    shown_root,
                    unsafe_fixes,
                    writes,
                    to_stderr=format != "text",
                )
            comparison = comparison_of(project)
            result = verdict(project, not no_cache, progress, comparison.base, comparison.identity, reach=reach)
            diagnostics = proof_required(result.diagnostics) if require_proof else list(result.diagnostics)
            if not no_base:
                # With --against, which says what to compare with, it is no error that nothing says what is released.
                diagnostics += check_migrations(
                    project,
                    snapshot,
                    not no_cache,
                    None if against is None else comparison.commit,
                    any_base=against is not None,
                )
    has_errors = any(diagnostic.severity == "error" for diagnostic in result.diagnostics)
    stale = [] if has_errors else stale_exports(project, not no_cache)
    for note in (*remarks, *comparison.notes, *result.notes, *stale):
        click.echo(f"note: {note}", err=True)
    shown = [diagnostic for diagnostic in diagnostics if named.holds(diagnostic)]
    others = [diagnostic for diagnostic in diagnostics if not named.holds(diagnostic)]
    if format == "text" and named.below and not shown:
        page = f"no findings in {visible(', '.join(named.below))}\n"
    else:
        page = report(shown, result.files, format, project.root)
    if format == "json":
        page = with_keys(page, version_keys(project.settings) | _elsewhere_keys(named, others))
    click.echo(page, nl=False)
    if others:
        files = visible(", ".join(places_of(others)[:_SHOWN]))
        command = f"routecomp check{root_words(shown_root)}"
        click.echo(
            f"and {count_findings(others)} in other files ({files}): `{command}` shows all",
            err=format != "text",
        )
    return exit_code(diagnostics, strict)


def _shown_root(named: NamedPaths, paths: Sequence[str], root: str | None) -> str | None:
    """Return the project as commands that a message names find it with --root; None where that is not needed."""
    if root is not None or not paths:
        return root
    if os.path.realpath(os.curdir) == named.root:
        return None
    return named.root if os.path.isabs(paths[0]) else os.path.relpath(named.root)


def _elsewhere_keys(named: NamedPaths, others: Sequence[Diagnostic]) -> dict[str, Any]:
    """Return the keys of a JSON report that was asked for some files: which, and what stands in others."""
    if not named.below:
        return {}
    errors = sum(diagnostic.severity == "error" for diagnostic in others)
    counts = {"errors": errors, "warnings": len(others) - errors, "paths": places_of(others)}
    return {"paths": list(named.below), "elsewhere": counts}
