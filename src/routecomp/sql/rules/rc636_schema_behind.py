"""RC636 schema-behind: the migrations make the schema that this version of routecomp wants."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.history import History
from routecomp.sql.line_ends import line_ends
from routecomp.sql.read.objects import Thing
from routecomp.sql.rule import history_rule
from routecomp.sql.steps.compare import changed_things, name_of
from routecomp.sql.steps.step import Gap, find_gap, find_newer


@history_rule("RC636", "schema-behind")
def schema_behind(history: History) -> Iterator[Diagnostic]:
    """The migrations make another schema than this version of routecomp wants.

    They are behind it where it has another column, table, view, index, trigger, function or constraint than the version
    that wrote them; they are ahead of it where a newer version wrote them. (`compile --check` says it too.)

    Why: the next change would write rows into columns that no database has, or leave out those that a newer version
    decides by.

    Fix: behind: run `routecomp compile`, which writes the migrations that bring every database here. Ahead: install the
    version that wrote them.
    """
    if history.schema is None or history.clashes:  # a draft that does not commute is written anew anyway
        return
    for dialect, migrations in history.wanted.items():
        if any(line_ends(migration.up) for migration in migrations):
            continue  # they cannot be read as they are written here, which RC631 says
        newer = find_newer(migrations, dialect, history.schema)
        if newer is not None:
            yield error("RC636", f"the migrations for {dialect.title} have {newer}", None, newer.help)
            return
        gap = find_gap(migrations, dialect, history.schema)
        things = changed_things(gap.before, gap.after)
        if things:
            more = f" (and {len(things) - 1} more)" if len(things) > 1 else ""
            yield error(
                "RC636",
                f"the migrations for {dialect.title} make the schema of another version: {_lack(gap, things[0])}{more}",
                None,
                "run `routecomp compile`, which writes the migrations that bring every database here",
            )
            return


def _lack(gap: Gap, thing: Thing) -> str:
    """Say what of an object the migrations have to change."""
    if thing not in gap.before:
        return f"{name_of(thing)} is missing"
    return f"{name_of(thing)} is {'defined otherwise' if thing in gap.after else 'not wanted any more'}"
