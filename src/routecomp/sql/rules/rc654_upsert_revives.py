"""RC654 upsert-revives: no upsert brings a retired model back."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.promotions import REGISTRY
from routecomp.sql.read.row_edits import assigned_cells, edits, is_upsert, strings
from routecomp.sql.read.script import Script, find
from routecomp.sql.rule import migration_rule


@migration_rule("RC654", "upsert-revives", aliases=("R14",))
def upsert_revives(script: Script) -> Iterator[Diagnostic]:
    """An upsert on `feature_models` may change the status of a model that is retired.

    Why: retired never becomes primary, or shadow, by the way: a migration that was written before it was retired and
    applied after it would bring it back.

    Fix: INSERT a new row, or UPDATE one with the status it is expected to have; or end the upsert with
    `WHERE feature_models.status <> 'retired'`.
    """
    for statement in script.statements:
        for edit in edits(statement):
            if script.bare(edit.table.name) != REGISTRY or not is_upsert(edit):
                continue
            do = find(edit.tokens, "DO")
            guarded = do != -1 and (
                "status" not in assigned_cells(edit.tokens, do)
                or "retired" in strings(edit.tokens[max(find(edit.tokens, "WHERE", do), do) :])
            )
            if not guarded:
                yield error(
                    "RC654",
                    "this upsert brings back a model that was retired meanwhile",
                    script.span(edit.word),
                    "INSERT, or UPDATE with the status that is expected",
                )
