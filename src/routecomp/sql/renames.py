"""Rename rows: the row that declares a slug, and every row that refers to it.

No database has keys that follow a changed one here: the row is made again under its new name, what refers to it is
pointed there, and the old row goes last. Versions of experiments are append-only: of a model they are withdrawn and
appended as in any other change, and of an experiment they are copied, history included, while it is a draft.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.literals import literal, table_name, where
from routecomp.sql.schema import Table, Value
from routecomp.sql.state import DatabaseState, Key, Promotion, Row
from routecomp.sql.tables import BY_NAME, TABLES, state_key

PARENTS = {
    "provider": "providers",
    "model": "models",
    "feature": "features",
    "target": "targets",
    "tenant": "tenant_routing_policy",
    "experiment": "model_experiment",
}
"""By kind the table whose key is the slug; the column is called as the kind."""
_BESIDE = {
    "model": (("default_banned_models", "model"), ("tenant_banned_models", "model")),
    "feature": (("default_routes", "feature"),),
}
"""Columns that name a slug without a foreign key."""
_SHARED = "circuit_breakers"
"""What services share: the state of a provider's or a model's circuit goes on under the new name."""
_VERSIONS = "model_experiment_variant_version"
_CHILDREN = ("model_experiment_variant", "model_experiment_variant_slot", _VERSIONS)


@dataclass(frozen=True, slots=True)
class Rename:
    """A slug that changes: its kind, and the row that declares it as it is expected to be."""

    kind: str
    old: str
    new: str
    row: Row

    @property
    def table(self) -> str:
        """The table whose key it is."""
        return PARENTS[self.kind]


def effective(before: DatabaseState, after: DatabaseState, names: Sequence[tuple[str, str, str]]) -> tuple[Rename, ...]:
    """Return the renames, given as (kind, old, new), that a state still has to see: it has the old slug alone.

    The state that they lead to has the old slug no more.
    """
    renames: list[Rename] = []
    for kind, old, new in names:
        rows, later = (side.tables[PARENTS[kind]] for side in (before, after))
        if (old,) in rows and (new,) not in rows and (old,) not in later:
            renames.append(Rename(kind, old, new, rows[old,]))
            before = renamed_state(before, renames[-1:])  # the next row may refer to this one
    return tuple(renames)


def renames_between(before: DatabaseState, after: DatabaseState) -> list[tuple[str, str, str]]:
    """Return what may be renamed between two states: what the second says, and what it takes back or goes on with.

    Two slugs are the same thing, too, where migrations made one of the other, or both of one that came before.
    """
    names = list(after.renames)
    was = {(kind, new): old for kind, old, new in after.renames}
    for kind, old, new in reversed(before.renames):
        rows, later = (side.tables[PARENTS[kind]] for side in (before, after))
        if (new,) in rows and (new,) not in later:
            names += [
                (kind, new, str(slug))
                for (slug,) in later
                if (slug,) not in rows and old in (slug, was.get((kind, str(slug))))
            ]
    return names


def renamed_state(before: DatabaseState, renames: Sequence[Rename]) -> DatabaseState:
    """Return a state after renames; live versions keep the old name of a model, since they are appended anew."""
    tables: dict[str, Mapping[Key, Row]] = dict(before.tables)
    promotions: Mapping[str, Promotion] = before.promotions
    for rename in renames:
        names = {rename.old: rename.new}
        for table, column in (
            (rename.table, rename.kind),
            *_references(rename.kind),
            *((child, "experiment") for child in _CHILDREN * (rename.kind == "experiment")),
        ):
            rows = [
                row | {column: names.get(str(row[column]), row[column])} if row[column] is not None else row
                for row in tables[table].values()
            ]
            key = state_key(BY_NAME[table])
            tables[table] = {tuple(row[name] for name in key): row for row in rows}
        promotions = renamed_promotions(promotions, (rename.kind, rename.old, rename.new))
    return replace(before, tables=tables, promotions=promotions)


def renamed_promotions(promotions: Mapping[str, Promotion], renamed: tuple[str, str, str]) -> dict[str, Promotion]:
    """Return each feature's last promotion after a rename of (kind, old, new), under the names of after it."""
    kind, old, new = renamed
    if kind == "model":
        names: dict[Value, Value] = {old: new}
        return {
            feature: (names.get(before, before), names.get(after, after), word)
            for feature, (before, after, word) in promotions.items()
        }
    names = {old: new} if kind == "feature" else {}
    return {str(names.get(feature, feature)): last for feature, last in promotions.items()}


def opening(renames: Sequence[Rename], dialect: Dialect) -> Iterator[str]:
    """Yield the statements that make the rows under their new names, and point there what refers to them."""
    for rename in renames:
        table, column = BY_NAME[rename.table], rename.kind
        there = f"SELECT 1 FROM {table_name(table.name, dialect)} WHERE "
        yield dialect.assertion(
            literal(f"CONFLICT: {rename.kind} {rename.old} is not what this migration expects", dialect),
            f"EXISTS ({there}{where(rename.row, dialect)})",
        )
        yield dialect.assertion(
            literal(
                f"CONFLICT: there is {'an' if rename.kind == 'experiment' else 'a'} {rename.kind} {rename.new} already",
                dialect,
            ),
            f"NOT EXISTS ({there}{where({column: rename.new}, dialect)})",
        )
        if rename.kind == "experiment":
            yield from _experiment(rename, dialect)
            continue
        yield _copy(table, column, rename, dialect)
        if column in ("provider", "model"):
            yield _circuits(column, rename, dialect)
        for child, name in _references(rename.kind):
            yield (
                f"UPDATE {table_name(child, dialect)} SET {name} = {literal(rename.new, dialect)}\n"
                f"WHERE {where({name: rename.old}, dialect)}"
            )


def _circuits(column: str, rename: Rename, dialect: Dialect) -> str:
    """Return the statement that lets circuits go on under a new name, but those that services have begun there."""
    other = "model" if column == "provider" else "provider"
    table = table_name(_SHARED, dialect)
    begun = f"SELECT {other} FROM {table} WHERE {where({column: rename.new}, dialect)}"
    return (
        f"UPDATE {table} SET {column} = {literal(rename.new, dialect)}\n"
        f"WHERE {where({column: rename.old}, dialect)} AND {other} NOT IN ({begun})"
    )


def closing(renames: Sequence[Rename], dialect: Dialect) -> Iterator[str]:
    """Yield the statements that take the rows under their old names away, once nothing refers to them."""
    for rename in sorted(renames, key=lambda each: each.kind != "experiment"):  # versions hold models back
        for table in (*reversed(_CHILDREN * (rename.kind == "experiment")), rename.table):
            yield f"DELETE FROM {table_name(table, dialect)}\nWHERE {where({rename.kind: rename.old}, dialect)}"


def _references(kind: str) -> list[tuple[str, str]]:
    """Return the columns that refer to a slug of a kind, but those of versions and of experiments' own rows."""
    parent = PARENTS[kind]
    columns = [
        (table.name, foreign.columns[0])
        for table in TABLES
        for foreign in table.foreign
        if foreign.table == parent and foreign.references == (kind,) and not table.name.startswith("model_experiment")
    ]
    return [*columns, *_BESIDE.get(kind, ())]


def _experiment(rename: Rename, dialect: Dialect) -> Iterator[str]:
    """Yield the statements that copy an experiment with its variants, slots and versions, while the old one is a draft.

    A draft holds no place that only one may hold, and lets its versions go; a salt belongs to one at a time.
    """
    table = BY_NAME["model_experiment"]
    spare = {"status": "draft", "winner": None, "salt": f"{rename.row['salt']}~{rename.new}"}
    cells = ", ".join(f"{name} = {literal(value, dialect)}" for name, value in spare.items())
    yield (f"UPDATE {table_name(table.name, dialect)} SET {cells}\nWHERE {where({'experiment': rename.old}, dialect)}")
    yield _copy(table, "experiment", rename, dialect, {name: rename.row[name] for name in spare})
    for child in _CHILDREN:
        yield _copy(BY_NAME[child], "experiment", rename, dialect)


def _copy(table: Table, column: str, rename: Rename, dialect: Dialect, cells: Row | None = None) -> str:
    """Return the statement that copies the rows of a slug under its new name; `cells` hold other values besides."""
    others = {column: rename.new, **(cells or {})}
    names = [each.name for each in table.columns if not each.computed and each.kind != "serial"]
    values = [literal(others[name], dialect) if name in others else name for name in names]
    name = table_name(table.name, dialect)
    order = "\nORDER BY id" if any(each.kind == "serial" for each in table.columns) else ""
    return (
        f"INSERT INTO {name} ({', '.join(names)})\nSELECT {', '.join(values)} FROM {name}\n"
        f"WHERE {where({column: rename.old}, dialect)}{order}"
    )
