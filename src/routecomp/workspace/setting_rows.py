"""Make the rows of settings that a change sets otherwise: those that guard keys and databases are security."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import NamedTuple

from routecomp.model.guards import Guards
from routecomp.model.key_names import is_key_name
from routecomp.model.project import Declared
from routecomp.parse import parse
from routecomp.parse.tree import Mapping
from routecomp.review.diff.difference import Row, Severity
from routecomp.source.text import Span
from routecomp.workspace.setting_place import place_in_toml
from routecomp.workspace.settings import TOML, YAML, Settings

_GUARDS = ("key_names", "released", "requires_routecomp", "tenants_table", "base_branch", "guards")
"""Settings that guard something: which keys are sent, what counts as a credential, who may write, whose rows go with
a tenant, what a change is judged against, and what it is held to."""


class SettingsSide(NamedTuple):
    """The settings of one side of a change, and the two files they may stand in; `prefix` goes before their paths."""

    settings: Settings
    yaml: bytes | None = None
    toml: bytes | None = None
    prefix: str = ""


def setting_rows(before: SettingsSide, after: SettingsSide, declared: Declared) -> Iterator[Row]:
    """Yield a row for each setting that differs; `declared` is what the project declares after the change."""
    for field in fields(Settings):
        old, new = (getattr(side.settings, field.name) for side in (before, after))
        if old == new:
            continue
        name = "secrets.released" if field.name == "released" else field.name
        yield Row(
            "setting",
            name,
            "value",
            _text(old),
            _text(new),
            Severity.COSMETIC,
            _newly_allowed(old, declared) if field.name == "key_names" else "",
            _span(before, name),
            _span(after, name),
            field.name in _GUARDS,
        )


def _newly_allowed(patterns: Collection[str], declared: Declared) -> str:
    """Say which variables in use the patterns before the change did not allow; empty where they allowed all."""
    names = {entry.body.api_key_env for entry in declared.providers.values()}
    names |= {entry.body.api_key_env for entry in declared.models.values()}
    names |= {
        version.api_key_env
        for experiment in declared.experiments.values()
        for variant in experiment.body.variants.values()
        for version in variant.versions
    }
    new = sorted(name for name in names if name is not None and not is_key_name(name, patterns))
    return f"in use, and not allowed before: {', '.join(new)}" if new else ""


def _text(value: object) -> str | None:
    """Write the value of a setting; None where it has none."""
    if isinstance(value, tuple) and len(value) == 2 and "." in value[0]:  # a table and its column
        return f"{value[0]}({value[1]})"
    if isinstance(value, Guards):
        only = [f"only {word}" for word in value.only]
        return ", ".join([*only, *(f.name for f in fields(Guards) if getattr(value, f.name) is True)]) or "none"
    if isinstance(value, Collection) and not isinstance(value, str):
        return ", ".join(sorted(value) if isinstance(value, frozenset) else value) or "none"
    return None if value is None else str(value)


def _span(side: SettingsSide, name: str) -> Span | None:
    """Return the place of a setting in its file; None where it is not written."""
    keys = name.split(".")
    if side.yaml is not None:
        root = parse(side.prefix + YAML, side.yaml).root
        key = root.key(keys[0]) if isinstance(root, Mapping) else None
        return None if key is None else key.span
    return None if side.toml is None else place_in_toml(side.prefix + TOML, side.toml, keys)
