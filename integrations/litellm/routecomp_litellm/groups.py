"""Know the groups that LiteLLM can call, and which of them it takes a name for."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Any

from routecomp_litellm.names import HIDDEN

_ADDRESS = (
    "model",
    "custom_llm_provider",
    "api_base",
    "base_url",
    "aws_region_name",
    "vertex_location",
    "vertex_project",
)


class Groups:
    """The groups of a Router of LiteLLM or, without one, a list of their names; with neither each name is one."""

    def __init__(self, router: Any = None, names: Collection[str] | None = None) -> None:
        self._router = router
        self._given = names

    @cached_property
    def _registry(self) -> Any:
        """What later versions of LiteLLM are to be asked by; None in earlier ones."""
        make = getattr(self._router, "registry", None)
        return None if make is None else make()

    @cached_property
    def _names(self) -> Collection[str] | None:
        if self._given is not None or self._router is None:
            return self._given
        return {*self._router.model_names} if self._registry is None else self._registry.names(kind="group_set")

    def of(self, slug: str) -> str | None:
        """Return the name of the group that calls a model; None where LiteLLM has none."""
        if self._names is None or slug in self._names:
            return slug
        return HIDDEN + slug if HIDDEN + slug in self._names else None

    def behind(self, name: str) -> list[str]:
        """Return the groups that LiteLLM calls under a name that is not their own.

        That is a group's alias, the id of one of its deployments, a team's name of it, and the provider's name.
        """
        if self._router is None:
            return []
        alias = (self._aliases() or {}).get(name)
        if alias is not None:
            return [alias["model"] if isinstance(alias, dict) else str(alias)]
        if self._names is not None and name in self._names:
            return []
        return [deployment["model_name"] for deployment in self._deployments() if name in _names_of(deployment)]

    def alike(self, deployment: Any) -> list[str]:
        """Return the groups that have a deployment at the same address as this one."""
        address = _address(deployment)
        if self._router is None or address is None:
            return []
        return [other["model_name"] for other in self._deployments() if _address(other) == address]

    def has_one_address(self, name: str) -> bool:
        """Whether all deployments of a group call the same model at the same address; without a Router, yes."""
        own = [deployment for deployment in self._deployments() if deployment["model_name"] == name]
        return len({_address(deployment) for deployment in own}) <= 1

    def _aliases(self) -> Any:
        return self._router.model_group_alias if self._registry is None else self._registry.aliases()

    def _deployments(self) -> Any:
        if self._router is None:
            return ()
        return (self._router.model_list if self._registry is None else self._registry.all()) or ()


def _names_of(deployment: Any) -> tuple[Any, ...]:
    """Return the names beside its group's by which a deployment is called."""
    info = deployment.get("model_info") or {}
    return info.get("id"), info.get("team_public_model_name"), deployment["litellm_params"].get("model")


def _address(deployment: Any) -> tuple[Any, ...] | None:
    """Return what a deployment calls, and where."""
    params = deployment.get("litellm_params") or {}
    base = params.get("base_url") or params.get("api_base")  # as LiteLLM reads them
    return (base, *[params.get(key) for key in _ADDRESS]) if params.get("model") else None
