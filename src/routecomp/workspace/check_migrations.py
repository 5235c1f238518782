"""Check a project's migrations as `check` does, without loading the linter where nothing is to be linted."""

from __future__ import annotations

from collections.abc import Mapping

from routecomp.diagnostics.diagnostic import Diagnostic, warning
from routecomp.sql.file_names import FOLDER
from routecomp.sql.steps.plain import are_current
from routecomp.workspace.cache import keep_clean, recall_clean
from routecomp.workspace.drafts import are_odd, are_uneven, drafts_name, may_clash, may_rename, read_migrations
from routecomp.workspace.git.released import ReleasedMigrations, known_released, overwritten_since, released_since
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.on_demand import changed_names, changed_tenants, lint_branch, lint_overwritten, lint_released
from routecomp.workspace.project import Project
from routecomp.workspace.unreleasable import REMEDY, ignored_fact, ignored_migration

_TENANTS_KEY = b"tenant_routing_policy_tenant_fkey"


def check_migrations(
    project: Project, snapshot: Snapshot, use_cache: bool, against: str | None = None, *, any_base: bool = False
) -> list[Diagnostic]:
    """Return what is wrong with the drafts of this branch, and with released migrations that were changed.

    So it is where the base branch itself has changed them since the commit `against`.

    It is wrong as well if all together make another schema than is wanted, if a dialect lacks what another one has, and
    if Git ignores them. Drafts that were found clean are remembered by their content, with all they stand on. Where Git
    cannot say what is released, that is a `Problem`, unless `any_base`: then all migrations are judged.
    """
    files = read_migrations(project)
    released = known_released(project, snapshot, any_base)
    output = project.settings.output
    ignored = ignored_migration(project, snapshot, released, [path.removeprefix(f"{output}/") for path in files])
    warnings = [] if ignored is None else [warning("RC638", ignored_fact(ignored), None, REMEDY)]
    known = frozenset() if released is None else released.names
    if project.settings.tenants_table is not None or any(_TENANTS_KEY in data for data in files.values()):
        below = f"{output}/{FOLDER}/"
        warnings += changed_tenants(project, files, {path for path in files if path.removeprefix(below) in known})
    wrong = warnings + _wrong(project, use_cache, files, released)
    if against is not None and (fresh := released_since(project, snapshot, against, released)):
        paths = {path for path in files if path.removeprefix(f"{output}/{FOLDER}/") in fresh}
        wrong += [unlike for unlike in lint_released(project, paths, files) if unlike not in wrong]
    overwritten = None if against is None else overwritten_since(project, snapshot, against, files, released)
    return wrong if overwritten is None else wrong + lint_overwritten(project, overwritten, files)


def _wrong(
    project: Project,
    use_cache: bool,
    files: Mapping[str, bytes],
    released: ReleasedMigrations | None,
) -> list[Diagnostic]:
    """Return what is wrong with migrations, path from the project's root to bytes; as `check_migrations`."""
    names = frozenset() if released is None else released.names
    if not files and not names:
        return []
    below = f"{project.settings.output}/{FOLDER}/"
    known = {path: data for path, data in files.items() if path.removeprefix(below) in names}
    if may_rename(project, known) and (renamed := changed_names(project, known)):
        return renamed
    if released is not None and (are_odd(known) or not released.is_unchanged(project.settings.output, files)):
        return lint_branch(project, released, files)[0]
    if not project.settings.dialects:
        return []
    drafts = {path for path in files if path.removeprefix(below) not in names}
    is_uneven = are_uneven(project, files)
    if not drafts and not is_uneven and are_current(files, project.settings.dialects):
        return []
    name = drafts_name(files, drafts) if use_cache else ""
    if use_cache and not is_uneven and recall_clean(project.root, name) and not may_clash(project, names):
        return []
    diagnostics, is_clean = lint_branch(project, released, files)
    if use_cache and is_clean:
        keep_clean(project.root, name)
    return diagnostics
