"""Load the parts of the workspace that most runs of a command do without, when they are first asked for.

A verdict that is remembered, a clean output folder and a project without settings are answered before the compiler
and its libraries would have been imported. Each function here stands for the one of the same name in its room.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from routecomp.checker import Checked
    from routecomp.compiler import Compilation
    from routecomp.diagnostics.diagnostic import Diagnostic
    from routecomp.interop.export.names import Wanted
    from routecomp.model.memory import Memory
    from routecomp.model.project import Program
    from routecomp.model.read_project import Progress
    from routecomp.review.base.base import Base
    from routecomp.workspace.git.released import Overwritten, ReleasedMigrations
    from routecomp.workspace.project import Project
    from routecomp.workspace.record import Record
    from routecomp.workspace.repair import Repair


def check_project(
    project: Project,
    progress: Progress | None = None,
    base: Base | None = None,
    use_cache: bool = False,
    *,
    reach: bool = False,
) -> Checked:
    """Check a project and, where a base is given, its change from it: see `check.check_project`."""
    # lazy: a verdict may be remembered
    from routecomp.workspace import check

    return check.check_project(project, progress, base, use_cache, reach=reach)


def changed_names(project: Project, released: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return RC639 where the settings call the tables otherwise than released migrations: see `released_names`."""
    # lazy: names hardly ever change
    from routecomp.workspace import released_names

    return released_names.changed_names(project, released)


def changed_tenants(project: Project, files: Mapping[str, bytes], released: Collection[str]) -> list[Diagnostic]:
    """Return RC640 where the settings name another table of tenants than migrations: see `released_tenants`."""
    # lazy: few projects have a table of tenants
    from routecomp.workspace import released_tenants

    return released_tenants.changed_tenants(project, files, released)


def compile_project(
    project: Project,
    progress: Progress | None = None,
    released: ReleasedMigrations | None = None,
    memory: Memory | None = None,
    *,
    prove: bool = True,
) -> Compilation:
    """Check a project and, without errors, compile it: see `compile.compile_project`."""
    # lazy: the output folder may be up to date
    from routecomp.workspace import compile

    return compile.compile_project(project, progress, released, memory, prove=prove)


def make_exports(project: Project, wanted: Sequence[Wanted], allowed: Collection[Wanted]) -> dict[str, bytes]:
    """Make the files of exports: see `make_exports.make_exports`."""
    # lazy: the exports may be up to date, and most projects have none
    from routecomp.workspace import make_exports

    return make_exports.make_exports(project, wanted, allowed)


def recall_record(project: Project, released: ReleasedMigrations | None) -> Record:
    """Recall what the last compilation read and made: see `record.Record`."""
    # lazy: the output folder may be up to date
    from routecomp.workspace import record

    return record.Record(project, released)


def require_runs(project: Project, name: str) -> None:
    """Raise a `Problem` where `migrate` would not run a migration: see `own_migration.require_runs`."""
    # lazy: few people write migrations of their own, and `migrate` is large
    from routecomp.workspace import own_migration

    own_migration.require_runs(project, name)


def explain_stale(
    project: Project, released: ReleasedMigrations, states: Mapping[str, str], program: Program
) -> list[str]:
    """Say in sentences why migrations are not as they should be: see `migrations.explain_stale`."""
    # lazy: the output folder may be up to date
    from routecomp.workspace import migrations

    return migrations.explain_stale(project, released, states, program)


def lint_branch(
    project: Project, released: ReleasedMigrations | None, files: Mapping[str, bytes]
) -> tuple[list[Diagnostic], bool]:
    """Lint the migrations that are not as they were released: see `lint.lint_branch`."""
    # lazy: the linter and SQLite are for drafts that are new
    from routecomp.workspace import lint

    return lint.lint_branch(project, released, files)


def lint_overwritten(project: Project, overwritten: Overwritten, files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return RC631 for what the base branch has overwritten: see `lint.lint_overwritten`."""
    # lazy: released migrations hardly ever change
    from routecomp.workspace import lint

    return lint.lint_overwritten(project, overwritten, files)


def lint_released(project: Project, paths: Collection[str], files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return RC637 for what was released with other edits for one dialect: see `lint.lint_released`."""
    # lazy: only the job of a push asks
    from routecomp.workspace import lint

    return lint.lint_released(project, paths, files)


def plan_repair(
    project: Project, progress: Progress, base_of: Callable[[Project], Base | None], with_unsafe: bool
) -> Repair:
    """Find the fixes that may be made in a project: see `repair.plan_repair`."""
    # lazy: without --fix a verdict may be remembered
    from routecomp.workspace import repair

    return repair.plan_repair(project, progress, base_of, with_unsafe)


def write_repair(project: Project, repaired: Repair) -> None:
    """Write the files that fixes changed: see `repair.write_repair`."""
    # lazy: without --fix a verdict may be remembered
    from routecomp.workspace import repair

    repair.write_repair(project, repaired)


def read_sound_table(path: str) -> bytes:
    """Read the bytes of a compiled table that loads: see `table_file.read_sound_table`."""
    # lazy: most projects are compared with a commit, and the resolver is the largest module there is
    from routecomp.workspace import table_file

    return table_file.read_sound_table(path)


def diagnostics_of(values: list[list[Any]], files: Mapping[str, bytes], max_bytes: int) -> list[Diagnostic]:
    """Make diagnostics of the plain values that the cache keeps: see `remembered.diagnostics_of`."""
    # lazy: most verdicts that are remembered are clean
    from routecomp.workspace import remembered

    return remembered.diagnostics_of(values, files, max_bytes)
