"""RC531 model-removed: a model that is still named somewhere is not removed."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, Label, error
from routecomp.rules.change.change import Change
from routecomp.rules.references import banning, naming
from routecomp.rules.registry import change_rule
from routecomp.source.text import Span

_SHOWN = 8


@change_rule("RC531", "model-removed")
def model_removed(change: Change) -> Iterator[Diagnostic]:
    """A model leaves the files while something still names it.

    Features name their retired models, experiments every version they ever served, policies what they ban. (That the
    name leads nowhere now is found as well, at each place, by RC207.)

    Why: this is how the past stays readable, so a model goes last. Two branches of which one removes a model and
    the other begins to use it can merge cleanly as text.

    Fix: put the model back; `active: false` takes it out of every route. Remove it once nothing names it: a
    retired row may leave its feature, a completed experiment may leave once it is archived.
    """
    gone = set(change.removed("models"))
    if not gone:
        return
    places: dict[str, list[tuple[str, Span]]] = {}
    for named in (naming, banning):
        for who, model, span in named(change.after, gone.__contains__):
            places.setdefault(model, []).append((who, span))
    for model, spans in places.items():
        who, first = spans[0]
        entry = change.before.models[model]
        more = f" and {len(spans) - 1} more place{'s' if len(spans) > 2 else ''}" if len(spans) > 1 else ""
        yield error(
            "RC531",
            f"{entry.title} is removed, but {who}{more} still name{'' if more else 's'} it",
            first,
            "put it back (`active: false` takes it out of every route); remove it once nothing names it",
            labels=(
                *(Label(span, f"also {also}") for also, span in spans[1:_SHOWN]),
                change.label(entry.key.span, "it stood here"),
            ),
        )
