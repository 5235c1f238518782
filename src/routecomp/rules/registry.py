"""The list of rules: a stable id, a name, a severity, a page, and the function that finds it in a project."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.rule import RuleInfo
from routecomp.model.project import Declared
from routecomp.rules.change.change import Change

Check = Callable[[Declared], Iterable[Diagnostic]]
ChangeCheck = Callable[[Change], Iterable[Diagnostic]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: of a project (`check`), of a change (`change`), or, with neither, found by an earlier stage.

    What reading the text and the tree finds has only its page here.
    """

    id: str
    name: str
    severity: Severity
    page: str
    check: Check | None = None
    change: ChangeCheck | None = None

    @property
    def summary(self) -> str:
        """The page's first line."""
        return self.page.split("\n", 1)[0]

    @property
    def info(self) -> RuleInfo:
        """What reports say of it."""
        return RuleInfo(self.id, self.name, self.severity, self.summary, self.page)


_rules: dict[str, Rule] = {}


def rule(id: str, name: str, severity: Severity = Severity.ERROR) -> Callable[[Check], Check]:
    """Register the decorated function; its docstring is the rule's page (a summary line, then what, why, fix)."""

    def register(check: Check) -> Check:
        _add(Rule(id, name, severity, cleandoc(check.__doc__ or ""), check))
        return check

    return register


def change_rule(id: str, name: str, severity: Severity = Severity.ERROR) -> Callable[[ChangeCheck], ChangeCheck]:
    """As `rule`, for a function that reads a change: the project and the base it is compared with."""

    def register(check: ChangeCheck) -> ChangeCheck:
        _add(Rule(id, name, severity, cleandoc(check.__doc__ or ""), change=check))
        return check

    return register


def described(id: str, name: str, page: str, severity: Severity = Severity.ERROR) -> None:
    """Register the page of a rule that reading the text, the tree or one body finds."""
    _add(Rule(id, name, severity, cleandoc(page)))


def _add(new: Rule) -> None:
    if new.id in _rules or any(new.name == old.name for old in _rules.values()):
        raise ValueError(f"rule {new.id} {new.name} is registered twice")
    _rules[new.id] = new


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id, sorted."""
    import pkgutil
    from importlib import import_module

    for name in ("routecomp.rules.project", "routecomp.rules.change"):
        package = import_module(name)
        for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
            if module.startswith("rc"):
                import_module(f"{name}.{module}")
    return dict(sorted(_rules.items()))


def infos() -> dict[str, RuleInfo]:
    """What reports need of every rule, by id."""
    return {id: one.info for id, one in rules().items()}
