"""RC516 label-frozen: labels change until the experiment is completed."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.rules.change.change import Change
from routecomp.rules.registry import change_rule


@change_rule("RC516", "label-frozen")
def label_frozen(change: Change) -> Iterator[Diagnostic]:
    """The label of a variant changes although the experiment is completed.

    Until it is completed they may change as often as you like, also in the change that completes it.

    Why: labels are what the reports of a finished test show, and reports are compared.

    Fix: put the old label back.
    """
    for before, after in change.experiments():
        if before.body.status != "completed":
            continue
        for id, was in before.body.variants.items():
            now = after.body.variants.get(id)
            if now is not None and now.label != was.label:
                has, had = after.has("variants", id, "label"), before.has("variants", id, "label")
                yield error(
                    "RC516",
                    f"the label of variant `{id}` changes, but {after.title} is completed",
                    after.span("variants", id, "label") if has else after.key_span("variants", id),
                    "put the old label back" if had else "take the label out",
                    labels=(
                        change.label(
                            before.span("variants", id, "label") if had else before.key_span("variants", id),
                            "the label" if had else "without a label",
                        ),
                    ),
                )
