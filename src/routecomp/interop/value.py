"""Represent a value of another router's file: what it is, its exact text, its path in the file and its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from routecomp.source.text import Span

Path = tuple[str | int, ...]
"""The keys and indexes that lead to a value, from the top of the file."""


class Kind(StrEnum):
    """What a value is."""

    MAPPING = "mapping"
    LIST = "list"
    TEXT = "text"
    NUMBER = "number"
    BOOL = "bool"
    NULL = "null"
    DATE = "date"
    """A day that YAML 1.1 makes an object of, as of `api_version: 2024-02-15` without quotes."""
    ENVIRONMENT = "environment"
    """A reference to an environment variable (`os.environ/NAME`)."""
    CREDENTIAL = "credential"
    """A credential that stands in the file: stars stand in its place."""


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A value of a file, and all below it.

    `text` is a scalar's exact text; stars for a credential. `number` is what it counts, exactly: of a number, and of a
    text that reads as one (`"480"`), because LiteLLM takes those. `variable` is the name in a reference to the
    environment. `key` is the place of the key before it, None in a list. `fields` are the values of a mapping,
    `items` those of a list. A `placeholder` is a credential that cannot be meant (`fake-key`).
    `is_keyless` is true of one that says so of itself, so that a host asks for none, and `may_be_variable` of one that
    may be the name of a variable.
    Two credentials with one `fingerprint` are the same.
    """

    path: Path
    kind: Kind
    span: Span
    key: Span | None = None
    text: str = ""
    number: Decimal | None = None
    variable: str = ""
    is_quoted: bool = False
    placeholder: bool = False
    fingerprint: str = ""
    is_keyless: bool = False
    may_be_variable: bool = False
    fields: dict[str, Value] = field(default_factory=dict)
    items: tuple[Value, ...] = ()

    def get(self, *keys: str | int) -> Value | None:
        """Return the value below these keys and indexes; None where there is none."""
        value: Value | None = self
        for key in keys:
            if value is None:
                return None
            if isinstance(key, int):
                value = value.items[key] if key < len(value.items) else None
            else:
                value = value.fields.get(key)
        return value

    def text_of(self, *keys: str | int) -> str:
        """Return the text of the scalar below these keys; an empty one where there is none or it is null."""
        value = self.get(*keys)
        return "" if value is None or value.kind is Kind.NULL else value.text

    def walk(self) -> Iterator[Value]:
        """Yield the value and all below it, in the order of the file."""
        waiting = [self]
        while waiting:
            value = waiting.pop()
            yield value
            waiting += reversed((*value.fields.values(), *value.items))

    def leaves(self) -> Iterator[Value]:
        """Yield the scalars and the empty mappings and lists: each field of the file once."""
        return (value for value in self.walk() if not value.fields and not value.items)

    @property
    def children(self) -> tuple[Value, ...]:
        """The values directly below, of a mapping or a list."""
        return (*self.fields.values(), *self.items)

    @property
    def name(self) -> str:
        """The last key of the path that is no index."""
        return next((key for key in reversed(self.path) if isinstance(key, str)), "")

    @property
    def dotted(self) -> str:
        """The path as people write it: `model_list[0].litellm_params.model`."""
        return dotted(self.path)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is stated: null, an empty text, mapping or list."""
        return self.kind is Kind.NULL or (not self.text and not self.fields and not self.items)


def dotted(path: Path) -> str:
    """Return a path as people write it: `model_list[0].litellm_params.model`."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text
