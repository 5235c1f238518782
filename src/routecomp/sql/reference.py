"""Say what the rows have to be: by the migrations of a dialect that can be run in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from routecomp.sql.ddl import SCHEMA
from routecomp.sql.dialects.dialect import Dialect
from routecomp.sql.dialects.names import dialect_names
from routecomp.sql.dialects.registry import reference_dialect
from routecomp.sql.file_names import STEP
from routecomp.sql.migration import Migration, covered, list_migrations, names_in
from routecomp.sql.names import DEFAULT
from routecomp.sql.replay import ReplayError, replay
from routecomp.sql.schema import Schema
from routecomp.sql.state import DatabaseState
from routecomp.sql.steps.compare import StepError


@dataclass(frozen=True, slots=True)
class Reference:
    """The migrations that say what the others lead to: those of a dialect that has a sandbox.

    `unwritten` are the ids of those that are about to be written, and no file yet.
    """

    dialect: Dialect
    migrations: Sequence[Migration]
    unwritten: frozenset[str] = frozenset()

    @property
    def released(self) -> list[Migration]:
        """The migrations that are files already."""
        return [migration for migration in self.migrations if migration.id not in self.unwritten]

    def knows(self, migrations: Iterable[Migration]) -> bool:
        """Return whether it has all whose work these do, but for what a person wrote for their dialect alone."""
        return covered(migration for migration in migrations if migration.is_ours) <= {
            migration.id for migration in self.migrations
        }

    def only(self, ids: Collection[str]) -> Reference:
        """Return the reference with only the migrations that have these ids, and the schema steps before the last.

        A dialect that came later may have got there by steps of its own; a step changes no row.
        """
        last = max((migration.number for migration in self.migrations if migration.id in ids), default=0)
        return replace(
            self,
            migrations=[
                migration
                for migration in self.migrations
                if migration.id in ids or (migration.number < last and STEP.fullmatch(migration.id))
            ],
        )

    def state(self, schema: Schema = SCHEMA) -> DatabaseState:
        """Return the state that the migrations lead to.

        Raises `ReplayError` where one does not run, `StepError` where it is one that is not written yet.
        """
        try:
            return replay(self.dialect, ((migration.id, migration.up) for migration in self.migrations), schema)
        except ReplayError as failure:
            if failure.id in self.unwritten:
                raise StepError(f"the step that would be written does not run: {failure.reason}") from None
            raise


def reference(base: Mapping[str, Mapping[str, bytes]], dialects: Iterable[str]) -> Reference:
    """Return the migrations to replay: those of the first of `dialects` that has a sandbox and migrations in `base`.

    `base` maps dialect to file name to bytes. If there is none, it is the first that has a sandbox, of `dialects` or
    else of all, without migrations.
    """
    wanted = tuple(dialects)
    begun = [name for name in wanted if base.get(name)]
    chosen = reference_dialect(begun) or reference_dialect(wanted) or reference_dialect(dialect_names())
    assert chosen is not None
    migrations = list_migrations(base.get(chosen.name, {}))
    return Reference(chosen.named(names_in(migrations) or DEFAULT), migrations)
