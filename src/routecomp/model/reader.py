"""Trees in, `Declared` out: every body read on its own, every finding placed at its node."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import BaseModel, ValidationError

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.experiment import Experiment
from routecomp.model.fields import slug_remedy
from routecomp.model.invalid import quote_value
from routecomp.model.policy import Preferences, Preset, Tenant
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Defaults, Feature, Model, Provider, Resilience, Scoring, Target
from routecomp.model.suggest import closest, suggestion, typo_of
from routecomp.model.validation_errors import explain_validation_error
from routecomp.parse.scalars import SLUG, is_null
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence, first_line_span
from routecomp.source.edits import Edit, Fix


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

MOST_OF_A_FILE = 1_000
"""Findings shown of the bodies of one file; further bodies that cannot be read are counted."""


def read_declared(
    roots: Iterable[Node], unreadable: Collection[str] = (), prefix: str = ""
) -> tuple[Declared, list[Diagnostic]]:
    """Read the trees of all files (in the order of their paths); each path begins with `prefix`.

    `unreadable` are the paths of files that could not be parsed: what seems to be missing may stand in one of
    them, so nothing is said about sections and names that are declared nowhere else.
    """
    reader = _Reader(prefix)
    for path in unreadable:
        folder = reader.folder(path)
        reader.incomplete.update(name for name, section in SECTIONS.items() if section.folder == folder)
    # The trees and bodies of a large project all stay alive: looking for cycles among them, of which there are
    # none, would double the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        for root in roots:
            reader.file(root)
    finally:
        if collecting:
            gc.enable()
    return reader.declared(), reader.diagnostics


class _Reader:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.diagnostics: list[Diagnostic] = []
        self.entries: dict[str, dict[str, Entry[Any]]] = {name: {} for name in SECTIONS}
        self.seen: dict[str, dict[str, Scalar]] = {name: {} for name in SECTIONS}
        self.broken: dict[str, set[str]] = {}
        self.incomplete: set[str] = set()
        self.room = MOST_OF_A_FILE
        self.hidden = 0

    def file(self, root: Node) -> None:
        folder = self.folder(root.file.path)
        if not isinstance(root, Mapping):
            found = "a list" if isinstance(root, Sequence) else "a single value"
            self.add(
                error(
                    "RC120",
                    f"the file holds {found}; a mapping of sections is wanted",
                    first_line_span(root),
                    "begin the file with a section, as in `models:`",
                )
            )
            self.incomplete.update(name for name, section in SECTIONS.items() if section.folder == folder)
            return
        self.room, self.hidden = MOST_OF_A_FILE, 0
        for key, value in root.items:
            section = SECTIONS.get(key.text)
            if section is None:
                self.unknown_section(root, key, folder)
                continue
            if section.folder != folder:
                # Read all the same: only the place is wrong, and what refers to these bodies is right.
                self.add(
                    error(
                        "RC202",
                        f"section `{key.text}` stands under {folder}/; it belongs under {section.folder}/",
                        key.span,
                        f"move it to a file in {section.folder}/",
                    )
                )
            if section.once:
                self.body(key.text, section, section.kind, key, value)
            elif isinstance(value, Mapping):
                for slug, body in value.items:
                    self.slug(key.text, section, slug, body)
            else:
                self.incomplete.add(key.text)
                self.wrong_shape(f"section `{key.text}`", f"a mapping from {section.kind} names to bodies", key, value)
        if self.hidden:
            self.add(
                error(
                    "RC120",
                    f"and {self.hidden:,} more bodies of this file cannot be read",
                    root.items[0][0].span,
                    "their findings show once the ones above are gone",
                )
            )

    def folder(self, path: str) -> str:
        """Return the top folder of a file within its project."""
        return path.removeprefix(self.prefix).split("/", 1)[0]

    def unknown_section(self, root: Mapping, key: Scalar, folder: str) -> None:
        near = closest(key.text, SECTIONS)
        if near is not None:
            self.incomplete.add(near)
        here = [name for name, section in SECTIONS.items() if section.folder == folder and root.key(name) is None]
        meant = typo_of(key.text, here)
        alone = sum(typo_of(other.text, here) == meant for other, _ in root.items) == 1
        fix = Fix(f"rename it to `{meant}`", (Edit(key.span, meant),)) if meant and key.plain and alone else None
        self.add(
            error(
                "RC203",
                f"unknown section {quote_value(key.text)}",
                key.span,
                suggestion(
                    key.text,
                    SECTIONS,
                    f"sections under {folder}/ are "
                    + ", ".join(name for name, section in SECTIONS.items() if section.folder == folder),
                ),
                fix=fix,
            )
        )

    def slug(self, name: str, section: Section, slug: Scalar, body: Node) -> None:
        if SLUG.fullmatch(slug.text):
            self.body(name, section, slug.text, slug, body)
        else:
            self.add(
                error(
                    "RC118",
                    f"{quote_value(slug.text)} is not a {section.kind} name (slug)",
                    slug.span,
                    slug_remedy(slug.text),
                )
            )

    def body(self, name: str, section: Section, slug: str, key: Scalar, node: Node) -> None:
        first = self.seen[name].setdefault(slug, key)
        if first is not key:
            self.twice(section, slug, key, first)
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
            if self.room <= 0:
                self.hidden += 1
                return
            found = list(islice(explain_validation_error(title, section.body, key, node, failure), self.room))
            self.room -= len(found)
            self.diagnostics += found
            return
        self.entries[name][slug] = Entry(section.kind, slug, body, key, node)

    def twice(self, section: Section, slug: str, key: Scalar, first: Scalar) -> None:
        here = (Label(first.span, "first here"),)
        if section.once:
            self.add(error("RC204", f"section `{slug}` stands twice", key.span, "merge the two into one", labels=here))
        else:
            self.add(
                error(
                    "RC201",
                    f"{section.kind} `{slug}` is declared twice",
                    key.span,
                    "rename or remove one of the two",
                    labels=here,
                )
            )

    def wrong_shape(self, title: str, wanted: str, key: Scalar, node: Node) -> None:
        if isinstance(node, Scalar) and is_null(node):
            span = node.span if node.end > node.start else key.span
            self.add(error("RC114", f"{title} is null", span, f"write {wanted} below it, or leave it out"))
        else:
            found = "a list" if isinstance(node, Sequence) else "one value"
            self.add(
                error("RC120", f"{title} is {found}; {wanted} is wanted", first_line_span(node), f"write {wanted}")
            )

    def add(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)

    def declared(self) -> Declared:
        bodies: dict[str, Any] = {
            name: self.entries[name].get(section.kind) if section.once else dict(sorted(self.entries[name].items()))
            for name, section in SECTIONS.items()
        }
        for name, wanted in (("defaults", "`model: <slug>`"), ("scoring", "the scales of cost and latency_ms")):
            if not self.seen[name] and name not in self.incomplete:
                self.add(
                    error(
                        "RC205",
                        f"section `{name}` is missing",
                        None,
                        f"add `{name}:` with {wanted} to a file in {SECTIONS[name].folder}/",
                    )
                )
        broken = {name: frozenset(slugs) for name, slugs in self.broken.items()}
        return Declared(**bodies, broken=broken, incomplete=frozenset(self.incomplete))


def _plain(node: Node) -> object:
    """Mappings as dicts by their keys' text, sequences as lists, scalars as their nodes."""
    # Scalars, which are most nodes, are taken as they stand without a call: this is the hot loop of reading.
    if node.__class__ is Mapping:
        return {key.text: value if value.__class__ is Scalar else _plain(value) for key, value in node.items}
    if node.__class__ is Sequence:
        return [value if value.__class__ is Scalar else _plain(value) for value in node.items]
    return node
