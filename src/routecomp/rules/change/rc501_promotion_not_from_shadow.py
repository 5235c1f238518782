"""RC501 promotion-not-from-shadow: a primary was a shadow before."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.rules.change.change import Change, status_span
from routecomp.rules.registry import change_rule


@change_rule("RC501", "promotion-not-from-shadow")
def promotion_not_from_shadow(change: Change) -> Iterator[Diagnostic]:
    """A model becomes primary of a feature without having been its shadow.

    A primary comes from `shadow`: what counts is its status on the base branch. A feature that is new may start
    with any primary.

    Why: a shadow is how a model is tried. It is named in a reviewed change, it may get mirrored traffic, and
    someone looks at the answers. A model that goes live without that step was tried by nobody.

    Fix: declare it `shadow` in this change and promote it in the next one. When there is no time (the
    incumbent's provider is down), waive the rule on that line:

        gpt-5-5: primary  # routecomp:allow RC501 until=2026-12-01 reason="provider outage"
    """
    for swap in change.swaps():
        for model in swap.challengers:
            if swap.was(model) is None:
                yield error(
                    "RC501",
                    f"model `{model}` becomes primary of {swap.after.title}, but was no shadow of it {change.where}",
                    status_span(swap.after, model),
                    "declare it as shadow now and promote it in a later change",
                    labels=(change.label(swap.before.key_span("models"), "it has no row here"),),
                )
