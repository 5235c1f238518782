"""Read a project under other names: as if what its bodies `was` called before were renamed in all places at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from routecomp.model.part import Part
from routecomp.model.project import Declared, Entry
from routecomp.model.slug_places import KEY, PLACES, SECTIONS

DEFAULTS_TO_SLUG = {"experiment": "salt", "model": "provider_model_name"}
"""By kind the field that is the slug where an author leaves it out."""
Renames = Mapping[str, Mapping[str, str]]
"""By kind, the old slug to the new one."""


def declared_renames(declared: Declared) -> dict[str, dict[str, str]]:
    """Return what bodies say they were called, whether or not any base calls them so."""
    renames: dict[str, dict[str, str]] = {}
    for kind, section in SECTIONS.items():
        names = {entry.body.was: slug for slug, entry in getattr(declared, section).items() if entry.body.was}
        if names:
            renames[kind] = names
    return renames


def renames_between(base: Declared, after: Declared) -> dict[str, dict[str, str]]:
    """Return by kind what a project calls otherwise than a base, the old slug to the new one.

    A body that only the base has and one that only the project has are the same thing where either says that it `was`
    called as the other is, or both were called alike: so a rename taken back, and one upon another, are renames too.
    """
    renames: dict[str, dict[str, str]] = {}
    for kind, section in SECTIONS.items():
        before, now = getattr(base, section), getattr(after, section)
        gone = {slug: entry for slug, entry in before.items() if slug not in now}
        known = {entry.body.was: slug for slug, entry in gone.items() if entry.body.was} | {slug: slug for slug in gone}
        names: dict[str, str] = {}
        for slug in now if gone else ():
            if slug in before:
                continue
            old = next((known[name] for name in (now[slug].body.was, slug) if name in known), None)
            if old is not None:
                names.setdefault(old, slug)
        if names:
            renames[kind] = names
    return renames


def logical_renames(base: Declared, after: Declared) -> dict[str, str]:
    """Return the logical models that are called otherwise: the very hosts of one that goes are those of a new one.

    `base` has the names of `after` for everything else: a logical model has no body that could say what it was.
    """
    sides = [
        {frozenset(host.slug for host in hosts): logical for logical, hosts in side.logical_models.items()}
        for side in (base, after)
    ]
    return {
        old: sides[1][hosts]
        for hosts, old in sides[0].items()
        if hosts in sides[1] and old not in after.logical_models and sides[1][hosts] not in base.logical_models
    }


def under_new_names(base: Declared, after: Declared) -> Declared:
    """Return what a base declares, under the names that the project gives its bodies.

    Those that are called otherwise say that they were called as the base's salts and shares take them.
    """
    renames = renames_between(base, after)
    for kind, names in declared_renames(after).items():
        if not getattr(base, SECTIONS[kind]):  # a table, of which only what names them was read
            renames[kind] = {old: new for old, new in names.items() if old not in getattr(after, SECTIONS[kind])}
    if not renames:
        return base
    named = rename(base, renames)
    for kind, names in renames.items():
        bodies = dict(getattr(named, SECTIONS[kind]))
        for old, new in names.items():
            if new in bodies:
                entry = bodies[new]
                bodies[new] = replace(entry, body=entry.body.but(was=entry.body.was or old))
        changed: dict[str, Any] = {SECTIONS[kind]: bodies}
        named = replace(named, **changed)
    return named


def rename(declared: Declared, renames: Renames) -> Declared:
    """Return a project under other names, in all places.

    What is the slug where an author leaves it out stays the old one: an experiment's salt, a model's name upstream.
    """
    changed: dict[str, Any] = {}
    for section in _sections(declared):
        bodies = getattr(declared, section)
        kind = next((kind for kind, named in SECTIONS.items() if named == section), "")
        own = renames.get(kind, {})
        paths = [(path, names) for kind, names in renames.items() for first, *path in PLACES[kind] if first == section]
        if not own and not paths:
            continue
        if isinstance(bodies, Entry):
            changed[section] = replace(bodies, body=_rewritten(bodies.body, paths))
            continue
        entries = [_renamed(entry, own.get(slug), paths) for slug, entry in bodies.items()]
        changed[section] = {entry.slug: entry for entry in sorted(entries, key=lambda entry: entry.slug)}
    return replace(declared, **changed)


def _sections(declared: Declared) -> list[str]:
    """Return the sections in which slugs are declared or named, but those that the project does not have."""
    named = {*SECTIONS.values(), *(path[0] for paths in PLACES.values() for path in paths)}
    return sorted(section for section in named if getattr(declared, section) is not None)


def _renamed(entry: Entry[Any], new: str | None, paths: list[tuple[list[str], Mapping[str, str]]]) -> Entry[Any]:
    """Return a body with other slugs in it, under a new name of its own if it has one; else as it was."""
    body = _rewritten(entry.body, paths)
    if new is None:
        return entry if body == entry.body else replace(entry, body=body)
    if (field := DEFAULTS_TO_SLUG.get(entry.kind)) is not None and not getattr(body, field):
        body = body.but(**{field: entry.slug})
    return replace(entry, slug=new, body=body, written=entry.written or entry.slug)


def _rewritten(body: Any, paths: list[tuple[list[str], Mapping[str, str]]]) -> Any:
    """Return a body with the slugs at all paths replaced."""
    for path, names in paths:
        body = _rewrite(body, path, names)
    return body


def _rewrite(value: Any, path: list[str], names: Mapping[str, str]) -> Any:
    """Return a value with the slugs at a path below it replaced; what is not there stays so."""
    if value is None:
        return None
    if not path:
        return names.get(value, value)
    step, *rest = path
    if isinstance(value, Part):
        inner = getattr(value, step)
        changed = _rewrite(inner, rest, names)
        return value if changed == inner and _keys(changed) == _keys(inner) else value.but(**{step: changed})
    if isinstance(value, dict):
        if step == KEY:
            return {names.get(key, key): inner for key, inner in value.items()}
        return {key: _rewrite(inner, rest, names) if step in (key, "*") else inner for key, inner in value.items()}
    return tuple(_rewrite(item, rest, names) for item in value)


def _keys(value: Any) -> list[Any]:
    """Return the keys of a dictionary in their order, which `==` does not see; none of anything else."""
    return list(value) if isinstance(value, dict) else []
