"""`routecomp audit`: a project's Git history in, its ledger of primaries out: who, when, from, to, which commit.

With a database its ledgers are compared with that history, or checked by themselves (`audit_database`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from routecomp.cli.options import root_option

if TYPE_CHECKING:
    from routecomp.workspace.git.ledger import LedgerEntry
    from routecomp.workspace.git.repository import Repository

COLUMNS = ("time", "feature", "kind", "from", "to", "author", "email", "commit", "merge", "subject", "reviewers")


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

With --database the promotions of a database are compared: pending (in Git
alone), by hand (in the database alone), different. They meet at the migration,
by the commit that brought its file. `verify` recomputes the hashes that tie
the rows of routecomp_migrations and model_promotions together, and names the
first row that does not fit; --head also wants a hash that an earlier run
printed to be among them, which a chain that was written anew has not.

\b
Exit codes:
  0  shown; with a database: nothing differs, the chain holds
  1  with a database: something differs, the chain is broken
  2  there is no history, no such feature, or a database that cannot be used
  5  the database did not answer, or went away: run it again
"""
)
@click.argument("feature", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list of entries, the latest first.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a line of headings.")
@click.option("--database", metavar="URL", help="Compare with this database; `-` takes $ROUTECOMP_DATABASE.")
@click.option("--head", metavar="HASH", help="Of `verify`: a hash the chain must hold.")
@root_option
def audit(
    feature: str | None, as_json: bool, as_csv: bool, database: str | None, head: str | None, root: str | None
) -> int:
    """Show who promoted what, and when: the history of every feature's primary, or of FEATURE's."""
    from routecomp.model.vocabulary import suggestion
    from routecomp.workspace.files import find_root
    from routecomp.workspace.git.ledger import ledger
    from routecomp.workspace.git.repository import find_repository
    from routecomp.workspace.problem import Problem
    from routecomp.workspace.settings import load_settings

    if as_json and as_csv:
        raise click.UsageError("--json and --csv contradict each other")
    if feature == "verify" and (database is not None or os.environ.get("ROUTECOMP_DATABASE")):
        from routecomp.cli.commands.audit_verify import verify_chain
        from routecomp.workspace.databases import chosen

        if as_csv:
            raise click.UsageError("audit verify has no --csv")
        return verify_chain(chosen(database), as_json, head)
    if head is not None:
        raise click.UsageError("--head belongs to `audit verify --database URL`")
    at = find_root(root)
    settings = load_settings(at)
    repository = find_repository(at)
    if repository is None:
        raise Problem("there is no Git repository here: the ledger is its history", "run it in a clone of the project")
    if "HEAD" not in repository.commits(["HEAD"]):
        raise Problem("the repository has no commit yet: there is no history to show", "commit the project first")
    if database is not None:
        from routecomp.cli.commands.audit_verify import compare_with_git
        from routecomp.workspace.databases import chosen

        _shallow(repository)
        return compare_with_git(
            chosen(database),
            repository,
            settings,
            ledger(repository, settings.max_file_bytes),
            feature,
            "json" if as_json else "csv" if as_csv else "text",
        )
    entries = ledger(repository, settings.max_file_bytes)[::-1]
    if feature is not None:
        known = {one.feature for one in entries}
        entries = [one for one in entries if one.feature == feature]
        if not entries:
            raise Problem(
                f"the history knows no feature `{feature}`",
                suggestion(feature, known, "see `routecomp audit`; what is not committed is no history"),
            )
    _shallow(repository)
    click.echo(_json(entries) if as_json else _csv(entries) if as_csv else _text(entries, feature), nl=False)
    return 0


def _shallow(repository: Repository) -> None:
    if repository.shallow:
        click.echo(
            "note: this clone is shallow: what was before its first commit is not shown, and `initial` may "
            "only mean that (`git fetch --unshallow`)",
            err=True,
        )


def _record(one: LedgerEntry) -> dict[str, Any]:
    return {
        "feature": one.feature,
        "kind": one.kind,
        "from": one.old,
        "to": one.new,
        "time": one.time,
        "author": one.author,
        "email": one.email,
        "commit": one.commit,
        "merge": one.merge,
        "subject": one.subject,
        "reviewers": [{"trailer": trailer, "person": person} for trailer, person in one.reviewers],
    }


def _json(entries: Sequence[LedgerEntry]) -> str:
    import json

    return json.dumps([_record(one) for one in entries], indent=2, ensure_ascii=False) + "\n"


def _csv(entries: Sequence[LedgerEntry]) -> str:
    return csv_text(
        COLUMNS,
        [
            _record(one) | {"reviewers": "; ".join(f"{trailer}: {person}" for trailer, person in one.reviewers)}
            for one in entries
        ],
    )


def csv_text(columns: Sequence[str], records: Sequence[dict[str, Any]]) -> str:
    """Records as CSV with a line of headings, safe to open in a spreadsheet."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for record in records:
        writer.writerow([_cell(record[column]) for column in columns])
    return out.getvalue()


def _cell(value: str | None) -> str:
    """A cell that no spreadsheet takes for a formula, and no terminal for an order."""
    from routecomp.workspace.problem import visible

    text = "" if value is None else visible(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _text(entries: Sequence[LedgerEntry], feature: str | None) -> str:
    from routecomp.cli.output.layout import table
    from routecomp.workspace.problem import visible

    if not entries:
        return "the history holds no feature\n"
    rows = []
    for one in entries:
        change = f"{one.old or '-'} -> {one.new or '-'}"
        people = ", ".join(person.partition("<")[0].strip() for _, person in one.reviewers)
        who = one.author + (f"; {people}" if people else "")
        where = one.commit[:10] + (f" in {one.merge[:10]}" if one.merge else "")
        name = () if feature is not None else (visible(one.feature),)
        rows.append([one.time[:16].replace("T", " "), *name, one.kind, visible(change), where, visible(who)])
    return "".join(f"{line}\n" for line in table(rows, indent=0))
