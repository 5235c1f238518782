"""RC311 scale-order: the best end of a scale lies below its worst."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.numbers import format_decimal
from routecomp.model.project import Declared
from routecomp.rules.registry import project_rule

SCALES = {"cost": 6, "latency_ms": 0}
"""The scales by their names, with the decimals of their values."""


@project_rule("RC311", "scale-order")
def scale_order(declared: Declared) -> Iterator[Diagnostic]:
    """A scale's `best` does not lie below its `worst`.

    Cost and latency are scored on fixed scales: `best` scores 1, `worst` scores 0, what lies between in proportion.

    Why: on a scale without width nothing can be measured, and on one that runs backwards the slowest and dearest
    models would rank first.

    Fix: exchange the two, or widen the scale.
    """
    entry = declared.scoring
    if entry is None:
        return
    for name, decimals in SCALES.items():
        scale = getattr(entry.body, name)
        if scale.best >= scale.worst:
            best, worst = format_decimal(scale.best, decimals), format_decimal(scale.worst, decimals)
            fact = f"runs from best {best} {'down ' if best != worst else ''}to worst {worst}"
            yield error(
                "RC311",
                f"the {name} scale {fact}",
                entry.span(name, "worst"),
                "worst must be the larger one",
                labels=(Label(entry.span(name, "best"), "the best end"),),
            )
