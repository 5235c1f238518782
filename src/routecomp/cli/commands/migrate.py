"""`routecomp migrate`: a database's URL in, its migrations applied, taken back or compared."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from routecomp.cli.options import F, Verbs, database_option, root_option

if TYPE_CHECKING:
    from routecomp.database.address import Address
    from routecomp.database.connection import Database
    from routecomp.database.drift import Drift
    from routecomp.database.runner import Run
    from routecomp.workspace.databases import Folder

_CODES = """\
\b
Exit codes:
  0  done
  1  something does not fit: drift, an edited or missing file, a refused state
  2  wrong usage, or a database that cannot be used
  3  CONFLICT: somebody else was faster; nothing of the migration is left
  5  the database was locked for too long, or went away: run it again
"""
_MOST = 50


def _shared(command: F) -> F:
    for option in (
        root_option,
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        click.option(
            "--from",
            "given",
            metavar="DIR",
            help="A folder that holds postgres/ and sqlite/, without a project around it.",
        ),
        database_option,
    ):
        command = option(command)
    return command


_lock_option = click.option(
    "--lock-timeout",
    "wait_s",
    type=click.FloatRange(min=0),
    default=60.0,
    metavar="SECONDS",
    help="How long to wait for others that migrate; default: 60.",
)


def _to_option(text: str) -> Callable[[F], F]:
    return click.option("--to", metavar="ID", help=text)


@click.group(
    cls=Verbs,
    epilog="""\
\b
Examples:
  export ROUTECOMP_DATABASE=postgresql://deploy@db.example/routing
  routecomp migrate status             what is applied, and what is not
  routecomp migrate up --dry-run       the SQL that would run
  routecomp migrate up
  routecomp migrate verify             rows and constraints against the files

\b
"""
    + _CODES,
)
def migrate() -> None:
    """Apply the migrations of generated/ to a database, take them back, and compare."""


@migrate.command(epilog=_CODES)
@_shared
def status(database: str | None, given: str | None, as_json: bool, root: str | None) -> int:
    """Show which migrations are applied, pending, edited or missing. Changes nothing."""
    from routecomp.cli.exit_codes import CLEAN, FINDINGS
    from routecomp.database.connection import opened, reading
    from routecomp.database.ledger import LEDGER, entries
    from routecomp.database.plan import place, planned
    from routecomp.workspace.databases import chosen, folder, worded

    address = chosen(database)
    files = folder(address, root, given)
    with worded(), opened(address, writes=False, empty=True) as at, reading(at):
        held = entries(at)
        ledger, by_hand = at.has(LEDGER), at.has("routecomp_assert")
    plan = planned(held, files.own)
    rows = {one.id: {"migration": one.id, "state": "pending"} for one in plan.pending}
    for entry in plan.applied:
        state = (
            "edited"
            if entry.migration in plan.edited
            else "ahead"
            if entry.migration in plan.ahead
            else "missing"
            if entry.migration in plan.missing
            else "applied"
        )
        rows[entry.migration] = {
            "migration": entry.migration,
            "state": state,
            "applied_at": entry.applied_at,
            "actor": entry.actor,
            "version": entry.version,
            "checksum": entry.checksum,
        }
    listed = [rows[id] for id in sorted(rows, key=place)]
    adopt = by_hand and not plan.applied
    fits = not (plan.edited or plan.missing or adopt)
    if as_json:
        _print({"database": address.shown, "ledger": ledger, "run_by_hand": adopt, "migrations": listed})
        return CLEAN if fits else FINDINGS
    click.echo(_status_text(address, ledger, adopt, listed), nl=False)
    return CLEAN if fits else FINDINGS


def _status_text(address: Address, ledger: bool, adopt: bool, listed: list[dict[str, str]]) -> str:
    from routecomp.cli.output.layout import table
    from routecomp.workspace.problem import visible

    said = {
        "pending": "pending",
        "edited": "edited after it was applied",
        "missing": "applied, and its file is missing",
        "ahead": "applied, and not in this folder: the database is ahead",
    }
    rows = [
        [
            one["migration"],
            said.get(one["state"]) or f"applied {one['applied_at'][:19].replace('T', ' ')} by {visible(one['actor'])}",
        ]
        for one in listed
    ]
    counts = {
        state: sum(one["state"] == state for one in listed)
        for state in ("applied", "pending", "edited", "missing", "ahead")
    }
    head = ", ".join(f"{count} {state}" for state, count in counts.items() if count or state in ("applied", "pending"))
    text = f"{visible(address.shown)}: {head}\n" + "".join(f"{line}\n" for line in table(rows))
    if adopt:
        text += (
            "\nThe tables are there, and no ledger says what was applied: the files were run by hand. To go on "
            "from\nthere: routecomp migrate adopt --to ID, ID the last one that was run.\n"
        )
    elif address.dialect == "sqlite" and not os.path.exists(address.where):
        text += f"\nThere is no ledger yet, and no file {visible(address.where)}: `routecomp migrate up` makes both.\n"
    elif not ledger:
        text += "\nThere is no ledger yet: `routecomp migrate up` makes it with the first migration.\n"
    return text


@migrate.command(epilog=_CODES)
@_shared
@_lock_option
@_to_option("Apply up to this migration (its name or its number).")
@click.option("--dry-run", is_flag=True, help="Print the SQL that would run; change nothing.")
def up(
    database: str | None,
    given: str | None,
    as_json: bool,
    root: str | None,
    wait_s: float,
    to: str | None,
    dry_run: bool,
) -> int:
    """Apply what is pending, in order, each migration in one transaction."""
    from routecomp.database import runner
    from routecomp.workspace.databases import chosen, folder

    address = chosen(database)
    files = folder(address, root, given)
    if dry_run:
        return _dry(address, files, to, as_json)
    return _run(
        address, as_json, "applied", wait_s, True, lambda at, how, done: runner.up(at, files.own, to, how, done)
    )


@migrate.command(epilog=_CODES)
@_shared
@_lock_option
@_to_option("Take back everything that was applied after this migration.")
def down(
    database: str | None, given: str | None, as_json: bool, root: str | None, wait_s: float, to: str | None
) -> int:
    """Take back the migration that was applied last. The ledgers only grow: it is a step forward that undoes one."""
    from routecomp.database import runner
    from routecomp.workspace.databases import chosen, folder

    address = chosen(database)
    files = folder(address, root, given)
    return _run(
        address, as_json, "taken back", wait_s, False, lambda at, how, done: runner.down(at, files.own, to, how, done)
    )


@migrate.command(epilog=_CODES)
@_shared
@_lock_option
@_to_option("The last migration that was run by hand; default: all are.")
def adopt(
    database: str | None, given: str | None, as_json: bool, root: str | None, wait_s: float, to: str | None
) -> int:
    """Begin the ledger of a database whose migrations were run by hand: compare, run nothing, write them down."""
    from routecomp.database.adopt import adopt as adopted
    from routecomp.workspace.databases import chosen, folder

    address = chosen(database)
    files = folder(address, root, given)

    def act(at: Database, how: Run, done: Callable[[str], None]) -> list[str]:
        names = adopted(at, files.own, files.lite, to, how)
        for name in names:
            done(name)
        return names

    return _run(address, as_json, "adopted", wait_s, False, act)


@migrate.command(epilog=_CODES)
@_shared
def verify(database: str | None, given: str | None, as_json: bool, root: str | None) -> int:
    """Compare a database with its migrations and the YAML: ledger, rows, constraints, indexes, triggers. Only reads."""
    from routecomp.cli.exit_codes import CLEAN, FINDINGS
    from routecomp.database.connection import opened, reading
    from routecomp.database.drift import verified
    from routecomp.database.ledger import entries
    from routecomp.database.plan import planned
    from routecomp.workspace.databases import chosen, folder, worded
    from routecomp.workspace.problem import visible

    address = chosen(database)
    files = folder(address, root, given)
    with worded(), opened(address, writes=False) as at, reading(at):
        held = entries(at)
        plan = planned(held, files.own)
        found = verified(at, held, plan, files.own, files.lite)
    drifts = [*_stale(files), *found.drifts]
    if as_json:
        _print(
            {
                "database": address.shown,
                "drift": [_drift(one) for one in drifts],
                "skipped": found.skipped or None,
                "note": found.note or None,
            }
        )
        return FINDINGS if drifts or found.skipped else CLEAN
    for one in drifts[:_MOST]:
        click.echo(visible(one.message))
    if len(drifts) > _MOST:
        click.echo(f"and {len(drifts) - _MOST} more: --json shows all")
    for said in (found.skipped, found.note):
        if said:
            click.echo(said)
    count = "no drift" if not drifts else f"{len(drifts)} difference{'s' * (len(drifts) > 1)}"
    click.echo(f"{visible(address.shown)}: {len(plan.applied)} applied, {count}")
    return FINDINGS if drifts or found.skipped else CLEAN


def _stale(files: Folder) -> list[Drift]:
    """Whether the files lead to what the YAML declares; nothing where there is no YAML to ask."""
    from routecomp.database.drift import Drift, fresh
    from routecomp.sql.state import database_state
    from routecomp.workspace.databases import worded
    from routecomp.workspace.problem import Problem
    from routecomp.workspace.project import checked, open_project

    if files.root is None or not files.lite:
        return []
    program = checked(open_project(files.root)).program
    if program is None:
        raise Problem("the YAML has errors, so there is nothing to compare with", "see `routecomp check`", "refused")
    with worded():
        same = fresh(files.lite, set()).state.tables == database_state(program).tables
    return (
        []
        if same
        else [Drift("migration", "the migrations do not lead to what the YAML declares: run `routecomp compile`")]
    )


def _drift(one: Drift) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "message": one.message,
        "table": one.table or None,
        "name": one.name or None,
        "column": one.column or None,
        "expected": one.expected,
        "found": one.found,
    }


def _dry(address: Address, files: Folder, to: str | None, as_json: bool) -> int:
    """What `up` would run."""
    from routecomp.cli.exit_codes import CLEAN
    from routecomp.database.connection import opened, reading
    from routecomp.database.ledger import entries
    from routecomp.database.plan import by_id, found_id, place, planned, sound
    from routecomp.database.runner import refuse_foreign
    from routecomp.workspace.databases import worded

    with worded(), opened(address, writes=False, empty=True) as at, reading(at):
        plan = planned(entries(at), files.own)
        sound(plan)
        refuse_foreign(at, plan)
        last = None if to is None else place(found_id(to, by_id(files.own)))
    chosen = [one for one in plan.pending if last is None or place(one.id) <= last]
    if as_json:
        _print(
            {
                "database": address.shown,
                "would_apply": [{"migration": one.id, "sql": one.up.decode("utf-8", "replace")} for one in chosen],
            }
        )
    elif not chosen:
        click.echo("-- nothing is pending")
    else:
        click.echo("\n".join(one.up.decode("utf-8", "replace") for one in chosen), nl=False)
    return CLEAN


def _run(
    address: Address,
    as_json: bool,
    word: str,
    wait_s: float,
    create: bool,
    act: Callable[[Database, Run, Callable[[str], None]], list[str]],
) -> int:
    """Run what changes the database; what was done is told as it is done, also where something fails later."""
    from routecomp.cli.exit_codes import CLEAN
    from routecomp.cli.output.progress import Progress
    from routecomp.database.connection import opened
    from routecomp.database.failure import DatabaseError
    from routecomp.database.runner import Run
    from routecomp.workspace.databases import problem
    from routecomp.workspace.problem import visible

    did: list[str] = []

    def done(id: str) -> None:
        did.append(id)
        if not as_json:
            click.echo(f"{word} {id}")

    told: dict[str, Any] = {"database": address.shown, word.replace(" ", "_"): did}
    try:
        with Progress() as progress, opened(address, create=create) as at:
            act(
                at,
                Run(
                    wait_s,
                    lambda text: click.echo(f"note: {visible(text)}", err=True),
                    lambda what, at, of: progress(what, at, of, "statements"),
                ),
                done,
            )
    except DatabaseError as failure:
        if as_json:
            _print(told | {"failed": {"message": failure.message, "help": failure.help, "kind": failure.kind}})
        raise problem(failure) from None
    if as_json:
        _print(told | {"failed": None})
    elif not did:
        click.echo(f"{visible(address.shown)}: nothing to do")
    return CLEAN


def _print(content: dict[str, Any]) -> None:
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))
