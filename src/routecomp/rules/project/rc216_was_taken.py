"""RC216 was-taken: what a body was called is nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared, Entry
from routecomp.model.slug_places import SECTIONS
from routecomp.rules.registry import project_rule


@project_rule("RC216", "was-taken")
def was_taken(declared: Declared) -> Iterator[Diagnostic]:
    """A body says with `was` that it had a name that another body of its kind has, or says too.

    For one release after a rename `was` makes both names one thing: for the rules of change, the salts of shadows and
    shares, the ledger and the database.

    Why: a name that two bodies claim is none: units would move, and a migration would not know which row to rename.

    Fix: remove `was` where the rename is on the base branch already, or correct it.
    """
    for section in SECTIONS.values():
        bodies = getattr(declared, section)
        first: dict[str, Entry[Any]] = {}
        for entry in bodies.values():
            was = entry.body.was
            if was is None:
                continue
            other = bodies.get(was) or first.get(was)
            first.setdefault(was, entry)
            if other is None:
                continue
            place = other.span() if other.slug == was else other.span("was")
            yield error(
                "RC216",
                f"{entry.title} was `{was}`, which is its own name"
                if other is entry
                else f"{entry.title} was `{was}`, which {'is' if other.slug == was else 'was also'} {other.title}",
                entry.span("was"),
                "remove `was`, or write the name that it had on the base branch",
                labels=() if other is entry else (Label(place, f"{other.title} here"),),
            )
