"""RC361 share-without-logical: a model that states a share names its logical model."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.project import Declared
from routecomp.rules.registry import project_rule


@project_rule("RC361", "share-without-logical")
def share_without_logical(declared: Declared) -> Iterator[Diagnostic]:
    """A model states a share, and has no `logical_slug`.

    A share is a model's part of the load of its logical model: of the models that are the same one on several hosts,
    or with several keys. A model without a `logical_slug` has no load that it could share.

    Why: the share would deal nothing, and whoever wrote it expects that it does.

    Fix: give each model that is to share the load the same `logical_slug`; or take the `share` out.
    """
    for entry in declared.models.values():
        if entry.body.share is not None and entry.body.logical_slug is None:
            yield error(
                "RC361",
                f"{entry.title} states a share, and has no `logical_slug` whose load it could share",
                entry.span("share"),
                "give the models that share one load the same `logical_slug`, or take the share out",
            )
