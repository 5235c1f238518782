"""RC207 unknown-model: every model that is named is declared."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.project import Declared
from routecomp.rules.lookup import Guess, listed, names
from routecomp.rules.references import banning, naming
from routecomp.rules.registry import project_rule


@project_rule("RC207", "unknown-model")
def unknown_model(declared: Declared) -> Iterator[Diagnostic]:
    """A model is named that no file declares.

    Features, targets, defaults and experiments name models by their slug; `banned_models` takes logical slugs
    too. Each of these names must be declared under `models`.

    Why: a route to a model nobody declares cannot be called, and a fallback that is missing is noticed on the
    day it is needed. A ban with a slip in it bans nothing.

    Fix: correct the name, declare the model, or remove what names it. Where a logical slug stands and a model is
    wanted, name one of its hosts.
    """
    known = names(declared, "models")
    if known is None:
        return
    guess = Guess(known, "declare it under `models:`")
    for where, name, span in naming(declared, lambda name: name not in known):
        yield error("RC207", f"{where} names the unknown model `{name}`", span, _help(declared, guess, name))
    if declared.is_whole("models"):
        yield from _bans(declared, known)


def _bans(declared: Declared, known: Collection[str]) -> Iterator[Diagnostic]:
    """Report each ban of a name that is neither a model nor a logical model; `known` are the models."""
    logical = declared.logical_models
    guess = Guess([*known, *logical], "declare it under `models:`, or remove it")
    for where, name, span in banning(declared, lambda name: name not in known and name not in logical):
        yield error(
            "RC207", f"{where} names `{name}`, which is neither a model nor a logical model", span, guess.help(name)
        )


def _help(declared: Declared, guess: Guess, name: str) -> str:
    """Return the remedy for a name that is no model: what else it names, else the guess."""
    hosts = declared.logical_models.get(name)
    if hosts is not None:
        return f"`{name}` is a logical model; name one of its hosts: {listed([host.slug for host in hosts])}"
    if name in declared.targets:
        return f"`{name}` is a target; name one model here"
    return guess.help(name)
