"""RC303 one-primary: every feature has exactly one primary."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.project import Declared
from routecomp.rules.lookup import listed, primaries
from routecomp.rules.registry import project_rule

_SHOWN = 20


@project_rule("RC303", "one-primary")
def one_primary(declared: Declared) -> Iterator[Diagnostic]:
    """A feature has no primary, or more than one.

    The primary is the model that serves the feature. Exactly one of the feature's models has that status.

    Why: without a primary nothing serves the feature. Two are what is left when two branches that each promote
    another model are merged: the lines do not touch, so the merge is clean, and which model then serves would be
    an accident of sorting.

    Fix: decide which one serves, and make the others `shadow`. Without a primary, promote one of the shadows.
    """
    for entry in declared.features.values():
        models = primaries(entry.body)
        if len(models) == 1:
            continue
        if not models:
            shadows = [model for model, row in entry.body.models.items() if row.status == "shadow"]
            help = (
                f"make one of its shadows primary: {listed(shadows)}"
                if shadows
                else "give one model the status primary"
            )
            yield error("RC303", f"{entry.title} has no primary", entry.key_span("models"), help)
            continue
        spans = [entry.span("models", model, "status") for model in models[:_SHOWN]]
        yield error(
            "RC303",
            f"{entry.title} has {len(models)} primaries: {listed(models)}",
            spans[1],
            "keep one primary, and make the others shadow",
            labels=tuple(Label(span, "primary too") for span in (spans[0], *spans[2:])),
        )
