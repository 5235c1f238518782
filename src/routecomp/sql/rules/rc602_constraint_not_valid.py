"""RC602 constraint-not-valid: a check or a foreign key is added NOT VALID, and validated later (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import added_column, added_constraint, alters, created_tables
from routecomp.sql.rule import migration_rule


@migration_rule("RC602", "constraint-not-valid", lambda dialect: dialect.online_changes, aliases=("L02",))
def constraint_not_valid(script: Script) -> Iterator[Diagnostic]:
    """A check or a foreign key is added to a table that is in use, and validated in the same breath.

    Adding it takes AccessExclusive (a check) or ShareRowExclusive (a foreign key) and reads every row under it. Added
    NOT VALID it holds for new rows at once and reads none; VALIDATE CONSTRAINT, in a later migration, reads them under
    ShareUpdateExclusive, which stops nobody. In the same transaction the first lock would be held all along.

    Why: while the rows are read nobody else reads (or writes) the table.

    Fix: add it NOT VALID, and validate it in a later migration.
    """
    own = created_tables(script)
    added: set[tuple[str, str | None]] = set()
    for statement in script.statements:
        for alter in alters(statement):
            if alter.table.name in own:
                continue
            tokens = added_constraint(alter)
            if tokens is None and (column := added_column(alter)) is not None:
                tokens = column.rest
            what = next((token for token in tokens or () if token.up in ("CHECK", "FOREIGN", "REFERENCES")), None)
            if what is not None and tokens is not None:
                words = [token.up for token in tokens]
                if words[-2:] == ["NOT", "VALID"]:
                    added.add((alter.table.name, tokens[1].name if words[0] == "CONSTRAINT" else None))
                    continue
                kind = "check" if what.up == "CHECK" else "foreign key"
                yield error(
                    "RC602",
                    f"adding this {kind} reads every row of table `{alter.table.name}` under its lock",
                    script.span(what),
                    "add it NOT VALID, and validate it in a later migration",
                )
            elif alter.says("VALIDATE") and (alter.table.name, alter.action[-1].name) in added:
                yield error(
                    "RC602",
                    f"the migration that adds {alter.action[-1].name} validates it, under the same lock",
                    script.span(alter.action[0]),
                    "validate it in a later migration",
                )
