"""Let routecomp choose the model of each call of a LiteLLM proxy; LiteLLM makes the call.

    litellm_settings:
      callbacks: routecomp_litellm.hook

`hook` is made of the environment when the proxy asks for it: see `RoutecompHook.from_environment`.
"""

from __future__ import annotations

from typing import Any

from routecomp_litellm.callback import RoutecompHook
from routecomp_litellm.policy import Rejected

__all__ = ["Rejected", "RoutecompHook", "hook"]


def __getattr__(name: str) -> Any:
    """Make `hook` when it is first asked for."""
    if name != "hook":
        raise AttributeError(name)
    made = globals()["hook"] = RoutecompHook.from_environment()
    return made
