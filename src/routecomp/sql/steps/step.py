"""Write a schema step: numbered migrations that bring every dialect from what is released to what is wanted."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from routecomp.sql.ddl import SCHEMA, TENANTS, create_schema
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.dialects.registry import dialect as dialect_named
from routecomp.sql.migration import Migration, names_in
from routecomp.sql.names import DEFAULT
from routecomp.sql.read.lexer import tokens
from routecomp.sql.read.normal_form import is_same
from routecomp.sql.read.objects import OBJECTS, Objects, Thing, read_objects
from routecomp.sql.read.statement import name_at
from routecomp.sql.schema import Schema, Table, key_name
from routecomp.sql.script_text import statements
from routecomp.sql.statements import apart, transaction
from routecomp.sql.steps.compare import StepError, changed_things, name_of, required_leftovers, settle
from routecomp.sql.steps.plain import differing, mentioning, with_default_names
from routecomp.sql.steps.transition import Transition
from routecomp.version import __version__

_STAMP = re.compile(r"\A-- Migration \d+: .*\bthe schema of routecomp (\d+)\.(\d+)")


def stamp() -> str:
    """Return how a migration that brings a schema calls it: by the major and minor version of routecomp."""
    return f"the schema of routecomp {'.'.join(__version__.split('.')[:2])}"


@dataclass(frozen=True)
class Made:
    """The schema that migrations of a dialect made: what there is, and what of it they wrote themselves (`ours`)."""

    objects: Objects
    ours: frozenset[Thing]


def read_made(migrations: Sequence[Migration], dialect: Dialect, names: Collection[str] = ("",)) -> Made:
    """Read the schema that the up files of migrations lead to, from the statements in which one of `names` stands."""
    objects: Objects = {}
    ours: set[Thing] = set()
    for migration in migrations:
        text = migration.up.decode("utf-8", "replace")
        after = read_objects(mentioning(statements(text), names), dialect, objects)
        if migration.is_ours:
            ours |= {thing for thing, definition in after.items() if objects.get(thing) != definition}
        objects = after
    return Made(objects, frozenset(ours & objects.keys()))


@dataclass(frozen=True)
class Gap:
    """What migrations made of a dialect (`before`), and what they have to lead to (`after`).

    `leftovers` are columns that are not wanted any more, stay, and may not be left out: no step leads there. `aside`
    are tables that get another name first, since their key is not the one that is wanted: in `before` they have it.
    """

    before: Objects = field(default_factory=dict)
    after: Objects = field(default_factory=dict)
    leftovers: tuple[Thing, ...] = ()
    aside: tuple[Table, ...] = ()

    def __bool__(self) -> bool:
        return bool(changed_things(self.before, self.after))


def find_gap(migrations: Sequence[Migration], dialect: Dialect, schema: Schema = SCHEMA) -> Gap:
    """Compare what the migrations of a dialect made with the schema that is wanted; none without migrations.

    Only what differs is read, with all that stands on it. The company's own table of tenants counts when a baseline is
    written: its foreign key is left as it is.
    """
    if not migrations:
        return Gap()
    own = _own(dialect, migrations)
    present = [text for migration in migrations for text in statements(migration.up.decode("utf-8", "replace"))]
    if own.names != DEFAULT:  # a schema with other names has to be rendered, which takes half a second
        plain = with_default_names(present, own.names)
        if not differing(plain, create_schema(dialect.named(DEFAULT), schema=schema)):
            return Gap()
    wanted = create_schema(own, schema=schema)
    names = differing(present, wanted)
    if not names:
        return Gap()
    made = read_made(migrations, own, names)
    target = read_objects(mentioning(wanted, names), own)
    aside = tuple(table for table in schema.tables if table.aside and _has_other_key(table, made.objects, target, own))
    for table in aside:
        made = _put_aside(made, table, own)
    after = settle(made.objects, target, made.ours, [_tenants_key(own)], own)
    return Gap(made.objects, after, tuple(required_leftovers(made.objects, target, made.ours, own)), aside)


def _has_other_key(table: Table, present: Objects, wanted: Objects, dialect: Dialect) -> bool:
    """Return whether a table is there that lacks a column of the wanted one's key, which no step can give it."""
    name = dialect.names.of(table.name)
    is_there = (name, "table", name) in present and (name, "table", name) in wanted
    return is_there and any((name, "column", column) not in present for column in table.key)


def _put_aside(made: Made, table: Table, dialect: Dialect) -> Made:
    """Return what migrations made, with a table called as it is once it is put aside."""
    name, aside = dialect.names.of(table.name), dialect.names.of(table.aside)
    text = "\n".join(f"{statement};\n" for statement in _aside_statements(table, dialect, is_back=False))
    ours = {(aside, thing[1], aside if thing[1] == "table" else thing[2]) for thing in made.ours if thing[0] == name}
    return Made(read_objects(statements(text), dialect, made.objects), made.ours | ours)


def _aside_statements(table: Table, dialect: Dialect, *, is_back: bool) -> list[str]:
    """Return the statements that put a table aside, or those of the way back."""
    of = dialect.names.of
    pair = [(of(table.name), of(key_name(table))), (of(table.aside), of(f"{table.aside}_pkey"))]
    (name, key), (other, other_key) = reversed(pair) if is_back else pair
    return list(dialect.put_aside(name, other, key, other_key))


def _own(dialect: Dialect, migrations: Sequence[Migration]) -> Dialect:
    """Return a dialect with the names that migrations give to tables."""
    return dialect.named(names_in(migrations) or DEFAULT)


def _tenants_key(dialect: Dialect) -> Thing:
    """Return the foreign key to the company's own table of tenants, which no version wants or has to take away."""
    own = dialect.names.of
    return own(TENANTS), "constraint", own(f"{TENANTS}_tenant_fkey")


def tenants_of(migrations: Sequence[Migration], dialect: Dialect) -> tuple[str, str] | None:
    """Return the company's own table of tenants and its column, to which migrations made a foreign key; else None."""
    key = _tenants_key(dialect)
    definition = read_made(migrations, dialect, (key[0],)).objects.get(key, "")
    every = [token for token in tokens(definition, dialect) if token.kind != "comment"]
    place = next((index for index, token in enumerate(every) if token.up == "REFERENCES"), len(every))
    table = name_at(every, place + 1)
    column = None if table is None else name_at(every, table[1] + 1)
    if table is None or column is None:
        return None
    schema = table[0].schema
    return f"{schema}.{table[0].name}" if schema is not None else table[0].name, column[0].name


class NewerSchemaError(Exception):
    """Migrations of a newer routecomp made a schema that this one does not know; `names` are of what it has not.

    `id` is the migration that brought it, and `version` the routecomp (`0.3`) that wrote it.
    """

    def __init__(self, id: str, version: str, names: Sequence[str]) -> None:
        more = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
        super().__init__(f"{names[0]}{more}, which this version of routecomp does not know")
        self.names = names
        self.id = id
        self.version = version

    @property
    def help(self) -> str:
        """What to do."""
        return f"install the routecomp that wrote migration {self.id}: {self.version} or newer"


def find_newer(migrations: Sequence[Migration], dialect: Dialect, schema: Schema = SCHEMA) -> NewerSchemaError | None:
    """Return, not raise, what migrations of a newer routecomp made that is not wanted here, or otherwise; else None."""
    newer = newer_stamp(migrations)
    if newer is None:
        return None
    own = _own(dialect, migrations)
    made, wanted = read_made(migrations, own), read_objects(create_schema(own, schema=schema), own)
    objects = {thing: text for thing, text in made.objects.items() if thing in made.ours and thing[1] in OBJECTS}
    unknown = [thing for thing in objects if thing not in wanted and thing != _tenants_key(own)]
    other = [thing for thing, text in objects.items() if thing in wanted and not is_same(text, wanted[thing], own)]
    left_out = [thing for thing in wanted if thing not in made.objects and thing[1] in OBJECTS]
    names = [name_of(thing) for thing in [*unknown, *other]]
    names += [f"a schema without {name_of(thing)}" for thing in left_out]
    return NewerSchemaError(newer[0].id, newer[1], names) if names else None


def newer_stamp(migrations: Sequence[Migration]) -> tuple[Migration, str] | None:
    """Return the migration that brought the schema of the newest routecomp that is newer than this, and its version."""
    own = tuple(int(part) for part in __version__.split(".")[:2])
    newest: tuple[tuple[int, int], Migration] | None = None
    for migration in migrations:
        match = _STAMP.match(migration.up[:400].decode("utf-8", "replace"))
        version = (int(match[1]), int(match[2])) if match is not None else (0, 0)
        if version > own and (newest is None or version > newest[0]):
            newest = version, migration
    return None if newest is None else (newest[1], ".".join(map(str, newest[0])))


@dataclass(frozen=True)
class _Way:
    """The statements of a dialect in one direction: `apart` are indexes by (name, whether it comes)."""

    main: list[str] = field(default_factory=list)
    indexes: Mapping[tuple[str, bool], str] = field(default_factory=dict)
    validations: list[str] = field(default_factory=list)


def write_step(
    known: Mapping[str, Sequence[Migration]], number: int, schema: Schema = SCHEMA
) -> list[dict[str, Migration]]:
    """Return the migrations of a step, each by dialect, numbered from `number` on; none where nothing is missing.

    `known` are the released migrations of each dialect that is wanted. Where services use the tables while a migration
    runs, an index has a migration of its own, and what was added NOT VALID is validated in the last one. Raises
    `NewerSchemaError` where a newer routecomp wrote what is there, and `StepError` where no step leads on from there.
    """
    dialects = {name: _own(dialect_named(name), migrations) for name, migrations in known.items()}
    for name, migrations in known.items():
        if (newer := find_newer(migrations, dialects[name], schema)) is not None:
            raise newer
    gaps = {name: find_gap(known[name], dialect, schema) for name, dialect in dialects.items()}
    for gap in gaps.values():
        for thing in gap.leftovers:
            raise StepError(f"{name_of(thing)} is not wanted any more, and no row can leave it out")
    if not any(gaps.values()):
        return []
    is_apart = any(dialect.apart for dialect in dialects.values())
    ways = {
        name: (_way(gap, dialects[name], is_apart, False), _way(gap, dialects[name], is_apart, True))
        for name, gap in gaps.items()
    }
    hash = sha256(repr(sorted(ways.items(), key=lambda item: item[0])).encode()).hexdigest()[:8]
    step: list[dict[str, Migration]] = []
    if any(way.main for pair in ways.values() for way in pair):
        id = f"{number:04}_schema_{hash}"
        step = [{name: _migration(id, stamp(), there.main, back.main, name) for name, (there, back) in ways.items()}]
    for index, comes in sorted({key for there, _ in ways.values() for key in there.indexes}, key=lambda key: key[1]):
        own = f"{number + len(step):04}_schema_{hash}_{'' if comes else 'without_'}{index}"
        step.append({name: _index_migration(own, way, (index, comes), name) for name, way in ways.items()})
    if any(there.validations for there, _ in ways.values()):
        own = f"{number + len(step):04}_schema_{hash}_valid"
        title = f"what {stamp()} added holds for every row"
        step.append({name: _migration(own, title, there.validations, [], name) for name, (there, _) in ways.items()})
    return step


def _way(gap: Gap, own: Dialect, is_apart: bool, is_back: bool) -> _Way:
    """Return the statements of a dialect in one direction; without `is_apart` the indexes are among the others."""
    before, after = (gap.after, gap.before) if is_back else (gap.before, gap.after)
    standing = gap.before if is_apart else {thing: text for thing, text in before.items() if after.get(thing) == text}
    reason = None if is_back else f"{stamp()} has another one, or none"
    transition = Transition(before, after, own, standing, is_apart, reason)
    aside = [text for table in gap.aside for text in _aside_statements(table, own, is_back=is_back)]
    first, last = ([], aside) if is_back else (aside, [])
    indexes = {(index, comes): statement for index, comes, statement in transition.indexes()}
    unique = [transition.assert_unique(thing) for thing in transition.unique_indexes()]
    if is_apart:
        checked = [] if is_back else unique
        return _Way([*first, *transition.statements(), *checked, *last], indexes, transition.validations())
    drops = [statement for (_, comes), statement in indexes.items() if not comes]
    creates = [statement for (_, comes), statement in indexes.items() if comes]
    return _Way([*first, *drops, *transition.statements(), *unique, *creates, *last], {}, transition.validations())


def _migration(id: str, title: str, there: list[str], back: list[str], name: str) -> Migration:
    """Return a migration that is one transaction; one without statements does nothing."""
    own = dialect_named(name)
    return Migration(id, transaction(id, title, there, own), transaction(id, f"the way back of {title}", back, own))


def _index_migration(id: str, ways: tuple[_Way, _Way], key: tuple[str, bool], name: str) -> Migration:
    """Return the migration that builds or drops one index."""
    index, comes = key
    title = f"an index of {stamp()}" if comes else f"an index that {stamp()} has not, or otherwise"
    there, back = ways[0].indexes.get(key), ways[1].indexes.get((index, not comes))
    own = dialect_named(name)
    if not own.apart or there is None or back is None:
        return _migration(id, title, [there] if there else [], [back] if back else [], name)
    return Migration(id, apart(id, title, there, own), apart(id, f"the way back of {title}", back, own))
