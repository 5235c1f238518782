"""RC541 ended-model: a change brings in no new reference to a model that has ended."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.model.ending import ending_words, has_ended
from routecomp.rules.change.change import Change
from routecomp.rules.references import naming
from routecomp.rules.registry import change_rule


@change_rule("RC541", "ended-model")
def ended_model(change: Change) -> Iterator[Diagnostic]:
    """A place begins to name a model whose `sunset` has passed.

    Places that named it on the base already may stay, in whatever order: a rule of the project warns of those that
    serve. Days are counted from today in UTC, or from the day that `--today` names. A change that takes a file back to
    what it was in an earlier commit is a revert, and may name what it named then.

    Why: the provider refuses the call. It is easily written by whoever copies an old feature, or merges a branch that
    began before the model ended.

    Fix: name the model's `successor`, or another model. Where the end was put off, correct the model's `sunset`.
    """
    after = change.after
    ended = {slug: entry for slug, entry in after.models.items() if has_ended(entry.body, after.today)}
    if not ended:
        return
    known = {(where, slug) for where, slug, _ in naming(change.before, ended.__contains__)}
    for where, slug, span in naming(after, ended.__contains__):
        if (where, slug) in known or change.is_reverted(span.path):
            continue
        entry = ended[slug]
        successor, earlier = entry.body.successor, change.earlier(span)
        labels = [Label(entry.span("sunset"), "its last day")]
        if earlier is not None:
            labels.append(change.label(earlier.span(), "did not name it"))
        yield error(
            "RC541",
            f"{where} begins to name `{slug}`, which {ending_words(entry.body, after.today)}",
            span,
            f"name its successor `{successor}`" if successor else "name another model",
            labels=tuple(labels),
        )
