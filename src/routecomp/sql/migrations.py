"""Write every file of `migrations/`: those of the base branch, and one that leads from there to the program.

A migration that is on the base is never touched. The next one is numbered one above the base's highest, and is written
anew from the base however often it is written. Of an earlier draft only the name is read: the draft keeps its number
while it commutes with what the base has got since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from routecomp.model.memory import Memory
from routecomp.model.project import Program
from routecomp.sql.catch_up import missing_baseline, runs_before_a_catch_up, write_catch_up
from routecomp.sql.ddl import SCHEMA, create_schema, drop_schema
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import dialect
from routecomp.sql.diff import Change, Update, change, inverse
from routecomp.sql.file_names import BASELINE, FILE, FOLDER
from routecomp.sql.invariants import REACHED_BY, every
from routecomp.sql.ledgers import PROMOTIONS
from routecomp.sql.literals import literal, table_name
from routecomp.sql.migration import Migration, list_migrations, names_in, promoted_before, standing_for
from routecomp.sql.names import DEFAULT, Names
from routecomp.sql.reference import Reference, reference
from routecomp.sql.replay import Clash, clash
from routecomp.sql.schema import Schema
from routecomp.sql.state import DatabaseState, Promotion, database_state
from routecomp.sql.statements import change_statements, counted, transaction
from routecomp.sql.steps.step import stamp, write_step

_LONGEST = 100
_TITLES = (
    ("feature_models", "feature"),
    ("features", "feature"),
    ("feature_aliases", "feature"),
    ("feature_fallbacks", "feature"),
    ("tenant_routing_policy", "tenant"),
    ("tenant_banned_providers", "tenant"),
    ("tenant_banned_models", "tenant"),
    ("tenant_preferred_providers", "tenant"),
    ("tenant_stacks", "tenant"),
    ("models", "model"),
    ("model_aliases", "model"),
    ("model_capabilities", "model"),
    ("providers", "provider"),
    ("provider_query", "provider"),
    ("provider_headers", "provider"),
    ("provider_secret_headers", "provider"),
    ("targets", "target"),
    ("target_aliases", "target"),
    ("target_models", "target"),
    ("target_stacks", "target"),
    ("model_experiment", "experiment"),
    ("model_experiment_variant", "experiment"),
    ("model_experiment_variant_slot", "experiment"),
    ("model_experiment_variant_version", "experiment"),
    ("routing_presets", "preset"),
)
_SINGLE = {
    "routing_scoring": "scoring",
    "routing_resilience": "resilience",
    "routing_preferences": "preferences",
    "preference_floors": "preferences",
}


@dataclass(frozen=True)
class Released:
    """What is released, and what the project wants.

    `files` are the base branch's migrations, path below `migrations/` to bytes; `dialects` are the names of those that
    are wanted; `tenants` is the company's own table of tenants and its column; `drafts` are the ids of the migrations
    that an earlier compilation wrote and the base has not; `names` are what the tables are called, which is not asked
    once there is a baseline. `earlier` are the migrations of before the tables were renamed, like `files`; they are not
    asked either once there is a baseline.
    """

    files: Mapping[str, bytes]
    dialects: tuple[str, ...] = field(default_factory=dialect_names)
    tenants: tuple[str, str] | None = None
    drafts: tuple[str, ...] = ()
    names: Names = DEFAULT
    earlier: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def by_dialect(self) -> dict[str, dict[str, bytes]]:
        """The files of each dialect, wanted or not: the dialect's name to file name to bytes."""
        return self._by_dialect(self.files)

    def last_promotions(self) -> Mapping[str, Promotion]:
        """Return each feature's last promotion of before the tables were renamed; none where they were not.

        Raises `ReplayError` where the migrations of that time do not run.
        """
        return reference(self._by_dialect(self.earlier), self.dialects).state().promotions if self.earlier else {}

    def _by_dialect(self, paths: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
        files: dict[str, dict[str, bytes]] = {name: {} for name in (*dialect_names(), *self.dialects)}
        for path, data in paths.items():
            folder, _, name = path.partition("/")
            if folder in files:
                files[folder][name] = data
        return files


def migration_artifacts(released: Released, program: Program, memory: Memory | None = None) -> dict[str, bytes]:
    """Return every migration by its path within the output folder.

    The released ones are among them, whatever dialects the project wants. `memory` may know the state that they lead
    to. Raises `ReplayError` where they do not run, and `BehindError` where a dialect cannot get what it lacks.
    """
    paths = migration_files(
        released.by_dialect,
        database_state(program),
        released.dialects,
        released.tenants,
        released.drafts,
        names=released.names,
        memory=memory,
        promoted=released.last_promotions(),
    )
    return {f"{FOLDER}/{path}": data for path, data in sorted(paths.items())}


def migration_files(
    base: Mapping[str, Mapping[str, bytes]],
    target: DatabaseState,
    dialects: Sequence[str],
    tenants: tuple[str, str] | None = None,
    drafts: Iterable[str] = (),
    schema: Schema = SCHEMA,
    names: Names = DEFAULT,
    memory: Memory | None = None,
    promoted: Mapping[str, Promotion] | None = None,
) -> dict[str, bytes]:
    """Return every file of `migrations/`, by its path below it (`<dialect>/0001_baseline.up.sql`).

    `base` are the files of the base branch by the dialect's name, which stay as they are; `dialects` are those that
    are wanted; `target` is the state the program wants; `tenants` is the company's own table of tenants and its column;
    `drafts` are ids of earlier drafts, one of which the change may keep. A dialect without migrations in the base
    begins with a baseline, in which tables are called by `names`; the others keep the names of theirs, and get what
    they lack of the first one's. Where the base's migrations make another `schema` than is wanted, a step comes before
    the change. `promoted` are the last promotions of before the first baseline, which it names. Raises `ReplayError`
    where they do not run, `BehindError` where a dialect cannot get what it lacks.
    """
    files = {
        f"{folder}/{name}": data for folder, own in base.items() for name, data in own.items() if FILE.fullmatch(name)
    }
    if not dialects:
        return files
    lists = {name: list_migrations(own) for name, own in base.items()}
    known = {name: lists.get(name, []) for name in dialects}
    wanted = {name: dialect(name).named(names_in(known[name]) or names) for name in dialects}
    highest = _highest(lists)
    if not any(known.values()):
        forward = change(DatabaseState.empty(), target)
        for name in dialects:
            up, down = baseline(forward, wanted[name], tenants, schema)
            files |= _pair(name, BASELINE, promoted_before(up, promoted or {}), down)
        return files
    begun = _begun(known)
    step = write_step(begun, highest + 1, schema)
    applied = _with_step(reference(base, dialects), step)
    before = _replayed(applied, schema, memory)
    for migrations in step:
        for name, own in migrations.items():
            files |= _pair(name, own.id, own.up, own.down or b"")
    number = highest + len(step) + 1
    late: set[str] = set()
    for name, sql in wanted.items():
        has = known[name]
        if not begun[name]:  # it comes later than the others: it begins with what they lead to
            first = missing_baseline(has, applied)
            state = before if len(first) == len(applied.released) else replace(applied, migrations=first).state(schema)
            up, down = baseline(change(DatabaseState.empty(), state), sql, tenants, schema)
            if [migration.id for migration in first] != [BASELINE]:
                up = standing_for(up, [migration.id for migration in first])
            files |= _pair(name, BASELINE, up, down)
            has = [Migration(BASELINE, up, down), *has]
        catch_up = write_catch_up(has, applied, sql, number, before, schema)
        if catch_up is not None:
            late.add(name)
            files |= _pair(name, catch_up.id, catch_up.up, catch_up.down or b"")
    forward = change(before, target)
    if forward:
        kept = (
            id
            for id in ([] if late else _namesakes(drafts, forward, highest))
            if not _clashes(applied, known, id, forward, target, schema)
        )
        id = next(kept, f"{number + bool(late):04}_{title(forward)}")
        back = inverse(forward, before, target)
        for name, sql in wanted.items():
            files |= _pair(
                name,
                id,
                transaction(id, counted(forward), change_statements(forward, id, sql), sql),
                transaction(id, f"the way back, {counted(back)}", change_statements(back, id, sql), sql),
            )
    return files


def _begun(known: Mapping[str, Sequence[Migration]]) -> dict[str, Sequence[Migration]]:
    """Return the migrations of each dialect that has a baseline; none for a dialect that has others without one."""
    return {
        name: migrations if any(migration.id == BASELINE for migration in migrations) else ()
        for name, migrations in known.items()
    }


def _replayed(applied: Reference, schema: Schema, memory: Memory | None) -> DatabaseState:
    """Return the state that migrations lead to: as it is remembered, or by running them."""
    if memory is None or schema is not SCHEMA:
        return applied.state(schema)
    files = [(migration.id, sha256(migration.up).hexdigest()) for migration in applied.migrations]
    name = sha256(repr((applied.dialect.name, files)).encode()).digest()
    return DatabaseState.restore(memory.result(name, lambda: applied.state(schema).plain()))


def _highest(known: Mapping[str, Sequence[Migration]]) -> int:
    """Return the highest number of the migrations of all dialects; 0 without any."""
    return max((migration.number for migrations in known.values() for migration in migrations), default=0)


def _with_step(applied: Reference, step: Sequence[Mapping[str, Migration]]) -> Reference:
    """Return the reference with the migrations of a schema step behind the others."""
    own = [migrations[applied.dialect.name] for migrations in step]
    return replace(
        applied, migrations=[*applied.migrations, *own], unwritten=frozenset(migration.id for migration in own)
    )


def refused_drafts(released: Released, program: Program) -> dict[str, Clash]:
    """Return the drafts that are about the change to the program and cannot keep their number; none without a change.

    Each is given with the released migration that it does not commute with. Raises `ReplayError` where the released
    migrations do not run.
    """
    base = released.by_dialect
    lists = {name: list_migrations(files) for name, files in base.items()}
    known = {name: lists[name] for name in released.dialects}
    if not any(known.values()):
        return {}
    highest = _highest(lists)
    applied = _with_step(reference(base, released.dialects), write_step(_begun(known), highest + 1))
    target = database_state(program)
    forward = change(applied.state(), target)
    drafts = _namesakes(released.drafts, forward, highest)
    clashes = ((id, _clashes(applied, known, id, forward, target)) for id in drafts)
    return {id: clash for id, clash in clashes if clash is not None}


def _namesakes(drafts: Iterable[str], forward: Change, highest: int) -> list[str]:
    """Return the drafts that a change may keep, sorted: their name says what it is about, and their number is released.

    A number above the highest one that is released is not kept, but given anew.
    """
    if not forward:
        return []
    what = title(forward)
    return sorted(id for id in drafts if id.partition("_")[2] == what and 1 < int(id.partition("_")[0]) <= highest)


def _clashes(
    applied: Reference,
    known: Mapping[str, Sequence[Migration]],
    id: str,
    forward: Change,
    target: DatabaseState,
    schema: Schema = SCHEMA,
) -> Clash | None:
    """Return what keeps a change from being run as `id` among the released migrations.

    None where it commutes with all that have its number or a higher one: databases may have run those before it, or may
    run them after it. `known` are the released migrations of each dialect. Raises `ReplayError` where they do not run.
    """
    number = int(id.partition("_")[0])
    behind = runs_before_a_catch_up(known, number)
    if behind is not None:
        return behind
    files = [(migration.id, migration.up) for migration in applied.migrations]
    split = sum(migration.number < number for migration in applied.migrations)
    up = transaction(id, counted(forward), change_statements(forward, id, applied.dialect), applied.dialect)
    outcome = clash(applied.dialect, files[:split], (id, up), files[split:], schema)
    if isinstance(outcome, Clash):
        return outcome
    return Clash("", "together they lead to another state") if change(outcome, target) else None


def baseline(
    rows: Change, dialect: Dialect, tenants: tuple[str, str] | None = None, schema: Schema = SCHEMA
) -> tuple[bytes, bytes]:
    """Return (up, down): the file that makes the whole schema and its first rows, and the one that takes them away.

    The down file fails where the ledger holds promotions of later migrations.
    """
    made = create_schema(dialect, tenants, schema)
    guards = next((place for place, statement in enumerate(made) if dialect.is_guard(statement)), len(made))
    # The rows come before the guards: what these would check row by row is asserted once, at the end.
    whole = replace(rows, touched=dict.fromkeys(rows.touched))  # one assertion for all, in place of one for each
    body = [*made[:guards], *change_statements(whole, BASELINE, dialect), *made[guards:], *_check_all(dialect)]
    others = f"NOT EXISTS (SELECT 1 FROM {table_name(PROMOTIONS, dialect)} WHERE migration <> '{BASELINE}')"
    message = literal("the ledger holds promotions that were made since: it is not taken away", dialect)
    return (
        transaction(BASELINE, f"{stamp()}, and the rows it begins with", body, dialect),
        transaction(
            BASELINE, "the way back", [dialect.assertion(message, others), *drop_schema(dialect, schema)], dialect
        ),
    )


def _check_all(dialect: Dialect) -> list[str]:
    """Return the statements that check every invariant; none where the change's statements assert them."""
    statements = [
        dialect.check_all(subject, every(subject, lambda table: table_name(table, dialect))) for subject in REACHED_BY
    ]
    return [statement for statement in statements if statement is not None]


def _pair(dialect: str, id: str, up: bytes, down: bytes) -> dict[str, bytes]:
    """Return the up and the down file of a migration by their paths below `migrations/`."""
    return {f"{dialect}/{id}.up.sql": up, f"{dialect}/{id}.down.sql": down}


def title(forward: Change) -> str:
    """Return what a change is about, for the file's name: the bodies it touches, never what becomes of them.

    So the name stays while a branch works on the same bodies, and two branches that touch others meet in no name.
    Several bodies are the first one, how many more there are, and a hash of all. INVARIANT: the change has a step.
    """
    kinds = dict(_TITLES)
    touched = {f"{rename.kind}-{rename.new}" for rename in forward.renames}
    for edit in forward.edits:
        row = edit.key if isinstance(edit, Update) else edit.row
        kind = kinds.get(edit.table)
        touched.add(_SINGLE.get(edit.table, "defaults") if kind is None else f"{kind}-{row[kind]}")
    bodies = sorted(touched)
    if len(bodies) == 1 and len(bodies[0]) <= _LONGEST:
        return bodies[0]
    digest = sha256("\n".join(bodies).encode()).hexdigest()[:8]
    return f"{bodies[0][:_LONGEST]}_and_{len(bodies) - 1}_more_{digest}"
