"""List hints that show a changed figure of a model.

A context window that grew from 8,000 tokens to 16,000 changes only calls with more than 8,000 tokens. So for each
figure of a model that changed there is a hint with a value between the old figure and the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from routecomp.model.figure import Bound, Unit
from routecomp.model.figures import MODEL
from routecomp.model.numbers import ONE
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
    """Yield a hint for each bound of a model that differs, with a value that only one side of it meets.

    `old` and `new` are its entries in the tables. Prices bound no single argument, so they have no hint.
    """
    for figure in MODEL:
        if figure.key is None or figure.bound is None:
            continue
        values = (old.get(figure.key, figure.default), new.get(figure.key, figure.default))
        if values[0] != values[1]:
            yield ((figure.bound.argument, _between(figure.bound, figure.unit, values)),)


def _between(bound: Bound, unit: Unit, values: tuple[int | None, int | None]) -> float:
    """Return a value of an argument that is within one of two different bounds, in the argument's unit."""
    known = [value for value in values if value is not None]  # null bounds nothing
    if bound.relation == "at most":
        value = max(known) if len(known) == 2 else known[0] + 1
    else:
        value = min(known) if len(known) == 2 else known[0] - 1
    return value / ONE if unit == "share" else value
