"""Say what a model has where a filter asks for more."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from routecomp.explain.request import count, texts
from routecomp.explain.values import dollars, names, place_of, share
from routecomp.model.numbers import ONE
from routecomp.model.policy import EffectivePolicy
from routecomp.model.project import Program


def shortfall(
    program: Program, policy: EffectivePolicy, request: Mapping[str, Any], filter: str, slug: str
) -> tuple[str, str | None]:
    """Return what a model has of what the filter that drops it asks for, in words, and the place that declares it.

    Both say nothing of a model that no file declares, which is a last resort.
    """
    entry = program.models.get(slug)
    if entry is None:
        return "", None
    model, unavailable = entry.body, texts(request.get("unavailable"))
    if filter == "unknown_tenant":
        return "the tenant is not declared", None
    if filter in ("active", "listed"):
        return f"{filter} is false", place_of(entry, filter)
    if filter == "bans":
        if model.provider in policy.banned_providers:
            return f"provider `{model.provider}` is banned", place_of(entry, "provider")
        if slug in policy.banned_models:
            return "it is banned", place_of(entry)
        return f"logical model `{model.logical_slug}` is banned", place_of(entry, "logical_slug")
    if filter == "stacks":
        provider = program.providers[model.provider]
        return f"stack {provider.body.stack}", place_of(provider, "stack")
    if filter == "compliance":
        return share(model.compliance), place_of(entry, "compliance") or "default"
    if filter == "available":
        return ("it" if slug in unavailable else f"provider `{model.provider}`") + " is unavailable", None
    if filter == "capabilities":
        lacks = [word for word in needed_capabilities(request) if word not in model.capabilities]
        return f"lacks {names(lacks)}", place_of(entry, "capabilities") or place_of(entry)
    if filter == "context":
        return f"{model.context_window} tokens", place_of(entry, "context_window")
    if filter == "output_ceiling":
        return f"answers with {model.max_output_tokens} at most", place_of(entry, "max_output_tokens")
    if filter == "reasoning_floor":
        return f"needs {model.min_output_tokens}", place_of(entry, "min_output_tokens")
    if filter == "quality":
        return share(model.quality), place_of(entry, "quality")
    tokens = count(request.get("input_tokens")) or 0
    ceilings = (count(request.get("max_output_tokens")), model.max_output_tokens)
    expected = Fraction(tokens * model.output_ratio, ONE)
    answer = min([expected, *(Fraction(most) for most in ceilings if most is not None)])
    cost = ceil(tokens * model.price.input + answer * model.price.output)
    return f"{dollars(cost, 12)} dollars", place_of(entry, "price", "input")


def needed_capabilities(request: Mapping[str, Any]) -> list[str]:
    """Return the capabilities that a request needs: those it names, and those of `stream` and `tools`."""
    switches = [word for word, key in (("streaming", "stream"), ("tools", "tools")) if request.get(key) is True]
    return switches + texts(request.get("capabilities"))
