"""Find the database and the migrations that a command is about, and turn a database's failures into `Problem`s."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from routecomp.database.address import address, from_environment
from routecomp.database.driver import Address
from routecomp.database.failure import DatabaseError
from routecomp.sql.dialects.names import dialect_names, folder_names
from routecomp.sql.file_names import FOLDER
from routecomp.sql.migration import Migration, lacking, list_migrations, names_in
from routecomp.sql.reference import Reference, reference
from routecomp.workspace.files import find_root, native, read_if_there
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.settings import Settings

VARIABLES = ("ROUTECOMP_DATABASE", "DATABASE_URL")
"""The variables that may hold the address of a database, the first that does."""
_MAX_BYTES = 1 << 30


def chosen(given: str | None) -> Address:
    """Return the address a command was given; None and `-` mean the one in the environment.

    That is ROUTECOMP_DATABASE, else DATABASE_URL, else what the database's own clients read (PGHOST and the like). An
    empty variable counts as none. Raises a `Problem` where there is none, or it is not an address of a database.
    """
    if given not in (None, "-", ""):
        with worded():
            return address(given or "")
    for variable in VARIABLES:
        text = os.environ.get(variable, "").strip()
        if text:
            try:
                return replace(address(text), origin=variable)
            except DatabaseError as failure:
                named = problem(failure)
                raise Problem(f"{variable}: {named.message}", named.help, named.kind) from None
    with worded():
        known = from_environment(os.environ)
    if known is None:
        raise Problem("no database is named", f"--database URL, or a variable: {', '.join(VARIABLES)}, PGHOST")
    return known


@contextmanager
def worded() -> Iterator[None]:
    """Turn the failure of a database into a `Problem`."""
    try:
        yield
    except DatabaseError as failure:
        raise problem(failure) from None


def problem(failure: DatabaseError) -> Problem:
    """Return (not raise) the failure of a database as a `Problem` of the same kind."""
    help = failure.help
    if failure.waiting:
        first, *more = failure.waiting
        others = f"{first} and {len(more)} more wait" if more else f"{first} waits"
        waiting = f"{others} behind it, and {'are' if more else 'is'} not to blame"
        help = f"{waiting}; {help}" if help else waiting  # the help may end with statements to run
    return Problem(visible(failure.message), visible(help), failure.kind)


@dataclass(frozen=True, slots=True)
class Folder:
    """The migrations of a folder: `own` for the database's dialect, and those that say what rows they lead to.

    `address` is that of the database, with the names that the migrations give to tables. `root` is the project's
    folder, None where the folder was named by itself. `lacking` are the migrations that another dialect has and this
    one has not.
    """

    address: Address
    root: str | None
    settings: Settings
    own: list[Migration]
    reference: Reference
    lacking: tuple[str, ...] = ()

    def require_whole(self) -> None:
        """Raise a `Problem` where the database's dialect lacks a migration: what would run is another policy."""
        if self.lacking:
            raise Problem(lack_message(self), "run `routecomp compile`, commit what it writes, and run it", "refused")


def folder(address: Address, root: str | None, given: str | None) -> Folder:
    """Read the migrations of a project's output folder, or of the folder `given`, which has one for each dialect.

    Raises a `Problem` where there are none for the address's dialect, or the settings want none, and where both `root`
    and `given` are named.
    """
    if given is not None and root is not None:
        raise Problem("--root and --from contradict each other", "name the project, or the folder of its migrations")
    if given is not None:
        if not os.path.isdir(given):
            raise Problem(f"{visible(given)} is not a folder", f"name the folder that holds {folder_names()}")
        return _folder(address, None, Settings(), given, dialect_names())
    project = find_root(root)
    settings = load_settings(project)
    if address.dialect.name not in settings.dialects:
        raise Problem(
            f"the settings ask for no migrations for {address.dialect.name}",
            "add it to `dialects` in routecomp.yaml, then `routecomp compile`",
        )
    above = os.path.join(project, native(f"{settings.output}/{FOLDER}"))
    return _folder(address, project, settings, above, settings.dialects)


def lack_message(files: Folder) -> str:
    """Say which migrations the dialect of a database lacks. INVARIANT: it lacks some."""
    more = f" (and {len(files.lacking) - 1} more)" if len(files.lacking) > 1 else ""
    return (
        f"there is no migration {visible(files.lacking[0])}{more} for {files.address.dialect.title}, and another "
        "dialect has it"
    )


def _folder(address: Address, root: str | None, settings: Settings, above: str, dialects: Iterable[str]) -> Folder:
    """Read the folder `above` those of the dialects."""
    own = address.dialect.name
    files = {name: _read_files(above, name) for name in dialects}
    lists = {name: list_migrations(data) for name, data in files.items()}
    _require_some(lists[own], above, own)
    names = names_in(lists[own])
    if names is None and root is None:
        raise Problem(
            f"{visible(os.path.join(above, own))} has no baseline, with which migrations begin",
            "name a folder that is whole; where a change took it away, check out the commit before and name it there",
            "refused",
        )
    names = names or settings.names
    replayed = reference({}, dialects).dialect.name
    lack = lacking(lists).get(own, [])
    return Folder(
        address.named(names),
        root,
        settings,
        lists[own],
        reference({replayed: files.get(replayed, {})}, [replayed]),
        tuple(lack),
    )


def read_folder(above: str, dialect: str) -> list[Migration]:
    """Read the migrations of a dialect's folder; raise a `Problem` where there are none."""
    migrations = list_migrations(_read_files(above, dialect))
    _require_some(migrations, above, dialect)
    return migrations


def _require_some(migrations: list[Migration], above: str, dialect: str) -> None:
    """Raise a `Problem` where a dialect's folder has no migrations."""
    if not migrations:
        folder = visible(os.path.join(above, dialect))
        raise Problem(f"there are no migrations in {folder}", "`routecomp compile` writes them")


def _read_files(above: str, dialect: str) -> dict[str, bytes]:
    """Return the `.sql` files of a dialect's folder; none where there is no folder."""
    folder = os.path.join(above, dialect)
    files: dict[str, bytes] = {}
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        data = read_if_there(os.path.join(folder, name), _MAX_BYTES) if name.endswith(".sql") else None
        if data is not None:
            files[name] = data
    return files
