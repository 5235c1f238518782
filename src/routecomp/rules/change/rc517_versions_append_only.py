"""RC517 versions-append-only: a version of an experiment that was started never changes and never goes."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.experiment import Experiment, Version
from routecomp.model.project import Entry
from routecomp.rules.change.change import Change
from routecomp.rules.registry import change_rule


@change_rule("RC517", "versions-append-only")
def versions_append_only(change: Change) -> Iterator[Diagnostic]:
    """A version of a variant changes, or goes, although the experiment is no draft any more.

    A new version at the end swaps the model of a running test, and is allowed until it is completed.

    Why: what a variant served, and when, is read from its versions: audits and outcomes name them by number. A
    version that changes afterwards makes them say what never happened.

    Fix: put the version back, and append a new one behind it:

        versions:
          - {version: 1, model: gpt-5-5}
          - {version: 2, model: gpt-5-6}
    """
    for before, after in change.begun():
        for id, was in before.body.variants.items():
            now = after.body.variants.get(id)
            if now is None:
                continue
            places = {version.version: position for position, version in enumerate(now.versions)}
            for position, version in enumerate(was.versions):
                new_position = places.get(version.version)
                if new_position is None:
                    yield _gone(change, before, after, id, position)
                elif now.versions[new_position] != version:
                    yield _changed(change, before, after, id, position, new_position)


def _gone(change: Change, before: Entry[Experiment], after: Entry[Experiment], id: str, position: int) -> Diagnostic:
    """Report a version that was taken away."""
    number = before.body.variants[id].versions[position].version
    has = after.has("variants", id, "versions")
    return error(
        "RC517",
        f"version {number} of variant `{id}` is taken from {after.title}, which is {before.body.status} {change.where}",
        after.key_span("variants", id, "versions") if has else after.key_span("variants", id),
        "put it back; a new version at the end takes its place",
        labels=(change.label(before.span("variants", id, "versions", position, "version"), "it stood here"),),
    )


def _changed(
    change: Change, before: Entry[Experiment], after: Entry[Experiment], id: str, position: int, new_position: int
) -> Diagnostic:
    """Report a version that has another model or another key."""
    was, now = before.body.variants[id].versions[position], after.body.variants[id].versions[new_position]
    field = "model" if was.model != now.model else "api_key_env"
    new_path, old_path = ("variants", id, "versions", new_position), ("variants", id, "versions", position)
    return error(
        "RC517",
        f"version {was.version} of variant `{id}` of {after.title}, which is {before.body.status} "
        f"{change.where}, changes from {_words(was, field)} to {_words(now, field)}",
        after.span(*new_path, field if after.has(*new_path, field) else "version"),
        f"put it back, and append version {before.body.variants[id].versions[-1].version + 1}",
        labels=(
            change.label(
                before.span(*old_path, field if before.has(*old_path, field) else "version"), _words(was, field)
            ),
        ),
    )


def _words(version: Version, field: str) -> str:
    """Describe the model or the key of a version."""
    if field == "model":
        return f"model `{version.model}`"
    return "the provider's own key" if version.api_key_env is None else f"key {version.api_key_env}"
