"""RC211 unknown-logical-model: the logical model a target ranks has hosts."""

from __future__ import annotations

from collections.abc import Iterator

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.project import Declared
from routecomp.model.suggest import typo_of
from routecomp.rules.lookup import Guess, hides_logical, renamed
from routecomp.rules.one_finding import report_unknown
from routecomp.rules.registry import project_rule


@project_rule("RC211", "unknown-logical-model")
def unknown_logical_model(declared: Declared) -> Iterator[Diagnostic]:
    """A target ranks the hosts of a logical model that no model belongs to.

    `candidates: {logical: name}` stands for every model with that `logical_slug`.

    Why: the target would have no candidates, and every call to it would be rejected.

    Fix: correct the name, or give the models that are meant that `logical_slug`. For one model, write
    `{models: [slug]}`.
    """
    if "models" in declared.incomplete or not declared.models:  # then RC207 says that no model is declared
        return
    known = declared.logical_models
    before = renamed(declared, "models")
    guess = Guess(known, "give some model this `logical_slug`")

    def remedy(name: str) -> str:
        model = name if name in declared.models else before.get(name)
        return guess.help(name) if model is None else f"`{name}` is a model; write {{models: [{model}]}}"

    places = (
        (f"{target.title} ranks the unknown logical model `{name}`", name, target.span("candidates", "logical"))
        for target in declared.targets.values()
        if (name := target.body.candidates.logical) is not None and name not in known
        if not hides_logical(declared, name) or typo_of(name, known) is not None
    )
    yield from report_unknown("RC211", places, remedy)
