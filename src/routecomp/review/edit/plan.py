"""Define the plan of a change to YAML files, and compare its result with what the plan intends."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from typing import Any

from routecomp.model.project import Declared
from routecomp.source.edits import Edit


@dataclass(frozen=True, slots=True)
class Swap:
    """A feature whose primary changes: from one model to another."""

    feature: str
    old: str
    new: str


@dataclass(frozen=True)
class Plan:
    """An edit that was thought through and not yet made.

    `title` says in one line what it does; `edits` are the characters that change, of any number of files;
    `intended` are the bodies, by (section, slug), that the project must declare afterwards, everything else as it
    was; `swap` is the promotion it makes, if it is one; `notes` are for the user's eyes.
    """

    title: str
    edits: tuple[Edit, ...]
    intended: MappingOf[tuple[str, str], Any]
    swap: Swap | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def paths(self) -> list[str]:
        """The files it changes, sorted."""
        return sorted({edit.span.path for edit in self.edits})


def differs_from(before: Declared, after: Declared, plan: Plan) -> str | None:
    """The first body that `after` does not declare as the plan intends; None where it does exactly that."""
    for name in Declared.__dataclass_fields__:
        was, now = getattr(before, name), getattr(after, name)
        if not isinstance(was, dict) or name == "broken":
            if getattr(was, "body", was) != getattr(now, "body", now):
                return name
            continue
        for slug in {**was, **now}:
            if slug not in was or slug not in now:
                return str(slug)
            wanted, found = plan.intended.get((name, slug), was[slug].body), now[slug].body
            if wanted != found or _order(wanted) != _order(found):
                return str(slug)
    return None


def _order(body: Any) -> list[str]:
    """A feature's models, an experiment's variants: their order means something, and `==` does not see it."""
    return list(getattr(body, "models", None) or getattr(body, "variants", None) or ())
