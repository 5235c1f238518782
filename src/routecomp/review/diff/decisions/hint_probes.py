"""List hints that show a changed figure of a model.

A context window that grew from 8,000 tokens to 16,000 changes only calls with more than 8,000 tokens. So for each
figure of a model that changed there is a hint with a value between the old figure and the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.review.diff.decisions.compiled_side import CompiledSide

MAX_HINTS = 24
"""The most hints that are tried: each costs one more request on every ranked route."""

Hints = tuple[tuple[str, object], ...]
"""Further arguments of a request, as (name, value)."""


def hint_probes(before: CompiledSide, after: CompiledSide) -> list[Hints]:
    """Return hints under which a change of a model or provider can change a decision, each once.

    There may be more of them than `MAX_HINTS`.
    """
    return list(dict.fromkeys(_probes(before, after)))


def _probes(before: CompiledSide, after: CompiledSide) -> Iterator[Hints]:
    capabilities: set[str] = set()
    stacks: set[str] = set()
    figures: list[Hints] = []
    for slug in sorted({*before.content["models"], *after.content["models"]}):
        old, new = before.content["models"].get(slug), after.content["models"].get(slug)
        capabilities |= set(_capabilities(old)) ^ set(_capabilities(new))
        stacks |= {_stack(before, old)} ^ {_stack(after, new)}
        if old is not None and new is not None:
            figures += _figure_probes(old, new)
    for capability in sorted(capabilities):
        argument = {"streaming": ("stream", True), "tools": ("tools", True)}.get(capability)
        yield (argument if argument is not None else ("capabilities", (capability,)),)
    for stack in sorted(stacks - {""}):
        yield (("stack", stack),)
    yield from figures


def _capabilities(model: Any) -> list[str]:
    """Return the capabilities of a model; none for no model."""
    return [] if model is None else model["capabilities"]


def _stack(side: CompiledSide, model: Any) -> str:
    """Return the stack of a model's provider; empty for no model."""
    return "" if model is None else side.content["providers"][model["provider"]]["stack"]


def _figure_probes(old: Any, new: Any) -> Iterator[Hints]:
    """Yield a hint for each limit of a model that differs, with a value that only one side of it meets.

    `old` and `new` are its entries in the tables. Limits are the context window, the least output tokens, the latency
    and the quality; prices have no hint.
    """
    if old["context_window"] != new["context_window"]:
        yield (("input_tokens", max(old["context_window"], new["context_window"])),)
    if old["min_output_tokens"] != new["min_output_tokens"]:
        yield (("max_output_tokens", min(old["min_output_tokens"], new["min_output_tokens"])),)
    if old["latency_ms"] != new["latency_ms"]:
        yield (("latency_budget_ms", min(old["latency_ms"], new["latency_ms"])),)
    if old["quality_bp"] != new["quality_bp"]:
        yield (("min_quality", max(old["quality_bp"], new["quality_bp"]) / 10_000),)
