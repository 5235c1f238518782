"""RC613 drop-constraint: no constraint, guard or unique index is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.sql.read.script import Script
from routecomp.sql.read.statement import alters, created_objects, dropped_objects, name_at, skip
from routecomp.sql.rule import migration_rule


@migration_rule("RC613", "drop-constraint", aliases=("D03",), waivable=True)
def drop_constraint(script: Script) -> Iterator[Diagnostic]:
    """A constraint, a trigger or an index is dropped, or a trigger is switched off.

    A way back may drop what its own migration made.

    Why: the database accepts from then on what the compiler refuses, and rows that break the rule keep it from ever
    being added again.

    Fix: keep it. Where another one takes its place, say which: `-- routecomp:allow RC613 reason="replaced by ..."`.
    """
    mine = created_objects(script.up)
    help = "keep it, or say in a waiver what takes its place"
    for statement in script.statements:
        for kind, name in dropped_objects(statement, "TRIGGER", "INDEX"):
            if (kind, name.name) not in mine:
                yield error(
                    "RC613", f"{kind.lower()} `{name.name}` is dropped", script.span(name.first, name.last), help
                )
        for alter in alters(statement):
            if alter.says("DROP", "CONSTRAINT"):
                named = name_at(alter.action, skip(alter.action, 2, "IF", "EXISTS"))
                if named is not None and ("CONSTRAINT", named[0].name) not in mine:
                    yield error(
                        "RC613",
                        f"constraint `{named[0].name}` of table `{alter.table.name}` is dropped",
                        script.span(named[0].first),
                        help,
                    )
            elif alter.says("DISABLE", "TRIGGER"):
                yield error(
                    "RC613",
                    f"a trigger of table `{alter.table.name}` is switched off",
                    script.span(alter.action[0]),
                    help,
                )
