"""RC711 unknown-group: a group that is named is defined."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.interop.litellm.rule import Subject, litellm_rule
from routecomp.model.suggest import closest, did_you_mean


@litellm_rule("RC711", "unknown-group")
def find(subject: Subject) -> Iterator[Diagnostic]:
    """A fallback, an alias or another setting names a group that nothing in the file defines.

    Defined are the `model_name` of each entry, aliases, ids of deployments, and whatever matches the pattern of an
    entry (`openai/*`). A file without `model_list`, and one whose proxy stores models in its database
    (`store_model_in_db`), may have groups elsewhere: in those only misspelt names are reported.

    Why: LiteLLM skips the name when a call needs it most, in the middle of an outage of the first group.

    Fix: correct the name, or add the group to `model_list`. A model is not a group: name the entry that has it.
    """
    groups = subject.groups
    if not groups.members:
        return
    models = {each.model: each.group for each in subject.config.deployments}
    known = {*groups.members, *groups.aliases}
    for value, name, what in groups.references():
        if not name or groups.is_defined(name) or name == "*":
            continue
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
        is_key = value.name == name and value.key is not None
        yield error(
            "RC711",
            f"{what} names the group `{name}`, which nothing defines",
            value.key if is_key else value.span,
            help,
        )
