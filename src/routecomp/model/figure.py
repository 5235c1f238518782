"""Define what a figure is: one value of a declared body, and how the table, the database and people see it."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Literal

from routecomp.model.numbers import NumberField
from routecomp.model.part import FieldInfo, Part
from routecomp.model.policy import DefaultPolicy, PolicyFields, effective_policy

FIRST = "2.0"
"""The format of the first plain tables: its keys are required. Every later key is optional."""

Kind = Literal[
    "whole",
    "flag",
    "word",
    "slug",
    "stack",
    "slugs",
    "name",
    "upstream",
    "variable",
    "adapter",
    "url",
    "path",
    "day",
    "auth",
    "params",
    "salt",
    "texts",
    "free",
]
"""What a figure holds: `whole` is an integer in the figure's unit, `slugs` a list of names, `texts` texts by name,
`free` any text, `stack` a region word; the others are texts of a form (see `sql.forms`)."""

Unit = Literal["", "share", "ratio", "percent", "dollars", "cents", "milliseconds", "seconds", "tokens"]
"""What a `whole` counts, as it is stored.

A `share` of 1, a `ratio` and a `percent` are in basis points, `dollars` in micro-dollars per million tokens, which are
pico-dollars per token.
"""

UNIT_WORDS: dict[Unit, str] = {
    "share": "In basis points.",
    "ratio": "In basis points.",
    "percent": "In basis points.",
    "dollars": "In micro-dollars.",
    "cents": "In cents.",
}
"""The unit of a stored number, in words, where it is not the author's."""

SCALES: dict[Unit, int] = {"share": 4, "ratio": 4, "percent": 2, "dollars": 6, "cents": 2}
"""How many decimals of the author's unit a stored number has; none for a unit that is not here."""

REQUIRED = object()
"""The default of a figure that every author writes."""

_DEFAULT_POLICY = effective_policy(DefaultPolicy(), DefaultPolicy().preset, {})


@dataclass(frozen=True, slots=True)
class Bound:
    """How an argument of a request is compared with a figure: it is `at most` the figure, or `at least` the figure.

    A figure of null bounds nothing.
    """

    argument: str
    relation: Literal["at most", "at least"]


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """One value of a declared body, from its key in the YAML to its key in the table and its column.

    `body` is the class and `path` the keys, joined with dots, under which an author writes it. `key` is its key in the
    body's entry of the table, and `column` its column in the database; None where it has none. `filters` are the
    filters that read it. `bound` says which argument of a request it is compared with.
    """

    body: type[Part]
    path: str
    kind: Kind
    unit: Unit = ""
    key: str | None = None
    column: str | None = None
    key_path: str = ""
    """Where the table's value is read from a body, if not at `path`: it is worked out of several keys."""
    column_path: str = ""
    """Where the database's value is read from a body, if not at `path`."""
    words: tuple[str, ...] = ()
    """All that a `word` may be."""
    filters: tuple[str, ...] = ()
    bound: Bound | None = None
    comment: str = ""
    """What the column holds, in place of the field's description."""
    key_comment: str = ""
    """What the table holds, in place of the field's description."""
    is_named: bool = False
    """Whether the body's own name stands where an author leaves it out."""
    is_filled: bool = False
    """Whether the database always has a value, worked out where an author leaves it out."""
    is_permission: bool = False
    """Whether it also holds without a table, and therefore stands in the fallback file."""
    decides: bool = True
    """Whether a resolver that does not know it may answer wrongly: see `requirement`."""
    since: str = FIRST
    """The format of the tables that first had its key."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that lead to it from its body."""
        return tuple(self.path.split("."))

    @property
    def is_optional(self) -> bool:
        """Whether a table may lack its key: then its default counts."""
        return self.since != FIRST

    @property
    def requirement(self) -> str | None:
        """The word that a table has in `requires` where the figure is not at its default; None if it needs none.

        A resolver that is older than the figure refuses such a table, in place of answering wrongly.
        """
        if not self.is_optional or not self.decides or self.key is None:
            return None
        return f"{self.body.__name__.lower()}.{self.key}"

    @property
    def description(self) -> str:
        """What the author reads about it."""
        return self.comment or self._field.description

    @property
    def default(self) -> Any:
        """The value, as it is stored, where an author leaves it out; `REQUIRED` if nobody may.

        Of policies it is the value of the effective policy of a tenant that sets nothing.
        """
        if issubclass(self.body, PolicyFields):
            value = self.value(_DEFAULT_POLICY)
        elif self._field.is_required:
            return REQUIRED
        else:
            value = self._field.default
        return self._sorted(value)

    @property
    def key_default(self) -> Any:
        """What counts where a table lacks its key: nothing, for a value that is worked out of several keys."""
        if not self.key_path:
            return self.default
        return {} if self.kind == "texts" else None

    @property
    def is_nullable(self) -> bool:
        """Whether null is one of its values."""
        return (self.key_default if self.key is not None else self.default) is None and not self.is_named

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest number of a `whole`, as it is stored."""
        number = next(number_fields(self._field.annotation))
        return number.low + number.low_open, number.high

    def value(self, body: Any) -> Any:
        """Return the value of a body (of policies: the effective one), in the figure's unit."""
        return _reader(self.path)(body)

    def stored(self, slug: str, body: Any) -> Any:
        """Return the value as the table and the database hold it; lists are sorted and hold each name once."""
        return self.finish(slug, self.value(body))

    def finish(self, slug: str, value: Any) -> Any:
        """Return a value that was read from the body `slug` as the table and the database hold it."""
        return slug if self.is_named and not value else self._sorted(value)

    def _sorted(self, value: Any) -> Any:
        """Return a value with its lists sorted, each name once."""
        return sorted(set(value)) if self.kind == "slugs" and value is not None else value

    @property
    def _field(self) -> FieldInfo:
        """The field of the body's class."""
        *outer, last = self.keys
        owner = self.body
        for key in outer:
            owner = next(_models(owner.fields[key].annotation))
        return owner.fields[last]


@cache
def _reader(path: str) -> attrgetter[Any]:
    """Return the function that reads a path from a body; making one takes longer than reading."""
    return attrgetter(path)


def _models(annotation: Any) -> Iterator[type[Part]]:
    """Yield the classes of bodies in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models(argument)


def number_fields(annotation: Any) -> Iterator[NumberField]:
    """Yield the bounds of the numbers in an annotation."""
    for argument in typing.get_args(annotation):
        if isinstance(argument, NumberField):
            yield argument
        else:
            yield from number_fields(argument)
