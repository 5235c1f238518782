"""Register every rule once, and find the rules of a scope by importing the packages that hold them."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from inspect import cleandoc
from typing import TYPE_CHECKING

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.rule import Rule, Scope

if TYPE_CHECKING:
    from routecomp.model.project import Declared
    from routecomp.rules.change.change import Change

    FindInProject = Callable[[Declared], Iterable[Diagnostic]]
    FindInChange = Callable[[Change], Iterable[Diagnostic]]

# Names, not imports: a rule is a file in one of these packages, and nothing else has to know of it.
_PACKAGES = {
    Scope.TEXT: "routecomp.rules.project",
    Scope.PROJECT: "routecomp.rules.project",
    Scope.CHANGE: "routecomp.rules.change",
    Scope.MIGRATION: "routecomp.sql.rules",
    Scope.HISTORY: "routecomp.sql.rules",
    Scope.LITELLM: "routecomp.interop.litellm.rules",
    Scope.CLAIM: "routecomp.review.analysis.rules",
    Scope.MOVE: "routecomp.review.analysis.rules",
    Scope.REACH: "routecomp.review.analysis.rules",
}
_registered: dict[str, Rule] = {}

ANY_ERROR = ("*",)
"""What a warning `follows` that needs the whole policy: beside any error of a project it is silent."""


@cache
def rules(*scopes: Scope) -> dict[str, Rule]:
    """Return the rules of these scopes, or of all scopes if none is given, by id and in the order of their ids.

    The files of the rules are imported on the first call. The dict is shared: nobody changes it.
    """
    for package in sorted({_PACKAGES[scope] for scope in scopes or Scope}):
        _import_rules(package)
    return {id: rule for id, rule in sorted(_registered.items()) if not scopes or rule.scope in scopes}


def find_rule(name: str) -> Rule | None:
    """Return the rule with this id, name or alias, in upper or lower case; None if there is no such rule.

    An alias may be followed by a dash and any text: rules over SQL were once called `l01-no-timeout`.
    """
    wanted, code = name.casefold(), name.casefold().partition("-")[0]
    for rule in rules().values():
        aliases = {alias.casefold() for alias in rule.aliases}
        if wanted in (rule.id.casefold(), rule.name) or wanted in aliases or code in aliases:
            return rule
    return None


class Rules(Mapping[str, Rule]):
    """Every rule by id, imported when the first one is looked up: a clean report needs none."""

    def __getitem__(self, id: str) -> Rule:
        """Return the rule with this id; KeyError if there is none."""
        return rules()[id]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids in order."""
        return iter(rules())

    def __len__(self) -> int:
        """Count the rules."""
        return len(rules())


def project_rule(
    id: str,
    name: str,
    severity: Severity = Severity.ERROR,
    follows: tuple[str, ...] = (),
    *,
    waivable: bool = False,
) -> Callable[[FindInProject], FindInProject]:
    """Register the decorated function as the finder of a rule over a project; its docstring is the rule's page.

    Beside an error of one of the rules it `follows` in the same body it is silent. Warnings may be waived, errors only
    where they are `waivable`: what the others find must not be compiled. Raises ValueError as `add` does.
    """

    def register(find: FindInProject) -> FindInProject:
        page = cleandoc(find.__doc__ or "")
        is_waivable = waivable or severity is Severity.WARNING
        add(Rule(id, name, Scope.PROJECT, severity, page, find, waivable=is_waivable, follows=follows))
        return find

    return register


def change_rule(id: str, name: str, severity: Severity = Severity.ERROR) -> Callable[[FindInChange], FindInChange]:
    """Register the decorated function as the finder of a rule over a change; its docstring is the rule's page.

    Such a rule may always be waived. Raises ValueError as `add` does.
    """

    def register(find: FindInChange) -> FindInChange:
        add(Rule(id, name, Scope.CHANGE, severity, cleandoc(find.__doc__ or ""), find, waivable=True))
        return find

    return register


def document(
    id: str,
    name: str,
    scope: Scope,
    page: str,
    severity: Severity = Severity.ERROR,
    aliases: tuple[str, ...] = (),
    *,
    waivable: bool = False,
) -> None:
    """Register the page of a rule that has no finder, because an earlier stage finds it while it reads a file.

    Raises ValueError as `add` does.
    """
    add(Rule(id, name, scope, severity, cleandoc(page), waivable=waivable, aliases=aliases))


def add(rule: Rule) -> None:
    """Register a rule; raise ValueError where its id, its name or an alias is taken."""
    names = {rule.id, rule.name, *rule.aliases}
    for other in _registered.values():
        if not names.isdisjoint({other.id, other.name, *other.aliases}):
            raise ValueError(f"rule {rule.id} {rule.name} is registered twice, or has a name of {other.id}")
    _registered[rule.id] = rule


@cache
def _import_rules(package: str) -> None:
    """Import each file of a package that is called after a rule (`rc301_weights_sum.py`)."""
    for module in pkgutil.iter_modules(import_module(package).__path__):
        if module.name.startswith("rc"):
            import_module(f"{package}.{module.name}")
