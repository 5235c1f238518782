"""The base branch's migrations and a program's state in, every file of `migrations/` out.

A migration that is on the base is never touched; what leads from there to the program is one more, numbered one
above the base's highest. However often it is written, it is written anew from the base: of an earlier draft nothing
but its name is read, and it keeps that while it commutes with what the base has got since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from routecomp.model.project import Program
from routecomp.sql.ddl import create, drop
from routecomp.sql.diff import Change, Update, change, inverse
from routecomp.sql.file_names import BASELINE, FILE, FOLDER
from routecomp.sql.invariants import REACHED_BY, every
from routecomp.sql.ledgers import PROMOTIONS
from routecomp.sql.literals import asserted, literal, named
from routecomp.sql.replay import Clash, clash, replay
from routecomp.sql.schema import DIALECTS, Dialect
from routecomp.sql.state import DatabaseState, database_state
from routecomp.sql.statements import transaction, written

_LONGEST = 100
_TITLES = (
    ("feature_models", "feature"),
    ("features", "feature"),
    ("feature_fallbacks", "feature"),
    ("tenant_routing_policy", "tenant"),
    ("tenant_banned_providers", "tenant"),
    ("tenant_banned_models", "tenant"),
    ("tenant_preferred_providers", "tenant"),
    ("tenant_stacks", "tenant"),
    ("models", "model"),
    ("model_capabilities", "model"),
    ("providers", "provider"),
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
    """What is released, and what the project wants: `files` are the base branch's migrations, path below
    `migrations/` to bytes; `tenants` is the company's own table of tenants and its column; `drafts` are the ids of
    the migrations that an earlier compilation wrote and the base has not."""

    files: Mapping[str, bytes]
    dialects: tuple[Dialect, ...] = DIALECTS
    tenants: tuple[str, str] | None = None
    drafts: tuple[str, ...] = ()

    @property
    def by_dialect(self) -> dict[Dialect, dict[str, bytes]]:
        """The files of each dialect that is wanted, by their names."""
        return {
            dialect: {
                path.removeprefix(f"{dialect}/"): data
                for path, data in self.files.items()
                if path.startswith(f"{dialect}/")
            }
            for dialect in self.dialects
        }


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration of one dialect: `id` is its file's name without the ending."""

    id: str
    up: bytes
    down: bytes | None

    @property
    def number(self) -> int:
        """The number its name begins with."""
        return int(self.id.partition("_")[0])


def listed(files: Mapping[str, bytes]) -> list[Migration]:
    """The migrations of a folder (file name to bytes), in the order they are applied; other files are left out."""
    ups: dict[str, bytes] = {}
    downs: dict[str, bytes] = {}
    for name, data in files.items():
        found = FILE.fullmatch(name)
        if found is not None:
            (ups if found["way"] == "up" else downs)[found["id"]] = data
    return sorted((Migration(id, up, downs.get(id)) for id, up in ups.items()), key=lambda one: (one.number, one.id))


def state_of(migrations: Iterable[Migration]) -> DatabaseState:
    """The state that migrations for SQLite lead to; `ReplayError` where one does not run."""
    return replay((one.id, one.up) for one in migrations)


def migration_artifacts(released: Released, program: Program) -> dict[str, bytes]:
    """Every migration by its path within the output folder; nothing where the project wants no dialect.

    Raises `ReplayError` where the released migrations do not run.
    """
    base = released.by_dialect
    if not base:
        return {}
    made = migration_files(base, database_state(program), released.dialects, released.tenants, released.drafts)
    return {f"{FOLDER}/{path}": data for path, data in sorted(made.items())}


def migration_files(
    base: Mapping[Dialect, Mapping[str, bytes]],
    target: DatabaseState,
    dialects: Sequence[Dialect],
    tenants: tuple[str, str] | None = None,
    drafts: Iterable[str] = (),
) -> dict[str, bytes]:
    """Every file of `migrations/`, by its path below it (`sqlite/0001_baseline.up.sql`).

    `base` are the files of the base branch by dialect; `target` is the state the program wants; `tenants` is the
    company's own table of tenants and its column; `drafts` are ids of earlier drafts, one of which the change may
    keep. Raises `ReplayError` where the base's migrations do not run.
    """
    known = {dialect: listed(base.get(dialect, {})) for dialect in dialects}
    files = {
        f"{dialect}/{name}": data
        for dialect in dialects
        for name, data in base.get(dialect, {}).items()
        if FILE.fullmatch(name)
    }
    applied = listed(base.get("sqlite", {}))
    before = state_of(applied)
    forward = change(before, target)
    highest = max((one.number for some in known.values() for one in some), default=0)
    if not highest:
        for dialect in dialects:
            files |= _pair(dialect, BASELINE, *baseline(forward, dialect, tenants))
        return files
    if forward:
        kept = (one for one in _namesakes(drafts, forward, highest) if not _clashes(applied, one, forward, target))
        id = next(kept, f"{highest + 1:04}_{title(forward)}")
        back = inverse(forward, before, target)
        for dialect in dialects:
            files |= _pair(
                dialect,
                id,
                transaction(id, _counted(forward), written(forward, id, dialect), dialect),
                transaction(id, f"the way back, {_counted(back)}", written(back, id, dialect), dialect),
            )
    return files


def refused_drafts(released: Released, program: Program) -> dict[str, Clash]:
    """The drafts whose name says what the change from the released migrations to the program is about, and that cannot
    keep their number: each with the released migration it does not commute with. Raises as `migration_artifacts`."""
    applied = listed(released.by_dialect.get("sqlite", {}))
    target = database_state(program)
    forward = change(state_of(applied), target)
    found: dict[str, Clash] = {}
    for id in _namesakes(released.drafts, forward, max((one.number for one in applied), default=0)):
        met = _clashes(applied, id, forward, target)
        if met is not None:
            found[id] = met
    return found


def _namesakes(drafts: Iterable[str], forward: Change, highest: int) -> list[str]:
    """The drafts that a change may keep: it is about what their name says, and their number is no longer free."""
    if not forward:
        return []
    what = title(forward)
    return sorted(id for id in drafts if id.partition("_")[2] == what and 1 < int(id.partition("_")[0]) <= highest)


def _clashes(applied: Sequence[Migration], id: str, forward: Change, target: DatabaseState) -> Clash | None:
    """What keeps a change from being run as `id` among the released migrations; None where it commutes with all that
    have its number or a higher one: databases may have run those before it, and may run them after it."""
    number = int(id.partition("_")[0])
    split = sum(one.number < number for one in applied)
    early, late = ([(one.id, one.up) for one in some] for some in (applied[:split], applied[split:]))
    up = transaction(id, _counted(forward), written(forward, id, "sqlite"), "sqlite")
    found = clash(early, (id, up), late)
    if isinstance(found, Clash):
        return found
    return Clash("", "together they lead to another state") if change(found, target) else None


def baseline(rows: Change, dialect: Dialect, tenants: tuple[str, str] | None = None) -> tuple[bytes, bytes]:
    """The up and the down file that make the whole schema and its first rows, and take them away again."""
    made = create(dialect, tenants)
    guards = (at for at, text in enumerate(made) if text.startswith("CREATE FUNCTION public.routecomp_check"))
    first = next(guards, len(made))
    # The rows come before PostgreSQL's guards: what these would check row by row is asserted once, at the end.
    whole = replace(rows, touched=dict.fromkeys(rows.touched))  # one assertion for all, in place of one for each
    body = [*made[:first], *written(whole, BASELINE, dialect), *made[first:], *_all_hold(dialect)]
    others = f"NOT EXISTS (SELECT 1 FROM {named(PROMOTIONS, dialect)} WHERE migration <> '{BASELINE}')"
    kept = asserted(
        literal("the ledger holds promotions that were made since: it is not taken away", dialect), others, dialect
    )
    return (
        transaction(BASELINE, "the schema, and the rows it begins with", body, dialect),
        transaction(BASELINE, "the way back", [kept, *drop(dialect)], dialect),
    )


def _all_hold(dialect: Dialect) -> list[str]:
    if dialect == "sqlite":
        return []  # `written` has asserted it
    return [
        f"SELECT public.routecomp_check_{subject}(subject) FROM ("
        f"{every(subject, lambda table: named(table, dialect))}) whole"
        for subject in REACHED_BY
    ]


def _pair(dialect: str, id: str, up: bytes, down: bytes) -> dict[str, bytes]:
    return {f"{dialect}/{id}.up.sql": up, f"{dialect}/{id}.down.sql": down}


def title(forward: Change) -> str:
    """What a change is about, for the file's name: the bodies it touches, never what it makes of them.

    So the name stays while a branch works on the same bodies, and two branches that touch others meet in no name.
    """
    from hashlib import sha256

    kinds = dict(_TITLES)
    found: dict[str, None] = {}
    for edit in forward.edits:
        row = edit.key if isinstance(edit, Update) else edit.row
        kind = kinds.get(edit.table)
        found[_SINGLE.get(edit.table, "defaults") if kind is None else f"{kind}-{row[kind]}"] = None
    bodies = sorted(found)
    if len(bodies) == 1 and len(bodies[0]) <= _LONGEST:
        return bodies[0]
    digest = sha256("\n".join(bodies).encode()).hexdigest()[:8]
    return f"{bodies[0][:_LONGEST]}_and_{len(bodies) - 1}_more_{digest}"


def _counted(change: Change) -> str:
    swaps = f", {len(change.swaps)} of them a change of primary" if change.swaps else ""
    return f"{len(change.edits)} rows change{swaps}"
