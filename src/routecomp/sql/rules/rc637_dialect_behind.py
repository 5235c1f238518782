"""RC637 dialect-behind: each dialect has what the others have, once."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.dialects.registry import reference_dialect
from routecomp.sql.file_names import BASELINE, STEP
from routecomp.sql.history import History
from routecomp.sql.migration import doubled, lacking, stands_for
from routecomp.sql.read.files import scripts
from routecomp.sql.read.same_edits import first_difference
from routecomp.sql.rule import history_rule


@history_rule("RC637", "dialect-behind")
def dialect_behind(history: History) -> Iterator[Diagnostic]:
    """A dialect lacks migrations that another one has, does the work of one twice, or edits other rows in it.

    That comes of leaving it out of the setting `dialects` for a while, or of merging a branch that adds a dialect with
    one that was made without it; of two branches that bring a dialect back, the work is done twice. What routecomp
    wrote for one dialect is meant for all that the settings name; what a person wrote may be for one alone. A draft
    that was edited by hand for one dialect does otherwise there, be it by a statement that no other rule reads, or by
    one that is gone; once it is merged, `check --against BEFORE` says it.

    Why: a database of that dialect would serve another policy than the table and the other databases, and nothing that
    runs there would say so.

    Fix: run `routecomp compile`. It writes one migration more for that dialect, which does the work of those that it
    lacks and names them (`-- routecomp:stands-for`), and takes away what does it twice and is not released. Or leave
    the dialect out of `dialects`. Where one that is released does otherwise, write into the YAML what it wrote, compile
    and merge: databases of that dialect record it, the others run it, and all are the same; then change the YAML again.
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
    yield from _unlike(history)


def _unlike(history: History) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each migration to compare that edits rows otherwise than that of the reference dialect."""
    chosen = reference_dialect([dialect.name for dialect in history.wanted])
    compared = {path.rpartition("/")[2] for path in history.compared}
    pairs = {path: data for path, data in history.files.items() if path.rpartition("/")[2] in compared}
    if chosen is None or not pairs:
        return
    wanted = {own.name for own in history.wanted}
    late = {(own.name, each.id) for own, made in history.wanted.items() for each in made if stands_for(each.up)}
    ours = {each.id for migrations in history.wanted.values() for each in migrations if each.is_ours}
    baselines = {path: data for path, data in history.files.items() if path.rpartition("/")[2].startswith(BASELINE)}
    every = scripts(pairs, baselines=baselines)
    readable = [each for each in every if each.is_readable and each.dialect.name in wanted and each.id in ours]
    there = {(script.id, script.way): script for script in readable if script.dialect.name == chosen.name}
    for script in readable:
        other = there.get((script.id, script.way), script)
        # A baseline that came late begins with what the others lead to, and not with theirs.
        if (
            other is script
            or STEP.fullmatch(script.id)
            or late & {(each.dialect.name, each.id) for each in (script, other)}
        ):
            continue
        difference = first_difference(script, other, edits_alone=script.id == BASELINE)
        if difference is not None:
            token, table = difference
            does = "does" if table is None else f"edits table `{script.dialect.names.of(table)}`"
            yield error(
                "RC637",
                f"{script.dialect.title} {does} otherwise here than {other.dialect.title} does",
                script.span(token),
                "run `routecomp compile`, which writes a draft anew; if it is released, write into the YAML what it "
                "writes, compile and merge, so that all dialects hold the same, and then what is right",
            )
