"""RC639 names-changed: tables keep the names they were released with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.source.text import Span
from routecomp.sql.dialects.registry import dialects
from routecomp.sql.names import Names, written_names
from routecomp.sql.rule import history_rule

if TYPE_CHECKING:
    from routecomp.sql.history import History


@history_rule("RC639", "names-changed")
def names_changed(history: History) -> Iterator[Diagnostic]:
    """The settings `schema` or `table_prefix` are not those of the migrations that are released.

    Why: databases that are in use have the names of the released migrations, which never change. A migration with
    other names would meet tables that are not there, and a new baseline would make a second set of tables, empty of all
    that services wrote.

    Fix: leave the settings as they were. To give a database other names, keep the new settings and set another
    `output` in them, so that `routecomp compile` writes migrations of their own there, which begin with a baseline.
    Then, for each database that has applied all of the old migrations, run what `routecomp migrate rename --from
    OLD/migrations` prints (`ALTER TABLE ... SET SCHEMA`, `ALTER TABLE ... RENAME TO` and what goes with them, in one
    transaction), and `routecomp migrate adopt`. Services read the new names from then on. The old ledger's rows stay in
    `routecomp_migrations_before`.
    """
    if history.names is not None:
        yield from other_names(history.files, history.names, history.settings)


def other_names(released: Mapping[str, bytes], names: Names, settings: Span | None) -> Iterator[Diagnostic]:
    """Yield a diagnostic where released migrations, path to bytes, call the tables otherwise than by `names`.

    `settings` is where these are set.
    """
    for dialect in dialects():
        own = (data for path, data in sorted(released.items()) if path.split("/")[-2] == dialect.name)
        written = written_names(own, names)
        if written is None:
            continue
        now, then = (dialect.named(names).table_name("models") for names in (names, written))
        if now != then:
            yield error(
                "RC639",
                f"the settings call the tables `{now}` and so on; the migrations that are released, `{then}`",
                settings,
                f"keep the names as they were; `routecomp migrate rename --dialect {dialect.name}` prints statements "
                "that rename a database, and `routecomp rules RC639` says what is to be done before and after",
            )
            return
