"""All bodies of a project in one place: `Declared` as the files say it, `Program` once every invariant holds."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from routecomp.model.experiment import Experiment
from routecomp.model.fields import Body, Part
from routecomp.model.policy import DefaultPolicy, EffectivePolicy, Preferences, Preset, Tenant, effective_policy
from routecomp.model.route import Defaults, Feature, Model, Provider, Resilience, Scoring, Target
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence
from routecomp.source.text import Span

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Entry(Generic[B]):
    """One body with its name and where it stands.

    `kind` is the word messages use (`model`, `tenant`); `key` is the node of the slug (for the sections that
    occur once, of the section's own key); `node` is the body's mapping.
    """

    kind: str
    slug: str
    body: B
    key: Scalar
    node: Mapping

    @property
    def title(self) -> str:
        """How a message names it: model `gpt-5-5`, or `defaults` for a section that occurs once."""
        return f"{self.kind} `{self.slug}`" if self.kind != self.slug else f"`{self.slug}`"

    def at(self, *path: str | int) -> Node:
        """The node at a path within the body, or the deepest one on the way that exists (at least the key)."""
        node = node_at(self.node, path)
        return self.key if node is self.node else node

    def span(self, *path: str | int) -> Span:
        """The place of a value within the body; without a path, of the slug."""
        return self.at(*path).span if path else self.key.span

    def key_span(self, *path: str | int) -> Span:
        """The place of the key (not the value) at the end of a path, or of the slug where it is not written."""
        parent = node_at(self.node, path[:-1])
        if isinstance(parent, Mapping) and isinstance(path[-1], str):
            found = parent.pair(path[-1])
            if found is not None:
                return found[0].span
        return self.key.span

    def has(self, *path: str | int) -> bool:
        """Whether the author wrote a value at this path."""
        node: Node | None = self.node
        for step in path:
            node = _child(node, step)
        return node is not None


def node_at(node: Node, path: tuple[str | int, ...]) -> Node:
    """The node at a path below `node`, or the deepest one on the way that exists."""
    for step in path:
        below = _child(node, step)
        if below is None:
            return node
        node = below
    return node


def _child(node: Node | None, step: str | int) -> Node | None:
    if isinstance(node, Mapping) and isinstance(step, str):
        found = node.pair(step)
        return None if found is None else found[1]
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step]
    return None


@dataclass(frozen=True)
class Declared:
    """What the files declare, after every body was read on its own; sections that occur once may be missing.

    Mappings are sorted by slug (by its bytes; slugs are ASCII). `broken` names the bodies that are declared but
    could not be read, by section: references to them resolve, nothing else may be said about them. `incomplete`
    are the sections that may hold bodies nobody could see, because a file or the section itself could not be read.
    """

    providers: MappingOf[str, Entry[Provider]]
    models: MappingOf[str, Entry[Model]]
    features: MappingOf[str, Entry[Feature]]
    targets: MappingOf[str, Entry[Target]]
    presets: MappingOf[str, Entry[Preset]]
    tenants: MappingOf[str, Entry[Tenant]]
    experiments: MappingOf[str, Entry[Experiment]]
    defaults: Entry[Defaults] | None = None
    scoring: Entry[Scoring] | None = None
    resilience: Entry[Resilience] | None = None
    preferences: Entry[Preferences] | None = None
    broken: MappingOf[str, frozenset[str]] = field(default_factory=dict)
    incomplete: frozenset[str] = frozenset()

    def is_declared(self, section: str, slug: str) -> bool:
        """Whether a body of that name exists, readable or not, or may exist in a part that could not be read."""
        return slug in getattr(self, section) or slug in self.broken.get(section, ()) or section in self.incomplete

    def is_whole(self, *sections: str) -> bool:
        """Whether every body of these sections could be read."""
        return not any(self.broken.get(section) or section in self.incomplete for section in sections)

    @cached_property
    def logical_models(self) -> dict[str, list[Entry[Model]]]:
        """Logical slug to its hosts, by slug."""
        groups: dict[str, list[Entry[Model]]] = {}
        for entry in self.models.values():
            if entry.body.logical_slug is not None:
                groups.setdefault(entry.body.logical_slug, []).append(entry)
        return groups

    @cached_property
    def stacks(self) -> frozenset[str]:
        """Every stack word some provider declares."""
        return frozenset(entry.body.stack for entry in self.providers.values())

    @cached_property
    def preset_bodies(self) -> dict[str, Preset]:
        """The declared presets' own bodies, without their places."""
        return {slug: entry.body for slug, entry in self.presets.items()}

    def tenant_policy(self, slug: str) -> EffectivePolicy:
        """The effective policy of a declared tenant."""
        body = self.tenants[slug].body
        return effective_policy(body, body.preset, self.preset_bodies)

    @cached_property
    def default_policy(self) -> EffectivePolicy:
        """The effective policy of a request without a declared tenant."""
        own = (
            self.defaults.body.policy if self.defaults is not None else DefaultPolicy.model_construct(preset="balanced")
        )
        return effective_policy(own, own.preset, self.preset_bodies)


@dataclass(frozen=True)
class Program(Declared):
    """A project that holds every invariant of docs/semantics.md, section 3: the only thing a table is made of."""

    @classmethod
    def checked(cls, declared: Declared) -> Program:
        """The program of a project that was found without errors; its caller is the checker alone."""
        assert declared.defaults is not None
        assert declared.scoring is not None
        assert not any(declared.broken.values())
        assert not declared.incomplete
        return cls(**{name: getattr(declared, name) for name in Declared.__dataclass_fields__})

    @cached_property
    def sure_defaults(self) -> Defaults:
        """`defaults`, which every program has."""
        assert self.defaults is not None
        return self.defaults.body

    @cached_property
    def sure_scoring(self) -> Scoring:
        """`scoring`, which every program has."""
        assert self.scoring is not None
        return self.scoring.body

    @cached_property
    def sure_resilience(self) -> Resilience:
        """`resilience`, or its defaults."""
        return self.resilience.body if self.resilience is not None else Resilience.model_construct()


__all__ = ["Body", "Declared", "Entry", "Part", "Program", "node_at"]
