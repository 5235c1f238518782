"""A `Declared` project in, every place that names a model out."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from routecomp.check.lookup import policies, policy_title
from routecomp.model.program import Declared
from routecomp.source import Span


def naming(declared: Declared, models: Collection[str]) -> Iterator[tuple[str, str, Span]]:
    """Who names one of these models, which one, and where; bans included."""
    for feature in declared.features.values():
        for model in feature.body.models:
            if model in models:
                yield feature.title, model, feature.key_span("models", model)
        for at, model in enumerate(feature.body.fallback):
            if model in models:
                yield f"`fallback` of {feature.title}", model, feature.span("fallback", at)
    for target in declared.targets.values():
        for at, model in enumerate(target.body.candidates.models or ()):
            if model in models:
                yield f"`candidates` of {target.title}", model, target.span("candidates", "models", at)
    for experiment in declared.experiments.values():
        for id, variant in experiment.body.variants.items():
            for at, version in enumerate(variant.versions):
                if version.model in models:
                    yield (
                        f"variant `{id}` of {experiment.title}",
                        version.model,
                        experiment.span("variants", id, "versions", at, "model"),
                    )
    defaults = declared.defaults
    if defaults is not None:
        for name, model in defaults.body.routes.items():
            if model in models:
                yield f"the config route of feature `{name}`", model, defaults.span("routes", name)
        if defaults.body.model in models:
            yield "`defaults`", defaults.body.model, defaults.span("model")
    for entry, fields, path in policies(declared):
        for at, model in enumerate(fields.banned_models or ()):
            if model in models:
                yield (
                    f"`banned_models` of {policy_title(entry, path)}",
                    model,
                    entry.span(*path, "banned_models", at),
                )
