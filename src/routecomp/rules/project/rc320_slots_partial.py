"""RC320 slots-partial: all variants of an experiment say their slots, or none does."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared
from routecomp.rules.registry import project_rule


@project_rule("RC320", "slots-partial")
def slots_partial(declared: Declared) -> Iterator[Diagnostic]:
    """Some variants of an experiment say their slots, and others do not.

    Without `slots` the variants own contiguous ranges in declared order, by their weights. With `slots` every
    variant says which of the slots 0 to 9999 it owns.

    Why: the slots of the others would have to be guessed, and a guess that changes with the order of the lines
    moves users from one variant to another in the middle of an experiment.

    Fix: give every variant its `slots`, or remove them all.
    """
    for entry in declared.experiments.values():
        variants = entry.body.variants
        silent = [id for id, variant in variants.items() if variant.slots is None]
        if not silent or len(silent) == len(variants):
            continue
        speaking = next(id for id, variant in variants.items() if variant.slots is not None)
        for id in silent:
            yield error(
                "RC320",
                f"variant `{id}` of {entry.title} says no slots, and `{speaking}` does",
                entry.key_span("variants", id),
                "give every variant its `slots`, or remove them all",
                labels=(Label(entry.key_span("variants", speaking, "slots"), f"slots of `{speaking}`"),),
            )
