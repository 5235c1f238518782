"""Find the steps that lead from one state to another, in an order in which every constraint holds.

Only cells that differ are touched, and each step says which values it expects. So a change commutes with every change
that it has nothing in common with, and fails as a whole where somebody else was faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from routecomp.sql.invariants import REACHED_BY, WATCHED, Subject, Watched
from routecomp.sql.migration import MAY_BE_ROLLED_BACK
from routecomp.sql.renames import Rename, effective, renamed_state, renames_between
from routecomp.sql.schema import Table, Value
from routecomp.sql.state import DatabaseState, Key, Row
from routecomp.sql.tables import BY_NAME, TABLES, state_key

_EXPERIMENTS = tuple(table.name for table in TABLES if table.name.startswith("model_experiment"))
_LISTS = tuple(
    table.name
    for table in TABLES
    if table.name.startswith(("tenant_", "default_")) and table.name not in ("tenant_routing_policy", "default_routes")
)
_LEAVES = (
    "model_aliases",
    "model_capabilities",
    "target_aliases",
    "target_models",
    "target_stacks",
    "feature_aliases",
    "feature_models",
    "feature_fallbacks",
    "default_routes",
    "routing_preferences",
    *_LISTS,
    *_EXPERIMENTS,
)
"""Tables that no other table refers to (those of experiments refer to each other): their rows go first, come last."""


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row."""

    table: str
    row: Row


@dataclass(frozen=True, slots=True)
class Update:
    """Cells of one row that change; `old` is what they are expected to hold."""

    table: str
    key: Row
    old: Row
    new: Row


@dataclass(frozen=True, slots=True)
class Delete:
    """A row that goes; `row` is what it is expected to hold."""

    table: str
    row: Row


@dataclass(frozen=True, slots=True)
class Swap:
    """A feature's primary changes: `old` is None where the feature is new, `new` where it goes.

    `eligible` is the status the new primary is expected to have in the feature until now: None where it is new.
    """

    feature: str
    old: str | None
    new: str | None
    kind: str
    eligible: str | None = None


Edit = Insert | Update | Delete


@dataclass(frozen=True)
class Change:
    """The steps of a change; it is false where there are none.

    `swaps` are asserted before the edits and recorded after them; `touched` are the subjects whose invariants the edits
    may break, by kind (None for all of the kind).
    """

    edits: tuple[Edit, ...]
    swaps: tuple[Swap, ...]
    touched: Mapping[Subject, frozenset[str] | None] = field(default_factory=dict)
    renames: tuple[Rename, ...] = ()
    """Rows that get other names before the edits are made."""

    def __bool__(self) -> bool:
        return bool(self.edits or self.renames)


def change(
    before: DatabaseState, after: DatabaseState, names: tuple[tuple[str, str, str], ...] | None = None
) -> Change:
    """Return the least change that leads from one state to the other, in an order in which every constraint holds.

    Rows that are called otherwise, as one of the states tells, are renamed first; `names` says it in their place.
    """
    renames = effective(before, after, renames_between(before, after) if names is None else names)
    before = renamed_state(before, renames)
    work = _Work(before, after)
    edits = tuple(work.edits())
    touched = dict.fromkeys(REACHED_BY) if renames else _touched(edits, before, after)
    return Change(edits, tuple(_swaps(before, after)), touched, renames)


def inverse(forward: Change, before: DatabaseState, after: DatabaseState) -> Change:
    """Return the change back, for the down file: `forward` led from `before` to `after`.

    Its swaps are undone by rows of their own in the ledger, which only grows.
    """
    back = change(after, before, tuple((each.kind, each.new, each.old) for each in reversed(forward.renames)))
    undone = {"initial": "removed", "removed": "initial", "rollback": "promotion"}
    kinds = {_before(swap.feature, forward): undone.get(swap.kind, "rollback") for swap in forward.swaps}
    swaps = tuple(replace(swap, kind=kinds[swap.feature]) for swap in back.swaps)
    return Change(back.edits, swaps, back.touched, back.renames)


def _before(feature: str, forward: Change) -> str:
    """Return what a change's renames found a feature under, which is called by a name behind them."""
    for rename in reversed(forward.renames):
        if rename.kind == "feature" and rename.new == feature:
            feature = rename.old
    return feature


class _Work:
    """The edits of one change, group by group."""

    def __init__(self, before: DatabaseState, after: DatabaseState) -> None:
        self.before: dict[str, Mapping[Key, Row]] = {}
        self.after: dict[str, Mapping[Key, Row]] = {}
        for name, was in before.tables.items():
            now = after.tables[name]
            if name != "model_experiment":  # its rows take part in what happens to their variants
                was, now = _apart(was, now), _apart(now, was)
            self.before[name], self.after[name] = was, now
        # Cells that an earlier step of this very change has already moved: table, key -> what they hold now.
        self._now: dict[tuple[str, Key], Row] = {}

    def edits(self) -> Iterator[Edit]:
        """Yield every edit, in an order in which every constraint holds."""
        leaves = [table for table in TABLES if table.name in _LEAVES]
        parents = [table for table in TABLES if table.name not in _LEAVES]
        yield from self._freed()
        for table in reversed(leaves):
            yield from self._deletes(table)
        yield from self._demoted()
        for table in parents:
            yield from self._inserts(table)
            yield from self._updates(table)
        for table in leaves:
            if table.name != "feature_models":
                yield from self._updates(table)
            yield from self._inserts(table)
            if table.name == "feature_models":  # a row may have come that keeps its place until here
                yield from self._updates(table)
        for table in reversed(parents):
            yield from self._deletes(table)

    def _freed(self) -> Iterator[Edit]:
        """Yield what experiments must let go first: versions that will be deleted, an id or a salt that others take.

        Such an experiment becomes a draft for a while, or gets a salt that nobody has.
        """
        was, now = self.before["model_experiment"], self.after["model_experiment"]
        variants = self.before["model_experiment_variant"]
        kept = self.after["model_experiment_variant"]
        opened = {key[0] for key in variants if key not in kept}
        salts = {row["salt"]: key for key, row in now.items()}
        places = {place: key for key, row in now.items() for place in _places(row)}
        for key, row in was.items():
            cells: Row = {}
            if row["status"] != "draft" and (
                key[0] in opened or any(places.get(place, key) != key for place in _places(row))
            ):
                cells = {"status": "draft", "winner": None} if row["winner"] is not None else {"status": "draft"}
            if salts.get(row["salt"], key) != key and key in now:
                cells["salt"] = self._spare(f"{key[0]}-between")
            if cells:
                yield Update(
                    "model_experiment", _named("model_experiment", row), {name: row[name] for name in cells}, cells
                )
                self._now["model_experiment", key] = {**row, **cells}

    def _spare(self, salt: str) -> str:
        """Return `salt`, with as many `-` behind it as make it unused on both sides."""
        taken = {row["salt"] for state in (self.before, self.after) for row in state["model_experiment"].values()}
        while salt in taken:
            salt += "-"
        return salt

    def _demoted(self) -> Iterator[Edit]:
        """Yield the updates of primaries that step down, and note them as done.

        INVARIANT: who leaves a place that only one may hold leaves it before anyone takes it.
        """
        for key, row in self.before["feature_models"].items():
            new = self.after["feature_models"].get(key)
            if new is not None and row["status"] == "primary" and new["status"] != "primary":
                yield self._update("feature_models", key, row, new)
                self._now["feature_models", key] = new

    def _inserts(self, table: Table) -> Iterator[Edit]:
        was = self.before[table.name]
        for key, row in self.after[table.name].items():
            if key not in was or self._is_replaced(table, was[key], row):
                yield Insert(table.name, row)

    def _deletes(self, table: Table) -> Iterator[Edit]:
        now = self.after[table.name]
        for key, row in self.before[table.name].items():
            if key not in now or self._is_replaced(table, row, now[key]):
                yield Delete(table.name, self._now.get((table.name, key), row))

    def _is_replaced(self, table: Table, old: Row, new: Row) -> bool:
        """Return whether a row is deleted and another inserted, in place of an update.

        Versions are never rewritten: one is withdrawn, another appended. Places in lists, slots and aliases likewise.
        """
        return old != new and table.name in (
            "model_experiment_variant_version",
            "feature_fallbacks",
            "model_experiment_variant_slot",
            "target_aliases",
            "feature_aliases",
            "model_aliases",
        )

    def _updates(self, table: Table) -> Iterator[Edit]:
        was = self.before[table.name]
        for key, new in self.after[table.name].items():
            if key not in was:
                continue
            old = self._now.get((table.name, key), was[key])
            if old != new and not self._is_replaced(table, old, new):
                yield self._update(table.name, key, old, new)

    def _update(self, table: str, key: Key, old: Row, new: Row) -> Update:
        """Return the update of the cells in which two rows of a key differ."""
        cells = [name for name in new if old[name] != new[name]]
        return Update(
            table, _named(table, new), {name: old[name] for name in cells}, {name: new[name] for name in cells}
        )


def _apart(rows: Mapping[Key, Row], others: Mapping[Key, Row]) -> Mapping[Key, Row]:
    """Return the rows that are not the same among the others: most changes touch few of many."""
    return {} if rows == others else {key: row for key, row in rows.items() if others.get(key) != row}


def _named(table: str, row: Mapping[str, Value]) -> Row:
    """Return the cells of a row that are its key."""
    return {name: row[name] for name in state_key(BY_NAME[table])}


def _places(row: Row) -> Iterator[tuple[str, Value]]:
    """Yield the places of the partial unique indexes that an experiment holds."""
    if row["status"] in ("active", "paused"):
        yield "running", row["public_model_id"]
    if row["status"] == "completed" and row["winner"] is not None and not row["archived"]:
        yield "winner", row["public_model_id"]


def primaries(state: DatabaseState) -> dict[str, str]:
    """Return feature to its primary, without features that have none; of several it keeps the last."""
    return {
        str(row["feature"]): str(row["model"])
        for row in state.tables["feature_models"].values()
        if row["status"] == "primary"
    }


def _swaps(before: DatabaseState, after: DatabaseState) -> Iterator[Swap]:
    """Yield a swap for each feature whose primary differs, in the order of their names."""
    was, now = primaries(before), primaries(after)
    for feature in sorted(was.keys() | now.keys()):
        old, new = was.get(feature), now.get(feature)
        if old == new:
            continue
        row = before.tables["feature_models"].get((feature, new))
        status = None if row is None else str(row["status"])
        yield Swap(feature, old, new, _kind(before.promotions.get(feature), old, new, status), status)


def _kind(last: tuple[Value, Value, str] | None, old: str | None, new: str | None, status: str | None) -> str:
    """Return which of `PROMOTION_KINDS` a change of primary is.

    `last` is the feature's last row of the ledger, `status` what the new primary was in the feature (None: no row).
    """
    if old is None:
        return "initial"
    if new is None:
        return "removed"
    if last is not None and last[2] in MAY_BE_ROLLED_BACK and last[:2] == (new, old):
        return "rollback"
    return "promotion" if status == "shadow" else "swap"


def _touched(
    edits: tuple[Edit, ...], before: DatabaseState, after: DatabaseState
) -> dict[Subject, frozenset[str] | None]:
    """Return the names of the subjects that the edits touch, by kind of subject; None stands for all of a kind."""
    watched: dict[str, list[Watched]] = {}
    for table in WATCHED:
        watched.setdefault(table.table, []).append(table)
    served: dict[str, set[str]] = {}
    for feature, model in primaries(after).items():
        served.setdefault(model, set()).add(feature)
    touched: dict[Subject, set[str] | None] = {}
    for edit in edits:
        rows = _rows_of(edit, before, after)
        for table in watched.get(edit.table, ()):
            if isinstance(edit, Update) and table.columns and not set(table.columns) & edit.new.keys():
                continue
            if table.reach == "all" or table.subject == "preferences":
                touched[table.subject] = None
            elif table.reach == "model":
                _add(touched, table.subject, served.get(str(rows[0]["model"]), set()))
            else:
                _add(
                    touched,
                    table.subject,
                    {str(row[column]) for row in rows for column in table.named_in if row.get(column) is not None},
                )
    return {subject: None if names is None else frozenset(names) for subject, names in touched.items()}


def _rows_of(edit: Edit, before: DatabaseState, after: DatabaseState) -> list[Row]:
    """Return the rows of an edit: of an update the one before and the one after, whole where both states have it."""
    if not isinstance(edit, Update):
        return [edit.row]
    key = tuple(edit.key.get(name) for name in state_key(BY_NAME[edit.table]))
    sides = ((before, edit.old), (after, edit.new))
    return [{**side.tables[edit.table].get(key, {}), **edit.key, **cells} for side, cells in sides]


def _add(touched: dict[Subject, set[str] | None], subject: Subject, names: set[str]) -> None:
    """Add names to those of a subject; where it stands for all (None) already it stays so."""
    known = touched.setdefault(subject, set())
    if known is not None:
        known |= names
