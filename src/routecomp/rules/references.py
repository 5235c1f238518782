"""Find every place in a project that names a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from routecomp.model.project import Declared
from routecomp.model.suggest import typo_of
from routecomp.rules.lookup import policies, policy_title
from routecomp.source.text import Span

Named = Iterator[tuple[str, str, Span]]
"""Who names a model, which one, and where."""


def naming(declared: Declared, wanted: Callable[[str], bool]) -> Named:
    """Yield every place that names a model in order to use it, for the names that are `wanted`.

    A place is words for a message, the name and its span. The name need not be declared; bans are in `banning`.
    """
    for entry in declared.models.values():
        successor = entry.body.successor
        if successor is not None and wanted(successor):
            yield f"`successor` of {entry.title}", successor, entry.span("successor")
    for feature in declared.features.values():
        for model in feature.body.models:
            if wanted(model):
                yield feature.title, model, feature.key_span("models", model)
        for position, model in enumerate(feature.body.fallback):
            if wanted(model):
                yield f"`fallback` of {feature.title}", model, feature.span("fallback", position)
    for target in declared.targets.values():
        for position, model in enumerate(target.body.candidates.models or ()):
            if wanted(model):
                yield f"`candidates` of {target.title}", model, target.span("candidates", "models", position)
    for experiment in declared.experiments.values():
        for id, variant in experiment.body.variants.items():
            for position, version in enumerate(variant.versions):
                if wanted(version.model):
                    span = experiment.span("variants", id, "versions", position, "model")
                    yield f"variant `{id}` of {experiment.title}", version.model, span
    defaults = declared.defaults
    if defaults is not None:
        for name, model in defaults.body.routes.items():
            if wanted(model):
                yield f"the config route of feature `{name}`", model, defaults.span("routes", name)
        if wanted(defaults.body.model):
            yield "`defaults`", defaults.body.model, defaults.span("model")


class Serving(NamedTuple):
    """A place that names a model which serves there: in words that go before `is`, the model, and the span.

    `role` is what the model is there: `primary`, `fallback`, `variant`, `winner`, `route` or `model` (of the defaults);
    `name` is the slug of the feature or experiment.
    """

    where: str
    slug: str
    span: Span
    role: str
    name: str = ""


def serving(declared: Declared, wanted: Callable[[str], bool]) -> Iterator[Serving]:
    """Yield every place that names a model which serves there, for the names that are `wanted`.

    They are primaries, fallbacks, the variants of experiments that are not over, a winner, and the defaults.
    """
    for name, feature in declared.features.items():
        for model, row in feature.body.models.items():
            if row.status == "primary" and wanted(model):
                span = feature.key_span("models", model)
                yield Serving(f"the primary of {feature.title}", model, span, "primary", name)
        for position, model in enumerate(feature.body.fallback):
            if wanted(model):
                span = feature.span("fallback", position)
                yield Serving(f"fallback {position + 1} of {feature.title}", model, span, "fallback", name)
    for name, experiment in declared.experiments.items():
        body = experiment.body
        for id, variant in body.variants.items():
            is_over = body.archived or (body.status == "completed" and id != body.winner)
            if not is_over and variant.versions and wanted(variant.versions[-1].model):
                span = experiment.span("variants", id, "versions", len(variant.versions) - 1, "model")
                where = f"variant `{id}` of {experiment.title}"
                role = "winner" if body.status == "completed" else "variant"
                yield Serving(where, variant.versions[-1].model, span, role, name)
    defaults = declared.defaults
    if defaults is not None:
        for name, model in defaults.body.routes.items():
            if wanted(model):
                span = defaults.span("routes", name)
                yield Serving(f"the config route of feature `{name}`", model, span, "route", name)
        if wanted(defaults.body.model):
            yield Serving("the default model", defaults.body.model, defaults.span("model"), "model")


def banning(declared: Declared, wanted: Callable[[str], bool]) -> Named:
    """Yield every place that bans a model or a logical model, for the names that are `wanted`."""
    for entry, fields, path in policies(declared):
        for position, model in enumerate(fields.banned_models or ()):
            if wanted(model):
                span = entry.span(*path, "banned_models", position)
                yield f"`banned_models` of {policy_title(entry, path)}", model, span


def lacks_models(declared: Declared) -> bool:
    """Return whether a model is named that seems not to be declared at all: one that is no misspelling of another."""
    broken = declared.broken.get("models", frozenset())
    unknown = {name for _, name, _ in naming(declared, lambda name: name not in declared.models and name not in broken)}
    return any(typo_of(name, declared.models) is None for name in unknown)
