"""Show who promoted what and when, from Git's history, and compare a database's ledgers with it."""

from __future__ import annotations

import os

import click

from routecomp.cli.completion import names_of
from routecomp.cli.exit import CLEAN, FINDINGS
from routecomp.cli.output.ledger import print_chain, print_differences, print_ledger
from routecomp.cli.output.version import print_version_note
from routecomp.cli.root import root_option
from routecomp.model.suggest import suggestion
from routecomp.review.ledger.names_now import NamesNow
from routecomp.sql.names import DEFAULT
from routecomp.workspace.audit import compare_with_database, verify_chain
from routecomp.workspace.databases import chosen
from routecomp.workspace.files import find_root
from routecomp.workspace.git.ledger import Ledger, ledger
from routecomp.workspace.git.repository import Repository
from routecomp.workspace.git.snapshot import Snapshot
from routecomp.workspace.load_settings import load_settings
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.settings import Settings


@click.command(
    epilog="""\
\b
Examples:
  routecomp audit                      every change of a primary, the latest first
  routecomp audit support-chat         of one feature
  routecomp audit --csv > ledger.csv   for a spreadsheet
  routecomp audit --json               for programs
  routecomp audit --database URL       what the database and Git do not agree on
  routecomp audit verify --database URL
                                       whether somebody changed the database's ledgers

\b
Kinds:
  initial     the feature is new
  promotion   a shadow became primary
  rollback    the inverse of the promotion before it
  swap        the new primary was no shadow (a waived change)
  removed     the feature is gone

\b
The ledger is read from the YAML in the history of HEAD, whatever the commit
messages say. The time is when the change reached this line of history; the
commit and the person are those that made it, also where a merge brought it.
Reviewers are those of the trailers Reviewed-by, Co-authored-by,
Signed-off-by, Acked-by and Approved-by. In the CSV, texts that a spreadsheet
would take for a formula begin with a '.

With --database the promotions of a database are compared with Git's: pending
(only in Git), by hand (only in the database), different. A promotion in Git
belongs to the migration whose file its commit, or a later one, brought.
`verify` recomputes the hashes that tie the rows of routecomp_migrations and
model_promotions together, and names the first row that does not fit. With
--head the chain must also hold a hash that an earlier run printed: a chain
that was written anew does not.

\b
Exit codes:
  0  shown; with a database: nothing differs, the chain holds
  1  with a database: something differs, the chain is broken
  2  there is no history, no such feature, or a database that cannot be used
  5  the database did not answer, or went away: run it again
"""
)
@click.argument("feature", required=False, shell_complete=names_of("features"))
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list of entries, the latest first.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a line of headings.")
@click.option("--database", metavar="URL", help="Compare with this database; `-` takes $ROUTECOMP_DATABASE.")
@click.option("--head", metavar="HASH", help="For `verify`: a hash that the chain must hold.")
@root_option
def audit(
    feature: str | None, as_json: bool, as_csv: bool, database: str | None, head: str | None, root: str | None
) -> int:
    """Show who promoted what, and when: the history of every feature's primary, or of FEATURE's."""
    if as_json and as_csv:
        raise click.UsageError("--json and --csv contradict each other")
    form = "json" if as_json else "csv" if as_csv else "text"
    if feature == "verify" and (database is not None or os.environ.get("ROUTECOMP_DATABASE")):
        if as_csv:
            raise click.UsageError("audit verify has no --csv")
        return _verify(database, root, head, form)
    if head is not None:
        raise click.UsageError("--head belongs to `audit verify --database URL`")
    folder = find_root(root)
    settings = load_settings(folder)
    print_version_note(settings)
    with Snapshot(folder, settings.base_branch) as snapshot:
        repository = snapshot.repository()
        if repository is None:
            raise Problem(
                "there is no Git repository here: the ledger is its history", "run it in a clone of the project"
            )
        if snapshot.head() is None:
            raise Problem("the repository has no commit yet: there is no history to show", "commit the project first")
        if database is not None:
            _note_shallow(repository)
            address = chosen(database).named(settings.names)
            history = _ledger(repository, settings)
            agree, differences = compare_with_database(address, repository, settings.output, history, feature)
            print_differences(address.shown, agree, differences, form)
            return FINDINGS if differences else CLEAN
        history = _ledger(repository, settings)
    entries = list(history.entries[::-1])
    if feature is not None:
        names = NamesNow(history.renamed, {})
        called = [(entry, names.of("features", entry.feature, place)) for place, entry in enumerate(history.entries)]
        known = {name for entry, later in called for name in (entry.feature, *later)}
        entries = [entry for entry, later in called[::-1] if feature in (entry.feature, *later)]
        if not entries:
            raise Problem(
                f"the history knows no feature `{feature}`",
                suggestion(feature, known, "see `routecomp audit`; what is not committed is no history"),
            )
    _note_shallow(repository)
    print_ledger(entries, feature, form)
    return CLEAN


def _verify(database: str | None, root: str | None, head: str | None, form: str) -> int:
    """Print whether the chain of hashes over a database's ledgers holds; return 1 where it is broken, else 0.

    It is broken too where no row has the hash `head`. Outside of a project the ledgers have the default names. Raises
    `Problem` for a database without a ledger.
    """
    in_project = root is not None or os.path.isdir("routes")
    address = chosen(database).named(load_settings(find_root(root)).names if in_project else DEFAULT)
    chain = verify_chain(address, head)
    print_chain(address.shown, chain, form)
    return FINDINGS if chain.breaks else CLEAN


def _ledger(repository: Repository, settings: Settings) -> Ledger:
    """Return the ledger; print a note on standard error for each version of a file that cannot be read."""
    history = ledger(repository, settings.max_file_bytes)
    for commit, path in history.unread:
        click.echo(
            f"note: commit {commit[:10]}: {visible(path)} cannot be read; its features count as they were before",
            err=True,
        )
    return history


def _note_shallow(repository: Repository) -> None:
    """Print a note on standard error where the clone is shallow, so that its history is cut off."""
    if repository.is_shallow:
        click.echo(
            "note: this clone is shallow: what was before its first commit is not shown, and `initial` may "
            "only mean that (`git fetch --unshallow`)",
            err=True,
        )
