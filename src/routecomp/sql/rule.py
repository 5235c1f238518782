"""Register a rule over SQL: over the text of one migration, or over the history of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import cleandoc
from typing import TYPE_CHECKING

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.rule import Rule, Scope
from routecomp.rules.registry import add

if TYPE_CHECKING:
    from routecomp.sql.dialects.dialect import Dialect
    from routecomp.sql.history import History
    from routecomp.sql.read.script import Script

    FindInMigration = Callable[[Script], Iterable[Diagnostic]]
    FindInHistory = Callable[[History], Iterable[Diagnostic]]


def migration_rule(
    id: str,
    name: str,
    applies: Callable[[Dialect], bool] | None = None,
    *,
    aliases: tuple[str, ...] = (),
    waivable: bool = False,
) -> Callable[[FindInMigration], FindInMigration]:
    """Register the decorated function as the finder of a rule over a migration; its docstring is the rule's page.

    The rule reads migrations of the dialects it `applies` to, or of all if it does not say. `aliases` are other ids it
    is known by; the findings of a `waivable` one may be waived.
    """

    def register(find: FindInMigration) -> FindInMigration:
        page = cleandoc(find.__doc__ or "")
        add(Rule(id, name, Scope.MIGRATION, Severity.ERROR, page, find, waivable, aliases, applies))
        return find

    return register


def history_rule(id: str, name: str, *, aliases: tuple[str, ...] = ()) -> Callable[[FindInHistory], FindInHistory]:
    """Register the decorated function as the finder of a rule over all migrations of a project.

    Its docstring is the rule's page; `aliases` are other ids it is known by. Its findings cannot be waived.
    """

    def register(find: FindInHistory) -> FindInHistory:
        page = cleandoc(find.__doc__ or "")
        add(Rule(id, name, Scope.HISTORY, Severity.ERROR, page, find, aliases=aliases))
        return find

    return register
