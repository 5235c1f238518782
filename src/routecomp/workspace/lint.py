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
    """Everything that is wrong with a project's migrations.

    Judged are those that are not released, or all; `program` is what they must lead to, None where the YAML has errors.
    """
    from routecomp.sql.history import replayed
    from routecomp.sql.lint import lint_text

    files = migrations_of(project)
    released = _released(project)
    base = _base(project, released)
    wanted = set(files) if everything else {path for path, data in files.items() if base.get(path) != data}
    linted = lint_text(files, wanted)
    linted.diagnostics += _readable(_changed(project, released, files), linted.diagnostics)
    run = replayed(files, wanted)
    linted.diagnostics += run.diagnostics
    if program is not None:
        linted.diagnostics += _against(project, program, released, files, run)
    linted.diagnostics.sort(key=lambda one: one.sort_key())
    return linted


def _against(
    project: Project, program: Program, released: ReleasedMigrations | None, files: Mapping[str, bytes], run: object
) -> list[Diagnostic]:
    """What is wrong only with regard to the program: migrations that do not lead there, or not in this order."""
    from routecomp.sql.history import Replayed, last_up, not_fresh
    from routecomp.sql.state import database_state

    assert isinstance(run, Replayed)
    found = [] if released is None else _clashing(project, released, program)
    last = last_up(files)
    if last is not None and run.state is not None and not found:
        found += not_fresh(run, last, database_state(program), project.settings.tenants_table)
    return found


def _clashing(project: Project, released: ReleasedMigrations, program: Program) -> list[Diagnostic]:
    """RC632: drafts that do not commute with what is released of their number or above."""
    from routecomp.diagnostics.diagnostic import error
    from routecomp.source.text import SourceFile, Span
    from routecomp.sql.migrations import reference, refused_drafts
    from routecomp.workspace.git.released import refused, replayed

    if not may_clash(project, released):
        return []
    found: list[Diagnostic] = []
    files = migrations_of(project)
    folder = reference({}, project.settings.dialects).dialect.name
    with replayed():
        clashes = refused_drafts(released.read(), program)
    for id, clash in clashes.items():
        path = f"{project.settings.output}/{FOLDER}/{folder}/{id}.up.sql"
        place = Span(SourceFile(path, files[path].decode("utf-8", "replace")), 0, 1) if path in files else None
        found.append(
            error(
                "RC632",
                refused(id, clash).partition(": `routecomp")[0],
                place,
                "run `routecomp compile`, which writes it anew, to be run behind the other",
            )
        )
    return found


def lint_files(paths: Sequence[str], dialect: Dialect | None, project: Project | None) -> Linted:
    """What is wrong with the text of some files, and of those in some folders; a project's own migrations come before
    them."""
    from routecomp.sql.dialects.registry import dialect_names
    from routecomp.sql.lint import dialect_of, lint_text

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
        found += [] if program is None else _clashing(project, released, program)
    from routecomp.workspace.cache import keep_clean, recall_clean

    name = hashlib.sha256(
        repr([(path, path in drafts, hashlib.sha256(data).digest()) for path, data in files.items()]).encode()
    ).hexdigest()
    if use_cache and recall_clean(project.root, name):
        return found
    from routecomp.sql.history import replayed
    from routecomp.sql.lint import lint_text

    wrong = [*lint_text(files, drafts).diagnostics, *replayed(files, drafts).diagnostics]
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
    from routecomp.sql.history import changed_since

    return changed_since(_base(project, released), files, "on the base branch")
