"""Name the sections of the YAML files, and tell which of them a stray body or a stray key belongs to."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from routecomp.model.claim import Claim
from routecomp.model.expectation import Expectation
from routecomp.model.experiment import Experiment
from routecomp.model.layout import fits
from routecomp.model.part import Part
from routecomp.model.policy import Preferences, Preset, Tenant
from routecomp.model.provider import Provider
from routecomp.model.route import (
    Defaults,
    Feature,
    Model,
    Resilience,
    Scoring,
    Target,
)
from routecomp.model.suggest import closest
from routecomp.model.vocabulary import PRESETS
from routecomp.parse.tree import Mapping, Node, Scalar


class Section(NamedTuple):
    """A top-level key: its folder, the word for one of its bodies, and their type.

    `once` is true for a section that is one body, such as `defaults`; the others map slugs to bodies.
    """

    folder: str
    kind: str
    body: type[Part]
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
    "expectations": Section("policies", "expectation", Expectation),
    "claims": Section("policies", "claim", Claim),
    "experiments": Section("experiments", "experiment", Experiment),
}
"""Every top-level key (docs/semantics.md, section 2)."""
FOLDERS = ("routes", "policies", "experiments")


def section_of_lines(keys: list[Scalar], folder: str, absent: Collection[str]) -> str:
    """Return the absent section that occurs once and has all of some keys, or all but a misspelt one; else nothing."""
    names = {key.text for key in keys}
    candidates = [(name, each) for name, each in SECTIONS.items() if each.once and each.folder == folder]
    for name, section in candidates if len(names) > 1 else ():
        fields = section.body.fields.keys()
        strange = names - fields
        is_slip = len(strange) == 1 and len(names) > 2 and closest(next(iter(strange)), fields - names) is not None
        if name in absent and (not strange or is_slip):
            return name
    return ""


_OF_ANY_BODY = frozenset({"description", "owner", "was"})


def owner_of(name: str, node: Mapping, least: int) -> str | None:
    """Return the section to which a body with faults belongs: as one of its bodies, or as the value of its key.

    A body with fewer than two faults (`least`) is no body of another kind, nor is one without a key of its own kind.
    """
    if {key.text for key, _ in node.items} <= _OF_ANY_BODY:
        return None
    bodies = (
        other
        for other, section in SECTIONS.items()
        if not section.once and fits(section.body, node) and (other != "presets" or name in PRESETS)
    )
    keys = (other for other, section in SECTIONS.items() if section.once and section.body.takes(name, node))
    return (next(bodies, None) if least > 1 else None) or next(keys, None)


def bodies_among_keys(section: Section, node: Mapping) -> dict[Scalar, str]:
    """Return the keys of a section's one body that hold bodies of other sections, to those."""
    return {
        key: other
        for key, value in node.items
        if key.text not in section.body.fields and (other := _kind_of(value)) is not None
    }


def _kind_of(node: Node) -> str | None:
    """Return the section whose bodies have the keys of a mapping; None where there is none, or no key."""
    if not isinstance(node, Mapping) or not node.items:
        return None
    return next((name for name, section in SECTIONS.items() if not section.once and fits(section.body, node)), None)
