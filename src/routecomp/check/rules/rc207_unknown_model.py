"""RC207 unknown-model: every model that is named is declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.check.lookup import Guess, listed, names, policies, policy_title
from routecomp.check.registry import rule
from routecomp.diagnostics.diagnostic import Diagnostic, error
from routecomp.model.program import Declared, Entry
from routecomp.source import Span


@rule("RC207", "unknown-model")
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
    for where, name, span in _named(declared, known):
        yield error("RC207", f"{where} names the unknown model `{name}`", span, _help(declared, guess, name))
    if declared.is_whole("models"):
        yield from _bans(declared, known)


def _named(declared: Declared, known: Any) -> Iterator[tuple[str, str, Span]]:
    for entry in declared.features.values():
        for name in entry.body.models:
            if name not in known:
                yield entry.title, name, entry.key_span("models", name)
        for at, name in enumerate(entry.body.fallback):
            if name not in known:
                yield f"`fallback` of {entry.title}", name, entry.span("fallback", at)
    for target in declared.targets.values():
        for at, name in enumerate(target.body.candidates.models or ()):
            if name not in known:
                yield f"`candidates` of {target.title}", name, target.span("candidates", "models", at)
    for experiment in declared.experiments.values():
        for id, variant in experiment.body.variants.items():
            for at, version in enumerate(variant.versions):
                if version.model not in known:
                    yield (f"variant `{id}` of {experiment.title}", version.model,
                           experiment.span("variants", id, "versions", at, "model"))
    defaults = declared.defaults
    if defaults is not None:
        for feature, name in defaults.body.routes.items():
            if name not in known:
                yield f"the config route of feature `{feature}`", name, defaults.span("routes", feature)
        if defaults.body.model not in known:
            yield "`defaults`", defaults.body.model, defaults.span("model")


def _bans(declared: Declared, known: Any) -> Iterator[Diagnostic]:
    logical = declared.logical_models
    guess = Guess([*known, *logical], "declare it under `models:`, or remove it")
    entry: Entry[Any]
    for entry, fields, path in policies(declared):
        for at, name in enumerate(fields.banned_models or ()):
            if name not in known and name not in logical:
                yield error("RC207", f"`banned_models` of {policy_title(entry, path)} names `{name}`, which is "
                                     "neither a model nor a logical model", entry.span(*path, "banned_models", at),
                            guess.help(name))


def _help(declared: Declared, guess: Guess, name: str) -> str:
    hosts = declared.logical_models.get(name)
    if hosts is not None:
        return f"`{name}` is a logical model; name one of its hosts: {listed([host.slug for host in hosts])}"
    if name in declared.targets:
        return f"`{name}` is a target; name one model here"
    return guess.help(name)
