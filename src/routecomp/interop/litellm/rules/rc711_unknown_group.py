"""RC711 unknown-group: a group that is named is defined."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.diagnostics.once import with_others
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.interop.value import Value
from routecomp.model.suggest import closest, did_you_mean
from routecomp.source.text import Span

_MOST = 300
"""Names that are looked for among the known ones: nobody reads on, and to look for a near word takes its time."""


@litellm_rule("RC711", "unknown-group")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A fallback, an alias or another setting names a group that nothing in the file defines.

    Defined are the `model_name` of each entry, aliases, ids of deployments, and whatever matches the pattern of an
    entry (`openai/*`; `gpt-4o` matches it too, because LiteLLM knows its provider). An entry of `fallbacks` counts
    for `openai/gpt-4.1` as `gpt-4.1`, and the other way round. A file without `model_list`, and one whose proxy
    stores models in its database (`store_model_in_db`), may have groups elsewhere: in those only misspelt names are
    reported.

    Why: LiteLLM skips the name when a call needs it most, in the middle of an outage of the first group.

    Fix: correct the name, or add the group to `model_list`. A model is not a group: name the entry that has it.
    """
    groups = subject.groups
    if not groups.members:
        return
    places: dict[str, list[tuple[Value, str]]] = {}
    for value, name, what in groups.references():
        if name and name != "*" and not groups.is_defined(name):
            places.setdefault(name, []).append((value, what))
    models = {each.model: each.group for each in subject.config.deployments}
    known = {*groups.members, *groups.aliases}
    for name, uses in islice(places.items(), _MOST):
        near = closest(name, known)
        if not groups.is_complete and near is None:
            continue
        if name in models:
            help = f"it is a model: name its group `{models[name]}`"
        elif near is not None:
            help = did_you_mean(name, near)
        else:
            listed = ", ".join(sorted(known)[:4]) + " …" * (len(known) > 4)
            help = f"add it to `model_list`, or name one of its groups ({listed})"
        first, *others = [
            error("RC711", f"{what} names the group `{name}`, which nothing defines", _place(value, name), help)
            for value, what in uses
        ]
        yield with_others(first, others)


def _place(value: Value, name: str) -> Span:
    """Return where a name stands: the key of a value, or the value itself."""
    return value.key if value.name == name and value.key is not None else value.span
