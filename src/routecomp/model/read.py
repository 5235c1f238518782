"""Trees in, `Declared` out: every body read on its own, every finding placed at its node."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from routecomp.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label, error
from routecomp.model.experiment import Experiment
from routecomp.model.fields import SLUG_WORDS, shown
from routecomp.model.policy import Preferences, Preset, Tenant
from routecomp.model.program import Declared, Entry
from routecomp.model.route import Defaults, Feature, Model, Provider, Resilience, Scoring, Target
from routecomp.model.words import closest, suggestion
from routecomp.parse.scalars import SLUG, is_null
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence
from routecomp.source import Span


@dataclass(frozen=True, slots=True)
class Section:
    """A top-level key: the folder it lives in, the word for one of its bodies, and their type."""

    folder: str
    kind: str
    body: type[BaseModel]
    once: bool = False


SECTIONS: dict[str, Section] = {
    "providers": Section("routes", "provider", Provider),
    "models": Section("routes", "model", Model),
    "features": Section("routes", "feature", Feature),
    "targets": Section("routes", "target", Target),
    "defaults": Section("routes", "defaults", Defaults, once=True),
    "scoring": Section("routes", "scoring", Scoring, once=True),
    "resilience": Section("routes", "resilience", Resilience, once=True),
    "presets": Section("policies", "preset", Preset),
    "tenants": Section("policies", "tenant", Tenant),
    "preferences": Section("policies", "preferences", Preferences, once=True),
    "experiments": Section("experiments", "experiment", Experiment),
}
"""Every top-level key (docs/semantics.md, section 2)."""
FOLDERS = ("routes", "policies", "experiments")


def read(roots: Iterable[Node], unreadable: bool = False) -> tuple[Declared, list[Diagnostic]]:
    """Read the trees of all files (in the order of their paths).

    `unreadable` says that some file could not be parsed at all: a missing section may then stand in it, and
    nothing is said about missing ones.
    """
    reader = _Reader()
    for root in roots:
        reader.file(root)
    return reader.declared(unreadable), reader.diagnostics


class _Reader:
    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.entries: dict[str, dict[str, Entry[Any]]] = {name: {} for name in SECTIONS}
        self.seen: dict[tuple[str, str], Scalar] = {}
        self.broken: dict[str, set[str]] = {}

    def file(self, root: Node) -> None:
        if not isinstance(root, Mapping):
            found = "a list" if isinstance(root, Sequence) else "a single value"
            self.add(error("RC120", f"the file holds {found}, not a mapping of sections", _first_line(root),
                           "begin the file with a section, as in `models:`"))
            return
        folder = root.file.path.split("/", 1)[0]
        for key, value in root.items:
            section = SECTIONS.get(key.text)
            if section is None:
                self.unknown_section(key, folder)
            elif section.folder != folder:
                self.add(error("RC202", f"section `{key.text}` stands under {folder}/, but belongs under "
                                        f"{section.folder}/", key.span, f"move it to a file in {section.folder}/"))
            elif section.once:
                self.body(key.text, section, section.kind, key, value)
            elif isinstance(value, Mapping):
                for slug, body in value.items:
                    self.slug(key.text, section, slug, body)
            else:
                self.wrong_shape(f"section `{key.text}`", f"a mapping from {section.kind} names to bodies", key, value)

    def unknown_section(self, key: Scalar, folder: str) -> None:
        here = [name for name, section in SECTIONS.items() if section.folder == folder]
        near = closest(key.text, here)
        fix = Fix(f"rename it to `{near}`", (Edit(key.span, near),)) if near and key.plain else None
        self.add(error("RC203", f"unknown section {shown(key.text)}", key.span,
                       suggestion(key.text, here), fix=fix))

    def slug(self, name: str, section: Section, slug: Scalar, body: Node) -> None:
        if not SLUG.fullmatch(slug.text):
            self.add(error("RC118", f"{shown(slug.text)} is not a {section.kind} name (slug)", slug.span,
                           f"use {SLUG_WORDS}"))
            return
        self.body(name, section, slug.text, slug, body)

    def body(self, name: str, section: Section, slug: str, key: Scalar, node: Node) -> None:
        first = self.seen.setdefault((name, slug), key)
        if first is not key:
            if section.once:
                self.add(error("RC204", f"section `{slug}` occurs twice", key.span, "merge the two",
                               labels=(Label(first.span, "the first one"),)))
            else:
                self.add(error("RC201", f"{section.kind} `{slug}` is declared twice", key.span,
                               "rename or remove one of them", labels=(Label(first.span, "the first one"),)))
            return
        title = f"`{slug}`" if section.once else f"{section.kind} `{slug}`"
        if not isinstance(node, Mapping):
            self.broken.setdefault(name, set()).add(slug)
            self.wrong_shape(title, "a mapping", key, node)
            return
        try:
            body = section.body.model_validate(_plain(node))
        except ValidationError as failure:
            self.broken.setdefault(name, set()).add(slug)
            for detail in failure.errors(include_url=False, include_input=False):
                self.add(_finding(title, section.body, key, node, detail))
            return
        self.entries[name][slug] = Entry(section.kind, slug, body, key, node)

    def wrong_shape(self, title: str, wanted: str, key: Scalar, node: Node) -> None:
        if isinstance(node, Scalar) and is_null(node):
            self.add(error("RC114", f"{title} is null", key.span, f"write {wanted} below it, or leave it out"))
        else:
            self.add(error("RC120", f"{title} must be {wanted}", _first_line(node), f"write {wanted}"))

    def add(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)

    def declared(self, unreadable: bool) -> Declared:
        bodies: dict[str, Any] = {
            name: self.entries[name].get(section.kind) if section.once else dict(sorted(self.entries[name].items()))
            for name, section in SECTIONS.items()}
        for name, wanted in (("defaults", "model: <slug>"), ("scoring", "cost and latency_ms scales")):
            if (name, name) not in self.seen and not unreadable:
                self.add(error("RC205", f"section `{name}` is missing", None,
                               f"add `{name}:` with {wanted} to a file in {SECTIONS[name].folder}/"))
        broken = {name: frozenset(slugs) for name, slugs in self.broken.items()}
        return Declared(**bodies, broken=broken)


def _plain(node: Node) -> object:
    """Mappings as dicts by their keys' text, sequences as lists, scalars as their nodes."""
    if isinstance(node, Scalar):
        return node
    if isinstance(node, Mapping):
        return {key.text: _plain(value) for key, value in node.items}
    return [_plain(value) for value in node.items]


def _finding(title: str, body: type[BaseModel], key: Scalar, node: Mapping, detail: Any) -> Diagnostic:
    """A refusal of pydantic's as a diagnostic at the smallest node its location names."""
    location: tuple[str | int, ...] = detail["loc"]
    is_key = bool(location) and location[-1] == "[key]"
    if is_key:
        location = location[:-1]
    parent, owner, found = _walk(key, node, location)
    path = ".".join(str(step) for step in location)
    kind = detail["type"]
    if kind == "missing":
        name = location[-1]
        where = f"`{'.'.join(map(str, location[:-1]))}` of {title}" if len(location) > 1 else title
        return error("RC113", f"{where} has no `{name}`", owner.span, f"add `{name}:`")
    if kind == "extra_forbidden":
        return _unknown_key(title, body, location, parent, found)
    context = detail.get("ctx", {})
    if kind == "finding":
        subject = f"{title}: the key" if is_key else f"{title}: `{path}`"
        return error(context["rule"], f"{subject} {context['message']}", found.span, context["help"], context["note"])
    if isinstance(found, Scalar) and is_null(found):
        return error("RC114", f"{title}: `{path}` is null", owner.span, "give it a value, or leave the key out")
    if kind in ("too_short", "too_long"):
        bound = context.get("min_length", context.get("max_length"))
        least = "at least" if kind == "too_short" else "at most"
        return error("RC120", f"{title}: `{path}` holds {context.get('actual_length')} entries; {least} {bound} "
                              "are wanted", found.span,
                     "add one, or leave the key out" if kind == "too_short" else "remove the rest")
    wanted = {"tuple_type": "a list", "dict_type": "a mapping", "model_type": "a mapping",
              "model_attributes_type": "a mapping"}[kind]
    return error("RC120", f"{title}: `{path}` must be {wanted}", _first_line(found), f"write {wanted}")


def _walk(key: Scalar, node: Mapping, location: tuple[str | int, ...]) -> tuple[Node, Scalar, Node]:
    """The parent node, the nearest key above, and the node (or, for a missing one, the deepest there is)."""
    parent: Node = node
    owner, found = key, node
    current: Node = node
    for step in location:
        below: Node | None = None
        if isinstance(current, Mapping) and isinstance(step, str):
            below = current.get(step)
            if below is not None:
                named = current.key(step)
                assert named is not None
                owner = named
        elif isinstance(current, Sequence) and isinstance(step, int) and step < len(current.items):
            below = current.items[step]
        if below is None:
            return current, owner, current
        parent, current = current, below
    found = current  # type: ignore[assignment]
    return parent, owner, found


def _unknown_key(title: str, body: type[BaseModel], location: tuple[str | int, ...], parent: Node,
                 found: Node) -> Diagnostic:
    name = str(location[-1])
    key = parent.key(name) if isinstance(parent, Mapping) else None
    known = _fields_at(body, location[:-1])
    if isinstance(parent, Mapping):
        known = [word for word in known if parent.get(word) is None]
    near = closest(name, known)
    where = f"`{'.'.join(map(str, location[:-1]))}` of {title}" if len(location) > 1 else title
    span = key.span if key is not None else found.span
    fix = Fix(f"rename it to `{near}`", (Edit(span, near),)) if near and key is not None and key.plain else None
    return error("RC112", f"{where} has the unknown key {shown(name)}", span, suggestion(name, known), fix=fix)


def _fields_at(body: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    """The field names of the part of `body` a location leads to."""
    schema = body.model_json_schema()
    definitions = schema.get("$defs", {})

    def resolve(part: dict[str, Any]) -> dict[str, Any]:
        while True:
            if "$ref" in part:
                part = definitions[part["$ref"].rsplit("/", 1)[1]]
            elif "anyOf" in part:
                part = next((one for one in part["anyOf"] if one.get("type") != "null"), {})
            elif "oneOf" in part:
                keys: dict[str, Any] = {}
                for one in part["oneOf"]:
                    keys.update(one.get("properties", {}))
                return {"properties": keys}
            elif len(part.get("allOf", ())) == 1:
                part = part["allOf"][0]
            else:
                return part

    part = resolve(schema)
    for step in location:
        if isinstance(step, int):
            items = part.get("prefixItems", part.get("items", {}))
            part = resolve(items[step] if isinstance(items, list) and step < len(items) else
                           items if isinstance(items, dict) else {})
        else:
            below = part.get("properties", {}).get(step, part.get("additionalProperties", {}))
            part = resolve(below if isinstance(below, dict) else {})
    return sorted(part.get("properties", {}))


def _first_line(node: Node) -> Span:
    """The node's place, cut to its first line: a whole block underlined says nothing."""
    text = node.file.text
    end = text.find("\n", node.start, node.end)
    return Span(node.file, node.start, node.end if end == -1 else end)
