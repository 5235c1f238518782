"""Show a ledger of promotions: Git's, a database's differences from it, and the verdict on the database's chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from routecomp.cli.output.csv import print_csv
from routecomp.cli.output.json import print_json
from routecomp.cli.output.layout import table
from routecomp.review.ledger.compare import Difference
from routecomp.workspace.audit import Chain
from routecomp.workspace.git.ledger import LedgerEntry
from routecomp.workspace.problem import visible

COLUMNS = ("time", "feature", "kind", "from", "to", "author", "email", "commit", "merge", "subject", "reviewers")
"""The columns of Git's ledger as CSV."""
DIFFERENCE_COLUMNS = (
    "kind",
    "feature",
    "migrations",
    "git_from",
    "git_to",
    "commit",
    "time",
    "author",
    "database_from",
    "database_to",
    "migration",
    "actor",
    "happened_at",
)
_WORDS = {"pending": "pending", "by_hand": "by hand", "different": "different"}


def print_ledger(entries: Sequence[LedgerEntry], feature: str | None, form: str) -> None:
    """Print Git's ledger as `form` (text, json or csv), in the order of `entries`.

    `feature` is named where the entries are about it alone: the text then leaves the column of features out.
    """
    records = [_record(entry) for entry in entries]
    if form == "json":
        print_json(records)
    elif form == "csv":
        print_csv(COLUMNS, [record | {"reviewers": _reviewers(record)} for record in records])
    else:
        click.echo(_ledger_text(entries, feature), nl=False)


def print_differences(shown: str, agree: int, differences: Sequence[Difference], form: str) -> None:
    """Print what the database named `shown` and Git do not agree on, as `form` (text, json or csv)."""
    records = [_difference_record(difference) for difference in differences]
    if form == "json":
        print_json({"database": shown, "agree": agree, "differences": records})
    elif form == "csv":
        print_csv(DIFFERENCE_COLUMNS, records)
    else:
        click.echo(_differences_text(shown, agree, records), nl=False)


def print_chain(shown: str, chain: Chain, form: str) -> None:
    """Print the verdict on the chain of the database named `shown`, as `form` (text or json)."""
    if form == "json":
        print_json(
            {
                "database": shown,
                "rows": chain.rows,
                "promotions": chain.promotions,
                "not_covered": chain.not_covered,
                "head": chain.head,
                "breaks": [{"row": broken.seq, "message": broken.message} for broken in chain.breaks],
            },
            ascii_only=True,
        )
        return
    if chain.breaks:
        more = len(chain.breaks) - 1
        tail = f" (and {more} more that follow from it, or stand alone)" if more else ""
        click.echo(f"{visible(chain.breaks[0].message)}{tail}")
    if chain.not_covered:
        count = _count(chain.not_covered, "promotion")
        click.echo(f"{count} came after the last migration, and no row covers them yet")
    state = "the chain is broken" if chain.breaks else "the chain holds"
    click.echo(
        f"{visible(shown)}: {state}, {_count(chain.rows, 'row')} over "
        f"{_count(chain.promotions, 'promotion')}; its head is\n"
        f"{chain.head}"
    )


def _record(entry: LedgerEntry) -> dict[str, Any]:
    """Return an entry of Git's ledger as JSON."""
    return {
        "feature": entry.feature,
        "kind": entry.kind,
        "from": entry.old,
        "to": entry.new,
        "time": entry.time,
        "author": entry.author,
        "email": entry.email,
        "commit": entry.commit,
        "merge": entry.merge,
        "subject": entry.subject,
        "reviewers": [{"trailer": trailer, "person": person} for trailer, person in entry.reviewers],
    }


def _reviewers(record: dict[str, Any]) -> str:
    """Write the reviewers of a record in one cell of CSV."""
    return "; ".join(f"{reviewer['trailer']}: {reviewer['person']}" for reviewer in record["reviewers"])


def _ledger_text(entries: Sequence[LedgerEntry], feature: str | None) -> str:
    """Return Git's ledger as text, a line for each entry; the column of features only where `feature` is None."""
    if not entries:
        return "the history holds no feature\n"
    rows = []
    for entry in entries:
        change = f"{entry.old or '-'} -> {entry.new or '-'}"
        people = ", ".join(person.partition("<")[0].strip() for _, person in entry.reviewers)
        who = entry.author + (f"; {people}" if people else "")
        where = entry.commit[:10] + (f" in {entry.merge[:10]}" if entry.merge else "")
        name = () if feature is not None else (visible(entry.feature),)
        rows.append([entry.time[:16].replace("T", " "), *name, entry.kind, visible(change), where, visible(who)])
    return "".join(f"{line}\n" for line in table(rows, indent=0))


def _difference_record(difference: Difference) -> dict[str, Any]:
    """Return a difference as JSON; the figures of a side that does not have the change are None."""
    entry = None if difference.change is None else difference.change.facts
    row = difference.row
    return {
        "kind": difference.kind,
        "feature": difference.feature,
        "migrations": ", ".join(difference.migrations) or None,
        "git_from": None if difference.git is None else difference.git[0],
        "git_to": None if difference.git is None else difference.git[1],
        "commit": None if entry is None else entry.commit,
        "time": None if entry is None else entry.time,
        "author": None if entry is None else entry.author,
        "database_from": None if difference.database is None else difference.database[0],
        "database_to": None if difference.database is None else difference.database[1],
        "migration": None if row is None else row[7],
        "actor": None if row is None else row[5],
        "happened_at": None if row is None else row[6],
    }


def _differences_text(shown: str, agree: int, records: Sequence[dict[str, Any]]) -> str:
    """Return the differences as text, a line for each, and a last line with the counts."""
    rows = []
    for record in records:
        git = database = "-"
        if record["kind"] != "by_hand":
            git = (
                f"{record['git_from'] or '-'} -> {record['git_to'] or '-'} ({record['commit'][:10]}, "
                f"{record['author']})"
            )
        if record["kind"] != "pending":
            database = (
                f"{record['database_from'] or '-'} -> {record['database_to'] or '-'} ({record['actor']}, "
                f"{str(record['happened_at'])[:16].replace('T', ' ')})"
            )
        migrations = record["migrations"] or "no migration yet: run `routecomp compile`, and commit"
        rows.append(
            [
                _WORDS[record["kind"]],
                visible(record["feature"]),
                f"Git {visible(git)}",
                f"database {visible(database)}",
                visible(migrations),
            ]
        )
    head = f"{visible(shown)}: {agree} in agreement with Git, {len(records)} not\n"
    return "".join(f"{line}\n" for line in table(rows, indent=0)) + head


def _count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is 1."""
    return f"{number:,} {noun}{'s' * (number != 1)}"
