"""RC322 slots-proportion: the slots a variant owns are its weight of the 10,000."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.diagnostics.once import one_for_each_cause
from routecomp.model.project import Declared
from routecomp.model.vocabulary import SLOTS
from routecomp.rules.lookup import share
from routecomp.rules.registry import project_rule
from routecomp.rules.slots import owned, partition


@project_rule("RC322", "slots-proportion", follows=("RC212", "RC302", "RC313", "RC320", "RC321"))
def slots_proportion(declared: Declared) -> Iterator[Diagnostic]:
    """A variant owns more or fewer slots than its weight says.

    A variant of weight 0.25 owns exactly 2,500 of the 10,000 slots.

    Why: slots decide who is served by which variant, weights are what people read. Where the two differ, the share
    that was agreed on is not the share that is served.

    Fix: correct the weight or the slots. `routecomp experiment reweight` moves the fewest users when weights change.
    """
    yield from one_for_each_cause(_findings(declared))


def _findings(declared: Declared) -> Iterator[tuple[str, Diagnostic]]:
    """Yield each finding with its experiment: slots that one variant has too many, another has too few."""
    for entry in declared.experiments.values():
        slots = partition(entry.body)
        if slots is None or not slots.sound or sum(each.weight for each in entry.body.variants.values()) != SLOTS:
            continue  # what does not add up by itself cannot be in proportion
        for id, variant in entry.body.variants.items():
            count = owned(entry.body, id)
            if count != variant.weight:
                yield (
                    entry.slug,
                    error(
                        "RC322",
                        f"variant `{id}` of {entry.title} owns {count} slots; its weight "
                        f"{share(variant.weight)} makes {variant.weight}",
                        entry.span("variants", id, "weight"),
                        f"write {share(count)}, or give it {variant.weight} slots",
                        labels=(Label(entry.key_span("variants", id, "slots"), f"{count} slots"),),
                    ),
                )
