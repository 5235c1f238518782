"""Register a rule over SQL: over the text of one migration, or over the history of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import cleandoc

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.rule import Rule, Scope
from routecomp.rules.registry import add
from routecomp.sql.read.script import Script

FindInMigration = Callable[[Script], Iterable[Diagnostic]]


def migration_rule(
    id: str, name: str, *dialects: str, aliases: tuple[str, ...] = (), waivable: bool = False
) -> Callable[[FindInMigration], FindInMigration]:
    """Register the decorated function as the finder of a rule over a migration; its docstring is the rule's page.

    The rule reads migrations of these dialects, or of all if none is named.
    """

    def register(find: FindInMigration) -> FindInMigration:
        page = cleandoc(find.__doc__ or "")
        add(Rule(id, name, Scope.MIGRATION, Severity.ERROR, page, find, waivable, aliases, dialects))
        return find

    return register
