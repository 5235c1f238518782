"""RC208 unknown-target: the target a feature continues with is declared."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.project import Declared
from routecomp.rules.lookup import Guess, names, renamed
from routecomp.rules.one_finding import not_of_unnamed, report_unknown
from routecomp.rules.registry import project_rule


@project_rule("RC208", "unknown-target")
def unknown_target(declared: Declared) -> Iterator[Diagnostic]:
    """A feature's `then` names a target that no file declares.

    `then` continues a feature's chain with the ranking of a target, after the primary and the declared fallbacks.

    Why: without its target the chain ends early. The feature works until its primary and fallbacks are down
    together, which is when the target was meant to carry it.

    Fix: correct the name, declare the target under `targets:` in routes/, or remove `then`. An alias is a name
    for callers; write the target's own name.
    """
    known = names(declared, "targets")
    if known is None:
        return
    guess = Guess(known, "declare it under `targets:`", renamed(declared, "targets"))

    def remedy(name: str) -> str:
        owner = next((target for target in declared.targets.values() if name in target.body.aliases), None)
        return guess.help(name) if owner is None else f"it is an alias; write its target `{owner.slug}`"

    uses = (
        (f"{entry.title} continues with the unknown target `{entry.body.then}`", entry.body.then, entry.span("then"))
        for entry in declared.features.values()
        if entry.body.then is not None and entry.body.then not in known
    )
    places = not_of_unnamed(declared, "targets", uses)
    yield from report_unknown("RC208", places, remedy, "" if known else "no target is declared")
