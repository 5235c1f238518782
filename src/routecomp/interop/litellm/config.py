"""Represent what LiteLLM reads from its files: deployments, settings, and every field with its place."""

from __future__ import annotations

from dataclasses import dataclass

from routecomp.interop.value import Kind, Value
from routecomp.source.text import SourceFile

SECTIONS = ("router_settings", "litellm_settings", "general_settings", "environment_variables")
"""The sections that are mappings and that routing reads."""


@dataclass(frozen=True, slots=True, eq=False)
class Deployment:
    """One entry of `model_list`: a model that a group of this name may be served by.

    `group` is the `model_name` and `model` the `litellm_params.model`; empty texts where these are missing or no text.
    """

    value: Value
    group: str
    model: str

    @property
    def params(self) -> Value | None:
        """The mapping `litellm_params`, or None."""
        return _mapping(self.value.get("litellm_params"))

    @property
    def info(self) -> Value | None:
        """The mapping `model_info`, or None."""
        return _mapping(self.value.get("model_info"))

    def param(self, *keys: str) -> Value | None:
        """Return a value below `litellm_params`, or None."""
        return self.value.get("litellm_params", *keys)


@dataclass(frozen=True, slots=True, eq=False)
class LiteLLMConfig:
    """The files of one LiteLLM, merged as it merges them.

    `root` holds every field of all files, by path. `deployments` are the mappings of `model_list`; the settings are
    mappings, empty ones where a file has none. `overridden` are values that LiteLLM never sees: a later key of the
    same name, or an included file, replaced them; they are fields of the files all the same.
    """

    files: tuple[SourceFile, ...]
    root: Value
    deployments: tuple[Deployment, ...]
    router_settings: Value
    litellm_settings: Value
    general_settings: Value
    environment_variables: Value
    overridden: tuple[Value, ...]

    def environment(self, name: str) -> Value | None:
        """Return what the files themselves state for an environment variable, or None."""
        return self.environment_variables.fields.get(name)

    def groups(self) -> dict[str, tuple[Deployment, ...]]:
        """Return the deployments by the name of their group, in the order of the file."""
        by_name: dict[str, list[Deployment]] = {}
        for deployment in self.deployments:
            if deployment.group:
                by_name.setdefault(deployment.group, []).append(deployment)
        return {name: tuple(members) for name, members in by_name.items()}


def make_config(files: tuple[SourceFile, ...], root: Value, overridden: tuple[Value, ...]) -> LiteLLMConfig:
    """Return the configuration that a merged file states."""
    listed = root.get("model_list")
    entries = listed.items if listed is not None else ()
    deployments = tuple(
        Deployment(entry, _text(entry.get("model_name")), _text(entry.get("litellm_params", "model")))
        for entry in entries
        if entry.kind is Kind.MAPPING
    )
    router, module, general, environment = (
        _mapping(root.get(name)) or Value((name,), Kind.MAPPING, root.span) for name in SECTIONS
    )
    return LiteLLMConfig(files, root, deployments, router, module, general, environment, overridden)


def _mapping(value: Value | None) -> Value | None:
    """Return the value if it is a mapping."""
    return value if value is not None and value.kind is Kind.MAPPING else None


def _text(value: Value | None) -> str:
    """Return the text of a scalar that may be a name; an empty one for others."""
    is_name = value is not None and value.kind not in (Kind.NULL, Kind.MAPPING, Kind.LIST, Kind.CREDENTIAL)
    return value.text if value is not None and is_name else ""
