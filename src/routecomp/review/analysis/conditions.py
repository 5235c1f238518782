"""Put the bounds of a region into words: what every request in it gives, or does not give."""

from __future__ import annotations

from collections.abc import Sequence

from routecomp.model.numbers import ONE
from routecomp.review.analysis.axes import Filters
from routecomp.review.analysis.cost_axis import CostAxis
from routecomp.review.analysis.side import UNDECLARED
from routecomp.review.analysis.space import Atom


def joined_spans(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    """Return the bounds of two regions together; one without bounds has none together with any other."""
    if not first or not second:
        return ()
    return tuple([a | b for a, b in zip(first, second, strict=True)])


def conditions(filters: Filters, spans: tuple[int, ...]) -> list[str]:
    """Return what holds for every request of a region, in words; nothing where it is bound by nothing.

    They bound the region: not every request within them belongs to it.
    """
    if not spans:
        return []
    axes: list[tuple[str, Sequence[Atom]]] = [(filter_.name, filter_.atoms) for filter_ in filters.plain]
    axes += [("output", filters.output.atoms), ("total", filters.total.atoms), ("floor", filters.floors)]
    if filters.space.cost:
        axes.append(("cost", CostAxis.atoms))
    axes.append(("budget", filters.budgets))
    words = []
    for (name, atoms), span in zip(axes, spans, strict=True):
        met = [atom for number, atom in enumerate(atoms) if span >> number & 1]
        if len(met) < len(atoms):
            words.append(_words(name, met, atoms))
    return [text for text in words if text]


def _words(name: str, met: Sequence[Atom], atoms: Sequence[Atom]) -> str:
    """Return the condition of one argument, of which a region has some atoms and not all."""
    given = [atom for atom in met if atom.is_given]
    is_optional = len(given) < len(met)
    match name:
        case "stack":
            return _one_of("stack", [atom.word or "" for atom in given], is_optional=is_optional)
        case "unavailable":
            return _one_of("unavailable", [atom.word or "" for atom in given], is_optional=is_optional)
        case "capability" | "streaming":
            word = next(atom.word for atom in atoms if atom.word is not None)
            if word == UNDECLARED:
                return "asks for a capability that no model has" if given else ""
            return f"asks for `{word}`" if given else f"does not ask for `{word}`"
        case "cost":
            return "a `max_cost_usd`" if given else "no `max_cost_usd`"
        case "output":
            return _range("max_output_tokens", given, atoms, is_optional=is_optional)
        case "total":
            return _range("tokens in and out", given, atoms, is_optional=is_optional)
        case "budget":
            return _range("latency budget in ms", given, atoms, is_optional=is_optional)
        case _:
            return _floor(given, atoms, is_optional=is_optional)


def _one_of(argument: str, names: Sequence[str], *, is_optional: bool) -> str:
    """Return which words an argument has; many of them are counted."""
    if not names:
        return f"no `{argument}`"
    shown = ["one that nobody declares" if name == UNDECLARED else f"`{name}`" for name in names]
    listed = " or ".join(shown) if len(shown) <= 3 else f"one of {len(shown)} words ({shown[0]}, {shown[1]}, …)"
    return f"{argument} {listed}" + (", or none" if is_optional else "")


def _range(what: str, given: Sequence[Atom], atoms: Sequence[Atom], *, is_optional: bool) -> str:
    """Return between which numbers an argument lies."""
    if not given:
        return f"no {what}"
    low = min(atom.low for atom in given if atom.low is not None)
    high = max(atom.high for atom in given if atom.high is not None)
    least = min(atom.low for atom in atoms if atom.low is not None)
    most = max(atom.high for atom in atoms if atom.high is not None)
    none = ", or none" if is_optional else ""
    if low == least and high == most:
        return "" if is_optional else f"some {what}"
    if low == least:
        return f"{what} at most {high:,}{none}"
    if high == most:
        return f"{what} at least {low:,}{none}"
    return f"{what} {low:,} to {high:,}{none}"


def _floor(given: Sequence[Atom], atoms: Sequence[Atom], *, is_optional: bool) -> str:
    """Return which preferences and which `min_quality` a region has."""
    parts = []
    if is_optional:
        parts.append("neither preference nor min_quality")
    if words := [f"`{atom.word}`" for atom in given if atom.word is not None]:
        parts.append("preference " + " or ".join(words))
    numbers = [atom for atom in given if atom.low is not None]
    if numbers:
        low = min(atom.low for atom in numbers if atom.low is not None)
        high = max(atom.high for atom in numbers if atom.high is not None)
        parts.append(f"min_quality {_share(low)} to {_share(high)}")
    return "; or ".join(parts)


def _share(bp: int) -> str:
    """Write basis points as a share of 1."""
    held_within = min(max(bp, 0), ONE)
    return f"{held_within / ONE:.4f}".rstrip("0").rstrip(".") or "0"
