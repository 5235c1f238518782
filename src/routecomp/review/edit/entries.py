"""Look up the feature, experiment or tenant that a command names, or refuse with a suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from routecomp.model.experiment import Experiment
from routecomp.model.policy import Tenant
from routecomp.model.project import Declared, Entry
from routecomp.model.route import Feature
from routecomp.model.suggest import suggestion
from routecomp.parse.edit import RefusedError

B = TypeVar("B")


def feature_entry(declared: Declared, name: str) -> Entry[Feature]:
    """Return the feature of a name; raise `RefusedError` where it is not declared or cannot be read."""
    return _entry(declared, "features", "feature", declared.features, name, "see `routecomp show features`")


def experiment_entry(declared: Declared, name: str) -> Entry[Experiment]:
    """Return the experiment of a name; raise `RefusedError` where it is not declared or cannot be read."""
    return _entry(declared, "experiments", "experiment", declared.experiments, name, "see `routecomp show experiments`")


def tenant_entry(declared: Declared, name: str) -> Entry[Tenant]:
    """Return the tenant of a name; raise `RefusedError` where it is not declared or cannot be read."""
    help = "see `routecomp show tenants`; a new one is a few lines in a file of policies/"
    return _entry(declared, "tenants", "tenant", declared.tenants, name, help)


def _entry(
    declared: Declared, section: str, kind: str, entries: Mapping[str, Entry[B]], name: str, help: str
) -> Entry[B]:
    """Return the entry of a name; raise `RefusedError` where it is not declared or cannot be read.

    `help` is the remedy where no declared name is close to it.
    """
    entry = entries.get(name)
    if entry is not None:
        return entry
    if declared.is_declared(section, name):
        raise RefusedError(f"{kind} `{name}` cannot be read", "run `routecomp check`, and repair what it finds")
    raise RefusedError(f"there is no {kind} `{name}`", suggestion(name, entries, help))
