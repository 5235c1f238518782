"""Hold all bodies of a project: `Declared` as the files declare them, `Program` once every invariant holds."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Generic, TypeVar

from routecomp.model.claim import Claim
from routecomp.model.expectation import Expectation
from routecomp.model.experiment import Experiment
from routecomp.model.fields import Body
from routecomp.model.key_names import DEFAULT_KEY_NAMES
from routecomp.model.part import Part
from routecomp.model.policy import (
    POLICY_FIELDS,
    DefaultPolicy,
    EffectivePolicy,
    Preferences,
    Preset,
    Tenant,
    effective_policy,
)
from routecomp.model.provider import Provider
from routecomp.model.route import (
    Defaults,
    Feature,
    Model,
    Resilience,
    Scoring,
    Target,
)
from routecomp.parse.file_tree import FileTree
from routecomp.parse.tree import Mapping, Node, Scalar, Sequence
from routecomp.source.text import Span

B = TypeVar("B")
_POLICY = attrgetter("preset", *POLICY_FIELDS)


@dataclass(frozen=True, slots=True)
class Entry(Generic[B]):
    """One body with its name and its place in a file.

    `kind` is the word for messages (`model`, `tenant`), `section` the top-level key, `tree` the file. `is_single` is
    true for a section that occurs once.
    """

    kind: str
    slug: str
    body: B
    section: str
    tree: FileTree
    is_single: bool = False
    written: str | None = None
    """The slug in the file, of a body that is read under another name."""

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.tree.path

    @property
    def key(self) -> Scalar:
        """The node of the slug; of a section that occurs once, the node of the section's key."""
        return body_key(self.tree, self.section, None if self.is_single else self.written or self.slug)

    @property
    def node(self) -> Mapping:
        """The mapping of the body."""
        node = _body_pair(self.tree, self.section, None if self.is_single else self.written or self.slug)[1]
        assert isinstance(node, Mapping)
        return node

    @property
    def title(self) -> str:
        """The name for messages: model `gpt-5-5`, or `defaults` for a section that occurs once."""
        return f"{self.kind} `{self.slug}`" if self.kind != self.slug else f"`{self.slug}`"

    def node_at(self, *path: str | int) -> Node:
        """Return the node at a path within the body, else the last node on the path; the key's if there is none."""
        node = node_at(self.node, path)
        return self.key if node is self.node else node

    def span(self, *path: str | int) -> Span:
        """Return the span of `node_at` for a path; of the slug without a path, or where nothing of it is written."""
        return self.node_at(*path).span if path else self.key.span

    def key_span(self, *path: str | int) -> Span:
        """Return the span of the key (not the value) at the end of a path; of the slug if the key is not written.

        The path has at least one step.
        """
        parent = node_at(self.node, path[:-1])
        if isinstance(parent, Mapping) and isinstance(path[-1], str) and (len(path) == 1 or self.has(*path[:-1])):
            pair = parent.pair(path[-1])
            if pair is not None:
                return pair[0].span
        return self.key.span

    def has(self, *path: str | int) -> bool:
        """Return whether the author wrote a value, null included, at this path within the body."""
        node: Node | None = self.node
        for step in path:
            node = _child(node, step)
        return node is not None


def body_key(tree: FileTree, section: str, slug: str | None) -> Scalar:
    """Return the node of a slug in a section of a file; of the section's key without a slug."""
    return _body_pair(tree, section, slug)[0]


def _body_pair(tree: FileTree, section: str, slug: str | None) -> tuple[Scalar, Node]:
    """Return key and value of a body that a file declares."""
    root = tree.root
    assert isinstance(root, Mapping)
    pair = root.pair(section)
    if pair is not None and slug is not None:
        assert isinstance(pair[1], Mapping)
        pair = pair[1].pair(slug)
    assert pair is not None
    return pair


def node_at(node: Node, path: tuple[str | int, ...]) -> Node:
    """Return the node at a path below `node`; where the path ends early, the last node on it."""
    for step in path:
        below = _child(node, step)
        if below is None:
            return node
        node = below
    return node


def _child(node: Node | None, step: str | int) -> Node | None:
    """Return the value of a key, or the list entry at an index; None if there is none."""
    if isinstance(node, Mapping) and isinstance(step, str):
        pair = node.pair(step)
        return None if pair is None else pair[1]
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step]
    return None


@dataclass(frozen=True)
class Declared:
    """What the files of a project declare, section by section; sections that occur once may be missing.

    Mappings are sorted by slug, by its bytes (slugs are ASCII). `broken` holds, by section, the slugs of bodies that
    could not be read: references to them resolve, but rules say nothing about the bodies. `unnamed` holds, by section,
    the texts that stand where a slug is wanted and are none: each of these bodies may be what an unknown name means.
    `hidden_logical` are the logical models of which a model could not be read; None where that is not known.
    `incomplete` holds the sections that may have bodies nobody could read, because a file or the section itself could
    not be read.
    `key_names` are the patterns, of the project's settings, of variables that may hold a provider's key; `today` is the
    day from which the end of a model is counted.
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
    expectations: MappingOf[str, Entry[Expectation]] = field(default_factory=dict)
    claims: MappingOf[str, Entry[Claim]] = field(default_factory=dict)
    broken: MappingOf[str, frozenset[str]] = field(default_factory=dict)
    unnamed: MappingOf[str, frozenset[str]] = field(default_factory=dict)
    hidden_logical: frozenset[str] | None = frozenset()
    incomplete: frozenset[str] = frozenset()
    key_names: tuple[str, ...] = DEFAULT_KEY_NAMES
    today: date = date.min

    def is_declared(self, section: str, slug: str) -> bool:
        """Return whether a body of this name is declared, readable or not, or may be declared where reading failed."""
        return slug in getattr(self, section) or slug in self.broken.get(section, ()) or section in self.incomplete

    def is_whole(self, *sections: str) -> bool:
        """Return whether every body of these sections could be read."""
        return not any(self.broken.get(section) or section in self.incomplete for section in sections)

    @cached_property
    def logical_models(self) -> dict[str, list[Entry[Model]]]:
        """The models of each logical slug, sorted by slug."""
        groups: dict[str, list[Entry[Model]]] = {}
        for entry in self.models.values():
            if entry.body.logical_slug is not None:
                groups.setdefault(entry.body.logical_slug, []).append(entry)
        return groups

    @cached_property
    def stacks(self) -> frozenset[str]:
        """All stack words that providers declare."""
        return frozenset(entry.body.stack for entry in self.providers.values())

    @cached_property
    def preset_bodies(self) -> dict[str, Preset]:
        """The bodies of the declared presets, by slug."""
        return {slug: entry.body for slug, entry in self.presets.items()}

    def tenant_policy(self, slug: str) -> EffectivePolicy:
        """Return the effective policy of a declared tenant; KeyError for any other."""
        body = self.tenants[slug].body
        written = _POLICY(body)
        policy = self._policies.get(written)
        if policy is None:
            policy = self._policies[written] = effective_policy(body, body.preset, self.preset_bodies)
        return policy

    @cached_property
    def _policies(self) -> dict[object, EffectivePolicy]:
        """The effective policies so far by what their tenants write: most tenants share one with others."""
        return {}

    @cached_property
    def default_policy(self) -> EffectivePolicy:
        """The effective policy of a request without a declared tenant; that of `balanced` without `defaults`."""
        own = self.defaults.body.policy if self.defaults is not None else DefaultPolicy(preset="balanced")
        return effective_policy(own, own.preset, self.preset_bodies)


@dataclass(frozen=True)
class Program(Declared):
    """A project that holds every invariant of docs/semantics.md, section 3. Only a program can become a table."""

    @classmethod
    def checked(cls, declared: Declared) -> Program:
        """Make the program of a project in which no rule found an error, rules of change apart.

        INVARIANT: the caller has checked the project; here only what could not be read is asserted.
        """
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
        return self.resilience.body if self.resilience is not None else Resilience()


__all__ = ["Body", "Declared", "Entry", "Part", "Program", "node_at"]
