"""Define a planned edit, and check that the edited project declares what was planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from routecomp.model.project import Declared
from routecomp.source.edits import Edit


@dataclass(frozen=True, slots=True)
class Swap:
    """A change of a feature's primary from the model `old` to the model `new`."""

    feature: str
    old: str
    new: str


@dataclass(frozen=True)
class Plan:
    """An edit of the project's YAML that has been planned and not yet made.

    `title` describes the edit in one line. `edits` may belong to several files. `intended` maps (section, slug) to
    the body that the project must declare afterwards; every other body must stay as it was. `swap` is set when the
    edit promotes a model. `notes` are printed for the user.
    """

    title: str
    edits: tuple[Edit, ...]
    intended: Mapping[tuple[str, str], Any]
    swap: Swap | None = None
    notes: tuple[str, ...] = field(default=())
    expected: Declared | None = None
    """All that the project must declare afterwards, where bodies get other names; then `intended` is empty."""

    @property
    def paths(self) -> list[str]:
        """The paths of the files that the plan edits, sorted."""
        return sorted({edit.span.path for edit in self.edits})


def first_difference(before: Declared, after: Declared, plan: Plan) -> str | None:
    """Return where `after` first is not as the plan intends: a body's slug or a section's name; None if it nowhere is.

    `before` is what the project declared when the plan was made: bodies that the plan does not name must equal it. A
    body that was added or removed differs in any case, and so does one with its models or variants in another order.
    """
    before = plan.expected or before
    for name in Declared.__dataclass_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if not isinstance(old, dict) or name == "broken":
            if getattr(old, "body", old) != getattr(new, "body", new):
                return name
            continue
        for slug in {**old, **new}:
            if slug not in old or slug not in new:
                return str(slug)
            intended, actual = plan.intended.get((name, slug), old[slug].body), new[slug].body
            if intended != actual or _order(intended) != _order(actual):
                return str(slug)
    return None


def _order(body: Any) -> list[str]:
    """List a feature's models or an experiment's variants: their order matters, and `==` on dicts ignores it."""
    return list(getattr(body, "models", None) or getattr(body, "variants", None) or ())
