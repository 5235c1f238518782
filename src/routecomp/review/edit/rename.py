"""Plan to give a thing another name, in all places at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from routecomp.model.project import Declared, Entry
from routecomp.model.renamed import DEFAULTS_TO_SLUG
from routecomp.model.renamed import rename as under_other_names
from routecomp.model.slug_places import PLACES, SECTIONS, slug_places
from routecomp.model.slug_texts import slug_remedy
from routecomp.model.suggest import suggestion, with_article
from routecomp.parse.edit import (
    RefusedError,
    insert_keys,
    key_removal,
    remove_keys,
    replace_keys,
    replace_node,
    replace_scalar,
    update_list,
    yaml_scalar,
)
from routecomp.parse.scalars import SLUG
from routecomp.parse.tree import Scalar
from routecomp.review.edit.plan import Plan
from routecomp.review.old_name import dealt_anew_text, old_name_text, still_leads_to
from routecomp.source.edits import Edit

_WITH_ALIASES = ("model", "target")
_NO_ALIAS = {
    "feature": "an alias answers `model`, and callers ask for a feature with `feature`: change what they send",
    "logical model": "it has no body: declare a target with the alias, and `candidates: {logical: …}`",
}
"""Why the old name of other kinds that callers send cannot stay, and what to do."""
KINDS = tuple(kind.partition(" ")[0] for kind in PLACES)
"""The words for what can be renamed; `logical` is a logical model."""


def rename(declared: Declared, word: str, old: str, new: str, *, alias: bool = False) -> Plan:
    """Plan to call a provider, model, logical model, feature, target, tenant or experiment otherwise.

    Its body says for one release what it `was`; a rename back within the release says nothing. An experiment without a
    salt gets its old name as one, so that no unit moves, and a model its old name as the one that goes upstream.
    With `alias` callers may go on to send the old name of a model or a target.
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
    if new == old:
        raise RefusedError(f"{kind} `{new}` is called so already", "choose another name")
    if new in known or (section is not None and declared.is_declared(section, new)):
        raise RefusedError(f"there is {with_article(kind)} `{new}` already", "choose another name")
    if alias and kind not in _WITH_ALIASES:
        raise RefusedError(
            f"the old name of {with_article(kind)} cannot be an alias", _NO_ALIAS.get(kind, "leave out --alias")
        )
    edits = [_rewritten(node, new) for node in slug_places(declared, kind, old)]
    expected = under_other_names(declared, {kind: {old: new}})
    if section is not None:
        entry = getattr(declared, section)[old]
        own, body = _said(entry, getattr(expected, section)[new].body, new, alias=alias)
        edits += own
        bodies = getattr(expected, section)
        changed: dict[str, Any] = {section: {**bodies, new: replace(bodies[new], body=body)}}
        expected = replace(expected, **changed)
    notes = tuple(filter(None, (old_name_text(expected, kind, old, new), _further(expected, kind, old, new))))
    return Plan(f"{kind} `{old}` is called `{new}`", tuple(edits), {}, notes=notes, expected=expected)


def _further(expected: Declared, kind: str, old: str, new: str) -> str:
    """Say what a rename may need besides: --alias, or nothing; of a logical model whose requests move."""
    if kind == "logical model":
        target = f"a target with the alias `{old}` and `candidates: {{logical: {new}}}` keeps that name for callers"
        return "; ".join(filter(None, [dealt_anew_text(expected, new), target]))
    if kind in _WITH_ALIASES and not still_leads_to(expected, kind, old, new):
        return f"`--alias` keeps `{old}` as an alias of it"
    return ""


def _said(entry: Entry[Any], body: Any, new: str, *, alias: bool) -> tuple[list[Edit], Any]:
    """Return the edits that say in a body what it was called, and the body with it, under its new name.

    An alias that is the new name goes; with `alias` the old name comes.
    """
    was = entry.body.was
    pairs: list[tuple[str, str]] = []
    edits: list[Edit] = []
    if was is None:
        pairs.append(("was", yaml_scalar(entry.slug)))
        body = body.but(was=entry.slug)
    elif was == new:
        edits += _without_was(entry)
        body = body.but(was=None)
    field = DEFAULTS_TO_SLUG.get(entry.kind)
    if field is not None and not getattr(entry.body, field):
        pairs.append((field, yaml_scalar(entry.slug)))
    aliases: tuple[str, ...] = getattr(body, "aliases", ())
    wanted = tuple(name for name in aliases if name != new) + ((entry.slug,) if alias else ())
    keys = [key.text for key, _ in entry.node.items]
    if wanted != aliases:
        body = body.but(aliases=wanted)
        if not entry.has("aliases"):
            pairs.append(("aliases", f"[{yaml_scalar(entry.slug)}]"))
        elif wanted:
            edits += update_list(entry.node, "aliases", [yaml_scalar(name) for name in wanted])
        else:
            edits += remove_keys(entry.node, ["aliases"])
    if pairs:
        edits.append(insert_keys(entry.node, pairs, keys[0] if keys[-1:] == ["aliases"] else None))
    return edits, body


def _without_was(entry: Entry[Any]) -> list[Edit]:
    """Return the edits that take `was` out of a body; one that says nothing else becomes `{}`."""
    if len(entry.node.items) == 1:
        return replace_keys(entry.key, entry.node, [])
    removal = key_removal(entry.node, "was")
    if removal is None:
        raise RefusedError(f"{entry.title} is written in a way that a command cannot edit", "rename it by hand")
    return [removal]


def _rewritten(node: Scalar, new: str) -> Edit:
    """Return the edit that writes another slug at a place, quoted as it was."""
    return replace_scalar(node, yaml_scalar(new)) if node.plain else replace_node(node, new)
