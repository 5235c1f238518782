"""RC218 unknown-expected-name: every name in an expectation or a claim is declared, or is meant not to be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.call_names import call_names
from routecomp.model.project import Declared
from routecomp.model.suggest import suggestion
from routecomp.rules.claimed_names import ClaimedKind, names_in_claims
from routecomp.rules.expected_names import Kind, names_in_expectations
from routecomp.rules.known_names import Known, known_names
from routecomp.rules.lookup import Guess, policies, renamed
from routecomp.rules.one_finding import not_of_unnamed, report_unknown
from routecomp.rules.references import banning, naming
from routecomp.rules.registry import project_rule

_MEANT = "or list it in `undeclared`, if a stranger is meant"
_CLAIMED: dict[Kind, ClaimedKind] = {"feature": "feature", "tenant": "tenant"}
"""The kinds of names that claims hold too."""
_SECTIONS: dict[Kind, str] = {"feature": "features", "tenant": "tenants", "experiment": "experiments"}
_OF_SEVERAL: dict[Kind, tuple[str, ...]] = {
    "call name": ("models", "targets"),
    "model or provider": ("models", "providers"),
}
"""The sections whose bodies have names of a kind, where they are several."""
_ELSEWHERE = ("stack",)
"""The kinds of which another rule reports unknown names."""


@project_rule("RC218", "unknown-expected-name")
def unknown_expected_name(declared: Declared) -> Iterator[Diagnostic]:
    """An expectation or a claim names a feature, tenant, experiment or other thing that no file declares.

    The names in `request` and under `for` are those that callers send; the names in `expect` are those of a decision.
    Models, providers and stacks have rules of their own: RC207, RC206 and RC210.

    Why: the resolver answers a request with a misspelt tenant under the default policy, and one with a misspelt
    feature by the ladder. The expectation may hold all the same, and then says nothing about the tenant it was
    written for. A claim about a name that nobody declares promises nothing.

    Fix: correct the name. Where a request is meant to hold a name that nobody declares, such as a tenant before it
    signed up, list that name in `undeclared` of the expectation.
    """
    for kind, known in known_names(declared).items():
        if kind not in _ELSEWHERE:
            yield from _report(declared, kind, known)
    yield from _unknown_variants(declared)


def _report(declared: Declared, kind: Kind, known: Known) -> Iterator[Diagnostic]:
    """Yield the findings on the names of one kind."""
    uses = [
        (f"{named.where} names the unknown {kind} `{named.name}`", named.name, named.span)
        for named in names_in_expectations(declared, kind)
        if known.lacks(named.name)
    ]
    expected = {name for _, name, _ in uses}
    if kind in _CLAIMED:
        uses += [
            (f"{claimed.where} names the unknown {kind} `{claimed.name}`", claimed.name, claimed.span)
            for claimed in names_in_claims(declared, _CLAIMED[kind])
            if known.lacks(claimed.name)
        ]
    for section in (_SECTIONS[kind],) if kind in _SECTIONS else _OF_SEVERAL.get(kind, ()):
        uses = not_of_unnamed(declared, section, uses)
    if kind == "model or provider" and uses:
        told = _told_of_elsewhere(declared)
        uses = [use for use in uses if use[1] not in told]
    if uses:
        yield from report_unknown("RC218", uses, _remedy(declared, kind, known.names, expected))


def _told_of_elsewhere(declared: Declared) -> set[str]:
    """Return all names of models and providers that RC206 and RC207 look at: where one is unknown, they say so."""
    told = {entry.body.provider for entry in declared.models.values()}
    for _, fields, _ in policies(declared):
        told.update(fields.banned_providers or (), fields.preferred_providers or ())
    told.update(name for places in (naming, banning) for _, name, _ in places(declared, lambda name: True))
    told.update(named.name for named in names_in_expectations(declared, "provider", "model"))
    told.update(claimed.name for claimed in names_in_claims(declared, "provider"))
    told.update(claimed.name for claimed in names_in_claims(declared, "model or logical model"))
    return told


def _remedy(declared: Declared, kind: Kind, known: Collection[str], expected: Collection[str]) -> Callable[[str], str]:
    """Return what says the remedy for an unknown name of a kind; `expected` are those that expectations hold."""
    section = _SECTIONS.get(kind)
    if section is None:
        otherwise = f"write one that is declared, {_MEANT}"
        return lambda name: _of_another_kind(declared, kind, name) or suggestion(name, known, otherwise)
    declare = f"declare it under `{section}:`"
    plain, meant = (Guess(known, words, renamed(declared, section)) for words in (declare, f"{declare}, {_MEANT}"))
    strangers = () if kind == "experiment" else expected
    return lambda name: _of_another_kind(declared, kind, name) or (meant if name in strangers else plain).help(name)


def _of_another_kind(declared: Declared, kind: Kind, name: str) -> str | None:
    """Return the remedy for a feature where a call name is wanted, or the other way round; None for any other name."""
    if kind == "call name" and name in declared.features:
        return f"`{name}` is a feature: write `feature: {name}`"
    if kind == "feature":
        use = next((each for each in call_names(declared) if each.name == name), None)
        return None if use is None else f"it is {use.title}: write `model: {name}`"
    return None


def _unknown_variants(declared: Declared) -> Iterator[Diagnostic]:
    """Yield the findings on variants that the experiment beside them, or else any experiment, does not have."""
    if not declared.is_whole("experiments"):
        return
    every = {id for entry in declared.experiments.values() for id in entry.body.variants}
    for named in names_in_expectations(declared, "variant"):
        if named.experiment is not None and named.experiment not in declared.experiments:
            continue  # the experiment is the mistake
        entry = declared.experiments.get(named.experiment or "")
        known = every if entry is None else set(entry.body.variants)
        if named.name not in known:
            of = "no experiment has" if entry is None else f"{entry.title} does not have"
            message = f"{named.where} names the variant `{named.name}`, which {of}"
            help = suggestion(named.name, known, "write the id of a variant")
            yield from report_unknown("RC218", [(message, named.name, named.span)], lambda name, help=help: help)  # type: ignore[misc]
