"""RC541 ended-model: a change brings in no new reference to a model that has ended."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.ending import ending_words, has_ended
from routecomp.model.project import Declared
from routecomp.rules.change.change import Change
from routecomp.rules.references import naming
from routecomp.rules.registry import change_rule
from routecomp.rules.succession import fallback_remedy, successor_of, successor_remedy


@change_rule("RC541", "ended-model")
def ended_model(change: Change) -> Iterator[Diagnostic]:
    """A place begins to name a model whose `sunset` has passed.

    Places that named it on the base already may stay, in whatever order: a rule of the project warns of those that
    serve. Days are counted from today in UTC, or from the day that `--today` names. A change that takes a file back to
    what it was in an earlier commit is a revert, and may name what it named then; a feature may retire what has ended.

    Why: the provider refuses the call. It is easily written by whoever copies an old feature, or merges a branch that
    began before the model ended.

    Fix: name the model's `successor`, the first that lasts, or another model. Where the end was put off, correct the
    model's `sunset`.
    """
    after = change.after
    ended = {slug: entry for slug, entry in after.models.items() if has_ended(entry.body, after.today)}
    if not ended:
        return
    known = {(where, slug) for where, slug, _ in naming(change.before, ended.__contains__)}
    retired = {
        feature.key_span("models", slug)
        for feature in after.features.values()
        for slug, row in feature.body.models.items()
        if slug in ended and row.status == "retired"
    }
    for where, slug, span in naming(after, ended.__contains__):
        if (where, slug) in known or span in retired or change.is_reverted(span.path):
            continue
        entry = ended[slug]
        earlier = change.earlier(span)
        labels = [Label(entry.span("sunset"), "its last day")]
        if earlier is not None:
            labels.append(change.label(earlier.span(), "did not name it"))
        yield error(
            "RC541",
            f"{where} begins to name `{slug}`, which {ending_words(entry.body, after.today)}",
            span,
            _remedy(after, where, slug),
            labels=tuple(labels),
        )


def _remedy(after: Declared, where: str, slug: str) -> str:
    """Say what to write at a place that names a model which has ended: what follows it, or nothing."""
    for feature in after.features.values():
        if where == f"`fallback` of {feature.title}":
            return fallback_remedy(after, slug, feature, verb="name")
    successor = successor_of(after, slug)
    if successor is not None and where == f"`successor` of {after.models[successor].title}":
        return "leave it out: what it names has ended"
    if any((where, successor) == (other, named) for other, named, _ in naming(after, lambda name: name == successor)):
        return f"take it out: its successor `{successor}` is there already"
    return successor_remedy(after, slug, verb="name")
