"""Apply migrations to a database, take them back, and compare the database with them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from routecomp import __version__
from routecomp.cli.exit import CLEAN, FINDINGS
from routecomp.cli.options import F, Verbs
from routecomp.cli.output.json import print_json
from routecomp.cli.output.layout import table
from routecomp.cli.output.progress import Progress
from routecomp.cli.output.version import print_version_note, version_keys
from routecomp.cli.root import root_option
from routecomp.database import runner
from routecomp.database.adopt import adopt as adopt_migrations
from routecomp.database.connection import open_database
from routecomp.database.drift import Drift
from routecomp.database.driver import Address, Database
from routecomp.database.failure import DatabaseError
from routecomp.database.losses import Consent
from routecomp.database.runner import LOCK_WAIT_S, Run, WayBack
from routecomp.sql.dialects.names import dialect_names, folder_names
from routecomp.sql.dialects.registry import address_forms, dialects
from routecomp.workspace.databases import Folder, chosen, folder, lack_message, problem
from routecomp.workspace.grants import grants_script
from routecomp.workspace.migrate import Status, pending_migrations, read_status, read_way_back, verify_database
from routecomp.workspace.problem import Problem, visible
from routecomp.workspace.rename import rename_script

_CODES = """\
\b
Exit codes:
  0  done
  1  something does not fit: drift, an edited or missing file, rows that would be lost
  2  wrong usage, a database that cannot be used, or nobody there to be asked
  3  CONFLICT: somebody else was faster; nothing of the migration is left
  5  the database was locked for too long, went away, or is a standby: run it again
"""
_MOST = 50


_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _shared(command: F) -> F:
    """Add the options of every verb of `migrate`: --database, --from, --json and --root."""
    for option in (
        root_option,
        _json_option,
        click.option(
            "--from",
            "given",
            metavar="DIR",
            help=f"A folder that holds {folder_names()}, without a project around it.",
        ),
        click.option(
            "--database",
            metavar="URL",
            help=f"{address_forms()}, a file or host=… dbname=…; default: $ROUTECOMP_DATABASE, where a password is not "
            "seen in the list of processes, then $DATABASE_URL, then $PGHOST and the like.",
        ),
    ):
        command = option(command)
    return command


class _Seconds(click.FloatRange):
    """A span of time that databases take: PostgreSQL's lock_timeout holds up to 2,147,483 seconds."""

    def __init__(self) -> None:
        super().__init__(min=0, max=2_147_483)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse what is no number also where it is a float: `nan` is in no range, and beyond none."""
        seconds = super().convert(value, param, ctx)
        if seconds != seconds:
            self.fail(f"{value!r} is not a number of seconds.", param, ctx)
        return seconds


_lock_option = click.option(
    "--lock-timeout",
    "wait_s",
    type=_Seconds(),
    metavar="SECONDS",
    help="How long to wait for others that migrate (default: 60) and, where it is given, for each lock on a table, "
    "whatever the files say.",
)


def _to_option(text: str) -> Callable[[F], F]:
    """Return the option --to with `text` as its help."""
    return click.option("--to", metavar="ID", help=text)


@click.group(
    cls=Verbs,
    epilog=f"""\
\b
Examples:
  export ROUTECOMP_DATABASE={dialects()[0].address_example}
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
    files = _folder(chosen(database), root, given)
    address = files.address
    state = read_status(address, files)
    if as_json:
        print_json(
            {
                "database": address.shown,
                "ledger": state.has_ledger,
                "run_by_hand": state.run_by_hand,
                "migrations": state.records(),
                "lacking": list(files.lacking),
            }
            | version_keys(files.settings)
        )
    else:
        click.echo(_status_text(address, state), nl=False)
        if files.lacking:
            click.echo(f"\n{lack_message(files)}: run `routecomp compile`")
    return CLEAN if state.fits and not files.lacking else FINDINGS


def _status_text(address: Address, status: Status) -> str:
    """Return the status of a database as text: the counts, a line for each migration, and what to do next."""
    words = {
        "pending": "pending",
        "edited": "edited after it was applied",
        "missing": "applied, and its file is missing",
        "ahead": "applied, and not in this folder: the database is ahead",
    }
    records = status.records()
    rows = [
        [
            record["migration"],
            f"applied, and written otherwise here: {record['difference']}"
            if "difference" in record
            else words.get(record["state"])
            or f"applied {record['applied_at'][:19].replace('T', ' ')} by {visible(record['actor'])}",
        ]
        for record in records
    ]
    counts = {
        state: sum(record["state"] == state for record in records)
        for state in ("applied", "pending", "edited", "missing", "ahead")
    }
    head = ", ".join(f"{count} {state}" for state, count in counts.items() if count or state in ("applied", "pending"))
    text = f"{visible(address.shown)}: {head}\n" + "".join(f"{line}\n" for line in table(rows))
    if status.run_by_hand:
        text += (
            "\nThe tables are there, and no ledger says what was applied: the files were run by hand. To go on "
            "from\nthere: routecomp migrate adopt --to ID, ID the last one that was run.\n"
        )
    elif address.is_file and not os.path.exists(address.where):
        text += f"\nThere is no ledger yet, and no file {visible(address.where)}: `routecomp migrate up` makes both.\n"
    elif not status.has_ledger:
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
    wait_s: float | None,
    to: str | None,
    dry_run: bool,
) -> int:
    """Apply what is pending, in order, each migration in one transaction."""
    files = _folder(chosen(database), root, given)
    address = files.address
    files.require_whole()
    if dry_run:
        return _print_pending(address, files, to, as_json)
    return _run(
        address,
        as_json,
        "applied",
        wait_s,
        True,
        lambda database, run, done: runner.up(database, files.own, to, run, done, files.reference),
    )


@migrate.command(epilog=_CODES)
@_shared
@_lock_option
@_to_option("Take back everything that was applied after this migration.")
@click.option("--yes", is_flag=True, help="Do not ask; needed without --to where nobody can answer.")
@click.option(
    "--drop-rows",
    "rows",
    metavar="TABLE",
    multiple=True,
    help="Lose the rows of this table that no migration wrote; for each such table once.",
)
def down(
    database: str | None,
    given: str | None,
    as_json: bool,
    root: str | None,
    wait_s: float | None,
    to: str | None,
    yes: bool,
    rows: tuple[str, ...],
) -> int:
    """Take back the migration that was applied last; the ledger records that as a step of its own.

    Without --to it is shown first, and you are asked. Where rows would be lost that no migration wrote, such as what
    services wrote to routing_outcomes, it is refused until --drop-rows names each table.
    """
    files = _folder(chosen(database), root, given)
    address = files.address
    consent = Consent(rows=frozenset(rows))
    if to is None:
        way = read_way_back(address, files, to, consent, wait_s)
        if not yes:
            _ask(address, way)
        consent = replace(consent, only=way.chosen[0].id)
    return _run(
        address,
        as_json,
        "taken back",
        wait_s,
        False,
        lambda database, run, done: runner.down(database, files.own, to, run, done, files.reference, consent),
    )


def _ask(address: Address, way: WayBack) -> None:
    """Show what would be taken back, and ask; raise a `Problem` where nobody can answer, or the answer is no."""
    shown = [
        f"{entry.migration}, applied {entry.applied_at[:19].replace('T', ' ')} by {visible(entry.actor)}"
        for entry in way.entries
    ]
    shown += [f"and the rows of {loss}" for loss in way.losses]
    if sys.stdin is None or not sys.stdin.isatty():
        raise Problem(
            f"this would take back {', '.join(shown)}; nobody is there to be asked",
            "--yes takes it back without a question; --to ID says what stays",
        )
    click.echo(f"{visible(address.shown)}: this takes back", err=True)
    for line in shown:
        click.echo(f"  {line}", err=True)
    if not click.confirm("Take it back?", err=True):
        raise Problem("nothing was changed", "", "interrupted")


@migrate.command(epilog=_CODES)
@_shared
@_lock_option
@_to_option("The last migration that was run by hand; default: all are.")
def adopt(
    database: str | None, given: str | None, as_json: bool, root: str | None, wait_s: float | None, to: str | None
) -> int:
    """Record migrations that were run by hand: compare the database with them, and begin its ledger. Runs nothing."""
    files = _folder(chosen(database), root, given)
    address = files.address

    def act(database: Database, run: Run, done: runner.Done) -> list[str]:
        names = adopt_migrations(database, files.own, files.reference, to, run)
        for name in names:
            done(name, "")
        return names

    return _run(address, as_json, "adopted", wait_s, False, act)


@migrate.command(epilog=_CODES)
@_shared
def verify(database: str | None, given: str | None, as_json: bool, root: str | None) -> int:
    """Compare a database with its migrations and the YAML: ledger, rows, constraints, indexes, triggers. Only reads."""
    files = _folder(chosen(database), root, given)
    address = files.address
    verification = verify_database(address, files)
    drifts = verification.drifts
    code = FINDINGS if drifts or verification.skipped else CLEAN
    if as_json:
        print_json(
            {
                "database": address.shown,
                "drift": [_drift_record(drift) for drift in drifts],
                "skipped": verification.skipped or None,
                "note": verification.note or None,
            }
            | version_keys(files.settings)
        )
        return code
    for drift in drifts[:_MOST]:
        click.echo(visible(drift.message))
    if len(drifts) > _MOST:
        click.echo(f"and {len(drifts) - _MOST} more: --json shows all")
    for remark in (verification.skipped, verification.note):
        if remark:
            click.echo(remark)
    count = "no drift" if not drifts else f"{len(drifts)} difference{'s' * (len(drifts) > 1)}"
    click.echo(f"{visible(address.shown)}: {verification.applied} applied, {count}")
    return code


@migrate.command()
@root_option
@click.option("--from", "given", metavar="DIR", help="The old migrations; default: those in the output folder.")
@click.option("--dialect", type=click.Choice(dialect_names()), help="The database; default: the first in the settings.")
@_json_option
def rename(root: str | None, given: str | None, dialect: str | None, as_json: bool) -> int:
    """Print the SQL that gives a database the names in the settings (schema, table_prefix). Runs nothing."""
    _print_script(rename_script(root, given, dialect), as_json)
    return CLEAN


@migrate.command()
@root_option
@click.option("--from", "given", metavar="DIR", help="The migrations; default: those in the output folder.")
@click.option("--dialect", type=click.Choice(dialect_names()), help="The database; default: the first with roles.")
@click.option("--role", required=True, metavar="NAME", help="The role that the service connects as, as it is called.")
@_json_option
def grants(root: str | None, given: str | None, dialect: str | None, role: str, as_json: bool) -> int:
    """Print the SQL that gives a service's role what it needs, and no more. Runs nothing."""
    _print_script(grants_script(root, given, dialect, role), as_json)
    return CLEAN


def _print_script(sql: str, as_json: bool) -> None:
    """Print SQL as it is, or as the key `sql` of a JSON object."""
    if as_json:
        print_json({"version": __version__, "sql": sql})
    else:
        click.echo(sql, nl=False)


def _folder(address: Address, root: str | None, given: str | None) -> Folder:
    """Read the migrations as `databases.folder` does, with a note where another version writes their project.

    Files are run as they lie there, whichever version is installed.
    """
    files = folder(address, root, given)
    print_version_note(files.settings)
    return files


def _drift_record(drift: Drift) -> dict[str, Any]:
    return {
        "kind": drift.kind,
        "message": drift.message,
        "table": drift.table or None,
        "name": drift.name or None,
        "column": drift.column or None,
        "expected": drift.expected,
        "found": drift.actual,
    }


def _print_pending(address: Address, files: Folder, to: str | None, as_json: bool) -> int:
    """Print the SQL that `up` would run, or that nothing is pending; return 0."""
    pending = [
        (migration.id, migration.up.decode("utf-8", "replace")) for migration in pending_migrations(address, files, to)
    ]
    if as_json:
        print_json({"database": address.shown, "would_apply": [{"migration": id, "sql": sql} for id, sql in pending]})
    elif not pending:
        click.echo("-- nothing is pending")
    else:
        click.echo("\n".join(sql for _, sql in pending), nl=False)
    return CLEAN


def _run(
    address: Address,
    as_json: bool,
    verb: str,
    wait_s: float | None,
    create: bool,
    act: Callable[[Database, Run, runner.Done], list[str]],
) -> int:
    """Run what changes the database, and print each migration as it is done, also where a later one fails; return 0.

    `act` calls its last argument for each migration that is done. `wait_s` is the time to wait for others, in seconds,
    None for the default; `create` makes a SQLite file that is missing. Raises a `Problem` where the database fails.
    """
    finished: list[str] = []
    recorded: list[str] = []

    def done(id: str, why: str) -> None:
        finished.append(id)
        if why:
            recorded.append(id)
        if not as_json:
            click.echo(f"{verb} {id}" if not why else f"recorded {id} as {verb}: {why}")

    document: dict[str, Any] = {"database": address.shown, verb.replace(" ", "_"): finished, "recorded": recorded}
    try:
        with Progress() as progress, open_database(address, create=create) as database:
            run = Run(
                LOCK_WAIT_S if wait_s is None else wait_s,
                wait_s,
                lambda text: click.echo(f"note: {visible(text)}", err=True),
                lambda step, number, total: progress(step, number, total, "statements"),
            )
            act(database, run, done)
    except DatabaseError as failure:
        failed = problem(failure)
        more = {"migration": failure.migration or None, "waiting": list(failure.waiting)}
        failed.document = document | {"failed": more}
        raise failed from None
    if as_json:
        print_json(document | {"failed": None})
    elif not finished:
        click.echo(f"{visible(address.shown)}: nothing to do")
    return CLEAN
