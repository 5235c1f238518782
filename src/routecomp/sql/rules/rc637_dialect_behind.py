"""RC637 dialect-behind: each dialect has what the others have, once."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.history import History
from routecomp.sql.migration import doubled, lacking
from routecomp.sql.rule import history_rule


@history_rule("RC637", "dialect-behind")
def dialect_behind(history: History) -> Iterator[Diagnostic]:
    """A dialect lacks migrations that another one has, or does the work of one twice.

    That comes of leaving it out of the setting `dialects` for a while, or of merging a branch that adds a dialect with
    one that was made without it; of two branches that bring a dialect back, the work is done twice. What routecomp
    wrote for one dialect is meant for all that the settings name; what a person wrote may be for one alone.

    Why: a database of that dialect would serve another policy than the table and the other databases, and nothing that
    runs there would say so.

    Fix: run `routecomp compile`. It writes one migration more for that dialect, which does the work of those that it
    lacks and names them (`-- routecomp:stands-for`), and takes away what does it twice and is not released. Or leave
    the dialect out of `dialects`.
    """
    for dialect, ids in lacking({dialect.name: own for dialect, own in history.wanted.items()}).items():
        title = next(own.title for own in history.wanted if own.name == dialect)
        more = f" (and {len(ids) - 1} more)" if len(ids) > 1 else ""
        yield error(
            "RC637",
            f"{title} has not got migration {ids[0]}{more}, which another dialect has",
            None,
            "run `routecomp compile`, which writes what is missing as one migration more",
        )
    for own, migrations in history.wanted.items():
        twice = doubled(migrations)
        if twice is not None:
            id, first, second = twice
            yield error(
                "RC637",
                f"{own.title} does the work of migration {id} twice: in {first.id} and in {second.id}",
                None,
                "run `routecomp compile` on top of the base branch, which takes away the one that is not released",
            )
