"""Answer the questions that several rules ask of a declared project, and format what their messages share."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from routecomp.model.numbers import format_padded_decimal
from routecomp.model.policy import BUILT_IN_PRESETS, PolicyFields
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Feature, Model, Target
from routecomp.model.suggest import closest
from routecomp.parse.scalars import SLUG

Path = tuple[str, ...]

_FEW = 12
_MANY = 300
_GUESSES = 20


def names(declared: Declared, section: str) -> Collection[str] | None:
    """Return the names that a section declares, readable or not; None if a file may hide some (see `incomplete`)."""
    if section in declared.incomplete:
        return None
    bodies: dict[str, Entry[Any]] = getattr(declared, section)
    broken = declared.broken.get(section)
    return bodies.keys() | broken if broken else bodies.keys()


def hides_logical(declared: Declared, name: str) -> bool:
    """Return whether a model that could not be read has, or may have, a logical slug."""
    return declared.hidden_logical is None or name in declared.hidden_logical


def renamed(declared: Declared, section: str) -> dict[str, str]:
    """Return the former name of each body of a section that has one (`was`), with its name of today."""
    bodies: dict[str, Entry[Any]] = getattr(declared, section)
    return {entry.body.was: slug for slug, entry in bodies.items() if entry.body.was}


class Guess:
    """The remedy for a name that is not declared: the name that was meant, or a list of the declared ones.

    `renamed` are names of before, each with that of today: no other name is meant.
    """

    def __init__(self, words: Collection[str], otherwise: str, renamed: Mapping[str, str] | None = None) -> None:
        self._renamed = renamed or {}
        self._words = [word for word in words if SLUG.fullmatch(word)]  # none that is refused where it is declared
        self._otherwise = otherwise
        self._known: dict[str, str] = {}

    def help(self, name: str) -> str:
        """Return the remedy in words. Among many names, only the first few unknown ones are compared with all."""
        if name in self._renamed:
            return f"`{name}` was renamed: write `{self._renamed[name]}`"
        if name not in self._known:
            look = len(self._words) <= _MANY or len(self._known) < _GUESSES
            near = closest(name, self._words) if look else None
            self._known[name] = f"did you mean `{near}`?" if near is not None else self._list()
        return self._known[name]

    def _list(self) -> str:
        """Return the general remedy, with the declared names if they are few."""
        if 0 < len(self._words) <= _FEW:
            return f"{self._otherwise}, or name one of: {', '.join(sorted(self._words))}"
        return self._otherwise


def policies(declared: Declared) -> Iterator[tuple[Entry[Any], PolicyFields, Path]]:
    """Yield every entry with policy fields, those fields, and their path in the entry.

    Presets and tenants have the path (), the default policy of `defaults` has ("policy",).
    """
    for preset in declared.presets.values():
        yield preset, preset.body, ()
    for tenant in declared.tenants.values():
        yield tenant, tenant.body, ()
    if declared.defaults is not None:
        yield declared.defaults, declared.defaults.body.policy, ("policy",)


def policy_title(entry: Entry[Any], path: Path) -> str:
    """Return how a message names a policy that `policies` yields: `the default policy`, or the entry's title."""
    return "the default policy" if path else entry.title


def preset_of(entry: Entry[Any], fields: PolicyFields) -> str:
    """Return the name of the preset that completes a policy that `policies` yields; a preset completes itself."""
    return str(getattr(fields, "preset", entry.slug))


def objective_of(declared: Declared, fields: PolicyFields, preset: str) -> str | None:
    """Return the effective objective of a policy; None if its preset is unknown or could not be read."""
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
    """Return the models that a feature calls primary, in declared order; a feature without faults has one."""
    return [model for model, row in feature.models.items() if row.status == "primary"]


def sole_primary(feature: Feature) -> list[str]:
    """Return the primary of a feature, as a list; none where it has several, and who serves is not decided."""
    models = primaries(feature)
    return models if len(models) == 1 else []


def ranks(declared: Declared, target: Target, slug: str, model: Model) -> bool:
    """Return whether a target ranks a model: it is active and listed, and the selector chooses it.

    A selector of stacks does not choose a model whose provider is not declared.
    """
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
    """Format basis points as a share of 1, with two to four decimals: 8600 is `0.86`."""
    return format_padded_decimal(basis_points, 4)


def listed(words: Collection[str]) -> str:
    """List names for a message: the first dozen in order, and how many more there are; empty without names."""
    shown = [f"`{word}`" for word in sorted(words)[:_FEW]]
    more = len(words) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
