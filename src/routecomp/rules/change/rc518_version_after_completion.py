"""RC518 version-after-completion: a completed experiment gets no new version."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.rules.change.change import Change
from routecomp.rules.registry import change_rule


@change_rule("RC518", "version-after-completion")
def version_after_completion(change: Change) -> Iterator[Diagnostic]:
    """A variant gets a new version although the experiment is completed, or as it is completed.

    A new version is allowed in every other status.

    Why: a completed experiment with a `winner` serves everyone what the test has shown to be best. A version that
    comes after the test was in no test.

    Fix: take the version out. To swap the model, do it while the experiment runs; after that, archive it and
    start a new one, on the same public id if you like.
    """
    for before, after in change.begun():
        if after.body.status != "completed":
            continue
        for id, was in before.body.variants.items():
            now = after.body.variants.get(id)
            if now is None:
                continue
            known = {version.version for version in was.versions}
            for position, version in enumerate(now.versions):
                if version.version not in known:
                    done = before.body.status == "completed"
                    yield error(
                        "RC518",
                        f"variant `{id}` gets version {version.version}, but {after.title} is completed"
                        + ("" if done else " in the same change"),
                        after.span("variants", id, "versions", position, "version"),
                        "take it out" if done else "take it out, or complete the experiment in a later change",
                        labels=(change.label(before.span("status"), before.body.status),),
                    )
