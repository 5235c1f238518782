"""RC317 version-order: the versions of a variant are 1, 2, 3 … in order."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.project import Declared
from routecomp.rules.registry import project_rule


@project_rule("RC317", "version-order")
def version_order(declared: Declared) -> Iterator[Diagnostic]:
    """The versions of a variant are not 1, 2, 3 … in order.

    Versions are a history: a new one is added below the others with the next number, and the last one serves.

    Why: audits record the version that answered. With a number missing, twice or out of order nobody can say which
    model that was.

    Fix: number them 1, 2, 3 … from top to bottom, without changing the versions that have served.
    """
    for entry in declared.experiments.values():
        for id, variant in entry.body.variants.items():
            for number, version in enumerate(variant.versions, 1):
                if version.version != number:
                    yield error(
                        "RC317",
                        f"variant `{id}` of {entry.title}: version {version.version} stands where {number} belongs",
                        entry.span("variants", id, "versions", number - 1, "version"),
                        "number the versions 1, 2, 3 … from top to bottom",
                    )
                    break  # the numbers after it are off as well
