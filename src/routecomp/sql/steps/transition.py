"""Write the statements that lead from one schema to another, and keep every row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.literals import literal
from routecomp.sql.names import shortened
from routecomp.sql.read.lexer import tokens
from routecomp.sql.read.objects import Objects, Thing, column_parts, is_computed, view_columns
from routecomp.sql.read.statement import group_end, name_at, parts
from routecomp.sql.steps.compare import StepError, changed_things, name_of
from routecomp.sql.steps.rebuild import create_table, rebuild

_CONSTANT = re.compile(r"-?\d+|'[^']*'|TRUE|FALSE")


@dataclass(frozen=True)
class Transition:
    """A way from one schema to another.

    `standing` has the indexes that a table has which is made anew; those that differ are built and dropped before or
    behind it, in migrations of their own if `is_apart`. `reason` says why an object may be dropped; None on a way
    back: what the way there made may be dropped without a waiver, and is refused where it holds something.
    """

    before: Objects
    after: Objects
    dialect: Dialect
    standing: Objects
    is_apart: bool
    reason: str | None

    @cached_property
    def changed(self) -> list[Thing]:
        """What differs but for comments."""
        return changed_things(self.before, self.after)

    def statements(self) -> list[str]:
        """Return the statements, without those of indexes on tables that are there before and after."""
        return [
            *self._guards(),
            *self._drops("view"),
            *self._drops("trigger"),
            *self._creates("function"),
            *self._new_tables(),
            *self._creates("partition"),
            *self._old_tables(),
            *self._gone_tables(),
            *self._comments(),
            *self._indexes_of_new_tables(),
            *self._creates("trigger"),
            *self._creates("always"),
            *self._creates("revoke"),
            *self._creates("view"),
            *self._comments_on_views(),
            *self._drops("function"),
        ]

    def indexes(self) -> Iterator[tuple[str, bool, str]]:
        """Yield each index of a table that stays, as its name, whether it comes, and its statement: drops first."""
        things = [thing for thing in self.changed if thing[1] == "index" and self._stays(thing[0])]
        for thing in things:
            if thing in self.before:
                yield thing[2], False, self._waived("RC613", thing, self.dialect.drop_index(thing[2]))
        for thing in things:
            if thing in self.after:
                yield thing[2], True, self._built(thing)

    def unique_indexes(self) -> list[Thing]:
        """Return the unique indexes that come to tables that stay."""
        return [
            thing
            for thing in self.changed
            if thing[1] == "index" and thing in self.after and self._stays(thing[0]) and self._is_unique(thing)
        ]

    def assert_unique(self, thing: Thing) -> str:
        """Return the assertion that the rows of a table are as apart as a unique index wants them."""
        definition = self.after[thing]
        every = tokens(definition, self.dialect)
        start = next(index for index, token in enumerate(every) if token.up == "(")
        end = group_end(every, start)
        columns = [part[0].text for part in parts(every[start + 1 : end])]
        conditions = [f"{column} IS NOT NULL" for column in columns]
        if len(every) > end + 2:
            conditions.append(f"({definition[every[end + 2].start :]})")
        groups = (
            f"SELECT 1 FROM {self._named(thing[0])} WHERE {' AND '.join(conditions)}"
            f" GROUP BY {', '.join(columns)} HAVING count(*) > 1"
        )
        message = literal(f"rows of table {thing[0]} are not as apart as {thing[2]} wants them", self.dialect)
        return self.dialect.assertion(message, f"NOT EXISTS ({groups})")

    def _is_unique(self, thing: Thing) -> bool:
        return self.after[thing].upper().startswith("CREATE UNIQUE ")

    def _built(self, thing: Thing) -> str:
        """Return the statement that builds an index, below a waiver where another file asserts that it may be."""
        if any(kind == "partition" and table == thing[0] for table, kind, _ in self.after):
            raise StepError(f"{name_of(thing)} would keep everybody from writing its partitions while it is built")
        statement = self.dialect.create_index(self.after[thing])
        if not (self.is_apart and self._is_unique(thing)):
            return statement
        why = "it was there before" if self.reason is None else "the migration of the schema before it asserts it"
        return f'-- routecomp:allow RC623 reason="{why}"\n{statement}'

    def validations(self) -> list[str]:
        """Return the statements that validate what was added NOT VALID; none where the dialect has no such thing."""
        if not self.dialect.online_changes:
            return []
        return [
            f"ALTER TABLE {self._named(table)} VALIDATE CONSTRAINT {name}"
            for table, kind, name in self.changed
            if kind == "constraint" and self._stays(table) and (table, kind, name) in self.after
        ]

    def _named(self, table: str) -> str:
        return self.dialect.qualified(table)

    def _stays(self, table: str) -> bool:
        thing = (table, "table", table)
        return thing in self.before and thing in self.after

    def _is_computed(self, thing: Thing) -> bool:
        return is_computed((self.after if thing in self.after else self.before)[thing], self.dialect)

    def _waived(self, rule: str, thing: Thing, statement: str) -> str:
        """Return a statement that drops an object below the waiver that says why; on a way back it needs none."""
        if self.reason is None:
            return statement
        return f'-- routecomp:allow {rule} reason="{self.reason}"\n{statement}'

    def _guards(self) -> Iterator[str]:
        """Yield assertions that what a way back drops holds nothing."""
        if self.reason is not None:
            return
        for thing in self.changed:
            table, kind, name = thing
            if thing in self.after or kind not in ("table", "column"):
                continue
            if kind == "table":
                holds = f"SELECT 1 FROM {self._named(table)}"
            elif not self._stays(table) or self._is_computed(thing):
                continue
            else:
                default = column_parts(self.before[thing], self.dialect).default
                holds = f"SELECT 1 FROM {self._named(table)} WHERE {name} IS NOT NULL"
                if default is not None and _CONSTANT.fullmatch(default):
                    holds += f" AND {name} <> {default}"
            message = f"{name_of(thing)} holds what its way back would lose".replace("`", "")
            yield self.dialect.assertion(literal(message, self.dialect), f"NOT EXISTS ({holds})")

    def _drops(self, kind: str) -> Iterator[str]:
        """Yield the statements that drop what is gone or defined otherwise; a function is replaced in place."""
        for thing in self.changed:
            if thing[1] != kind or thing not in self.before or (kind == "function" and thing in self.after):
                continue
            if kind == "function":
                yield self.dialect.drop_function(thing[2])
            elif kind == "view":
                if not self._is_replaced(thing):
                    yield f"DROP VIEW {self._named(thing[2])}"
            elif (thing[0], "table", thing[0]) in self.after:
                yield self._waived("RC613", thing, self.dialect.drop_trigger(thing[2], thing[0]))

    def _creates(self, kind: str) -> Iterator[str]:
        """Yield the statements that make what is new or defined otherwise."""
        for thing in self.changed:
            if thing[1] != kind or thing not in self.after or self._is_rebuilt(thing[0]):
                continue
            there = thing in self.before and kind == "function" and self.dialect.changes_in_place
            if there or (kind == "view" and self._is_replaced(thing)):
                yield self.after[thing].replace("CREATE ", "CREATE OR REPLACE ", 1)
            else:
                yield self.after[thing]
        if kind == "always":  # a trigger that was made anew is to be told again
            for table, _, name in self.changed:
                thing = (table, "always", name)
                if (table, "trigger", name) in self.changed and thing in self.after and thing in self.before:
                    yield self.after[thing]

    def _comments(self) -> Iterator[str]:
        """Yield the comments on tables and columns that are new."""
        for thing, statement in self.after.items():
            table, kind, column = thing
            owner = (table, "column", column) if column else (table, "table", table)
            if kind == "comment" and owner not in self.before and (table, "view", table) not in self.after:
                yield statement

    def _comments_on_views(self) -> Iterator[str]:
        """Yield the comments on views that are new, or made anew."""
        for thing in self.changed:
            if thing[1] == "view" and (thing[0], "comment", "") in self.after and not self._is_replaced(thing):
                yield self.after[thing[0], "comment", ""]

    def _is_replaced(self, view: Thing) -> bool:
        """Return whether a view is replaced in place: what has rights on it keeps them, and its columns stay."""
        if view not in self.before or view not in self.after or not self.dialect.changes_in_place:
            return False
        old, new = (view_columns(objects[view], self.dialect) for objects in (self.before, self.after))
        return new[: len(old)] == old

    def _new_tables(self) -> Iterator[str]:
        """Yield the statements that make the tables that are new, references to later ones last."""
        tables = [table for table, kind, _ in self.changed if kind == "table" and (table, kind, table) in self.after]
        known = {table for table, kind, _ in self.before if kind == "table"}
        later: list[str] = []
        for table in tables:
            known.add(table)
            forward = {
                name: definition
                for (owner, kind, name), definition in self.after.items()
                if owner == table and kind == "constraint" and (self._refers_to(definition) or table) not in known
            }
            if not self.dialect.changes_in_place:
                forward = {}  # CREATE TABLE may refer to a table that is made later
            later += [f"ALTER TABLE {self._named(table)} ADD {definition}" for definition in forward.values()]
            yield create_table(table, self.after, self.dialect, tuple(forward))
        yield from later

    def _gone_tables(self) -> Iterator[str]:
        """Yield the statements that drop tables on a way back: those that refer to others first."""
        for table, kind, _ in reversed(self.changed):
            if kind == "table" and (table, kind, table) not in self.after:
                yield f"DROP TABLE {self._named(table)}"

    def _indexes_of_new_tables(self) -> Iterator[str]:
        for thing in self.changed:
            if thing[1] == "index" and thing in self.after and (thing[0], "table", thing[0]) not in self.before:
                yield self.after[thing]

    def _old_tables(self) -> Iterator[str]:
        """Yield the statements that change the columns and constraints of tables that stay.

        Raises `StepError` for a column that rows which are there cannot have.
        """
        for thing in self.changed:
            if thing[1] == "column" and thing not in self.before and self._stays(thing[0]):
                new = column_parts(self.after[thing], self.dialect)
                is_filled = new.default is not None or self._is_computed(thing)
                if new.required and not is_filled:
                    raise StepError(f"{name_of(thing)} is required and has no default: rows that are there lack it")
        tables = dict.fromkeys(
            table for table, kind, _ in self.changed if kind in ("column", "constraint") and self._stays(table)
        )
        rebuilt = [table for table in tables if self._is_rebuilt(table)]
        if rebuilt:
            yield from rebuild(rebuilt, self.before, self.after, self.standing, self.dialect)
        for table in tables:
            if table not in rebuilt:
                yield from self._altered(table)

    def _is_rebuilt(self, table: str) -> bool:
        """Return whether a table has to be made anew, since the dialect cannot change it as is needed."""
        if self.dialect.changes_in_place or not self._stays(table):
            return False
        things = [thing for thing in self.changed if thing[0] == table and thing[1] in ("column", "constraint")]
        added = {thing for thing in things if thing[1] == "column" and thing not in self.before}
        forms = {(table, "constraint", shortened(f"{table}_{name}_check")) for _, _, name in added}
        return any(thing not in added | forms or thing in self.before for thing in things) or not all(
            self.dialect.can_add(self.after[thing]) and not self._is_computed(thing) for thing in added
        )

    def _altered(self, table: str) -> Iterator[str]:
        """Yield the statements that change a table in place: constraints between the columns that come and that go.

        A column that goes would take along each constraint that also reads it, before that is exchanged by its name.
        """
        head = f"ALTER TABLE {self._named(table)}"
        things = [thing for thing in self.changed if thing[0] == table]
        constraints = [thing for thing in things if thing[1] == "constraint"]
        gone = [thing for thing in constraints if thing not in self.after]
        for thing in gone:
            yield self._waived("RC613", thing, f"{head} DROP CONSTRAINT {thing[2]}")
        going = [thing for thing in things if thing[1] == "column" and thing not in self.after]
        for thing in things:
            if thing[1] == "column" and thing not in going:
                form = (table, "constraint", shortened(f"{table}_{thing[2]}_check"))
                if not self.dialect.changes_in_place and form in constraints:
                    yield f"{head} ADD COLUMN {self.after[thing]} {self.after[form]}"
                else:
                    yield f"{head} {self._column(thing)}"
        if self.dialect.changes_in_place:
            yield from self._constrained(head, [thing for thing in constraints if thing not in gone])
        for thing in going:
            yield f"{head} {self._column(thing)}"

    def _constrained(self, head: str, constraints: list[Thing]) -> Iterator[str]:
        """Yield the statements that add constraints of a table, or exchange those of the same name."""
        unread = " NOT VALID" * self.dialect.online_changes
        for thing in constraints:
            self._require_unread(thing)
            if thing in self.before:
                both = f"{head} DROP CONSTRAINT {thing[2]}, ADD {self.after[thing]}{unread}"
                yield self._waived("RC613", thing, both)
            else:
                yield f"{head} ADD {self.after[thing]}{unread}"

    def _column(self, thing: Thing) -> str:
        """Return the action that brings a column; raise `StepError` for a change that would write a table anew."""
        if thing not in self.after:
            return f"DROP COLUMN {thing[2]}"
        if thing not in self.before:
            if self._is_computed(thing):
                raise StepError(f"{name_of(thing)} is computed, and would write a table in use anew: make a view of it")
            return f"ADD COLUMN {self.after[thing]}"
        new = column_parts(self.after[thing], self.dialect)
        old = column_parts(self.before[thing], self.dialect)
        if (old.head.lower(), old.required, old.rest) != (new.head.lower(), new.required, new.rest):
            raise StepError(f"{name_of(thing)} cannot change but for its default: add another column")
        change = "DROP DEFAULT" if new.default is None else f"SET DEFAULT {new.default}"
        return f"ALTER COLUMN {thing[2]} {change}"

    def _require_unread(self, thing: Thing) -> None:
        """Raise `StepError` for a constraint that cannot be added without an index or a look at every row."""
        word = self.after[thing].split()[2].upper()
        if word not in ("CHECK", "FOREIGN") and not word.startswith("CHECK("):
            raise StepError(f"{name_of(thing)} cannot change on a table in use: make it a unique index")

    def _refers_to(self, definition: str) -> str | None:
        """Return the table of ours that a foreign key refers to; None for another constraint, or another table."""
        every = tokens(definition, self.dialect)
        place = next((index for index, token in enumerate(every) if token.up == "REFERENCES"), None)
        named = None if place is None else name_at(every, place + 1)
        return named[0].name if named is not None and (named[0].name, "table", named[0].name) in self.after else None
