"""Two tables in, the hints out that tell them apart: what a caller must send to notice a changed figure.

A window that grew from 8,000 tokens to 16,000 is noticed by a call with more than 8,000 tokens alone. So for each
figure of a model that changed there is a hint between the old value and the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.review.diff.compiled import Side

MOST = 24
"""So many hints are tried: each is one more look at every route that ranks."""

Hints = tuple[tuple[str, object], ...]


def telling_hints(before: Side, after: Side) -> list[Hints]:
    """Hints that a change of the models or providers makes telling, each once."""
    return list(dict.fromkeys(_all(before, after)))


def _all(before: Side, after: Side) -> Iterator[Hints]:
    words: set[str] = set()
    stacks: set[str] = set()
    figures: list[Hints] = []
    for slug in sorted({*before.content["models"], *after.content["models"]}):
        was, now = before.content["models"].get(slug), after.content["models"].get(slug)
        words |= set(_capabilities(was)) ^ set(_capabilities(now))
        stacks |= {_stack(before, was)} ^ {_stack(after, now)}
        if was is not None and now is not None:
            figures += _figures(was, now)
    for word in sorted(words):
        named = {"streaming": ("stream", True), "tools": ("tools", True)}.get(word)
        yield (named if named is not None else ("capabilities", (word,)),)
    for stack in sorted(stacks - {""}):
        yield (("stack", stack),)
    yield from figures


def _capabilities(model: Any) -> list[str]:
    return [] if model is None else model["capabilities"]


def _stack(side: Side, model: Any) -> str:
    return "" if model is None else side.content["providers"][model["provider"]]["stack"]


def _figures(was: Any, now: Any) -> Iterator[Hints]:
    if was["context_window"] != now["context_window"]:
        yield (("input_tokens", max(was["context_window"], now["context_window"])),)
    if was["min_output_tokens"] != now["min_output_tokens"]:
        yield (("max_output_tokens", min(was["min_output_tokens"], now["min_output_tokens"])),)
    if was["latency_ms"] != now["latency_ms"]:
        yield (("latency_budget_ms", min(was["latency_ms"], now["latency_ms"])),)
    if was["quality_bp"] != now["quality_bp"]:
        yield (("min_quality", max(was["quality_bp"], now["quality_bp"]) / 10_000),)
