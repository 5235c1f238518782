"""Find every name in an expectation, with the kind of thing that it names there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from routecomp.model.expectation import Expectation, Expected
from routecomp.model.project import Declared, Entry
from routecomp.source.text import Span

Kind = Literal[
    "feature",
    "call name",
    "tenant",
    "preference",
    "stack",
    "capability",
    "model or provider",
    "model",
    "provider",
    "experiment",
    "variant",
]
ARGUMENTS: dict[str, Kind] = {
    "feature": "feature",
    "model": "call name",
    "tenant": "tenant",
    "preference": "preference",
    "stack": "stack",
    "capabilities": "capability",
    "unavailable": "model or provider",
}
"""What the names in an argument of a request are."""
_KEYS: dict[str, Kind] = {
    "model": "model",
    "provider": "provider",
    "chain": "model",
    "chain_begins": "model",
    "shadows": "model",
    "experiment": "experiment",
    "variant": "variant",
}
"""What the names in a key of a decision are."""
_Path = tuple[str | int, ...]


class Named(NamedTuple):
    """A name in an expectation, what it names, and the path to it within the body.

    `experiment` is the one that stands beside a variant, None where none does.
    """

    kind: Kind
    name: str
    entry: Entry[Expectation]
    path: _Path
    experiment: str | None = None

    @property
    def where(self) -> str:
        """Where it stands, in words."""
        return f"`{'.'.join(step for step in self.path if isinstance(step, str))}` of {self.entry.title}"

    @property
    def span(self) -> Span:
        """Where it stands in the file."""
        return self.entry.span(*self.path)


def names_in_expectations(declared: Declared, *kinds: Kind) -> Iterator[Named]:
    """Yield every name of these kinds that an expectation takes for declared."""
    for entry in declared.expectations.values():
        strangers = frozenset(entry.body.undeclared)
        yield from (named for named in requested_names(entry, *kinds) if named.name not in strangers)
        yield from _wanted_names(entry, kinds)


def requested_names(entry: Entry[Expectation], *kinds: Kind) -> Iterator[Named]:
    """Yield every name in the requests of an expectation, or those of some kinds; those of `undeclared` included.

    Names in the `where` of a row are left out: they stand under `for` too.
    """
    for argument, kind in ARGUMENTS.items():
        if kinds and kind not in kinds:
            continue
        value = getattr(entry.body.request, argument)
        if value is not None:
            yield from _names(entry, kind, ("request", argument), value)
        for position, item in enumerate(entry.body.matrix.get(argument, ())):
            yield from _names(entry, kind, ("for", argument, position), item)


def _wanted_names(entry: Entry[Expectation], kinds: tuple[Kind, ...]) -> Iterator[Named]:
    """Yield every name of some kinds in what an expectation wants of a decision."""
    keys = [key for key, kind in _KEYS.items() if kind in kinds]
    if not keys:
        return
    rows: list[tuple[_Path, Expected]] = [(("rows", index), row.expect) for index, row in enumerate(entry.body.rows)]
    places: list[tuple[_Path, Expected]] = [((), entry.body.expect), *rows]
    for path, expected in places:
        for key in keys:
            value = getattr(expected, key)
            if value is not None:
                for named in _names(entry, _KEYS[key], (*path, "expect", key), value):
                    yield named._replace(experiment=expected.experiment)


def _names(entry: Entry[Expectation], kind: Kind, path: _Path, value: str | tuple[str, ...]) -> Iterator[Named]:
    """Yield the names in the value at a path of an expectation."""
    if isinstance(value, tuple):
        for position, name in enumerate(value):
            yield Named(kind, name, entry, (*path, position))
    else:
        yield Named(kind, value, entry, path)
