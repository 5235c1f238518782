"""A database's ledgers in; how they differ from Git's, or where their chain breaks, out (`audit --database`)."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from routecomp.cli.exit_codes import CLEAN, FINDINGS
from routecomp.workspace.problem import Problem, visible

if TYPE_CHECKING:
    from routecomp.database.address import Address
    from routecomp.review.ledger.compare import Difference, Release
    from routecomp.workspace.git.ledger import LedgerEntry
    from routecomp.workspace.git.repository import Repository
    from routecomp.workspace.settings import Settings

COLUMNS = (
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
WORDS = {"pending": "pending", "by_hand": "by hand", "different": "different"}


def verify_chain(address: Address, as_json: bool, head: str | None) -> int:
    """Recompute the chain over the ledgers, and name the first row that does not fit."""
    from routecomp.database.connection import opened, reading
    from routecomp.database.ledger import Break, breaks, covered, entries, promotions
    from routecomp.workspace.databases import worded

    with worded(), opened(address, writes=False) as database, reading(database):
        held, found = entries(database), promotions(database)
    if not held:
        raise Problem(
            "the database has no ledger: there is no chain to verify", "`routecomp migrate up` begins it", "refused"
        )
    broken = list(breaks(held, found))
    if head is not None and head not in {one.hash for one in held}:
        broken.append(
            Break(held[-1].seq, f"the chain has no row with the hash {head}: it was written anew, or cut off")
        )
    open_ = sum(row[0] > covered(held) for row in found)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "database": address.shown,
                    "rows": len(held),
                    "promotions": len(found),
                    "not_covered": open_,
                    "head": held[-1].hash,
                    "breaks": [{"row": one.seq, "message": one.message} for one in broken],
                },
                indent=2,
            )
        )
        return FINDINGS if broken else CLEAN
    for one in broken[:1]:
        more = f" (and {len(broken) - 1} more that follow from it, or stand alone)" if len(broken) > 1 else ""
        click.echo(f"{visible(one.message)}{more}")
    if open_:
        click.echo(f"{_count(open_, 'promotion')} came after the last migration, and no row covers them yet")
    state = "the chain is broken" if broken else "the chain holds"
    click.echo(
        f"{visible(address.shown)}: {state}, {_count(len(held), 'row')} over "
        f"{_count(len(found), 'promotion')}; its head is\n"
        f"{held[-1].hash}"
    )
    return FINDINGS if broken else CLEAN


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def compare_with_git(
    address: Address,
    repository: Repository,
    settings: Settings,
    entries: Sequence[LedgerEntry],
    feature: str | None,
    form: str,
) -> int:
    """Compare the promotions of a database with those of Git's history (`entries`, oldest first)."""
    from routecomp.database.connection import opened, reading
    from routecomp.database.ledger import promotions
    from routecomp.review.ledger.compare import Committed, compare
    from routecomp.workspace.databases import worded
    from routecomp.workspace.git.repository import GitError, run

    try:
        line = run(repository.folder, ["rev-list", "--first-parent", "--reverse", "HEAD"]).decode("ascii").split()
        places = {id: at for at, id in enumerate(line)}
        released = _releases(repository, settings, address.dialect, places)
    except GitError as failure:
        raise Problem(f"Git cannot read the history: {visible(str(failure))}", "repair the repository") from None
    with worded(), opened(address, writes=False) as database, reading(database):
        rows = promotions(database)
    git = [Committed(one.feature, one.old, one.new, places.get(one.merge or one.commit, 0), one) for one in entries]
    if feature is not None:
        git = [one for one in git if one.feature == feature]
        rows = [row for row in rows if row[1] == feature]
        if not git and not rows:
            raise Problem(f"neither Git nor the database knows a feature `{visible(feature)}`", "see `routecomp audit`")
    agree, found = compare(git, released, rows)
    records = [_record(one) for one in found]
    if form == "json":
        click.echo(
            json.dumps(
                {"database": address.shown, "agree": agree, "differences": records}, indent=2, ensure_ascii=False
            )
        )
    elif form == "csv":
        from routecomp.cli.commands.audit import csv_text

        click.echo(csv_text(COLUMNS, records), nl=False)
    else:
        click.echo(_text(address, agree, records), nl=False)
    return FINDINGS if found else CLEAN


def _releases(repository: Repository, settings: Settings, dialect: str, places: dict[str, int]) -> list[Release]:
    """Which commit of the line brought each migration that HEAD has."""
    from routecomp.review.ledger.compare import Release
    from routecomp.sql.file_names import FILE, FOLDER
    from routecomp.workspace.files import native
    from routecomp.workspace.git.repository import run

    below = f"{settings.output}/{FOLDER}/{dialect}"
    here = {blob.path for blob in repository.files("HEAD", [native(below)]) if blob.mode.startswith("100")}
    top = "../" * repository.prefix.count("/") or "."
    told = run(
        repository.folder,
        [
            "-C",
            top,
            "log",
            "--first-parent",
            "-m",
            "--reverse",
            "--diff-filter=A",
            "--no-renames",
            "--name-only",
            "-z",
            "--no-color",
            "--no-show-signature",
            "--no-notes",
            "--format=%x01%H",
            "HEAD",
            "--",
            f"{repository.prefix}{below}",
        ],
    )
    first: dict[str, int] = {}
    for record in told.split(b"\x01")[1:]:
        commit, *names = (os.fsdecode(one).strip("\n") for one in record.split(b"\0"))
        for name in names:
            one = FILE.fullmatch(name.rpartition("/")[2])
            if name in here and one is not None and one["way"] == "up" and commit in places:
                first.setdefault(one["id"], places[commit])
    return [
        Release(place, tuple(sorted(id for id, at in first.items() if at == place)))
        for place in sorted(set(first.values()))
    ]


def _record(one: Difference) -> dict[str, Any]:
    entry = None if one.committed is None else one.committed.facts
    row = one.row
    return {
        "kind": one.kind,
        "feature": one.feature,
        "migrations": ", ".join(one.migrations) or None,
        "git_from": None if one.git is None else one.git[0],
        "git_to": None if one.git is None else one.git[1],
        "commit": None if entry is None else entry.commit,
        "time": None if entry is None else entry.time,
        "author": None if entry is None else entry.author,
        "database_from": None if one.database is None else one.database[0],
        "database_to": None if one.database is None else one.database[1],
        "migration": None if row is None else row[7],
        "actor": None if row is None else row[5],
        "happened_at": None if row is None else row[6],
    }


def _text(address: Address, agree: int, records: Sequence[dict[str, Any]]) -> str:
    from routecomp.cli.output.layout import table

    rows = []
    for one in records:
        git = database = "-"
        if one["kind"] != "by_hand":
            git = f"{one['git_from'] or '-'} -> {one['git_to'] or '-'} ({one['commit'][:10]}, {one['author']})"
        if one["kind"] != "pending":
            database = (
                f"{one['database_from'] or '-'} -> {one['database_to'] or '-'} ({one['actor']}, "
                f"{str(one['happened_at'])[:16].replace('T', ' ')})"
            )
        which = one["migrations"] or "no migration yet: run `routecomp compile`, and commit"
        rows.append(
            [
                WORDS[one["kind"]],
                visible(one["feature"]),
                f"Git {visible(git)}",
                f"database {visible(database)}",
                visible(which),
            ]
        )
    head = f"{visible(address.shown)}: {agree} in agreement with Git, {len(records)} not\n"
    return "".join(f"{line}\n" for line in table(rows, indent=0)) + head
