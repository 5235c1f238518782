"""Say which names an expectation or a claim may hold: those that are declared, as far as they could be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from routecomp.model.call_names import call_names, pattern_of
from routecomp.model.project import Declared
from routecomp.model.suggest import typo_of
from routecomp.model.vocabulary import CAPABILITIES, PREFERENCES
from routecomp.rules.expected_names import ARGUMENTS, Kind, names_in_expectations
from routecomp.rules.lookup import names

_CALLABLE = ("models", "targets", "features", "experiments")
"""The sections whose bodies have names that callers may send as `model`."""


class Known(NamedTuple):
    """The names of one kind; `is_whole` is false where a body that could not be read may have more of them."""

    names: Collection[str]
    is_whole: bool

    def lacks(self, name: str) -> bool:
        """Return whether a name is none of them for sure: where some are hidden, only a misspelling of another one."""
        return name not in self.names and (self.is_whole or typo_of(name, self.names) is not None)


def known_names(declared: Declared) -> dict[Kind, Known]:
    """Return the known names of each kind, without kinds of which a whole file may hide some."""
    return dict(_known(declared))


def unknown_values(known: dict[Kind, Known], argument: str, values: Collection[object]) -> set[object]:
    """Return the values of an argument of a request that are, or list, a name that nothing declares."""
    kind = ARGUMENTS.get(argument)
    if kind is None or kind not in known:
        return set()
    lacks = known[kind].lacks
    return {value for value in values if any(map(lacks, value if isinstance(value, tuple) else (str(value),)))}


def _known(declared: Declared) -> Iterator[tuple[Kind, Known]]:
    features, tenants, experiments = (names(declared, section) for section in ("features", "tenants", "experiments"))
    if features is not None and "defaults" not in declared.incomplete:
        routes = declared.defaults.body.routes if declared.defaults is not None else {}
        yield "feature", Known({*features, *routes}, declared.is_whole("defaults"))
    if tenants is not None:
        yield "tenant", Known(tenants, is_whole=True)
    if experiments is not None:
        yield "experiment", Known(experiments, is_whole=True)
    if not declared.incomplete.intersection(_CALLABLE):
        yield "call name", Known(_callable(declared), declared.is_whole(*_CALLABLE))
    yield "preference", Known(PREFERENCES, is_whole=True)
    models, providers = (names(declared, section) for section in ("models", "providers"))
    if models is not None:
        words = {word for entry in declared.models.values() for word in entry.body.capabilities}
        yield "capability", Known({*CAPABILITIES, *words}, declared.is_whole("models"))
        if providers is not None:
            yield "model or provider", Known({*models, *providers}, is_whole=True)
    if declared.is_whole("providers"):
        yield "stack", Known({*declared.stacks, *(f"avoid-{word}" for word in declared.stacks)}, is_whole=True)


def _callable(declared: Declared) -> set[str]:
    """Return the names that callers may send as `model`, and those in expectations that begin like a pattern."""
    known = list(call_names(declared))
    patterns = [each.name for each in known if each.kind == "pattern"]
    used = {named.name for named in names_in_expectations(declared, "call name")}
    hidden = {name for section in ("models", "targets") for name in declared.broken.get(section, ())}
    hidden.update(declared.hidden_logical or ())
    return hidden.union(
        (each.name for each in known if each.kind != "pattern"),
        (name for name in used if pattern_of(name, patterns) is not None),
    )
