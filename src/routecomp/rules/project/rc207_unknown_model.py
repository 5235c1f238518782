"""RC207 unknown-model: every model that is named is declared."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from routecomp.diagnostics.diagnostic import Diagnostic
from routecomp.model.project import Declared
from routecomp.model.suggest import typo_of
from routecomp.rules.claimed_names import names_in_claims
from routecomp.rules.expected_names import names_in_expectations
from routecomp.rules.lookup import Guess, hides_logical, listed, names, renamed
from routecomp.rules.one_finding import not_of_unnamed, report_unknown
from routecomp.rules.references import banning, naming
from routecomp.rules.registry import project_rule
from routecomp.source.text import Span


@project_rule("RC207", "unknown-model")
def unknown_model(declared: Declared) -> Iterator[Diagnostic]:
    """A model is named that no file declares.

    Features, targets, defaults, experiments and expectations name models by their slug; `banned_models` and claims take
    logical slugs too. Each of these names must be declared under `models`.

    Why: a route to a model nobody declares cannot be called, and a fallback that is missing is noticed on the
    day it is needed. A ban with a slip in it bans nothing.

    Fix: correct the name, declare the model, or remove what names it. Where a logical slug stands and a model is
    wanted, name one of its hosts.
    """
    known = names(declared, "models")
    if known is None:
        return
    if not known:
        every = [place for places in (naming, banning) for place in places(declared, lambda name: True)]
        every += [(each.where, each.name, each.span) for each in names_in_expectations(declared, "model")]
        every += [(each.where, each.name, each.span) for each in names_in_claims(declared, "model or logical model")]
        uses = ((f"{where} names `{name}`", name, span) for where, name, span in every)
        yield from report_unknown("RC207", uses, lambda name: "declare it under `models:`", "no model is declared")
        return
    guess = Guess(known, "declare it under `models:`", renamed(declared, "models"))
    used = {name for _, name, _ in naming(declared, lambda name: name not in known)}
    places = [
        (f"{where} names the unknown model `{name}`", name, span)
        for where, name, span in naming(declared, used.__contains__)
    ]
    places += [
        (f"{each.where} names the unknown model `{each.name}`", each.name, each.span)
        for each in names_in_expectations(declared, "model")
        if each.name not in known
    ]
    bans = list(_bans(declared, known))
    places += [ban for ban in bans if ban[1] in used]
    places = not_of_unnamed(declared, "models", places)
    yield from report_unknown("RC207", places, lambda name: _help(declared, guess, name))
    guess = Guess(
        [*known, *declared.logical_models, *(declared.hidden_logical or ())],
        "declare it under `models:`, or remove it",
        renamed(declared, "models"),
    )
    left = [ban for ban in bans if ban[1] not in used]
    yield from report_unknown("RC207", left, lambda name: _of_another_kind(declared, name) or guess.help(name))


def _bans(declared: Declared, known: Collection[str]) -> Iterator[tuple[str, str, Span]]:
    """Yield each ban, or claim, of a name that is neither a model nor a logical model; `known` are the models."""
    logical = declared.logical_models
    every = [*known, *logical]
    unknown = list(banning(declared, lambda name: name not in known and name not in logical))
    claimed = names_in_claims(declared, "model or logical model")
    unknown += [
        (each.where, each.name, each.span) for each in claimed if each.name not in known and each.name not in logical
    ]
    for where, name, span in unknown:
        if hides_logical(declared, name) and typo_of(name, every) is None:
            continue  # a model that could not be read may have this logical slug
        yield f"{where} names `{name}`, which is neither a model nor a logical model", name, span


def _of_another_kind(declared: Declared, name: str) -> str | None:
    """Return the remedy for a banned name that is no model and is that of something else; None for any other."""
    if name in declared.providers:
        return f"`{name}` is a provider: write it in `banned_providers`"
    if name in declared.stacks:
        return f"`{name}` is a stack: `stacks` lists those that are allowed"
    if name in declared.targets:
        return f"`{name}` is a target: name the models here"
    return None


def _help(declared: Declared, guess: Guess, name: str) -> str:
    """Return the remedy for a name that is no model: what else it names, else the guess."""
    hosts = declared.logical_models.get(name)
    if hosts is not None:
        return f"`{name}` is a logical model; name one of its hosts: {listed([host.slug for host in hosts])}"
    if name in declared.targets:
        return f"`{name}` is a target; name one model here"
    return guess.help(name)
