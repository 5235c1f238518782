"""Write a project's migrations on top of the released ones, and say why those in its output folder are stale."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from routecomp.model.project import Program
from routecomp.sql.catch_up import BehindError
from routecomp.sql.file_names import FOLDER, STEP
from routecomp.sql.line_ends import KEEP_BYTES, WRITE_PLAIN, line_ends, written_otherwise
from routecomp.sql.migrations import Released, migration_artifacts, refused_drafts
from routecomp.sql.replay import Clash, ReplayError
from routecomp.sql.steps.compare import StepError
from routecomp.sql.steps.step import NewerSchemaError
from routecomp.workspace.drafts import MAX_BYTES, draft_ids, may_rename, migration_id
from routecomp.workspace.files import native, read_if_there
from routecomp.workspace.git.released import ReleasedMigrations
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.project import Project
from routecomp.workspace.released_names import changed_names


def read_released(project: Project, released: ReleasedMigrations) -> Released:
    """Read the released migrations, with the drafts in the output folder, which may keep their numbers.

    Raises a `Problem` where the settings call the tables otherwise than the released ones do.
    """
    files = released.read_files()
    if may_rename(project, files) and (renamed := changed_names(project, files)):
        fact = "tables keep the names of the migrations that are released"
        raise Problem(fact, kind="refused", findings=renamed)
    settings = project.settings
    drafts = tuple(draft_ids(project, files))
    earlier = {} if files else released.read_earlier()
    return Released(files, settings.dialects, settings.tenants_table, drafts, settings.names, earlier)


def build_migrations(project: Project, released: ReleasedMigrations, program: Program) -> dict[str, bytes]:
    """Return all migrations that lead to a program, by their paths in the output folder.

    Raises a `Problem` where the released ones do not run.
    """
    with replay_problems(released):
        return dict(migration_artifacts(read_released(project, released), program))


def clashing_drafts(project: Project, released: ReleasedMigrations, program: Program) -> dict[str, Clash]:
    """Return the drafts that do not commute with a released migration of their number, by id.

    Raises a `Problem` where the released ones do not run.
    """
    with replay_problems(released):
        return dict(refused_drafts(read_released(project, released), program))


def explain_stale(
    project: Project, released: ReleasedMigrations, states: Mapping[str, str], program: Program
) -> list[str]:
    """Say in sentences why migrations are not as they should be.

    `states` is each file of the output folder, by its path there, to a word: missing, stale, left over.
    """
    sentences: dict[str, None] = {}
    for file, word in sorted(states.items()):
        path = file.removeprefix(f"{FOLDER}/")
        id = visible(migration_id(path).rpartition("/")[2])
        if path != file and path in released.names and word == "missing":
            sentences[_deleted(id)] = None
        elif path != file and path in released.names and word == "stale":
            sentences[_edited(project, released, path, id)] = None
        elif path != file and word == "missing" and STEP.fullmatch(id):
            sentences[
                "this version of routecomp wants another schema than the released migrations make: "
                "`routecomp compile` writes the migrations that bring every database there"
            ] = None
    if any(file.startswith(f"{FOLDER}/") and word == "left over" for file, word in states.items()):
        clashes = refused_drafts(read_released(project, released), program)
        sentences |= dict.fromkeys(clash_message(id, clash) for id, clash in clashes.items())
    return list(sentences)


def clash_message(id: str, clash: Clash) -> str:
    """Say that a draft cannot keep its number, and why."""
    other = visible(clash.other) or "what is released"
    return (
        f"migration {visible(id)} does not commute with {other}, which is released ({visible(clash.reason)}): "
        "`routecomp compile` writes it anew, to be run behind it"
    )


@contextmanager
def replay_problems(released: ReleasedMigrations) -> Iterator[None]:
    """Turn the failure of a released migration to run, or a schema that no step leads on from, into a `Problem`."""
    try:
        yield
    except BehindError as failure:
        raise Problem(
            f"a dialect cannot get what it lacks: {visible(str(failure))}",
            "restore its own migration of that name from Git if it has ever had one; else write one by hand, under the "
            "same name, that does the same",
            "refused",
        ) from None
    except NewerSchemaError as newer:
        raise Problem(f"the released migrations have {newer}", newer.help, "refused") from None
    except StepError as failure:
        raise Problem(
            f"no migration leads from the released schema to the one of this version: {failure}",
            "if a migration that a person wrote made it so, let another one undo that; else stay with the version that "
            "wrote the last migration, and report it",
            "refused",
        ) from None
    except ReplayError as failure:
        odd = {path: line_ends(data) for path, data in released.read_files().items() if failure.id in path}
        for path, how in odd.items():
            if how:
                raise Problem(
                    f"the released migration {visible(path)} cannot be read as it is written: {how}", WRITE_PLAIN
                ) from None
        raise Problem(
            f"the released migration {visible(failure.id)} does not run on those before it: {visible(failure.reason)}",
            "if it was edited, restore it from the base branch; if two were merged that do not commute, or the same "
            "schema step under two numbers, undo the later merge, `git merge` the base into its branch, "
            "`routecomp compile` there, and merge again",
        ) from None


def _edited(project: Project, released: ReleasedMigrations, path: str, id: str) -> str:
    """Say that a released migration was edited here, or only written in another way."""
    place = os.path.join(project.root, native(f"{project.settings.output}/{FOLDER}/{path}"))
    data, original = read_if_there(place, MAX_BYTES), released.read_files()[path]
    how = "" if data is None else written_otherwise(data, original.__eq__)
    if how:
        return (
            f"migration {id} is released, and is not written here as it was released: {how}: `routecomp compile` "
            f"restores it, or {KEEP_BYTES}"
        )
    return f"migration {id} is released, and was edited here: `routecomp compile` restores it"


def _deleted(id: str) -> str:
    """Say that a released migration was deleted here."""
    return (
        f"migration {visible(id)} is released, and was deleted here (`git revert` takes the files along), though "
        "databases may have run it: `routecomp compile` restores it and appends the way back"
    )
