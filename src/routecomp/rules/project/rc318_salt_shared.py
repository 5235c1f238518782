"""RC318 salt-shared: every experiment has a salt of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared, Entry
from routecomp.rules.registry import project_rule
from routecomp.source.text import Span


@project_rule("RC318", "salt-shared")
def salt_shared(declared: Declared) -> Iterator[Diagnostic]:
    """Two experiments have the same salt.

    The salt decides, together with the unit, which variant serves a unit. Without `salt` it is the slug.

    Why: with one salt the same users are in the same half of both experiments. What the first one does to them is
    then measured by the second, and neither result means what it says.

    Fix: give one of them another salt. An active experiment keeps its own: a new salt would move its users.
    """
    first: dict[str, Entry[Any]] = {}
    # The salt of one that was started stays, so the finding points to the others.
    for entry in sorted(declared.experiments.values(), key=lambda entry: entry.body.status == "draft"):
        salt = _salt(entry)
        other = first.setdefault(salt, entry)
        if other is not entry:
            yield error(
                "RC318",
                f"experiments `{other.slug}` and `{entry.slug}` have the same salt `{salt}`",
                _place(entry),
                "give the one that is not active yet another salt",
                labels=(Label(_place(other), f"experiment `{other.slug}`"),),
            )


def _salt(entry: Entry[Any]) -> str:
    """Return the effective salt of an experiment: its own, else its slug."""
    return str(entry.slug if entry.body.salt is None else entry.body.salt)


def _place(entry: Entry[Any]) -> Span:
    """Return the place of the salt, or of the slug that stands for it."""
    return entry.span() if entry.body.salt is None else entry.span("salt")
