"""RC513 variants-frozen: an experiment that was started keeps its variants."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.rules.change.change import Change
from routecomp.rules.registry import change_rule


@change_rule("RC513", "variants-frozen")
def variants_frozen(change: Change) -> Iterator[Diagnostic]:
    """A variant is added to, or taken from, an experiment that is no draft any more.

    To give a variant another id is to remove it and to add one; what people read is its `label`.

    Why: the figures of a test compare the variants it began with. One that came later saw other weeks and other
    users, and the users of one that left went to the others.

    Fix: put the variants back, and test the new one in an experiment of its own. A variant is emptied, all
    but a ten-thousandth, by its weight, and its model is swapped by a new version.
    """
    for before, after in change.begun():
        was, now = before.body.variants, after.body.variants
        for id in now:
            if id not in was:
                yield error(
                    "RC513",
                    f"variant `{id}` is added to {after.title}, which is {before.body.status} {change.where}",
                    after.key_span("variants", id),
                    "take it out, and test it in an experiment of its own",
                    labels=(change.label(before.key_span("variants"), "without it"),),
                )
        for id in was:
            if id not in now:
                yield error(
                    "RC513",
                    f"variant `{id}` is taken from {after.title}, which is {before.body.status} {change.where}",
                    after.key_span("variants"),
                    "put it back; a smaller weight empties it, a new version swaps its model",
                    labels=(change.label(before.key_span("variants", id), "it stood here"),),
                )
