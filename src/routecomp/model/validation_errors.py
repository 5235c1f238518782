"""What pydantic refused of one body in, findings out: each at the smallest node it is about, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.invalid import quote_value
from routecomp.model.suggest import suggestion, typo_of
from routecomp.parse.edit import key_removal
from routecomp.parse.scalars import is_null
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence, first_line_span
from routecomp.source.edits import Edit, Fix

Location = tuple[str | int, ...]
_KEY_MARK = "[key]"
# Words are compared with every key of a mapping; beyond this many strange keys nobody reads a guess.
_GUESSES = 20


def explain_validation_error(
    title: str, body: type[BaseModel], key: Scalar, node: Mapping, failure: ValidationError
) -> Iterator[Diagnostic]:
    """The findings of one body: `title` is how messages name it, `key` the node of its slug."""
    missing: dict[Location, list[str]] = {}
    strange: dict[Location, list[str]] = {}
    miscounted: set[Location] = set()
    for detail in failure.errors(include_url=False, include_input=False):
        location: Location = detail["loc"]
        kind: str = detail["type"]
        if kind == "missing" and isinstance(location[-1], str):
            missing.setdefault(location[:-1], []).append(location[-1])
        elif kind in ("missing", "too_long", "too_short"):
            miscounted.add(location[:-1] if kind == "missing" else location)
        elif kind == "extra_forbidden":
            strange.setdefault(location[:-1], []).append(str(location[-1]))
        else:
            yield _refused(_Place(title, body, key, node, location, kind), detail)
    for location, names in missing.items():
        yield _missing(_Place(title, body, key, node, location), names)
    for location in sorted(miscounted, key=str):
        yield from _miscounted(_Place(title, body, key, node, location))
    for location, names in strange.items():
        yield from _unknown_keys(_Place(title, body, key, node, location), names)


class _Place:
    """Where a location leads in a body: the node there, its parent and the key above it, and how to say it."""

    def __init__(
        self, title: str, body: type[BaseModel], key: Scalar, node: Mapping, location: Location, kind: str = ""
    ) -> None:
        self.title, self.body = title, body
        self.of_key = kind == "finding" and len(location) > 1 and location[-1] == _KEY_MARK
        if self.of_key:
            location = location[:-1]
        self.parent: Node = node
        self.node: Node = node
        self.owner = key
        steps = 0
        for step in location:
            below = _below(self.node, step)
            if below is None:
                break
            steps += 1
            if isinstance(self.node, Mapping):
                self.owner = below[0]
            self.parent, self.node = self.node, below[1]
        self.location = location[:steps]

    @property
    def path(self) -> str:
        """The keys on the way, without the numbers of list entries."""
        return ".".join(str(step) for step in self.location if isinstance(step, str))

    @property
    def subject(self) -> str:
        """What a message says something about."""
        if self.of_key:
            above = self.path.rpartition(".")[0] if self.parent is not self.node else ""
            return f"{self.title}: a key of `{above}`" if above else f"{self.title}: a key"
        if not self.location:
            return self.title
        entry = "an entry of " if isinstance(self.location[-1], int) else ""
        return f"{self.title}: {entry}`{self.path}`"

    @property
    def where(self) -> str:
        """The same, as the owner of keys."""
        return f"`{self.path}` of {self.title}" if self.path else self.title

    @property
    def keys(self) -> list[str]:
        """The keys the model knows here, the required ones first."""
        return _keys_at(self.body, self.location)[0]

    @property
    def required(self) -> list[str]:
        return _keys_at(self.body, self.location)[1]


def _below(node: Node, step: str | int) -> tuple[Scalar, Node] | None:
    if isinstance(node, Mapping):
        return node.pair(str(step))
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
        # Only a mapping's pair has a key; the caller reads it only there.
        return _NO_KEY, node.items[step]
    return None


_NO_KEY: Any = None


def _missing(place: _Place, names: list[str]) -> Diagnostic:
    listed = ", ".join(f"`{name}`" for name in names)
    span = (
        place.owner.span
        if place.node.start == place.node.end or not isinstance(place.parent, Sequence)
        else first_line_span(place.node)
    )
    return error("RC113", f"{place.where} has no {listed}", span, "add " + ", ".join(f"`{name}:`" for name in names))


def _miscounted(place: _Place) -> Iterator[Diagnostic]:
    assert isinstance(place.node, Sequence)
    count = len(place.node.items)
    entries = "no entries" if count == 0 else "1 entry" if count == 1 else f"{count} entries"
    if _is_pair(place.body, place.location):
        yield error(
            "RC120",
            f"{place.subject} holds {entries}; exactly 2 are wanted",
            first_line_span(place.node),
            "write a first and a last one",
        )
    elif count == 0:  # pydantic also counts none where every entry was refused for itself
        yield error(
            "RC120",
            f"{place.subject} is an empty list",
            first_line_span(place.node),
            "add an entry, or leave the key out",
        )


def _unknown_keys(place: _Place, names: list[str]) -> Iterator[Diagnostic]:
    mapping = place.node
    assert isinstance(mapping, Mapping)
    keys = {key.text: key for key, _ in mapping.items}
    free = [word for word in place.keys if word not in keys]
    taken: set[str] = set()
    for at, name in enumerate(names):
        key = keys[name]
        near = typo_of(name, free) if at < _GUESSES and key.plain and name else None
        fix = None
        if near is not None and near not in taken:
            taken.add(near)
            fix = Fix(f"rename it to `{near}`", (Edit(key.span, near),))
        otherwise = "remove it" + (f"; known keys are {', '.join(free)}" if 0 < len(free) <= 12 else "")
        help = suggestion(name, free, otherwise) if at < _GUESSES else otherwise
        yield error("RC112", f"{place.where} has the unknown key {quote_value(name)}", key.span, help, fix=fix)


def _refused(place: _Place, detail: Any) -> Diagnostic:
    node = place.node
    if place.of_key:
        context = detail["ctx"]
        return error(context["rule"], f"{place.subject} {context['message']}", place.owner.span, context["help"])
    if isinstance(node, Scalar) and is_null(node):
        return _null(place, node)
    if detail["type"] == "finding":
        context = detail["ctx"]
        fix = None
        if context["replacement"] is not None:
            fix = Fix(f"write {quote_value(context['replacement'])}", (Edit(node.span, context["replacement"]),))
        return error(
            context["rule"],
            f"{place.subject} {context['message']}",
            first_line_span(node),
            context["help"],
            context["note"],
            fix=fix,
        )
    return _wrong_shape(place, node, _SHAPES[detail["type"]])


_SHAPES = {"tuple_type": "a list", "dict_type": "a mapping", "model_type": "a mapping"}


def _wrong_shape(place: _Place, node: Node, wanted: str) -> Diagnostic:
    found = "a list" if isinstance(node, Sequence) else "a mapping" if isinstance(node, Mapping) else "one value"
    help, fix = f"write {wanted}", None
    if wanted == "a list" and isinstance(node, Scalar):
        help = "write a list, even of one entry"
        if node.plain and "\n" not in node.span.text:
            listed = f"[{node.span.text}]"
            help += f": {listed}"
            fix = Fix(f"write {quote_value(listed)}", (Edit(node.span, listed),))
    elif wanted == "a mapping" and 0 < len(keys := place.required or place.keys) <= 4:
        help = "write a mapping: {" + ", ".join(f"{key}: …" for key in keys) + "}"
    return error("RC120", f"{place.subject} is {found}; {wanted} is wanted", first_line_span(node), help, fix=fix)


def _null(place: _Place, node: Scalar) -> Diagnostic:
    span = node.span if node.end > node.start else place.owner.span
    if isinstance(place.location[-1], int):
        return error("RC114", f"{place.subject} is null", span, "give it a value, or remove the entry")
    fix = None
    required = place.location[-1] in _keys_at(place.body, place.location[:-1])[1]
    if isinstance(place.parent, Mapping) and not required:
        others = (value for key, value in place.parent.items if key is not place.owner)
        edit = key_removal(place.parent, place.owner.text)
        if edit is not None and any(not (isinstance(other, Scalar) and is_null(other)) for other in others):
            fix = Fix(f"remove {quote_value(place.owner.text)}", (edit,))
    return error(
        "RC114",
        f"{place.subject} is null",
        span,
        "give it a value" if required else "give it a value, or leave the key out",
        fix=fix,
    )


@lru_cache(4096)
def _part_at(body: type[BaseModel], location: Location) -> Any:
    """The declared type of the part of `body` a location leads to; None where the model knows none."""
    part: Any = body
    for step in location:
        part = _bare(part)
        arguments = get_args(part)
        if isinstance(part, type) and issubclass(part, BaseModel):
            known = part.model_fields.get(str(step))
            part = None if known is None else known.annotation
        elif get_origin(part) is dict:
            part = arguments[1]
        elif get_origin(part) is tuple and isinstance(step, int):
            part = arguments[0] if arguments[-1] is Ellipsis else arguments[min(step, len(arguments) - 1)]
        else:
            return None
    return _bare(part)


def _bare(part: Any) -> Any:
    """A type without what is said about it, and without its None."""
    while True:
        if get_origin(part) is Annotated:
            part = get_args(part)[0]
        elif get_origin(part) in (Union, UnionType):
            part = next(one for one in get_args(part) if one is not NoneType)
        else:
            return part


def _is_pair(body: type[BaseModel], location: Location) -> bool:
    part = _part_at(body, location)
    return get_origin(part) is tuple and get_args(part)[-1] is not Ellipsis


def _keys_at(body: type[BaseModel], location: Location) -> tuple[list[str], list[str]]:
    """The keys the model knows at a location, and those of them that are required."""
    part = _part_at(body, location)
    if not (isinstance(part, type) and issubclass(part, BaseModel)):
        return [], []
    fields = {name: known for name, known in part.model_fields.items() if not known.exclude}
    return list(fields), [name for name, known in fields.items() if known.is_required()]
