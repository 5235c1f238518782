"""RC314 experiment-overlap: one public model id has one running experiment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared, Entry
from routecomp.rules.registry import project_rule

RUNNING = ("active", "paused")


@project_rule("RC314", "experiment-overlap")
def experiment_overlap(declared: Declared) -> Iterator[Diagnostic]:
    """Two experiments are active or paused on the same public model id.

    Drafts and completed experiments may share a public model id with a running one.

    Why: a call to the id can be assigned by one experiment alone. With two, the units of one would be taken from
    the other, and both evaluations would be wrong.

    Fix: complete one of them first, or give the new one a public model id of its own.
    """
    first: dict[str, Entry[Any]] = {}
    for entry in declared.experiments.values():
        if entry.body.status not in RUNNING:
            continue
        name = entry.body.public_model_id
        other = first.setdefault(name, entry)
        if other is not entry:
            yield error(
                "RC314",
                f"experiments `{other.slug}` and `{entry.slug}` both run on public model id `{name}`",
                entry.span("status"),
                "complete one of the two, or make it a draft until then",
                labels=(Label(other.span("status"), f"experiment `{other.slug}`"),),
            )
