"""A `Declared` project in, the questions that several rules ask of it answered out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from routecomp.model.numbers import format_padded_decimal
from routecomp.model.policy import BUILT_IN_PRESETS, PolicyFields
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Feature, Model, Target
from routecomp.model.suggest import closest

Path = tuple[str, ...]

_FEW = 12
_MANY = 300
_GUESSES = 20


def names(declared: Declared, section: str) -> Collection[str] | None:
    """The names a section declares, readable bodies or not; None where some of them could not be seen."""
    if section in declared.incomplete:
        return None
    bodies: dict[str, Entry[Any]] = getattr(declared, section)
    broken = declared.broken.get(section)
    return bodies.keys() | broken if broken else bodies.keys()


class Guess:
    """The remedy for a name nobody declares: what was meant, or which names there are."""

    def __init__(self, words: Collection[str], otherwise: str) -> None:
        self._words = words
        self._otherwise = otherwise
        self._known: dict[str, str] = {}

    def help(self, name: str) -> str:
        """The remedy in words. Among many names only the first few unknown ones are compared with all."""
        if name not in self._known:
            look = len(self._words) <= _MANY or len(self._known) < _GUESSES
            near = closest(name, self._words) if look else None
            self._known[name] = f"did you mean `{near}`?" if near is not None else self._list()
        return self._known[name]

    def _list(self) -> str:
        if 0 < len(self._words) <= _FEW:
            return f"{self._otherwise}, or name one of: {', '.join(sorted(self._words))}"
        return self._otherwise


def policies(declared: Declared) -> Iterator[tuple[Entry[Any], PolicyFields, Path]]:
    """Every body that holds policy fields: presets, tenants, the default policy; with its path in the entry."""
    for preset in declared.presets.values():
        yield preset, preset.body, ()
    for tenant in declared.tenants.values():
        yield tenant, tenant.body, ()
    if declared.defaults is not None:
        yield declared.defaults, declared.defaults.body.policy, ("policy",)


def policy_title(entry: Entry[Any], path: Path) -> str:
    """How a message names what `policies` yields."""
    return "the default policy" if path else entry.title


def preset_of(entry: Entry[Any], fields: PolicyFields) -> str:
    """The preset that completes what `policies` yields; of a preset, itself."""
    return str(getattr(fields, "preset", entry.slug))


def objective_of(declared: Declared, fields: PolicyFields, preset: str) -> str | None:
    """The effective objective; None where the preset is unknown or could not be read."""
    if fields.objective is not None:
        return fields.objective
    if preset in declared.presets:
        own = declared.presets[preset].body.objective
        if own is not None:
            return own
    elif preset in declared.broken.get("presets", ()) or "presets" in declared.incomplete:
        return None
    built_in = BUILT_IN_PRESETS.get(preset)
    return None if built_in is None else built_in.objective


def primaries(feature: Feature) -> list[str]:
    """The models a feature calls primary, in declared order."""
    return [model for model, row in feature.models.items() if row.status == "primary"]


def ranks(declared: Declared, target: Target, slug: str, model: Model) -> bool:
    """Whether a target ranks a model: active, listed, and chosen by the selector."""
    if not (model.active and model.listed):
        return False
    chosen = target.candidates
    if chosen.models is not None:
        return slug in chosen.models
    if chosen.stacks is not None:
        provider = declared.providers.get(model.provider)
        return provider is not None and provider.body.stack in chosen.stacks
    return chosen.logical is None or model.logical_slug == chosen.logical


def share(basis_points: int) -> str:
    """A share of 1 as people write it: at least two decimals, up to four."""
    return format_padded_decimal(basis_points, 4)


def listed(words: Collection[str]) -> str:
    """Names in a message: `a`, `b`, and how many more there are."""
    some = [f"`{word}`" for word in sorted(words)[:_FEW]]
    more = len(words) - len(some)
    return ", ".join(some) + (f" and {more} more" if more else "")
