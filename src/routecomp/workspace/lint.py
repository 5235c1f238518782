"""A project in, what is wrong with its migrations out; what `check` has linted already is not linted again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from routecomp.workspace.files import native, read_if_there
from routecomp.workspace.git.released import FOLDER, ReleasedMigrations, may_clash, present, released_migrations
from routecomp.workspace.problem import Problem, visible

if TYPE_CHECKING:
    from routecomp.diagnostics.diagnostic import Diagnostic
    from routecomp.model.project import Program
    from routecomp.sql.dialects.dialect import Dialect
    from routecomp.sql.lint import Linted
    from routecomp.workspace.project import Project

_MAX_BYTES = 1 << 30


def lint_project(project: Project, program: Program | None, everything: bool) -> Linted:
    """Return everything that is wrong with a project's migrations.

    Judged are those that are not released, or all. `program` is what they must lead to, None where the YAML has errors.
    """
    from routecomp.sql.history import History
    from routecomp.sql.lint import lint_history, lint_text
    from routecomp.sql.state import database_state

    files = migrations_of(project)
    released = _released(project)
    base = _base(project, released)
    judged = set(files) if everything else {path for path, data in files.items() if base.get(path) != data}
    linted = lint_text(files, judged)
    linted.diagnostics += _readable(_changed(project, released, files), linted.diagnostics)
    clashes = {} if program is None or released is None else _clashes(project, released, program)
    target = None if program is None else database_state(program)
    history = History(files, judged, clashes=clashes, target=target, tenants=project.settings.tenants_table)
    linted.diagnostics += lint_history(history)
    linted.diagnostics.sort(key=lambda diagnostic: diagnostic.sort_key())
    return linted


def _clashes(project: Project, released: ReleasedMigrations, program: Program) -> dict[str, str]:
    """Return the drafts that do not commute with what is released of their number or above: path to the reason."""
    from routecomp.sql.migrations import reference, refused_drafts
    from routecomp.workspace.git.released import refused, replayed

    if not may_clash(project, released):
        return {}
    folder = reference({}, project.settings.dialects).dialect.name
    with replayed():
        clashes = refused_drafts(released.read(), program)
    return {
        f"{project.settings.output}/{FOLDER}/{folder}/{id}.up.sql": refused(id, clash).partition(": `routecomp")[0]
        for id, clash in clashes.items()
    }


def lint_files(paths: Sequence[str], dialect: Dialect | None, project: Project | None) -> Linted:
    """What is wrong with the text of some files, and of those in some folders; a project's own migrations come before
    them."""
    from routecomp.sql.dialects.registry import dialect_names
    from routecomp.sql.lint import lint_text
    from routecomp.sql.read.files import dialect_of

    given: dict[str, bytes] = {}
    for path in paths:
        inside = (
            [
                os.path.join(at, name)
                for at, _, names in sorted(os.walk(path))
                for name in sorted(names)
                if name.endswith(".sql")
            ]
            if os.path.isdir(path)
            else [path]
        )
        if not inside:
            raise Problem(f"{visible(path)} holds no .sql file", "name a file, or a folder that holds some")
        for one in inside:
            data = read_if_there(one, _MAX_BYTES)
            if data is None:
                raise Problem(f"there is no file {visible(one)}", "name a file, or a folder that holds some")
            shown = os.path.relpath(one, project.root if project is not None else ".").replace(os.sep, "/")
            if dialect is None and dialect_of(shown) is None and dialect_of(os.path.abspath(one)) is None:
                raise Problem(
                    f"{visible(one)} is in no folder that says for which database it is",
                    f"say it: {' or '.join(f'--dialect {name}' for name in dialect_names())}",
                )
            given[shown] = data
    before = migrations_of(project) if project is not None else {}
    return lint_text({**before, **given}, set(given), dialect)


def lint_changed(project: Project, use_cache: bool, any_base: bool = False) -> list[Diagnostic]:
    """What `check` says of migrations: those of this branch, and of released ones that they are as they were released.

    What was found clean is remembered by its content, with all it stands on: it is neither read by the rules again
    nor run. Where Git cannot say what is released, that is a `Problem`, unless `any_base`: then all are judged.
    """
    files = migrations_of(project)
    released = _released(project, any_base)
    if not files and (released is None or not released.names):
        return []
    found = _changed(project, released, files)
    below = f"{project.settings.output}/{FOLDER}/"
    known = frozenset() if released is None else released.names
    drafts = {path for path in files if path.removeprefix(below) not in known} | {
        one.span.path for one in found if one.span is not None
    }
    if not drafts:
        return found
    if released is not None and may_clash(project, released):
        from routecomp.workspace.project import checked

        program = checked(project).program
        clashes = {} if program is None else _clashes(project, released, program)
        from routecomp.sql.history import History
        from routecomp.sql.lint import lint_history

        found += lint_history(History(files, clashes=clashes))
    from routecomp.workspace.cache import keep_clean, recall_clean

    name = hashlib.sha256(
        repr([(path, path in drafts, hashlib.sha256(data).digest()) for path, data in files.items()]).encode()
    ).hexdigest()
    if use_cache and recall_clean(project.root, name):
        return found
    from routecomp.sql.history import History
    from routecomp.sql.lint import lint_history, lint_text

    wrong = [*lint_text(files, drafts).diagnostics, *lint_history(History(files, drafts))]
    if use_cache and not wrong:
        keep_clean(project.root, name)
    return sorted([*_readable(found, wrong), *wrong], key=lambda one: one.sort_key())


def _readable(changed: Sequence[Diagnostic], wrong: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Of files that were changed those that can be read: of the others it is said already that they cannot."""
    unread = {one.span.path for one in wrong if one.rule == "RC600" and one.span is not None}
    return [one for one in changed if one.span is None or one.span.path not in unread]


def migrations_of(project: Project) -> dict[str, bytes]:
    """The migrations in the output folder, path (from the root) to bytes."""
    found: dict[str, bytes] = {}
    for name in present(project):
        path = f"{project.settings.output}/{name}"
        data = read_if_there(os.path.join(project.root, native(path)), _MAX_BYTES)
        if data is not None:
            found[path] = data
    return found


def _released(project: Project, any_base: bool = False) -> ReleasedMigrations | None:
    """What is released; outside of Git nobody knows, and every migration is judged."""
    try:
        return released_migrations(project)
    except Problem:
        from routecomp.workspace.git.repository import find_repository

        if any_base or find_repository(project.root) is None:
            return None
        raise


def _base(project: Project, released: ReleasedMigrations | None) -> dict[str, bytes]:
    if released is None:
        return {}
    return {f"{project.settings.output}/{FOLDER}/{path}": data for path, data in released.read().files.items()}


def _changed(project: Project, released: ReleasedMigrations | None, files: Mapping[str, bytes]) -> list[Diagnostic]:
    """RC631, where a migration that is released is not here, or has another content."""
    if released is None or not released.names:
        return []
    from routecomp.workspace.git.base import blob_id

    below = f"{project.settings.output}/{FOLDER}/"
    ids = released.ids
    if ids is not None and all(
        below + path in files and blob_id(files[below + path], id) == id for path, id in ids.items()
    ):
        return []
    from routecomp.sql.history import History
    from routecomp.sql.lint import lint_history

    return lint_history(History(files, released=_base(project, released)))
