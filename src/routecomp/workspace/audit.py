"""Compare a database's ledger of promotions with Git's history, and verify the hash chain of its ledgers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routecomp.database.connection import open_database, read_only
from routecomp.database.driver import Address
from routecomp.database.ledger import LEDGER, Break, breaks, covered, entries, promotions
from routecomp.review.ledger.compare import CommittedChange, Difference, Release, compare
from routecomp.sql.file_names import FILE, FOLDER
from routecomp.workspace.databases import worded
from routecomp.workspace.files import native
from routecomp.workspace.git.ledger import Ledger
from routecomp.workspace.git.process import GitError, run_git
from routecomp.workspace.git.released_history import migration_folders
from routecomp.workspace.git.repository import Repository
from routecomp.workspace.problem import Problem, visible


@dataclass(frozen=True, slots=True)
class Chain:
    """The hash chain of a database's ledgers: how many rows and promotions, and where it breaks.

    `not_covered` counts the promotions after the last migration, which no row covers yet; `head` is the last row's
    hash.
    """

    rows: int
    promotions: int
    not_covered: int
    head: str
    breaks: list[Break]


def verify_chain(address: Address, head: str | None) -> Chain:
    """Recompute the hashes over the ledgers of a database; a `head` that is given and not among them is a break too.

    Raises `Problem` where the database has no ledger or cannot be read.
    """
    with worded(), open_database(address, writes=False) as database, read_only(database):
        rows, promoted = entries(database), promotions(database)
        names = database.dialect.names
    if not rows:
        raise Problem(
            f"the database has no ledger {names.of(LEDGER)}: there is no chain to verify",
            "`routecomp migrate up` begins it; where the settings name a schema or a prefix, run this in the project",
            "refused",
        )
    broken = list(breaks(rows, promoted, names))
    if head is not None and head not in {row.hash for row in rows}:
        broken.append(
            Break(rows[-1].seq, f"the chain has no row with the hash {head}: it was written anew, or cut off")
        )
    return Chain(len(rows), len(promoted), sum(row[0] > covered(rows) for row in promoted), rows[-1].hash, broken)


def compare_with_database(
    address: Address, repository: Repository, output: str, ledger: Ledger, feature: str | None
) -> tuple[int, list[Difference]]:
    """Return how many promotions a database and Git's `ledger` agree on, and their differences.

    `output` is the project's output folder; `feature` narrows the comparison to one feature. Raises `Problem` where
    the history or the database cannot be read, or neither knows the feature.
    """
    try:
        line = run_git(repository.folder, ["rev-list", "--first-parent", "--reverse", "HEAD"]).decode("ascii").split()
        places = {id: place for place, id in enumerate(line)}
        released = _releases(repository, output, ledger.folders, address.dialect.name, places)
    except GitError as failure:
        raise Problem(f"Git cannot read the history: {visible(str(failure))}", "repair the repository") from None
    with worded(), open_database(address, writes=False) as database, read_only(database):
        rows = promotions(database)
    committed = [
        CommittedChange(entry.feature, entry.old, entry.new, places.get(entry.merge or entry.commit, 0), entry)
        for entry in ledger.entries
    ]
    if feature is not None:
        committed = [entry for entry in committed if entry.feature == feature]
        rows = [row for row in rows if row[1] == feature]
        if not committed and not rows:
            raise Problem(f"neither Git nor the database knows a feature `{visible(feature)}`", "see `routecomp audit`")
    return compare(committed, released, rows)


def _releases(
    repository: Repository, output: str, folders: Sequence[str], dialect: str, places: dict[str, int]
) -> list[Release]:
    """Return which commit of the first-parent line brought each migration that HEAD has.

    It may have come in any of the `folders` that the project stood in, from the repository's top, and in any output
    folder that the settings have named.
    """
    paths = [f"{folder}{dialect}/" for folder in migration_folders(repository, "HEAD", folders, output)]
    today = tuple(f"{folder}{native(output)}/{FOLDER}/{dialect}/" for folder in folders)
    files = repository.objects.files("HEAD", today)
    present = {_file_name(blob.path): blob.id for blob in files if blob.is_regular}
    first: dict[str, int] = {}
    for step in repository.history("HEAD", paths):
        for path, id in step.added.items():
            name = _file_name(path)
            match = FILE.fullmatch(name)
            is_it = path.startswith(today) or present.get(name) == id  # another folder may be of other tables
            if name in present and is_it and match is not None and match["way"] == "up" and step.commit in places:
                first.setdefault(match["id"], places[step.commit])
    return [
        Release(place, tuple(sorted(id for id, arrival in first.items() if arrival == place)))
        for place in sorted(set(first.values()))
    ]


def _file_name(path: str) -> str:
    """Return the name of a file without its folders."""
    return path.rpartition("/")[2]
