"""Name what can be closed: a model as it is called with one key, a provider with one key, or a key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from routecomp.runtime.resolver import Endpoint, Facts


class Scope(NamedTuple):
    """What a closure is about; `key` is the environment variable of the key, None where none is sent."""

    kind: Literal["model", "provider", "key"]
    name: str
    """The slug of the model or of the provider; the variable again of a key."""
    key: str | None


def scopes_of(endpoint: Endpoint) -> tuple[Scope, ...]:
    """Return the scopes that bar a call of an endpoint where one of them is closed, its model first."""
    model, key = Scope("model", endpoint.model, endpoint.api_key_env), endpoint.api_key_env
    provider = Scope("provider", endpoint.provider, key)
    return (model, provider) if key is None else (model, provider, Scope("key", key, key))


def models_of(scopes: Iterable[Scope], facts: Facts) -> frozenset[str]:
    """Return the models that the table would call within one of the scopes.

    A key that only a version of an experiment has is no model's own: what is closed with it bars those calls alone.
    """
    models: set[str] = set()
    called: dict[str | None, tuple[str, ...]] = {}
    for scope in scopes:
        if scope.key not in called:
            called[scope.key] = facts.called_with(scope.key)
        if scope.kind == "key":
            models.update(called[scope.key])
        elif scope.kind == "provider":
            models.update(slug for slug in called[scope.key] if _provider(facts, slug) == scope.name)
        elif scope.name in called[scope.key] or facts.model(scope.name) is None:  # a last resort stands in no table
            models.add(scope.name)
    return frozenset(models)


def _provider(facts: Facts, slug: str) -> str | None:
    model = facts.model(slug)
    return None if model is None else model.provider
