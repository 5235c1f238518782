"""The list of the rules of SQL: id, name (its code first), the page, and the function that finds it in a migration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from typing import TYPE_CHECKING

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.diagnostics.rule import RuleInfo
from routecomp.sql.schema import DIALECTS, Dialect

if TYPE_CHECKING:
    from routecomp.sql.read.script import Script

Find = Callable[["Script"], Iterable[Diagnostic]]


@dataclass(frozen=True, slots=True)
class SqlRule:
    """One rule: `find` reads one file, for the `dialects` it is about; None where the folder as a whole is read.

    `waivable` rules may be waived in writing, where the statement stands.
    """

    info: RuleInfo
    find: Find | None
    dialects: tuple[Dialect, ...] = DIALECTS
    waivable: bool = False


_rules: dict[str, SqlRule] = {}


def sql_rule(id: str, name: str, *dialects: Dialect, waivable: bool = False) -> Callable[[Find], Find]:
    """Register the decorated function; its docstring is the rule's page. Without dialects it is about all."""

    def register(find: Find) -> Find:
        _add(id, name, find.__doc__ or "", find, dialects or DIALECTS, waivable)
        return find

    return register


def of_folder(id: str, name: str, page: str) -> None:
    """Register the page of a rule that reads all migrations, and those of the base branch."""
    _add(id, name, page, None, DIALECTS, False)


def _add(id: str, name: str, page: str, find: Find | None, dialects: tuple[Dialect, ...], waivable: bool) -> None:
    text = cleandoc(page)
    if id in _rules or any(name == one.info.name for one in _rules.values()):
        raise ValueError(f"rule {id} {name} is registered twice")
    _rules[id] = SqlRule(RuleInfo(id, name, Severity.ERROR, text.split("\n", 1)[0], text), find, dialects, waivable)


@cache
def sql_rules() -> dict[str, SqlRule]:
    """Every rule of SQL by its id, sorted."""
    import pkgutil
    from importlib import import_module

    import routecomp.sql.rules as package

    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        import_module(f"{package.__name__}.{module}")
    return dict(sorted(_rules.items()))


def sql_infos() -> dict[str, RuleInfo]:
    """What reports need of every rule of SQL, by id."""
    return {id: one.info for id, one in sql_rules().items()}


class Rules(Mapping[str, RuleInfo]):
    """What reports say of the rules, imported when first asked: that takes longer than a clean check."""

    def __getitem__(self, id: str) -> RuleInfo:
        return self._infos()[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos())

    def __len__(self) -> int:
        return len(self._infos())

    @staticmethod
    def _infos() -> Mapping[str, RuleInfo]:
        from routecomp.rules.registry import infos

        return infos() | sql_infos()
