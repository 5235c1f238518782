"""RC212 unknown-variant: an experiment's winner is one of its variants."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.project import Declared
from routecomp.model.suggest import suggestion
from routecomp.rules.registry import project_rule

_ID = "write the id of a variant"


@project_rule("RC212", "unknown-variant")
def unknown_variant(declared: Declared) -> Iterator[Diagnostic]:
    """An experiment's `winner` is not the id of one of its variants.

    Variants are keyed by their id; `label` is free text and no id.

    Why: the winner serves everyone. If it is nobody, every call to the public model id fails from the moment the
    experiment is completed.

    Fix: write the variant's id.
    """
    for entry in declared.experiments.values():
        winner, variants = entry.body.winner, entry.body.variants
        if winner is None or winner in variants:
            continue
        labelled = [id for id, variant in variants.items() if variant.label == winner]
        help = f"it is the label of variant `{labelled[0]}`" if labelled else suggestion(winner, variants) or _ID
        yield error("RC212", f"{entry.title} has the unknown winner `{winner}`", entry.span("winner"), help)
