"""Read how a database stands to the migrations of a folder and to the YAML; nothing here changes it."""

from __future__ import annotations

from dataclasses import dataclass

from routecomp.database.connection import open_database, read_only
from routecomp.database.drift import Drift, replay_reference, verify
from routecomp.database.driver import Address
from routecomp.database.ledger import LEDGER, entries
from routecomp.database.losses import Consent, require_consent, require_known
from routecomp.database.plan import Plan, by_id, make_plan, place, require_sound, resolve_id
from routecomp.database.runner import WayBack, refuse_foreign, way_back
from routecomp.sql.migration import Migration, covered
from routecomp.sql.state import database_state
from routecomp.sql.steps.compare import changed_things, name_of
from routecomp.sql.steps.step import find_gap, find_newer
from routecomp.workspace.check import check_project
from routecomp.workspace.databases import Folder, lack_message, worded
from routecomp.workspace.open_project import open_project
from routecomp.workspace.problem import Problem


@dataclass(frozen=True, slots=True)
class Status:
    """How a database stands to a folder: the plan, whether it has a ledger, and whether files were run by hand."""

    plan: Plan
    has_ledger: bool
    run_by_hand: bool

    @property
    def fits(self) -> bool:
        """Whether nothing was edited, lost or run by hand."""
        return not (self.plan.edited or self.plan.missing or self.run_by_hand)

    def records(self) -> list[dict[str, str]]:
        """Return one record for each migration, in the order in which migrations run.

        The states are pending, applied, edited, ahead and missing; a pending one has neither time nor actor. Of an
        edited one whose content is what was applied `difference` says how it is written here.
        """
        plan = self.plan
        records = {migration.id: {"migration": migration.id, "state": "pending"} for migration in plan.pending}
        for entry in plan.applied:
            records[entry.migration] = {
                "migration": entry.migration,
                "state": _state(plan, entry.migration),
                "applied_at": entry.applied_at,
                "actor": entry.actor,
                "version": entry.version,
                "checksum": entry.checksum,
            }
            if plan.edited.get(entry.migration):
                records[entry.migration]["difference"] = plan.edited[entry.migration]
        return [records[id] for id in sorted(records, key=place)]


@dataclass(frozen=True, slots=True)
class Verification:
    """What comparing a database with its migrations and the YAML found.

    `applied` counts the migrations that stand; `skipped` says why something was not compared, and `note` is for the
    user; both are empty where there is nothing to say.
    """

    applied: int
    drifts: list[Drift]
    skipped: str
    note: str


def read_status(address: Address, files: Folder) -> Status:
    """Read which migrations are applied; a SQLite file that is not there yet counts as an empty database.

    Raises a `Problem` where the database cannot be read.
    """
    with worded(), open_database(address, writes=False, empty=True) as database, read_only(database):
        rows = entries(database)
        has_ledger, has_tables = database.has(LEDGER), database.has("routecomp_assert")
    plan = make_plan(rows, files.own)
    return Status(plan, has_ledger, has_tables and not plan.applied)


def pending_migrations(address: Address, files: Folder, to: str | None) -> list[Migration]:
    """Return what `up` would run, to the migration `to` (its name or number) inclusive, by default all.

    Raises a `Problem` where folder and database do not fit, or `to` is unknown.
    """
    files.require_whole()
    with worded(), open_database(address, writes=False, empty=True) as database, read_only(database):
        plan = make_plan(entries(database), files.own)
        require_sound(plan)
        refuse_foreign(database, plan)
        last = None if to is None else place(resolve_id(to, by_id(files.own)))
    return [migration for migration in plan.pending if last is None or place(migration.id) <= last]


def read_way_back(
    address: Address, files: Folder, to: str | None, consent: Consent, wait_s: float | None = None
) -> WayBack:
    """Return what `down` would take back, and which rows would be lost that the consent names.

    `wait_s` are the seconds that it waits for a lock, None for the default. Raises a `Problem` where it would refuse
    to.
    """
    with worded(), open_database(address, writes=False) as database, read_only(database, wait_s):
        way = way_back(database, files.own, to, files.reference)
        require_known(consent, way.chosen, database.dialect)
        require_consent(way.losses, way.chosen, consent)
    return way


def verify_database(address: Address, files: Folder) -> Verification:
    """Compare the ledger, the rows and the schema of a database with its migrations, and those with the YAML.

    Raises a `Problem` where the database cannot be read or the YAML has errors; a folder without a project has no YAML.
    """
    with worded(), open_database(address, writes=False) as database, read_only(database):
        rows = entries(database)
        plan = make_plan(rows, files.own)
        compared = verify(database, rows, plan, files.own, files.reference)
    return Verification(len(plan.applied), [*_stale(files, plan), *compared.drifts], compared.skipped, compared.note)


def _state(plan: Plan, id: str) -> str:
    """Return the state of an applied migration: edited, ahead, missing or applied."""
    if id in plan.edited:
        return "edited"
    if id in plan.ahead:
        return "ahead"
    return "missing" if id in plan.missing else "applied"


def _stale(files: Folder, plan: Plan) -> list[Drift]:
    """Return the drifts where the files do not lead to what the YAML and this version want; none without YAML.

    Where a file is gone that is applied, that says it already, and where the others lead is not asked. Raises a
    `Problem` where the YAML has errors.
    """
    gone = set(plan.missing) - set(plan.ahead)
    drifts = []
    if not set(files.lacking) <= gone:
        drifts.append(Drift("migration", f"{lack_message(files)}: run `routecomp compile`"))
    if gone or files.root is None or not files.reference.migrations:
        return drifts
    program = check_project(open_project(files.root)).program
    if program is None:
        raise Problem("the YAML has errors, so there is nothing to compare with", "see `routecomp check`", "refused")
    dialect = files.reference.dialect
    gap = find_gap(files.reference.migrations, dialect)
    if gap and find_newer(files.reference.migrations, dialect) is None:
        thing = changed_things(gap.before, gap.after)[0]
        drifts.append(
            Drift(
                "migration",
                f"the migrations are behind this version of routecomp, by {name_of(thing)} among others: "
                "run `routecomp compile`",
            )
        )
    if files.lacking:
        return drifts
    # What the database's own files lead to: those of the reference may be more, or others.
    whole = files.reference.only(covered(files.own))
    with worded():
        same = replay_reference(whole, set()).state.tables == database_state(program).tables
    if not same:
        drifts.append(
            Drift("migration", "the migrations do not lead to what the YAML declares: run `routecomp compile`")
        )
    return drifts
