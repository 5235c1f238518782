"""Plan to give a thing another name, in all places at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from routecomp.model.fields import slug_remedy
from routecomp.model.project import Declared, Entry
from routecomp.model.renamed import DEFAULTS_TO_SLUG
from routecomp.model.renamed import rename as under_other_names
from routecomp.model.slug_places import PLACES, SECTIONS, slug_places
from routecomp.model.suggest import suggestion
from routecomp.parse.edit import RefusedError, insert_keys, key_removal, replace_scalar, yaml_scalar
from routecomp.parse.scalars import SLUG
from routecomp.parse.tree import Scalar
from routecomp.review.edit.plan import Plan
from routecomp.source.edits import Edit

KINDS = tuple(kind.partition(" ")[0] for kind in PLACES)
"""The words for what can be renamed; `logical` is a logical model."""


def rename(declared: Declared, word: str, old: str, new: str) -> Plan:
    """Plan to call a provider, model, logical model, feature, target, tenant or experiment otherwise.

    Its body says for one release what it `was`; a rename back within the release says nothing. An experiment without a
    salt gets its old name as one, so that no unit moves, and a model its old name as the one that goes upstream.
    Raises `RefusedError` where there is no such thing, where the new name is none, and where it is taken.
    """
    kind = next(kind for kind in PLACES if kind.partition(" ")[0] == word)
    section = SECTIONS.get(kind)
    known: Any = declared.logical_models if section is None else getattr(declared, section)
    if old not in known:
        if section is not None and declared.is_declared(section, old):
            raise RefusedError(f"{kind} `{old}` cannot be read", "run `routecomp check`, and repair what it finds")
        raise RefusedError(f"there is no {kind} `{old}`", suggestion(old, known))
    if not SLUG.fullmatch(new):
        raise RefusedError(f"`{new}` is no name (slug)", slug_remedy(new))
    if new in known or (section is not None and declared.is_declared(section, new)):
        raise RefusedError(f"there is a {kind} `{new}` already", "choose another name")
    edits = [_rewritten(node, new) for node in slug_places(declared, kind, old)]
    expected = under_other_names(declared, {kind: {old: new}})
    notes: tuple[str, ...] = ()
    if section is not None:
        entry = getattr(declared, section)[old]
        own, body = _said(entry, getattr(expected, section)[new].body, new)
        edits += own
        bodies = getattr(expected, section)
        changed: dict[str, Any] = {section: {**bodies, new: replace(bodies[new], body=body)}}
        expected = replace(expected, **changed)
        if kind in ("model", "target"):
            notes = (f"callers that send `{old}` get `unknown_model` now: give it as an alias if some do",)
    return Plan(f"{kind} `{old}` is called `{new}`", tuple(edits), {}, notes=notes, expected=expected)


def _said(entry: Entry[Any], body: Any, new: str) -> tuple[list[Edit], Any]:
    """Return the edits that say in a body what it was called, and the body with it, under its new name."""
    was = entry.body.was
    pairs: list[tuple[str, str]] = []
    edits: list[Edit] = []
    if was is None:
        pairs.append(("was", yaml_scalar(entry.slug)))
        body = body.but(was=entry.slug)
    elif was == new:
        removal = key_removal(entry.node, "was")
        if removal is None:
            raise RefusedError(f"{entry.title} is written in a way that a command cannot edit", "rename it by hand")
        edits.append(removal)
        body = body.but(was=None)
    field = DEFAULTS_TO_SLUG.get(entry.kind)
    if field is not None and not getattr(entry.body, field):
        pairs.append((field, yaml_scalar(entry.slug)))
    if pairs:
        edits.append(insert_keys(entry.node, pairs))
    return edits, body


def _rewritten(node: Scalar, new: str) -> Edit:
    """Return the edit that writes another slug at a place, quoted as it was."""
    return replace_scalar(node, new)
