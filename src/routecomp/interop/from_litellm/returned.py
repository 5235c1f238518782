"""Tell deployments apart that an export of routecomp wrote: one model may stand in a file under several names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from routecomp.interop.from_litellm.deployments import Carried
from routecomp.interop.from_litellm.routes import Group
from routecomp.interop.imported import shares


def share_models(groups: Iterable[Group]) -> None:
    """Let deployments that state the same slug and are called in the same way be one model.

    The members of a group that divides its calls otherwise than another one over the same models stay models of their
    own: a model has one share.
    """
    known: dict[str, Carried] = {}
    dealt: dict[str, dict[str, int]] = {}
    for group in groups:
        parts = _parts(group)
        if any(dealt.setdefault(slug, parts) != parts for slug in parts):
            continue
        for each in group.members:
            first = known.setdefault(each.model.slug, each) if each.model.slug else each
            if first is not each and _is_same(first, each):
                each.model, each.place = first.model, first.place


def _parts(group: Group) -> dict[str, int]:
    """Return the shares of a group's members by their slugs; none where it shares no load, or states no slugs."""
    sharing = [
        (each.model.slug, weight) for each, weight in zip(group.members, group.weights, strict=True) if weight > 0
    ]
    if len(sharing) < 2 or not all(slug for slug, _ in sharing):
        return {}
    return dict(zip((slug for slug, _ in sharing), shares(weight for _, weight in sharing), strict=True))


def _is_same(first: Carried, other: Carried) -> bool:
    """Return whether two deployments are one model that is called in one way."""
    model = replace(other.model, source=first.model.source, names=first.model.names, figures=first.model.figures)
    texts = [{key: figure.text for key, figure in each.model.figures.items()} for each in (first, other)]
    optional = [{key: figure.text for key, figure in each.model.optional.items()} for each in (first, other)]
    is_alike = texts[0] == texts[1] and optional[0] == optional[1]
    return is_alike and replace(model, optional=first.model.optional) == first.model and first.place == other.place
