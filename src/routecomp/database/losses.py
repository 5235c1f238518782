"""Count the rows that taking migrations back would lose: those that no migration wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from routecomp.database.drift import live_state, our_tables, replay_reference
from routecomp.database.driver import Database
from routecomp.database.failure import DatabaseError
from routecomp.database.plan import body
from routecomp.model.suggest import suggestion
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.ledgers import LEDGERS, PROMOTIONS
from routecomp.sql.literals import literal, quoted_name
from routecomp.sql.migration import Migration, covered
from routecomp.sql.read.objects import read_statement
from routecomp.sql.read.row_edits import assertion, edits, inserted_rows
from routecomp.sql.read.script import Statement
from routecomp.sql.read.statement import (
    Name,
    alters,
    created_table,
    dropped_column,
    dropped_objects,
    name_at,
    parts,
    skip,
)
from routecomp.sql.reference import Reference
from routecomp.sql.tables import BY_NAME


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows that would be lost with a table, or with a column (`TABLE.COLUMN`) that holds something in them."""

    name: str
    rows: int

    def __str__(self) -> str:
        return f"{self.name} ({self.rows:,} row{'s' * (self.rows != 1)})"


@dataclass(frozen=True, slots=True)
class Consent:
    """What may be taken back: `only` this migration (None: whatever is asked for), and the rows of these tables."""

    only: str | None = None
    rows: frozenset[str] = frozenset()


def require_consent(
    losses: Sequence[Loss], chosen: Sequence[Migration], consent: Consent, unchanged: str = "nothing was changed"
) -> None:
    """Raise `DatabaseError` where rows would be lost that nobody named; `unchanged` says what is left as it was."""
    unnamed = [
        loss
        for loss in losses
        if not any(loss.name == name or loss.name.startswith(f"{name}.") for name in consent.rows)
    ]
    if unnamed:
        rest = f" and {len(chosen) - 1} more" if len(chosen) > 1 else ""
        raise DatabaseError(
            f"taking back {chosen[-1].id}{rest} would drop rows that no migration wrote: "
            f"{', '.join(map(str, unnamed))}",
            f"{unchanged}; keep a copy of what is still needed, then name what may be lost: "
            + " ".join(f"--drop-rows {loss.name}" for loss in losses),
            "refused",
        )


def require_known(consent: Consent, chosen: Sequence[Migration], dialect: Dialect) -> None:
    """Raise `DatabaseError` for a name in a consent that these migrations do not drop."""
    dropped = _dropped(chosen, dialect)
    known = sorted([*dropped.tables, *dropped.columns])
    for name in sorted(consent.rows - set(known)):
        raise DatabaseError(
            f"--drop-rows names `{name}`, which what is taken back does not drop",
            suggestion(name, known, f"it drops {', '.join(known)}" if known else "leave it out"),
        )


def find_losses(
    database: Database,
    chosen: Sequence[Migration],
    own: Sequence[Migration],
    standing: Collection[str],
    reference: Reference | None,
    *,
    locked: bool = False,
) -> list[Loss]:
    """Return what taking back the `chosen` migrations would lose, by name.

    A row of a policy table is lost if it is not what the migrations that are `standing` lead to, as `reference` says;
    without one such tables are left out. With `locked` nobody can write to what is counted until the transaction ends.
    """
    dropped = _dropped(chosen, database.dialect)
    tables = {name: table for name, table in dropped.tables.items() if database.find_table(table, lock=locked)}
    gone = {table.quoted for table in tables.values()}
    losses = [
        Loss(name, _count(database, table, f"{column} IS NOT NULL"))
        for name, (table, column) in dropped.columns.items()
        if table.quoted not in gone and database.find_table(table, lock=locked)
    ]
    names = database.dialect.names
    policy = {name for name in tables if names.bare(name) in BY_NAME}
    for name in tables.keys() - policy:
        if names.bare(name) == PROMOTIONS:
            ids = ", ".join(literal(migration.id, database.dialect) for migration in own)
            losses.append(Loss(name, _count(database, tables[name], f"migration NOT IN ({ids})")))
        else:
            losses.append(Loss(name, _count(database, tables[name], "1 = 1") - dropped.seeds.get(name, 0)))
    applied = [migration for migration in own if migration.id in standing]
    if policy and reference is not None and reference.knows(applied):
        wanted = replay_reference(reference.only(covered(applied)), set()).state.tables
        live = live_state(database, database.catalogue(our_tables(applied, database))).tables
        for name in policy:
            rows, present = wanted[names.bare(name) or ""], live[names.bare(name) or ""]
            losses.append(Loss(name, sum(rows.get(key) != row for key, row in present.items())))
    return sorted((loss for loss in losses if loss.rows > 0), key=lambda loss: loss.name)


@dataclass(frozen=True, slots=True)
class _Dropped:
    """What migrations drop when they are taken back.

    `tables` maps the name in messages to that in a statement, `columns` the same to its table and column; `seeds`
    counts the rows that the way there of a table wrote into it.
    """

    tables: dict[str, Name]
    columns: dict[str, tuple[Name, str]]
    seeds: dict[str, int]


def _dropped(chosen: Sequence[Migration], dialect: Dialect) -> _Dropped:
    """Read what the ways back of migrations drop; a table that one of them makes anew is not dropped."""
    dropped = _Dropped({}, {}, {})
    for migration in chosen:
        inner = [read_statement(text, dialect) for text in body(migration.id, migration.down or b"", dialect)]
        made = {_shown(created.table, dialect) for each in inner if (created := created_table(each)) is not None}
        asserted = {
            (name, column)  # the file itself refuses to take away what such a column holds
            for each in inner
            if assertion(each, dialect.names)
            for name, column in permutations({token.name for token in each.tokens if token.name is not None}, 2)
        }
        made |= {_shown(name, dialect) for each in inner for name in _renamed(each)}
        for statement in inner:
            for name in _emptied(statement, dialect):
                if _shown(name, dialect) not in made:
                    dropped.tables[_shown(name, dialect)] = name
            for alter in alters(statement):
                column = dropped_column(alter)
                table = _shown(alter.table, dialect)
                if column is not None and table not in made and (alter.table.name, column.name) not in asserted:
                    dropped.columns[f"{table}.{column.name}"] = alter.table, quoted_name(column.name)
        for text in body(migration.id, migration.up, dialect):
            for edit in edits(read_statement(text, dialect)):
                table = _shown(edit.table, dialect)
                dropped.seeds[table] = dropped.seeds.get(table, 0) + len(inserted_rows(edit))
    return dropped


def _emptied(statement: Statement, dialect: Dialect) -> Iterator[Name]:
    """Yield the tables that a statement drops or empties."""
    for kind, name in dropped_objects(statement, "TABLE", "SCHEMA"):
        if kind == "TABLE":
            yield name
        elif name.name == dialect.names.schema:
            yield from (Name(name.name, dialect.names.of(table.name), name.first, name.last) for table in LEDGERS)
    tokens = statement.tokens
    if statement.starts("TRUNCATE"):
        for part in parts(tokens[skip(tokens, 1, "TABLE") :]):
            named = name_at(part, skip(part, 0, "ONLY"))
            if named is not None:
                yield named[0]
    yield from (edit.table for edit in edits(statement) if edit.verb == "DELETE" and not edit.condition)


def _renamed(statement: Statement) -> Iterator[Name]:
    """Yield the name that a table is given."""
    for alter in alters(statement):
        named = name_at(alter.action, 2) if alter.says("RENAME", "TO") else None
        if named is not None:
            yield named[0]


def _shown(name: Name, dialect: Dialect) -> str:
    """Return the name of a table as messages show it: with its schema where that is not the project's."""
    return name.name if name.schema in (None, dialect.names.schema, "main") else f"{name.schema}.{name.name}"


def _count(database: Database, table: Name, condition: str) -> int:
    return int(database.run(f"SELECT count(*) FROM {table.quoted} WHERE {condition}")[0][0])
