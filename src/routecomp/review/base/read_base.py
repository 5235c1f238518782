"""Read what the base of a change declares. Where its bytes come from (Git, a folder, a table) is for the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from routecomp.diagnostics.diagnostic import Diagnostic, Severity
from routecomp.model.project import Declared, Entry
from routecomp.model.read_project import read_project
from routecomp.model.sections import SECTIONS
from routecomp.parse import Limits
from routecomp.parse.redact import drop_redacted_places
from routecomp.review.base.base import Base
from routecomp.review.base.table_as_yaml import table_as_yaml
from routecomp.rules.waivers import Waiver, read_waivers

_IGNORED_RULES = ("RC122", "RC205")
"""Credentials and missing sections: in a base, which cannot be changed any more, nobody needs to hear of them."""


class DeclaredBase(NamedTuple):
    """What a base declares.

    `unchanged` are the paths of files that are the same bytes in the project. `waivers` are the waivers of the
    other files, each as (path, text). `errors` are those of the other files: bodies they concern are not compared.
    """

    declared: Declared
    unchanged: frozenset[str]
    waivers: frozenset[tuple[str, str]]
    errors: tuple[Diagnostic, ...]

    def lacks(self, waiver: Waiver) -> bool:
        """Return whether a waiver of the project is new: in the base, no file at its path has its text."""
        path = waiver.span.path
        return path not in self.unchanged and (path, waiver.span.text) not in self.waivers


def read_base(
    base: Base, files: Mapping[str, bytes], after: Declared, limits: Limits, released: frozenset[str]
) -> DeclaredBase:
    """Read a base, given the project's own files and what they declare (`after`).

    Only files that differ are parsed. Bodies of the other files are the project's own entries, the same objects.
    So the cost grows with the change, not with the project. The base's own settings count besides `limits` and
    `released`, those of the project: what either could read is read.
    """
    base_files = base.files if base.table is None else table_as_yaml(base.table, after)
    unchanged = frozenset(path for path, data in base_files.items() if files.get(path) == data)
    changed = {path: data for path, data in base_files.items() if path not in unchanged}
    limits = replace(limits, max_bytes=max(limits.max_bytes, base.max_bytes))
    project = read_project(changed, limits, released | base.released, prefix=base.prefix, key_names=after.key_names)
    waivers = {
        (waiver.span.path.removeprefix(base.prefix), waiver.span.text) for waiver in read_waivers(project.parsed)[0]
    }
    errors = tuple(
        diagnostic
        for diagnostic in drop_redacted_places(project.diagnostics)
        if diagnostic.severity is Severity.ERROR and diagnostic.rule not in _IGNORED_RULES
    )
    return DeclaredBase(_join(project.declared, after, unchanged), unchanged, frozenset(waivers), errors)


def _join(changed: Declared, after: Declared, unchanged: frozenset[str]) -> Declared:
    """Join what the base's changed files declare with what the project declares in unchanged files; the base wins."""
    bodies: dict[str, Any] = {}
    broken: dict[str, frozenset[str]] = {}
    for name, section in SECTIONS.items():
        in_base, in_project = getattr(changed, name), getattr(after, name)
        if section.once:
            is_unchanged = in_project is not None and in_project.path in unchanged
            bodies[name] = in_project if is_unchanged else in_base
            continue
        kept: dict[str, Entry[Any]] = {slug: entry for slug, entry in in_project.items() if entry.path in unchanged}
        bodies[name] = dict(sorted({**kept, **in_base}.items()))
        # A body that the project cannot read may stand in an unchanged file: then the base cannot read it either.
        unreadable = changed.broken.get(name, frozenset()) | after.broken.get(name, frozenset())
        broken[name] = frozenset(unreadable - bodies[name].keys())
    unnamed = {name: changed.unnamed.get(name, frozenset()) | after.unnamed.get(name, frozenset()) for name in broken}
    incomplete = changed.incomplete | after.incomplete
    return Declared(
        **bodies,
        broken=broken,
        unnamed=unnamed,
        hidden_logical=None if broken["models"] else frozenset(),
        incomplete=incomplete,
        key_names=after.key_names,
    )
