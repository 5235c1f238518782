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
_ARGUMENTS: dict[str, Kind] = {
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
    """A name in an expectation: what it names, where it stands in words, and its span.

    `experiment` is the one that stands beside a variant, None where none does.
    """

    kind: Kind
    where: str
    name: str
    span: Span
    experiment: str | None = None


def requested_names(entry: Entry[Expectation]) -> Iterator[Named]:
    """Yield every name in the requests of an expectation, those of its `undeclared` included.

    Names in the `where` of a row are left out: they stand under `for` too.
    """
    for argument, kind in _ARGUMENTS.items():
        value = getattr(entry.body.request, argument)
        if value is not None:
            yield from _names(entry, kind, ("request", argument), value)
        for position, item in enumerate(entry.body.matrix.get(argument, ())):
            yield from _names(entry, kind, ("for", argument, position), item)


def wanted_names(entry: Entry[Expectation]) -> Iterator[Named]:
    """Yield every name in what an expectation wants of a decision."""
    body = entry.body
    rows: list[tuple[_Path, Expected]] = [(("rows", index), row.expect) for index, row in enumerate(body.rows)]
    places: list[tuple[_Path, Expected]] = [((), body.expect), *rows]
    for path, expected in places:
        for key, kind in _KEYS.items():
            value = getattr(expected, key)
            if value is not None:
                for named in _names(entry, kind, (*path, "expect", key), value):
                    yield named._replace(experiment=expected.experiment)


def names_in_expectations(declared: Declared, *kinds: Kind) -> Iterator[Named]:
    """Yield every name of these kinds that an expectation takes for declared."""
    for entry in declared.expectations.values():
        strangers = frozenset(entry.body.undeclared)
        yield from (each for each in requested_names(entry) if each.kind in kinds and each.name not in strangers)
        yield from (named for named in wanted_names(entry) if named.kind in kinds)


def _names(entry: Entry[Expectation], kind: Kind, path: _Path, value: str | tuple[str, ...]) -> Iterator[Named]:
    """Yield the names in the value at a path of an expectation."""
    where = f"`{'.'.join(step for step in path if isinstance(step, str))}` of {entry.title}"
    if isinstance(value, tuple):
        for position, name in enumerate(value):
            yield Named(kind, where, name, entry.span(*path, position))
    else:
        yield Named(kind, where, value, entry.span(*path))
