"""RC302 variant-weights-sum: the weights of an experiment's variants add up to exactly 1."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.numbers import ONE
from routecomp.model.project import Declared
from routecomp.rules.lookup import share
from routecomp.rules.registry import project_rule

_SHOWN = 6


@project_rule("RC302", "variant-weights-sum", follows=("RC212", "RC313"))
def variant_weights_sum(declared: Declared) -> Iterator[Diagnostic]:
    """The weights of an experiment's variants do not add up to exactly 1.

    A variant's weight is its share of the units. The shares are added exactly, from the text, and each of the
    10,000 slots of an experiment belongs to exactly one variant.

    Why: with less than 1 some units have no variant, with more than 1 some have two. Either way the groups are not
    the ones the evaluation assumes, and its result is worth nothing.

    Fix: change a weight so that they add up to 1. Three equal thirds are 0.3333, 0.3333 and 0.3334.
    """
    for entry in declared.experiments.values():
        weights = [variant.weight for variant in entry.body.variants.values()]
        total = sum(weights)
        if total == ONE or not weights:
            continue
        off = total - ONE
        yield error(
            "RC302",
            f"variant weights of {entry.title} add up to {share(total)}, not 1",
            entry.key_span("variants"),
            f"{'lower' if off > 0 else 'raise'} one of them by {share(abs(off))}",
            note=" + ".join(map(share, weights)) if len(weights) <= _SHOWN else "",
        )
