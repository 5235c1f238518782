"""Compare a database's ledger of promotions with Git's history, and verify the hash chain of its ledgers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routecomp.database.connection import open_database, read_only
from routecomp.database.driver import Address, Database, Rows
from routecomp.database.ledger import LEDGER, Break, breaks, covered, entries, promotions
from routecomp.review.ledger.compare import CommittedChange, Difference, Rename, UnknownFeatureError, compare
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.names import written_names
from routecomp.sql.read.lexer import tokens
from routecomp.sql.read.statement import name_at
from routecomp.sql.rename import KEPT
from routecomp.workspace.databases import worded
from routecomp.workspace.git.ledger import Ledger
from routecomp.workspace.git.process import GitError, run_git
from routecomp.workspace.git.repository import Repository
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.releases import Earlier, earlier_releases, releases


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
        released = releases(repository, output, ledger.folders, address.dialect.name, places)
        renamed = earlier_releases(repository, output, ledger.folders, address.dialect.name, places)
    except GitError as failure:
        raise Problem(f"Git cannot read the history: {visible(str(failure))}", "repair the repository") from None
    with worded(), open_database(address, writes=False) as database, read_only(database):
        rows = promotions(database)
        called = _of_earlier_releases(database, rows, renamed)
    if called != rows:
        rows = called
        released += [release for earlier in renamed for release in earlier.releases]
    committed = [
        CommittedChange(entry.feature, entry.old, entry.new, places.get(entry.merge or entry.commit, 0), entry)
        for entry in ledger.entries
    ]
    renames = [Rename(each.section, each.old, each.new, places.get(each.commit, 0)) for each in ledger.renamed]
    try:
        return compare(committed, released, rows, renames, feature)
    except UnknownFeatureError:
        fact = f"neither Git nor the database knows a feature `{visible(feature or '')}`"
        raise Problem(fact, "see `routecomp audit`") from None


def _of_earlier_releases(database: Database, rows: Rows, renamed: Sequence[Earlier]) -> Rows:
    """Return promotions with the migrations called as `renamed` calls them where the tables had another name then."""
    last = _last_before_each_rename(database, renamed)
    told: Rows = []
    for row in rows:
        behind = sum(id < row[0] for id in last)  # renames before it
        if behind < len(last):
            row = (*row[:7], renamed[max(0, len(renamed) - len(last) + behind)].called(row[7]))
        told.append(row)
    return told


def _last_before_each_rename(database: Database, renamed: Sequence[Earlier]) -> list[int]:
    """Return the id of the last promotion before each rename of a database's tables.

    `migrate rename` puts the ledger aside, beneath the names that it had, and each begins with a row that covers all
    promotions until then.
    """
    asides: dict[str, Dialect] = {}
    for earlier in renamed:
        names = written_names([earlier.baseline], database.dialect.names)
        if names is not None:
            dialect = database.dialect.named(names)
            asides[dialect.table_name(KEPT)] = dialect
    begun: list[int] = []
    for table, dialect in asides.items():
        named = name_at(tokens(table, dialect), 0)
        if named is not None and database.find_table(named[0], lock=False):
            begun += (covered for (covered,) in database.run(f"SELECT promotions_to FROM {table} WHERE seq = 1"))
    return sorted([*begun, *(row.promotions_to for row in entries(database)[:1])])[1:] if begun else []
