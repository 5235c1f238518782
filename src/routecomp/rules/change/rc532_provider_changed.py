"""RC532 provider-changed: a model's slug stays with its provider."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.rules.change.change import Change
from routecomp.rules.registry import change_rule


@change_rule("RC532", "provider-changed")
def provider_changed(change: Change) -> Iterator[Diagnostic]:
    """A model's slug is given another provider.

    The slug is what audits, outcomes and breakers record.

    Why: with another host behind it, last month's rows speak of one deployment and this month's of another, and
    nobody can tell them apart.

    Fix: give the deployment at the new provider a slug of its own; `logical_slug` says that both are the same
    model.
    """
    for before, after in change.models():
        if before.body.provider != after.body.provider:
            yield error(
                "RC532",
                f"{after.title} moves from provider `{before.body.provider}` to `{after.body.provider}`",
                after.span("provider"),
                f"put `{before.body.provider}` back, and declare the new deployment under a slug of its own",
                labels=(change.label(before.span("provider"), f"`{before.body.provider}`"),),
            )
