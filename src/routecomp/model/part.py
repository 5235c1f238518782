"""Read a mapping of a file into a `Part`: the keys it may have, the type of each value, every fault at once.

A class below `Part` declares its keys as annotated `Field`s. `Part.read` gets the mapping's node and reads each value
with the reader of its annotation, which is worked out at the first use. Readers refuse a value by raising `Refused`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Self, Union, get_args, get_origin, get_type_hints

from routecomp.model.invalid import Fault, Location, Refused
from routecomp.parse import tree
from routecomp.parse.tree import Node, Scalar

Reader = Callable[[Any], Any]
"""Takes a node, and returns its value or raises `Refused`."""
_REQUIRED: Any = object()


class Value:
    """Mark the type of a scalar, within `Annotated`: how it is read, and its JSON Schema."""

    def __init__(self, read: Reader, schema: Mapping[str, object]) -> None:
        self.read = read
        self.schema = schema


class Before:
    """Mark a type, within `Annotated`, whose node is rewritten before it is read, or is read by `prepare` itself."""

    def __init__(self, prepare: Callable[[Node], Any]) -> None:
        self.prepare = prepare


class FieldInfo:
    """A key of a part: its default, what it says to authors, and its type.

    `min_length` is the least number of entries of a list. `schema` is added to its JSON Schema. A `hidden` field is no
    key: authors cannot write it.
    """

    def __init__(
        self, default: Any, description: str, examples: list[Any], min_length: int, schema: Any, hidden: bool
    ) -> None:
        self.default = default
        self.description = description
        self.examples = examples
        self.min_length = min_length
        self.schema: Mapping[str, object] = schema or {}
        self.hidden = hidden
        self.owner: type[Part] = Part  # the class that declares it, under `name`
        self.name = ""

    @property
    def is_required(self) -> bool:
        """Whether the key has no default."""
        return self.default is _REQUIRED

    @cached_property
    def annotation(self) -> Any:
        """The type of the value."""
        return self.owner.types()[self.name]


def Field(
    default: Any = _REQUIRED,
    *,
    description: str = "",
    examples: list[Any] | None = None,
    min_length: int = 0,
    schema: Mapping[str, object] | None = None,
    hidden: bool = False,
) -> Any:
    """Declare a key of a part (see `FieldInfo`); without a default it is required."""
    return FieldInfo(default, description, examples or [], min_length, schema, hidden)


class Part:
    """A mapping of the YAML files: frozen; unknown keys are refused.

    An instance holds the values its author wrote; the defaults of the others stand on the class. A field whose name
    ends in `_` is the key without it, as in `for_`: that is a word of Python.
    """

    fields: ClassVar[dict[str, FieldInfo]] = {}
    """Every key in the order of the JSON Schemas: those of the bases first."""
    _readers: ClassVar[dict[str, Reader] | None] = None
    _types: ClassVar[dict[str, Any] | None] = None
    _restorers: ClassVar[dict[str, Callable[[Any], Any]] | None] = None

    def __init_subclass__(cls) -> None:
        fields: dict[str, FieldInfo] = {}
        for base in reversed(cls.__mro__[1:]):
            fields |= base.__dict__.get("fields", {})
        for name, info in list(cls.__dict__.items()):
            if isinstance(info, FieldInfo):
                info.owner, info.name = cls, name
                key = name.removesuffix("_")
                fields[key] = info
                delattr(cls, name)
                if not info.is_required:
                    setattr(cls, key, info.default)
        cls.fields = fields
        cls._readers = cls._restorers = cls._types = None

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    @classmethod
    def types(cls) -> Mapping[str, Any]:
        """Return the type of each field, worked out at the first use."""
        if cls._types is None:
            cls._types = get_type_hints(cls, include_extras=True)
        return cls._types

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read a node as this part; raise `Refused` with all of its faults."""
        readers = cls._readers
        if readers is None:
            readers = cls._readers = {
                name: _reader(info.annotation, info.min_length) for name, info in cls.fields.items() if not info.hidden
            }
            cls._required = frozenset(name for name, info in cls.fields.items() if info.is_required)
        if node.__class__ is not tree.Mapping:
            raise Refused([Fault((), "shape", wanted="a mapping")])
        # INVARIANT: no two keys of a mapping node have the same text.
        values: dict[str, Any] = {}
        try:
            for key, value in node.items:
                read = readers.get(key.text)
                if read is None:
                    break
                values[key.text] = read(value)
        except Refused:
            raise Refused(cls._faults(node, readers)) from None
        if len(values) < len(node.items) or not cls._required <= values.keys():
            raise Refused(cls._faults(node, readers))
        part = object.__new__(cls)
        object.__setattr__(part, "__dict__", values)
        return part

    @classmethod
    def takes(cls, name: str, node: Node) -> bool:
        """Return whether a mapping may stand below one of this part's keys."""
        if name not in cls.fields or not isinstance(node, tree.Mapping):
            return False
        return cls.fits(name, node)

    @classmethod
    def fits(cls, name: str, node: Node) -> bool:
        """Return whether a value can be read as that of one of this part's keys."""
        return not _below(name, _reader(cls.fields[name].annotation), node)

    _required: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def _faults(cls, node: Any, readers: Mapping[str, Reader]) -> list[Fault]:
        """Return all faults of a mapping that is not this part, in the order of the fields, then the unknown keys."""
        written = {key.text: value for key, value in node.items}
        faults: list[Fault] = []
        for name, read in readers.items():
            if name in written:
                faults += _below(name, read, written[name])
            elif name in cls._required:
                faults.append(Fault((name,), "missing"))
        return faults + [Fault((name,), "unknown") for name in written if name not in readers]

    def plain(self) -> dict[str, Any]:
        """Return the values as plain ones, parts as dicts: `restore` is the way back."""
        return {name: _plain(value) for name, value in self.__dict__.items()}

    @classmethod
    def restore(cls, values: dict[str, Any]) -> Self:
        """Make a part of what `plain` returned; the dict becomes the part's own."""
        restorers = cls._restorers
        if restorers is None:
            below = {name: _restorer(info.annotation) for name, info in cls.fields.items()}
            restorers = cls._restorers = {name: restore for name, restore in below.items() if restore is not None}
        for name, restore in restorers.items():
            if values.get(name) is not None:
                values[name] = restore(values[name])
        part = object.__new__(cls)
        object.__setattr__(part, "__dict__", values)
        return part

    def but(self, **values: Any) -> Self:
        """Return a copy with other values of some fields."""
        return type(self)(**{**self.__dict__, **values})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        if self.__class__ is not other.__class__:
            return NotImplemented
        mine, others = self.__dict__, other.__dict__
        return mine == others or all(getattr(self, name, None) == getattr(other, name, None) for name in self.fields)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name, None) for name in self.fields))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__dict__.items())})"


def plain_type(annotation: Any) -> Any:
    """Return a type without its annotations and without None; of a union the first type."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType):
            annotation = next(argument for argument in get_args(annotation) if argument is not NoneType)
        else:
            return annotation


def _plain(value: Any) -> Any:
    """Return a value with the parts in it as dicts."""
    if isinstance(value, Part):
        return value.plain()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def _restorer(annotation: Any) -> Callable[[Any], Any] | None:
    """Return the function that makes a value of a type of plain ones; None where no part is in it."""
    annotation = plain_type(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation.restore
    if get_origin(annotation) is dict:
        return _below_restorer(
            get_args(annotation)[1], lambda restore, value: {k: restore(v) for k, v in value.items()}
        )
    if get_origin(annotation) is tuple:
        return _below_restorer(get_args(annotation)[0], lambda restore, value: tuple(map(restore, value)))
    return None


def _below_restorer(annotation: Any, restore_all: Callable[[Any, Any], Any]) -> Callable[[Any], Any] | None:
    """Return the function that makes a collection of plain ones; None where no part is in it."""
    restore = _restorer(annotation)
    return None if restore is None else partial(restore_all, restore)


def _reader(annotation: Any, min_length: int = 0) -> Reader:
    """Return the reader of a type; a list of it has at least `min_length` entries."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        for mark in arguments[1:]:
            if isinstance(mark, Value):
                return mark.read
            if isinstance(mark, Before):
                return _prepared(mark.prepare, _reader(arguments[0]))
        return _reader(arguments[0], min_length)
    if origin in (Union, UnionType):
        return _reader(next(argument for argument in arguments if argument is not NoneType), min_length)
    if origin is dict:
        return _dict_reader(*map(_reader, arguments))
    if origin is tuple and arguments[-1] is Ellipsis:
        return _list_reader(_reader(arguments[0]), min_length)
    if origin is tuple:
        return _pair_reader([_reader(argument) for argument in arguments])
    read: Reader = annotation.read
    return read


def _prepared(prepare: Callable[[Node], Any], read: Reader) -> Reader:
    """Return a reader that rewrites the node first; a part that this makes is the value already."""

    def read_prepared(node: Node) -> Any:
        value = prepare(node)
        return value if isinstance(value, Part) else read(value)

    return read_prepared


def _list_reader(read: Reader, min_length: int) -> Reader:
    """Return a reader of lists of any length."""

    def read_list(node: Any) -> tuple[Any, ...]:
        if node.__class__ is not tree.Sequence:
            raise Refused([Fault((), "shape", wanted="a list")])
        items = node.items
        if len(items) < min_length:
            raise Refused([Fault((), "count")])
        try:
            return tuple([read(item) for item in items])
        except Refused:
            raise Refused(_all_faults((index, read, item) for index, item in enumerate(items))) from None

    return read_list


def _pair_reader(readers: list[Reader]) -> Reader:
    """Return a reader of lists with one entry for each of `readers`."""

    def read_pair(node: Any) -> tuple[Any, ...]:
        if node.__class__ is not tree.Sequence:
            raise Refused([Fault((), "shape", wanted="a list")])
        items = node.items
        faults = (
            []
            if len(items) > len(readers)
            else _all_faults(
                (index, read, item) for index, (read, item) in enumerate(zip(readers, items, strict=False))
            )
        )
        if len(items) != len(readers):
            faults.append(Fault((), "count"))
        if faults:
            raise Refused(faults)
        return tuple([read(item) for read, item in zip(readers, items, strict=True)])

    return read_pair


def _dict_reader(read_key: Reader, read: Reader) -> Reader:
    """Return a reader of mappings from names to values."""

    def read_dict(node: Any) -> dict[str, Any]:
        if node.__class__ is not tree.Mapping:
            raise Refused([Fault((), "shape", wanted="a mapping")])
        try:
            return {read_key(key): read(value) for key, value in node.items}
        except Refused:
            faults: list[Fault] = []
            for key, value in node.items:
                faults += [fault.of_key() for fault in _below(key.text, read_key, key)]
                faults += _below(key.text, read, value)
            raise Refused(faults) from None

    return read_dict


def _all_faults(readings: Iterable[tuple[str | int, Reader, Node]]) -> list[Fault]:
    """Return the faults of several values, each given with its step and its reader."""
    return [fault for step, read, node in readings for fault in _below(step, read, node)]


def _below(step: str | int, read: Reader, node: Node) -> list[Fault]:
    """Return the faults of the value at one step, empty where it can be read."""
    try:
        read(node)
    except Refused as refused:
        return [fault.below(step) for fault in refused.faults]
    return []


__all__ = ["Before", "Field", "FieldInfo", "Location", "Part", "Scalar", "Value", "plain_type"]
