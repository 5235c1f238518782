"""Lint migrations: those of a project, or any SQL files."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.project import Program
from routecomp.sql.ddl import SCHEMA
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.file_names import FOLDER
from routecomp.sql.history import History, Since
from routecomp.sql.lint import Linted, lint_history, lint_text
from routecomp.sql.read.files import dialect_of
from routecomp.sql.reference import reference
from routecomp.sql.state import database_state
from routecomp.workspace.check import check_project
from routecomp.workspace.drafts import MAX_BYTES, are_odd, may_clash, may_rename, migration_id, read_migrations
from routecomp.workspace.files import read_if_there
from routecomp.workspace.git.released import Overwritten, ReleasedMigrations
from routecomp.workspace.migrations import clash_message, clashing_drafts
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project
from routecomp.workspace.released_names import changed_names


def lint_project(
    project: Project, released: ReleasedMigrations | None, program: Program | None, everything: bool
) -> Linted:
    """Lint a project's migrations: those that are not as they were released, or with `everything` all.

    `released` is None where nobody knows: then all are judged. `program` is what they must lead to, None where the YAML
    has errors: then that is not compared.
    """
    files = read_migrations(project)
    base = _released_files(project, released)
    judged = set(files) if everything else {path for path, data in files.items() if base.get(path) != data}
    if may_rename(project, base) and (renamed := changed_names(project, base)):
        return Linted(renamed)
    linted = lint_text(files, judged)
    changed = _changed(project, released, files)
    linted.diagnostics += _readable(changed, linted.diagnostics)
    clashes = {} if program is None or released is None else _clashes(project, released, program)
    target = None if program is None else database_state(program)
    wanted = project.settings.dialects
    drafts = {path for path in judged if base.get(path) != files[path]}
    history = History(files, judged, clashes=clashes, target=target, schema=SCHEMA, dialects=wanted, compared=drafts)
    linted.diagnostics += _without_losses(lint_history(history), changed)
    linted.diagnostics.sort(key=Diagnostic.sort_key)
    return linted


def lint_files(paths: Sequence[str], dialect: Dialect | None, project: Project | None) -> Linted:
    """Lint the text of some files, and of those in some folders; a project's own migrations come before them.

    `dialect` is that of all files, by default that of the folder each lies in. Raises a `Problem` for a file that is
    not there, a folder without `.sql` files, and a file whose dialect nothing says.
    """
    given: dict[str, bytes] = {}
    for path in paths:
        inside = _sql_files(path) if os.path.isdir(path) else [path]
        if not inside:
            raise Problem(f"{visible(path)} holds no .sql file", "name a file, or a folder that holds some")
        for file in inside:
            data = read_if_there(file, MAX_BYTES)
            if data is None:
                raise Problem(f"there is no file {visible(file)}", "name a file, or a folder that holds some")
            shown = os.path.relpath(file, project.root if project is not None else ".").replace(os.sep, "/")
            if dialect is None and dialect_of(shown) is None and dialect_of(os.path.abspath(file)) is None:
                raise Problem(
                    f"{visible(file)} is in no folder that says for which database it is",
                    f"say it: {' or '.join(f'--dialect {name}' for name in dialect_names())}",
                )
            given[shown] = data
    before = read_migrations(project) if project is not None else {}
    return lint_text({**before, **given}, set(given), dialect)


def lint_branch(
    project: Project, released: ReleasedMigrations | None, files: Mapping[str, bytes]
) -> tuple[list[Diagnostic], bool]:
    """Lint the migrations that are not released, the released ones that were changed, and the schema that all make.

    `files` are the migrations in the output folder, path from the project's root to bytes. Return the diagnostics,
    and whether the text of these migrations is clean, and they run and make the schema that is wanted.
    """
    changed = _changed(project, released, files)
    below = f"{project.settings.output}/{FOLDER}/"
    names = frozenset() if released is None else released.names
    drafts = {path for path in files if path.removeprefix(below) not in names} | {
        diagnostic.span.path for diagnostic in changed if diagnostic.span is not None
    }
    wanted = project.settings.dialects
    if not drafts or not wanted:
        behind = [] if changed else lint_history(History(files, schema=SCHEMA, dialects=wanted))
        return changed + behind, not behind
    if released is not None and may_clash(project, names):
        program = check_project(project).program
        clashes = {} if program is None else _clashes(project, released, program)
        changed += lint_history(History(files, clashes=clashes))
    own = [
        *lint_text(files, drafts).diagnostics,
        *_without_losses(
            lint_history(History(files, drafts, schema=SCHEMA, dialects=wanted, compared=drafts)), changed
        ),
    ]
    return sorted([*_readable(changed, own), *own], key=Diagnostic.sort_key), not own


def lint_overwritten(project: Project, overwritten: Overwritten, files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return RC631 for each migration that the base branch itself has edited or lost; `files` as for `lint_branch`."""
    below = f"{project.settings.output}/{FOLDER}/"
    released = {below + path: data for path, data in overwritten.files.items()}
    since = Since(overwritten.commit, overwritten.folder)
    return lint_history(History(files, released=released, since=since, dialects=()))


def lint_released(project: Project, paths: Collection[str], files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return RC637 for each released migration of `paths` that edits other rows for one dialect than for another.

    `files` are as for `lint_branch`.
    """
    history = History(files, dialects=project.settings.dialects, compared=paths)
    return [diagnostic for diagnostic in lint_history(history) if diagnostic.rule == "RC637"]


def _changed(project: Project, released: ReleasedMigrations | None, files: Mapping[str, bytes]) -> list[Diagnostic]:
    """Return RC631 for each released migration that is not here or has another content."""
    if released is None or (released.is_unchanged(project.settings.output, files) and not are_odd(files)):
        return []
    return lint_history(History(files, released=_released_files(project, released), dialects=()))


def _clashes(project: Project, released: ReleasedMigrations, program: Program) -> dict[str, str]:
    """Return the drafts that do not commute with a released migration of their number: path to the reason."""
    if not may_clash(project, released.names):
        return {}
    folder = f"{project.settings.output}/{FOLDER}/{reference({}, project.settings.dialects).dialect.name}"
    return {
        f"{folder}/{id}.up.sql": clash_message(id, clash).partition(": `routecomp")[0]
        for id, clash in clashing_drafts(project, released, program).items()
    }


def _sql_files(folder: str) -> list[str]:
    """Return the paths of the `.sql` files in a folder and below, folder by folder."""
    return [
        os.path.join(above, name)
        for above, _, names in sorted(os.walk(folder))
        for name in sorted(names)
        if name.endswith(".sql")
    ]


def _readable(changed: Sequence[Diagnostic], own: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics of changed files that can be read: of the others RC600 says already that they cannot."""
    unread = {diagnostic.span.path for diagnostic in own if diagnostic.rule == "RC600" and diagnostic.span is not None}
    return [diagnostic for diagnostic in changed if diagnostic.span is None or diagnostic.span.path not in unread]


def _without_echoes(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics without RC637 on a migration whose way back RC633 finds, which is run: it says which it is."""
    wrong = {_id_of(diagnostic) for diagnostic in diagnostics if diagnostic.rule == "RC633"} - {None}
    return [each for each in diagnostics if each.rule != "RC637" or _id_of(each) not in wrong]


def _id_of(diagnostic: Diagnostic) -> str | None:
    """Return the id of the migration in whose file a diagnostic is; None for one without a place."""
    return None if diagnostic.span is None else migration_id(diagnostic.span.path).rpartition("/")[2]


def _without_losses(diagnostics: Iterable[Diagnostic], changed: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics without RC637 where RC631 says that a file is gone: with it, a dialect lacks something."""
    is_gone = any(diagnostic.rule == "RC631" and diagnostic.span is None for diagnostic in changed)
    return _without_echoes([each for each in diagnostics if not (is_gone and each.rule == "RC637")])


def _released_files(project: Project, released: ReleasedMigrations | None) -> dict[str, bytes]:
    """Return the released migrations, path from the project's root to bytes."""
    if released is None:
        return {}
    return {f"{project.settings.output}/{FOLDER}/{path}": data for path, data in released.read_files().items()}
